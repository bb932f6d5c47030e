-- Directories (tenants), profiles and switches.
\a \t
\set VERBOSITY sqlstate

SELECT * FROM scim_create_directory('acme');
SELECT * FROM scim_create_directory('Strict-1.example', profile => 'strict',
  settings => '{"max_page_size": 7, "open_discovery": false}');
SELECT name, profile, settings, enabled, own_schemas FROM scim.directory ORDER BY name;

-- A name is taken once; other case is another name, as URLs are.
SELECT scim_create_directory('acme');
SELECT name FROM scim_create_directory('ACME');

-- Names: letters, digits, dots and hyphens, 1 to 63, the first no dot or hyphen, not "scim".
SELECT scim_create_directory('');
SELECT scim_create_directory('scim');
SELECT scim_create_directory('-a');
SELECT scim_create_directory('.a');
SELECT scim_create_directory('a b');
SELECT scim_create_directory('a/b');
SELECT scim_create_directory('a%2f');
SELECT scim_create_directory('a_b');
SELECT scim_create_directory('ä');
SELECT scim_create_directory(E'a\n');
SELECT scim_create_directory(repeat('a', 64));
SELECT length(name) FROM scim_create_directory(repeat('a', 63));
SELECT scim_create_directory(NULL);

-- Profiles and switches are checked.
SELECT scim_create_directory('x', profile => 'no such');
SELECT scim_create_directory('x', profile => NULL);
SELECT scim_create_directory('x', settings => NULL);
SELECT scim_create_directory('x', settings => '[]');
SELECT scim_create_directory('x', settings => '{"no_such_switch": true}');
SELECT scim_create_directory('x', settings => '{"open_discovery": 1}');
SELECT scim_create_directory('x', settings => '{"open_discovery": "true"}');
SELECT scim_create_directory('x', settings => '{"max_page_size": true}');
SELECT scim_create_directory('x', settings => '{"max_page_size": 0}');
SELECT scim_create_directory('x', settings => '{"max_page_size": 100001}');
SELECT scim_create_directory('x', settings => '{"max_page_size": 1.5}');
SELECT scim_create_directory('x', settings => '{"max_page_size": 99999999999999999999}');
SELECT scim_create_directory('x', settings => '{"max_page_size": null}');
SELECT count(*) FROM scim.directory WHERE name = 'x';

-- Altering merges switches; null takes an override away.
SELECT scim_alter_directory('acme', settings => '{"max_page_size": 1}');
SELECT scim_alter_directory('acme', settings => '{"default_page_size": 2}');
SELECT profile, settings, enabled FROM scim.directory WHERE name = 'acme';
SELECT scim_alter_directory('acme', settings => '{"max_page_size": null}');
SELECT scim_alter_directory('acme', profile => 'strict', enabled => false);
SELECT profile, settings, enabled FROM scim.directory WHERE name = 'acme';
SELECT scim_alter_directory('acme', profile => 'default', settings => '{"default_page_size": null}',
  enabled => true);
SELECT profile, settings, enabled FROM scim.directory WHERE name = 'acme';
SELECT scim_alter_directory('acme', profile => 'no such');
SELECT scim_alter_directory('acme', settings => '{"max_page_size": 0}');
SELECT scim_alter_directory('acme', settings => '[]');
SELECT scim_alter_directory('acme', settings => '3');
SELECT scim_alter_directory('nowhere');
SELECT scim_alter_directory(NULL, enabled => false);

SELECT scim_alter_directory('acme', settings => '{}');

-- Switches work at once: that of the directory before that of the profile before the default.
SELECT scim_create_user('acme', '{"userName": "a", "shoeSize": 42}') ->> 'userName';
SELECT scim_alter_directory('acme', settings => '{"ignore_unknown_attributes": false}');
SELECT scim_create_user('acme', '{"userName": "b", "shoeSize": 42}') ->> 'userName';
SELECT scim_alter_directory('acme', settings => '{"ignore_unknown_attributes": true}', profile => 'strict');
SELECT scim_create_user('acme', '{"userName": "b", "shoeSize": 42}') ->> 'userName'; -- strict asks for schemas
SELECT scim_create_user('acme',
  '{"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": "b", "shoeSize": 42}') ->> 'userName';

-- Profiles of one's own; a change of one reaches its directories.
INSERT INTO scim.profile (name, settings) VALUES ('mine', '{"max_page_size": 1}');
SELECT scim_alter_directory('acme', profile => 'mine', settings => '{"ignore_unknown_attributes": null}');
SELECT count(*) FROM scim_search('acme', 'User');
UPDATE scim.profile SET settings = '{"max_page_size": 2}' WHERE name = 'mine';
SELECT count(*) FROM scim_search('acme', 'User');
UPDATE scim.profile SET settings = '{"no_such_switch": 2}' WHERE name = 'mine';
INSERT INTO scim.profile (name, settings) VALUES ('wrong', '{"max_page_size": "2"}');
DELETE FROM scim.profile WHERE name = 'mine';
SELECT count(*) FROM scim_search('acme', 'User');

-- Dropping takes everything of the directory along and nothing of another.
SELECT scim_create_user('ACME', '{"userName": "a"}') ->> 'userName';
SELECT directory_id AS dropped FROM scim.directory WHERE name = 'acme' \gset
SELECT scim_create_group('acme', jsonb_build_object('displayName', 'g', 'members',
  jsonb_agg(jsonb_build_object('value', id)))) ->> 'displayName'
  FROM scim_search('acme', 'User');
SELECT scim_issue_token('acme', 'token') IS NOT NULL;
SELECT scim_drop_directory('acme');
SELECT (SELECT count(*) FROM scim.resource WHERE directory_id = :dropped), (SELECT count(*)
  FROM scim.membership WHERE directory_id = :dropped),
       (SELECT count(*) FROM scim.credential WHERE directory_id = :dropped), (SELECT count(*)
         FROM scim.directory WHERE directory_id = :dropped);
SELECT resource ->> 'userName' FROM scim_search('ACME', 'User');
SELECT scim_drop_directory('acme');
SELECT scim_search('acme', 'User');
DELETE FROM scim.profile WHERE name = 'mine';

-- The name is free again, for a directory that has nothing of the old one.
SELECT * FROM scim_create_directory('acme');
SELECT count(*), max(directory_id) <> :dropped FROM scim.directory WHERE name = 'acme';
SELECT count(*) FROM scim_search('acme', 'User');

-- The setting scim.directory stands in where no directory is named.
SELECT scim_create_user('{"userName": "a"}');
SET scim.directory = 'nowhere';
SELECT scim_create_user('{"userName": "a"}');
SET scim.directory = 'acme';
SELECT scim_create_user('{"userName": "a"}') ->> 'userName';
SELECT resource ->> 'userName' FROM scim_search(resource_type => 'User');
SELECT resource ->> 'userName' FROM scim_search('ACME', 'User');
RESET scim.directory;

SELECT count(scim_drop_directory(name)) FROM scim.directory;
