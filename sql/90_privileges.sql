-- 90_privileges.sql: owners and rights of everything above. Nothing is for PUBLIC.
--
-- scim_owner owns tables and functions, so that a SECURITY DEFINER function never runs as superuser.
-- scim_admin manages directories, credentials and resources; scim_service, the bridge, may call
-- scim_http and scim_verify_token; scim_reader reads the views.

DO $do$
DECLARE
  object record;
BEGIN
  FOR object IN
    SELECT c.oid::pg_catalog.regclass AS name, c.relkind FROM pg_catalog.pg_class c
    WHERE c.relnamespace = 'scim'::pg_catalog.regnamespace AND c.relkind IN ('r', 'v')
  LOOP
    EXECUTE pg_catalog.format('ALTER %s %s OWNER TO scim_owner',
                              CASE object.relkind WHEN 'r' THEN 'TABLE' ELSE 'VIEW' END, object.name);
    EXECUTE pg_catalog.format('REVOKE ALL ON %s FROM PUBLIC', object.name);
  END LOOP;
  FOR object IN
    SELECT p.oid::pg_catalog.regprocedure AS name, n.nspname AS schema, p.proname FROM pg_catalog.pg_proc p
    JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
    WHERE n.nspname = 'scim' OR (n.nspname = 'pg_catalog' AND p.proname LIKE 'scim\_%')
  LOOP
    EXECUTE pg_catalog.format('ALTER FUNCTION %s OWNER TO scim_owner', object.name);
    EXECUTE pg_catalog.format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', object.name);
    IF object.schema = 'pg_catalog' THEN
      EXECUTE pg_catalog.format('GRANT EXECUTE ON FUNCTION %s TO scim_admin', object.name);
    END IF;
  END LOOP;
END
$do$;
ALTER SEQUENCE scim.version_seq OWNER TO scim_owner;

-- Passwords are hashed as scim_owner, by pgcrypto wherever it is.
DO $do$
BEGIN
  EXECUTE (SELECT pg_catalog.format('GRANT USAGE ON SCHEMA %I TO scim_owner', n.nspname)
           FROM pg_catalog.pg_extension e JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace
           WHERE e.extname = 'pgcrypto');
END
$do$;

REVOKE ALL ON SCHEMA scim FROM PUBLIC;
GRANT USAGE ON SCHEMA scim TO scim_admin, scim_reader;
GRANT EXECUTE ON FUNCTION pg_catalog.scim_http(text, text, text[], bytea) TO scim_service;
GRANT EXECUTE ON FUNCTION pg_catalog.scim_verify_token(text, inet) TO scim_service;
GRANT SELECT ON scim.users, scim.groups, scim.memberships TO scim_admin, scim_reader;
GRANT SELECT ON scim.credentials, scim.directories, scim.expiring_credentials, scim.oauth_clients,
  scim.oauth_secrets, scim.oauth_grants, scim.trusted_issuers, scim.auth_failures TO scim_admin;
GRANT EXECUTE ON FUNCTION scim.last_used(uuid), scim.failures(), scim.setting(int, text) TO scim_admin;
GRANT SELECT, INSERT, UPDATE, DELETE ON scim.profile TO scim_admin;
