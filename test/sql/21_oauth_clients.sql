-- OAuth clients: registration, client authentication, client credentials, revocation, introspection, metadata.
\a \t
\set VERBOSITY sqlstate
SELECT (scim_create_directory('acme')).name, (scim_create_directory('other')).name,
       (scim_create_directory('ram', settings => '{"oauth_query_parameters": true, "oauth_text_lifetime": true}')).name;

-- What a client is.
SELECT scim_create_oauth_client('acme', 'hr', 'server', '{/acs/scim,read:User}', display_name => 'HR system') AS hr,
       scim_create_oauth_client('acme', 'okta', 'web', '{scim}', '{https://okta.example/callback?x=1}') AS okta,
       scim_create_oauth_client('other', 'hr', 'server', '{scim}') AS hr_other,
       scim_create_oauth_client('ram', 'hr', 'server', '{/acs/scim}') AS hr_ram \gset
SELECT directory, name, display_name, type, scopes, redirect_uris, access_lifetime, refresh_lifetime, enabled
  FROM scim.oauth_clients ORDER BY directory, name;
SELECT scim_create_oauth_client('acme', 'hr', 'server', '{scim}');
SELECT scim_create_oauth_client('nowhere', 'x', 'server', '{scim}');
SELECT scim_create_oauth_client('acme', ' ', 'server', '{scim}');
SELECT scim_create_oauth_client('acme', 'x', 'robot', '{scim}');
SELECT scim_create_oauth_client('acme', 'x', 'server', '{nothing}');
SELECT scim_create_oauth_client('acme', 'x', 'server', '{}');
SELECT scim_create_oauth_client('acme', 'x', 'server', '{scim}', '{https://a.example/}');
SELECT scim_create_oauth_client('acme', 'x', 'server', '{scim}', access_lifetime => 899);
SELECT scim_create_oauth_client('acme', 'x', 'server', '{scim}', access_lifetime => 10801);
SELECT scim_create_oauth_client('acme', 'x', 'server', '{scim}', refresh_lifetime => 7199);
SELECT scim_create_oauth_client('acme', 'x', 'server', '{scim}', refresh_lifetime => 31536001);
SELECT scim_create_oauth_client('acme', 'x', 'server', '{scim}', jwks => '{"keys": [{"kty": "RSA", "n": "AQAB", "e": "AQAB"}]}');
SELECT scim_create_oauth_client('acme', 'x', 'server', '{scim}', jwks => '{"keys": [{"kty": "oct", "k": "AQAB"}]}');
SELECT scim_create_oauth_client('acme', 'x', 'server', '{scim}', jwks => '[]');
CREATE FUNCTION t.uri(uri text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
  PERFORM scim_drop_oauth_client('other', scim_create_oauth_client('other', 'uri', 'native', '{scim}', ARRAY[uri]));
  RETURN 'taken';
EXCEPTION WHEN SQLSTATE 'SCT08' THEN RETURN '-';
END $$;
SELECT u, t.uri(u) FROM unnest(ARRAY['https://a.example', 'https://a.example/b?c=d&e=%20', 'http://127.0.0.1:1802/cb',
  'http://[::1]/cb', 'com.example.app:/cb', '', '/relative', 'https://a.example/#fragment', 'https://a.example/ ',
  E'https://a.example/\n', 'https://u:p@a.example/', 'javascript:alert(1)', 'data:text/html,x', 'ftp://a.example/',
  'https:///x', 'https://a.example/"', 'https://ä.example/', repeat('x', 3000), NULL,
  'http://localhost/cb', 'http://a.example/', 'http://127.0.0.1.a.example/', 'http://127.0.0.1@a.example/', 'http://[::1]x/']) AS u; -- OAZ-10

-- Secrets: several at a time, each shown once, kept as a hash (OAC-14).
SELECT scim_create_client_secret('acme', :'hr', 'one') AS one, scim_create_client_secret('acme', :'hr', 'two') AS two,
       scim_create_client_secret('other', :'hr_other') AS other, scim_create_client_secret('ram', :'hr_ram') AS ram,
       scim_create_client_secret('acme', :'okta') AS okta_secret \gset
SELECT :'one' ~ '^scim_[0-9A-Za-z]{49}$', :'one' <> :'two';
SELECT count(*) FROM scim.oauth_secret s WHERE position(substr(:'one', 6, 8) IN s::text) > 0;
SELECT count(*) FROM scim.oauth_secret WHERE hash = sha256(convert_to(:'one', 'UTF8'));
SELECT scim_create_client_secret('other', :'hr');
SELECT directory, client, label, expires_at > now() + interval '364 days', revoked_at FROM scim.oauth_secrets ORDER BY directory, client, label;

-- Client authentication: Basic or form body, one of them, with whichever secret (OAC-02, OAC-03).
\set basic :hr ':' :one
SELECT t.oauth('/oauth/token', 'grant_type=client_credentials', :'hr' || ':' || :'one');
SELECT t.oauth('/acme/oauth/token', 'grant_type=client_credentials', :'hr' || ':' || :'two');
SELECT t.oauth('/oauth/token', 'grant_type=client_credentials&client_id=' || :'hr' || '&client_secret=' || :'one');
SELECT t.oauth('/oauth/token', 'grant_type=client_credentials&client_id=' || :'hr', :'hr' || ':' || :'one');
SELECT t.oauth('/oauth/token', 'grant_type=client_credentials&client_id=' || :'okta', :'hr' || ':' || :'one');
SELECT t.oauth('/oauth/token', 'grant_type=client_credentials&client_secret=' || :'one', :'hr' || ':' || :'one');
-- form-encoded within Basic (OAC-01)
SELECT t.oauth('/oauth/token', 'grant_type=client_credentials', replace(:'hr', '-', '%2D') || ':' || replace(:'one', '_', '%5f'));

-- Every failure is the same; what came by Basic is asked for Basic (OAC-05).
CREATE TABLE t.answers AS SELECT * FROM (VALUES
  ('wrong secret', :'hr' || ':scim_' || repeat('0', 49)), ('other secret', :'hr' || ':' || :'other'), ('no secret', :'hr' || ':'),
  ('unknown client', gen_random_uuid() || ':' || :'one'), ('no client', ':' || :'one'), ('no id', 'x:y'), ('not a pair', 'x'),
  ('more', :'hr' || ':' || :'one' || ' '), ('bad escape', '%zz:x')) AS v (what, basic);
SELECT a.what, f.* FROM t.answers a, t.form('/oauth/token', 'grant_type=client_credentials', a.basic) AS f;
SELECT t.oauth('/other/oauth/token', 'grant_type=client_credentials', :'hr' || ':' || :'one'); -- of another directory
SELECT t.oauth('/nowhere/oauth/token', 'grant_type=client_credentials', :'hr' || ':' || :'one');
SELECT t.oauth('/oauth/token', 'grant_type=client_credentials&client_id=' || :'hr');
SELECT status, headers -> 'WWW-Authenticate', body FROM t.form('/oauth/token', 'grant_type=client_credentials');
SELECT status, body FROM t.form('/oauth/token', 'grant_type=client_credentials', headers => ARRAY['authorization', 'Bearer ' || :'one']);
SELECT status, body FROM t.form('/oauth/token', 'grant_type=client_credentials', headers => ARRAY['authorization', 'Basic !!!!']);

-- They are counted by address, and by directory where there is one: made-up names do not push others out of the count.
SELECT count((SELECT f.status FROM t.form('/nowhere' || i || '/oauth/token', 'grant_type=client_credentials', 'x:y', '198.51.100.9') AS f))
  FROM generate_series(1, 300) AS i;
SELECT name, failures FROM scim.auth_failures WHERE name IN ('198.51.100.9', '/acme') OR name LIKE '/nowhere%' ORDER BY name COLLATE "C";

-- Who fails too often waits (OAC-04), and whoever has the right secret does not.
SET scim.max_failures = 3;
SELECT f.status, f.headers ? 'Retry-After' FROM generate_series(1, 5) AS i, t.form('/oauth/token', 'grant_type=client_credentials', :'hr' || ':guess' || i, '203.0.113.77') AS f;
SELECT f.status FROM t.form('/oauth/token', 'grant_type=client_credentials', :'hr' || ':' || :'one', '203.0.113.77') AS f;
RESET scim.max_failures;

-- An ended secret, whose successor lives on (OAC-14); a disabled client, a disabled directory.
SELECT scim_revoke_client_secret('acme', secret_id) FROM scim.oauth_secrets WHERE label = 'two';
SELECT t.oauth('/oauth/token', 'grant_type=client_credentials', :'hr' || ':' || :'two');
SELECT scim_revoke_client_secret('other', secret_id) FROM scim.oauth_secrets WHERE label = 'one';
SELECT t.token('/oauth/token', 'grant_type=client_credentials', :'hr' || ':' || :'one') AS access \gset
SELECT label, can_read, can_write, scopes, expires_at BETWEEN now() + interval '3590 s' AND now() + interval '3601 s' FROM scim_verify_token(:'access');
SELECT scim_alter_oauth_client('acme', :'hr', enabled => false);
SELECT t.oauth('/oauth/token', 'grant_type=client_credentials', :'hr' || ':' || :'one');
SELECT label FROM scim_verify_token(:'access');
SELECT scim_alter_oauth_client('acme', :'hr', enabled => true);
SELECT scim_alter_directory('acme', enabled => false);
SELECT t.oauth('/oauth/token', 'grant_type=client_credentials', :'hr' || ':' || :'one');
SELECT scim_alter_directory('acme', enabled => true);
UPDATE scim.oauth_secret SET expires_at = now() WHERE label = 'one';
SELECT t.oauth('/oauth/token', 'grant_type=client_credentials', :'hr' || ':' || :'one');
UPDATE scim.oauth_secret SET expires_at = now() + interval '1 day' WHERE label = 'one';

-- The answer (OAC-08), and who must not keep it (OAC-09).
SELECT status, headers, body::jsonb - 'access_token' FROM t.form('/oauth/token', 'grant_type=client_credentials&scope=read:User',
  :'hr' || ':' || :'one', headers => '{x-request-id,r-1}');
SELECT t.token('/oauth/token', 'grant_type=client_credentials&scope=read:User', :'hr' || ':' || :'one') AS narrow \gset
SELECT t.status('GET', '/scim/v2/Users', :'narrow'), t.status('GET', '/scim/v2/Groups', :'narrow'),
       t.status('POST', '/scim/v2/Users', :'narrow', '{"userName": "x"}'), t.status('GET', '/other/scim/v2/Users', :'narrow');

-- Errors of RFC 6749 section 5.2 (OAC-10); no password grant (OAZ-10).
SELECT form, t.oauth('/oauth/token', form, :'hr' || ':' || :'one') FROM unnest(ARRAY['', 'grant_type=', 'grant_type=magic', 'grant_type=password',
  'grant_type=client_credentials&scope=/acs/everything', 'grant_type=client_credentials&scope=scim',
  'grant_type=client_credentials&scope=read:User+read:Group', 'grant_type=client_credentials&scope=read:User++read:User',
  'grant_type=client_credentials&grant_type=client_credentials', 'grant_type=authorization_code', 'grant_type=refresh_token',
  'grant_type=authorization_code&code=x', 'grant_type=refresh_token&refresh_token=x', 'grant_type=%zz', 'grant_type=%00', 'a&b&c',
  'grant_type=urn:ietf:params:oauth:grant-type:jwt-bearer', 'grant_type=urn:ietf:params:oauth:grant-type:jwt-bearer&assertion=x']) AS form;
-- An empty parameter is none, an unknown one means nothing (OAC-06); scopes have letters of a case (OAC-12).
SELECT t.oauth('/oauth/token', 'grant_type=client_credentials&scope=&unknown=1&unknown=2', :'hr' || ':' || :'one'),
       t.oauth('/oauth/token', 'grant_type=client_credentials&scope=READ:User', :'hr' || ':' || :'one');
-- Whom each grant type is for (OAC-11), and how it is asked for (OAC-06).
SELECT t.oauth('/oauth/token', 'grant_type=client_credentials', :'okta' || ':' || :'okta_secret');
SELECT status, headers -> 'Allow' FROM t.send('GET', '/oauth/token', NULL, '', '{}');
SELECT status, body FROM scim_http('POST', '/oauth/token', '{content-type,application/json}', '{"grant_type": "client_credentials"}');
SELECT status FROM t.send('GET', '/oauth/nothing', NULL, '', '{}');

-- Parameters in the URL only where the directory takes them (OAC-07), a secret never (OAC-02).
SELECT t.oauth('/oauth/token?grant_type=client_credentials', '', :'hr' || ':' || :'one');
SELECT t.oauth('/v1/token?grant_type=client_credentials&client_id=' || :'hr_ram', '', :'hr_ram' || ':' || :'ram');
SELECT status, body::jsonb - 'access_token' FROM t.form('/v1/token?grant_type=client_credentials', '', :'hr_ram' || ':' || :'ram');
SELECT t.oauth('/v1/token?grant_type=client_credentials&client_id=' || :'hr_ram' || '&client_secret=' || :'ram', '');
SELECT p, t.oauth('/v1/token?grant_type=client_credentials&' || p || '=x', '', :'hr_ram' || ':' || :'ram')
  FROM unnest(ARRAY['scope', 'unknown', 'code', 'code_verifier', 'refresh_token', 'token', 'assertion', 'client_secret', 'client_assertion']) AS p;
SELECT t.oauth('/v1/token?grant_type=client_credentials', 'grant_type=client_credentials', :'hr_ram' || ':' || :'ram');

-- A directory's own path serves its clients alone.
SELECT scim_set_oauth_path('acme', '/login/oauth/access', 'token');
SELECT t.oauth('/login/oauth/access', 'grant_type=client_credentials', :'hr' || ':' || :'one'),
       t.oauth('/login/oauth/access', 'grant_type=client_credentials', :'hr_ram' || ':' || :'ram');
SELECT scim_set_oauth_path('acme', '/login/oauth/access', NULL);
SELECT status FROM t.form('/login/oauth/access', 'grant_type=client_credentials', :'hr' || ':' || :'one');
SELECT scim_set_oauth_path('acme', '/scim/v2/Users', 'token');
SELECT scim_set_oauth_path('acme', '/acme/scim', 'token');
SELECT scim_set_oauth_path('acme', '/x', 'users');
SELECT scim_set_oauth_path('acme', 'x', 'token');

-- What a scope means is the directory's word.
SELECT scim_define_scope('acme', 'people', '{read:User,write:User}', 'Manage people');
SELECT scim_create_oauth_client('acme', 'people', 'server', '{people}') AS people \gset
SELECT scim_create_client_secret('acme', :'people') AS people_secret \gset
SELECT scopes FROM scim_verify_token(t.token('/oauth/token', 'grant_type=client_credentials', :'people' || ':' || :'people_secret'));
SELECT scim_create_oauth_client('other', 'people', 'server', '{people}');
SELECT scim_define_scope('acme', 'bad scope', '{read}');
SELECT scim_define_scope('acme', 'x', '{everything}');
SELECT scim_define_scope('acme', 'people', NULL);

-- Introspection (RFC 7662; OAI-01, OAI-04): of the own directory's tokens (OAI-02), which have an audience (OAC-13).
SELECT t.token('/oauth/token', 'grant_type=client_credentials&scope=read:User', :'hr' || ':' || :'one') AS access,
       t.token('/oauth/token', 'grant_type=client_credentials', :'hr_other' || ':' || :'other') AS access_other \gset
SELECT status, headers, t.mask((body::jsonb - '{exp,iat}'::text[])::text) FROM t.form('/acme/oauth/introspect', 'token=' || :'access', :'hr' || ':' || :'one');
SELECT status, body FROM t.form('/oauth/introspect', 'token=' || :'access_other', :'hr' || ':' || :'one');
SELECT status, body FROM t.form('/oauth/introspect', 'token=nothing&token_type_hint=refresh_token', :'hr' || ':' || :'one');
SELECT status, body FROM t.form('/oauth/introspect', 'token=' || scim_issue_token('acme', 'long-lived'), :'hr' || ':' || :'one');
SELECT t.token('/oauth/token', 'grant_type=client_credentials', :'hr' || ':' || :'one') AS late \gset
UPDATE scim.credential SET expires_at = now() WHERE hash = scim.hash_token(:'late');
SELECT status, body FROM t.form('/oauth/introspect', 'token=' || :'late', :'hr' || ':' || :'one'); -- over (OAI-03)
SELECT t.oauth('/oauth/introspect', '', :'hr' || ':' || :'one'), t.oauth('/oauth/introspect', 'token=' || :'access'),
       t.oauth('/oauth/introspect', 'token=' || :'access', :'hr' || ':wrong');

-- Revocation (RFC 7009): the client's own tokens, whatever the hint (OAR-05); whatever it is, the answer is 200 (OAR-06).
SELECT status, headers, body FROM t.form('/oauth/revoke', 'token=' || :'access', :'hr_other' || ':' || :'other');
SELECT label FROM scim_verify_token(:'access');
SELECT status, headers, body FROM t.form('/oauth/revoke', 'token=' || :'access' || '&token_type_hint=refresh_token', :'hr' || ':' || :'one');
SELECT label FROM scim_verify_token(:'access');
SELECT t.status('GET', '/scim/v2/Users', :'access');
SELECT status, body FROM t.form('/oauth/introspect', 'token=' || :'access', :'hr' || ':' || :'one');
SELECT status FROM t.form('/oauth/revoke', 'token=' || :'access', :'hr' || ':' || :'one');
SELECT status FROM t.form('/oauth/revoke', 'token=eyx.y.z', :'hr' || ':' || :'one');
SELECT p, status, headers -> 'Allow' FROM unnest(ARRAY['/oauth/revoke', '/oauth/introspect']) AS p, t.send('GET', p || '?token=x', NULL, '', '{}');
SELECT t.oauth('/oauth/revoke', '', :'hr' || ':' || :'one'), t.oauth('/oauth/revoke', 'token=' || :'access_other', :'hr' || ':wrong');

-- Metadata (RFC 8414; OAM-01, OAM-02): alike for a directory that exists and one that does not.
SELECT status, jsonb_pretty(body::jsonb), headers FROM t.send('GET', '/.well-known/oauth-authorization-server/acme', NULL, '', '{}'); -- OAM-03
SELECT replace((t.send('GET', '/.well-known/oauth-authorization-server/acme', NULL, '', '{}')).body, '/acme', '/nowhere')
     = (t.send('GET', '/.well-known/oauth-authorization-server/nowhere', NULL, '', '{}')).body;
SELECT (body::jsonb) -> 'issuer', body::jsonb -> 'token_endpoint' FROM t.send('GET', '/.well-known/oauth-authorization-server', NULL, '', '{}');
SELECT body FROM t.send('GET', '/acme/oauth/jwks', NULL, '', '{}');
SELECT body FROM t.send('GET', '/nowhere/oauth/jwks', NULL, '', '{}');

-- The end of a client is the end of its tokens.
SELECT t.token('/oauth/token', 'grant_type=client_credentials', :'hr' || ':' || :'one') AS access \gset
SELECT scim_alter_oauth_client('acme', :'hr', scopes => '{read:User}');
SELECT label FROM scim_verify_token(:'access');
SELECT t.oauth('/oauth/token', 'grant_type=client_credentials&scope=/acs/scim', :'hr' || ':' || :'one');
SELECT scim_alter_oauth_client('acme', :'hr', scopes => '{nothing}');
SELECT scim_alter_oauth_client('other', :'hr', enabled => false);
SELECT t.token('/oauth/token', 'grant_type=client_credentials', :'hr' || ':' || :'one') AS access \gset
SELECT scim_drop_oauth_client('other', :'hr');
SELECT scim_drop_oauth_client('acme', :'hr');
SELECT label FROM scim_verify_token(:'access');
SELECT count(*) FROM scim.oauth_secret WHERE client_id = :'hr';

-- What is over is swept away.
UPDATE scim.credential SET expires_at = now() - interval '1 s' WHERE client_id IS NOT NULL;
SELECT scim_purge_expired() > 0, scim_purge_expired();

DROP TABLE t.answers;
DROP FUNCTION t.uri(text);
SELECT scim_drop_directory('acme');
SELECT scim_drop_directory('other');
SELECT scim_drop_directory('ram');
SELECT (SELECT count(*) FROM scim.oauth_client), (SELECT count(*) FROM scim.oauth_secret), (SELECT count(*) FROM scim.credential);
