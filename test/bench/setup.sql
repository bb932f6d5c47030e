-- What the workloads share: a directory with 10,000 users, a table like that of the resources for plain
-- statements, the values that scripts refer to, and 100 users to ask for.
SELECT FROM scim_create_directory('bench') \g /dev/null
CREATE SCHEMA bench;
CREATE TABLE bench.resource (LIKE scim.resource INCLUDING ALL);
CREATE TABLE bench.attr_value (LIKE scim.attr_value INCLUDING ALL);
CREATE TABLE bench.variable (name text PRIMARY KEY, value text NOT NULL);

INSERT INTO bench.variable VALUES
    ('token', scim_issue_token('bench', 'bench')),
    ('users', '/scim/v2/Users'),
    ('json', 'application/scim+json'),
    ('head', '{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"'),
    ('tail', '","displayName":"Babs Jensen","name":{"familyName":"Jensen","givenName":"Barbara"},"active":true,'
             '"emails":[{"value":"bjensen@example.com","type":"work","primary":true}],"title":"Tour Guide"}');
INSERT INTO bench.variable
SELECT 'authorization', 'Bearer ' || value FROM bench.variable WHERE name = 'token';

SELECT count(scim_create_user('bench', (h.value || 'user' || n || t.value)::jsonb))
  FROM bench.variable h, bench.variable t, generate_series(1, 10000) n
 WHERE h.name = 'head' AND t.name = 'tail' \g /dev/null

INSERT INTO bench.variable
SELECT DISTINCT ON (v.name) v.name, v.value
  FROM scim.resource r, LATERAL (VALUES ('directory', r.directory_id::text), ('type', r.type_id::text)) v(name, value);
CREATE TABLE bench.target AS
SELECT id, '/scim/v2/Users/' || id AS target FROM scim.resource ORDER BY md5(id::text) LIMIT 100;
ANALYZE;
