-- 00_schema.sql: the schema, the roles, and what the extension needs of its database.

\echo Use "CREATE EXTENSION scim CASCADE" to load this file. \quit

-- SCIM is UTF-8 (RFC 7644 section 3.8); any other encoding would lose names.
DO $do$
BEGIN
  IF pg_catalog.getdatabaseencoding() <> 'UTF8' THEN
    RAISE EXCEPTION 'scim needs a database with encoding UTF8'
      USING ERRCODE = 'feature_not_supported',
            HINT = 'Create one: CREATE DATABASE ... ENCODING ''UTF8'' TEMPLATE template0.';
  END IF;
END
$do$;

-- Roles outlive the extension and belong to the cluster, so they may be there already. One that
-- can log in or is a superuser was not made by us, and will not be handed our tables.
DO $do$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['scim_owner', 'scim_admin', 'scim_service', 'scim_reader'] LOOP
    IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles r WHERE r.rolname = name) THEN
      EXECUTE pg_catalog.format('CREATE ROLE %I NOLOGIN', name);
    ELSIF EXISTS (SELECT FROM pg_catalog.pg_roles r
                  WHERE r.rolname = name AND (r.rolcanlogin OR r.rolsuper OR r.rolcreaterole
                    OR r.rolreplication OR r.rolbypassrls
                    OR (name = 'scim_owner' AND EXISTS (SELECT FROM pg_catalog.pg_auth_members m WHERE m.roleid = r.oid)))) THEN
      RAISE EXCEPTION 'role "%" exists and is more than scim expects', name
        USING ERRCODE = 'duplicate_object',
              HINT = 'It must have no attributes, and scim_owner no members; rename yours.';
    END IF;
  END LOOP;
END
$do$;

CREATE SCHEMA scim AUTHORIZATION scim_owner;
COMMENT ON SCHEMA scim IS 'SCIM 2.0: tables, views and inner functions; the public functions are pg_catalog.scim_*';
