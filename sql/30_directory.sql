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
    "unique_group_name": false,
    "accept_empty_strings": false
  }', true),
  -- Alibaba Cloud RAM: users only, four attributes.
  ('ram', '{
    "oauth_query_parameters": true,
    "oauth_text_lifetime": true,
    "source_name": "SCIM User Synchronization",
    "base_path": "bare",
    "open_discovery": false,
    "resource_types": ["User"],
    "stored_attributes": ["User:userName", "User:displayName", "User:externalId"],
    "filters": ["User:id", "User:userName", "User:externalId", "User:id and userName",
                "User:id and externalId", "User:userName and externalId",
                "User:id and userName and externalId"],
    "default_page_size": 30,
    "max_page_size": 100,
    "strip_user_domain": true,
    "plain_user_names": true,
    "offer_me": false,
    "offer_bulk": false,
    "offer_search": false,
    "offer_etags": false,
    "offer_sort": false,
    "offer_cursors": false
  }', true),
  -- Alibaba Cloud CloudSSO: nothing is pushed before it is switched on.
  ('cloudsso', '{
    "max_credentials": 2,
    "synchronization": false,
    "protect_managed": true,
    "unmanaged_action": "adopt",
    "open_discovery": false,
    "open_config": true,
    "max_page_size": 100,
    "show_members": "single",
    "offer_me": false,
    "offer_bulk": false,
    "offer_search": false
  }', true),
  -- AWS IAM Identity Center.
  ('aws', '{
    "answer_group_patch": 0,
    "max_credentials": 2,
    "base_path": "named",
    "open_discovery": false,
    "required_attributes": ["User:displayName", "User:name.givenName", "User:name.familyName",
                            "User:addresses.streetAddress", "User:addresses.locality",
                            "User:addresses.region", "User:addresses.postalCode",
                            "User:addresses.country"],
    "refused_attributes": ["User:ims", "User:photos", "User:x509Certificates", "User:entitlements",
                           "User:groups", "User:manager.displayName", "User:emails.display",
                           "User:phoneNumbers.display", "User:roles.display", "User:meta.version"],
    "ignored_attributes": ["User:password"],
    "single_attributes": ["User:emails", "User:addresses", "User:phoneNumbers", "User:roles"],
    "primary_attributes": ["User:emails"],
    "unique_attributes": ["User:externalId", "User:emails.value", "Group:externalId"],
    "patchable_attributes": ["User:userName", "User:active", "User:externalId", "User:displayName",
                             "User:nickName", "User:profileUrl", "User:title", "User:userType",
                             "User:preferredLanguage", "User:locale", "User:timezone", "User:name",
                             "User:urn:ietf:params:scim:schemas:extension:enterprise:2.0:User",
                             "User:emails", "User:addresses", "User:phoneNumbers",
                             "Group:displayName", "Group:members", "Group:externalId"],
    "patch_once_attributes": ["User:userName", "User:active"],
    "forbidden_characters": "<>;:%\t\n\r",
    "filters": ["User:userName", "User:externalId", "User:id", "User:id and manager",
                "User:groups.value", "Group:displayName", "Group:externalId", "Group:id",
                "Group:id and members", "Group:members.value"],
    "max_page_size": 100,
    "offer_index_paging": false,
    "offer_projection": false,
    "tell_cursor_total": false,
    "show_members": "never",
    "max_members_per_request": 100,
    "offer_member_replace": false,
    "offer_group_replace": false,
    "offer_me": false,
    "offer_bulk": false,
    "offer_search": false,
    "offer_sort": false,
    "offer_etags": false,
    "extended_errors": true,
    "bad_request_text": "Request is unparsable, syntactically incorrect, or violates schema",
    "conflict_text": "Refused to create a duplicate"
  }', true),
  -- Okta Advanced Server Access.
  ('asa', '{
    "name_service_users": true,
    "protect_managed": true,
    "unmanaged_action": "refuse",
    "open_discovery": false,
    "max_page_size": 200,
    "strip_user_domain": true,
    "offer_me": false,
    "offer_bulk": false,
    "offer_search": false
  }', true);

CREATE FUNCTION scim.check_settings(settings jsonb) RETURNS boolean
  LANGUAGE c STABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'scim_check_settings';
COMMENT ON FUNCTION scim.check_settings(jsonb) IS
  'True if every switch is known and every value within its bounds; else SCT08';

CREATE FUNCTION scim.default_settings() RETURNS jsonb
  LANGUAGE c IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'scim_default_settings';
COMMENT ON FUNCTION scim.default_settings() IS 'Every switch with its value in the profile default';

CREATE FUNCTION scim.check_rules(directory_id int) RETURNS boolean
  LANGUAGE c STABLE STRICT AS 'MODULE_PATHNAME', 'scim_check_rules';
COMMENT ON FUNCTION scim.check_rules(int) IS
  'True if the directory has every resource type and attribute that its switches name; else SCT08';

CREATE FUNCTION scim.forget_unique(directory_id int) RETURNS void
  LANGUAGE c VOLATILE STRICT AS 'MODULE_PATHNAME', 'scim_forget_unique';
COMMENT ON FUNCTION scim.forget_unique(int) IS
  'Removes the rows of scim.unique_value of attributes that are no longer unique in the directory';

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
  PERFORM scim.check_rules(scim.directory_id(directory));
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
  PERFORM scim.check_rules(altered);
  -- What is unique by a switch alone begins anew, with what is written from now on.
  IF scim_alter_directory.profile IS NOT NULL OR scim_alter_directory.settings ? 'unique_attributes' THEN
    PERFORM scim.forget_unique(altered);
  END IF;
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

CREATE FUNCTION pg_catalog.scim_directory_settings(directory text)
  RETURNS TABLE (name text, value jsonb, origin text)
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $fn$
BEGIN
  RETURN QUERY
    SELECT s.key, coalesce(d.settings -> s.key, p.settings -> s.key, s.value),
           CASE WHEN d.settings ? s.key THEN 'directory' WHEN p.settings ? s.key THEN 'profile' ELSE 'default' END
    FROM scim.directory d JOIN scim.profile p ON p.name = d.profile, jsonb_each(scim.default_settings()) AS s
    WHERE d.directory_id = scim.directory_id(directory) ORDER BY s.key COLLATE "C";
END
$fn$;
COMMENT ON FUNCTION pg_catalog.scim_directory_settings(text) IS
  'Every switch of a directory with its effective value and where it comes from: directory, profile or default. SC404';
