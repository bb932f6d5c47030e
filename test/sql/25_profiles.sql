-- Switches that are words, texts and lists, what they are checked for, and where values come from.
\a \t
\set VERBOSITY terse

-- The stock profiles, and whether the schemas have all that they name.
SELECT name, (scim_create_directory('p-' || name, profile => name)).profile_name FROM scim.profile ORDER BY name;

-- Bad values.
SELECT scim_create_directory('x', settings => '{"show_members": "sometimes"}');
SELECT scim_create_directory('x', settings => '{"show_members": true}');
SELECT scim_create_directory('x', settings => '{"user_domain": 3}');
SELECT scim_create_directory('x', settings => jsonb_build_object('user_domain', repeat('x', 1001)));
SELECT scim_create_directory('x', settings => '{"filters": "User:id"}');
SELECT scim_create_directory('x', settings => '{"filters": [1]}');
SELECT scim_create_directory('x', settings => '{"filters": ["User:id and nope"]}');
SELECT scim_create_directory('x', settings => '{"required_attributes": ["displayName"]}');
SELECT scim_create_directory('x', settings => '{"required_attributes": ["Robot:displayName"]}');
SELECT scim_create_directory('x', settings => '{"required_attributes": ["User:name.shoeSize"]}');
SELECT scim_create_directory('x', settings => '{"resource_types": ["Robot"]}');
SELECT scim_create_directory('x', settings => '{"unique_attributes": ["User:name"]}');
SELECT scim_create_directory('x', settings => '{"required_attributes": ["Group:members"]}');
SELECT scim_create_directory('x', settings => '{"required_attributes": ["User:password"]}');
SELECT scim_create_directory('x', settings => '{"single_attributes": ["User:title"]}');
SELECT scim_create_directory('x', settings => '{"primary_attributes": ["Group:members"]}');
SELECT scim_create_directory('x', settings => '{"ignored_attributes": ["User:name.givenName"]}');
SELECT scim_create_directory('x', settings => '{"patchable_attributes": ["User:emails.value"]}');
INSERT INTO scim.profile (name, settings) VALUES ('wrong', '{"base_path": "somewhere"}');
SELECT count(*) FROM scim.directory WHERE name = 'x';

-- A profile's names are checked by the directory that takes it.
INSERT INTO scim.profile (name, settings) VALUES ('robots', '{"required_attributes": ["User:shoeSize"]}');
SELECT scim_alter_directory('p-default', profile => 'robots');
SELECT profile FROM scim.directory WHERE name = 'p-default';
SELECT scim_create_user('p-default', '{"userName": "a"}') ->> 'userName'; -- nothing of the refused profile stays in memory

-- Effective values and their origins: every switch once.
SELECT count(*) = count(DISTINCT name), count(*) > 50 FROM scim_directory_settings('p-default');
SELECT count(*) FROM scim_directory_settings('p-default') WHERE origin <> 'default';
SELECT scim_alter_directory('p-ram', settings => '{"default_page_size": 7, "offer_me": true}');
SELECT * FROM scim_directory_settings('p-ram')
  WHERE name IN ('default_page_size', 'max_page_size', 'offer_me', 'offer_sort', 'cursor_timeout',
                 'base_path', 'show_members', 'user_domain', 'resource_types', 'required_attributes');
SELECT scim_directory_settings('nowhere');

-- A profile of one's own, with one INSERT from a stock one.
INSERT INTO scim.profile (name, settings)
  SELECT 'ours', settings || '{"user_domain": "corp.example", "required_attributes": ["User:displayName"]}'
  FROM scim.profile WHERE name = 'ram';
SELECT scim_create_directory('ours', profile => 'ours');
SELECT scim_create_user('ours', '{"userName": "uma"}');
SELECT scim_create_user('ours', '{"userName": "uma@elsewhere.example", "displayName": "Uma", "title": "Cook"}')
  - '{id,meta}'::text[];
UPDATE scim.profile SET settings = settings - 'required_attributes' WHERE name = 'ours';
SELECT scim_create_user('ours', '{"userName": "vic"}') ->> 'userName';

-- The rules about values hold for SQL as for HTTP; those about requests are for clients.
SELECT scim_create_user('p-aws', '{"userName": "tom"}');
SELECT scim_create_user('p-aws', '{"userName": "tom", "displayName": "Tom", "name": {"givenName": "Tom", "familyName": "Vega"}}')
  ->> 'userName';
SELECT count(*) FROM scim_search('p-aws', 'User', 'userName co "o"');
SELECT scim_create_group('p-aws', '{"displayName": "g"}') ->> 'id' AS g \gset
SELECT scim_patch_group('p-aws', :'g', jsonb_build_object('schemas', '["urn:ietf:params:scim:api:messages:2.0:PatchOp"]'::jsonb,
  'Operations', jsonb_build_array(jsonb_build_object('op', 'replace', 'path', 'members', 'value', jsonb_agg(jsonb_build_object('value', id))))))
  #> '{members,0}' ? 'value' FROM scim_search('p-aws', 'User');

-- A type that is not offered is not reached by other ways either.
SELECT scim_create_directory('people', settings => '{"resource_types": ["User"]}');
SELECT scim_issue_token('people', 'token') AS people \gset
SELECT c.method || c.path, h.status, h.body::jsonb -> 'totalResults', h.body::jsonb #> '{Operations,0,status}'
  FROM (VALUES ('GET', '/Groups', ''), ('POST', '/Groups', '{"displayName": "g"}'), ('GET', '/', ''), ('GET', '/Users', ''),
    ('POST', '/Bulk', '{"schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"], "Operations":
      [{"method": "POST", "path": "/Groups", "bulkId": "g", "data": {"displayName": "g"}}]}')) AS c(method, path, body),
    scim_http(c.method, '/people/scim/v2' || c.path, ARRAY['authorization', 'Bearer ' || :'people',
      'content-type', 'application/json'], convert_to(c.body, 'UTF8')) AS h;
SELECT scim_create_group('people', '{"displayName": "g"}') ->> 'displayName'; -- SQL is not a client

-- Values that only this directory wants unique.
SELECT scim_create_directory('emails', settings => '{"unique_attributes": ["User:emails.value", "User:userName"]}');
SELECT scim_create_user('emails', '{"userName": "a", "emails": [{"value": "A@corp.example"}]}') ->> 'id' AS a \gset
SELECT scim_create_user('emails', '{"userName": "b", "emails": [{"value": "a@corp.example"}]}');
SELECT scim_create_user('emails', '{"userName": "A"}');
SELECT scim_patch_user('emails', :'a', '{"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
  "Operations": [{"op": "remove", "path": "emails"}]}') ? 'emails';
SELECT scim_create_user('emails', '{"userName": "b", "emails": [{"value": "a@corp.example"}]}') ->> 'userName';
-- Off, and a value is as free as ever; on again, nothing of before is in the way.
SELECT scim_alter_directory('emails', settings => '{"unique_attributes": null}');
SELECT scim_create_user('emails', '{"userName": "c", "emails": [{"value": "a@corp.example"}]}') ->> 'userName';
SELECT count(scim_delete_user('emails', id)) FROM scim_search('emails', 'User');
SELECT scim_alter_directory('emails', settings => '{"unique_attributes": ["User:emails.value"]}');
SELECT scim_create_user('emails', '{"userName": "d", "emails": [{"value": "a@corp.example"}]}') ->> 'userName';

SELECT count(scim_drop_directory(name)) FROM scim.directory;
DELETE FROM scim.profile WHERE NOT builtin;
