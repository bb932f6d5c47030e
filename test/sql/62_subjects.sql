-- Tokens that stand for a user (RFC 7644 section 3.11).
\a \t
\set VERBOSITY sqlstate
SELECT FROM scim_create_directory('acme') a, scim_create_directory('other') b \g /dev/null
SELECT scim_create_user('acme', '{"userName": "me"}') ->> 'id' AS me,
       scim_create_user('other', '{"userName": "me"}') ->> 'id' AS stranger,
       scim_create_group('acme', '{"displayName": "g"}') ->> 'id' AS group \gset

-- The subject is a user of the directory.
SELECT scim_issue_token('acme', 'x', subject => :'stranger');
SELECT scim_issue_token('acme', 'x', subject => :'group');
SELECT scim_issue_token('acme', 'x', subject => gen_random_uuid());
SELECT scim_issue_token('nowhere', 'x', subject => :'me');
SELECT scim_issue_token('acme', 'none', subject => NULL) AS none,
       scim_issue_token('acme', 'me', subject => :'me') AS token,
       scim_issue_token('acme', 'me reads', '{read}', subject => :'me') AS reader \gset
SELECT label, subject_id = :'me' FROM scim.credential ORDER BY label;

-- ME-01, ME-03, ME-05: that user and no other, as far as the scopes go.
SELECT t.status('GET', '/scim/v2/Me', :'token'), t.status('GET', '/acme/scim/v2/Me', :'token'), t.status('GET', '/other/scim/v2/Me', :'token');
SELECT headers ->> 'Location' = 'https://scim.test/scim/v2/Users/' || :'me', body::jsonb ->> 'id' = :'me'
  FROM t.send('GET', '/scim/v2/Me', :'token', '', '{}');
SELECT t.status('GET', '/scim/v2/Me', :'reader'), t.status('DELETE', '/scim/v2/Me', :'reader'), t.status('GET', '/scim/v2/Me', :'none');

-- A user who is gone stays nobody, even when one of the same name comes.
SELECT status, headers ->> 'Location' = 'https://scim.test/scim/v2/Users/' || :'me' FROM t.send('DELETE', '/scim/v2/Me', :'token', '', '{}');
SELECT scim_create_user('acme', '{"userName": "me"}') ->> 'userName';
SELECT t.status('GET', '/scim/v2/Me', :'token'), t.status('DELETE', '/scim/v2/Me', :'token'), t.status('GET', '/scim/v2/Users?count=0', :'token');
SELECT count(scim_drop_directory(name)) FROM scim.directory;
