-- Indexes of attributes: which values are in scim.attr_value, that they follow every write, that filters use them.
\a \t
\set VERBOSITY terse
SELECT FROM scim_create_directory('acme') a, scim_create_directory('other') o;
SELECT scim_register_schema('acme', '{"id": "urn:example:lab", "name": "Lab", "attributes": [
  {"name": "level", "type": "decimal"}, {"name": "hired", "type": "dateTime"}, {"name": "remote", "type": "boolean"}, {"name": "code", "caseExact": true},
  {"name": "tags", "multiValued": true}, {"name": "secret", "mutability": "writeOnly"},
  {"name": "desks", "type": "complex", "multiValued": true, "subAttributes": [{"name": "floor", "type": "integer"}]}]}', 'User');
CREATE FUNCTION pg_temp.indexed() RETURNS TABLE (directory text, path text, v text, owner text) LANGUAGE sql AS $$
  SELECT d.name, i.path, a.v, r.user_name FROM scim.attr_value a JOIN scim.directory d USING (directory_id)
  LEFT JOIN scim.attribute_index i ON i.directory_id IN (0, a.directory_id) AND i.attr_id = a.attr_id
  LEFT JOIN scim.resource r ON r.directory_id = a.directory_id AND r.id = a.id
  ORDER BY d.name, i.path COLLATE "C", a.v, r.user_name
$$;

-- From the start: e-mail addresses of users and names of groups.
SELECT type_id, path, attr_id, builtin FROM scim.attribute_index ORDER BY attr_id;
SELECT scim_create_user('acme', '{"userName": "ann", "emails": [{"value": "Ann@X.example", "type": "work"}, {"value": "ann@x.EXAMPLE", "type": "home"}, {"value": "a@y.example"}, {"type": "other"}]}') ->> 'id' AS ann \gset
SELECT scim_create_user('acme', '{"userName": "bob", "emails": [{"value": "ann@x.example"}]}') ->> 'id' AS bob \gset
SELECT scim_create_user('acme', '{"userName": "cat"}') ->> 'id' AS cat \gset
SELECT scim_create_group('acme', '{"displayName": "Élan"}') ->> 'id' AS elan \gset
SELECT * FROM pg_temp.indexed();

-- Every write changes what differs and nothing else.
CREATE TEMP TABLE before AS SELECT ctid AS place, * FROM scim.attr_value;
CREATE FUNCTION pg_temp.changed() RETURNS TABLE (change text, v text) LANGUAGE sql AS $$
  SELECT 'gone', b.v FROM before b WHERE NOT EXISTS (SELECT FROM scim.attr_value a WHERE a.ctid = b.place AND (a.v, a.id) = (b.v, b.id))
  UNION ALL
  SELECT 'new', a.v FROM scim.attr_value a WHERE NOT EXISTS (SELECT FROM before b WHERE a.ctid = b.place AND (a.v, a.id) = (b.v, b.id)) ORDER BY 1, 2
$$;
SELECT scim_patch_user('acme', :'ann', t.patch('{"op": "replace", "path": "title", "value": "Dr"}')) ->> 'title';
SELECT scim_patch_user('acme', :'ann', t.patch('{"op": "replace", "path": "emails[type eq \"home\"].value", "value": "ANN@x.example"}')) ->> 'title';
SELECT * FROM pg_temp.changed();
SELECT scim_patch_user('acme', :'ann', t.patch('{"op": "add", "path": "emails", "value": [{"value": "New@x.example"}]}')) ->> 'title';
SELECT * FROM pg_temp.changed();
SELECT scim_patch_user('acme', :'ann', t.patch('{"op": "remove", "path": "emails[value eq \"ann@x.example\"]"}')) ->> 'title';
SELECT scim_replace_group('acme', :'elan', '{"displayName": "Elan"}') ->> 'displayName';
SELECT * FROM pg_temp.changed();
SELECT scim_replace_user('acme', :'bob', '{"userName": "bob"}') ->> 'userName';
SELECT scim_delete_user('acme', :'ann');
SELECT * FROM pg_temp.indexed();

-- What can be indexed.
SELECT scim_create_attribute_index('acme', 'User', 'emails');
SELECT scim_create_attribute_index('acme', 'User', 'urn:ietf:params:scim:schemas:core:2.0:User:emails.VALUE');
SELECT scim_create_attribute_index('acme', 'User', 'nothing');
SELECT scim_create_attribute_index('acme', 'User', NULL);
SELECT scim_create_attribute_index('acme', 'User', 'name');
SELECT scim_create_attribute_index('acme', 'User', 'remote');
SELECT scim_create_attribute_index('acme', 'User', 'secret');
SELECT scim_create_attribute_index('acme', 'User', 'password');
SELECT scim_create_attribute_index('acme', 'User', 'groups.value');
SELECT scim_create_attribute_index('acme', 'User', 'meta.created');
SELECT scim_create_attribute_index('acme', 'Printer', 'name');
SELECT scim_create_attribute_index('nowhere', 'User', 'title');
SELECT scim_create_attribute_index(NULL, 'User', 'level'); -- acme's alone
SELECT scim_create_attribute_index('other', 'User', 'level');

-- Values that are there are indexed at once, later ones as they come. Keys sort as the values do.
CREATE FUNCTION pg_temp.hire(name text, lab jsonb) RETURNS text LANGUAGE sql AS $$
  SELECT scim_create_user('acme', jsonb_build_object('userName', name, 'urn:example:lab', lab)) ->> 'userName'
$$;
SELECT pg_temp.hire('n' || n, jsonb_build_object('level', n::numeric)) FROM unnest('{0,-0.0,1,1.0,10,9,-1,-10,-9,0.5,0.05,-0.05,0.49,123456789012345678901234567890,1e20,-1e20,-1.25,-1.2}'::text[]) WITH ORDINALITY AS v(n, i) ORDER BY i;
SELECT scim_create_attribute_index('acme', 'User', 'level');
SELECT scim_create_attribute_index('acme', 'User', 'hired');
SELECT scim_create_attribute_index('acme', 'User', 'urn:example:lab:code');
SELECT scim_create_attribute_index('acme', 'User', 'tags');
SELECT scim_create_attribute_index('acme', 'User', 'desks.floor');
SELECT pg_temp.hire('m2', '{"level": -2}');
SELECT path, count(*) FROM pg_temp.indexed() GROUP BY path ORDER BY path COLLATE "C";
SELECT string_agg(resource #>> '{urn:example:lab,level}', ' ' ORDER BY v COLLATE "C")
  FROM pg_temp.indexed() JOIN scim_search('acme', 'User') ON owner = lower(resource ->> 'userName') WHERE path LIKE '%level';
SELECT pg_temp.hire('d' || i, jsonb_build_object('hired', d)) FROM unnest('{2026-01-31T08:00:00Z,2026-01-31T08:00:00.5+00:00,0001-01-01T00:00:00Z,1969-12-31T23:59:59Z,1970-01-01T00:00:00Z,9999-12-31T23:59:59Z,2026-01-31T10:00:00+02:00}'::text[]) WITH ORDINALITY AS v(d, i);
SELECT string_agg(owner, ' ' ORDER BY v COLLATE "C", owner) FROM pg_temp.indexed() WHERE path LIKE '%hired';

-- Long values are cut to whole characters.
SELECT pg_temp.hire('long', jsonb_build_object('code', repeat('ä', 2000), 'tags', jsonb_build_array(repeat('x', 996), repeat('y', 1001), repeat('z', 1000) || 'end', 'A', 'a', '')));
SELECT path, left(v, 1), octet_length(v) FROM pg_temp.indexed() WHERE owner = 'long';

-- Filters find the same with the index as without, and do use it.
CREATE TABLE t.filters (filter text PRIMARY KEY);
INSERT INTO t.filters VALUES ('level eq 1'), ('level gt 0.05'), ('level ge 0.05'), ('level lt -1'), ('level le -1.2'), ('level eq -0'), ('level pr'),
  ('level eq 10 or level eq 9'), ('hired eq "2026-01-31T09:00:00+01:00"'), ('hired lt "1970-01-01T00:00:00Z"'), ('hired ge "2026-01-31T08:00:00.5Z"'), ('not (level gt -3)'), ('level ne 1 and level pr'),
  ('tags eq "A"'), ('tags eq ""'), ('tags pr'), ('tags sw "X"'), ('tags co "xx"'), ('tags ew "yy"'), ('tags ew "zend"'), ('tags co "ze"'), ('tags ew "zz"'), ('tags co "' || repeat('x', 996) || '"'), ('code eq "' || repeat('ä', 2000) || '"'), ('code eq "' || repeat('ä', 1999) || '"'),
  ('code sw "' || repeat('ä', 600) || '"'), ('code gt "' || repeat('ä', 1999) || '"'), ('code lt "' || repeat('ä', 2001) || '"'), ('tags gt "x"'), ('tags co "' || repeat('y', 1001) || '"'),
  ('emails eq "x@x.example"'), ('emails[value eq "a@y.example" and type eq "work"]'), ('emails.value ne "a@y.example"');
CREATE TEMP TABLE found AS SELECT filter, t.find('acme', filter) FROM t.filters;
SELECT left(filter, 60) AS filter, find FROM found ORDER BY found.filter COLLATE "C";
SELECT scim_explain('acme', 'User', f) ->> 'sql' LIKE '%scim.attr_value%' FROM unnest('{"emails.value eq \"x\"","emails[type eq \"work\" and value eq \"x\"]","level eq 1","tags eq \"a\"","desks[floor gt 3]","emails[type eq \"work\" and value co \"x\"]","tags ew \"y\""}'::text[]) f;

-- Dropping one makes no difference but to speed; a directory may also go without one that all have.
SELECT scim_drop_attribute_index('acme', 'User', 'title');
SELECT scim_drop_attribute_index(NULL, 'User', 'emails');
SELECT scim_drop_attribute_index('acme', 'User', path) FROM unnest('{level,hired,code,tags,desks.floor,emails}'::text[]) AS path;
SELECT * FROM pg_temp.indexed();
SELECT f.filter FROM found f WHERE f.find <> t.find('acme', f.filter);
SELECT pg_temp.hire('late', '{"level": 3}');
SELECT scim_create_user('acme', '{"userName": "eve", "emails": [{"value": "e@x.example"}]}') ->> 'userName', scim_create_user('other', '{"userName": "eve", "emails": [{"value": "e@x.example"}]}') ->> 'userName';
SELECT * FROM pg_temp.indexed();
SELECT scim_drop_attribute_index('acme', 'User', 'emails');
SELECT scim_create_attribute_index('acme', 'User', 'emails');
SELECT * FROM pg_temp.indexed();

-- For all directories, those with an index of their own included.
SELECT scim_create_user('other', '{"userName": "dan", "title": "Dr"}') ->> 'title', scim_create_user('acme', '{"userName": "dan", "title": "Dr"}') ->> 'title';
SELECT scim_create_attribute_index('acme', 'User', 'title');
SELECT scim_create_attribute_index(NULL, 'User', 'title');
SELECT FROM scim_create_directory('later');
SELECT scim_create_user('later', '{"userName": "dan", "title": "Prof"}') ->> 'title';
SELECT d.name, a.v FROM scim.attr_value a JOIN scim.directory d USING (directory_id) WHERE a.v IN ('dr', 'prof') ORDER BY d.name;
SELECT t.find('acme', 'title eq "DR"'), t.find('other', 'title eq "DR"'), t.find('later', 'title pr');
SELECT scim_drop_attribute_index(NULL, 'User', 'title');
SELECT d.name, a.v FROM scim.attr_value a JOIN scim.directory d USING (directory_id) WHERE a.v IN ('dr', 'prof') ORDER BY d.name;
SELECT t.find('acme', 'title eq "DR"'), t.find('other', 'title eq "DR"'), t.find('later', 'title pr');

SELECT count(scim_drop_directory(name)) FROM scim.directory;
SELECT count(*) FROM scim.attr_value;
SELECT count(*) FROM scim.attribute_index;
DROP TABLE t.filters;
