-- PATCH (RFC 7644 section 3.5.2). test/cases holds the long list; here is each form once, in profile default.
\a \t
\set VERBOSITY sqlstate
SELECT (scim_create_directory('acme')).name, (scim_create_directory('strict', profile => 'strict')).name;

-- Applies operations to a fresh user and shows what became of it, or the error.
CREATE FUNCTION t.apply(operations jsonb, directory text DEFAULT 'acme',
  extra jsonb DEFAULT '{}') RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  id text;
  before text;
  result text;
BEGIN
  id := scim_create_user(directory, '{"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": "u", "name": {"givenName": "G", "familyName": "F"},
    "emails": [{"value": "w@x", "type": "work", "primary": true}, {"value": "h@x", "type": "home"}]}'::jsonb || extra) ->> 'id';
  before := t.show(scim_get_user(directory, id));
  BEGIN
    result := t.show(scim_patch_user(directory, id, t.patch(operations)));
  EXCEPTION WHEN OTHERS THEN
    result := SQLSTATE || CASE WHEN t.show(scim_get_user(directory, id)) <> before THEN ', but changed'
      ELSE '' END;
  END;
  PERFORM scim_delete_user(directory, id);
  RETURN replace(replace(result, '"userName": "u"', 'u'), '{"givenName": "G", "familyName": "F"}', 'N');
END
$$;

-- add (3.5.2.1): singular, complex, multi-valued, absent parents, extension, path-less, the same again (PATCH-20 to PATCH-26).
SELECT t.apply('{"op": "add", "path": "title", "value": "T"}');
SELECT t.apply('{"op": "add", "path": "name", "value": {"middleName": "M"}}');
SELECT t.apply('{"op": "add", "path": "name.middleName", "value": "M"}');
SELECT t.apply('{"op": "add", "path": "emails", "value": [{"value": "n@x"}]}');
SELECT t.apply('{"op": "add", "path": "emails", "value": {"value": "n@x", "primary": true}}'); -- PATCH-14
SELECT t.apply('{"op": "add", "path": "emails", "value": [{"value": "h@x", "type": "home"}]}'); -- version stays
SELECT t.apply('{"op": "add", "path": "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.value", "value": "42"}'); -- PATCH-12
SELECT t.apply('{"op": "add", "value": {"title": "T", "name": {"middleName": "M"}, "name.honorificPrefix": "Dr", "emails": [{"value": "n@x"}], "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:costCenter": "1"}}');
SELECT t.apply('{"op": "add", "path": "emails[type eq \"home\"].display", "value": "D"}'); -- PATCH-27
SELECT t.apply('{"op": "add", "path": "emails[type eq \"other\"].value", "value": "o@x"}'); -- ADD-NOMATCH
SELECT t.apply('{"op": "add", "path": "title"}');
SELECT t.apply('{"op": "add", "value": "x"}');
SELECT t.apply('{"op": "add", "path": "title", "value": null}'); -- EMPTY-UNASSIGNS

-- remove (3.5.2.2): PATCH-30 to PATCH-36.
SELECT t.apply('{"op": "remove"}');
SELECT t.apply('{"op": "remove", "path": "name"}');
SELECT t.apply('{"op": "remove", "path": "name.givenName"}');
SELECT t.apply('[{"op": "remove", "path": "name.givenName"}, {"op": "remove", "path": "name.familyName"}]'); -- nothing left of name
SELECT t.apply('{"op": "remove", "path": "emails"}');
SELECT t.apply('{"op": "remove", "path": "emails[type eq \"work\"]"}');
SELECT t.apply('{"op": "remove", "path": "emails[value pr]"}');
SELECT t.apply('{"op": "remove", "path": "emails[type eq \"work\"].type"}');
SELECT t.apply('{"op": "remove", "path": "emails[type eq \"none\"]"}'); -- REMOVE-NOMATCH
SELECT t.apply('{"op": "remove", "path": "title"}'); -- REMOVE-ABSENT
SELECT t.apply('{"op": "remove", "path": "emails", "value": [{"value": "H@X"}]}'); -- ENTRA-REMOVE-VALUE
SELECT t.apply('{"op": "remove", "path": "userName"}');
SELECT t.apply('{"op": "remove", "path": "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"}',
  extra => '{"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"costCenter": "1"}}'); -- EXT-WHOLE

-- replace (3.5.2.3): PATCH-40 to PATCH-46.
SELECT t.apply('{"op": "replace", "path": "userName", "value": "v"}');
SELECT t.apply('{"op": "replace", "path": "title", "value": "T"}');
SELECT t.apply('{"op": "replace", "path": "name", "value": {"givenName": "X"}}');
SELECT t.apply('{"op": "replace", "path": "name", "value": {"givenName": null}}');
SELECT t.apply('{"op": "replace", "path": "emails", "value": [{"value": "n@x"}]}');
SELECT t.apply('{"op": "replace", "path": "emails", "value": []}');
SELECT t.apply('{"op": "replace", "path": "emails[type eq \"work\"]", "value": {"value": "n@x"}}');
SELECT t.apply('{"op": "replace", "path": "emails[type eq \"work\"].value", "value": "n@x"}');
SELECT t.apply('{"op": "replace", "path": "emails[type eq \"home\"].primary", "value": true}');
SELECT t.apply('{"op": "replace", "path": "emails[type eq \"other\"].value", "value": "n@x"}'),
  t.apply('{"op": "replace", "path": "emails[type eq \"other\"].value", "value": "n@x"}', 'strict');
SELECT t.apply('{"op": "replace", "value": {"active": "False", "title": "T"}}');
SELECT t.apply('{"op": "replace", "path": "title"}'); -- REPLACE-NOVALUE
SELECT t.apply('{"op": "replace", "path": "name.givenName", "value": "G"}'); -- REPLACE-SAME: version stays

-- Operations run in order, on the result of the one before, all or none (PATCH-05, PATCH-06).
SELECT t.apply('[{"op": "add", "path": "title", "value": "1"}, {"op": "replace", "path": "title", "value": "2"}, {"op": "remove", "path": "emails"}, {"op": "add", "path": "emails", "value": [{"value": "n@x"}]}]');
SELECT t.apply('[{"op": "add", "path": "title", "value": "1"}, {"op": "remove", "path": "title"}]'); -- as before: version stays
SELECT t.apply('[{"op": "add", "path": "title", "value": "1"}, {"op": "add", "path": "active", "value": "maybe"}]');

-- op in any case (PATCH-04); names, URNs and paths too; blanks around a path.
SELECT t.apply('{"OP": "Replace", "PATH": "TITLE", "VALUE": "T"}');
SELECT t.apply('{"op": "ADD", "path": "URN:ietf:params:scim:schemas:core:2.0:user:NAME.middlename", "value": "M"}');
SELECT t.apply('{"op": "add", "path": "EMAILS[TYPE EQ \"HOME\" and not (value pr and primary eq true)].DISPLAY", "value": "D"}');

-- readOnly (PATCH-09, READONLY-SAME, META-IGNORED).
SELECT t.apply('{"op": "replace", "path": "id", "value": "x"}');
SELECT t.apply('{"op": "add", "path": "groups", "value": [{"value": "x"}]}');
SELECT t.apply('{"op": "replace", "path": "meta.version", "value": "x"}');
SELECT t.apply('{"op": "replace", "value": {"id": "x", "title": "T"}}');
SELECT t.apply('{"op": "replace", "value": {"meta": {"version": "x"}, "title": "T"}}');
SELECT t.apply('{"op": "replace", "value": {"groups": [], "title": "T"}}'),
  t.apply('{"op": "replace", "value": {"groups": [], "title": "T"}}', 'strict');
SELECT t.apply('{"op": "add", "path": "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.displayName", "value": "x"}');

-- Values of the wrong type, unknown names, bad paths and filters.
SELECT t.apply('{"op": "add", "path": "title", "value": 1}'),
  t.apply('{"op": "add", "path": "name", "value": "x"}'),
  t.apply('{"op": "add", "path": "active", "value": "x"}'),
  t.apply('{"op": "replace", "path": "emails[type eq \"work\"].value", "value": {}}');
SELECT p, t.apply(jsonb_build_object('op', 'add', 'path', p, 'value', 'x'))
  FROM unnest(ARRAY['nothing', 'name.nothing', 'urn:none:User:title', 'emails.value', 'emails[0].value',
  '/title', 'title.', '.title', 'title[', 'emails[type eq "work"',
  'emails[type eq "work"].', 'emails[type eq "work"]value', 'emails[type eq "work"].nothing',
    'emails[nothing eq "x"].value', 'emails[type is "x"].value', 'emails[type].value', 'emails[].value',
    'title eq "x"', 'title[value eq "x"]', 'a b', ' ']) WITH ORDINALITY AS x(p, n) ORDER BY n;

-- The envelope (PATCH-02, PATCH-03): nothing else is taken for a PATCH.
CREATE FUNCTION t.message(message jsonb) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
  PERFORM scim_patch_user('acme', '00000000-0000-0000-0000-000000000000', message);
EXCEPTION WHEN OTHERS THEN
  RETURN SQLSTATE;
END
$$;
SELECT left(m::text, 100), t.message(m) FROM unnest(ARRAY['{}', '[]', '"x"', 'null',
  '{"Operations": [{"op": "add", "value": {"title": "x"}}]}',
  '{"schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"], "Operations": [{"op": "add", "value": {"title": "x"}}]}',
  '{"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"]}',
    '{"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": []}',
    '{"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": {"op": "add"}}',
  '{"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": [1]}',
    '{"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": [{"path": "title"}]}',
  '{"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": [{"op": "move", "path": "title"}]}',
    '{"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": [{"op": 1, "path": "title"}]}',
  '{"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": [{"op": "add", "path": 1, "value": 1}]}',
    '{"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "operations": [{"op": "add", "path": "title", "value": "x"}]}']::jsonb[]) AS m;
-- (the last one is right, and its id is not there)

-- As many operations as the limit says, and one more.
SET scim.max_patch_operations = 2;
SELECT t.apply('[{"op": "add", "path": "title", "value": "1"}, {"op": "add", "path": "title", "value": "2"}]');
SELECT t.apply('[{"op": "add", "path": "title", "value": "1"}, {"op": "add", "path": "title", "value": "2"}, {"op": "add", "path": "title", "value": "3"}]');
RESET scim.max_patch_operations;

DROP FUNCTION t.apply, t.message;
SELECT scim_drop_directory('acme'), scim_drop_directory('strict');
