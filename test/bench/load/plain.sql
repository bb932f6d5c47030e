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
    ('patch', 'urn:ietf:params:scim:api:messages:2.0:PatchOp'),
    ('bulk', 'urn:ietf:params:scim:api:messages:2.0:BulkRequest');
INSERT INTO bench.variable
SELECT 'biggest_group', g.value FROM bench.variable g, bench.variable b
 WHERE b.name = 'biggest' AND g.name = 'group' || b.value;
INSERT INTO bench.variable
SELECT 'no_group', bench.load_group('bench', 'Group of nobody', 1, 0);

-- A page of 100 by cursor: the first, and one behind nine tenths of the users.
INSERT INTO bench.variable VALUES ('cursor', '/scim/v2/Users?count=100&cursor=');
INSERT INTO bench.variable
SELECT 'deep_cursor', c.value || bench.walk(c.value, a.value, s.value::int / 10 * 9)
  FROM bench.variable c, bench.variable a, bench.variable s
 WHERE c.name = 'cursor' AND a.name = 'bench_authorization' AND s.name = 'size';

-- User number 1 as a body to create, cut where the userName goes.
INSERT INTO bench.variable
SELECT part.name, part.value
  FROM (SELECT (bench.user_document(1) || '{"userName": "NAME"}')::text AS text) d,
       LATERAL (VALUES ('head', split_part(d.text, 'NAME', 1)), ('tail', split_part(d.text, 'NAME', 2))) part(name, value);

-- Sets of 256 users, as elements of "members".
CREATE TABLE bench.crowd (n int PRIMARY KEY, members text);
INSERT INTO bench.crowd
SELECT n, bench.members('bench', n * 256 + 1, n * 256 + 256)::text FROM generate_series(0, 7) n;

-- A hundred users all over the directory; a script that says :id@ is run for each in turn. "one" is a member
-- of the biggest group, "few" of the group of 10, "alone" of none and in directory "created", "before" and "after" are a body to replace the user with,
-- cut in the title.
CREATE TABLE bench.target AS
SELECT p.n AS number, p.id, '/scim/v2/Users/' || p.id AS target, one.id AS one, few.id AS few, alone.id AS alone,
       split_part(body.text, 'CUT', 1) AS before, split_part(body.text, 'CUT', 2) AS after
  FROM generate_series(0, 99) i
  JOIN bench.variable size ON size.name = 'size'
  JOIN bench.variable biggest ON biggest.name = 'biggest'
  JOIN bench.person p ON p.directory = 'bench' AND p.n = 1 + floor(i * (size.value::bigint - 1) / 99)::int
  JOIN bench.person one ON one.directory = 'bench' AND one.n = 1 + floor(i * (biggest.value::bigint - 1) / 99)::int
  JOIN bench.person few ON few.directory = 'bench' AND few.n = 1 + i % 10
  JOIN bench.person alone ON alone.directory = 'created' AND alone.n = 1 + i,
       LATERAL (SELECT (bench.user_document(p.n) || '{"title": "CUT"}')::text) AS body(text);
