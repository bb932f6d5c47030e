-- 70_http.sql: the entry point of the bridge.

CREATE FUNCTION pg_catalog.scim_http(
    method text, target text, request_headers text[], request_body bytea,
    OUT status int, OUT headers text[], OUT body text)
  RETURNS record
  LANGUAGE c VOLATILE STRICT SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS 'MODULE_PATHNAME', 'scim_http';
COMMENT ON FUNCTION pg_catalog.scim_http(text, text, text[], bytea) IS
  'Answers one HTTP request. target is percent-encoded with its query; request_headers alternate lower-case names and values, with :scheme, :authority and :peer first. Every expected failure is an answer, not an error';
