-- 80_views.sql: what applications read. Column names are stable.

CREATE VIEW scim.directory_source AS
  SELECT d.directory_id, d.name,
         coalesce(nullif(coalesce(d.settings ->> 'source_name', p.settings ->> 'source_name'), ''), 'SCIM Synchronization') AS source
  FROM scim.directory d LEFT JOIN scim.profile p ON p.name = d.profile;
COMMENT ON VIEW scim.directory_source IS 'What the other views call a directory, and where what is managed in it comes from';

CREATE VIEW scim.users WITH (security_barrier) AS
  SELECT d.name AS directory, r.id, r.doc ->> 'userName' AS user_name, r.external_id, r.active,
         r.display_name,
         r.doc -> 'name' ->> 'formatted' AS formatted_name,
         r.doc -> 'name' ->> 'givenName' AS given_name,
         r.doc -> 'name' ->> 'familyName' AS family_name,
         coalesce(pg_catalog.jsonb_path_query_first(r.doc, '$.emails[*] ? (@.primary == true).value') #>> '{}',
                  r.doc -> 'emails' -> 0 ->> 'value') AS email,
         r.doc ->> 'nickName' AS nick_name, r.doc ->> 'title' AS title,
         r.doc ->> 'userType' AS user_type, r.doc ->> 'preferredLanguage' AS preferred_language,
         r.doc ->> 'locale' AS locale, r.doc ->> 'timezone' AS timezone,
         e.doc ->> 'employeeNumber' AS employee_number, e.doc ->> 'costCenter' AS cost_center,
         e.doc ->> 'organization' AS organization, e.doc ->> 'division' AS division,
         e.doc ->> 'department' AS department, e.doc -> 'manager' ->> 'value' AS manager_id,
         r.version, r.created, r.last_modified, r.doc AS attributes, r.directory_id,
         r.managed,
         CASE WHEN r.managed THEN d.source ELSE 'local' END AS source,
         r.credential_id, r.request_id
  FROM scim.resource r
  JOIN scim.directory_source d ON d.directory_id = r.directory_id
  CROSS JOIN LATERAL (SELECT r.doc -> 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User' AS doc) AS e
  WHERE r.type_id = 1;
COMMENT ON VIEW scim.users IS 'Users of all directories, a column for each core and enterprise attribute; never a password. attributes is the document as it is stored, with what a schema of yours says is never returned';

CREATE VIEW scim.groups WITH (security_barrier) AS
  SELECT d.name AS directory, r.id, r.display_name, r.external_id,
         r.version, r.created, r.last_modified, r.doc AS attributes, r.directory_id,
         r.managed,
         CASE WHEN r.managed THEN d.source ELSE 'local' END AS source,
         r.credential_id, r.request_id
  FROM scim.resource r
  JOIN scim.directory_source d ON d.directory_id = r.directory_id
  WHERE r.type_id = 2;
COMMENT ON VIEW scim.groups IS 'Groups of all directories';

CREATE VIEW scim.memberships WITH (security_barrier) AS
  SELECT d.name AS directory, m.group_id, m.member_id, t.name AS member_type, m.directory_id,
         m.managed,
         CASE WHEN m.managed THEN d.source ELSE 'local' END AS source,
         m.credential_id, m.request_id
  FROM scim.membership m
  JOIN scim.directory_source d ON d.directory_id = m.directory_id
  JOIN scim.resource r ON r.directory_id = m.directory_id AND r.id = m.member_id
  JOIN scim.resource_type t ON t.directory_id IN (0, m.directory_id) AND t.type_id = r.type_id;
COMMENT ON VIEW scim.memberships IS 'Direct members of groups';

CREATE VIEW scim.credentials AS
  SELECT d.name AS directory, c.credential_id, c.label, c.scopes, c.created_at, c.expires_at, c.revoked_at,
         c.disabled_at, c.networks, greatest(u.last_used_at, scim.last_used(c.credential_id)) AS last_used_at
  FROM scim.credential c
  JOIN scim.directory d ON d.directory_id = c.directory_id
  LEFT JOIN scim.credential_use u ON u.directory_id = c.directory_id AND u.credential_id = c.credential_id
  WHERE c.client_id IS NULL;
COMMENT ON VIEW scim.credentials IS 'Tokens of all directories, without their hashes. last_used_at is exact to the minute; null: not since the server started or scim_store_last_used() ran';

CREATE VIEW scim.oauth_clients AS
  SELECT d.name AS directory, c.client_id, c.name, c.display_name, c.type, c.scopes, c.redirect_uris,
         c.access_lifetime, c.refresh_lifetime, c.jwks, c.enabled, c.created_at
  FROM scim.oauth_client c
  JOIN scim.directory d ON d.directory_id = c.directory_id;
COMMENT ON VIEW scim.oauth_clients IS 'OAuth clients of all directories';

CREATE VIEW scim.oauth_secrets AS
  SELECT d.name AS directory, c.name AS client, s.client_id, s.secret_id, s.label, s.created_at, s.expires_at,
         s.revoked_at
  FROM scim.oauth_secret s
  JOIN scim.oauth_client c ON c.directory_id = s.directory_id AND c.client_id = s.client_id
  JOIN scim.directory d ON d.directory_id = s.directory_id;
COMMENT ON VIEW scim.oauth_secrets IS 'Secrets of OAuth clients, without their hashes';

CREATE VIEW scim.oauth_grants AS
  SELECT d.name AS directory, c.name AS client, g.client_id, g.grant_id, g.scopes, g.approved_by,
         u.name AS service_user, g.created_at, g.revoked_at,
         (SELECT pg_catalog.max(r.expires_at) FROM scim.oauth_refresh r
          WHERE r.directory_id = g.directory_id AND r.grant_id = g.grant_id AND r.used_at IS NULL) AS refresh_until
  FROM scim.oauth_grant g
  JOIN scim.oauth_client c ON c.directory_id = g.directory_id AND c.client_id = g.client_id
  JOIN scim.directory d ON d.directory_id = g.directory_id
  LEFT JOIN scim.service_user u ON u.directory_id = g.directory_id AND u.service_user_id = g.service_user_id;
COMMENT ON VIEW scim.oauth_grants IS 'What administrators have approved, for which client and until when it can be refreshed';

CREATE VIEW scim.trusted_issuers AS
  SELECT d.name AS directory, i.issuer_id, i.issuer, i.audience, i.algorithms, i.jwks, i.required_claims,
         i.scope_claim, i.scope_map, i.default_scopes, i.clock_skew, i.enabled, i.refreshed_at
  FROM scim.trusted_issuer i
  JOIN scim.directory d ON d.directory_id = i.directory_id;
COMMENT ON VIEW scim.trusted_issuers IS 'Whose JWTs are taken, with the public keys that are known of them';

CREATE VIEW scim.expiring_credentials AS
  SELECT e.directory, e.kind, e.id, e.label, e.expires_at
  FROM (SELECT d.directory_id, d.name AS directory, 'token' AS kind, c.credential_id AS id, c.label, c.expires_at
        FROM scim.credential c JOIN scim.directory d ON d.directory_id = c.directory_id
        WHERE c.client_id IS NULL AND c.revoked_at IS NULL
        UNION ALL
        SELECT d.directory_id, d.name, 'client secret', s.secret_id, pg_catalog.concat_ws(': ', c.name, nullif(s.label, '')), s.expires_at
        FROM scim.oauth_secret s JOIN scim.directory d ON d.directory_id = s.directory_id
        JOIN scim.oauth_client c ON c.directory_id = s.directory_id AND c.client_id = s.client_id
        WHERE s.revoked_at IS NULL) AS e
  WHERE e.expires_at > pg_catalog.now()
    AND e.expires_at < pg_catalog.now() + pg_catalog.make_interval(days => scim.setting(e.directory_id, 'expiry_warning_days'));
COMMENT ON VIEW scim.expiring_credentials IS 'Tokens and client secrets that end within expiry_warning_days of their directory: issue new ones in time';

CREATE VIEW scim.auth_failures AS SELECT f.name, f.failures, f.since FROM scim.failures() AS f;
COMMENT ON VIEW scim.auth_failures IS 'Failed authentications of the last minute on this server, by address and, after a slash, by directory';

CREATE VIEW scim.directories AS
  SELECT d.name, d.profile, d.settings, d.enabled, d.created FROM scim.directory d;
COMMENT ON VIEW scim.directories IS 'Directories: profile, the switches they override, and whether they are served';
