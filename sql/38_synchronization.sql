-- 38_synchronization.sql: switching clients on, and handing them what is there already. The rules
-- themselves are in resource_origin.c.

CREATE FUNCTION pg_catalog.scim_enable_synchronization(
    directory text, label text DEFAULT 'synchronization', OUT endpoint text, OUT token text)
  RETURNS record
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $fn$
BEGIN
  PERFORM scim_alter_directory(directory, settings => '{"synchronization": true}');
  endpoint := current_setting('scim.base_url') || '/' || directory || '/scim/v2';
  token := scim_issue_token(directory, label);
END
$fn$;
COMMENT ON FUNCTION pg_catalog.scim_enable_synchronization(text, text) IS
  'Lets clients write and returns what one needs: the address and a new token, shown this once. SC404, SCT08';

CREATE FUNCTION pg_catalog.scim_adopt(directory text, id uuid) RETURNS void
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $fn$
BEGIN
  UPDATE scim.resource r SET managed = true
    WHERE r.directory_id = scim.directory_id(directory) AND r.id = scim_adopt.id;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'there is no such resource' USING ERRCODE = 'SC404';
  END IF;
END
$fn$;
COMMENT ON FUNCTION pg_catalog.scim_adopt(text, uuid) IS
  'Hands a local user or group over to the clients of the directory: it is managed from now on. SC404';
