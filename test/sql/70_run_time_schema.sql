-- Schemas and resource types that are added while the service runs (RFC 7643 sections 2, 6 and 7).
\a \t
\set VERBOSITY sqlstate
SELECT FROM scim_create_directory('acme') a, scim_create_directory('other') o, scim_create_directory('exact', 'strict') e;

-- A definition with one attribute; the URN is in :urn.
\set urn urn:example:params:scim:schemas:extension:lab:2.0:User
CREATE FUNCTION pg_temp.schema(urn text, attributes jsonb) RETURNS jsonb LANGUAGE sql AS $$
  SELECT jsonb_build_object('id', urn, 'name', 'Lab', 'attributes', attributes)
$$;
CREATE FUNCTION pg_temp.try(attributes jsonb) RETURNS void LANGUAGE sql AS $$
  SELECT scim_register_schema('acme', pg_temp.schema('urn:example:try', attributes))
$$;

-- ATTR-01: what is left out is written out, keywords in the RFC's spelling.
SELECT scim_register_schema('acme', pg_temp.schema(:'urn',
  '[{"name": "badge"}, {"NAME": "photo", "type": "REFERENCE", "referenceTypes": ["external"], "description": null},
    {"name": "key", "type": "binary", "caseExact": false}, {"name": "pin", "mutability": "writeonly", "returned": "default"},
    {"name": "shift", "type": "complex", "multiValued": true, "canonicalValues": [], "subAttributes": [{"name": "value", "type": "datetime"}]}]'));
SELECT jsonb_pretty(definition) FROM scim.schema WHERE urn = :'urn';

-- What is no definition.
\set VERBOSITY terse
SELECT scim_register_schema('acme', NULL);
SELECT scim_register_schema('acme', '[]');
SELECT scim_register_schema('acme', '{}');
SELECT scim_register_schema('acme', '{"id": "lab", "name": "Lab", "attributes": [{"name": "a"}]}');
SELECT scim_register_schema('acme', '{"id": "urn:lab", "name": "Lab", "attributes": [{"name": "a"}]}');
SELECT scim_register_schema('acme', '{"id": "urn::lab", "name": "Lab", "attributes": [{"name": "a"}]}');
SELECT scim_register_schema('acme', '{"id": "urn:example:a b", "name": "Lab", "attributes": [{"name": "a"}]}');
SELECT scim_register_schema('acme', '{"id": "urn:ietf:params:scim:api:messages:2.0:Lab", "name": "Lab", "attributes": [{"name": "a"}]}'); -- RES-08
SELECT scim_register_schema('acme', '{"id": "urn:example:lab", "attributes": [{"name": "a"}]}');
SELECT scim_register_schema('acme', '{"id": "urn:example:lab", "name": "Lab"}');
SELECT scim_register_schema('acme', '{"id": "urn:example:lab", "name": "Lab", "attributes": []}');
SELECT scim_register_schema('acme', '{"id": "urn:example:lab", "name": "Lab", "attributes": "a"}');
SELECT scim_register_schema('acme', '{"id": "urn:example:lab", "ID": "urn:example:lab", "name": "Lab", "attributes": [{"name": "a"}]}');
SELECT pg_temp.try('["a"]');
SELECT pg_temp.try('[{}]');
SELECT pg_temp.try('[{"name": "1a"}]'); -- RES-14
SELECT pg_temp.try('[{"name": "a.b"}]');
SELECT pg_temp.try('[{"name": "ä"}]');
SELECT pg_temp.try(jsonb_build_array(jsonb_build_object('name', repeat('a', 129))));
SELECT pg_temp.try('[{"name": "a"}, {"name": "A"}]');
SELECT pg_temp.try('[{"name": "externalID"}]'); -- RES-15
SELECT pg_temp.try('[{"name": "a", "type": "text"}]');
SELECT pg_temp.try('[{"name": "a", "type": 1}]');
SELECT pg_temp.try('[{"name": "a", "multiValued": "true"}]');
SELECT pg_temp.try('[{"name": "a", "mutability": "never"}]');
SELECT pg_temp.try('[{"name": "a", "mutabillity": "readOnly"}]');
SELECT pg_temp.try('[{"name": "a", "canonicalValues": [1]}]');
SELECT pg_temp.try('[{"name": "a", "referenceTypes": ["uri"]}]');
SELECT pg_temp.try('[{"name": "a", "type": "complex"}]');
SELECT pg_temp.try('[{"name": "a", "subAttributes": [{"name": "b"}]}]');
SELECT pg_temp.try('[{"name": "a", "type": "complex", "subAttributes": [{"name": "b"}, {"name": "B"}]}]');
SELECT pg_temp.try('[{"name": "a", "type": "complex", "subAttributes": [{"name": "b", "type": "complex", "subAttributes": [{"name": "c"}]}]}]'); -- ATTR-11
SELECT pg_temp.try('[{"name": "a", "type": "boolean", "uniqueness": "server"}]');
SELECT pg_temp.try((SELECT jsonb_agg(jsonb_build_object('name', 'a' || n)) FROM generate_series(1, 501) n));
\set VERBOSITY sqlstate
SELECT pg_temp.try((SELECT jsonb_agg(jsonb_build_object('name', 'a' || n)) FROM generate_series(1, 500) n));
SELECT scim_register_schema('nowhere', pg_temp.schema(:'urn', '[{"name": "a"}]'));
SELECT scim_register_schema('acme', pg_temp.schema(:'urn', '[{"name": "badge"}]'), 'Printer');
SELECT scim_register_schema('acme', pg_temp.schema('urn:ietf:params:scim:schemas:core:2.0:User', '[{"name": "a"}]'));
SELECT scim_register_schema(NULL, pg_temp.schema('urn:ietf:params:scim:schemas:core:2.0:user', '[{"name": "a"}]'));

-- An extension of User works at once: in values, PATCH, filters and discovery, in its directory alone.
SELECT t.show(scim_create_user('acme', jsonb_build_object('userName', 'early', :'urn', '{"badge": "x"}'::jsonb))); -- not yet
SELECT scim_register_schema('acme', definition, 'User') FROM scim.schema WHERE urn = :'urn';
SELECT t.show(scim_create_user('acme', jsonb_build_object('userName', 'ann', :'urn',
  '{"BADGE": "B1", "pin": "1234", "shift": [{"value": "2026-01-31T08:00:00+01:00"}]}'::jsonb)));
SELECT scim_get_user('acme', resource ->> 'id') -> 'schemas' FROM scim_search('acme', 'User', 'userName eq "ann"');
SELECT t.find('acme', :'urn' || ':badge eq "b1"'), t.find('acme', 'badge eq "b1"'), t.find('acme', 'shift eq "2026-01-31T07:00:00Z"');
SELECT t.show(scim_patch_user('acme', resource ->> 'id', t.patch(jsonb_build_object('op', 'replace', 'path', :'urn' || ':badge', 'value', 'B2'))))
  FROM scim_search('acme', 'User', 'badge eq "B1"');
SELECT t.find('other', :'urn' || ':badge pr');
SELECT t.show(scim_create_user('other', jsonb_build_object('userName', 'ann', :'urn', '{"badge": "B1"}'::jsonb)));
SELECT scim_issue_token('acme', 'test') AS token, scim_issue_token('other', 'test') AS foreign_token \gset
SELECT body::jsonb -> 'schemaExtensions' FROM t.http('GET', '/scim/v2/ResourceTypes/User', :'token');
SELECT body::jsonb -> 'schemaExtensions' FROM t.http('GET', '/scim/v2/ResourceTypes/User', :'foreign_token');
SELECT body::jsonb -> 'attributes' -> 0 FROM t.http('GET', '/scim/v2/Schemas/' || :'urn', :'token'); -- DISC-05
SELECT t.status('GET', '/scim/v2/Schemas/' || :'urn', :'foreign_token');

-- Another definition under the same URN may say more, but not otherwise.
\set VERBOSITY terse
SELECT scim_register_schema('acme', pg_temp.schema(:'urn', '[{"name": "badge"}]'));
CREATE FUNCTION pg_temp.change(path text[], value jsonb) RETURNS void LANGUAGE sql AS $$
  SELECT scim_register_schema('acme', jsonb_set(definition, '{attributes}' || path, value)) FROM scim.schema WHERE definition ->> 'name' = 'Lab' AND urn LIKE '%:lab:%'
$$;
SELECT pg_temp.change('{0,type}', '"integer"');
SELECT pg_temp.change('{0,multiValued}', 'true');
SELECT pg_temp.change('{0,caseExact}', 'true');
SELECT pg_temp.change('{0,uniqueness}', '"server"');
SELECT pg_temp.change('{0,mutability}', '"writeOnly"');
SELECT pg_temp.change('{3,mutability}', '"readWrite"');
SELECT pg_temp.change('{0,name}', '"Badge"');
SELECT pg_temp.change('{4,subAttributes}', '[{"name": "other"}]');
SELECT scim_register_schema('acme', pg_temp.schema(upper(:'urn'), '[{"name": "badge"}]'));
\set VERBOSITY sqlstate
SELECT pg_temp.change('{5}', '{"name": "door", "type": "integer", "description": "Number of a door"}');
SELECT pg_temp.change('{0,description}', '"Number on the badge"');
SELECT t.show(scim_create_user('acme', jsonb_build_object('userName', 'bob', :'urn', '{"door": 7}'::jsonb)));
SELECT t.find('acme', 'door ge 7.0');

-- RES-07: a required extension, with its required attributes.
SELECT scim_register_schema('exact', pg_temp.schema('urn:example:staff', '[{"name": "room", "required": true}]'), 'User', required => true);
\set user '"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", "urn:example:staff"], "userName": "ann"'
SELECT scim_create_user('exact', ('{' || :'user' || '}')::jsonb);
SELECT scim_create_user('exact', ('{' || :'user' || ', "urn:example:staff": {}}')::jsonb);
SELECT t.show(scim_create_user('exact', ('{' || :'user' || ', "urn:example:staff": {"room": "1"}}')::jsonb));
SELECT scim_patch_user('exact', resource ->> 'id', t.patch('{"op": "remove", "path": "urn:example:staff"}')) FROM scim_search('exact', 'User');
SELECT scim_replace_user('exact', resource ->> 'id', ('{' || :'user' || '}')::jsonb) FROM scim_search('exact', 'User');
SELECT scim_register_schema('exact', pg_temp.schema('urn:example:staff', '[{"name": "room", "required": true}]'), 'User');
SELECT t.show(scim_replace_user('exact', resource ->> 'id', ('{' || :'user' || '}')::jsonb)) FROM scim_search('exact', 'User');

-- Mutability in an extension: PUT-05, PUT-06, ATTR-12, ATTR-13, ATTR-14.
SELECT scim_register_schema('acme', pg_temp.schema('urn:example:hire',
  '[{"name": "day", "mutability": "immutable"}, {"name": "grade", "mutability": "readOnly"},
    {"name": "cars", "type": "complex", "multiValued": true, "subAttributes": [{"name": "value"}, {"name": "plate", "mutability": "immutable"}, {"name": "colour"}]},
    {"name": "codes", "multiValued": true, "mutability": "immutable"}]'), 'User');
SELECT scim_create_user('acme', '{"userName": "cat", "urn:example:hire": {"day": "Monday", "grade": "A", "codes": ["a", "b"],
  "cars": [{"value": "1", "plate": "P1", "colour": "red"}, {"value": "2", "plate": "P2"}]}}') ->> 'id' AS cat \gset
SELECT scim_get_user('acme', :'cat') -> 'urn:example:hire';
CREATE FUNCTION pg_temp.put(id text, hire jsonb) RETURNS jsonb LANGUAGE sql AS $$
  SELECT scim_replace_user('acme', id, jsonb_strip_nulls(jsonb_build_object('userName', 'cat', 'urn:example:hire', hire))) -> 'urn:example:hire'
$$;
SELECT pg_temp.put(:'cat', '{"day": "Tuesday"}');
SELECT pg_temp.put(:'cat', '{"codes": ["a"]}');
SELECT pg_temp.put(:'cat', '{"cars": [{"value": "1", "plate": "P9"}]}');
SELECT pg_temp.put(:'cat', '{"day": "monday", "cars": [{"value": "3", "plate": "P3"}, {"value": "1", "colour": "blue"}]}');
SELECT pg_temp.put(:'cat', NULL); -- immutable values outlive even their extension
CREATE FUNCTION pg_temp.patch(id text, operation jsonb) RETURNS jsonb LANGUAGE sql AS $$
  SELECT scim_patch_user('acme', id, t.patch(operation)) -> 'urn:example:hire'
$$;
SELECT pg_temp.patch(:'cat', '{"op": "add", "path": "urn:example:hire:cars", "value": [{"value": "1", "plate": "P1"}, {"value": "2"}]}');
SELECT pg_temp.patch(:'cat', '{"op": "add", "path": "urn:example:hire:cars[value eq \"2\"].plate", "value": "P2"}'); -- the first value
SELECT pg_temp.patch(:'cat', '{"op": "replace", "path": "urn:example:hire:cars[value eq \"2\"].plate", "value": "P3"}');
SELECT pg_temp.patch(:'cat', '{"op": "replace", "path": "urn:example:hire:cars[value eq \"2\"]", "value": {"value": "2", "plate": "P3"}}');
SELECT pg_temp.patch(:'cat', '{"op": "replace", "path": "urn:example:hire:cars", "value": [{"value": "2"}]}');
SELECT pg_temp.patch(:'cat', '{"op": "replace", "path": "urn:example:hire:day", "value": "Tuesday"}');
SELECT pg_temp.patch(:'cat', '{"op": "remove", "path": "urn:example:hire:day"}');
SELECT pg_temp.patch(:'cat', '{"op": "remove", "path": "urn:example:hire"}');
SELECT pg_temp.patch(:'cat', '{"op": "add", "path": "urn:example:hire:codes", "value": ["c"]}');
SELECT pg_temp.patch(:'cat', '{"op": "remove", "path": "urn:example:hire:codes[value eq \"a\"]"}');
SELECT pg_temp.patch(:'cat', '{"op": "replace", "path": "urn:example:hire:grade", "value": "B"}');
SELECT pg_temp.patch(:'cat', '{"op": "remove", "path": "urn:example:hire:cars[value eq \"1\"]"}');

-- MV-02: of two values that say the same, the later counts.
SELECT scim_create_user('acme', '{"userName": "dan", "emails": [{"value": "d@x.example", "type": "work"}, {"value": "d@x.example", "type": "home"},
  {"value": "d@x.example", "type": "work", "primary": true}]}') -> 'emails';

-- A resource type of one's own.
SELECT scim_register_schema('acme', pg_temp.schema('urn:example:Printer', '[{"name": "displayName", "required": true}, {"name": "serial", "caseExact": true},
  {"name": "active", "type": "boolean"}, {"name": "speed", "type": "decimal"}]'));
\set VERBOSITY terse
SELECT scim_register_resource_type('acme', NULL);
SELECT scim_register_resource_type('acme', '{}');
SELECT scim_register_resource_type('acme', '{"name": "Prin ter", "endpoint": "/Printers", "schema": "urn:example:Printer"}');
SELECT scim_register_resource_type('acme', '{"name": "Printer", "endpoint": "/Printers/x", "schema": "urn:example:Printer"}');
SELECT scim_register_resource_type('acme', '{"name": "Printer", "endpoint": "/users", "schema": "urn:example:Printer"}');
SELECT scim_register_resource_type('acme', '{"name": "Printer", "endpoint": "Bulk", "schema": "urn:example:Printer"}');
SELECT scim_register_resource_type('acme', '{"name": "Printer", "endpoint": "/.search", "schema": "urn:example:Printer"}');
SELECT scim_register_resource_type('acme', '{"name": "Printer", "endpoint": "/Printers", "schema": "Printer"}');
SELECT scim_register_resource_type('acme', '{"name": "Printer", "endpoint": "/Printers", "schema": "urn:example:Plotter"}');
SELECT scim_register_resource_type('acme', '{"name": "Printer", "endpoint": "/Printers", "schema": "urn:example:Printer", "schemaExtensions": [{"schema": "urn:example:none"}]}');
SELECT scim_register_resource_type('acme', '{"name": "Printer", "endpoint": "/Printers", "schema": "urn:example:Printer", "schemaExtensions": [{"schema": "urn:example:printer"}]}');
SELECT scim_register_resource_type('acme', '{"name": "user", "endpoint": "/Persons", "schema": "urn:example:Printer"}');
SELECT scim_register_resource_type('other', '{"name": "Printer", "endpoint": "/Printers", "schema": "urn:example:Printer"}');
SELECT scim_register_resource_type('acme', '{"name": "Printer", "description": "It prints.", "endpoint": "Printers", "schema": "urn:example:Printer", "schemaExtensions": [{"schema": "urn:example:hire"}]}');
SELECT scim_register_resource_type('acme', '{"name": "Printer", "endpoint": "/Plotters", "schema": "urn:example:Printer"}');
SELECT scim_register_resource_type('acme', '{"name": "Printer", "endpoint": "/Printers", "schema": "urn:example:Printer"}');
SELECT scim_register_resource_type('acme', '{"name": "Plotter", "endpoint": "/printers", "schema": "urn:example:Printer"}');
SELECT scim_register_resource_type(NULL, '{"name": "printer", "endpoint": "/Prints", "schema": "urn:ietf:params:scim:schemas:core:2.0:Group"}');
\set VERBOSITY sqlstate
SELECT body::jsonb - 'schemas' FROM t.http('GET', '/scim/v2/ResourceTypes/Printer', :'token');
SELECT status, body::jsonb - 'schemas' FROM t.http('POST', '/scim/v2/Printers', :'token',
  '{"schemas": ["urn:example:Printer"], "displayName": "Inky", "serial": "S1", "active": true, "speed": 7.50, "urn:example:hire": {"day": "Friday"}}');
SELECT resource ->> 'displayName' FROM scim_search('acme', 'Printer', 'serial eq "S1" and active eq true and speed lt 8 and urn:example:hire:day sw "f"');
SELECT t.status('GET', '/scim/v2/Printers', :'foreign_token'), t.status('POST', '/scim/v2/Printers', :'token', '{"serial": "S2"}');
SELECT t.show(scim_create_group('acme', jsonb_build_object('displayName', 'Room', 'members', jsonb_agg(jsonb_build_object('value', id)))))
  FROM scim_search('acme', 'Printer');
SELECT scim_register_schema('acme', pg_temp.schema('urn:example:toner', '[{"name": "toner", "type": "integer"}]'), 'Printer');
SELECT t.show(scim_patch('acme', 'Printer', id, t.patch('{"op": "add", "path": "toner", "value": 90}'))) FROM scim_search('acme', 'Printer');

-- For every directory: those that are there, those with schemas of their own, and those to come.
SELECT scim_register_schema(NULL, pg_temp.schema('urn:example:all', '[{"name": "hat"}]'), 'User');
SELECT FROM scim_create_directory('later');
SELECT name, t.show(scim_create_user(name, '{"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", "urn:example:all"], "userName": "hat", "urn:example:all": {"hat": "top"}}'))
  FROM scim.directory WHERE name IN ('acme', 'other', 'later') ORDER BY name;
SELECT count(DISTINCT schema_version) FROM scim.directory WHERE NOT own_schemas;
SELECT scim_register_resource_type(NULL, '{"name": "Cap", "endpoint": "/Caps", "schema": "urn:example:all"}');
SELECT t.show(scim_create('later', 'Cap', '{"hat": "flat"}'));
SELECT DISTINCT type_id >= 100 FROM scim.resource_type WHERE NOT builtin;

-- Dropping a directory takes its schemas along; the others stay.
SELECT scim_drop_directory('acme');
SELECT s.urn FROM scim.schema s WHERE NOT builtin ORDER BY urn;
SELECT count(*) FROM scim.resource_type_extension e WHERE directory_id NOT IN (SELECT 0 UNION SELECT d.directory_id FROM scim.directory d);
SELECT count(scim_drop_directory(name)) FROM scim.directory;
DELETE FROM scim.resource_type WHERE NOT builtin;
DELETE FROM scim.resource_type_extension;
DELETE FROM scim.schema WHERE NOT builtin;
SELECT scim.schemas_changed(0);
