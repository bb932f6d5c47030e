-- 53_oauth_grant.sql: what has been granted, and its end.

-- The family of a grant: refresh tokens, codes and access tokens.
CREATE FUNCTION scim.end_grant(directory_id int, grant_id uuid) RETURNS void
  LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $fn$
BEGIN
  UPDATE scim.oauth_grant g SET revoked_at = now()
    WHERE g.directory_id = $1 AND g.grant_id = $2 AND g.revoked_at IS NULL;
  DELETE FROM scim.credential c
    WHERE c.directory_id = $1 AND c.grant_id = $2;
END
$fn$;
COMMENT ON FUNCTION scim.end_grant(int, uuid) IS 'Revokes a grant and ends its access tokens; its refresh tokens are refused with it';

CREATE FUNCTION pg_catalog.scim_revoke_grant(directory text, grant_id uuid) RETURNS void
  LANGUAGE plpgsql STRICT SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $fn$
DECLARE
  owner int := scim.directory_id(directory);
BEGIN
  PERFORM FROM scim.oauth_grant g WHERE g.directory_id = owner AND g.grant_id = $2 FOR UPDATE;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'there is no such grant' USING ERRCODE = 'SC404';
  END IF;
  PERFORM scim.end_grant(owner, grant_id);
END
$fn$;
COMMENT ON FUNCTION pg_catalog.scim_revoke_grant(text, uuid) IS
  'Ends what an administrator has approved, with all its tokens, by its id in scim.oauth_grants; the next request is refused. SC404';

CREATE FUNCTION pg_catalog.scim_drop_service_user(directory text, name text) RETURNS void
  LANGUAGE plpgsql STRICT SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $fn$
DECLARE
  owner int := scim.directory_id(directory);
  gone uuid;
BEGIN
  DELETE FROM scim.service_user u WHERE u.directory_id = owner AND u.name = $2
    RETURNING u.service_user_id INTO gone;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'there is no such service user' USING ERRCODE = 'SC404';
  END IF;
  PERFORM scim.end_grant(owner, g.grant_id) FROM scim.oauth_grant g
    WHERE g.directory_id = owner AND g.service_user_id = gone;
END
$fn$;
COMMENT ON FUNCTION pg_catalog.scim_drop_service_user(text, text) IS
  'Removes a service user and ends its tokens. SC404';

CREATE FUNCTION pg_catalog.scim_purge_expired() RETURNS bigint
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $fn$
DECLARE
  rows bigint;
  total bigint := 0;
BEGIN
  DELETE FROM scim.credential c WHERE c.client_id IS NOT NULL AND c.expires_at < now();
  GET DIAGNOSTICS rows = ROW_COUNT; total := total + rows;
  DELETE FROM scim.oauth_code o WHERE o.expires_at < now() - interval '1 day';
  GET DIAGNOSTICS rows = ROW_COUNT; total := total + rows;
  DELETE FROM scim.oauth_refresh r WHERE r.expires_at < now();
  GET DIAGNOSTICS rows = ROW_COUNT; total := total + rows;
  DELETE FROM scim.revoked_jwt r WHERE r.expires_at < now();
  GET DIAGNOSTICS rows = ROW_COUNT; total := total + rows;
  DELETE FROM scim.used_assertion a WHERE a.expires_at < now();
  GET DIAGNOSTICS rows = ROW_COUNT; total := total + rows;
  DELETE FROM scim.signing_key k WHERE k.expires_at < now();
  GET DIAGNOSTICS rows = ROW_COUNT; total := total + rows;
  RETURN total;
END
$fn$;
COMMENT ON FUNCTION pg_catalog.scim_purge_expired() IS
  'Deletes access tokens, codes, refresh tokens, keys and notes of JWTs that are over, and returns how many; for a scheduled job';
