-- Bearer tokens: shown once, kept as a hash, refused once they are over.
\a \t
\set VERBOSITY sqlstate
SELECT (scim_create_directory('acme')).name, (scim_create_directory('other')).name;

-- A prefix that scanners know, 256 bits, a checksum.
SELECT scim_issue_token('acme', 'okta production') AS token \gset
SELECT length(:'token'), :'token' ~ '^scim_[0-9A-Za-z]{49}$';
SELECT scim_issue_token('acme', 'okta production') <> :'token'; -- a label is not a key
SELECT directory, label, can_read, can_write, expires_at BETWEEN now() + interval '364 days'
  AND now() + interval '367 days'
  FROM scim_verify_token(:'token'); -- it ends, though late (OAC-13)

-- At rest there is a SHA-256 and nothing of the token.
SELECT hash = sha256(convert_to(:'token', 'UTF8')), octet_length(hash) FROM scim.credential
  WHERE label = 'okta production' AND hash = sha256(convert_to(:'token', 'UTF8'));
SELECT count(*) FROM scim.credential c WHERE position(substr(:'token', 6, 8) IN c::text) > 0;
SELECT directory, label, scopes, revoked_at FROM scim.credentials ORDER BY created_at, credential_id LIMIT 1;
SELECT string_agg(column_name, ' ' ORDER BY ordinal_position) FROM information_schema.columns
  WHERE table_schema = 'scim' AND table_name = 'credentials';

-- Scopes.
SELECT scim_issue_token('acme', 'reader', '{read}') AS reader, scim_issue_token('acme', 'writer',
  '{write}') AS writer,
       scim_issue_token('acme', 'both', '{write,read,read}') AS both \gset
SELECT label, can_read, can_write FROM scim_verify_token(:'reader');
SELECT label, can_read, can_write FROM scim_verify_token(:'writer');
SELECT label, can_read, can_write FROM scim_verify_token(:'both');

-- What cannot be issued.
SELECT scim_issue_token('nowhere', 'x');
SELECT scim_issue_token('acme', NULL);
SELECT scim_issue_token('acme', '');
SELECT scim_issue_token('acme', '   ');
SELECT scim_issue_token('acme', 'x', '{}');
SELECT scim_issue_token('acme', 'x', NULL);
SELECT scim_issue_token('acme', 'x', '{admin}');
SELECT scim_issue_token('acme', 'x', '{read,NULL}');
SELECT scim_issue_token(NULL, 'x');

-- Bad formats are all the same nothing (OAB-03).
CREATE FUNCTION t.verify(token text) RETURNS text LANGUAGE sql STABLE AS
  $$ SELECT coalesce(label, '-') FROM scim_verify_token(token) $$;
SELECT t.verify('');
SELECT t.verify(NULL);
SELECT t.verify('scim_');
SELECT t.verify(' ' || :'token');
SELECT t.verify(:'token' || ' ');
SELECT t.verify(substr(:'token', 1, 53));
SELECT t.verify(:'token' || '0');
SELECT t.verify(upper(:'token'));
SELECT t.verify('SCIM_' || substr(:'token', 6));
SELECT t.verify(overlay(:'token' PLACING 'é' FROM 20 FOR 1));
SELECT t.verify(repeat(:'token', 100000));
SELECT t.verify('scim_' || repeat('0', 49)); -- wrong checksum
SELECT t.verify(overlay(:'token' PLACING CASE substr(:'token', 10, 1) WHEN 'a' THEN 'b' ELSE 'a' END
  FROM 10 FOR 1));
SELECT t.verify(scim.new_token()); -- well-formed, never issued
SELECT t.verify('scim_'' OR true --');
SELECT t.verify(encode(sha256(convert_to(:'token', 'UTF8')), 'hex'));

-- Expiry: to the moment, and infinity is allowed.
SELECT scim_issue_token('acme', 'short', expires_at => clock_timestamp() + interval '1 day') AS short,
       scim_issue_token('acme', 'for ever', expires_at => 'infinity') AS forever \gset
SELECT t.verify(:'short'), t.verify(:'forever');
UPDATE scim.credential SET expires_at = clock_timestamp() WHERE label = 'short';
SELECT t.verify(:'short');
SELECT status, headers FROM t.http('GET', '/scim/v2/Users', :'short');
UPDATE scim.credential SET expires_at = '-infinity' WHERE label = 'short';
SELECT t.verify(:'short');
UPDATE scim.credential SET expires_at = clock_timestamp() + interval '1 hour' WHERE label = 'short';
SELECT t.verify(:'short');

-- Revocation: by id, within its directory, for good.
SELECT credential_id AS id, directory FROM scim.credentials WHERE label = 'short' \gset
SELECT scim_revoke_token('other', :'id');
SELECT t.verify(:'short');
SELECT scim_revoke_token('acme', :'id');
SELECT t.verify(:'short');
SELECT status, headers FROM t.http('GET', '/scim/v2/Users', :'short');
SELECT revoked_at AS once FROM scim.credentials WHERE credential_id = :'id' \gset
SELECT scim_revoke_token('acme', :'id'); -- again: nothing new
SELECT revoked_at = :'once' FROM scim.credentials WHERE credential_id = :'id';
SELECT scim_revoke_token('acme', gen_random_uuid());
SELECT scim_revoke_token('nowhere', :'id');

-- A token speaks for its directory alone, and for none that is gone.
SELECT directory FROM scim_verify_token(:'token');
SELECT t.status('GET', '/acme/scim/v2/Users', :'token'), t.status('GET', '/other/scim/v2/Users', :'token'),
       t.status('GET', '/nowhere/scim/v2/Users', :'token');
SELECT scim_drop_directory('acme');
SELECT t.verify(:'token');

-- Verifying writes nothing (it works on a standby).
SELECT scim_issue_token('other', 'read only') AS token \gset
BEGIN READ ONLY;
SELECT t.verify(:'token');
SELECT t.status('GET', '/scim/v2/Users', :'token');
COMMIT;

DROP FUNCTION t.verify(text);
SELECT scim_drop_directory('other');
