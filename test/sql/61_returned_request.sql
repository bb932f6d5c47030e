-- ATTR-17: attributes that are returned on request are shown by the answer to the write that set them, and else only
-- where "attributes" asks for them (RFC 7643 section 7).
\a \t
SELECT FROM scim_create_directory('acme') \g /dev/null
SELECT FROM scim_register_schema('acme', '{
  "id": "urn:example:params:scim:schemas:Badge", "name": "Badge",
  "attributes": [
    {"name": "number", "type": "string", "returned": "request"},
    {"name": "colour", "type": "string"},
    {"name": "secret", "type": "string", "mutability": "readWrite", "returned": "never"},
    {"name": "photo", "type": "complex", "returned": "request", "subAttributes": [
      {"name": "url", "type": "string"}, {"name": "size", "type": "integer"}, {"name": "key", "type": "string", "returned": "never"}]},
    {"name": "doors", "type": "complex", "multiValued": true, "subAttributes": [
      {"name": "value", "type": "string"}, {"name": "code", "type": "string", "returned": "request"}]}]}', 'User') \g /dev/null
CREATE FUNCTION t.badge(resource jsonb) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT coalesce((resource -> 'urn:example:params:scim:schemas:Badge')::text, 'none')
$$;

-- POST shows what it set, but for what is never returned.
SELECT scim_create_user('acme', '{"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", "urn:example:params:scim:schemas:Badge"], "userName": "a",
  "urn:example:params:scim:schemas:Badge": {"NUMBER": "1", "colour": "red", "secret": "s", "photo": {"url": "u", "size": 1, "key": "k"},
    "doors": [{"value": "front", "code": "11"}, {"value": "back"}]}}') AS a \gset
SELECT t.badge(:'a');
SELECT :'a'::jsonb ->> 'id' AS id \gset

-- A read does not, unless it asks.
SELECT t.badge(scim_get_user('acme', :'id'));
SELECT t.badge(scim_get('acme', 'User', :'id', 'urn:example:params:scim:schemas:Badge:number'));
SELECT t.badge(scim_get('acme', 'User', :'id', 'urn:example:params:scim:schemas:Badge:photo.size,urn:example:params:scim:schemas:Badge:doors.code'));
SELECT t.badge(resource) FROM scim_search('acme', 'User');

-- PATCH shows what it set, in every form of path; a change of something else shows nothing.
SELECT t.badge(scim_patch_user('acme', :'id', t.patch('{"op": "replace", "path": "urn:example:params:scim:schemas:Badge:number", "value": "2"}')));
SELECT t.badge(scim_patch_user('acme', :'id', t.patch('{"op": "replace", "value": {"urn:example:params:scim:schemas:Badge:number": "3"}}')));
SELECT t.badge(scim_patch_user('acme', :'id', t.patch('{"op": "replace", "value": {"urn:example:params:scim:schemas:Badge": {"number": "4"}}}')));
SELECT t.badge(scim_patch_user('acme', :'id', t.patch('{"op": "replace", "path": "urn:example:params:scim:schemas:Badge:photo.size", "value": 2}')));
SELECT t.badge(scim_patch_user('acme', :'id', t.patch('{"op": "replace", "path": "urn:example:params:scim:schemas:Badge:doors[value eq \"front\"].code", "value": "12"}')));
SELECT t.badge(scim_patch_user('acme', :'id', t.patch('{"op": "add", "path": "urn:example:params:scim:schemas:Badge:doors", "value": [{"value": "side", "code": "13"}]}')));
SELECT t.badge(scim_patch_user('acme', :'id', t.patch('{"op": "replace", "path": "urn:example:params:scim:schemas:Badge:number", "value": "4"}'))); -- no change, yet specified
SELECT t.badge(scim_patch_user('acme', :'id', t.patch('{"op": "replace", "path": "title", "value": "x"}')));
SELECT t.badge(scim_patch_user('acme', :'id', t.patch('{"op": "replace", "path": "urn:example:params:scim:schemas:Badge:secret", "value": "t"}')));
SELECT t.badge(scim_patch_user('acme', :'id', t.patch('{"op": "remove", "path": "urn:example:params:scim:schemas:Badge:number"}')));

-- PUT likewise.
SELECT t.badge(scim_replace_user('acme', :'id', '{"userName": "a", "urn:example:params:scim:schemas:Badge": {"colour": "blue"}}'));
SELECT t.badge(scim_replace_user('acme', :'id', '{"userName": "a", "urn:example:params:scim:schemas:Badge": {"colour": "blue", "number": "5"}}'));

-- Over HTTP the parameters have the last word.
SELECT scim_issue_token('acme', 'badge') AS token \gset
CREATE FUNCTION t.written(token text, id text, query text) RETURNS text LANGUAGE sql VOLATILE AS $$
  SELECT t.badge(body::jsonb) FROM t.http('PATCH', '/scim/v2/Users/' || id || query, token,
    t.patch('{"op": "replace", "path": "urn:example:params:scim:schemas:Badge:number", "value": "6"}')::text)
$$;
SELECT t.written(:'token', :'id', '');
SELECT t.written(:'token', :'id', '?attributes=userName');
SELECT t.written(:'token', :'id', '?attributes=urn:example:params:scim:schemas:Badge:number');
SELECT t.written(:'token', :'id', '?excludedAttributes=urn:example:params:scim:schemas:Badge:number');
SELECT t.written(:'token', :'id', '?excludedAttributes=userName');

DROP FUNCTION t.badge, t.written;
SELECT scim_drop_directory('acme');
