-- Credentials of a directory: how many, from where, for what, and their states.
\a \t
\set VERBOSITY sqlstate
SELECT (scim_create_directory('acme', settings => '{"max_credentials": 2}')).name, (scim_create_directory('other')).name;

-- At most so many live ones; one that is over makes room, a disabled one does not.
SELECT scim_issue_token('acme', 'first') AS first, scim_issue_token('acme', 'second') AS second \gset
SELECT scim_issue_token('acme', 'third');
SELECT credential_id AS id FROM scim.credentials WHERE label = 'first' \gset
SELECT scim_disable_token('acme', :'id');
SELECT scim_issue_token('acme', 'third');
SELECT label FROM scim_verify_token(:'first');
SELECT status, headers ->> 'WWW-Authenticate' FROM t.send('GET', '/scim/v2/Users', :'first', '', '{}');
SELECT scim_enable_token('acme', :'id');
SELECT label FROM scim_verify_token(:'first');
SELECT scim_disable_token('other', :'id');
SELECT scim_enable_token('acme', gen_random_uuid());
SELECT scim_delete_token('other', :'id');
SELECT label FROM scim_verify_token(:'first');
SELECT scim_delete_token('acme', :'id');
SELECT label FROM scim_verify_token(:'first');
SELECT count(*) FROM scim.credentials WHERE label = 'first';
SELECT length(scim_issue_token('acme', 'third'));
UPDATE scim.credential SET expires_at = now() WHERE label = 'second';
SELECT length(scim_issue_token('acme', 'fourth'));
SELECT scim_revoke_token('acme', credential_id) FROM scim.credentials WHERE label = 'third';
SELECT scim_enable_token('acme', credential_id) FROM scim.credentials WHERE label = 'third';
SELECT label, revoked_at IS NOT NULL FROM scim.credentials WHERE directory = 'acme' ORDER BY label;

-- Rotation without a gap: both are valid until the overlap is over, and both count (OAC-14).
SELECT scim_alter_directory('acme', settings => '{"max_credentials": 3}');
SELECT scim_issue_token('acme', 'rotated', '{read}', subject => NULL, networks => '{192.0.2.0/24}') AS old \gset
SELECT credential_id AS id FROM scim.credentials WHERE label = 'rotated' \gset
SELECT scim_rotate_token('acme', :'id') AS new \gset
SELECT label, can_write, expires_at < now() + interval '25 hours' FROM scim_verify_token(:'old', '192.0.2.9');
SELECT label, can_write, expires_at > now() + interval '364 days' FROM scim_verify_token(:'new', '192.0.2.9');
SELECT label FROM scim_verify_token(:'new', '198.51.100.1');
SELECT scim_rotate_token('acme', :'id'); -- a fourth
SELECT scim_rotate_token('acme', :'id', '0') AS newer \gset
SELECT label FROM scim_verify_token(:'old', '192.0.2.9');
SELECT label FROM scim_verify_token(:'newer', '192.0.2.9');
SELECT scim_rotate_token('acme', :'id', '0');
SELECT scim_rotate_token('acme', gen_random_uuid());
SELECT scim_rotate_token('other', credential_id, '0') FROM scim.credentials WHERE label = 'fourth';
SELECT scim_rotate_token('acme', credential_id, '-1 s') FROM scim.credentials WHERE label = 'fourth';

-- Source networks: an address that is none of them, or none at all, is like a wrong token.
SELECT scim_issue_token('other', 'near', networks => '{192.0.2.0/24,2001:db8::/32}') AS near \gset
CREATE FUNCTION t.from(peer text, token text) RETURNS int LANGUAGE sql VOLATILE AS $$
  SELECT status FROM scim_http('GET', '/scim/v2/Users',
    ARRAY[':peer', peer, 'authorization', 'Bearer ' || token], '') $$;
SELECT p, t.from(p, :'near') FROM unnest(ARRAY['192.0.2.0', '192.0.2.255', '192.0.3.1', '::ffff:192.0.2.1',
  '2001:db8::1', '2001:db9::1', 'unix:', '', '192.0.2', '192.0.2.1/32', 'x', repeat('1', 500)]) AS p;
SELECT label FROM scim_verify_token(:'near');
SELECT label FROM scim_verify_token(:'near', '2001:db8:ffff::');
SELECT scim_issue_token('other', 'x', networks => '{}');
SELECT scim_issue_token('other', 'x', networks => '{NULL}');

-- Scopes of one resource type: its endpoint and discovery, nothing that reaches further.
SELECT scim_issue_token('other', 'groups', '{read,write:Group}') AS groups,
       scim_issue_token('other', 'users only', '{read:User,write:User}') AS users \gset
SELECT can_read, can_write, scopes FROM scim_verify_token(:'groups');
SELECT can_read, can_write, scopes FROM scim_verify_token(:'users');
SELECT t.status('POST', '/scim/v2/Groups', :'groups', '{"displayName": "g"}'),
       t.status('POST', '/scim/v2/Users', :'groups', '{"userName": "g"}'),
       t.status('GET', '/scim/v2/Users', :'groups'), t.status('POST', '/scim/v2/Bulk', :'groups', '{}');
SELECT t.status('POST', '/scim/v2/Users', :'users', '{"userName": "u"}'), t.status('GET', '/scim/v2/Users', :'users'),
       t.status('POST', '/scim/v2/Users/.search', :'users',
         '{"schemas": ["urn:ietf:params:scim:api:messages:2.0:SearchRequest"]}'),
       t.status('GET', '/scim/v2/Groups', :'users'), t.status('GET', '/scim/v2/', :'users'),
       t.status('POST', '/scim/v2/.search', :'users', '{}'), t.status('POST', '/scim/v2/Bulk', :'users', '{}'),
       t.status('GET', '/scim/v2/Schemas', :'users'), t.status('GET', '/scim/v2/ServiceProviderConfig', :'users');
SELECT scim_issue_token('other', 'x', '{read:}');
SELECT scim_issue_token('other', 'x', '{read:User Group}');
SELECT scim_issue_token('other', 'x', '{delete:User}');

-- Last use is known without a write; a job stores it.
SELECT label, last_used_at > now() - interval '1 hour' FROM scim.credentials WHERE directory = 'other' ORDER BY label;
SELECT count(*) FROM scim.credential_use;
SELECT scim_store_last_used();
SELECT c.label, u.last_used_at > now() - interval '1 hour' FROM scim.credential c JOIN scim.credential_use u USING (credential_id)
  WHERE c.directory_id = scim.directory_id('other') ORDER BY c.label;
SELECT scim_issue_token('other', 'unused') \g /dev/null
SELECT last_used_at FROM scim.credentials WHERE label = 'unused';

-- A warning before the end, as long before as the directory wants it.
SELECT scim_issue_token('other', 'soon', expires_at => now() + interval '10 days') \g /dev/null
SELECT directory, kind, label FROM scim.expiring_credentials WHERE directory = 'other';
SELECT scim_alter_directory('other', settings => '{"expiry_warning_days": 5}');
SELECT count(*) FROM scim.expiring_credentials WHERE directory = 'other';
UPDATE scim.credential SET expires_at = now() - interval '1 s' WHERE label = 'soon';
SELECT scim_alter_directory('other', settings => '{"expiry_warning_days": 30}');
SELECT count(*) FROM scim.expiring_credentials WHERE directory = 'other'; -- over is not soon

-- Failures are counted by address; who fails too often waits, and whoever has the right token does not.
SELECT scim_issue_token('other', 'good') AS good \gset
SET scim.max_failures = 3;
SELECT t.from('203.0.113.5', 'scim_wrong') FROM generate_series(1, 5);
SELECT t.from('203.0.113.5', :'good'), t.from('203.0.113.6', 'scim_wrong');
SELECT (headers ->> 'Retry-After') ~ '^[1-9][0-9]?$', body FROM (SELECT (scim_http('GET', '/scim/v2/Users',
  ARRAY[':peer', '203.0.113.5', 'authorization', 'Bearer scim_wrong'], '')).*) AS h (status, h, body),
  LATERAL (SELECT jsonb_object(h) AS headers) AS o;
-- an IPv6 caller has 64 bits of addresses to itself
SELECT t.from('2001:db8:1:2::' || i, 'scim_wrong') FROM generate_series(1, 5) AS i;
SELECT t.from('2001:db8:1:3::1', 'scim_wrong');
SELECT name, failures FROM scim.auth_failures WHERE name ~ '^(203|2001)' ORDER BY name COLLATE "C";
SET scim.max_failures = 0;
SELECT t.from('203.0.113.5', 'scim_wrong');
RESET scim.max_failures;

DROP FUNCTION t.from(text, text);
SELECT scim_drop_directory('acme');
SELECT scim_drop_directory('other');
SELECT count(*) FROM scim.credential_use;
