-- ATTR-19: attributes with uniqueness server or global, and names of groups where the directory wants them unique.
\a \t
\set VERBOSITY terse
SELECT FROM scim_create_directory('acme') a, scim_create_directory('other') o, scim_create_directory('exact', 'strict') e;
SELECT scim_register_schema(NULL, '{"id": "urn:example:badge", "name": "Badge", "attributes": [
  {"name": "number", "uniqueness": "server"}, {"name": "code", "uniqueness": "global", "caseExact": true}, {"name": "desk", "type": "integer", "uniqueness": "server"},
  {"name": "since", "type": "dateTime", "uniqueness": "server"}, {"name": "url", "type": "reference", "uniqueness": "server"},
  {"name": "keys", "type": "complex", "multiValued": true, "subAttributes": [{"name": "value", "uniqueness": "server"}, {"name": "type"}]}]}', 'User');
CREATE FUNCTION pg_temp.hire(directory text, name text, badge jsonb) RETURNS text LANGUAGE sql AS $$
  SELECT scim_create_user(directory, jsonb_build_object('userName', name, 'urn:example:badge', badge)) ->> 'id'
$$;
-- What is taken, in the order of attributes and keys.
CREATE FUNCTION pg_temp.taken() RETURNS TABLE (directory text, path text, v text, owner text) LANGUAGE sql AS $$
  SELECT coalesce(d.name, 'everywhere'), u.path, u.v, coalesce(r.user_name, r.display_name) FROM scim.unique_value u
  LEFT JOIN scim.directory d USING (directory_id) LEFT JOIN scim.resource r ON r.id = u.id ORDER BY d.name, u.path COLLATE "C", u.v
$$;

SELECT pg_temp.hire('acme', 'ann', '{"number": "Straße", "code": "c", "desk": 7, "since": "2026-01-31T08:00:00Z", "url": "http://a", "keys": [{"value": "K1"}, {"value": "k1", "type": "spare"}, {"value": "k2"}]}') AS ann \gset
SELECT * FROM pg_temp.taken();

-- The value decides, whatever its form; the message names attribute and value, and nothing is left of the loser.
SELECT pg_temp.hire('acme', 'bob', '{"number": "STRAßE"}');
SELECT pg_temp.hire('acme', 'bob', '{"number": "ｓtraße"}');
SELECT pg_temp.hire('acme', 'bob', '{"code": "c"}');
SELECT pg_temp.hire('acme', 'bob', '{"desk": 7}');
SELECT pg_temp.hire('acme', 'bob', '{"since": "2026-01-31T09:00:00.000+01:00"}');
SELECT pg_temp.hire('acme', 'bob', '{"url": "http://a"}');
SELECT pg_temp.hire('acme', 'bob', '{"keys": [{"value": "k0"}, {"value": "K2"}]}');
SELECT pg_temp.hire('acme', 'bob', jsonb_build_object('url', 'http://' || repeat('a', 1000)));
SELECT pg_temp.hire('acme', 'ANN', '{"number": "2"}');
SELECT count(*), (SELECT count(*) FROM pg_temp.taken()) FROM scim_search('acme', 'User');
SELECT pg_temp.hire('acme', 'bob', '{"number": "Strasse", "code": "C", "desk": 8, "since": "2026-01-31T08:00:01Z", "url": "http://A"}') AS bob \gset
SELECT pg_temp.hire('acme', 'no', '{}') IS NOT NULL, pg_temp.hire('acme', 'none', '{"number": null}') IS NOT NULL;

-- Another directory has values of its own, but for what is unique everywhere.
SELECT pg_temp.hire('other', 'ann', '{"number": "Straße"}') IS NOT NULL;
SELECT pg_temp.hire('other', 'bob', '{"code": "c"}');
SELECT pg_temp.hire('other', 'bob', '{"code": "other"}') IS NOT NULL;

-- Changes: to a free value, to a taken one, to itself, away; deleted ones are free again.
CREATE FUNCTION pg_temp.patch(id text, operation jsonb) RETURNS text LANGUAGE sql AS $$
  SELECT t.show(scim_patch_user('acme', id, t.patch(operation)) - 'userName')
$$;
SELECT pg_temp.patch(:'bob', '{"op": "replace", "path": "urn:example:badge:number", "value": "straße"}');
SELECT pg_temp.patch(:'bob', '{"op": "replace", "path": "urn:example:badge", "value": {"number": "9", "code": "c"}}');
SELECT scim_replace_user('acme', :'bob', '{"userName": "bob", "urn:example:badge": {"desk": 7}}');
SELECT pg_temp.patch(:'ann', '{"op": "replace", "path": "urn:example:badge:number", "value": "STRAßE"}');
SELECT pg_temp.patch(:'ann', '{"op": "remove", "path": "urn:example:badge:number"}');
SELECT pg_temp.patch(:'bob', '{"op": "replace", "path": "urn:example:badge:number", "value": "straße"}');
SELECT pg_temp.patch(:'ann', '{"op": "add", "path": "urn:example:badge:number", "value": "Straße"}');
SELECT pg_temp.patch(:'ann', '{"op": "remove", "path": "urn:example:badge:keys[value eq \"k1\"]"}');
SELECT * FROM pg_temp.taken() WHERE directory IN ('acme', 'everywhere');
SELECT scim_delete_user('acme', :'bob');
SELECT pg_temp.patch(:'ann', '{"op": "add", "path": "urn:example:badge:number", "value": "Straße"}');
SELECT scim_replace_user('acme', :'ann', '{"userName": "ann"}') ->> 'userName';
SELECT * FROM pg_temp.taken() WHERE directory IN ('acme', 'everywhere');

-- Over HTTP it is 409 uniqueness.
SELECT scim_issue_token('acme', 'test') AS token \gset
SELECT t.status('POST', '/scim/v2/Users', :'token', '{"userName": "h1", "urn:example:badge": {"number": "h"}}'),
       t.status('POST', '/scim/v2/Users', :'token', '{"userName": "h2", "urn:example:badge": {"number": "H"}}');

-- Groups: one name, one group, in profile default; strict allows two (the RFC does).
SELECT scim_create_group('acme', '{"displayName": "Tour Guides"}') ->> 'id' AS guides \gset
SELECT scim_create_group('acme', '{"displayName": "TOUR guides"}');
SELECT scim_create_group('other', '{"displayName": "Tour Guides"}') ->> 'displayName';
SELECT count(scim_create_group('exact', '{"schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"], "displayName": "Tour Guides"}')) FROM generate_series(1, 2);
SELECT scim_create_group('acme', '{"displayName": "Drivers"}') ->> 'id' AS drivers \gset
SELECT t.show(scim_patch_group('acme', :'drivers', t.patch('{"op": "replace", "value": {"displayName": "tour guides"}}')));
SELECT t.show(scim_patch_group('acme', :'drivers', t.patch('{"op": "replace", "value": {"displayName": "DRIVERS"}}')));
SELECT t.show(scim_replace_group('acme', :'drivers', '{"displayName": "Pilots"}'));
SELECT t.show(scim_create_group('acme', '{"displayName": "drivers"}'));
SELECT scim_create_user('acme', '{"userName": "same", "displayName": "drivers"}') ->> 'displayName'; -- a user's name is no group's

-- The switch counts for what is written after it; what was written before stays, and does not count.
SELECT scim_alter_directory('acme', settings => '{"unique_group_name": false}');
SELECT t.show(scim_create_group('acme', '{"displayName": "Drivers"}'));
SELECT t.show(scim_patch_group('acme', :'guides', t.patch('{"op": "replace", "value": {"displayName": "Guides"}}')));
SELECT scim_alter_directory('acme', settings => '{"unique_group_name": null}');
SELECT t.show(scim_create_group('acme', '{"displayName": "Tour Guides"}')); -- given up while the switch was off
SELECT t.show(scim_create_group('acme', '{"displayName": "Guides"}'));      -- taken up while the switch was off
SELECT t.show(scim_create_group('acme', '{"displayName": "drivers"}'));
SELECT scim_delete_group('acme', id) FROM scim_search('acme', 'Group', 'displayName eq "drivers"');
SELECT * FROM pg_temp.taken() WHERE directory <> 'other';

-- Nothing of a directory stays behind, and nothing of another goes with it.
SELECT scim_drop_directory('other');
SELECT * FROM pg_temp.taken();
SELECT count(scim_drop_directory(name)) FROM scim.directory;
SELECT count(*) FROM scim.unique_value;
DELETE FROM scim.resource_type_extension;
DELETE FROM scim.schema WHERE NOT builtin;
SELECT scim.schemas_changed(0);
