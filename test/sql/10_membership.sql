-- Memberships: rows, both ways, nested, without circles (RFC 7643 section 4.2).
\a \t
\set VERBOSITY sqlstate
SELECT (scim_create_directory('acme')).name, (scim_create_directory('other')).name;

CREATE FUNCTION t.user(name text, directory text DEFAULT 'acme') RETURNS text LANGUAGE sql AS $$
  SELECT scim_create_user(directory, jsonb_build_object('userName', name, 'displayName', upper(name))) ->> 'id'
$$;
CREATE FUNCTION t.list(VARIADIC ids text[]) RETURNS jsonb LANGUAGE sql AS $$
  SELECT coalesce(jsonb_agg(jsonb_build_object('value', id)), '[]') FROM unnest(ids) AS id
$$;
CREATE FUNCTION t.group(name text, VARIADIC members text[] DEFAULT '{}') RETURNS text LANGUAGE sql AS $$
  SELECT scim_create_group('acme', jsonb_build_object('displayName', name, 'members', t.list(VARIADIC members)))
    ->> 'id'
$$;
-- Members of a group, or groups of a user, by display name and type, and the version.
CREATE FUNCTION t.told(resource jsonb, attribute text) RETURNS text LANGUAGE sql AS $$
  SELECT concat_ws(' ', (SELECT string_agg(m ->> 'display' || ':' || (m ->> 'type'), ' ' ORDER BY m ->> 'display')
    FROM jsonb_array_elements(resource -> attribute) AS m), resource -> 'meta' ->> 'version')
$$;
CREATE FUNCTION t.members(gid text) RETURNS text LANGUAGE sql AS
  $$ SELECT t.told(scim_get_group('acme', gid), 'members') $$;
CREATE FUNCTION t.groups(uid text) RETURNS text LANGUAGE sql AS
  $$ SELECT t.told(scim_get_user('acme', uid), 'groups') $$;
-- Changes members in several ways, and shows them afterwards.
CREATE FUNCTION t.patch_group(gid text, operation jsonb) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
  PERFORM scim_patch_group('acme', gid, t.patch(operation));
  RETURN t.members(gid);
END
$$;
CREATE FUNCTION t.change(op text, gid text, VARIADIC ids text[]) RETURNS text LANGUAGE sql AS
  $$ SELECT t.patch_group(gid, jsonb_build_object('op', op, 'path', 'members', 'value', t.list(VARIADIC ids))) $$;
CREATE FUNCTION t.remove(gid text, id text) RETURNS text LANGUAGE sql AS
  $$ SELECT t.patch_group(gid, jsonb_build_object('op', 'remove', 'path', format('members[value eq "%s"]', id))) $$;
CREATE FUNCTION t.put(gid text, name text, VARIADIC ids text[] DEFAULT NULL) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
  PERFORM scim_replace_group('acme', gid, jsonb_build_object('displayName', name)
    || CASE WHEN ids IS NULL THEN '{}' ELSE jsonb_build_object('members', t.list(VARIADIC ids)) END);
  RETURN t.members(gid);
END
$$;

SELECT t.user('ann') AS ann, t.user('bob') AS bob, t.user('cy') AS cy, t.user('eve', 'other') AS eve \gset
SELECT t.group('staff', :'ann', :'bob') AS staff, t.group('empty') AS empty \gset
SELECT t.members(:'staff'), t.members(:'empty'), t.groups(:'ann'), t.groups(:'cy');

-- The form of both sides: value, $ref, type, display (GRP-02, USR-11).
SELECT t.mask((scim_get_group('acme', :'staff') -> 'members' -> 0)::text);
SELECT t.mask((scim_get_user('acme', :'ann') -> 'groups')::text);
SELECT m ->> '$ref' = scim_get_user('acme', :'ann') -> 'meta' ->> 'location'
  FROM jsonb_array_elements(scim_get_group('acme', :'staff') -> 'members') m WHERE m ->> 'value' = :'ann';

-- Add, also what is there already: that changes nothing (PATCH-26); what a client says of a member is not taken.
SELECT t.change('add', :'staff', :'cy');
SELECT t.change('add', :'staff', :'cy', :'cy');
SELECT t.patch_group(:'staff', jsonb_build_object('op', 'add', 'path', 'members', 'value',
  jsonb_build_object('value', :'cy', 'display', 'spoof', 'type', 'Group', '$ref', 'x')));
SELECT t.groups(:'cy'); -- the user's version is its own (ID-12)

-- Remove: by filter, by list (ENTRA-REMOVE-VALUE), all; a member that is not there is no error (PATCH-36).
SELECT t.remove(:'staff', :'cy');
SELECT t.remove(:'staff', :'cy');
SELECT t.remove(:'staff', 'no id');
SELECT t.change('remove', :'staff', :'bob', :'cy');
SELECT t.patch_group(:'staff', '{"op": "remove", "path": "members[display sw \"an\" and type eq \"User\"]"}');
SELECT t.change('replace', :'staff', :'bob');
SELECT t.patch_group(:'staff', jsonb_build_object('op', 'replace', 'value',
  jsonb_build_object('displayName', 'Staff', 'members', t.list(:'ann', :'bob'))));
SELECT t.groups(:'ann');
SELECT t.patch_group(:'staff', '{"op": "remove", "path": "members"}');
SELECT t.groups(:'ann');

-- PUT: members as given, none if left out (PUT-13); sub-attributes are immutable (GRP-02).
SELECT t.put(:'staff', 'staff', :'ann', :'cy');
SELECT t.put(:'staff', 'staff', :'cy', :'ann'); -- the same set
SELECT t.patch_group(:'staff', jsonb_build_object('op', 'replace',
  'path', format('members[value eq "%s"].value', :'ann'), 'value', :'bob'));
SELECT t.put(:'staff', 'staff');

-- Nested groups (GRP-03): direct wins over indirect; a user sees all groups above it.
SELECT t.group('top', :'staff', :'empty') AS top \gset
SELECT t.group('roof', :'top') AS roof \gset
SELECT t.put(:'staff', 'staff', :'ann');
SELECT t.members(:'roof'), t.members(:'top');
SELECT t.groups(:'ann');
SELECT t.change('add', :'roof', :'ann');
SELECT t.groups(:'ann');
SELECT t.told(resource, 'groups') FROM scim_search('acme', 'User');

-- Circles are refused: on itself, through one, through two; and nothing of the request stays.
SELECT t.change('add', :'staff', :'staff');
SELECT t.change('add', :'staff', :'bob', :'top');
SELECT t.change('add', :'staff', :'roof');
SELECT t.put(:'empty', 'x', :'roof');
SELECT t.members(:'staff'), t.members(:'empty');
-- What is no circle any more is allowed.
SELECT t.remove(:'top', :'staff');
SELECT t.change('add', :'staff', :'top');

-- Members that are not there: 400 invalidValue, the same for those of another directory.
SELECT t.group('bad', gen_random_uuid()::text);
SELECT t.group('bad', 'no id');
SELECT t.group('bad', '');
SELECT t.group('bad', :'ann', :'eve');
SELECT t.change('add', :'staff', :'eve');
SELECT scim_create_group('acme', '{"displayName": "bad", "members": [{"display": "no value"}]}');
SELECT scim_create_group('acme', '{"displayName": "bad", "members": [{"value": 1}]}');
-- Nor does a string stand for an object (STRING-ELEMENT).
SELECT scim_create_group('acme', jsonb_build_object('displayName', 'bad', 'members', jsonb_build_array(:'ann')));
SELECT count(*) FROM scim_search('acme', 'Group', 'displayName eq "bad"');

-- A deleted member leaves its groups, which change by that (GRP-05, DEL-03); a deleted group lets its members go.
SELECT t.members(:'roof');
SELECT scim_delete_user('acme', :'ann');
SELECT t.members(:'roof'), t.members(:'staff');
SELECT scim_delete_group('acme', :'top');
SELECT t.members(:'roof'), t.members(:'staff'), t.members(:'empty');
SELECT count(*) FROM scim.membership m
WHERE NOT EXISTS (SELECT FROM scim.resource r WHERE (r.directory_id, r.id) = (m.directory_id, m.member_id))
   OR NOT EXISTS (SELECT FROM scim.resource r WHERE (r.directory_id, r.id) = (m.directory_id, m.group_id));

-- display follows the other side, and is not part of the version.
SELECT t.group('show', :'bob') AS show \gset
SELECT t.show(scim_patch_user('acme', :'bob',
  t.patch('{"op": "replace", "path": "displayName", "value": "Robert"}')) - 'groups');
SELECT t.patch_group(:'show', '{"op": "replace", "path": "displayName", "value": "shown"}');
SELECT t.groups(:'bob');

-- A deactivated user keeps its memberships.
SELECT t.told(scim_patch_user('acme', :'bob', t.patch('{"op": "replace", "value": {"active": false}}')), 'groups');
SELECT t.members(:'show');

-- groups of a user are readOnly (USR-11).
SELECT scim_patch_user('acme', :'bob',
  t.patch(jsonb_build_object('op', 'add', 'path', 'groups', 'value', t.list(:'empty'))));
SELECT t.told(scim_replace_user('acme', :'bob',
  jsonb_build_object('userName', 'bob', 'displayName', 'Robert', 'groups', t.list(:'empty'))), 'groups');

-- A thousand members at once, and some more one by one (PATCH-48).
SELECT count(t.user('m' || i)) FROM generate_series(1, 1010) i;
SELECT t.group('many', VARIADIC array_agg(id)) AS many FROM scim_search('acme', 'User', 'userName sw "m"', count => 1000) \gset
SELECT jsonb_array_length(scim_get_group('acme', :'many') -> 'members');
SELECT count(t.change('add', :'many', id)) FROM scim_search('acme', 'User', 'userName sw "m"', start_index => 1001);
SELECT jsonb_array_length(g -> 'members'), g -> 'meta' ->> 'version' FROM scim_get_group('acme', :'many') AS g;

DROP FUNCTION t.user, t.list, t.group, t.told, t.members, t.groups, t.patch_group, t.change, t.remove, t.put;
SELECT scim_drop_directory('acme'), scim_drop_directory('other');
SELECT count(*) FROM scim.membership;
