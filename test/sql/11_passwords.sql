-- Passwords (USR-03): a bcrypt hash in a column of its own, and nowhere else.
\a \t
\set VERBOSITY sqlstate
SELECT (scim_create_directory('acme')).name;
SELECT scim_create_user('acme', '{"userName": "u", "password": "s3cret-Ü"}') AS answer \gset
SELECT :'answer'::jsonb ->> 'id' AS id \gset
SELECT :'answer'::jsonb ? 'password', position('s3cret' IN :'answer');

CREATE FUNCTION t.check(id text, password text) RETURNS text LANGUAGE sql AS $$
  SELECT CASE WHEN r.password IS NULL THEN 'none' WHEN r.password = crypt($2, r.password) THEN 'match'
    ELSE 'no match' END FROM scim.resource r WHERE r.id = $1::uuid $$;
SELECT left(password, 7), length(password) FROM scim.resource
  WHERE id = :'id'; -- bcrypt with the cost of scim.password_cost
SELECT t.check(:'id', 's3cret-Ü'), t.check(:'id', 'S3cret-Ü');

-- Nowhere else: not in the row, in no view, in no answer, not by name (ATTR-14, ATTR-16).
SELECT position('s3cret' IN r::text) FROM scim.resource r WHERE id = :'id';
SELECT position('s3cret' IN u::text), u::text LIKE '%$2a$%' FROM scim.users u WHERE id = :'id';
SELECT doc ? 'password' FROM scim.resource WHERE id = :'id';
SELECT scim_get_user('acme', :'id') ? 'password', scim_get('acme', 'User', :'id', 'password') ? 'password',
  scim_get('acme', 'User', :'id', attributes => 'userName,PASSWORD')::text LIKE '%$2a$%';
SELECT resource ? 'password' FROM scim_search('acme', 'User', attributes => 'password');

-- Two equal passwords have two hashes.
SELECT scim_create_user('acme', '{"userName": "v", "password": "s3cret-Ü"}') ->> 'id' AS other \gset
SELECT count(DISTINCT password) FROM scim.resource WHERE password IS NOT NULL;

-- Changes: by PATCH and PUT; a PUT without it keeps it (PUT-03); each is a change of the resource.
SELECT t.show(scim_patch_user('acme', :'id',
  t.patch('{"op": "replace", "path": "password", "value": "two"}'))), t.check(:'id', 'two');
SELECT t.show(scim_patch_user('acme', :'id', t.patch('{"op": "replace", "value": {"PASSWORD": "three"}}'))),
  t.check(:'id', 'three');
SELECT t.show(scim_replace_user('acme', :'id', '{"userName": "u", "password": "four"}')), t.check(:'id',
  'four');
SELECT t.show(scim_replace_user('acme', :'id', '{"userName": "u"}')), t.check(:'id', 'four');
SELECT t.show(scim_patch_user('acme', :'id', t.patch('{"op": "remove", "path": "password"}'))), t.check(:'id',
  'four');
SELECT t.show(scim_patch_user('acme', :'id', t.patch('{"op": "add", "path": "password", "value": "five"}'))),
  t.check(:'id', 'five');
SELECT t.check(:'other', 's3cret-Ü');

-- What is no password.
SELECT scim_create_user('acme', '{"userName": "x", "password": 1}');
SELECT scim_create_user('acme', '{"userName": "x", "password": {"value": "x"}}');
SELECT t.show(scim_create_user('acme', '{"userName": "none", "password": null}'));
SELECT t.check(resource ->> 'id', '') FROM scim_search('acme', 'User', 'userName eq "none"');

-- A failed write leaves the old one.
SELECT scim_patch_user('acme', :'id',
  t.patch('[{"op": "replace", "path": "password", "value": "six"}, {"op": "remove"}]'));
SELECT t.check(:'id', 'five');

-- The cost is a setting.
SET scim.password_cost = 4;
SELECT scim_patch_user('acme', :'id',
  t.patch('{"op": "replace", "path": "password", "value": "seven"}')) IS NOT NULL;
SELECT left(password, 7) FROM scim.resource WHERE id = :'id';
SET scim.password_cost = 3;
RESET scim.password_cost;

-- Passwords cannot be searched (PASSWORD).
SELECT scim_search('acme', 'User', 'password pr');
SELECT scim_search('acme', 'User', 'password eq "five"');

DROP FUNCTION t.check;
SELECT scim_drop_directory('acme');
