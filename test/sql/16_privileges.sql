-- What each role may do, and that nobody can have the functions do something else.
\a \t
\set VERBOSITY sqlstate
SELECT (scim_create_directory('acme')).name;
SELECT scim_issue_token('acme', 't') AS token \gset
SELECT scim_create_user('acme', '{"userName": "u"}') ->> 'id' AS id \gset
CREATE ROLE regress_scim_nobody;
CREATE ROLE regress_scim_bridge IN ROLE scim_service;
CREATE ROLE regress_scim_reader IN ROLE scim_reader;
CREATE ROLE regress_scim_admin IN ROLE scim_admin;
GRANT USAGE ON SCHEMA t TO PUBLIC;

-- Tries a statement as the current role.
CREATE FUNCTION t.try(statement text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE statement;
  RETURN 'may';
EXCEPTION WHEN insufficient_privilege THEN
  RETURN '-';
WHEN OTHERS THEN
  RETURN SQLSTATE;
END
$$;
CREATE TABLE t.statements (n int GENERATED ALWAYS AS IDENTITY, statement text);
INSERT INTO t.statements (statement) VALUES
  ('SELECT * FROM scim_http(''GET'', ''/scim/v2/Users'', ''{}'', '''')'), ('SELECT scim_verify_token(''x'')'),
    ('SELECT scim_create_directory(''x'')'), ('SELECT scim_alter_directory(''acme'')'),
    ('SELECT scim_drop_directory(''x'')'),
  ('SELECT scim_issue_token(''acme'', ''x'')'), ('SELECT scim_revoke_token(''acme'', gen_random_uuid())'),
    ('SELECT scim_create_user(''acme'', ''{"userName": "x"}'')'), ('SELECT scim_search(''acme'', ''User'')'),
    ('SELECT scim_get_user(''acme'', ''x'')'),
  ('SELECT scim_delete_user(''acme'', ''x'')'), ('SELECT scim_explain(''acme'', ''User'', ''userName pr'')'),
    ('SELECT * FROM scim.users'), ('SELECT * FROM scim.groups'), ('SELECT * FROM scim.memberships'),
    ('SELECT * FROM scim.credentials'),
  ('SELECT * FROM scim.resource'), ('SELECT * FROM scim.credential'), ('SELECT * FROM scim.directory'),
    ('SELECT * FROM scim.profile'), ('UPDATE scim.profile SET settings = settings WHERE name = ''none'''),
    ('UPDATE scim.resource SET version = 7'), ('DELETE FROM scim.credential'),
    ('INSERT INTO scim.membership VALUES (1)'),
  ('TRUNCATE scim.resource'), ('SELECT nextval(''scim.version_seq'')'), ('SELECT scim.new_token()'),
    ('SELECT scim.hash_token(''x'')'), ('SELECT scim.directory_id(''acme'')'),
    ('SELECT scim.check_settings(''{}'')'), ('SELECT scim.match(''{}'', 1, 1::smallint, ''id pr'')'),
  ('CREATE TABLE scim.x ()'), ('CREATE VIEW scim.x AS SELECT 1'), ('DROP TABLE scim.credential'),
    ('ALTER TABLE scim.credential DISABLE TRIGGER ALL'),
    ('ALTER FUNCTION scim_http(text, text, text[], bytea) SECURITY INVOKER'), ('SET ROLE scim_owner'),
    ('SET scim.max_body_size = 1'), ('SET scim.password_cost = 4'), ('SET scim.directory = ''acme''');
CREATE TABLE t.may (role text, n int, may text);
GRANT SELECT ON t.statements TO PUBLIC;
GRANT INSERT ON t.may TO PUBLIC;
SET SESSION AUTHORIZATION regress_scim_nobody;
INSERT INTO t.may SELECT current_user, n, t.try(statement) FROM t.statements ORDER BY n;
SET SESSION AUTHORIZATION regress_scim_bridge;
INSERT INTO t.may SELECT current_user, n, t.try(statement) FROM t.statements ORDER BY n;
SET SESSION AUTHORIZATION regress_scim_reader;
INSERT INTO t.may SELECT current_user, n, t.try(statement) FROM t.statements ORDER BY n;
SET SESSION AUTHORIZATION regress_scim_admin;
INSERT INTO t.may SELECT current_user, n, t.try(statement) FROM t.statements ORDER BY n;
RESET SESSION AUTHORIZATION;
SELECT statement, max(may) FILTER (WHERE role ~ 'nobody') AS nobody, max(may)
  FILTER (WHERE role ~ 'bridge') AS bridge, max(may) FILTER (WHERE role ~ 'reader') AS reader, max(may)
  FILTER (WHERE role ~ 'admin') AS admin
FROM t.statements JOIN t.may USING (n) GROUP BY n, statement ORDER BY n;

-- A role without rights gets through the bridge's function just what the token allows.
SET SESSION AUTHORIZATION regress_scim_bridge;
SELECT status FROM scim_http('GET', '/scim/v2/Users', ARRAY['authorization', 'Bearer ' || :'token'], '');
SELECT status FROM scim_http('POST', '/scim/v2/Users', ARRAY['authorization', 'Bearer ' || :'token',
  'content-type', 'application/scim+json'], '{"userName": "by the bridge", "password": "secret"}');
-- A write never runs as a superuser, and the caller's role is back afterwards.
SELECT current_user;
RESET SESSION AUTHORIZATION;
SELECT rolsuper FROM pg_roles WHERE rolname = (SELECT proowner::regrole::text FROM pg_proc
  WHERE proname = 'scim_http');

-- Hijacking by search_path: operators, functions, casts and tables of the caller's, also temporary ones, are not used.
CREATE SCHEMA regress_evil;
GRANT ALL ON SCHEMA regress_evil TO PUBLIC;
GRANT TEMPORARY ON DATABASE contrib_regression TO PUBLIC;
SET SESSION AUTHORIZATION regress_scim_bridge;
CREATE FUNCTION regress_evil.eq(int, int) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN RAISE 'hijacked'; END $$;
CREATE OPERATOR regress_evil.= (LEFTARG = int, RIGHTARG = int, FUNCTION = regress_evil.eq);
CREATE FUNCTION regress_evil.eq(bytea,
  bytea) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN RAISE 'hijacked'; END $$;
CREATE OPERATOR regress_evil.= (LEFTARG = bytea, RIGHTARG = bytea, FUNCTION = regress_evil.eq);
CREATE FUNCTION regress_evil.eq(text,
  text) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN RAISE 'hijacked'; END $$;
CREATE OPERATOR regress_evil.= (LEFTARG = text, RIGHTARG = text, FUNCTION = regress_evil.eq);
CREATE FUNCTION regress_evil.eq(uuid,
  uuid) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN RAISE 'hijacked'; END $$;
CREATE OPERATOR regress_evil.= (LEFTARG = uuid, RIGHTARG = uuid, FUNCTION = regress_evil.eq);
CREATE FUNCTION regress_evil.now() RETURNS timestamptz LANGUAGE plpgsql AS $$ BEGIN RAISE 'hijacked'; END $$;
CREATE FUNCTION regress_evil.clock_timestamp() RETURNS timestamptz LANGUAGE plpgsql AS $$ BEGIN RAISE 'hijacked'; END $$;
CREATE FUNCTION regress_evil.count(bigint) RETURNS bigint LANGUAGE plpgsql AS $$ BEGIN RAISE 'hijacked'; END $$;
CREATE FUNCTION regress_evil.unnest(uuid[]) RETURNS SETOF uuid LANGUAGE plpgsql AS $$ BEGIN RAISE 'hijacked'; END $$;
CREATE FUNCTION regress_evil.crypt(text,
  text) RETURNS text LANGUAGE plpgsql AS $$ BEGIN RAISE 'hijacked'; END $$;
CREATE FUNCTION regress_evil.gen_salt(text,
  int) RETURNS text LANGUAGE plpgsql AS $$ BEGIN RAISE 'hijacked'; END $$;
CREATE FUNCTION regress_evil.scim_create(text, text,
  jsonb) RETURNS jsonb LANGUAGE plpgsql AS $$ BEGIN RAISE 'hijacked'; END $$;
CREATE TEMPORARY TABLE resource (directory_id int, id uuid);
CREATE TEMPORARY TABLE credential (hash bytea);
CREATE TEMPORARY TABLE pg_extension (extname name, extnamespace oid);
CREATE TEMPORARY TABLE int4 (x int);
SET search_path = regress_evil, pg_temp, pg_catalog;
SELECT status FROM scim_http('GET', '/scim/v2/Users?filter=userName%20sw%20%22u%22', ARRAY['authorization',
  'Bearer ' || :'token'], '');
SELECT status FROM scim_http('POST', '/scim/v2/Users', ARRAY['authorization', 'Bearer ' || :'token',
  'content-type', 'application/scim+json'], '{"userName": "evil", "password": "secret"}');
SELECT status FROM scim_http('POST', '/scim/v2/Groups', ARRAY['authorization', 'Bearer ' || :'token',
  'content-type', 'application/scim+json'],
  convert_to('{"displayName": "evil", "members": [{"value": "' OPERATOR(pg_catalog.||) :'id' OPERATOR(pg_catalog.||) '"}]}',
  'UTF8'));
SELECT status FROM scim_http('DELETE', '/scim/v2/Users/' OPERATOR(pg_catalog.||) :'id', ARRAY['authorization',
  'Bearer ' OPERATOR(pg_catalog.||) :'token'], '');
SELECT label FROM scim_verify_token(:'token');
RESET search_path;
SET SESSION AUTHORIZATION regress_scim_admin;
SET search_path = regress_evil, pg_catalog;
SELECT scim_create_user('acme', '{"userName": "by the admin", "password": "x"}') ->> 'userName';
SELECT resource ->> 'userName' FROM scim_search('acme', 'User', 'userName sw "by the a"');
SELECT scim_alter_directory('acme', settings => '{"max_page_size": 9}');
SELECT length(scim_issue_token('acme', 'x'));
RESET search_path;
RESET SESSION AUTHORIZATION;

-- A connection in which the session's plans were made by somebody else changes nothing for the next one.
SET SESSION AUTHORIZATION regress_scim_nobody;
SELECT status FROM scim_http('GET', '/scim/v2/Users', ARRAY['authorization', 'Bearer ' || :'token'], '');
SELECT scim_search('acme', 'User');
RESET SESSION AUTHORIZATION;

-- A setting planted before the library is loaded does not pass the superuser's check: in a session of its own.
\c -
SET SESSION AUTHORIZATION regress_scim_bridge;
SET scim.max_body_size = 1000000;
SELECT status FROM scim_http('GET', '/scim/v2/Schemas', '{}', '');
SHOW scim.max_body_size;
RESET SESSION AUTHORIZATION;

-- The reader's views are barriers: a function of the reader's sees no row before the view's own conditions did.
SELECT relname, reloptions FROM pg_class WHERE relnamespace = 'scim'::regnamespace AND relkind = 'v'
  ORDER BY relname;

DROP SCHEMA regress_evil CASCADE;
DROP TABLE t.statements, t.may;
DROP FUNCTION t.try;
REVOKE USAGE ON SCHEMA t FROM PUBLIC;
DROP ROLE regress_scim_nobody, regress_scim_bridge, regress_scim_reader, regress_scim_admin;
SELECT scim_drop_directory('acme');
