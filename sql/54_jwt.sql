-- 54_jwt.sql: keys that sign, and issuers that are trusted.

CREATE FUNCTION scim.check_jwks(jwks jsonb) RETURNS boolean
  LANGUAGE c STABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'scim_check_jwks';
COMMENT ON FUNCTION scim.check_jwks(jsonb) IS 'True if it is a set of public keys that can be used; else SCT08';

CREATE FUNCTION scim.new_signing_key(algorithm text, OUT private_key bytea, OUT public_jwk jsonb) RETURNS record
  LANGUAGE c VOLATILE STRICT AS 'MODULE_PATHNAME', 'scim_new_signing_key';
COMMENT ON FUNCTION scim.new_signing_key(text) IS 'A fresh key for ES256 or EdDSA';

-- For the token endpoint: makes the directory's first key.
CREATE FUNCTION scim.add_signing_key(directory_id int, algorithm text) RETURNS uuid
  LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $fn$
DECLARE
  made uuid := gen_random_uuid();
BEGIN
  INSERT INTO scim.signing_key (directory_id, kid, algorithm, private_key, public_jwk)
    SELECT $1, made, $2, k.private_key, k.public_jwk || jsonb_build_object('kid', made)
    FROM scim.new_signing_key($2) AS k;
  RETURN made;
END
$fn$;
COMMENT ON FUNCTION scim.add_signing_key(int, text) IS 'Makes a key that signs from now on, and returns its kid';

CREATE FUNCTION pg_catalog.scim_rotate_signing_key(
    directory text, algorithm text DEFAULT 'ES256', overlap interval DEFAULT '3 hours')
  RETURNS uuid
  LANGUAGE plpgsql STRICT SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $fn$
DECLARE
  owner int := scim.hold_directory(directory);
BEGIN
  IF algorithm NOT IN ('ES256', 'EdDSA') THEN
    RAISE EXCEPTION 'access tokens are signed by ES256 or EdDSA' USING ERRCODE = 'SCT08';
  END IF;
  IF overlap < interval '0' THEN
    RAISE EXCEPTION 'the overlap must not be negative' USING ERRCODE = 'SCT08';
  END IF;
  PERFORM FROM scim.directory d WHERE d.directory_id = owner FOR NO KEY UPDATE;
  UPDATE scim.signing_key k SET expires_at = least(k.expires_at, now() + overlap)
    WHERE k.directory_id = owner;
  RETURN scim.add_signing_key(owner, algorithm);
END
$fn$;
COMMENT ON FUNCTION pg_catalog.scim_rotate_signing_key(text, text, interval) IS
  'Makes the key that signs access tokens from now on and returns its kid. The earlier ones verify until the overlap is over; 0 ends all tokens they signed. SC404, SCT08';

-- What the claims of a trusted issuer's token allow.
CREATE FUNCTION scim.rights_of_claims(issuer scim.trusted_issuer, claims jsonb) RETURNS text[]
  LANGUAGE sql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $fn$
  WITH claimed AS (
    SELECT CASE jsonb_typeof(c) WHEN 'array' THEN ARRAY(SELECT jsonb_array_elements_text(c))
                                WHEN 'string' THEN string_to_array(c #>> '{}', ' ')
                                ELSE $1.default_scopes END AS scopes
    FROM (SELECT $2 -> $1.scope_claim AS c) AS claim)
  SELECT CASE WHEN $1.scope_map IS NULL OR NOT $2 ? $1.scope_claim
              THEN scim.rights_of($1.directory_id, scopes)
              ELSE scim.rights_of($1.directory_id, ARRAY(
                SELECT jsonb_array_elements_text($1.scope_map -> s) FROM unnest(scopes) AS s
                WHERE jsonb_typeof($1.scope_map -> s) = 'array')) END
  FROM claimed
$fn$;
COMMENT ON FUNCTION scim.rights_of_claims(scim.trusted_issuer, jsonb) IS
  'Rights of a token: its scope claim, through the issuer''s map if there is one; default_scopes without the claim';

CREATE FUNCTION pg_catalog.scim_trust_issuer(
    directory text, issuer text, audience text, algorithms text[] DEFAULT '{RS256}',
    jwks jsonb DEFAULT '{"keys": []}', required_claims jsonb DEFAULT '{}', scope_claim text DEFAULT 'scope',
    scope_map jsonb DEFAULT NULL, default_scopes text[] DEFAULT '{}', clock_skew int DEFAULT 60,
    hmac_key bytea DEFAULT NULL)
  RETURNS uuid
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $fn$
DECLARE
  owner int := scim.hold_directory(directory);
  made uuid;
BEGIN
  IF issuer IS NULL OR issuer = '' OR audience IS NULL OR audience = '' THEN
    RAISE EXCEPTION 'issuer and audience must be given' USING ERRCODE = 'SCT08';
  END IF;
  IF coalesce(cardinality(algorithms), 0) = 0 OR array_position(algorithms, NULL) IS NOT NULL
     OR NOT algorithms <@ ARRAY['RS256', 'PS256', 'ES256', 'EdDSA', 'HS256'] THEN
    RAISE EXCEPTION 'algorithms are RS256, PS256, ES256, EdDSA and HS256' USING ERRCODE = 'SCT08';
  END IF;
  IF ('HS256' = ANY (algorithms)) <> (hmac_key IS NOT NULL) OR octet_length(hmac_key) < 32 THEN
    RAISE EXCEPTION 'HS256 needs a key of at least 32 bytes, and no other algorithm does' USING ERRCODE = 'SCT08';
  END IF;
  IF coalesce(jsonb_typeof(required_claims), '') <> 'object' OR jsonb_typeof(scope_map) <> 'object'
     OR scope_claim IS NULL OR clock_skew IS NULL OR clock_skew NOT BETWEEN 0 AND 600 THEN
    RAISE EXCEPTION 'required_claims and scope_map are objects, clock_skew is 0 to 600 seconds'
      USING ERRCODE = 'SCT08';
  END IF;
  PERFORM scim.check_jwks(coalesce(jwks, 'null'));
  INSERT INTO scim.trusted_issuer AS i (directory_id, issuer, audience, algorithms, jwks, required_claims,
      scope_claim, scope_map, default_scopes, clock_skew)
    VALUES (owner, issuer, audience, algorithms, jwks, required_claims, scope_claim, scope_map,
      coalesce(default_scopes, '{}'), clock_skew)
    RETURNING i.issuer_id INTO made;
  IF hmac_key IS NOT NULL THEN
    INSERT INTO scim.hmac_key (directory_id, owner_id, key) VALUES (owner, made, hmac_key);
  END IF;
  RETURN made;
END
$fn$;
COMMENT ON FUNCTION pg_catalog.scim_trust_issuer(text, text, text, text[], jsonb, jsonb, text, jsonb, text[], int, bytea) IS
  'Takes JWTs of an issuer as bearer tokens of a directory, and returns the id of the row in scim.trusted_issuers. The token must be signed by a key of jwks with one of the algorithms, be meant for the audience, and have the required claims; scope_claim, through scope_map, says what it allows, default_scopes what it allows without one. hmac_key is for HS256. SC404, SCT08';

CREATE FUNCTION pg_catalog.scim_refresh_issuer(directory text, issuer_id uuid, jwks jsonb) RETURNS void
  LANGUAGE plpgsql STRICT SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $fn$
BEGIN
  PERFORM scim.check_jwks(jwks);
  UPDATE scim.trusted_issuer i SET jwks = $3, refreshed_at = now()
    WHERE i.directory_id = scim.directory_id(directory) AND i.issuer_id = $2;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'there is no such issuer' USING ERRCODE = 'SC404';
  END IF;
END
$fn$;
COMMENT ON FUNCTION pg_catalog.scim_refresh_issuer(text, uuid, jsonb) IS
  'Stores the key set that an issuer publishes now; nothing is ever fetched from an address in a token. SC404, SCT08';

CREATE FUNCTION pg_catalog.scim_distrust_issuer(directory text, issuer_id uuid) RETURNS void
  LANGUAGE plpgsql STRICT SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $fn$
DECLARE
  owner int := scim.directory_id(directory);
BEGIN
  DELETE FROM scim.trusted_issuer i WHERE i.directory_id = owner AND i.issuer_id = $2;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'there is no such issuer' USING ERRCODE = 'SC404';
  END IF;
  DELETE FROM scim.hmac_key k WHERE k.directory_id = owner AND k.owner_id = $2;
END
$fn$;
COMMENT ON FUNCTION pg_catalog.scim_distrust_issuer(text, uuid) IS
  'Takes no more tokens of an issuer; the next request with one is refused. SC404';
