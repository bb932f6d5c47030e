-- The extension's objects: who owns them, who may use them, what a dump takes along.
\a \t

-- Relations, their owners and rights. Since 17 an owner has one right more, m for MAINTAIN.
SELECT c.relkind, c.oid::regclass, c.relowner::regrole, replace(c.relacl::text, 'arwdDxtm', 'arwdDxt') AS relacl
FROM pg_class c JOIN pg_depend d ON d.objid = c.oid AND d.classid = 'pg_class'::regclass AND d.deptype = 'e'
JOIN pg_extension e ON e.oid = d.refobjid AND e.extname = 'scim'
WHERE c.relkind <> 'i'
ORDER BY c.relkind, c.oid::regclass::text COLLATE "C";

-- Functions: volatility, strictness, whose rights they run with, fixed settings, owner and rights.
SELECT p.oid::regprocedure, p.provolatile, p.proparallel, p.proisstrict, p.prosecdef, p.proconfig,
  p.proowner::regrole, p.proacl
FROM pg_proc p JOIN pg_depend d ON d.objid = p.oid AND d.classid = 'pg_proc'::regclass AND d.deptype = 'e'
JOIN pg_extension e ON e.oid = d.refobjid AND e.extname = 'scim'
ORDER BY p.oid::regprocedure::text COLLATE "C";

-- The schema itself.
SELECT nspname, nspowner::regrole, nspacl FROM pg_namespace WHERE nspname = 'scim';

-- Whatever runs with its owner's rights has a fixed search_path.
SELECT p.oid::regprocedure FROM pg_proc p WHERE p.proowner = 'scim_owner'::regrole AND p.prosecdef
  AND p.proconfig IS DISTINCT FROM '{"search_path=pg_catalog, pg_temp"}';

-- PUBLIC has no right on anything.
SELECT pg_describe_object(d.classid, d.objid, 0)
FROM pg_depend d JOIN pg_extension e ON e.oid = d.refobjid AND e.extname = 'scim'
LEFT JOIN pg_class c ON d.classid = 'pg_class'::regclass AND c.oid = d.objid
LEFT JOIN pg_proc p ON d.classid = 'pg_proc'::regclass AND p.oid = d.objid
LEFT JOIN pg_namespace n ON d.classid = 'pg_namespace'::regclass AND n.oid = d.objid
CROSS JOIN LATERAL aclexplode(CASE WHEN c.oid IS NOT NULL THEN coalesce(c.relacl, acldefault('r', c.relowner))
                                   WHEN p.oid IS NOT NULL THEN coalesce(p.proacl, acldefault('f', p.proowner))
                                   ELSE coalesce(n.nspacl, acldefault('n', n.nspowner)) END) AS a
WHERE d.deptype = 'e' AND d.classid IN ('pg_class'::regclass, 'pg_proc'::regclass, 'pg_namespace'::regclass)
  AND a.grantee = 0;

-- Every table and sequence is marked for pg_dump.
SELECT c.oid::regclass FROM pg_class c JOIN pg_depend d ON d.objid = c.oid AND d.classid = 'pg_class'::regclass
  AND d.deptype = 'e'
JOIN pg_extension e ON e.oid = d.refobjid AND e.extname = 'scim'
WHERE c.relkind IN ('r', 'S') AND c.oid <> ALL (e.extconfig);
SELECT c.oid::regclass, x.condition
FROM pg_extension e CROSS JOIN LATERAL unnest(e.extconfig, e.extcondition) AS x(oid, condition)
JOIN pg_class c ON c.oid = x.oid
WHERE e.extname = 'scim' ORDER BY c.oid::regclass::text COLLATE "C";

-- Everything has a comment.
SELECT pg_describe_object(d.classid, d.objid, 0)
FROM pg_depend d JOIN pg_extension e ON e.oid = d.refobjid AND e.extname = 'scim'
LEFT JOIN pg_proc p ON d.classid = 'pg_proc'::regclass AND p.oid = d.objid
WHERE d.deptype = 'e' AND obj_description(d.objid, d.classid::regclass::name) IS NULL
  AND d.classid IN ('pg_class'::regclass, 'pg_proc'::regclass, 'pg_namespace'::regclass)
  AND NOT EXISTS (SELECT FROM pg_sequence s JOIN pg_depend i ON i.objid = s.seqrelid AND i.deptype = 'i'
                  WHERE s.seqrelid = d.objid);

-- directory_id leads every key and index; what finds a tenant cannot have it.
SELECT i.indexrelid::regclass FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = i.indkey[0]
WHERE c.relnamespace = 'scim'::regnamespace AND a.attname <> 'directory_id' ORDER BY i.indexrelid::regclass::text COLLATE "C";

-- The roles cannot log in and are in none of each other.
SELECT rolname, rolcanlogin, rolsuper, rolcreaterole, rolcreatedb, rolbypassrls FROM pg_roles
WHERE rolname IN ('scim_owner', 'scim_admin', 'scim_service', 'scim_reader') ORDER BY rolname COLLATE "C";
SELECT m.roleid::regrole, m.member::regrole FROM pg_auth_members m
WHERE m.roleid::regrole::text LIKE 'scim\_%'
  AND m.member::regrole::text IN ('scim_owner', 'scim_admin', 'scim_service', 'scim_reader');

-- Settings: what each is by default and who may set it.
LOAD 'scim';
SELECT name, setting, unit, context, min_val, max_val FROM pg_settings WHERE name LIKE 'scim.%'
  ORDER BY name COLLATE "C";
-- No other setting has this prefix, which servers keep watch over since 15.
DO $$
BEGIN
  SET LOCAL scim.no_such_setting = 1;
  ASSERT current_setting('server_version_num')::int < 150000, 'accepted';
EXCEPTION WHEN invalid_name THEN
  NULL;
END $$;
\set VERBOSITY sqlstate
SET scim.base_url = 'ftp://host';
SET scim.base_url = 'https://host/';
SET scim.base_url = 'https://host/prefix';
RESET scim.base_url;
