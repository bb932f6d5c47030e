-- 12_auth_tables.sql: who may call. Of a secret that is shown once, the tables hold the SHA-256. Keys that
-- must be known in clear are left out of dumps: whoever has a dump can use nothing of it.

CREATE FUNCTION scim.are_rights(rights text[]) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $fn$
  SELECT coalesce(cardinality($1) > 0 AND bool_and(r ~ '^(read|write)(:[A-Za-z][A-Za-z0-9_$-]*)?$' AND r IS NOT NULL), false)
  FROM unnest($1) AS r
$fn$;
COMMENT ON FUNCTION scim.are_rights(text[]) IS
  'Is it a list of read and write, of everything or, as in read:User, of one resource type?';

CREATE TABLE scim.credential (
  directory_id  int NOT NULL,
  credential_id uuid NOT NULL DEFAULT pg_catalog.gen_random_uuid(),
  label         text NOT NULL,
  hash          bytea NOT NULL UNIQUE CHECK (pg_catalog.octet_length(hash) = 32),
  scopes        text[] NOT NULL CHECK (scim.are_rights(scopes) OR (scopes = '{}' AND client_id IS NOT NULL)),
  networks      cidr[] CHECK (pg_catalog.cardinality(networks) > 0),
  created_at    timestamptz NOT NULL DEFAULT pg_catalog.now(),
  expires_at    timestamptz NOT NULL,
  disabled_at   timestamptz,
  revoked_at    timestamptz,
  subject_id    uuid,
  client_id     uuid,
  grant_id      uuid,
  oauth_scopes  text[],
  PRIMARY KEY (directory_id, credential_id)
);
CREATE INDEX credential_client ON scim.credential (directory_id, client_id, expires_at) WHERE client_id IS NOT NULL;
CREATE INDEX credential_grant ON scim.credential (directory_id, grant_id) WHERE grant_id IS NOT NULL;
SELECT pg_catalog.pg_extension_config_dump('scim.credential', '');
COMMENT ON TABLE scim.credential IS 'Bearer tokens and opaque access tokens, by SHA-256; looked up by hash before the directory is known';
COMMENT ON COLUMN scim.credential.scopes IS 'Rights: read and write, of all resources or, as in read:User, of one type';
COMMENT ON COLUMN scim.credential.networks IS 'Where it may be used from; null: anywhere';
COMMENT ON COLUMN scim.credential.subject_id IS 'The user that /Me stands for; kept when it is deleted, so that /Me is then nobody';
COMMENT ON COLUMN scim.credential.client_id IS 'Of an access token: the OAuth client it was issued to';

CREATE TABLE scim.credential_use (
  directory_id  int NOT NULL,
  credential_id uuid NOT NULL,
  last_used_at  timestamptz NOT NULL,
  PRIMARY KEY (directory_id, credential_id)
);
SELECT pg_catalog.pg_extension_config_dump('scim.credential_use', '');
COMMENT ON TABLE scim.credential_use IS 'When credentials were last used, as scim_store_last_used() has found it in shared memory';

CREATE TABLE scim.oauth_scope (
  directory_id int NOT NULL DEFAULT 0,
  scope        text COLLATE "C" NOT NULL CHECK (scope ~ '^[!#-\[\]-~]{1,100}$'),
  rights       text[] NOT NULL CHECK (rights = '{}' OR scim.are_rights(rights)),
  description  text NOT NULL DEFAULT '',
  builtin      boolean NOT NULL DEFAULT false,
  PRIMARY KEY (directory_id, scope)
);
SELECT pg_catalog.pg_extension_config_dump('scim.oauth_scope', 'WHERE NOT builtin');
COMMENT ON TABLE scim.oauth_scope IS 'What scopes of OAuth allow here; directory 0 is every directory';

CREATE TABLE scim.oauth_path (
  directory_id int NOT NULL DEFAULT 0,
  path         text COLLATE "C" NOT NULL CHECK (path ~ '^/[A-Za-z0-9._~/-]+$'),
  endpoint     text COLLATE "C" NOT NULL CHECK (endpoint IN ('authorize', 'token', 'revoke', 'introspect')),
  builtin      boolean NOT NULL DEFAULT false,
  PRIMARY KEY (path, directory_id)
);
SELECT pg_catalog.pg_extension_config_dump('scim.oauth_path', 'WHERE NOT builtin');
COMMENT ON TABLE scim.oauth_path IS 'Further paths of the OAuth endpoints; directory 0 is every directory';

CREATE TABLE scim.oauth_client (
  directory_id     int NOT NULL,
  client_id        uuid NOT NULL UNIQUE DEFAULT pg_catalog.gen_random_uuid(),
  name             text NOT NULL,
  display_name     text NOT NULL,
  type             text NOT NULL CHECK (type IN ('native', 'web', 'server')),
  scopes           text[] NOT NULL,
  redirect_uris    text[] NOT NULL DEFAULT '{}',
  access_lifetime  int NOT NULL DEFAULT 3600 CHECK (access_lifetime BETWEEN 900 AND 10800),
  refresh_lifetime int NOT NULL DEFAULT 2592000 CHECK (refresh_lifetime BETWEEN 7200 AND 31536000),
  jwks             jsonb,
  enabled          boolean NOT NULL DEFAULT true,
  created_at       timestamptz NOT NULL DEFAULT pg_catalog.now(),
  PRIMARY KEY (directory_id, client_id),
  UNIQUE (directory_id, name)
);
SELECT pg_catalog.pg_extension_config_dump('scim.oauth_client', '');
COMMENT ON TABLE scim.oauth_client IS 'OAuth applications; looked up by client_id before the directory is known';
COMMENT ON COLUMN scim.oauth_client.jwks IS 'Public keys of its assertions (private_key_jwt)';

CREATE TABLE scim.oauth_secret (
  directory_id int NOT NULL,
  secret_id    uuid NOT NULL DEFAULT pg_catalog.gen_random_uuid(),
  client_id    uuid NOT NULL,
  label        text NOT NULL,
  hash         bytea NOT NULL CHECK (pg_catalog.octet_length(hash) = 32),
  created_at   timestamptz NOT NULL DEFAULT pg_catalog.now(),
  expires_at   timestamptz NOT NULL,
  revoked_at   timestamptz,
  PRIMARY KEY (directory_id, secret_id),
  UNIQUE (directory_id, client_id, hash)
);
SELECT pg_catalog.pg_extension_config_dump('scim.oauth_secret', '');
COMMENT ON TABLE scim.oauth_secret IS 'Secrets of OAuth clients, by SHA-256';

CREATE TABLE scim.service_user (
  directory_id    int NOT NULL,
  service_user_id uuid NOT NULL DEFAULT pg_catalog.gen_random_uuid(),
  name            text NOT NULL,
  created_by      text NOT NULL,
  created_at      timestamptz NOT NULL DEFAULT pg_catalog.now(),
  PRIMARY KEY (directory_id, service_user_id),
  UNIQUE (directory_id, name)
);
SELECT pg_catalog.pg_extension_config_dump('scim.service_user', '');
COMMENT ON TABLE scim.service_user IS 'Whom tokens belong to that an administrator approved under a name of its own';

CREATE TABLE scim.oauth_grant (
  directory_id    int NOT NULL,
  grant_id        uuid NOT NULL DEFAULT pg_catalog.gen_random_uuid(),
  client_id       uuid NOT NULL,
  scopes          text[] NOT NULL,
  approved_by     text NOT NULL,
  service_user_id uuid,
  created_at      timestamptz NOT NULL DEFAULT pg_catalog.now(),
  revoked_at      timestamptz,
  PRIMARY KEY (directory_id, grant_id)
);
CREATE INDEX oauth_grant_client ON scim.oauth_grant (directory_id, client_id);
SELECT pg_catalog.pg_extension_config_dump('scim.oauth_grant', '');
COMMENT ON TABLE scim.oauth_grant IS 'What administrators have approved: the family of all tokens that come of one authorization code';

CREATE TABLE scim.oauth_code (
  directory_id   int NOT NULL,
  hash           bytea NOT NULL CHECK (pg_catalog.octet_length(hash) = 32),
  grant_id       uuid NOT NULL,
  client_id      uuid NOT NULL,
  redirect_uri   text NOT NULL,
  code_challenge text COLLATE "C",
  expires_at     timestamptz NOT NULL,
  used_at        timestamptz,
  PRIMARY KEY (directory_id, hash)
);
SELECT pg_catalog.pg_extension_config_dump('scim.oauth_code', '');
COMMENT ON TABLE scim.oauth_code IS 'Authorization codes, by SHA-256';
COMMENT ON COLUMN scim.oauth_code.code_challenge IS 'S256 challenge of RFC 7636; null: the client did not send one';

CREATE TABLE scim.oauth_refresh (
  directory_id int NOT NULL,
  hash         bytea NOT NULL CHECK (pg_catalog.octet_length(hash) = 32),
  grant_id     uuid NOT NULL,
  client_id    uuid NOT NULL,
  created_at   timestamptz NOT NULL DEFAULT pg_catalog.now(),
  expires_at   timestamptz NOT NULL,
  used_at      timestamptz,
  PRIMARY KEY (directory_id, hash)
);
SELECT pg_catalog.pg_extension_config_dump('scim.oauth_refresh', '');
COMMENT ON TABLE scim.oauth_refresh IS 'Refresh tokens, by SHA-256; a used one stays until it expires, so that its reuse is noticed';

CREATE TABLE scim.administrator (
  directory_id     int NOT NULL,
  administrator_id uuid NOT NULL DEFAULT pg_catalog.gen_random_uuid(),
  name             text NOT NULL,
  password         text NOT NULL,
  enabled          boolean NOT NULL DEFAULT true,
  failures         int NOT NULL DEFAULT 0,
  locked_until     timestamptz,
  created_at       timestamptz NOT NULL DEFAULT pg_catalog.now(),
  PRIMARY KEY (directory_id, administrator_id),
  UNIQUE (directory_id, name)
);
SELECT pg_catalog.pg_extension_config_dump('scim.administrator', '');
COMMENT ON TABLE scim.administrator IS 'Who may approve OAuth clients of a directory in the browser';
COMMENT ON COLUMN scim.administrator.password IS 'bcrypt hash';

CREATE TABLE scim.signing_key (
  directory_id int NOT NULL,
  kid          uuid NOT NULL UNIQUE DEFAULT pg_catalog.gen_random_uuid(),
  algorithm    text NOT NULL CHECK (algorithm IN ('ES256', 'EdDSA')),
  public_jwk   jsonb NOT NULL,
  private_key  bytea NOT NULL,
  created_at   timestamptz NOT NULL DEFAULT pg_catalog.now(),
  expires_at   timestamptz NOT NULL DEFAULT 'infinity',
  PRIMARY KEY (directory_id, kid)
);
SELECT pg_catalog.pg_extension_config_dump('scim.signing_key', 'WHERE false');
COMMENT ON TABLE scim.signing_key IS 'Keys that sign access tokens; not dumped: a restored database makes new ones';
COMMENT ON COLUMN scim.signing_key.expires_at IS 'Until then it verifies; the newest signs';

CREATE TABLE scim.hmac_key (
  directory_id int NOT NULL,
  owner_id     uuid NOT NULL,
  key          bytea NOT NULL CHECK (pg_catalog.octet_length(key) >= 32),
  PRIMARY KEY (directory_id, owner_id)
);
SELECT pg_catalog.pg_extension_config_dump('scim.hmac_key', 'WHERE false');
COMMENT ON TABLE scim.hmac_key IS 'Keys shared with others (HS256): of a client secret or of a trusted issuer; not dumped';

CREATE TABLE scim.revoked_jwt (
  directory_id int NOT NULL,
  jti          text COLLATE "C" NOT NULL,
  expires_at   timestamptz NOT NULL,
  PRIMARY KEY (directory_id, jti)
);
SELECT pg_catalog.pg_extension_config_dump('scim.revoked_jwt', '');
COMMENT ON TABLE scim.revoked_jwt IS 'Access tokens that were ended before their time';

CREATE TABLE scim.used_assertion (
  directory_id int NOT NULL,
  client_id    uuid NOT NULL,
  jti          text COLLATE "C" NOT NULL,
  expires_at   timestamptz NOT NULL,
  PRIMARY KEY (directory_id, client_id, jti)
);
SELECT pg_catalog.pg_extension_config_dump('scim.used_assertion', '');
COMMENT ON TABLE scim.used_assertion IS 'Assertions that have been used; each is good once';

CREATE TABLE scim.trusted_issuer (
  directory_id    int NOT NULL,
  issuer_id       uuid NOT NULL DEFAULT pg_catalog.gen_random_uuid(),
  issuer          text COLLATE "C" NOT NULL,
  audience        text COLLATE "C" NOT NULL,
  algorithms      text[] NOT NULL
                  CHECK (algorithms <@ ARRAY['RS256', 'PS256', 'ES256', 'EdDSA', 'HS256']
                         AND pg_catalog.cardinality(algorithms) > 0),
  jwks            jsonb NOT NULL DEFAULT '{"keys": []}',
  required_claims jsonb NOT NULL DEFAULT '{}',
  scope_claim     text NOT NULL DEFAULT 'scope',
  scope_map       jsonb,
  default_scopes  text[] NOT NULL DEFAULT '{}',
  clock_skew      int NOT NULL DEFAULT 60 CHECK (clock_skew BETWEEN 0 AND 600),
  enabled         boolean NOT NULL DEFAULT true,
  refreshed_at    timestamptz NOT NULL DEFAULT pg_catalog.now(),
  PRIMARY KEY (directory_id, issuer_id)
);
CREATE INDEX trusted_issuer_issuer ON scim.trusted_issuer (issuer, directory_id);
SELECT pg_catalog.pg_extension_config_dump('scim.trusted_issuer', '');
COMMENT ON TABLE scim.trusted_issuer IS 'Whose JWTs a directory takes as bearer tokens';
COMMENT ON COLUMN scim.trusted_issuer.required_claims IS 'Claims that a token must have for it to be one of this directory';
