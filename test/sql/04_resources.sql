-- Create, get, replace, patch and delete by the SQL API, generic, for users and for groups.
\a \t
\set VERBOSITY sqlstate
SELECT * FROM scim_create_directory('acme');

-- Create (RFC 7644 section 3.3): the whole stored resource comes back.
SELECT t.mask(scim_create_user('acme', '{
  "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"],
  "userName": "bjensen", "externalId": "701984", "name": {"familyName": "Jensen", "givenName": "Barbara"},
  "emails": [{"value": "bjensen@example.com", "type": "work", "primary": true}, {"value": "babs@jensen.org", "type": "home"}],
  "active": true,
  "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"employeeNumber": "701984", "manager": {"value": "26118915"}}}')::text);

-- id, meta and other readOnly values of the client are ignored (ID-03, ID-06, POST-03).
SELECT r ->> 'id' <> 'mine', r -> 'meta' ->> 'resourceType', r -> 'meta' ->> 'version', r ? 'groups',
  r -> 'meta' -> 'created' = r -> 'meta' -> 'lastModified'
FROM scim_create_user('acme',
  '{"id": "mine", "userName": "a", "meta": {"resourceType": "Group", "version": "W/\"9\"", "created": "2001-01-01T00:00:00Z"}, "groups": [{"value": "x"}]}') AS r;

-- Names in any case, null and [] as absent, schema spelling in answers (RES-11, RES-13).
SELECT t.show(scim_create_user('acme', '{"USERNAME": "b", "nickname": null, "EMAILS": [], "Name": {"GIVENNAME": "B", "familyName": null}, "phoneNumbers": [null],
  "URN:IETF:params:scim:schemas:extension:enterprise:2.0:USER": {"costcenter": "4130", "manager": {}}}'));

-- Element order is kept (MV-05); equal elements are stored once (MV-02).
SELECT t.show(scim_create_user('acme',
  '{"userName": "c", "emails": [{"value": "z@x"}, {"value": "a@x"}, {"value": "z@x"}]}'));

-- Get by id; the id is that of this type only (GET-03).
SELECT resource ->> 'id' AS id FROM scim_search('acme', 'User', 'userName eq "c"') \gset
SELECT t.show(scim_get_user('acme', :'id')), t.show(scim_get('acme', 'User', :'id'));
SELECT scim_get_user('acme', upper(:'id')) ->> 'userName';
SELECT scim_get_group('acme', :'id');
SELECT scim_get_user('acme', gen_random_uuid()::text);
SELECT scim_get_user('acme', 'no uuid');
SELECT scim_get_user('acme', '');
SELECT scim_get_user('acme', NULL);
SELECT scim_get_user('nowhere', :'id');
SELECT scim_get('acme', 'user', :'id');
SELECT scim_get('acme', 'Device', :'id');

-- Replace (RFC 7644 section 3.5.1): what is left out is gone, but for active (PUT-03).
SELECT t.show(scim_replace_user('acme', :'id', '{"userName": "c", "active": false, "title": "Guide"}'));
SELECT t.show(scim_replace_user('acme', :'id',
  '{"userName": "c2", "id": "other", "meta": {"version": "x"}, "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"]}'));
-- The same once more changes nothing, neither version nor lastModified (ID-11).
SELECT scim_get_user('acme', :'id') AS before \gset
SELECT scim_replace_user('acme', :'id', '{"userName": "c2"}') = :'before'::jsonb;
SELECT scim_replace_user('acme', :'id', '{"active": true}');
SELECT scim_replace_user('acme', gen_random_uuid()::text, '{"userName": "d"}');
SELECT scim_replace_user('acme', :'id', NULL);

-- Patch (RFC 7644 section 3.5.2), and nothing on a failure.
SELECT t.show(scim_patch_user('acme', :'id',
  t.patch('{"op": "add", "value": {"nickName": "C", "title": "Chief"}}')));
SELECT scim_patch_user('acme', :'id',
  t.patch('[{"op": "replace", "path": "title", "value": "X"}, {"op": "remove"}]'));
SELECT t.show(scim_get_user('acme', :'id'));

-- If-Match (RFC 7644 section 3.14): any form of the version, lists, *; stale is SC412, nonsense SC400.
SELECT t.show(scim_patch('acme', 'User', :'id', t.patch('{"op": "replace", "path": "title", "value": "1"}'),
  'W/"4"'));
SELECT t.show(scim_patch('acme', 'User', :'id', t.patch('{"op": "replace", "path": "title", "value": "2"}'),
  '"5"'));
SELECT t.show(scim_patch('acme', 'User', :'id', t.patch('{"op": "replace", "path": "title", "value": "3"}'),
  '6'));
SELECT t.show(scim_patch('acme', 'User', :'id', t.patch('{"op": "replace", "path": "title", "value": "4"}'),
  '"1", W/"7"'));
SELECT t.show(scim_patch('acme', 'User', :'id', t.patch('{"op": "replace", "path": "title", "value": "5"}'),
  '*'));
SELECT scim_patch('acme', 'User', :'id', t.patch('{"op": "replace", "path": "title", "value": "6"}'), 'W/"8"');
SELECT scim_replace('acme', 'User', :'id', '{"userName": "e"}', 'W/"8"');
SELECT scim_delete('acme', 'User', :'id', 'W/"8"');
SELECT scim_delete('acme', 'User', :'id', 'W/"');
SELECT t.show(scim_get_user('acme', :'id'));

-- Delete (RFC 7644 section 3.6): for good, and the userName is free (DEL-02, POST-11).
SELECT scim_delete('acme', 'User', :'id', 'W/"9"');
SELECT scim_get_user('acme', :'id');
SELECT scim_delete_user('acme', :'id');
SELECT scim_patch_user('acme', :'id', t.patch('{"op": "replace", "path": "title", "value": "6"}'));
SELECT scim_replace_user('acme', :'id', '{"userName": "c2"}');
SELECT t.find('acme', 'userName sw "c"');
SELECT t.show(scim_create_user('acme', '{"userName": "c2"}'));

-- A PATCH is validated before the id is looked up.
SELECT scim_patch_user('acme', :'id', '{"Operations": []}');

-- Groups (RFC 7643 section 4.2).
SELECT scim_create_group('acme', '{"displayName": "Tour Guides", "externalId": "g1"}') ->> 'id' AS gid \gset
SELECT t.mask(scim_get_group('acme', :'gid')::text);
SELECT t.show(scim_replace_group('acme', :'gid', '{"displayName": "Guides"}'));
SELECT t.show(scim_patch_group('acme', :'gid',
  t.patch('{"op": "replace", "path": "displayName", "value": "Leaders"}')));
SELECT scim_replace_group('acme', :'gid', '{"externalId": "g1"}');
SELECT scim_create_group('acme', '{"displayName": ""}');
SELECT scim_create_group('acme',
  '{"displayName": "LEADERS"}'); -- taken, in this profile
SELECT scim_delete_group('acme', :'gid');
SELECT scim_get_group('acme', :'gid');

-- The generic functions are the same.
SELECT scim_create('acme', 'Group', '{"displayName": "generic"}') ->> 'id' AS gid \gset
SELECT t.show(scim_replace('acme', 'Group', :'gid', '{"displayName": "generic 2"}'));
SELECT t.show(scim_patch('acme', 'Group', :'gid',
  t.patch('{"op": "add", "path": "externalId", "value": "x"}')));
SELECT t.show(scim_get('acme', 'Group', :'gid'));
SELECT scim_delete('acme', 'Group', :'gid');
SELECT scim_create('acme', 'Device', '{}');
SELECT scim_create('acme', NULL, '{}');

-- Overloads without a directory use the setting.
SET scim.directory = 'acme';
SELECT scim_create_user('{"userName": "set"}') ->> 'id' AS id \gset
SELECT t.show(scim_get_user(:'id')), t.show(scim_get('User', :'id'));
SELECT t.show(scim_replace_user(:'id', '{"userName": "set", "title": "1"}')),
  t.show(scim_replace('User', :'id', '{"userName": "set", "title": "2"}'));
SELECT t.show(scim_patch_user(:'id', t.patch('{"op": "add", "path": "title", "value": "3"}'))),
       t.show(scim_patch('User', :'id', t.patch('{"op": "add", "path": "title", "value": "4"}')));
SELECT scim_delete_user(:'id');
SELECT scim_delete('User', scim_create('User', '{"userName": "set"}') ->> 'id');
SELECT scim_create_group('{"displayName": "set"}') ->> 'id' AS id \gset
SELECT t.show(scim_get_group(:'id')), t.show(scim_replace_group(:'id', '{"displayName": "set 2"}'));
SELECT t.show(scim_patch_group(:'id', t.patch('{"op": "replace", "path": "displayName", "value": "set 3"}')));
SELECT scim_delete_group(:'id');
SELECT count(*) FROM scim_search(resource_type => 'Group', filter => 'displayName sw "set"');
RESET scim.directory;
SELECT scim_get_user(:'id');

-- Locations begin with scim.base_url (ID-09).
SET scim.base_url = 'https://id.example.com';
SELECT t.mask(resource -> 'meta' ->> 'location') FROM scim_search('acme', 'User', 'userName eq "bjensen"');
RESET scim.base_url;

-- All in one transaction with the application: it rolls back together.
BEGIN;
SELECT scim_create_user('acme', '{"userName": "undone"}') ->> 'userName';
SELECT t.find('acme', 'userName eq "undone"');
ROLLBACK;
SELECT t.find('acme', 'userName eq "undone"');

SELECT scim_drop_directory('acme');
