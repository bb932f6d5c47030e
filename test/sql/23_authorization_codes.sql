-- The authorization endpoint and what comes of it: sign-in, consent, codes, PKCE, refresh tokens.
\a \t
\set VERBOSITY sqlstate
SELECT length(scim.new_token()); -- loads the library, which knows the setting
SET scim.password_cost = 4;
SELECT (scim_create_directory('acme')).name, (scim_create_directory('asa', settings => '{"name_service_users": true}')).name;
SELECT scim_create_oauth_client('acme', 'okta', 'web', '{/acs/scim,offline_access}', '{https://okta.test/cb?app=1,https://okta.test/other}',
         display_name => '<b>"Okta" & ''Co''</b>') AS okta,
       scim_create_oauth_client('acme', 'cli', 'native', '{scim,read:User}', '{com.example.cli:/cb}') AS cli,
       scim_create_oauth_client('acme', 'hr', 'server', '{scim}') AS hr,
       scim_create_oauth_client('asa', 'asa', 'web', '{scim}', '{https://asa.test/cb}') AS asa \gset
SELECT :'okta' || ':' || scim_create_client_secret('acme', :'okta') AS okta_basic, :'hr' || ':' || scim_create_client_secret('acme', :'hr') AS hr_basic,
       :'asa' || ':' || scim_create_client_secret('asa', :'asa') AS asa_basic \gset
SELECT 'response_type=code&client_id=' || :'okta' || '&state=s%26t&redirect_uri=https%3A%2F%2Fokta.test%2Fcb%3Fapp%3D1' AS ask \gset

-- Administrators.
SELECT scim_create_administrator('acme', 'ada', 'correct horse battery'), scim_create_administrator('asa', 'ada', 'another long password');
SELECT scim_create_administrator('acme', 'ada', 'correct horse battery');
SELECT scim_create_administrator('acme', 'bob', 'short');
SELECT scim_create_administrator('acme', 'bob', repeat('x', 73));
SELECT scim_create_administrator('acme', ' bob', 'correct horse battery');
SELECT scim_create_administrator('acme', NULL, 'correct horse battery');
SELECT scim_create_administrator('nowhere', 'bob', 'correct horse battery');
SELECT count(*), bool_and(password ~ '^\$2a\$06\$') FROM scim.administrator;

-- A browser: what it sends, the cookie it keeps, the hidden fields of the form it sees.
CREATE TABLE t.browser (cookie text, csrf text, ticket text);
INSERT INTO t.browser VALUES (NULL, NULL, NULL);
CREATE FUNCTION t.browse(method text, query text, form text DEFAULT '', path text DEFAULT '/acme/oauth/authorize')
  RETURNS TABLE (status int, headers jsonb, body text) LANGUAGE plpgsql VOLATILE AS $$
BEGIN
  SELECT h.status, jsonb_object(h.headers), h.body INTO status, headers, body FROM t.browser b, scim_http(method, path || '?' || query,
    ARRAY[':scheme', 'https', ':authority', 'scim.test', ':peer', '198.51.100.7', 'accept', 'text/html',
      'content-type', 'application/x-www-form-urlencoded', 'cookie', 'a=b; ' || coalesce(b.cookie, '') || '; c=d'],
    convert_to(CASE WHEN form = '' THEN '' ELSE form || '&csrf=' || coalesce(b.csrf, '') || coalesce('&ticket=' || b.ticket, '') END, 'UTF8')) AS h;
  UPDATE t.browser b SET cookie = coalesce(split_part(headers ->> 'Set-Cookie', ';', 1), b.cookie),
    csrf = substring(body FROM 'name="csrf" value="([^"]*)"'), ticket = substring(body FROM 'name="ticket" value="([^"]*)"');
  RETURN NEXT;
END $$;
-- The way of an administrator who approves; the code.
CREATE FUNCTION t.code(query text, more text DEFAULT '', path text DEFAULT '/acme/oauth/authorize', password text DEFAULT 'correct horse battery')
  RETURNS text LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  target text;
BEGIN
  PERFORM t.browse('GET', query, path => path);
  PERFORM t.browse('POST', query, 'username=ada&password=' || replace(password, ' ', '+'), path);
  SELECT b.headers ->> 'Location' INTO target FROM t.browse('POST', query, 'decision=approve' || more, path) AS b;
  RETURN substring(target FROM '[?&]code=([^&]*)');
END $$;

-- The first page: who asks, a form without script, nothing from elsewhere, nobody may frame it, and it writes nothing.
BEGIN READ ONLY;
SELECT h.status, regexp_replace(regexp_replace(h.body, 'value="[A-Za-z0-9_-]{43}"', 'value="<csrf>"', 'g'), '[0-9a-f]{8}-[0-9a-f-]{27}', '<id>', 'g')
  FROM scim_http('GET', '/acme/oauth/authorize?' || :'ask', ARRAY[':scheme', 'https', ':authority', 'scim.test'], '') AS h;
COMMIT;
SELECT k, regexp_replace(v, '=[A-Za-z0-9_-]{43}', '=<nonce>') FROM t.browse('GET', :'ask'), jsonb_each_text(headers) AS h (k, v) ORDER BY k;

-- Signing in: a wrong name and a wrong password look alike.
SELECT status, substring(body FROM 'role="alert">([^<]*)') FROM t.browse('POST', :'ask', 'username=ada&password=wrong');
SELECT status, substring(body FROM 'role="alert">([^<]*)') FROM t.browse('POST', :'ask', 'username=eve&password=wrong');
SELECT status, substring(body FROM 'role="alert">([^<]*)') FROM t.browse('POST', :'ask', 'username=ada&password=another+long+password');
SELECT failures FROM scim.administrator WHERE directory_id = scim.directory_id('acme');
SELECT status, regexp_replace(regexp_replace(regexp_replace(body, '.*<main>', ''), 'value="[A-Za-z0-9_.-]{43,}"', 'value="<seal>"', 'g'), '[0-9a-f]{8}-[0-9a-f-]{27}', '<id>', 'g')
  FROM t.browse('POST', :'ask', 'username=ada&password=correct+horse+battery');
SELECT failures FROM scim.administrator WHERE directory_id = scim.directory_id('acme');

-- Deny and approve; the answer comes by 303 (OAZ-10).
SELECT status, headers ->> 'Location', headers ->> 'Cache-Control' FROM t.browse('POST', :'ask', 'decision=deny');
SELECT t.code(:'ask') AS code \gset
SELECT :'code' ~ '^scim_[0-9A-Za-z]{49}$';
SELECT directory, client, scopes, approved_by, service_user, revoked_at FROM scim.oauth_grants;

-- The code: for whom it was made, to where it was sent (OAZ-06), once, for two minutes (OAZ-04); no verifier without a challenge (OAZ-09).
SELECT 'grant_type=authorization_code&redirect_uri=https://okta.test/cb?app%3D1&code=' || :'code' AS redeem \gset
SELECT t.oauth('/oauth/token', :'redeem', :'hr_basic');
SELECT t.oauth('/oauth/token', :'redeem', :'asa_basic');
SELECT t.oauth('/oauth/token', :'redeem' || '&client_id=' || :'cli');
SELECT t.oauth('/oauth/token', replace(:'redeem', 'cb?app%3D1', 'other'), :'okta_basic');
SELECT t.oauth('/oauth/token', 'grant_type=authorization_code&code=' || :'code', :'okta_basic');
SELECT t.oauth('/oauth/token', :'redeem' || '&code_verifier=' || repeat('a', 43), :'okta_basic');
SELECT t.oauth('/oauth/token', :'redeem', :'okta' || ':wrong');
SELECT t.oauth('/oauth/token', :'redeem' || '&client_id=' || :'okta'); -- not without its secret
SELECT body::jsonb AS tokens FROM t.form('/oauth/token', :'redeem', :'okta_basic') \gset
SELECT jsonb_object_agg(k, v) FROM jsonb_each(:'tokens') AS e (k, v) WHERE k !~ 'access|refresh';
SELECT label, scopes FROM scim_verify_token(:'tokens'::jsonb ->> 'access_token');
SELECT t.status('GET', '/scim/v2/Users', :'tokens'::jsonb ->> 'refresh_token'); -- a refresh token is no access token
-- Again: it was stolen, so all that came of it ends (OAZ-05).
SELECT t.oauth('/oauth/token', :'redeem', :'okta_basic');
SELECT label FROM scim_verify_token(:'tokens'::jsonb ->> 'access_token');
SELECT t.oauth('/oauth/token', 'grant_type=refresh_token&refresh_token=' || (:'tokens'::jsonb ->> 'refresh_token'), :'okta_basic');
SELECT revoked_at IS NOT NULL FROM scim.oauth_grants;
SELECT t.code(:'ask') AS code \gset
SELECT expires_at - now() BETWEEN interval '1 minute' AND interval '2 minutes' FROM scim.oauth_code WHERE used_at IS NULL; -- OAZ-04
UPDATE scim.oauth_code SET expires_at = now() WHERE used_at IS NULL;
SELECT t.oauth('/oauth/token', 'grant_type=authorization_code&redirect_uri=https://okta.test/cb?app%3D1&code=' || :'code', :'okta_basic');

-- PKCE: a native application has no secret, but the verifier of its challenge (example of RFC 7636 appendix B; OAZ-07, OAZ-08, OAZ-09).
SELECT 'response_type=code&client_id=' || :'cli' || '&code_challenge_method=S256&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM' AS ask_cli,
  'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk' AS verifier \gset
SELECT 'grant_type=authorization_code&client_id=' || :'cli' || '&code=' || t.code(:'ask_cli') AS redeem \gset
SELECT t.oauth('/oauth/token', :'redeem');
SELECT t.oauth('/oauth/token', :'redeem' || '&code_verifier=' || reverse(:'verifier'));
SELECT t.oauth('/oauth/token', :'redeem' || '&code_verifier=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM');
SELECT t.oauth('/oauth/token', :'redeem' || '&code_verifier=short');
SELECT t.oauth('/oauth/token', :'redeem' || '&code_verifier=' || :'verifier' || '&redirect_uri=com.example.cli:/cb'); -- it was not named before
SELECT body::jsonb AS tokens FROM t.form('/oauth/token', :'redeem' || '&code_verifier=' || :'verifier') \gset
SELECT scopes FROM scim_verify_token(:'tokens'::jsonb ->> 'access_token');
-- Without a challenge a native application gets no code, as nobody could tell who redeems it (OAZ-08).
SELECT status, headers ->> 'Location' FROM t.browse('GET', 'response_type=code&client_id=' || :'cli');
SELECT t.oauth('/oauth/token', 'grant_type=client_credentials&client_id=' || :'cli'); -- nor for itself (OAC-11)

-- Refresh: each token once (OAR-02); less than before can be asked for, more cannot (OAR-01).
SELECT 'grant_type=refresh_token&client_id=' || :'cli' || '&refresh_token=' || (:'tokens'::jsonb ->> 'refresh_token') AS refresh \gset
SELECT t.oauth('/oauth/token', :'refresh' || '&scope=scim+write:User');
SELECT t.oauth('/oauth/token', :'refresh', :'okta_basic');
SELECT body::jsonb AS newer FROM t.form('/oauth/token', :'refresh' || '&scope=read:User') \gset
SELECT :'newer'::jsonb ->> 'scope', (:'newer'::jsonb ->> 'refresh_token') <> (:'tokens'::jsonb ->> 'refresh_token'), scopes
  FROM scim_verify_token(:'newer'::jsonb ->> 'access_token');
SELECT scopes FROM scim_verify_token(:'tokens'::jsonb ->> 'access_token');
SELECT t.mask((body::jsonb - '{exp,iat}'::text[])::text) FROM t.form('/oauth/introspect', 'token=' || (:'newer'::jsonb ->> 'access_token'), :'hr_basic') WHERE body::jsonb ->> 'sub' = 'ada';
SELECT t.oauth('/oauth/token', :'refresh'); -- the old one: stolen, before or now
SELECT t.oauth('/oauth/token', 'grant_type=refresh_token&client_id=' || :'cli' || '&refresh_token=' || (:'newer'::jsonb ->> 'refresh_token'));
SELECT a.label, b.label FROM scim_verify_token(:'newer'::jsonb ->> 'access_token') a, scim_verify_token(:'tokens'::jsonb ->> 'access_token') b;

-- The end: by the client (OAR-05, OAR-06), by an administrator, by time; with signed tokens too (OAR-07).
SELECT scim_alter_directory('acme', settings => '{"jwt_access_tokens": true}');
SELECT body::jsonb AS tokens FROM t.form('/oauth/token', 'grant_type=authorization_code&redirect_uri=https://okta.test/cb?app%3D1&code=' || t.code(:'ask'), :'okta_basic') \gset
SELECT label FROM scim_verify_token(:'tokens'::jsonb ->> 'access_token');
-- A refresh token is good for its client, which proves who it is (OAR-01);
-- the next has the scope of the first, also if less was asked for (OAR-03).
SELECT 'grant_type=refresh_token&refresh_token=' || (:'tokens'::jsonb ->> 'refresh_token') AS refresh \gset
SELECT t.oauth('/oauth/token', :'refresh' || '&client_id=' || :'okta'), t.oauth('/oauth/token', :'refresh' || '&client_id=' || :'cli'),
       t.oauth('/oauth/token', :'refresh', :'asa_basic');
SELECT body::jsonb AS tokens FROM t.form('/oauth/token', :'refresh' || '&scope=/acs/scim', :'okta_basic') \gset
SELECT :'tokens'::jsonb ->> 'scope';
SELECT t.mask((body::jsonb - '{exp,iat}'::text[])::text) FROM t.form('/oauth/introspect', 'token=' || (:'tokens'::jsonb ->> 'refresh_token'), :'okta_basic');
SELECT body FROM t.form('/oauth/introspect', 'token=' || (:'tokens'::jsonb ->> 'refresh_token'), :'hr_basic'); -- another client's
SELECT status FROM t.form('/oauth/revoke', 'token=' || (:'tokens'::jsonb ->> 'refresh_token'), :'hr_basic');
SELECT label FROM scim_verify_token(:'tokens'::jsonb ->> 'access_token');
SELECT status FROM t.form('/oauth/revoke', 'token=' || (:'tokens'::jsonb ->> 'refresh_token'), :'okta_basic');
SELECT label FROM scim_verify_token(:'tokens'::jsonb ->> 'access_token');
SELECT body FROM t.form('/oauth/introspect', 'token=' || (:'tokens'::jsonb ->> 'refresh_token'), :'okta_basic');
SELECT body::jsonb AS tokens FROM t.form('/oauth/token', 'grant_type=authorization_code&redirect_uri=https://okta.test/cb?app%3D1&code=' || t.code(:'ask'), :'okta_basic') \gset
SELECT scim_revoke_grant('asa', grant_id) FROM scim.oauth_grants WHERE revoked_at IS NULL AND client = 'okta' LIMIT 1;
SELECT scim_revoke_grant('acme', grant_id) FROM scim.oauth_grants WHERE revoked_at IS NULL AND refresh_until IS NOT NULL;
SELECT label FROM scim_verify_token(:'tokens'::jsonb ->> 'access_token');
SELECT t.oauth('/oauth/token', 'grant_type=refresh_token&refresh_token=' || (:'tokens'::jsonb ->> 'refresh_token'), :'okta_basic');
SELECT body::jsonb AS tokens FROM t.form('/oauth/token', 'grant_type=authorization_code&redirect_uri=https://okta.test/cb?app%3D1&code=' || t.code(:'ask'), :'okta_basic') \gset
UPDATE scim.oauth_refresh SET expires_at = now() WHERE used_at IS NULL;
SELECT t.oauth('/oauth/token', 'grant_type=refresh_token&refresh_token=' || (:'tokens'::jsonb ->> 'refresh_token'), :'okta_basic');

-- Errors that go back to the application (OAZ-02), with its state (OAZ-03) and who says so (RFC 9207; OAZ-11) ...
SELECT q, status, headers ->> 'Location' FROM unnest(ARRAY['response_type=token', 'response_type=', 'x=y', 'response_type=code&scope=everything',
  'response_type=code&scope=/acs/scim+read', 'response_type=code&response_mode=fragment', 'response_type=code&code_challenge=x',
  'response_type=code&code_challenge_method=S256', 'response_type=code&code_challenge_method=plain&code_challenge=' || repeat('a', 43),
  'response_type=code&code_challenge=' || repeat('a', 43)]) AS q,
  t.browse('GET', q || '&state=s%26t&redirect_uri=https%3A%2F%2Fokta.test%2Fcb%3Fapp%3D1&client_id=' || :'okta');
-- ... and those that must not (OAZ-02): whoever made the link may not choose where it ends (OAZ-01).
SELECT n, status, headers ->> 'Location' AS location, substring(body FROM 'role="alert">([^<]*)') FROM unnest(ARRAY['client_id=x', 'client_id=' || gen_random_uuid(), 'client_id=' || :'hr',
  'client_id=' || :'asa', 'client_id=' || :'okta', 'client_id=' || :'okta' || '&redirect_uri=https://okta.test/cb', 'client_id=' || :'okta' || '&redirect_uri=https://okta.test/cb?app=1%23x',
  'client_id=' || :'okta' || '&redirect_uri=https://okta.test/cb?app=1&redirect_uri=https://evil.test/', 'client_id=' || :'okta' || '&redirect_uri=https://OKTA.test/cb?app=1',
  'client_id=' || :'cli' || '&decision=approve', 'client_id=' || :'cli' || '&ticket=x', 'client_id=%zz']) WITH ORDINALITY AS x (q, n),
  LATERAL (SELECT * FROM t.browse('GET', 'response_type=code&' || q)) AS b ORDER BY n;
-- A code comes back with them too (OAZ-03, OAZ-11).
SELECT status FROM t.browse('GET', :'ask');
SELECT status FROM t.browse('POST', :'ask', 'username=ada&password=correct+horse+battery');
SELECT status, regexp_replace(headers ->> 'Location', 'scim_\w{49}', '<code>') FROM t.browse('POST', :'ask', 'decision=approve');
-- A verifier has 43 to 128 unreserved characters, whatever its challenge (OAZ-07).
SELECT length(v), right(v, 1), t.oauth('/oauth/token', 'grant_type=authorization_code&client_id=' || :'cli' || '&code_verifier=' || v || '&code=' || t.code('response_type=code&client_id=' || :'cli'
  || '&code_challenge_method=S256&code_challenge=' || rtrim(translate(encode(sha256(convert_to(v, 'UTF8')), 'base64'), '+/', '-_'), '=')))
  FROM unnest(ARRAY[repeat('a', 42), repeat('a', 42) || '~', repeat('a', 42) || '!', repeat('-', 128), repeat('a', 129)]) AS v;
-- A native application listens on whatever port is free (RFC 8252 section 7.3), at its own address alone; another type has the port that it registered (OAZ-01).
SELECT scim_create_oauth_client('acme', 'loopback native', 'native', '{scim}', '{http://127.0.0.1/cb?x=1,http://[::1]:7/cb,http://localhost/cb}') AS native,
       scim_create_oauth_client('acme', 'loopback web', 'web', '{scim}', '{http://127.0.0.1/cb?x=1}') AS web \gset
SELECT u, n.headers ->> 'Location' AS native, w.headers ->> 'Location' AS web
  FROM unnest(ARRAY['http://127.0.0.1/cb?x=1', 'http://127.0.0.1:49152/cb?x=1', 'http://[::1]/cb', 'http://[::1]:8/cb', 'http://localhost:8/cb', 'http://127.0.0.1:8/', 'http://127.0.0.1:8@evil.test/cb?x=1',
    'http://127.0.0.1.evil.test/cb?x=1', 'http://127.0.0.1:8.evil.test/cb?x=1', 'https://127.0.0.1/cb?x=1', 'http://[::1]/cb?x=1']) AS u,
  LATERAL (SELECT 'response_type=x&redirect_uri=' || replace(u, '?', '%3F') || '&client_id=' AS q) AS a,
  LATERAL (SELECT * FROM t.browse('GET', q || :'native')) AS n, LATERAL (SELECT * FROM t.browse('GET', q || :'web')) AS w;

-- A form of another site, of another browser, for another request; a ticket of another, an old one, a forged one.
SELECT count(*) AS grants FROM scim.oauth_grant \gset
SELECT status, substring(body FROM 'role="alert">([^<]*)') FROM t.form('/acme/oauth/authorize?' || :'ask', 'username=ada&password=correct+horse+battery');
SELECT status FROM t.browse('GET', :'ask');
UPDATE t.browser SET cookie = '__Host-scim_oauth=' || repeat('A', 43);
SELECT status, substring(body FROM 'role="alert">([^<]*)') FROM t.browse('POST', :'ask', 'username=ada&password=correct+horse+battery');
SELECT status FROM t.browse('GET', :'ask');
SELECT status, substring(body FROM 'role="alert">([^<]*)') FROM t.browse('POST', :'ask' || '&scope=offline_access', 'username=ada&password=correct+horse+battery');
SELECT status FROM t.browse('GET', :'ask');
SELECT status FROM t.browse('POST', :'ask', 'username=ada&password=correct+horse+battery');
SELECT ticket FROM t.browser \gset
UPDATE t.browser SET ticket = '9' || substr(ticket, 2);
SELECT status, substring(body FROM 'role="alert">([^<]*)') FROM t.browse('POST', :'ask', 'decision=approve');
UPDATE t.browser SET ticket = 'x';
SELECT status, substring(body FROM 'role="alert">([^<]*)') FROM t.browse('POST', :'ask', 'decision=approve');
SELECT status FROM t.browse('GET', :'ask' || '&scope=offline_access');
UPDATE t.browser SET ticket = :'ticket';
SELECT status, substring(body FROM 'role="alert">([^<]*)') FROM t.browse('POST', :'ask' || '&scope=offline_access', 'decision=approve');
SELECT count(*) = :grants FROM scim.oauth_grant;
-- An administrator who was disabled between the two pages.
SELECT status FROM t.browse('GET', :'ask');
SELECT status FROM t.browse('POST', :'ask', 'username=ada&password=correct+horse+battery');
SELECT scim_alter_administrator('acme', 'ada', enabled => false);
SELECT status, substring(body FROM 'role="alert">([^<]*)') FROM t.browse('POST', :'ask', 'decision=approve');
SELECT t.code(:'ask');
SELECT scim_alter_administrator('acme', 'ada', enabled => true);

-- Five failures lock, also against the right password, until the time is over or somebody unlocks.
SELECT status FROM t.browse('GET', :'ask');
SELECT count(*) FROM generate_series(1, 5) i, t.browse('POST', :'ask', 'username=ada&password=guess' || i) b;
SELECT failures, locked_until > now() FROM scim.administrator WHERE directory_id = scim.directory_id('acme');
SELECT t.code(:'ask');
UPDATE scim.administrator SET locked_until = now() - interval '1 s' WHERE directory_id = scim.directory_id('acme');
SELECT t.code(:'ask') IS NOT NULL;
SELECT count(*) FROM t.browse('GET', :'ask') g, generate_series(1, 5) i, t.browse('POST', :'ask', 'username=ada&password=guess' || i) b;
SELECT scim_alter_administrator('acme', 'ada', password => 'a new long password');
SELECT t.code(:'ask', password => 'a new long password') IS NOT NULL, t.code(:'ask');
-- An address that fails too often waits before anything is hashed.
SET scim.max_failures = 1;
SELECT status, (headers ->> 'Retry-After')::int BETWEEN 1 AND 60 FROM t.browse('GET', :'ask') g (a, b, c), LATERAL (SELECT * FROM t.browse('POST', :'ask', 'username=ada&password=guess')) p;
RESET scim.max_failures;

-- A service user, named by the administrator; its end is the end of its tokens.
SELECT 'response_type=code&client_id=' || :'asa' AS ask_asa \gset
SELECT t.code(:'ask_asa', '&service_user=', '/asa/oauth/authorize', 'another long password');
SELECT 'grant_type=authorization_code&code=' || t.code(:'ask_asa', '&service_user=okta-sync', '/asa/oauth/authorize', 'another long password') AS redeem \gset
SELECT t.code(:'ask_asa', '&service_user=okta-sync', '/asa/oauth/authorize', 'another long password');
SELECT substring(body FROM 'role="alert">([^<]*)') FROM t.browse('GET', :'ask_asa', path => '/asa/oauth/authorize') g (a, b, c), t.browse('POST', :'ask_asa', 'username=ada&password=another+long+password', '/asa/oauth/authorize') l (d, e, f), t.browse('POST', :'ask_asa', 'decision=approve&service_user=okta-sync', '/asa/oauth/authorize');
SELECT directory, client, approved_by, service_user FROM scim.oauth_grants WHERE directory = 'asa';
SELECT t.token('/oauth/token', :'redeem', :'asa_basic') AS access \gset
SELECT body::jsonb ->> 'sub' FROM t.form('/oauth/introspect', 'token=' || :'access', :'asa_basic');
SELECT scim_drop_service_user('asa', 'nobody');
SELECT scim_drop_service_user('asa', 'okta-sync');
SELECT label FROM scim_verify_token(:'access');

SELECT scim_drop_administrator('acme', 'bob');
SELECT scim_drop_administrator('acme', 'ada');
DROP FUNCTION t.code, t.browse;
DROP TABLE t.browser;
SELECT scim_drop_directory('acme');
SELECT scim_drop_directory('asa');
SELECT (SELECT count(*) FROM scim.oauth_grant), (SELECT count(*) FROM scim.oauth_code), (SELECT count(*) FROM scim.oauth_refresh), (SELECT count(*) FROM scim.administrator), (SELECT count(*) FROM scim.service_user);
