-- Values against their definition: every data type (RFC 7643 section 2.3), in profiles strict and default.
\a \t
\set VERBOSITY sqlstate
SELECT (scim_create_directory('acme')).name, (scim_create_directory('strict', profile => 'strict')).name;

-- An extension with an attribute of each type.
CREATE FUNCTION t.attribute(name text, type text, more jsonb DEFAULT '{}') RETURNS jsonb LANGUAGE sql AS $$
  SELECT jsonb_build_object('name', name, 'type', type, 'multiValued', false, 'description', name,
    'required', false, 'caseExact', false, 'mutability', 'readWrite', 'returned', 'default',
    'uniqueness', 'none') || more
$$;
SELECT name, scim_register_schema(name, jsonb_build_object('id', 'urn:example:2.0:T', 'name', 'T',
  'description', 'all types', 'attributes', jsonb_build_array(
    t.attribute('text', 'string'),
    t.attribute('flag', 'boolean'),
    t.attribute('whole', 'integer'),
    t.attribute('part', 'decimal'),
    t.attribute('moment', 'dateTime'),
    t.attribute('blob', 'binary', '{"caseExact": true}'),
    t.attribute('link', 'reference', '{"caseExact": true, "referenceTypes": ["external"]}'),
    t.attribute('tags', 'string', '{"multiValued": true}'),
    t.attribute('once', 'string', '{"mutability": "immutable"}'),
    t.attribute('ours', 'string', '{"mutability": "readOnly"}'),
    t.attribute('secret', 'string', '{"returned": "never"}'),
    t.attribute('badge', 'string', '{"returned": "always"}'),
    t.attribute('box', 'complex', jsonb_build_object('subAttributes', jsonb_build_array(
      t.attribute('label', 'string', '{"required": true}'), t.attribute('size', 'integer')))))), 'User')
  FROM scim.directory ORDER BY name;

SELECT scim_create_user('acme', '{"userName": "a"}') ->> 'id' AS acme, scim_create_user('strict',
  '{"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": "a"}') ->> 'id' AS strict \gset

-- What a value becomes in both profiles: stored form, - for unassigned, or the error.
CREATE FUNCTION t.put(directory text, id text, attribute text, value jsonb) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  result jsonb;
BEGIN
  result := scim_replace_user(directory, id, jsonb_build_object('schemas',
    '["urn:ietf:params:scim:schemas:core:2.0:User", "urn:example:2.0:T"]'::jsonb,
    'userName', 'a', 'urn:example:2.0:T', jsonb_build_object(attribute, value)));
  RETURN coalesce((result -> 'urn:example:2.0:T' -> attribute)::text, '-');
EXCEPTION WHEN OTHERS THEN
  RETURN SQLSTATE;
END
$$;
CREATE FUNCTION t.puts(acme text, strict text, attribute text, VARIADIC "values" jsonb[])
  RETURNS TABLE (value text, "default" text, strict_profile text) LANGUAGE sql AS $$
  SELECT left(v::text, 60), left(t.put('acme', acme, attribute, v), 60),
    left(t.put('strict', strict, attribute, v), 60)
  FROM unnest("values") AS v
$$;

-- String (ATTR-02): any text, the empty one included.
SELECT * FROM t.puts(:'acme', :'strict', 'text', '"x"', '""', '" "', '"ü 山 😀"', '"a\nb\t\"\\/"', '"\u00e9"',
  'null', '[]', '1', 'true', '{}', '["x"]', '["x","y"]');
-- Boolean (ATTR-03): true and false; strings as clients send them by profile (BOOL-STRING).
SELECT * FROM t.puts(:'acme', :'strict', 'flag', 'true', 'false', '"true"', '"False"', '"yes"', '""', '1', '0',
  'null', '[true]', '{}');
-- Integer (ATTR-04): no fraction; of any size that is no attack.
SELECT * FROM t.puts(:'acme', :'strict', 'whole', '0', '-1', '9223372036854775808', '1.0', '1.5', '"1"',
  'true', 'null', '[1]', '{}', '-0');
-- Decimal.
SELECT * FROM t.puts(:'acme', :'strict', 'part', '1.50', '-0.5', '3', '1e3', '"1.5"', 'null', 'false');
-- dateTime (ATTR-05): date, time and zone, kept as sent.
SELECT * FROM t.puts(:'acme', :'strict', 'moment', '"2026-01-31T12:00:00Z"',
  '"2026-01-31T12:00:00.123456+02:00"', '"2026-01-31T12:00:00"', '"2024-02-29T00:00:00Z"',
  '"2026-02-29T00:00:00Z"', '"2026-13-01T00:00:00Z"', '"2026-01-31"', '"12:00:00Z"', '"2026-01-31 12:00:00Z"',
    '"2026-01-31T24:00:00Z"', '"2026-01-31T25:00:00Z"',
  '"2026-01-31T12:60:00Z"', '"2026-01-31T12:00Z"', '"2026-01-31T12:00:00+15:00"', '"0000-01-01T00:00:00Z"',
    '"now"', '"infinity"', '""', '1769860800', 'null');
-- Binary (ATTR-06): base64 or base64url, padding may be missing.
SELECT * FROM t.puts(:'acme', :'strict', 'blob', '"AAEC"', '"AA=="', '"AA"', '"A"', '"_-8="', '"a b"',
  '"AA=A"', '"===="', '""', '1', 'null');
-- Reference (ATTR-07): a URI, absolute or relative.
SELECT * FROM t.puts(:'acme', :'strict', 'link', '"https://example.com/a?b#c"', '"../Users/1"', '"urn:x:y"',
  '"a b"', '"http://ü"', '"%zz"', '"<script>"', '""', '1', 'null');
-- Multi-valued (MT-09): a list; a lone value is a list of one (SINGLE-OBJECT).
SELECT * FROM t.puts(:'acme', :'strict', 'tags', '["a","b","a"]', '"a"', '[]', '[null]', '["a",null]',
  '["a",1]', '[["a"]]', '{"a":1}', 'null', '[""]');
-- Complex: an object of sub-attributes; required ones must be there (ATTR-11, ATTR-21).
SELECT * FROM t.puts(:'acme', :'strict', 'box', '{"label": "l", "size": 1}', '{"LABEL": "l"}', '{"size": 1}',
  '{"label": ""}', '{"label": null}', '{}', '"l"', '[{"label": "l"}]',
  '{"label": "l", "colour": 1}', '{"label": {"x": 1}}', 'null');
-- readOnly is ignored, unknown by profile (ATTR-12, ATTR-22), returned never stays inside (ATTR-16).
SELECT * FROM t.puts(:'acme', :'strict', 'ours', '"x"');
SELECT * FROM t.puts(:'acme', :'strict', 'nothing', '"x"');
SELECT * FROM t.puts(:'acme', :'strict', 'secret', '"x"');
-- immutable: once, then the same or SCT04 (PUT-05); left out it stays.
SELECT * FROM t.puts(:'acme', :'strict', 'once', '"x"', '"x"', '"y"');
SELECT * FROM t.puts(:'acme', :'strict', 'text', '"z"');
SELECT scim_get_user('acme', :'acme') -> 'urn:example:2.0:T';

-- schemas of a resource (RES-01 to RES-04, RES-16): by profile, and never with an unknown URN in strict.
CREATE FUNCTION t.create(directory text, resource jsonb) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  result jsonb;
BEGIN
  result := scim_create_user(directory, resource);
  PERFORM scim_delete_user(directory, result ->> 'id');
  RETURN result -> 'schemas';
EXCEPTION WHEN OTHERS THEN
  RETURN SQLSTATE;
END
$$;
SELECT left(s::text, 70), t.create('acme', r), t.create('strict', r)
FROM unnest(ARRAY[NULL, 'null', '[]', '{}', '"urn:ietf:params:scim:schemas:core:2.0:User"',
  '["urn:ietf:params:scim:schemas:core:2.0:User"]',
  '["URN:ietf:params:scim:schemas:CORE:2.0:user"]', '["urn:ietf:params:scim:schemas:core:2.0:Group"]',
    '["urn:example:2.0:T"]', '[1]',
  '["urn:ietf:params:scim:schemas:core:2.0:User","urn:example:2.0:T"]',
    '["urn:ietf:params:scim:schemas:core:2.0:User","urn:none"]']::jsonb[]) AS s,
  LATERAL (SELECT CASE WHEN s IS NULL THEN '{"userName": "s"}' ELSE jsonb_build_object('userName', 's',
    'schemas', s) END) AS x(r);

-- userName: required, not blank (USR-01).
SELECT left(v::text, 40), t.create('acme', jsonb_build_object('userName', v))
FROM unnest(ARRAY['null', '""', '" "', '"\u3000"', '[]', '1', '{}', '["x"]', '" x "']::jsonb[]) AS v;
SELECT t.create('acme', '{}'), t.create('acme', '{"displayName": "x"}');

-- Elements of emails: strings and plain lists by profile (STRING-ELEMENT), one primary (MV-01).
SELECT left(v::text, 80), t.create('acme', jsonb_build_object('userName', 's', 'schemas', s, 'emails', v)),
  t.create('strict', jsonb_build_object('userName', 's', 'schemas', s, 'emails', v))
FROM unnest(ARRAY['"a@x"', '["a@x"]', '{"value": "a@x"}', '[{"value": 1}]',
  '[{"value": "a@x", "primary": "true"}]',
  '[{"value": "a@x", "primary": true}, {"value": "b@x", "primary": true}]', '[{"type": "work"}]', '[1]',
  '[[]]']::jsonb[]) AS v,
  (VALUES ('["urn:ietf:params:scim:schemas:core:2.0:User"]'::jsonb)) AS x(s);
SELECT t.show(scim_create_user('acme', '{"userName": "p", "emails": [{"value": "a@x", "primary": true}, {"value": "b@x", "primary": true}], "active": "True",
  "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"manager": "42"}}'));

-- Bodies that are no object are no syntax (MT-11).
SELECT t.create('acme', '[]'), t.create('acme', '"x"'), t.create('acme', '1'), t.create('acme', 'null'),
  t.create('acme', '[{"userName": "x"}]');
SELECT t.create('acme', NULL);

-- Nothing was stored by what failed.
SELECT t.find('acme', 'userName pr'), t.find('strict', 'userName pr');

SELECT scim_drop_directory('acme'), scim_drop_directory('strict');
SELECT count(*) FROM scim.schema WHERE NOT builtin;
DROP FUNCTION t.put, t.puts, t.create, t.attribute;
