-- Errors: one SQLSTATE each, and over HTTP one status and scimType each (RFC 7644 section 3.12), in one form.
\a \t
SELECT (scim_create_directory('acme', profile => 'strict')).name;
SELECT scim_issue_token('acme', 'all') AS token, scim_issue_token('acme', 'r', '{read}') AS reader \gset
SELECT scim_create_user('acme',
  '{"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": "u"}') ->> 'id' AS id \gset

-- Each error a client can get, by a request that gets it: status, scimType; the form is checked below.
CREATE TABLE t.errors AS
SELECT n, x.why, h.status, h.headers, h.body FROM (VALUES
  (1, 'invalidFilter', 'GET', '/scim/v2/Users?filter=x', :'token', NULL, '{}'::text[]),
  (2, 'uniqueness', 'POST', '/scim/v2/Users', :'token',
    '{"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": "U"}', '{}'),
  (3, 'mutability', 'PATCH', '/scim/v2/Users/' || :'id', :'token',
    '{"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": [{"op": "replace", "path": "id", "value": "x"}]}',
    '{}'),
  (4, 'invalidSyntax', 'POST', '/scim/v2/Users', :'token', '{', '{}'),
  (5, 'invalidPath', 'PATCH', '/scim/v2/Users/' || :'id', :'token',
    '{"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": [{"op": "replace", "path": "/a", "value": "x"}]}',
    '{}'),
  (6, 'noTarget', 'PATCH', '/scim/v2/Users/' || :'id', :'token',
    '{"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": [{"op": "replace", "path": "emails[type eq \"x\"].value", "value": "x"}]}',
    '{}'),
  (7, 'invalidValue', 'POST', '/scim/v2/Users', :'token',
    '{"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"]}', '{}'),
  (8, 'invalidVers', 'GET', '/scim/v1/Users', :'token', NULL, '{}'),
  (9, 'bad If-Match', 'DELETE', '/scim/v2/Users/' || :'id', :'token', NULL, '{if-match,"\""}'),
  (10, 'no token', 'GET', '/scim/v2/Users', NULL, NULL, '{}'),
  (11, 'scope', 'DELETE', '/scim/v2/Users/' || :'id', :'reader', NULL, '{}'),
  (12, 'discovery filter', 'GET', '/scim/v2/Schemas?filter=x', :'token', NULL, '{}'),
  (13, 'not found', 'GET', '/scim/v2/Users/x', :'token', NULL, '{}'),
  (14, 'method', 'DELETE', '/scim/v2/Users', :'token', NULL, '{}'),
  (15, 'not acceptable', 'GET', '/scim/v2/Users', :'token', NULL, '{accept,text/html}'),
  (16, 'precondition', 'DELETE', '/scim/v2/Users/' || :'id', :'token', NULL, '{if-match,"W/\"7\""}'),
  (17, 'too large', 'POST', '/scim/v2/Users', :'token', repeat(' ', 1048577), '{}'),
  (18, 'media type', 'POST', '/scim/v2/Users', :'token', NULL, '{content-type,text/plain}'),
  (19, 'not offered', 'GET', '/scim/v2/Me', :'token', NULL, '{}')
) AS x(n, why, method, target, token, body, headers), t.http(x.method, x.target, x.token, x.body, x.headers) h;
SELECT why, status, body::jsonb ->> 'scimType' FROM t.errors ORDER BY n;

-- The form: URN, status as a string and the same as the status, a detail, nothing else (ERR-01, ERR-02).
SELECT why, body FROM t.errors WHERE body::jsonb - 'scimType' - 'detail' <> jsonb_build_object('schemas',
  '["urn:ietf:params:scim:api:messages:2.0:Error"]'::jsonb, 'status', status::text)
  OR coalesce(body::jsonb ->> 'detail', '') = ''
    OR headers::jsonb ->> 'Content-Type' <> 'application/scim+json';
-- No names of tables, functions or files (ERR-04).
SELECT why, body FROM t.errors WHERE body ~* 'scim\.|relation|constraint|pg_|\.c\y|select|insert';

-- The same by SQL: SQLSTATE of class SC (ERR-05).
\set VERBOSITY sqlstate
SELECT scim_search('acme', 'User', 'x');
SELECT scim_create_user('acme', '{"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": "U"}');
SELECT scim_patch_user('acme', :'id', t.patch('{"op": "replace", "path": "id", "value": "x"}'));
SELECT scim_create_user('acme', '[]');
SELECT scim_patch_user('acme', :'id', t.patch('{"op": "replace", "path": "/a", "value": "x"}'));
SELECT scim_patch_user('acme', :'id',
  t.patch('{"op": "replace", "path": "emails[type eq \"x\"].value", "value": "x"}'));
SELECT scim_create_user('acme', '{"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"]}');
SELECT scim_delete('acme', 'User', :'id', '"');
SELECT scim_delete('acme', 'User', :'id', 'W/"7"');
SELECT scim_get_user('acme', 'x');
-- PL/pgSQL can tell them apart.
DO $$
BEGIN
  PERFORM scim_get_user('acme', 'x');
EXCEPTION WHEN SQLSTATE 'SC404' THEN
  RAISE NOTICE 'not there';
END
$$;

-- Constraints of the application become answers, too: they name none of its tables.
CREATE TABLE t.account (directory_id int, user_id uuid, PRIMARY KEY (directory_id, user_id),
  FOREIGN KEY (directory_id, user_id) REFERENCES scim.resource (directory_id, id));
INSERT INTO t.account SELECT directory_id, id FROM scim.users WHERE directory = 'acme';
SELECT status, body FROM t.http('DELETE', '/scim/v2/Users/' || :'id', :'token');
CREATE FUNCTION t.refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NEW.doc ->> 'title' = 'Boss' THEN RAISE 'no bosses' USING ERRCODE = 'check_violation'; END IF; IF NEW.doc ->> 'title' = 'King' THEN RAISE 'no kings' USING ERRCODE = 'SC403'; END IF; RETURN NEW; END $$;
CREATE TRIGGER refuse BEFORE INSERT OR UPDATE ON scim.resource FOR EACH ROW EXECUTE FUNCTION t.refuse();
SELECT status, body FROM t.http('PATCH', '/scim/v2/Users/' || :'id', :'token',
  t.patch('{"op": "add", "path": "title", "value": "Boss"}')::text);
SELECT status, body FROM t.http('PATCH', '/scim/v2/Users/' || :'id', :'token',
  t.patch('{"op": "add", "path": "title", "value": "King"}')::text);
SELECT t.show(scim_get_user('acme', :'id'));
-- What is nobody's fault but the application's is not for the client: it goes on to the bridge.
CREATE OR REPLACE FUNCTION t.refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW.nothing; END $$;
SELECT status, body FROM t.http('PATCH', '/scim/v2/Users/' || :'id', :'token',
  t.patch('{"op": "add", "path": "title", "value": "x"}')::text);
DROP TRIGGER refuse ON scim.resource;

-- After an error the session goes on as before.
SELECT t.status('GET', '/scim/v2/Users/' || :'id', :'token');
BEGIN;
SELECT t.status('POST', '/scim/v2/Users', :'token', '{'), t.status('POST', '/scim/v2/Users', :'token',
  '{"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": "after"}');
SELECT t.find('acme', 'userName eq "after"');
ROLLBACK;

DROP TABLE t.account, t.errors;
DROP FUNCTION t.refuse;
SELECT scim_drop_directory('acme');
