-- Two directories: nothing of one is reached from the other, by any function or endpoint (TEN-03).
\a \t
\set VERBOSITY sqlstate
SELECT (scim_create_directory('a')).name, (scim_create_directory('b')).name;
SELECT scim_issue_token('a', 'a') AS token_a, scim_issue_token('b', 'b') AS token_b \gset
SELECT scim_create_user('a', '{"userName": "mine", "externalId": "x"}') ->> 'id' AS mine, scim_create_user('b',
  '{"userName": "theirs", "externalId": "x", "title": "secret"}') ->> 'id' AS theirs \gset
SELECT scim_create_group('b', jsonb_build_object('displayName', 'their group', 'members',
  jsonb_build_array(jsonb_build_object('value', :'theirs')))) ->> 'id' AS gid, scim_create_group('a',
  '{"displayName": "my group"}') ->> 'id' AS my_gid \gset
CREATE TEMPORARY TABLE before AS SELECT r.* FROM scim.resource r JOIN scim.directory d USING (directory_id)
  WHERE d.name = 'b';

-- An id of the other directory is an id of nobody, to the letter.
CREATE FUNCTION t.refused(statement text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE statement;
  RETURN 'done';
EXCEPTION WHEN OTHERS THEN
  RETURN SQLSTATE || ' ' || t.mask(SQLERRM);
END
$$;
SELECT s, t.refused(format(s, :'theirs')) = t.refused(format(s, gen_random_uuid())),
  t.refused(format(s, :'theirs')) FROM unnest(ARRAY['SELECT scim_get_user(''a'', %L)',
  'SELECT scim_replace_user(''a'', %L, ''{"userName": "x"}'')',
  'SELECT scim_patch_user(''a'', %L, t.patch(''{"op": "add", "path": "title", "value": "x"}''))',
    'SELECT scim_delete_user(''a'', %L)', 'SELECT scim_get(''a'', ''User'', %L)',
    'SELECT scim_delete(''a'', ''User'', %L, ''*'')',
  'SELECT scim_create_group(''a'', jsonb_build_object(''displayName'', ''x'', ''members'', jsonb_build_array(jsonb_build_object(''value'', %L))))']) AS s;
SELECT s, t.refused(format(s, :'gid')) FROM unnest(ARRAY['SELECT scim_get_group(''a'', %L)',
  'SELECT scim_replace_group(''a'', %L, ''{"displayName": "x"}'')',
  'SELECT scim_patch_group(''a'', %L, t.patch(''{"op": "remove", "path": "members"}''))',
  'SELECT scim_delete_group(''a'', %L)',
  'SELECT scim_create_group(''a'', jsonb_build_object(''displayName'', ''x'', ''members'', jsonb_build_array(jsonb_build_object(''value'', %L))))']) AS s;
SELECT t.refused(format('SELECT scim_patch_group(''a'', %L, t.patch(''{"op": "add", "path": "members", "value": [{"value": "%s"}]}''))',
  :'my_gid', :'theirs'));
-- Removing a member that is another directory's is like removing nobody.
SELECT t.show(scim_patch_group('a', :'my_gid', t.patch(jsonb_build_object('op', 'remove', 'path',
  format('members[value eq "%s"]', :'theirs')))));

-- Queries: counts, filters by every stored value, all without a trace of the other.
SELECT t.find('a', f) FROM unnest(ARRAY['id pr', 'userName eq "theirs"', 'externalId eq "x"',
  'title eq "secret"', 'userName ne "mine"', 'not (userName eq "mine")', format('id eq "%s"', :'theirs'),
  'meta.created pr']) WITH ORDINALITY AS x(f, n) ORDER BY n;
SELECT count(*), max(total_results) FROM scim_search('a', 'User');
SELECT count(*), max(total_results) FROM scim_search('a', 'Group');

-- Over HTTP: with one's own token neither the path nor an id leads there; both answers are the same as for nobody's.
SELECT m, t.status(m, '/scim/v2/Users/' || :'theirs', :'token_a', b), t.status(m,
  '/b/scim/v2/Users/' || :'theirs', :'token_a', b), t.status(m, '/b/scim/v2/Users/' || :'theirs', NULL, b),
  (SELECT x.body = y.body AND x.headers = y.headers
    FROM t.http(m, '/scim/v2/Users/' || :'theirs', :'token_a', b) x, t.http(m,
    '/scim/v2/Users/' || gen_random_uuid(), :'token_a', b) y)
  FROM (VALUES ('GET', NULL), ('PUT', '{"userName": "x"}'), ('PATCH',
    t.patch('{"op": "add", "path": "title", "value": "x"}')::text), ('DELETE', NULL)) AS v(m, b);
SELECT m, t.status(m, '/scim/v2/Groups/' || :'gid', :'token_a', b)
  FROM (VALUES ('GET', NULL), ('PUT', '{"displayName": "x"}'), ('PATCH',
  t.patch('{"op": "remove", "path": "members"}')::text), ('DELETE', NULL)) AS v(m, b);
SELECT t.status('POST', '/scim/v2/Groups', :'token_a', jsonb_build_object('displayName', 'x', 'members',
  jsonb_build_array(jsonb_build_object('value', :'theirs')))::text);
SELECT body::jsonb -> 'totalResults' FROM t.http('GET', '/scim/v2/Users?filter=title%20pr', :'token_a');
SELECT body::jsonb -> 'totalResults' FROM t.http('POST', '/scim/v2/Users/.search', :'token_a',
  '{"schemas": ["urn:ietf:params:scim:api:messages:2.0:SearchRequest"], "filter": "title pr"}');
-- Which directories exist is not told: the same answer, to the letter.
SELECT (SELECT (h.status, h.headers, h.body)::text
  FROM t.http('GET', '/b/scim/v2/Users', :'token_a') h) = (SELECT (h.status, h.headers, h.body)::text
  FROM t.http('GET', '/nowhere/scim/v2/Users', :'token_a') h),
       (SELECT (h.status, h.headers, h.body)::text
         FROM t.http('GET', '/b/scim/v2/Users', NULL) h) = (SELECT (h.status, h.headers, h.body)::text
         FROM t.http('GET', '/nowhere/scim/v2/Users', NULL) h);

-- The setting scim.directory has no say over HTTP.
SET scim.directory = 'b';
SELECT body::jsonb -> 'Resources' -> 0 ->> 'userName' FROM t.http('GET', '/scim/v2/Users', :'token_a');
RESET scim.directory;

-- Uniqueness, switches, tokens and disabling are each directory's own.
SELECT scim_create_user('a', '{"userName": "theirs"}') ->> 'userName';
SELECT scim_alter_directory('b', settings => '{"max_page_size": 1}', profile => 'strict', enabled => false);
SELECT t.status('POST', '/scim/v2/Users', :'token_a', '{"userName": "still"}'), t.status('GET',
  '/scim/v2/Users', :'token_b');
SELECT scim_revoke_token('a', credential_id) FROM scim.credentials WHERE directory = 'b';

-- Nothing of the other changed.
SELECT count(*) FROM (SELECT r.* FROM scim.resource r JOIN scim.directory d USING (directory_id)
  WHERE d.name = 'b' EXCEPT SELECT * FROM before) AS changed;
SELECT scim_drop_directory('a');
SELECT count(*) FROM (SELECT * FROM before EXCEPT SELECT r.* FROM scim.resource r
  JOIN scim.directory d USING (directory_id) WHERE d.name = 'b') AS lost;
SELECT label FROM scim_verify_token(:'token_b');

DROP FUNCTION t.refused;
SELECT scim_drop_directory('b');
