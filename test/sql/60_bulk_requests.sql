-- Bulk requests (RFC 7644 section 3.7) through scim_bulk(): what one call does, and what it leaves.
\a \t
\pset null -
\set VERBOSITY sqlstate
SELECT FROM scim_create_directory('acme') a, scim_create_directory('other') b,
            scim_create_directory('whole', settings => '{"atomic_bulk": true}') c \g /dev/null

-- A request of these operations, and one line for each of the answer.
CREATE FUNCTION t.request(operations jsonb, envelope jsonb DEFAULT '{}') RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
  SELECT jsonb_build_object('schemas', jsonb_build_array('urn:ietf:params:scim:api:messages:2.0:BulkRequest'),
                            'Operations', operations) || envelope
$$;
CREATE FUNCTION t.lines(answer jsonb) RETURNS SETOF text LANGUAGE sql STABLE AS $$
  SELECT concat_ws(' ', o ->> 'status', o ->> 'method', o ->> 'bulkId', t.mask(o ->> 'location'), o ->> 'version',
                   o -> 'response' ->> 'scimType', t.mask(o -> 'response' ->> 'detail'))
  FROM jsonb_array_elements(answer -> 'Operations') WITH ORDINALITY AS a(o, i) ORDER BY i
$$;
CREATE FUNCTION t.bulk(operations jsonb, envelope jsonb DEFAULT '{}', atomic boolean DEFAULT NULL, directory text DEFAULT 'acme')
  RETURNS SETOF text LANGUAGE sql VOLATILE AS $$
  SELECT t.lines(scim_bulk(directory, t.request(operations, envelope), atomic))
$$;
CREATE FUNCTION t.users(directory text DEFAULT 'acme') RETURNS text LANGUAGE sql STABLE AS $$
  SELECT string_agg(user_name, ' ' ORDER BY user_name COLLATE "C") FROM scim.users u WHERE u.directory = $1
$$;
CREATE FUNCTION t.members() RETURNS SETOF text LANGUAGE sql STABLE AS $$
  SELECT g.display_name || ': ' || string_agg(coalesce(u.user_name, n.display_name), ' ' ORDER BY coalesce(u.user_name, n.display_name) COLLATE "C")
  FROM scim.groups g JOIN scim.memberships m ON m.group_id = g.id
  LEFT JOIN scim.users u ON u.id = m.member_id LEFT JOIN scim.groups n ON n.id = m.member_id
  WHERE g.directory = 'acme' GROUP BY g.display_name ORDER BY g.display_name COLLATE "C"
$$;

-- BULK-02, BULK-06, BULK-08, BULK-10: the whole answer once.
SELECT t.mask(scim_bulk('acme', t.request('[
  {"method": "POST", "path": "/Users", "bulkId": "a", "data": {"userName": "alice", "title": "x"}},
  {"method": "GET", "path": "/Users", "bulkId": "b"}]'))::text);

-- BULK-11: references in data, as text of any attribute and in extensions (the RFC's own examples).
SELECT t.bulk('[
  {"method": "POST", "path": "/Users", "bulkId": "qwerty", "data": {"userName": "boss"}},
  {"method": "POST", "path": "/Groups", "bulkId": "ytrewq", "data": {"displayName": "Tour Guides", "members": [{"type": "User", "value": "bulkId:qwerty"}]}},
  {"method": "POST", "path": "/Users", "bulkId": "u", "data": {"userName": "bob", "externalId": "bulkId:ytrewq",
    "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"employeeNumber": "11250", "manager": {"value": "bulkId:qwerty"}}}}]');
SELECT b.user_name, m.user_name, b.external_id = g.id::text FROM scim.users b JOIN scim.users m ON m.id::text = b.manager_id, scim.groups g;
SELECT t.members();

-- What only looks like a reference stays as it is.
SELECT t.bulk('[
  {"method": "POST", "path": "/Users", "bulkId": "x", "data": {"userName": "plain", "title": "see bulkId:x", "nickName": "BULKID:x"}}]');
SELECT title, nick_name FROM scim.users WHERE user_name = 'plain';

-- BULK-12: references in paths, and forward; the order of the answer is that of the request.
SELECT t.bulk('[
  {"method": "PATCH", "path": "/Groups/bulkId:g", "data": {"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": [{"op": "add", "path": "members", "value": [{"value": "bulkId:v"}]}]}},
  {"method": "POST", "path": "/Groups", "bulkId": "g", "data": {"displayName": "Forward", "members": [{"value": "bulkId:w"}, {"value": "bulkId:n"}]}},
  {"method": "POST", "path": "/Groups", "bulkId": "n", "data": {"displayName": "Nested", "members": [{"value": "bulkId:v"}]}},
  {"method": "POST", "path": "/Users", "bulkId": "w", "data": {"userName": "wanda"}},
  {"method": "PUT", "path": "/Users/bulkId:w", "data": {"userName": "wanda", "title": "replaced"}},
  {"method": "POST", "path": "/Users", "bulkId": "v", "data": {"userName": "victor"}}]');
SELECT t.members();
SELECT user_name, title, version FROM scim.users WHERE user_name = 'wanda';

-- A chain of references as long as a request may be.
SELECT count(*), min(l), max(l) FROM t.bulk((SELECT jsonb_agg(jsonb_build_object('method', 'POST', 'path', '/Users', 'bulkId', i::text,
    'data', jsonb_build_object('userName', 'chain' || i, 'title', CASE WHEN i < 1000 THEN 'bulkId:' || i + 1 ELSE 'end' END)) ORDER BY i)
  FROM generate_series(1, 1000) AS i)) AS b, substr(b, 1, 3) AS l;
SELECT count(*) FROM scim.users a JOIN scim.users b ON a.title = b.id::text
  WHERE substr(b.user_name, 6)::int = substr(a.user_name, 6)::int + 1 AND a.user_name LIKE 'chain%';
SELECT count(scim_delete_user('acme', id::text)) FROM scim.users WHERE user_name LIKE 'chain%';

-- BULK-13: circles. An id is enough for a manager; members must exist, and groups cannot hold each other.
SELECT t.bulk('[
  {"method": "POST", "path": "/Users", "bulkId": "1", "data": {"userName": "one", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"manager": {"value": "bulkId:2"}}}},
  {"method": "POST", "path": "/Users", "bulkId": "2", "data": {"userName": "two", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"manager": {"value": "bulkId:3"}}}},
  {"method": "POST", "path": "/Users", "bulkId": "3", "data": {"userName": "three", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"manager": {"value": "bulkId:1"}}}},
  {"method": "POST", "path": "/Users", "bulkId": "4", "data": {"userName": "self", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"manager": {"value": "bulkId:4"}}}}]');
SELECT u.user_name, m.user_name FROM scim.users u JOIN scim.users m ON m.id::text = u.manager_id WHERE u.user_name IN ('one', 'two', 'three', 'self') ORDER BY u.id;
SELECT t.bulk('[
  {"method": "POST", "path": "/Groups", "bulkId": "g", "data": {"displayName": "Held", "members": [{"value": "bulkId:u"}]}},
  {"method": "POST", "path": "/Users", "bulkId": "u", "data": {"userName": "held", "title": "bulkId:g"}}]');
SELECT g.display_name FROM scim.groups g JOIN scim.users u ON u.title = g.id::text WHERE u.user_name = 'held';
SELECT t.bulk('[
  {"method": "POST", "path": "/Groups", "bulkId": "qwerty", "data": {"displayName": "Group A", "members": [{"type": "Group", "value": "bulkId:ytrewq"}]}},
  {"method": "POST", "path": "/Groups", "bulkId": "ytrewq", "data": {"displayName": "Group B", "members": [{"type": "Group", "value": "bulkId:qwerty"}]}},
  {"method": "POST", "path": "/Users", "bulkId": "out", "data": {"userName": "outside"}},
  {"method": "PATCH", "path": "/Groups/bulkId:ytrewq", "data": {"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": [{"op": "add", "path": "displayName", "value": "x"}]}}]');
-- One that fails takes its circle along, so that nobody has a manager who was never made.
SELECT t.bulk('[
  {"method": "POST", "path": "/Users", "bulkId": "1", "data": {"userName": "left", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"manager": {"value": "bulkId:2"}}}},
  {"method": "POST", "path": "/Users", "bulkId": "2", "data": {"userName": "ALICE", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"manager": {"value": "bulkId:1"}}}},
  {"method": "POST", "path": "/Users", "bulkId": "3", "data": {"userName": "right", "title": "bulkId:1"}}]');
SELECT t.users();

-- BULK-16: references to what is not there, not unique, or failed; and what hangs on those.
SELECT t.bulk('[
  {"method": "POST", "path": "/Groups", "bulkId": "g", "data": {"displayName": "None", "members": [{"value": "bulkId:nobody"}]}},
  {"method": "POST", "path": "/Users", "bulkId": "taken", "data": {"userName": "alice"}},
  {"method": "PATCH", "path": "/Users/bulkId:taken", "data": {"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": [{"op": "replace", "path": "title", "value": "x"}]}},
  {"method": "POST", "path": "/Users", "bulkId": "after", "data": {"userName": "after", "title": "bulkId:taken"}},
  {"method": "POST", "path": "/Users", "bulkId": "later", "data": {"userName": "later", "title": "bulkId:after"}},
  {"method": "DELETE", "path": "/Users/bulkId:nobody"},
  {"method": "PUT", "path": "/Users/bulkId:", "data": {"userName": "x"}},
  {"method": "PUT", "path": "/Users/u", "bulkId": "put", "data": {"userName": "x"}},
  {"method": "DELETE", "path": "/Users/bulkId:put"}]');
SELECT t.bulk('[
  {"method": "POST", "path": "/Users", "bulkId": "d", "data": {"userName": "first"}},
  {"method": "POST", "path": "/Users", "bulkId": "d", "data": {"userName": "second"}},
  {"method": "POST", "path": "/Groups", "bulkId": "g", "data": {"displayName": "Which", "members": [{"value": "bulkId:d"}]}}]');
SELECT t.users();

-- BULK-03, BULK-17: a bad operation fails alone.
SELECT t.bulk('[
  {},
  7,
  null,
  {"method": "GET", "path": "/Users"},
  {"method": "post", "path": "/Users", "bulkId": "1", "data": {"userName": "method-in-any-case"}},
  {"method": 5, "path": "/Users", "bulkId": "2", "data": {}},
  {"path": "/Users", "bulkId": "3", "data": {}},
  {"method": "POST", "path": "/Users", "data": {"userName": "no-bulkid"}},
  {"method": "POST", "path": "/Users", "bulkId": "", "data": {"userName": "no-bulkid"}},
  {"method": "POST", "path": "/Users", "bulkId": 4, "data": {"userName": "no-bulkid"}},
  {"method": "POST", "path": "/Users", "bulkId": "5"},
  {"method": "POST", "path": "/Users", "bulkId": "6", "data": null},
  {"method": "POST", "path": "/Users", "bulkId": "7", "data": []},
  {"method": "POST", "path": "/Users", "bulkId": "8", "data": "text"},
  {"method": "POST", "path": "/Users", "bulkId": "9", "data": {}},
  {"method": "POST", "bulkId": "10", "data": {"userName": "no-path"}},
  {"method": "POST", "path": "Users", "bulkId": "11", "data": {"userName": "no-slash"}},
  {"method": "POST", "path": "/", "bulkId": "12", "data": {"userName": "root"}},
  {"method": "POST", "path": "/Bulk", "bulkId": "13", "data": {}},
  {"method": "POST", "path": "/Nothing", "bulkId": "14", "data": {}},
  {"method": "POST", "path": "/users", "bulkId": "15", "data": {}},
  {"method": "POST", "path": "/Users/1", "bulkId": "16", "data": {"userName": "x"}},
  {"method": "POST", "path": "/Users/.search", "bulkId": "17", "data": {}},
  {"method": "POST", "path": "/%zz", "bulkId": "18", "data": {}},
  {"method": "PUT", "path": "/Users", "data": {"userName": "x"}},
  {"method": "PUT", "path": "/Users/1", "data": {"userName": "x"}},
  {"method": "PUT", "path": "/Users/1"},
  {"method": "PATCH", "path": "/Users/1", "data": {}},
  {"method": "PATCH", "path": "/Users/1/2", "data": {}},
  {"method": "DELETE", "path": "/Users"},
  {"method": "DELETE", "path": "/Me"},
  {"method": "DELETE", "path": "/Schemas/1"},
  {"method": "DELETE", "path": "/Users/00000000-0000-7000-8000-000000000000"},
  {"method": "DELETE", "path": "/Users/00000000-0000-7000-8000-000000000000", "version": 3},
  {"method": "DELETE"}]');

-- BULK-04, BULK-05: operations on one resource see one another; version is If-Match.
SELECT id AS alice FROM scim.users WHERE user_name = 'alice' \gset
SELECT t.bulk(replace('[
  {"method": "PATCH", "path": "/Users/ID", "version": "W/\"1\"", "data": {"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": [{"op": "replace", "path": "title", "value": "y"}]}},
  {"method": "PATCH", "path": "/Users/ID", "version": "W/\"1\"", "data": {"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": [{"op": "replace", "path": "title", "value": "z"}]}},
  {"method": "PATCH", "path": "/Users/ID", "version": "W/\"2\"", "data": {"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": [{"op": "add", "path": "nickName", "value": "n"}]}},
  {"method": "PUT", "path": "/Users/ID", "version": "W/\"2\"", "data": {"userName": "alice"}},
  {"method": "PATCH", "path": "/Users/ID", "data": {"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": [{"op": "replace", "path": "title", "value": "y"}]}},
  {"method": "DELETE", "path": "/Users/ID", "version": "W/\"2\""},
  {"method": "DELETE", "path": "/Users/ID", "version": "W/\"3\""},
  {"method": "DELETE", "path": "/Users/ID"},
  {"method": "POST", "path": "/Users", "bulkId": "again", "data": {"userName": "alice"}}]', 'ID', :'alice')::jsonb);

-- An operation is all or nothing by itself: the group is not made when a member is missing.
SELECT t.bulk('[{"method": "POST", "path": "/Groups", "bulkId": "g", "data": {"displayName": "Half", "members": [{"value": "00000000-0000-7000-8000-000000000000"}]}}]');
SELECT count(*) FROM scim.groups WHERE display_name = 'Half';

-- BULK-07: failOnErrors. What was not processed is not in the answer.
SELECT i, count(b) FROM generate_series(1, 4) AS i LEFT JOIN LATERAL t.bulk('[
  {"method": "DELETE", "path": "/Users/1"}, {"method": "DELETE", "path": "/Users/2"},
  {"method": "DELETE", "path": "/Users/3"}]', jsonb_build_object('failOnErrors', i)) AS b ON true GROUP BY i ORDER BY i;
SELECT t.bulk('[
  {"method": "POST", "path": "/Users", "bulkId": "1", "data": {"userName": "before"}},
  {"method": "POST", "path": "/Users", "bulkId": "2", "data": {"userName": "alice"}},
  {"method": "POST", "path": "/Users", "bulkId": "3", "data": {"userName": "never"}}]', '{"failOnErrors": 1}');
SELECT t.users();
SELECT count(*) FROM t.bulk('[{"method": "DELETE", "path": "/Users/1"}]', '{"failOnErrors": null}');
SELECT t.bulk('[{"method": "DELETE", "path": "/Users/1"}]', '{"failOnErrors": 0}');
SELECT t.bulk('[{"method": "DELETE", "path": "/Users/1"}]', '{"failOnErrors": -1}');
SELECT t.bulk('[{"method": "DELETE", "path": "/Users/1"}]', '{"failOnErrors": 1.5}');
SELECT t.bulk('[{"method": "DELETE", "path": "/Users/1"}]', '{"failOnErrors": "1"}');
SELECT count(*) FROM t.bulk('[{"method": "DELETE", "path": "/Users/1"}]', '{"failOnErrors": 99999999999999999999}');

-- BULK-17: a bad envelope is no bulk request.
SELECT scim_bulk('acme', NULL);
SELECT scim_bulk('acme', '[]');
SELECT scim_bulk('acme', '3');
SELECT scim_bulk('acme', '{}');
SELECT scim_bulk('acme', '{"Operations": [{}]}');
SELECT scim_bulk('acme', '{"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": [{}]}');
SELECT scim_bulk('acme', t.request(NULL));
SELECT scim_bulk('acme', t.request('[]'));
SELECT scim_bulk('acme', t.request('{}'));
SELECT scim_bulk('acme', t.request('"x"'));
SELECT scim_bulk('nowhere', t.request('[{}]'));
SELECT scim_bulk(t.request('[{}]'));
SET scim.directory = 'acme';
SELECT t.lines(scim_bulk(t.request('[{"METHOD": "DELETE", "Path": "/Users/1"}]')));
RESET scim.directory;

-- BULK-15: the limits, by name.
\set VERBOSITY terse
SET scim.max_bulk_operations = 2;
SELECT count(*) FROM t.bulk('[{}, {}]');
SELECT t.bulk('[{}, {}, {}]');
RESET scim.max_bulk_operations;
SET scim.max_body_size = 200;
SELECT t.bulk('[{}]', jsonb_build_object('padding', repeat('x', 200)));
RESET scim.max_body_size;
\set VERBOSITY sqlstate

-- All or nothing: by argument, and by the directory's switch, which the argument overrules.
SELECT t.users();
SELECT t.bulk('[
  {"method": "POST", "path": "/Users", "bulkId": "1", "data": {"userName": "undone"}},
  {"method": "DELETE", "path": "/Users/1"},
  {"method": "PATCH", "path": "/Users/bulkId:1", "data": {}}]', atomic => true);
SELECT t.bulk('[
  {"method": "POST", "path": "/Users", "bulkId": "1", "data": {"userName": "done"}},
  {"method": "POST", "path": "/Groups", "bulkId": "2", "data": {"displayName": "Done", "members": [{"value": "bulkId:1"}]}}]', atomic => true);
SELECT t.bulk('[{"method": "POST", "path": "/Users", "bulkId": "1", "data": {"userName": "undone"}}, {}]', directory => 'whole');
SELECT t.users(), t.users('whole');
SELECT t.bulk('[{"method": "POST", "path": "/Users", "bulkId": "1", "data": {"userName": "done"}}, {}]', atomic => false, directory => 'whole');
SELECT t.users('whole');
-- A circle that fails undoes it all too.
SELECT t.bulk('[
  {"method": "POST", "path": "/Users", "bulkId": "u", "data": {"userName": "undone"}},
  {"method": "POST", "path": "/Groups", "bulkId": "1", "data": {"displayName": "G1", "members": [{"value": "bulkId:2"}]}},
  {"method": "POST", "path": "/Groups", "bulkId": "2", "data": {"displayName": "G2", "members": [{"value": "bulkId:1"}]}},
  {"method": "POST", "path": "/Users", "bulkId": "v", "data": {"userName": "not-done"}}]', atomic => true);
SELECT t.users() = t.users('acme'), count(*) FROM scim.users WHERE user_name IN ('undone', 'not-done');

-- Rules of the application are answers too; what is none of the client's business ends the call.
CREATE FUNCTION t.object() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.user_name = 'refused' THEN RAISE check_violation; END IF;
  IF NEW.user_name = 'broken' THEN RAISE division_by_zero; END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER object BEFORE INSERT ON scim.resource FOR EACH ROW EXECUTE FUNCTION t.object();
SELECT t.bulk('[
  {"method": "POST", "path": "/Users", "bulkId": "1", "data": {"userName": "refused"}},
  {"method": "POST", "path": "/Users", "bulkId": "2", "data": {"userName": "welcome"}}]');
SELECT t.bulk('[
  {"method": "POST", "path": "/Users", "bulkId": "1", "data": {"userName": "gone"}},
  {"method": "POST", "path": "/Users", "bulkId": "2", "data": {"userName": "broken"}}]');
SELECT user_name FROM scim.users WHERE user_name IN ('refused', 'welcome', 'gone', 'broken');
DROP TRIGGER object ON scim.resource;

-- Another directory's resources are not there.
SELECT id AS victim FROM scim.users WHERE user_name = 'bob' \gset
SELECT t.bulk(jsonb_build_array(jsonb_build_object('method', 'DELETE', 'path', '/Users/' || :'victim')), directory => 'other');
SELECT user_name FROM scim.users WHERE id = :'victim';

-- Who may call it.
SET ROLE scim_service;
SELECT scim_bulk('acme', '{}');
RESET ROLE;

DROP FUNCTION t.request, t.lines, t.bulk, t.users, t.members, t.object;
SELECT count(scim_drop_directory(name)) FROM scim.directory;
