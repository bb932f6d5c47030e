-- 55_consent.sql: administrators, and what they approve in the browser.

INSERT INTO scim.secret (name, value) VALUES ('consent', scim.new_secret());

-- pgcrypto may be in any schema.
CREATE FUNCTION scim.bcrypt(password text, hash text DEFAULT NULL) RETURNS text
  LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $fn$
DECLARE
  home text := (SELECT n.nspname FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace
                WHERE e.extname = 'pgcrypto');
  cost int := coalesce(current_setting('scim.password_cost', true)::int, 8) + 2;
  result text;
BEGIN
  EXECUTE format('SELECT %1$I.crypt($1, coalesce($2, %1$I.gen_salt(''bf'', $3)))', home)
    INTO result USING password, hash, cost;
  RETURN result;
END
$fn$;
COMMENT ON FUNCTION scim.bcrypt(text, text) IS 'A password hashed as hash was, or anew if that is null: at four times the cost of users'' passwords';

CREATE FUNCTION scim.check_password(password text) RETURNS void
  LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $fn$
BEGIN
  IF password IS NULL OR length(password) < 12 OR octet_length(password) > 72 THEN
    RAISE EXCEPTION 'a password has at least 12 characters and at most 72 bytes' USING ERRCODE = 'SCT08';
  END IF;
END
$fn$;
COMMENT ON FUNCTION scim.check_password(text) IS 'Raises SCT08 for a password that is too short, or longer than bcrypt reads';

CREATE FUNCTION pg_catalog.scim_create_administrator(directory text, name text, password text) RETURNS void
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $fn$
DECLARE
  owner int := scim.hold_directory(directory);
BEGIN
  IF name IS NULL OR name !~ '^\S(.{0,62}\S)?$' THEN
    RAISE EXCEPTION 'the name of an administrator has 1 to 64 characters' USING ERRCODE = 'SCT08';
  END IF;
  PERFORM scim.check_password(password);
  INSERT INTO scim.administrator (directory_id, name, password)
    VALUES (owner, name, scim.bcrypt(password)) ON CONFLICT DO NOTHING;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'there is an administrator "%" already', name USING ERRCODE = 'SCT03';
  END IF;
END
$fn$;
COMMENT ON FUNCTION pg_catalog.scim_create_administrator(text, text, text) IS
  'Makes somebody who may approve OAuth clients of a directory in the browser. The password is kept as a bcrypt hash. SC404, SCT03, SCT08';

CREATE FUNCTION pg_catalog.scim_alter_administrator(
    directory text, name text, password text DEFAULT NULL, enabled boolean DEFAULT NULL)
  RETURNS void
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $fn$
DECLARE
  owner int := scim.directory_id(directory);
BEGIN
  IF password IS NOT NULL THEN
    PERFORM scim.check_password(password);
  END IF;
  UPDATE scim.administrator a SET
      password = CASE WHEN scim_alter_administrator.password IS NULL THEN a.password
                      ELSE scim.bcrypt(scim_alter_administrator.password) END,
      enabled = coalesce(scim_alter_administrator.enabled, a.enabled),
      failures = 0, locked_until = NULL
    WHERE a.directory_id = owner AND a.name = $2;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'there is no such administrator' USING ERRCODE = 'SC404';
  END IF;
END
$fn$;
COMMENT ON FUNCTION pg_catalog.scim_alter_administrator(text, text, text, boolean) IS
  'Changes what is not null of an administrator, and unlocks. SC404, SCT08';

CREATE FUNCTION pg_catalog.scim_drop_administrator(directory text, name text) RETURNS void
  LANGUAGE plpgsql STRICT SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $fn$
BEGIN
  DELETE FROM scim.administrator a WHERE a.directory_id = scim.directory_id(directory) AND a.name = $2;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'there is no such administrator' USING ERRCODE = 'SC404';
  END IF;
END
$fn$;
COMMENT ON FUNCTION pg_catalog.scim_drop_administrator(text, text) IS
  'Removes an administrator; what was approved stays. SC404';

-- One bcrypt whatever happens, so that time tells nothing. Tries of one name run one at a time: whoever
-- guesses in parallel fails at once. Raises nothing, so that failures are counted.
CREATE FUNCTION scim.log_in(directory_id int, name text, password text) RETURNS uuid
  LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $fn$
DECLARE
  who scim.administrator;
  hash text;
BEGIN
  SELECT * INTO who FROM scim.administrator a
    WHERE a.directory_id = $1 AND a.name = $2 FOR NO KEY UPDATE SKIP LOCKED;
  hash := scim.bcrypt(left(password, 72), who.password);
  IF hash = who.password AND who.enabled AND coalesce(who.locked_until < now(), true) THEN
    UPDATE scim.administrator a SET failures = 0, locked_until = NULL
      WHERE a.directory_id = $1 AND a.administrator_id = who.administrator_id
        AND (a.failures > 0 OR a.locked_until IS NOT NULL);
    RETURN who.administrator_id;
  END IF;
  UPDATE scim.administrator a SET failures = a.failures + 1,
      locked_until = CASE WHEN a.failures >= 4 THEN now() + interval '15 minutes' ELSE a.locked_until END
    WHERE a.directory_id = $1 AND a.administrator_id = who.administrator_id;
  RETURN NULL;
END
$fn$;
COMMENT ON FUNCTION scim.log_in(int, text, text) IS
  'Id of the administrator with this password; null, and one more failure, for any other. Five failures lock for a quarter of an hour';

CREATE FUNCTION scim.approve(
    directory_id int, client_id uuid, administrator_id uuid, scopes text[], service_user text,
    code bytea, redirect_uri text, code_challenge text)
  RETURNS text
  LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $fn$
DECLARE
  approver text := (SELECT a.name FROM scim.administrator a
                    WHERE a.directory_id = $1 AND a.administrator_id = $3 AND a.enabled);
  named uuid;
  made uuid;
BEGIN
  IF approver IS NULL THEN
    RETURN 'Your account was disabled.';
  END IF;
  IF service_user IS NOT NULL THEN
    IF service_user !~ '^\S(.{0,62}\S)?$' THEN
      RETURN 'The name of the service user has 1 to 64 characters and no blanks around it.';
    END IF;
    INSERT INTO scim.service_user AS u (directory_id, name, created_by) VALUES ($1, service_user, approver)
      ON CONFLICT DO NOTHING RETURNING u.service_user_id INTO named;
    IF NOT FOUND THEN
      RETURN 'There is a service user of this name already.';
    END IF;
  END IF;
  INSERT INTO scim.oauth_grant AS g (directory_id, client_id, scopes, approved_by, service_user_id)
    VALUES ($1, $2, $4, approver, named) RETURNING g.grant_id INTO made;
  INSERT INTO scim.oauth_code (directory_id, hash, grant_id, client_id, redirect_uri, code_challenge, expires_at)
    VALUES ($1, code, made, $2, redirect_uri, code_challenge, now() + interval '2 minutes');
  RETURN NULL;
END
$fn$;
COMMENT ON FUNCTION scim.approve(int, uuid, uuid, text[], text, bytea, text, text) IS
  'Grants scopes to a client and stores the code that it fetches its tokens with; else the sentence that says why not';
