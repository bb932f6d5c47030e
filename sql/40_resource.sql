-- 40_resource.sql: resources through SQL. Every function takes the directory's name first; an overload
-- leaves it out and uses the setting scim.directory. The functions for users and groups call the
-- generic ones, so that there is one way in.

CREATE FUNCTION scim.match(doc jsonb, directory_id int, type_id smallint, filter text) RETURNS boolean
  LANGUAGE c STABLE STRICT PARALLEL SAFE COST 10 AS 'MODULE_PATHNAME', 'scim_match';
COMMENT ON FUNCTION scim.match(jsonb, int, smallint, text) IS
  'Does the filter hold for the document of a resource of this directory and type?';

CREATE FUNCTION pg_catalog.scim_create(directory text, resource_type text, resource jsonb) RETURNS jsonb
  LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS 'MODULE_PATHNAME', 'scim_create';
COMMENT ON FUNCTION pg_catalog.scim_create(text, text, jsonb) IS
  'Creates a resource and returns it (RFC 7644 section 3.3). SCT03 if a unique value is taken, SCT08 for a value against the schema';

CREATE FUNCTION pg_catalog.scim_get(directory text, resource_type text, id text, attributes text DEFAULT NULL, excluded_attributes text DEFAULT NULL) RETURNS jsonb
  LANGUAGE c STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS 'MODULE_PATHNAME', 'scim_get';
COMMENT ON FUNCTION pg_catalog.scim_get(text, text, text, text, text) IS
  'Returns a resource (RFC 7644 section 3.4.1); attributes and excluded_attributes are comma lists. SC404 if there is none';

CREATE FUNCTION pg_catalog.scim_replace(directory text, resource_type text, id text, resource jsonb, if_match text DEFAULT NULL) RETURNS jsonb
  LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS 'MODULE_PATHNAME', 'scim_replace';
COMMENT ON FUNCTION pg_catalog.scim_replace(text, text, text, jsonb, text) IS
  'Replaces a resource and returns it (RFC 7644 section 3.5.1). SC404, SC412 if if_match is another version, SCT03, SCT04, SCT08';

CREATE FUNCTION pg_catalog.scim_patch(directory text, resource_type text, id text, patch jsonb, if_match text DEFAULT NULL) RETURNS jsonb
  LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS 'MODULE_PATHNAME', 'scim_patch';
COMMENT ON FUNCTION pg_catalog.scim_patch(text, text, text, jsonb, text) IS
  'Applies a PatchOp message and returns the resource (RFC 7644 section 3.5.2): all operations or none. SC404, SC412, SCT01, SCT03 to SCT08';

CREATE FUNCTION pg_catalog.scim_delete(directory text, resource_type text, id text, if_match text DEFAULT NULL) RETURNS void
  LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS 'MODULE_PATHNAME', 'scim_delete';
COMMENT ON FUNCTION pg_catalog.scim_delete(text, text, text, text) IS
  'Deletes a resource and its memberships (RFC 7644 section 3.6). SC404, SC412';

CREATE FUNCTION pg_catalog.scim_search(
    directory text DEFAULT NULL, resource_type text DEFAULT NULL, filter text DEFAULT NULL,
    start_index bigint DEFAULT 1, count bigint DEFAULT NULL,
    attributes text DEFAULT NULL, excluded_attributes text DEFAULT NULL,
    sort_by text DEFAULT NULL, descending boolean DEFAULT false)
  RETURNS TABLE (id text, resource jsonb, total_results bigint)
  LANGUAGE c STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS 'MODULE_PATHNAME', 'scim_search';
COMMENT ON FUNCTION pg_catalog.scim_search(text, text, text, bigint, bigint, text, text, text, boolean) IS
  'A page of the resources that match a filter, in order of creation or of sort_by, each with the exact total (RFC 7644 section 3.4.2). A null directory is that of scim.directory, a null resource_type is all types. SCT01 for a bad filter';

CREATE FUNCTION pg_catalog.scim_explain(directory text, resource_type text, filter text, plan boolean DEFAULT true) RETURNS jsonb
  LANGUAGE c STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS 'MODULE_PATHNAME', 'scim_explain';
COMMENT ON FUNCTION pg_catalog.scim_explain(text, text, text, boolean) IS
  'The SQL that a filter becomes, its parameters, a hint at an index that it lacks, and with plan its plan, as an object. SCT01 for a bad filter';

CREATE FUNCTION pg_catalog.scim_create(resource_type text, resource jsonb) RETURNS jsonb
  LANGUAGE sql VOLATILE AS $fn$ SELECT pg_catalog.scim_create(NULL, $1, $2) $fn$;
COMMENT ON FUNCTION pg_catalog.scim_create(text, jsonb) IS
  'Creates a resource of the directory in scim.directory';

CREATE FUNCTION pg_catalog.scim_get(resource_type text, id text) RETURNS jsonb
  LANGUAGE sql STABLE AS $fn$ SELECT pg_catalog.scim_get(NULL, $1, $2) $fn$;
COMMENT ON FUNCTION pg_catalog.scim_get(text, text) IS
  'Returns a resource of the directory in scim.directory';

CREATE FUNCTION pg_catalog.scim_replace(resource_type text, id text, resource jsonb) RETURNS jsonb
  LANGUAGE sql VOLATILE AS $fn$ SELECT pg_catalog.scim_replace(NULL, $1, $2, $3) $fn$;
COMMENT ON FUNCTION pg_catalog.scim_replace(text, text, jsonb) IS
  'Replaces a resource of the directory in scim.directory';

CREATE FUNCTION pg_catalog.scim_patch(resource_type text, id text, patch jsonb) RETURNS jsonb
  LANGUAGE sql VOLATILE AS $fn$ SELECT pg_catalog.scim_patch(NULL, $1, $2, $3) $fn$;
COMMENT ON FUNCTION pg_catalog.scim_patch(text, text, jsonb) IS
  'Patches a resource of the directory in scim.directory';

CREATE FUNCTION pg_catalog.scim_delete(resource_type text, id text) RETURNS void
  LANGUAGE sql VOLATILE AS $fn$ SELECT pg_catalog.scim_delete(NULL, $1, $2) $fn$;
COMMENT ON FUNCTION pg_catalog.scim_delete(text, text) IS
  'Deletes a resource of the directory in scim.directory';

CREATE FUNCTION pg_catalog.scim_create_user(directory text, resource jsonb) RETURNS jsonb
  LANGUAGE sql VOLATILE AS $fn$ SELECT pg_catalog.scim_create($1, 'User', $2) $fn$;
COMMENT ON FUNCTION pg_catalog.scim_create_user(text, jsonb) IS
  'Creates a user and returns it; see scim_create';

CREATE FUNCTION pg_catalog.scim_create_user(resource jsonb) RETURNS jsonb
  LANGUAGE sql VOLATILE AS $fn$ SELECT pg_catalog.scim_create(NULL, 'User', $1) $fn$;
COMMENT ON FUNCTION pg_catalog.scim_create_user(jsonb) IS
  'Creates a user of the directory in scim.directory';

CREATE FUNCTION pg_catalog.scim_get_user(directory text, id text) RETURNS jsonb
  LANGUAGE sql STABLE AS $fn$ SELECT pg_catalog.scim_get($1, 'User', $2) $fn$;
COMMENT ON FUNCTION pg_catalog.scim_get_user(text, text) IS
  'Returns a user; see scim_get';

CREATE FUNCTION pg_catalog.scim_get_user(id text) RETURNS jsonb
  LANGUAGE sql STABLE AS $fn$ SELECT pg_catalog.scim_get(NULL, 'User', $1) $fn$;
COMMENT ON FUNCTION pg_catalog.scim_get_user(text) IS
  'Returns a user of the directory in scim.directory';

CREATE FUNCTION pg_catalog.scim_replace_user(directory text, id text, resource jsonb) RETURNS jsonb
  LANGUAGE sql VOLATILE AS $fn$ SELECT pg_catalog.scim_replace($1, 'User', $2, $3) $fn$;
COMMENT ON FUNCTION pg_catalog.scim_replace_user(text, text, jsonb) IS
  'Replaces a user and returns it; see scim_replace';

CREATE FUNCTION pg_catalog.scim_replace_user(id text, resource jsonb) RETURNS jsonb
  LANGUAGE sql VOLATILE AS $fn$ SELECT pg_catalog.scim_replace(NULL, 'User', $1, $2) $fn$;
COMMENT ON FUNCTION pg_catalog.scim_replace_user(text, jsonb) IS
  'Replaces a user of the directory in scim.directory';

CREATE FUNCTION pg_catalog.scim_patch_user(directory text, id text, patch jsonb) RETURNS jsonb
  LANGUAGE sql VOLATILE AS $fn$ SELECT pg_catalog.scim_patch($1, 'User', $2, $3) $fn$;
COMMENT ON FUNCTION pg_catalog.scim_patch_user(text, text, jsonb) IS
  'Patches a user and returns it; see scim_patch';

CREATE FUNCTION pg_catalog.scim_patch_user(id text, patch jsonb) RETURNS jsonb
  LANGUAGE sql VOLATILE AS $fn$ SELECT pg_catalog.scim_patch(NULL, 'User', $1, $2) $fn$;
COMMENT ON FUNCTION pg_catalog.scim_patch_user(text, jsonb) IS
  'Patches a user of the directory in scim.directory';

CREATE FUNCTION pg_catalog.scim_delete_user(directory text, id text) RETURNS void
  LANGUAGE sql VOLATILE AS $fn$ SELECT pg_catalog.scim_delete($1, 'User', $2) $fn$;
COMMENT ON FUNCTION pg_catalog.scim_delete_user(text, text) IS
  'Deletes a user; see scim_delete';

CREATE FUNCTION pg_catalog.scim_delete_user(id text) RETURNS void
  LANGUAGE sql VOLATILE AS $fn$ SELECT pg_catalog.scim_delete(NULL, 'User', $1) $fn$;
COMMENT ON FUNCTION pg_catalog.scim_delete_user(text) IS
  'Deletes a user of the directory in scim.directory';

CREATE FUNCTION pg_catalog.scim_create_group(directory text, resource jsonb) RETURNS jsonb
  LANGUAGE sql VOLATILE AS $fn$ SELECT pg_catalog.scim_create($1, 'Group', $2) $fn$;
COMMENT ON FUNCTION pg_catalog.scim_create_group(text, jsonb) IS
  'Creates a group and returns it; see scim_create';

CREATE FUNCTION pg_catalog.scim_create_group(resource jsonb) RETURNS jsonb
  LANGUAGE sql VOLATILE AS $fn$ SELECT pg_catalog.scim_create(NULL, 'Group', $1) $fn$;
COMMENT ON FUNCTION pg_catalog.scim_create_group(jsonb) IS
  'Creates a group of the directory in scim.directory';

CREATE FUNCTION pg_catalog.scim_get_group(directory text, id text) RETURNS jsonb
  LANGUAGE sql STABLE AS $fn$ SELECT pg_catalog.scim_get($1, 'Group', $2) $fn$;
COMMENT ON FUNCTION pg_catalog.scim_get_group(text, text) IS
  'Returns a group; see scim_get';

CREATE FUNCTION pg_catalog.scim_get_group(id text) RETURNS jsonb
  LANGUAGE sql STABLE AS $fn$ SELECT pg_catalog.scim_get(NULL, 'Group', $1) $fn$;
COMMENT ON FUNCTION pg_catalog.scim_get_group(text) IS
  'Returns a group of the directory in scim.directory';

CREATE FUNCTION pg_catalog.scim_replace_group(directory text, id text, resource jsonb) RETURNS jsonb
  LANGUAGE sql VOLATILE AS $fn$ SELECT pg_catalog.scim_replace($1, 'Group', $2, $3) $fn$;
COMMENT ON FUNCTION pg_catalog.scim_replace_group(text, text, jsonb) IS
  'Replaces a group and returns it; see scim_replace';

CREATE FUNCTION pg_catalog.scim_replace_group(id text, resource jsonb) RETURNS jsonb
  LANGUAGE sql VOLATILE AS $fn$ SELECT pg_catalog.scim_replace(NULL, 'Group', $1, $2) $fn$;
COMMENT ON FUNCTION pg_catalog.scim_replace_group(text, jsonb) IS
  'Replaces a group of the directory in scim.directory';

CREATE FUNCTION pg_catalog.scim_patch_group(directory text, id text, patch jsonb) RETURNS jsonb
  LANGUAGE sql VOLATILE AS $fn$ SELECT pg_catalog.scim_patch($1, 'Group', $2, $3) $fn$;
COMMENT ON FUNCTION pg_catalog.scim_patch_group(text, text, jsonb) IS
  'Patches a group and returns it; see scim_patch';

CREATE FUNCTION pg_catalog.scim_patch_group(id text, patch jsonb) RETURNS jsonb
  LANGUAGE sql VOLATILE AS $fn$ SELECT pg_catalog.scim_patch(NULL, 'Group', $1, $2) $fn$;
COMMENT ON FUNCTION pg_catalog.scim_patch_group(text, jsonb) IS
  'Patches a group of the directory in scim.directory';

CREATE FUNCTION pg_catalog.scim_delete_group(directory text, id text) RETURNS void
  LANGUAGE sql VOLATILE AS $fn$ SELECT pg_catalog.scim_delete($1, 'Group', $2) $fn$;
COMMENT ON FUNCTION pg_catalog.scim_delete_group(text, text) IS
  'Deletes a group; see scim_delete';

CREATE FUNCTION pg_catalog.scim_delete_group(id text) RETURNS void
  LANGUAGE sql VOLATILE AS $fn$ SELECT pg_catalog.scim_delete(NULL, 'Group', $1) $fn$;
COMMENT ON FUNCTION pg_catalog.scim_delete_group(text) IS
  'Deletes a group of the directory in scim.directory';

CREATE FUNCTION scim.fold(value text) RETURNS text
  LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'scim_fold_text';
COMMENT ON FUNCTION scim.fold(text) IS
  'Comparison key of a text that is not case-exact: NFC, Unicode simple case folding, whatever the locale';
