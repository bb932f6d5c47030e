-- The memory of answers is kept for the next one: none shows in another, whether it is large, an error, within another
-- request, or beside another one in the same expression.
\a \t
SELECT FROM scim_create_directory('acme');
SELECT scim_issue_token('acme', 't') AS token \gset
CREATE FUNCTION pg_temp.get(token text, path text) RETURNS text LANGUAGE sql VOLATILE AS $$
  SELECT concat_ws(' ', status, headers::text, body) FROM scim_http('GET', '/scim/v2' || path, ARRAY['authorization', 'Bearer ' || token], '')
$$;
CREATE FUNCTION pg_temp.post(token text, path text, body text) RETURNS text LANGUAGE sql VOLATILE AS $$
  SELECT concat_ws(' ', h.status, h.body) FROM scim_http('POST', '/scim/v2' || path,
    ARRAY['authorization', 'Bearer ' || token, 'content-type', 'application/json'], convert_to(post.body, 'UTF8')) AS h
$$;
CREATE FUNCTION pg_temp.status(token text, method text, path text) RETURNS int LANGUAGE sql VOLATILE AS $$
  SELECT status FROM scim_http(method, '/scim/v2' || path, ARRAY['authorization', 'Bearer ' || token], '')
$$;

-- Users of 100 kB each, and a small one; each path is answered as at first, whatever came before.
SELECT count(scim_create_user('acme', jsonb_build_object('userName', 'big' || i, 'title', repeat('x', 100000)))) FROM generate_series(1, 15) i;
SELECT scim_create_user('acme', '{"userName": "small"}') ->> 'id' AS small \gset
CREATE TEMP TABLE path (n int, path text);
INSERT INTO path VALUES (1, '/Users/' || :'small'), (2, '/Users'), (3, '/Users?filter=x'), (4, '/Nowhere'), (5, '/Users?count=0'), (6, '/Users?count=10'), (7, '/Users?count=11');
CREATE TEMP TABLE first_answer AS SELECT n, path, pg_temp.get(:'token', path) AS answer FROM path ORDER BY n;
SELECT n, left(answer, 3), length(answer) > 1024 * 1024 AS large FROM first_answer ORDER BY n;
SELECT a.path, b.path FROM first_answer a, first_answer b
  WHERE (pg_temp.get(:'token', a.path), pg_temp.get(:'token', b.path), pg_temp.get(:'token', a.path)) IS DISTINCT FROM (a.answer, b.answer, a.answer);

-- Two calls in one expression: each keeps its own answer, kept or large.
SELECT a.n, b.n FROM first_answer a, first_answer b, LATERAL (
    SELECT scim_http('GET', '/scim/v2' || a.path, ARRAY['authorization', 'Bearer ' || :'token'], '') AS x,
           scim_http('GET', '/scim/v2' || b.path, ARRAY['authorization', 'Bearer ' || :'token'], '') AS y OFFSET 0) AS both_of
  WHERE (concat_ws(' ', (x).status, (x).headers::text, (x).body), concat_ws(' ', (y).status, (y).headers::text, (y).body)) IS DISTINCT FROM (a.answer, b.answer);

-- A request within a request: a trigger of the application asks for a list while a user is made, also in a bulk request and in
-- one that fails.
CREATE TABLE t.inner_answer (answer text);
CREATE FUNCTION t.ask() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
  INSERT INTO t.inner_answer SELECT concat_ws(' ', status, (body::jsonb ->> 'totalResults')) FROM scim_http('GET', '/scim/v2/Users?count=' || (TG_ARGV[0]),
    ARRAY['authorization', 'Bearer ' || current_setting('t.token')], '');
  RETURN NULL;
END $$;
SET t.token = :'token';
CREATE TRIGGER ask_little AFTER INSERT OR DELETE ON scim.resource FOR EACH ROW EXECUTE FUNCTION t.ask('1');
CREATE TRIGGER ask_much AFTER INSERT ON scim.resource FOR EACH ROW EXECUTE FUNCTION t.ask('100');
SELECT t.mask(pg_temp.post(:'token', '/Users', '{"userName": "outer"}'));
SELECT * FROM t.inner_answer;
SELECT t.mask(pg_temp.post(:'token', '/Users', '{"userName": "outer"}'));
SELECT t.mask(pg_temp.post(:'token', '/Bulk', '{"schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"], "Operations": [
  {"method": "POST", "path": "/Users", "bulkId": "1", "data": {"userName": "outer"}}, {"method": "POST", "path": "/Users", "bulkId": "2", "data": {"userName": "outer 2"}}]}'));
SELECT * FROM t.inner_answer;
SELECT pg_temp.status(:'token', 'DELETE', '/Users/' || id) FROM scim_search('acme', 'User', 'userName eq "outer"');
SELECT * FROM t.inner_answer;
DROP TRIGGER ask_little ON scim.resource;
DROP TRIGGER ask_much ON scim.resource;
DROP FUNCTION t.ask;
DROP TABLE t.inner_answer;

-- A request that ends in an error which is no answer leaves nothing behind either.
CREATE FUNCTION t.fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE division_by_zero; END $$;
CREATE TRIGGER fail AFTER INSERT ON scim.resource FOR EACH ROW EXECUTE FUNCTION t.fail();
\set VERBOSITY sqlstate
SELECT pg_temp.post(:'token', '/Users', '{"userName": "failed"}');
DROP TRIGGER fail ON scim.resource;
DROP FUNCTION t.fail;
SELECT count(scim_delete_user('acme', id)) FROM scim_search('acme', 'User', 'userName sw "outer"');
SELECT n FROM first_answer WHERE pg_temp.get(:'token', path) <> answer;

SELECT scim_drop_directory('acme');
