-- 50_auth.sql: bearer tokens.

CREATE FUNCTION scim.setting(directory_id int, name text) RETURNS int
  LANGUAGE c STABLE STRICT AS 'MODULE_PATHNAME', 'scim_setting';
COMMENT ON FUNCTION scim.setting(int, text) IS 'Value of a switch of a directory; booleans are 0 and 1';

CREATE FUNCTION scim.new_token() RETURNS text
  LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'scim_new_token';
COMMENT ON FUNCTION scim.new_token() IS 'A fresh token in clear: 256 random bits with prefix and checksum';

CREATE FUNCTION scim.hash_token(token text) RETURNS bytea
  LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'scim_hash_token';
COMMENT ON FUNCTION scim.hash_token(text) IS 'What is stored of a token: its SHA-256';

CREATE FUNCTION scim.last_used(credential_id uuid) RETURNS timestamptz
  LANGUAGE c VOLATILE STRICT AS 'MODULE_PATHNAME', 'scim_last_used';
COMMENT ON FUNCTION scim.last_used(uuid) IS 'When a credential was last used on this server since it started, to the minute; null: unknown';

CREATE FUNCTION scim.failures(OUT name text, OUT failures int, OUT since timestamptz) RETURNS SETOF record
  LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'scim_auth_failures';
COMMENT ON FUNCTION scim.failures() IS 'Failed authentications of the last minute in shared memory, by address and by directory';

-- Keeps another credential from coming in between.
CREATE FUNCTION scim.make_room_for_credential(directory_id int) RETURNS void
  LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $fn$
DECLARE
  most int := scim.setting(directory_id, 'max_credentials');
BEGIN
  PERFORM FROM scim.directory d WHERE d.directory_id = $1 FOR NO KEY UPDATE;
  IF most <= (SELECT count(*) FROM scim.credential c
              WHERE c.directory_id = $1 AND c.client_id IS NULL AND c.revoked_at IS NULL
                AND c.expires_at > now()) THEN
    RAISE EXCEPTION 'the directory has its % tokens already', most
      USING ERRCODE = 'SC409', HINT = 'Delete or revoke one, or raise the switch max_credentials.';
  END IF;
END
$fn$;
COMMENT ON FUNCTION scim.make_room_for_credential(int) IS
  'Raises SC409 if the directory has as many live tokens as it may; no other is issued until the transaction ends';

CREATE FUNCTION scim.check_credential(directory_id int, label text, scopes text[], subject uuid, networks cidr[])
  RETURNS void LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $fn$
BEGIN
  IF label IS NULL OR btrim(label) = '' THEN
    RAISE EXCEPTION 'a token needs a label, by which it is recognised later' USING ERRCODE = 'SCT08';
  END IF;
  IF scopes IS NULL OR NOT scim.are_rights(scopes) THEN
    RAISE EXCEPTION 'scopes are read and write, or those of one resource type as in read:User'
      USING ERRCODE = 'SCT08';
  END IF;
  IF subject IS NOT NULL AND NOT EXISTS (
      SELECT FROM scim.resource r
      WHERE r.directory_id = check_credential.directory_id AND r.id = subject AND r.type_id = 1) THEN
    RAISE EXCEPTION 'the subject is no user of the directory' USING ERRCODE = 'SCT08';
  END IF;
  IF cardinality(networks) = 0 OR array_position(networks, NULL) IS NOT NULL THEN
    RAISE EXCEPTION 'networks are a list of at least one, or null for anywhere' USING ERRCODE = 'SCT08';
  END IF;
END
$fn$;
COMMENT ON FUNCTION scim.check_credential(int, text, text[], uuid, cidr[]) IS
  'Raises SCT08 for what no token can have';

CREATE FUNCTION pg_catalog.scim_issue_token(
    directory text, label text, scopes text[] DEFAULT '{read,write}', expires_at timestamptz DEFAULT NULL,
    subject uuid DEFAULT NULL, networks cidr[] DEFAULT NULL)
  RETURNS text
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $fn$
DECLARE
  token text := scim.new_token();
  owner int := scim.hold_directory(directory);
BEGIN
  PERFORM scim.check_credential(owner, label, scopes, subject, networks);
  PERFORM scim.make_room_for_credential(owner);
  INSERT INTO scim.credential (directory_id, label, hash, scopes, expires_at, subject_id, networks)
    VALUES (owner, label, scim.hash_token(token), scopes,
            coalesce(scim_issue_token.expires_at, now() + interval '1 year'), subject, networks);
  RETURN token;
END
$fn$;
COMMENT ON FUNCTION pg_catalog.scim_issue_token(text, text, text[], timestamptz, uuid, cidr[]) IS
  'Makes a bearer token for a directory and returns it, this once: only its hash is stored. It is valid for a year unless expires_at says otherwise. subject is the id of the user that /Me stands for; networks is where it may be used from. SC404, SC409 if the directory has max_credentials already, SCT08';

CREATE FUNCTION pg_catalog.scim_rotate_token(
    directory text, credential_id uuid, overlap interval DEFAULT '1 day', expires_at timestamptz DEFAULT NULL)
  RETURNS text
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $fn$
DECLARE
  token text := scim.new_token();
  owner int := scim.hold_directory(directory);
  old scim.credential;
BEGIN
  IF overlap IS NULL OR overlap < interval '0' THEN
    RAISE EXCEPTION 'the overlap must not be negative' USING ERRCODE = 'SCT08';
  END IF;
  IF overlap > interval '0' THEN
    PERFORM scim.make_room_for_credential(owner);
  END IF;
  UPDATE scim.credential c SET expires_at = least(c.expires_at, now() + overlap)
    WHERE c.directory_id = owner AND c.credential_id = scim_rotate_token.credential_id
      AND c.client_id IS NULL AND c.revoked_at IS NULL AND c.expires_at > now()
    RETURNING * INTO old;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'there is no such credential' USING ERRCODE = 'SC404';
  END IF;
  INSERT INTO scim.credential (directory_id, label, hash, scopes, expires_at, subject_id, networks)
    VALUES (owner, old.label, scim.hash_token(token), old.scopes,
            coalesce(scim_rotate_token.expires_at, now() + interval '1 year'), old.subject_id, old.networks);
  RETURN token;
END
$fn$;
COMMENT ON FUNCTION pg_catalog.scim_rotate_token(text, uuid, interval, timestamptz) IS
  'Makes a token like that one and returns it, this once; the old one ends after the overlap, in which both are valid and count. SC404, SC409, SCT08';

-- One place for the changes of a credential's state.
CREATE FUNCTION scim.change_credential(directory text, credential_id uuid, change text) RETURNS void
  LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $fn$
DECLARE
  owner int := scim.directory_id(directory);
BEGIN
  IF change = 'delete' THEN
    DELETE FROM scim.credential c WHERE c.directory_id = owner AND c.credential_id = $2;
  ELSE
    UPDATE scim.credential c SET
        revoked_at = CASE change WHEN 'revoke' THEN coalesce(c.revoked_at, now()) ELSE c.revoked_at END,
        disabled_at = CASE change WHEN 'disable' THEN coalesce(c.disabled_at, now())
                                  WHEN 'enable' THEN NULL ELSE c.disabled_at END
      WHERE c.directory_id = owner AND c.credential_id = $2;
  END IF;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'there is no such credential' USING ERRCODE = 'SC404';
  END IF;
END
$fn$;
COMMENT ON FUNCTION scim.change_credential(text, uuid, text) IS
  'Revokes, disables, enables or deletes a credential; SC404';

CREATE FUNCTION pg_catalog.scim_revoke_token(directory text, credential_id uuid) RETURNS void
  LANGUAGE plpgsql STRICT SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $fn$
BEGIN
  PERFORM scim.change_credential(directory, credential_id, 'revoke');
END
$fn$;
COMMENT ON FUNCTION pg_catalog.scim_revoke_token(text, uuid) IS
  'Ends a token for good, by its id in scim.credentials; the next request with it is refused. Its row stays. SC404';

CREATE FUNCTION pg_catalog.scim_disable_token(directory text, credential_id uuid) RETURNS void
  LANGUAGE plpgsql STRICT SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $fn$
BEGIN
  PERFORM scim.change_credential(directory, credential_id, 'disable');
END
$fn$;
COMMENT ON FUNCTION pg_catalog.scim_disable_token(text, uuid) IS
  'Refuses a token until it is enabled again. SC404';

CREATE FUNCTION pg_catalog.scim_enable_token(directory text, credential_id uuid) RETURNS void
  LANGUAGE plpgsql STRICT SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $fn$
BEGIN
  PERFORM scim.change_credential(directory, credential_id, 'enable');
END
$fn$;
COMMENT ON FUNCTION pg_catalog.scim_enable_token(text, uuid) IS
  'Takes a disabled token again; one that is revoked or expired stays so. SC404';

CREATE FUNCTION pg_catalog.scim_delete_token(directory text, credential_id uuid) RETURNS void
  LANGUAGE plpgsql STRICT SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $fn$
BEGIN
  PERFORM scim.change_credential(directory, credential_id, 'delete');
END
$fn$;
COMMENT ON FUNCTION pg_catalog.scim_delete_token(text, uuid) IS
  'Ends a token and forgets it. SC404';

CREATE FUNCTION pg_catalog.scim_verify_token(
    token text, address inet DEFAULT NULL, OUT directory text, OUT label text, OUT can_read boolean,
    OUT can_write boolean, OUT expires_at timestamptz, OUT scopes text[])
  RETURNS record
  LANGUAGE c STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS 'MODULE_PATHNAME', 'scim_verify_token';
COMMENT ON FUNCTION pg_catalog.scim_verify_token(text, inet) IS
  'Whom a bearer token stands for: one of scim_issue_token, an access token, or a JWT of a trusted issuer. Nulls for one that is malformed, unknown, expired, disabled, revoked, or bound to networks that address is not in. Writes nothing';

CREATE FUNCTION pg_catalog.scim_store_last_used() RETURNS void
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $fn$
BEGIN
  INSERT INTO scim.credential_use (directory_id, credential_id, last_used_at)
    SELECT c.directory_id, c.credential_id, scim.last_used(c.credential_id) FROM scim.credential c
    WHERE scim.last_used(c.credential_id) IS NOT NULL AND c.client_id IS NULL
    ON CONFLICT ON CONSTRAINT credential_use_pkey DO UPDATE
      SET last_used_at = greatest(credential_use.last_used_at, EXCLUDED.last_used_at);
  DELETE FROM scim.credential_use u WHERE NOT EXISTS (
    SELECT FROM scim.credential c WHERE c.directory_id = u.directory_id AND c.credential_id = u.credential_id);
END
$fn$;
COMMENT ON FUNCTION pg_catalog.scim_store_last_used() IS
  'Writes down when tokens were last used, which requests note in shared memory only; for a scheduled job';
