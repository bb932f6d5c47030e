-- 30_directory.sql: profiles and directories.

INSERT INTO scim.profile (name, settings, builtin) VALUES
  ('default', '{}', true),
  ('strict', '{
    "ignore_unknown_attributes": false,
    "accept_missing_schemas": false,
    "accept_string_for_complex": false,
    "accept_many_primaries": false,
    "create_on_no_match": false,
    "ignore_read_only_in_patch": false,
    "unique_group_name": false
  }', true);

CREATE FUNCTION scim.check_settings(settings jsonb) RETURNS boolean
  LANGUAGE c STABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'scim_check_settings';
COMMENT ON FUNCTION scim.check_settings(jsonb) IS
  'True if every switch is known and every value within its bounds; else SCT08';

-- Rows that are edited by hand pass the same check. Profiles
-- of ours stay as they are: a dump leaves them out, so a change would not come back.
CREATE FUNCTION scim.profile_changed() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $fn$
BEGIN
  IF (TG_OP <> 'INSERT' AND OLD.builtin) OR (TG_OP <> 'DELETE' AND NEW.builtin) THEN
    RAISE EXCEPTION 'profile "%" is built in and stays as it is', coalesce(OLD.name, NEW.name)
      USING ERRCODE = 'SCT04', HINT = 'Insert a profile of your own.';
  END IF;
  IF TG_OP <> 'DELETE' THEN
    PERFORM scim.check_settings(NEW.settings);
  END IF;
  IF (TG_OP = 'DELETE' OR OLD.name <> NEW.name)
     AND EXISTS (SELECT FROM scim.directory d WHERE d.profile = OLD.name) THEN
    RAISE EXCEPTION 'profile "%" is that of a directory', OLD.name USING ERRCODE = 'foreign_key_violation';
  END IF;
  RETURN NULL;
END
$fn$;
COMMENT ON FUNCTION scim.profile_changed() IS 'Checks a profile that is written';
CREATE TRIGGER profile_changed AFTER INSERT OR UPDATE OR DELETE ON scim.profile
  FOR EACH ROW EXECUTE FUNCTION scim.profile_changed();

-- A foreign key would say this, but the parallel pg_restore of an extension's tables knows no order.
CREATE FUNCTION scim.hold_profile(profile text) RETURNS void
  LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $fn$
BEGIN
  PERFORM FROM scim.profile p WHERE p.name = profile FOR KEY SHARE;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'there is no profile "%"', coalesce(left(profile, 64), '') USING ERRCODE = 'SC404';
  END IF;
END
$fn$;
COMMENT ON FUNCTION scim.hold_profile(text) IS 'The profile is there and stays until the transaction ends; SC404';

CREATE FUNCTION scim.directory_id(directory text) RETURNS int
  LANGUAGE plpgsql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $fn$
DECLARE
  found_id int;
BEGIN
  SELECT d.directory_id INTO found_id FROM scim.directory d WHERE d.name = directory;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'there is no directory "%"', coalesce(left(directory, 64), '') USING ERRCODE = 'SC404';
  END IF;
  RETURN found_id;
END
$fn$;
COMMENT ON FUNCTION scim.directory_id(text) IS 'Id of a directory by name; SC404 if there is none';

CREATE FUNCTION scim.hold_directory(directory text) RETURNS int
  LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $fn$
DECLARE
  found_id int := scim.directory_id(directory);
BEGIN
  PERFORM FROM scim.directory d WHERE d.directory_id = found_id FOR KEY SHARE;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'directory "%" has just been dropped', directory USING ERRCODE = 'SC404';
  END IF;
  RETURN found_id;
END
$fn$;
COMMENT ON FUNCTION scim.hold_directory(text) IS
  'Id of a directory, which stays until the transaction ends; SC404 if there is none';

-- Writers of a directory's resources share this lock; see resource_store.c.
CREATE FUNCTION scim.lock_directory(directory_id int) RETURNS void
  LANGUAGE sql VOLATILE PARALLEL UNSAFE AS $fn$ SELECT pg_catalog.pg_advisory_xact_lock(1935894894, $1) $fn$;
COMMENT ON FUNCTION scim.lock_directory(int) IS
  'Keeps all others from writing resources of the directory until the transaction ends';

CREATE FUNCTION scim.flush_counts() RETURNS void
  LANGUAGE c VOLATILE PARALLEL UNSAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS 'MODULE_PATHNAME', 'scim_flush_counts';
COMMENT ON FUNCTION scim.flush_counts() IS
  'Adds what this transaction created and removed to scim.resource_count; called before it commits';

CREATE FUNCTION pg_catalog.scim_create_directory(
    directory text, profile text DEFAULT 'default', settings jsonb DEFAULT '{}',
    OUT name text, OUT profile_name text, OUT base_path text)
  RETURNS record
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $fn$
BEGIN
  PERFORM scim.check_settings(coalesce(settings, 'null'));
  PERFORM scim.hold_profile(profile);
  IF directory IS NULL OR directory !~ '^[A-Za-z0-9][A-Za-z0-9.-]{0,62}$' OR directory = 'scim' THEN
    RAISE EXCEPTION 'a directory name has up to 63 letters, digits, dots and hyphens, and is not "scim"'
      USING ERRCODE = 'SCT08';
  END IF;
  INSERT INTO scim.directory AS d (name, profile, settings, schema_version)
    SELECT directory, profile, settings, v.version FROM scim.schema_version v FOR SHARE
    ON CONFLICT DO NOTHING;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'there is a directory "%" already', directory USING ERRCODE = 'SCT03';
  END IF;
  name := directory;
  profile_name := profile;
  base_path := '/' || directory || '/scim/v2';
END
$fn$;
COMMENT ON FUNCTION pg_catalog.scim_create_directory(text, text, jsonb) IS
  'Makes a directory (tenant). settings overrides switches of the profile. SCT03 if the name is taken, SC404 for an unknown profile, SCT08 for a bad name or switch';

CREATE FUNCTION pg_catalog.scim_alter_directory(
    directory text, profile text DEFAULT NULL, settings jsonb DEFAULT NULL, enabled boolean DEFAULT NULL)
  RETURNS void
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $fn$
DECLARE
  altered int := scim.directory_id(directory);
  merged jsonb;
BEGIN
  IF profile IS NOT NULL THEN
    PERFORM scim.hold_profile(profile);
  END IF;
  SELECT jsonb_strip_nulls(d.settings || coalesce(scim_alter_directory.settings, '{}')) INTO merged
    FROM scim.directory d WHERE d.directory_id = altered FOR NO KEY UPDATE;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'directory "%" has just been dropped', directory USING ERRCODE = 'SC404';
  END IF;
  PERFORM scim.check_settings(merged);
  UPDATE scim.directory d SET
      profile = coalesce(scim_alter_directory.profile, d.profile),
      settings = merged,
      enabled = coalesce(scim_alter_directory.enabled, d.enabled)
    WHERE d.directory_id = altered;
END
$fn$;
COMMENT ON FUNCTION pg_catalog.scim_alter_directory(text, text, jsonb, boolean) IS
  'Changes profile, switches (merged; null removes an override) or whether requests are served. SC404, SCT08';

CREATE FUNCTION scim.forget_callers(directory_id int) RETURNS void
  LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp AS $fn$
  DELETE FROM scim.credential c WHERE c.directory_id = $1;
  DELETE FROM scim.credential_use u WHERE u.directory_id = $1;
  DELETE FROM scim.oauth_code o WHERE o.directory_id = $1;
  DELETE FROM scim.oauth_refresh r WHERE r.directory_id = $1;
  DELETE FROM scim.oauth_grant g WHERE g.directory_id = $1;
  DELETE FROM scim.oauth_secret s WHERE s.directory_id = $1;
  DELETE FROM scim.oauth_client c WHERE c.directory_id = $1;
  DELETE FROM scim.oauth_scope o WHERE o.directory_id = $1;
  DELETE FROM scim.oauth_path p WHERE p.directory_id = $1;
  DELETE FROM scim.service_user u WHERE u.directory_id = $1;
  DELETE FROM scim.administrator a WHERE a.directory_id = $1;
  DELETE FROM scim.signing_key k WHERE k.directory_id = $1;
  DELETE FROM scim.hmac_key k WHERE k.directory_id = $1;
  DELETE FROM scim.revoked_jwt r WHERE r.directory_id = $1;
  DELETE FROM scim.used_assertion a WHERE a.directory_id = $1;
  DELETE FROM scim.trusted_issuer i WHERE i.directory_id = $1;
$fn$;
COMMENT ON FUNCTION scim.forget_callers(int) IS 'Removes all credentials, clients, keys and issuers of a directory';

CREATE FUNCTION pg_catalog.scim_drop_directory(directory text) RETURNS void
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $fn$
DECLARE
  dropped int := scim.directory_id(directory);
BEGIN
  PERFORM scim.lock_directory(dropped);
  PERFORM FROM scim.directory d WHERE d.directory_id = dropped FOR UPDATE;
  PERFORM scim.forget_callers(dropped);
  DELETE FROM scim.membership m WHERE m.directory_id = dropped;
  DELETE FROM scim.unique_value v WHERE v.directory_id = dropped;
  DELETE FROM scim.unique_value v USING scim.resource r
    WHERE v.directory_id = 0 AND r.directory_id = dropped AND r.id = v.id;
  DELETE FROM scim.resource r WHERE r.directory_id = dropped;
  PERFORM scim.flush_counts();
  DELETE FROM scim.resource_count c WHERE c.directory_id = dropped;
  DELETE FROM scim.attr_value v WHERE v.directory_id = dropped;
  DELETE FROM scim.attribute_index i WHERE i.directory_id = dropped;
  DELETE FROM scim.resource_type_extension e WHERE e.directory_id = dropped;
  DELETE FROM scim.resource_type t WHERE t.directory_id = dropped;
  DELETE FROM scim.schema s WHERE s.directory_id = dropped;
  DELETE FROM scim.directory d WHERE d.directory_id = dropped;
END
$fn$;
COMMENT ON FUNCTION pg_catalog.scim_drop_directory(text) IS
  'Removes a directory with all its users, groups and credentials. SC404 if there is none';
