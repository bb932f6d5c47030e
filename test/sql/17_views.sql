-- The application reads (and protects) what was provisioned.
\a \t
\set VERBOSITY sqlstate
SELECT (scim_create_directory('acme')).name, (scim_create_directory('other')).name;
SELECT scim_create_user('acme', '{"userName": "BJensen", "externalId": "701984", "active": true, "displayName": "Babs", "nickName": "B", "title": "Guide", "userType": "Employee", "preferredLanguage": "en", "locale": "en-US", "timezone": "UTC",
  "name": {"formatted": "Barbara Jensen", "givenName": "Barbara", "familyName": "Jensen"}, "password": "secret", "emails": [{"value": "home@x", "type": "home"}, {"value": "work@x", "type": "work", "primary": true}],
  "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"employeeNumber": "1", "costCenter": "2", "organization": "3", "division": "4", "department": "Tours", "manager": {"value": "5"}}}') ->> 'id' AS id,
  scim_create_user('acme', '{"userName": "minimal"}') ->> 'id' AS minimal, scim_create_user('acme',
    '{"userName": "mail", "emails": [{"value": "first@x"}, {"value": "second@x"}], "active": false}') ->> 'id' AS mail,
  scim_create_user('other', '{"userName": "bjensen"}') ->> 'id' AS other \gset
SELECT scim_create_group('acme', jsonb_build_object('displayName', 'inner', 'members',
  jsonb_build_array(jsonb_build_object('value', :'id')))) ->> 'id' AS inner \gset
SELECT scim_create_group('acme', jsonb_build_object('displayName', 'outer', 'externalId', 'o', 'members',
  jsonb_build_array(jsonb_build_object('value', :'inner'), jsonb_build_object('value',
  :'mail')))) ->> 'id' AS outer \gset

-- Column names and their types are a promise.
SELECT table_name, string_agg(column_name || ' ' || data_type, ', ' ORDER BY ordinal_position)
  FROM information_schema.columns WHERE table_schema = 'scim' AND table_name IN ('users', 'groups',
  'memberships') GROUP BY table_name ORDER BY table_name COLLATE "C";

SELECT directory, id = :'id'::uuid, user_name, external_id, active, display_name, formatted_name, given_name,
  family_name, email, nick_name, title, user_type, preferred_language, locale, timezone,
  employee_number, cost_center, organization, division, department, manager_id, version,
    created = last_modified FROM scim.users WHERE user_name = 'BJensen';
SELECT directory, user_name, active, email, department FROM scim.users ORDER BY directory,
  user_name COLLATE "C";
SELECT directory, display_name, external_id FROM scim.groups ORDER BY display_name;
SELECT g.display_name, coalesce(u.user_name, i.display_name), m.member_type FROM scim.memberships m
  JOIN scim.groups g ON g.id = m.group_id LEFT JOIN scim.users u ON u.id = m.member_id LEFT
  JOIN scim.groups i ON i.id = m.member_id ORDER BY 1, 2;

-- Views show what the functions show, and change with it.
SELECT scim_patch_user('acme', :'id',
  t.patch('[{"op": "replace", "path": "title", "value": "Chief"}, {"op": "replace", "path": "active", "value": false}, {"op": "remove", "path": "emails[primary eq true]"}]')) IS NOT NULL;
SELECT title, active, email, version FROM scim.users WHERE user_name = 'BJensen';

-- Joined with a table of the application's.
CREATE TABLE t.account (user_id uuid PRIMARY KEY, plan text);
INSERT INTO t.account VALUES (:'id', 'gold'), (:'mail', 'silver'), (gen_random_uuid(), 'lost');
SELECT u.user_name, a.plan FROM scim.users u JOIN t.account a ON a.user_id = u.id WHERE u.directory = 'acme'
  ORDER BY 1;

-- The application's data stays when a user goes, unless it asks otherwise by a foreign key.
SELECT scim_delete_user('acme', :'mail');
SELECT count(*) FROM t.account;
CREATE TABLE t.seat (directory_id int, user_id uuid, FOREIGN KEY (directory_id,
  user_id) REFERENCES scim.resource (directory_id, id) ON DELETE CASCADE);
CREATE TABLE t.contract (directory_id int, user_id uuid, FOREIGN KEY (directory_id,
  user_id) REFERENCES scim.resource (directory_id, id));
INSERT INTO t.seat SELECT directory_id, id FROM scim.users WHERE directory = 'acme';
INSERT INTO t.contract SELECT directory_id, id FROM scim.users WHERE id = :'id';
SELECT scim_delete_user('acme', :'minimal');
SELECT count(*) FROM t.seat;
SELECT scim_delete_user('acme', :'id');
SELECT (SELECT count(*) FROM t.seat), (SELECT user_name FROM scim.users WHERE id = :'id');

-- A trigger of the application's runs in the same transaction, and can refuse.
CREATE TABLE t.log (what text, name text);
CREATE FUNCTION t.note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO t.log VALUES (TG_OP,
  coalesce(NEW.doc, OLD.doc) ->> 'userName'); RETURN NULL; END $$;
CREATE TRIGGER note AFTER INSERT OR UPDATE OR DELETE ON scim.resource FOR EACH ROW EXECUTE FUNCTION t.note();
GRANT USAGE ON SCHEMA t TO scim_owner;
GRANT INSERT ON t.log TO scim_owner;
SELECT scim_create_user('acme', '{"userName": "noted"}') ->> 'id' AS noted \gset
SELECT scim_patch_user('acme', :'noted', t.patch('{"op": "add", "path": "title", "value": "T"}')) IS NOT NULL;
SELECT scim_patch_user('acme', :'noted',
  t.patch('{"op": "add", "path": "title", "value": "T"}')) IS NOT NULL; -- no change, no event
SELECT scim_delete_user('acme', :'noted');
SELECT * FROM t.log;
DROP TRIGGER note ON scim.resource;

-- Nothing of the application is lost with the extension's objects: they depend on it, not the other way round.
DROP TABLE t.contract, t.seat, t.account, t.log;
DROP FUNCTION t.note;
REVOKE USAGE ON SCHEMA t FROM scim_owner;
SELECT scim_drop_directory('acme'), scim_drop_directory('other');
SELECT count(*) FROM scim.users;
