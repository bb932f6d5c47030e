-- 32_directory_cache.sql: backends know directories, tokens and keys by heart; this tells them when to look again.

CREATE FUNCTION scim.directory_changed() RETURNS trigger
  LANGUAGE c AS 'MODULE_PATHNAME', 'scim_directory_changed';
COMMENT ON FUNCTION scim.directory_changed() IS
  'Makes every backend, also of standbys, read directories and credentials again';
CREATE TRIGGER directory_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON scim.directory
  FOR EACH STATEMENT EXECUTE FUNCTION scim.directory_changed();
CREATE TRIGGER directory_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON scim.profile
  FOR EACH STATEMENT EXECUTE FUNCTION scim.directory_changed();

-- Nobody remembers that a token is not there, so a new one is no news; nor is the end of one that
-- has expired, since expiry is looked at each time.
CREATE TRIGGER credential_changed AFTER UPDATE OR TRUNCATE ON scim.credential
  FOR EACH STATEMENT EXECUTE FUNCTION scim.directory_changed();
CREATE TRIGGER credential_deleted AFTER DELETE ON scim.credential
  FOR EACH ROW WHEN (OLD.expires_at > pg_catalog.now()) EXECUTE FUNCTION scim.directory_changed();
CREATE TRIGGER oauth_client_changed AFTER UPDATE OR DELETE OR TRUNCATE ON scim.oauth_client
  FOR EACH STATEMENT EXECUTE FUNCTION scim.directory_changed();
CREATE TRIGGER oauth_grant_changed AFTER UPDATE OR DELETE OR TRUNCATE ON scim.oauth_grant
  FOR EACH STATEMENT EXECUTE FUNCTION scim.directory_changed();
CREATE TRIGGER oauth_scope_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON scim.oauth_scope
  FOR EACH STATEMENT EXECUTE FUNCTION scim.directory_changed(); -- tokens of trusted issuers
CREATE TRIGGER signing_key_changed AFTER UPDATE OR DELETE OR TRUNCATE ON scim.signing_key
  FOR EACH STATEMENT EXECUTE FUNCTION scim.directory_changed();
CREATE TRIGGER hmac_key_changed AFTER UPDATE OR DELETE OR TRUNCATE ON scim.hmac_key
  FOR EACH STATEMENT EXECUTE FUNCTION scim.directory_changed();
CREATE TRIGGER revoked_jwt_changed AFTER INSERT ON scim.revoked_jwt
  FOR EACH STATEMENT EXECUTE FUNCTION scim.directory_changed();
CREATE TRIGGER trusted_issuer_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON scim.trusted_issuer
  FOR EACH STATEMENT EXECUTE FUNCTION scim.directory_changed();
