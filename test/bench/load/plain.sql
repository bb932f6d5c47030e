-- plain.sql: the same rows in tables of the same form for plain statements, and what scripts refer to.
CREATE TABLE bench.resource (LIKE scim.resource INCLUDING ALL);
CREATE TABLE bench.attr_value (LIKE scim.attr_value INCLUDING ALL);
CREATE TABLE bench.membership (LIKE scim.membership INCLUDING ALL);
INSERT INTO bench.resource SELECT * FROM scim.resource ORDER BY directory_id, id;
INSERT INTO bench.attr_value SELECT * FROM scim.attr_value ORDER BY directory_id, attr_id, v, id;
INSERT INTO bench.membership SELECT * FROM scim.membership ORDER BY directory_id, group_id, member_id;

INSERT INTO bench.variable
SELECT CASE d.name WHEN 'bench' THEN 'directory' ELSE d.name END, d.directory_id::text FROM scim.directory d;
INSERT INTO bench.variable
SELECT lower(t.name) || '_type', t.type_id::text FROM scim.resource_type t WHERE t.name IN ('User', 'Group');
INSERT INTO bench.variable
SELECT d.name || '_authorization', 'Bearer ' || scim_issue_token(d.name, 'bench') FROM scim.directory d;
INSERT INTO bench.variable VALUES
    ('json', 'application/scim+json'),
    ('patch', 'urn:ietf:params:scim:api:messages:2.0:PatchOp');

-- A hundred users all over the directory; a script that says :id@ is run for each in turn.
CREATE TABLE bench.target AS
SELECT p.n AS number, p.id, '/scim/v2/Users/' || p.id AS target
  FROM bench.person p
 WHERE p.directory = 'bench'
   AND p.n IN (SELECT 1 + floor(i * (v.value::bigint - 1) / 99)::int
                 FROM generate_series(0, 99) i, bench.variable v WHERE v.name = 'size');

-- User number 1 as a body to create, cut where the userName goes.
INSERT INTO bench.variable
SELECT part.name, part.value
  FROM (SELECT (bench.user_document(1) || '{"userName": "NAME"}')::text AS text) d,
       LATERAL (VALUES ('head', split_part(d.text, 'NAME', 1)), ('tail', split_part(d.text, 'NAME', 2))) part(name, value);
