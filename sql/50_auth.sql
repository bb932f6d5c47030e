-- 50_auth.sql: bearer tokens.

CREATE FUNCTION scim.new_token() RETURNS text
  LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'scim_new_token';
COMMENT ON FUNCTION scim.new_token() IS 'A fresh token in clear: 256 random bits with prefix and checksum';

CREATE FUNCTION scim.hash_token(token text) RETURNS bytea
  LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'scim_hash_token';
COMMENT ON FUNCTION scim.hash_token(text) IS 'What is stored of a token: its SHA-256';

CREATE FUNCTION pg_catalog.scim_issue_token(
    directory text, label text, scopes text[] DEFAULT '{read,write}', expires_at timestamptz DEFAULT NULL,
    subject uuid DEFAULT NULL)
  RETURNS text
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $fn$
DECLARE
  token text := scim.new_token();
BEGIN
  IF label IS NULL OR btrim(label) = '' THEN
    RAISE EXCEPTION 'a token needs a label, by which it is recognised later' USING ERRCODE = 'SCT08';
  END IF;
  IF scopes IS NULL OR cardinality(scopes) = 0 OR NOT scopes <@ ARRAY['read', 'write'] THEN
    RAISE EXCEPTION 'scopes are read and write' USING ERRCODE = 'SCT08';
  END IF;
  IF subject IS NOT NULL AND NOT EXISTS (
      SELECT FROM scim.resource r
      WHERE r.directory_id = scim.directory_id(directory) AND r.id = subject AND r.type_id = 1) THEN
    RAISE EXCEPTION 'the subject is no user of the directory' USING ERRCODE = 'SCT08';
  END IF;
  PERFORM FROM scim.directory d WHERE d.name = directory FOR KEY SHARE; -- nobody drops it meanwhile
  INSERT INTO scim.credential (directory_id, label, hash, scopes, expires_at, subject_id)
    VALUES (scim.directory_id(directory), label, scim.hash_token(token), scopes,
            coalesce(scim_issue_token.expires_at, now() + interval '1 year'), subject);
  RETURN token;
END
$fn$;
COMMENT ON FUNCTION pg_catalog.scim_issue_token(text, text, text[], timestamptz, uuid) IS
  'Makes a bearer token for a directory and returns it, this once: only its hash is stored. It is valid for a year unless expires_at says otherwise. subject is the id of the user that /Me stands for. SC404, SCT08';

CREATE FUNCTION pg_catalog.scim_revoke_token(directory text, credential_id uuid) RETURNS void
  LANGUAGE plpgsql STRICT SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $fn$
BEGIN
  UPDATE scim.credential c SET revoked_at = coalesce(c.revoked_at, now())
    WHERE c.directory_id = scim.directory_id(directory) AND c.credential_id = scim_revoke_token.credential_id;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'there is no such credential' USING ERRCODE = 'SC404';
  END IF;
END
$fn$;
COMMENT ON FUNCTION pg_catalog.scim_revoke_token(text, uuid) IS
  'Ends a token, by its id in scim.credentials; the next request with it is refused. SC404';

CREATE FUNCTION pg_catalog.scim_verify_token(
    token text, OUT directory text, OUT label text, OUT can_read boolean, OUT can_write boolean,
    OUT expires_at timestamptz)
  RETURNS record
  LANGUAGE c STABLE STRICT SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS 'MODULE_PATHNAME', 'scim_verify_token';
COMMENT ON FUNCTION pg_catalog.scim_verify_token(text) IS
  'Whom a token stands for; nulls for one that is malformed, unknown, expired or revoked. Writes nothing';
