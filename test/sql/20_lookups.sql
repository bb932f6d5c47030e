-- Filters that pin few resources are looked up; they find what the general statement finds.
\pset format unaligned
\pset tuples_only on
SET client_min_messages = warning;
CREATE SCHEMA l;
SELECT scim_create_directory('acme') IS NOT NULL;
SELECT scim_create_attribute_index('acme', 'User', 'title');

-- Half of the users share what others have alone, more of them than a look-up reads.
SELECT count(scim_create_user('acme', jsonb_build_object('userName', 'u' || n, 'active', n % 3 = 0,
    'externalId', CASE WHEN n % 2 = 0 THEN 'shared' ELSE 'x' || n / 2 END, 'title', CASE WHEN n % 2 = 0 THEN 'Many' ELSE 'Few ' || n % 10 END,
    'emails', jsonb_build_array(jsonb_build_object('value', 'u' || n || '@a.example', 'type', 'work'),
                                jsonb_build_object('value', 'u' || n % 7 || '@b.example', 'type', 'home')))))
  FROM generate_series(1, 210) AS n;
SELECT count(scim_create_group('acme', jsonb_build_object('displayName', 'g' || n, 'externalId', 'x' || n,
    'members', (SELECT jsonb_agg(jsonb_build_object('value', id)) FROM scim_search('acme', 'User', 'userName eq "u1" or userName eq "u' || n || '"')))))
  FROM generate_series(1, 105) AS n;
CREATE TABLE l.name AS
  SELECT resource ->> 'userName' AS name, id FROM scim_search('acme', 'User', count => 1000)
  UNION ALL SELECT resource ->> 'displayName', id FROM scim_search('acme', 'Group', count => 1000);

-- The names that a search finds, in its order, and its total; every page of it when it is read in pages of 23.
CREATE FUNCTION l.find(type text, filter text) RETURNS text LANGUAGE sql AS $$
  SELECT count(*) || ' of ' || coalesce(max(total_results), 0) || ': ' || coalesce(string_agg(coalesce(resource ->> 'userName', resource ->> 'displayName'), ' ' ORDER BY n), '')
    FROM scim_search('acme', type, filter, count => 1000) WITH ORDINALITY AS s(id, resource, total_results, n) $$;
CREATE FUNCTION l.pages(type text, filter text) RETURNS text LANGUAGE sql AS $$
  SELECT count(*) || ' of ' || coalesce(max(s.total_results), 0) || ': ' || coalesce(string_agg(coalesce(s.resource ->> 'userName', s.resource ->> 'displayName'), ' ' ORDER BY first, n), '')
    FROM generate_series(1, 253, 23) AS first, scim_search('acme', type, filter, first, 23) WITH ORDINALITY AS s(id, resource, total_results, n) $$;
CREATE FUNCTION l.id(name text) RETURNS text LANGUAGE sql AS $$ SELECT id FROM l.name WHERE name.name = id.name $$;

-- <u1> stands for the id of u1.
CREATE TABLE l.filter (type text, filter text);
INSERT INTO l.filter VALUES
  ('User', 'userName eq "U7"'), ('User', 'userName eq "nobody"'), ('User', 'userName eq "u9" and active eq true'), ('User', 'userName eq "u9" and active eq false'),
  ('User', 'active eq true and (userName eq "u9" and title pr)'), ('User', 'userName eq "u1" and userName eq "u2"'), ('User', 'userName eq "u9" and not (title eq "few 9")'),
  ('User', 'userName eq "u9" or active eq false'), ('User', 'not (userName eq "u9")'), ('User', 'userName eq null'), ('User', 'userName ne "u9"'),
  ('User', 'externalId eq "x3"'), ('User', 'externalId eq "X3"'), ('User', 'externalId eq "shared"'), ('User', 'externalId eq "shared" and active eq true'), ('User', 'externalId eq null'),
  ('User', 'title eq "few 3"'), ('User', 'title eq "MANY"'), ('User', 'title eq "many" and userName eq "u10"'), ('User', 'title eq "none"'), ('User', 'title eq "few 3" and emails[value sw "u3"]'),
  ('User', 'emails eq "u9@A.example"'), ('User', 'emails.value eq "u3@b.example"'), ('User', 'emails[type eq "work" and value eq "u9@a.example"]'),
  ('User', 'emails[type eq "home" and value eq "u9@a.example"]'), ('User', 'emails[type eq "home" and value eq "u3@b.example"] and active eq true'),
  ('User', 'emails[value eq "u1@a.example" or value eq "u2@a.example"]'), ('User', 'emails[not (value eq "u1@a.example")] and title eq "few 3"'),
  ('User', 'userName eq "u9" or emails.value eq "u8@a.example"'), ('User', 'userName eq "u9" or emails.value eq "u9@a.example" or externalId eq "x5" or id eq "<u6>"'),
  ('User', 'externalId eq "shared" or userName eq "u1"'), ('User', '(userName eq "u9" or externalId eq "x1") and active eq true'),
  ('User', 'id eq "<u4>"'), ('User', 'id eq "<g1>"'), ('User', 'id eq "nonsense"'), ('User', 'id eq "nonsense" or userName eq "u1"'), ('User', 'id eq "<u4>" and groups.value eq "<g4>"'),
  ('User', 'userName eq "u1" and groups pr'), ('User', 'userName eq "u1" and groups[type eq "direct" and display eq "g4"]'), ('User', 'meta.resourceType eq "User" and userName eq "u4"'),
  ('Group', 'members eq "<u1>"'), ('Group', 'members.value eq "<u4>"'), ('Group', 'members.value eq "<u4>" and displayName eq "g4"'), ('Group', 'members[value eq "<u4>" and type eq "User"]'),
  ('Group', 'members[value eq "<u4>" and type eq "Group"]'), ('Group', 'id eq "<g4>" and members eq "<u4>"'), ('Group', 'id eq "<g4>" and members eq "<u5>"'), ('Group', 'members eq "nonsense"'),
  ('Group', 'members ne "<u4>" and externalId eq "x4"'), ('Group', 'displayName eq "G4"'), ('Group', 'displayName eq "g4" and members pr'),
  (NULL, 'id eq "<u4>"'), (NULL, 'id eq "nonsense"'), (NULL, 'userName eq "u4"'), (NULL, 'externalId eq "x4"'), (NULL, 'externalId eq "shared"'), (NULL, 'displayName eq "g4"'),
  (NULL, 'userName eq "u4" or externalId eq "x4"'), (NULL, 'userName eq "u4" or displayName eq "g4"'), (NULL, 'members.value eq "<u4>"'), (NULL, 'meta.resourceType eq "Group" and externalId eq "x4"');
DO $$ DECLARE n record; BEGIN
  FOR n IN SELECT * FROM l.name LOOP UPDATE l.filter SET filter = replace(filter, '<' || n.name || '>', n.id) WHERE filter LIKE '%<%'; END LOOP;
END $$;

-- not (not ()) hides the pin.
SELECT count(*) FROM l.filter;
SELECT f.*, l.find(type, filter), l.find(type, 'not (not (' || filter || '))') FROM l.filter AS f WHERE l.find(type, filter) <> l.find(type, 'not (not (' || filter || '))');
SELECT f.*, l.find(type, filter), l.pages(type, filter) FROM l.filter AS f WHERE l.find(type, filter) <> l.pages(type, filter);
SELECT type, regexp_replace(filter, '"[0-9a-f-]{36}"', '<id>', 'g'), left(l.find(type, filter), 40) FROM l.filter ORDER BY type, filter COLLATE "C";

-- Pages of a look-up over HTTP too: none, one behind the end.
SELECT scim_search('acme', 'User', 'userName eq "u7"', count => 0), scim_search('acme', 'User', 'userName eq "u7"', 2);

-- A look-up has one plan, by indexes, whatever the tables hold.
SELECT f, e ->> 'sql' LIKE '%WITH%', e ->> 'plan' LIKE '%Seq Scan%', e ->> 'plan' LIKE '%Bitmap%'
  FROM (VALUES ('userName eq "u1"'), ('externalId eq "u1" and active eq true'), ('title eq "many"'), ('emails[type eq "work" and value eq "u1"]'),
    ('userName eq "u1" or title eq "x"')) AS v(f), scim_explain('acme', 'User', f) AS e;
SELECT e ->> 'sql' LIKE '%WITH%', e ->> 'plan' LIKE '%Seq Scan%' FROM scim_explain('acme', 'Group', 'members.value eq "' || l.id('u1') || '"') AS e;

-- Without the plan nothing is planned.
SELECT e ?& '{sql,parameters,hint}', e ? 'plan' FROM scim_explain('acme', 'User', 'userName eq "u1"', false) AS e;
SELECT e ? 'plan' FROM scim_explain('acme', 'User', 'userName eq "u1"', NULL) AS e;

-- A filter that has to read every resource says which index it lacks.
SELECT f, scim_explain('acme', 'User', f, false) ->> 'hint'
  FROM (VALUES ('nickName eq "x"'), ('nickName sw "x"'), ('nickName co "x"'), ('nickName pr'), ('nickName ne "x"'), ('nickName eq null'), ('not (nickName eq "x")'), ('active eq true'),
    ('userName eq "x" and nickName eq "x"'), ('title sw "x" and nickName eq "x"'), ('active eq true and name.familyName sw "x"'), ('nickName eq "x" and displayName eq "x"'),
    ('userName eq "x" or nickName eq "x"'), ('nickName eq "x" or active eq true'), ('emails[type eq "work"]'), ('emails[type eq "work" and value eq "x"]'), ('phoneNumbers eq "x"'),
    ('meta.lastModified gt "2026-01-01T00:00:00Z"'), ('groups.value eq "x"'), ('urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department eq "x"')) AS v(f);
SELECT scim_explain('acme', 'User', '', false) -> 'hint';
SELECT set_config('l.hint', scim_explain('acme', 'User', 'nickName eq "x"', false) ->> 'hint', false) IS NOT NULL;
DO $$ BEGIN EXECUTE current_setting('l.hint'); END $$;
SELECT scim_explain('acme', 'User', 'nickName eq "x"', false) ->> 'hint';

SELECT scim_drop_directory('acme');
DROP SCHEMA l CASCADE;
