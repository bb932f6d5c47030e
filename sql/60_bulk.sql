-- 60_bulk.sql: many operations in one call.

CREATE FUNCTION pg_catalog.scim_bulk(directory text, request jsonb, atomic boolean DEFAULT NULL) RETURNS jsonb
  LANGUAGE c VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS 'MODULE_PATHNAME', 'scim_bulk';
COMMENT ON FUNCTION pg_catalog.scim_bulk(text, jsonb, boolean) IS
  'Carries out a BulkRequest and returns its BulkResponse (RFC 7644 section 3.7). atomic undoes all operations when one fails; null leaves that to the switch atomic_bulk. SCT05 for a bad envelope, SC413 for too many operations; what an operation runs into is part of the answer';

CREATE FUNCTION pg_catalog.scim_bulk(request jsonb) RETURNS jsonb
  LANGUAGE sql VOLATILE AS $fn$ SELECT pg_catalog.scim_bulk(NULL, $1) $fn$;
COMMENT ON FUNCTION pg_catalog.scim_bulk(jsonb) IS
  'Carries out a BulkRequest in the directory in scim.directory';
