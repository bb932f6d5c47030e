-- Where resources and memberships come from, and who may change them because of it.
\a \t
\set VERBOSITY terse
SELECT (scim_create_directory('cloud', profile => 'cloudsso', settings => '{"max_credentials": 3}')).name;
SELECT scim_issue_token('cloud', 'okta') AS token, scim_issue_token('cloud', 'second') AS second \gset
SELECT credential_id AS credential FROM scim.credentials WHERE label = 'okta' \gset
CREATE FUNCTION pg_temp.call(method text, path text, token text, body jsonb DEFAULT NULL)
  RETURNS TABLE (status int, body jsonb) LANGUAGE sql AS $fn$
  SELECT h.status, h.body::jsonb FROM scim_http($1, '/cloud/scim/v2' || $2,
    ARRAY['authorization', 'Bearer ' || $3, 'content-type', 'application/json', 'x-request-id', 'req-1'],
    convert_to(coalesce($4::text, ''), 'UTF8')) AS h $fn$;
CREATE FUNCTION pg_temp.patch(VARIADIC operations jsonb[]) RETURNS jsonb LANGUAGE sql AS $fn$
  SELECT jsonb_build_object('schemas', '["urn:ietf:params:scim:api:messages:2.0:PatchOp"]'::jsonb, 'Operations', to_jsonb($1)) $fn$;

-- Off at first (S1-11): reads are answered, nothing is pushed, local writes are free. (switch: synchronization)
SELECT status FROM pg_temp.call('GET', '/Users', :'token');
SELECT status, body ->> 'detail' FROM pg_temp.call('POST', '/Users', :'token', '{"userName": "wes"}');
SELECT status FROM pg_temp.call('POST', '/Bulk', :'token', '{}');
SELECT scim_create_user('cloud', '{"userName": "local"}') ->> 'id' AS local \gset
SELECT count(*) FROM scim.users;

-- On: what a client makes is managed and says by whom (S1-17).
SELECT endpoint, token IS NOT NULL FROM scim_enable_synchronization('cloud', 'enabled'); -- S3-10
SELECT status, body ->> 'id' AS wes FROM pg_temp.call('POST', '/Users', :'token', '{"userName": "wes", "active": true}') \gset
SELECT status, body ->> 'id' AS team FROM pg_temp.call('POST', '/Groups', :'token',
  jsonb_build_object('displayName', 'team', 'members', jsonb_build_array(jsonb_build_object('value', :'wes')))) \gset
SELECT user_name, managed, source, credential_id = :'credential' AS okta, request_id FROM scim.users ORDER BY user_name;
SELECT display_name, managed, source, credential_id = :'credential' AS okta, request_id FROM scim.groups;
SELECT managed, source, credential_id = :'credential' AS okta, request_id FROM scim.memberships;

-- Managed objects are not changed or deleted locally, whatever is tried (S1-19). (switch: protect_managed)
SELECT scim_patch_user('cloud', :'wes', pg_temp.patch('{"op": "replace", "path": "title", "value": "Cook"}'));
SELECT scim_replace_user('cloud', :'wes', '{"userName": "wes2"}');
SELECT scim_delete_user('cloud', :'wes');
SELECT scim_patch_group('cloud', :'team', pg_temp.patch('{"op": "replace", "path": "displayName", "value": "x"}'));
SELECT scim_patch_group('cloud', :'team', pg_temp.patch('{"op": "remove", "path": "members"}'));
SELECT scim_delete_group('cloud', :'team');
-- Their password and whether they may sign in are local business.
SELECT scim_patch_user('cloud', :'wes', pg_temp.patch('{"op": "replace", "path": "active", "value": false}')) ->> 'active';
SELECT scim_patch_user('cloud', :'wes', pg_temp.patch('{"op": "replace", "path": "password", "value": "correct horse"}')) ->> 'userName';
-- Nor is a managed membership of a local group, by either end.
SELECT scim_create_group('cloud', '{"displayName": "locals"}') ->> 'id' AS locals \gset
SELECT scim_patch_group('cloud', :'locals', pg_temp.patch(jsonb_build_object('op', 'add', 'path', 'members',
  'value', jsonb_build_array(jsonb_build_object('value', :'local'))))) ->> 'displayName';
UPDATE scim.membership SET managed = true WHERE member_id = :'local';
SELECT scim_patch_group('cloud', :'locals', pg_temp.patch('{"op": "remove", "path": "members"}'));
SELECT scim_delete_user('cloud', :'local');
SELECT scim_delete_group('cloud', :'locals');
UPDATE scim.membership SET managed = false WHERE member_id = :'local';
SELECT scim_patch_user('cloud', :'local', pg_temp.patch('{"op": "replace", "path": "title", "value": "Cook"}')) ->> 'title';

-- A client that writes to a local user takes him over here. (switch: unmanaged_action)
SELECT status FROM pg_temp.call('PATCH', '/Users/' || :'local', :'second', pg_temp.patch('{"op": "replace", "path": "title", "value": "Cook"}'));
SELECT managed, credential_id = (SELECT credential_id FROM scim.credentials WHERE label = 'second') FROM scim.users WHERE id = :'local';
SELECT scim_delete_user('cloud', :'local');

-- Off: clients are refused, everything is changed and deleted locally (S1-19).
SELECT scim_alter_directory('cloud', settings => '{"synchronization": false}');
SELECT status FROM pg_temp.call('PATCH', '/Users/' || :'wes', :'token', pg_temp.patch('{"op": "replace", "path": "title", "value": "Cook"}'));
SELECT status FROM pg_temp.call('DELETE', '/Users/' || :'wes', :'token');
SELECT status FROM pg_temp.call('GET', '/Users/' || :'wes', :'token');
SELECT scim_patch_user('cloud', :'wes', pg_temp.patch('{"op": "replace", "path": "title", "value": "Cook"}')) ->> 'title';
SELECT scim_delete_user('cloud', :'wes'), scim_delete_group('cloud', :'team');
SELECT count(*) FROM scim.users;
SELECT scim_alter_directory('cloud', settings => '{"synchronization": true}');
SELECT status FROM pg_temp.call('POST', '/Users', :'token', '{"userName": "wes"}');

-- Handing over by hand, for a directory that refuses its clients what is local (S4-07). (switch: unmanaged_action)
SELECT (scim_create_directory('asa', profile => 'asa')).name;
SELECT scim_create_user('asa', '{"userName": "old"}') ->> 'id' AS old \gset
SELECT scim_issue_token('asa', 'okta') AS asa \gset
SELECT status, body::jsonb ->> 'detail' FROM scim_http('DELETE', '/asa/scim/v2/Users/' || :'old', ARRAY['authorization', 'Bearer ' || :'asa'], '');
SELECT scim_adopt('asa', gen_random_uuid());
SELECT scim_adopt('asa', :'old');
SELECT managed, source, credential_id, request_id FROM scim.users WHERE id = :'old';
SELECT scim_delete_user('asa', :'old');
SELECT status FROM scim_http('DELETE', '/asa/scim/v2/Users/' || :'old', ARRAY['authorization', 'Bearer ' || :'asa'], '');

-- What a source is called (S0-32). (switch: source_name)
SELECT scim_alter_directory('cloud', settings => '{"source_name": "HR"}');
SELECT DISTINCT source FROM scim.users WHERE managed;
SELECT scim_alter_directory('cloud', settings => '{"source_name": null}', profile => 'ram');
SELECT DISTINCT source FROM scim.users WHERE managed;

-- Two tokens at once (S1-10), for AWS too.
SELECT (scim_create_directory(name, profile => name)).name FROM unnest(ARRAY['cloudsso', 'aws']) AS name;
SELECT count(scim_issue_token(name, 'token ' || n)) FROM unnest(ARRAY['cloudsso', 'aws']) AS name, generate_series(1, 2) AS n;
SELECT scim_issue_token('cloudsso', 'third');
SELECT scim_issue_token('aws', 'third');

SELECT count(scim_drop_directory(name)) FROM scim.directory;
