-- 32_directory_cache.sql: backends know directories and tokens by heart; this tells them when to look again.

CREATE FUNCTION scim.directory_changed() RETURNS trigger
  LANGUAGE c AS 'MODULE_PATHNAME', 'scim_directory_changed';
COMMENT ON FUNCTION scim.directory_changed() IS
  'Makes every backend, also of standbys, read directories and credentials again';
CREATE TRIGGER directory_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON scim.directory
  FOR EACH STATEMENT EXECUTE FUNCTION scim.directory_changed();
CREATE TRIGGER directory_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON scim.profile
  FOR EACH STATEMENT EXECUTE FUNCTION scim.directory_changed();
CREATE TRIGGER directory_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON scim.credential
  FOR EACH STATEMENT EXECUTE FUNCTION scim.directory_changed();
