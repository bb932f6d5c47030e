-- 52_oauth_client.sql: OAuth clients, their secrets, what scopes allow.

INSERT INTO scim.oauth_scope (scope, rights, description, builtin) VALUES
  ('read', '{read}', 'Read users, groups and other resources', true),
  ('write', '{write}', 'Create, change and delete users, groups and other resources', true),
  ('scim', '{read,write}', 'Read and change users, groups and other resources', true),
  ('/acs/scim', '{read,write}', 'Read and change users, groups and other resources', true),
  ('offline_access', '{}', 'Stay connected until it is revoked', true);

INSERT INTO scim.oauth_path (path, endpoint, builtin) VALUES ('/v1/token', 'token', true);

CREATE FUNCTION scim.rights_of(directory_id int, scopes text[]) RETURNS text[]
  LANGUAGE sql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $fn$
  SELECT coalesce(array_agg(DISTINCT r ORDER BY r), '{}')
  FROM unnest($2) AS s
  CROSS JOIN LATERAL unnest(coalesce(
    (SELECT o.rights FROM scim.oauth_scope o
     WHERE o.scope = s AND o.directory_id IN (0, $1) ORDER BY o.directory_id DESC LIMIT 1),
    CASE WHEN scim.are_rights(ARRAY[s]) THEN ARRAY[s] END)) AS r
$fn$;
COMMENT ON FUNCTION scim.rights_of(int, text[]) IS
  'What scopes allow: their rows in scim.oauth_scope, and scopes that are rights themselves, as read:User';

CREATE FUNCTION pg_catalog.scim_define_scope(directory text, scope text, rights text[], description text DEFAULT '')
  RETURNS void
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $fn$
DECLARE
  owner int := scim.hold_directory(directory);
BEGIN
  IF scope IS NULL OR scope !~ '^[!#-\[\]-~]{1,100}$' THEN
    RAISE EXCEPTION 'a scope has up to 100 printable characters without blanks, quotes and backslashes'
      USING ERRCODE = 'SCT08';
  END IF;
  DELETE FROM scim.oauth_scope o WHERE o.directory_id = owner AND o.scope = $2;
  IF rights IS NULL THEN
    RETURN;
  END IF;
  IF rights <> '{}' AND NOT scim.are_rights(rights) THEN
    RAISE EXCEPTION 'rights are read and write, or those of one resource type as in read:User'
      USING ERRCODE = 'SCT08';
  END IF;
  INSERT INTO scim.oauth_scope (directory_id, scope, rights, description)
    VALUES (owner, scope, rights, coalesce(description, ''));
END
$fn$;
COMMENT ON FUNCTION pg_catalog.scim_define_scope(text, text, text[], text) IS
  'Says what a scope of OAuth allows in a directory, and how the consent page describes it; null rights take the definition back. SC404, SCT08';

CREATE FUNCTION pg_catalog.scim_set_oauth_path(directory text, path text, endpoint text) RETURNS void
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $fn$
DECLARE
  owner int := scim.hold_directory(directory);
BEGIN
  IF path IS NULL OR path !~ '^/[A-Za-z0-9._~/-]+$' OR path ~ '^/([^/]+/)?scim(/|$)'
     OR endpoint NOT IN ('authorize', 'token', 'revoke', 'introspect') THEN
    RAISE EXCEPTION 'name a path outside /scim, and authorize, token, revoke or introspect'
      USING ERRCODE = 'SCT08';
  END IF;
  DELETE FROM scim.oauth_path p WHERE p.directory_id = owner AND p.path = $2;
  IF endpoint IS NOT NULL THEN
    INSERT INTO scim.oauth_path (directory_id, path, endpoint) VALUES (owner, path, endpoint);
  END IF;
END
$fn$;
COMMENT ON FUNCTION pg_catalog.scim_set_oauth_path(text, text, text) IS
  'Gives an OAuth endpoint one more path for the clients of a directory; a null endpoint takes it back. SC404, SCT08';

CREATE FUNCTION scim.check_oauth_client(
    directory_id int, type text, scopes text[], redirect_uris text[], access_lifetime int, refresh_lifetime int,
    jwks jsonb) RETURNS void
  LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $fn$
DECLARE
  bad text;
BEGIN
  IF type IS NULL OR type NOT IN ('native', 'web', 'server') THEN
    RAISE EXCEPTION 'the type of a client is native, web or server' USING ERRCODE = 'SCT08';
  END IF;
  SELECT s INTO bad FROM unnest(scopes) AS s
    WHERE s IS NULL OR (scim.rights_of($1, ARRAY[s]) = '{}' AND NOT EXISTS (
      SELECT FROM scim.oauth_scope o WHERE o.scope = s AND o.directory_id IN (0, $1)));
  IF FOUND OR scopes IS NULL OR cardinality(scopes) = 0 THEN
    RAISE EXCEPTION 'there is no scope "%"', coalesce(left(bad, 64), '')
      USING ERRCODE = 'SCT08', HINT = 'Scopes are rows of scim.oauth_scope.';
  END IF;
  -- matched byte by byte later; no fragment (RFC 6749 section 3.1.2), private schemes and loopback as RFC 8252
  -- wants them, where alone a code may travel without TLS
  SELECT u INTO bad FROM unnest(redirect_uris) AS u
    WHERE u IS NULL OR length(u) > 2000 OR u !~ ('^((https://[A-Za-z0-9.:\[\]-]+|http://(127\.0\.0\.1|\[::1\]|localhost)(:[0-9]+)?)'
      || '([/?][A-Za-z0-9._~:/?@!$&''()*+,;=%-]*)?'
      || '|[a-z][a-z0-9+-]*(\.[a-z0-9+-]+)+:/[A-Za-z0-9._~:/?@!$&''()*+,;=%-]*)$');
  IF FOUND THEN
    RAISE EXCEPTION 'this cannot be a redirect URI: "%"', coalesce(left(bad, 200), '')
      USING ERRCODE = 'SCT08', HINT = 'It begins with https://, with http:// and a loopback address, or with a reversed domain name, and has no fragment.';
  END IF;
  IF type = 'server' AND cardinality(redirect_uris) > 0 THEN
    RAISE EXCEPTION 'a server application has no redirect URI' USING ERRCODE = 'SCT08';
  END IF;
  IF access_lifetime IS NULL OR access_lifetime NOT BETWEEN 900 AND 10800
     OR refresh_lifetime IS NULL OR refresh_lifetime NOT BETWEEN 7200 AND 31536000 THEN
    RAISE EXCEPTION 'access tokens live 900 to 10800 seconds, refresh tokens 7200 to 31536000'
      USING ERRCODE = 'SCT08';
  END IF;
  IF jwks IS NOT NULL THEN
    PERFORM scim.check_jwks(jwks);
  END IF;
END
$fn$;
COMMENT ON FUNCTION scim.check_oauth_client(int, text, text[], text[], int, int, jsonb) IS
  'Raises SCT08 for what no client can have';

CREATE FUNCTION pg_catalog.scim_create_oauth_client(
    directory text, name text, type text, scopes text[], redirect_uris text[] DEFAULT '{}',
    display_name text DEFAULT NULL, access_lifetime int DEFAULT 3600, refresh_lifetime int DEFAULT 2592000,
    jwks jsonb DEFAULT NULL)
  RETURNS uuid
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $fn$
DECLARE
  owner int := scim.hold_directory(directory);
  made uuid;
BEGIN
  IF name IS NULL OR btrim(name) = '' THEN
    RAISE EXCEPTION 'a client needs a name' USING ERRCODE = 'SCT08';
  END IF;
  PERFORM scim.check_oauth_client(owner, type, scopes, redirect_uris, access_lifetime, refresh_lifetime, jwks);
  INSERT INTO scim.oauth_client AS c (directory_id, name, display_name, type, scopes, redirect_uris,
      access_lifetime, refresh_lifetime, jwks)
    VALUES (owner, name, coalesce(display_name, name), type, scopes, coalesce(redirect_uris, '{}'),
      access_lifetime, refresh_lifetime, jwks)
    ON CONFLICT DO NOTHING RETURNING c.client_id INTO made;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'there is a client "%" already', left(name, 64) USING ERRCODE = 'SCT03';
  END IF;
  RETURN made;
END
$fn$;
COMMENT ON FUNCTION pg_catalog.scim_create_oauth_client(text, text, text, text[], text[], text, int, int, jsonb) IS
  'Makes an OAuth client of type native or web (authorization code, refresh token) or server (client credentials) and returns its client_id. scopes is the most it can have; redirect_uris are matched exactly; jwks are its public keys for private_key_jwt; lifetimes of its tokens are in seconds. SC404, SCT03 if the name is taken, SCT08';

-- Ends all that a client has been given; its grants only if it is to ask again.
CREATE FUNCTION scim.end_client_tokens(directory_id int, client_id uuid) RETURNS void
  LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp AS $fn$
  DELETE FROM scim.credential c WHERE c.directory_id = $1 AND c.client_id = $2
$fn$;
COMMENT ON FUNCTION scim.end_client_tokens(int, uuid) IS 'Ends the access tokens of a client';

CREATE FUNCTION pg_catalog.scim_alter_oauth_client(
    directory text, client_id uuid, scopes text[] DEFAULT NULL, redirect_uris text[] DEFAULT NULL,
    display_name text DEFAULT NULL, access_lifetime int DEFAULT NULL, refresh_lifetime int DEFAULT NULL,
    jwks jsonb DEFAULT NULL, enabled boolean DEFAULT NULL)
  RETURNS void
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $fn$
DECLARE
  owner int := scim.directory_id(directory);
  new scim.oauth_client;
BEGIN
  UPDATE scim.oauth_client c SET
      scopes = coalesce(scim_alter_oauth_client.scopes, c.scopes),
      redirect_uris = coalesce(scim_alter_oauth_client.redirect_uris, c.redirect_uris),
      display_name = coalesce(scim_alter_oauth_client.display_name, c.display_name),
      access_lifetime = coalesce(scim_alter_oauth_client.access_lifetime, c.access_lifetime),
      refresh_lifetime = coalesce(scim_alter_oauth_client.refresh_lifetime, c.refresh_lifetime),
      jwks = coalesce(scim_alter_oauth_client.jwks, c.jwks),
      enabled = coalesce(scim_alter_oauth_client.enabled, c.enabled)
    WHERE c.directory_id = owner AND c.client_id = scim_alter_oauth_client.client_id
    RETURNING * INTO new;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'there is no such client' USING ERRCODE = 'SC404';
  END IF;
  PERFORM scim.check_oauth_client(owner, new.type, new.scopes, new.redirect_uris, new.access_lifetime,
                                  new.refresh_lifetime, new.jwks);
  IF NOT new.enabled OR scim_alter_oauth_client.scopes IS NOT NULL THEN
    PERFORM scim.end_client_tokens(owner, client_id);
  END IF;
END
$fn$;
COMMENT ON FUNCTION pg_catalog.scim_alter_oauth_client(text, uuid, text[], text[], text, int, int, jsonb, boolean) IS
  'Changes what is not null of a client. Other scopes, or disabling it, end its access tokens. SC404, SCT08';

CREATE FUNCTION pg_catalog.scim_drop_oauth_client(directory text, client_id uuid) RETURNS void
  LANGUAGE plpgsql STRICT SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $fn$
DECLARE
  owner int := scim.directory_id(directory);
BEGIN
  DELETE FROM scim.oauth_client c WHERE c.directory_id = owner AND c.client_id = $2;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'there is no such client' USING ERRCODE = 'SC404';
  END IF;
  PERFORM scim.end_client_tokens(owner, client_id);
  DELETE FROM scim.hmac_key k USING scim.oauth_secret s
    WHERE k.directory_id = owner AND k.owner_id = s.secret_id AND s.directory_id = owner AND s.client_id = $2;
  DELETE FROM scim.oauth_secret s WHERE s.directory_id = owner AND s.client_id = $2;
  DELETE FROM scim.oauth_code o WHERE o.directory_id = owner AND o.client_id = $2;
  DELETE FROM scim.oauth_refresh r WHERE r.directory_id = owner AND r.client_id = $2;
  DELETE FROM scim.oauth_grant g WHERE g.directory_id = owner AND g.client_id = $2;
  DELETE FROM scim.used_assertion a WHERE a.directory_id = owner AND a.client_id = $2;
END
$fn$;
COMMENT ON FUNCTION pg_catalog.scim_drop_oauth_client(text, uuid) IS
  'Removes a client with its secrets, grants and tokens. SC404';

CREATE FUNCTION pg_catalog.scim_create_client_secret(
    directory text, client_id uuid, label text DEFAULT '', expires_at timestamptz DEFAULT NULL,
    for_assertions boolean DEFAULT false)
  RETURNS text
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $fn$
DECLARE
  owner int := scim.directory_id(directory);
  secret text := scim.new_token();
  made uuid;
BEGIN
  PERFORM FROM scim.oauth_client c WHERE c.directory_id = owner AND c.client_id = $2 FOR KEY SHARE;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'there is no such client' USING ERRCODE = 'SC404';
  END IF;
  INSERT INTO scim.oauth_secret AS s (directory_id, client_id, label, hash, expires_at)
    VALUES (owner, client_id, coalesce(label, ''), scim.hash_token(secret),
            coalesce(scim_create_client_secret.expires_at, now() + interval '1 year'))
    RETURNING s.secret_id INTO made;
  IF for_assertions THEN
    INSERT INTO scim.hmac_key (directory_id, owner_id, key) VALUES (owner, made, convert_to(secret, 'UTF8'));
  END IF;
  RETURN secret;
END
$fn$;
COMMENT ON FUNCTION pg_catalog.scim_create_client_secret(text, uuid, text, timestamptz, boolean) IS
  'Makes one more secret of a client and returns it, this once. It is valid for a year unless expires_at says otherwise. for_assertions lets it sign client_secret_jwt, for which it must be kept in clear (scim.hmac_key, not dumped). SC404';

CREATE FUNCTION pg_catalog.scim_revoke_client_secret(directory text, secret_id uuid) RETURNS void
  LANGUAGE plpgsql STRICT SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $fn$
DECLARE
  owner int := scim.directory_id(directory);
BEGIN
  UPDATE scim.oauth_secret s SET revoked_at = coalesce(s.revoked_at, now())
    WHERE s.directory_id = owner AND s.secret_id = $2;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'there is no such secret' USING ERRCODE = 'SC404';
  END IF;
  DELETE FROM scim.hmac_key k WHERE k.directory_id = owner AND k.owner_id = $2;
END
$fn$;
COMMENT ON FUNCTION pg_catalog.scim_revoke_client_secret(text, uuid) IS
  'Ends a secret, by its id in scim.oauth_secrets. Tokens that were issued for it live on. SC404';
