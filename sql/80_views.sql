-- 80_views.sql: what applications read. Column names are stable.

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
         CASE WHEN r.managed THEN
           coalesce(nullif(coalesce(d.settings ->> 'source_name', p.settings ->> 'source_name'), ''), 'SCIM Synchronization')
           ELSE 'local' END AS source,
         r.credential_id, r.request_id
  FROM scim.resource r
  JOIN scim.directory d ON d.directory_id = r.directory_id
  LEFT JOIN scim.profile p ON p.name = d.profile
  CROSS JOIN LATERAL (SELECT r.doc -> 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User' AS doc) AS e
  WHERE r.type_id = 1;
COMMENT ON VIEW scim.users IS 'Users of all directories, a column for each core and enterprise attribute; never a password. attributes is the document as it is stored, with what a schema of yours says is never returned';

CREATE VIEW scim.groups WITH (security_barrier) AS
  SELECT d.name AS directory, r.id, r.display_name, r.external_id,
         r.version, r.created, r.last_modified, r.doc AS attributes, r.directory_id,
         r.managed,
         CASE WHEN r.managed THEN
           coalesce(nullif(coalesce(d.settings ->> 'source_name', p.settings ->> 'source_name'), ''), 'SCIM Synchronization')
           ELSE 'local' END AS source,
         r.credential_id, r.request_id
  FROM scim.resource r
  JOIN scim.directory d ON d.directory_id = r.directory_id
  LEFT JOIN scim.profile p ON p.name = d.profile
  WHERE r.type_id = 2;
COMMENT ON VIEW scim.groups IS 'Groups of all directories';

CREATE VIEW scim.memberships WITH (security_barrier) AS
  SELECT d.name AS directory, m.group_id, m.member_id, t.name AS member_type, m.directory_id,
         m.managed,
         CASE WHEN m.managed THEN
           coalesce(nullif(coalesce(d.settings ->> 'source_name', p.settings ->> 'source_name'), ''), 'SCIM Synchronization')
           ELSE 'local' END AS source,
         m.credential_id, m.request_id
  FROM scim.membership m
  JOIN scim.directory d ON d.directory_id = m.directory_id
  LEFT JOIN scim.profile p ON p.name = d.profile
  JOIN scim.resource r ON r.directory_id = m.directory_id AND r.id = m.member_id
  JOIN scim.resource_type t ON t.directory_id IN (0, m.directory_id) AND t.type_id = r.type_id;
COMMENT ON VIEW scim.memberships IS 'Direct members of groups';

CREATE VIEW scim.credentials AS
  SELECT d.name AS directory, c.credential_id, c.label, c.scopes, c.created_at, c.expires_at, c.revoked_at
  FROM scim.credential c
  JOIN scim.directory d ON d.directory_id = c.directory_id;
COMMENT ON VIEW scim.credentials IS 'Tokens of all directories, without their hashes';

CREATE VIEW scim.directories AS
  SELECT d.name, d.profile, d.settings, d.enabled, d.created FROM scim.directory d;
COMMENT ON VIEW scim.directories IS 'Directories: profile, the switches they override, and whether they are served';
