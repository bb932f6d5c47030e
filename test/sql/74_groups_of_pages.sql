-- The groups of a page of users are read together: each user shows its own, direct before indirect, whatever
-- is nested in what (RFC 7643 section 4.1.2).
\a \t
SELECT FROM scim_create_directory('acme');

-- What users show, and what memberships say: a group that a user is in is direct; one above that alone, indirect.
CREATE FUNCTION pg_temp.shown() RETURNS TABLE (user_name text, group_name text, type text) LANGUAGE sql AS $$
  SELECT resource ->> 'userName', g ->> 'display', g ->> 'type'
  FROM scim_search('acme', 'User', count => 1000), jsonb_array_elements(resource -> 'groups') AS g
  JOIN scim.resource r ON (r.id::text, r.display_name) = (g ->> 'value', g ->> 'display')
  WHERE g ->> '$ref' LIKE '%/acme/scim/v2/Groups/' || r.id
$$;
CREATE FUNCTION pg_temp.meant() RETURNS TABLE (user_name text, group_name text, type text) LANGUAGE sql AS $$
  WITH RECURSIVE up(member_id, group_id, direct) AS (
    SELECT member_id, group_id, true FROM scim.membership WHERE member_type = 1
    UNION SELECT u.member_id, m.group_id, false FROM up u JOIN scim.membership m ON m.member_id = u.group_id)
  SELECT r.doc ->> 'userName', g.display_name, CASE WHEN bool_or(u.direct) THEN 'direct' ELSE 'indirect' END
  FROM up u JOIN scim.resource r ON r.id = u.member_id JOIN scim.resource g ON g.id = u.group_id GROUP BY 1, 2
$$;
CREATE FUNCTION pg_temp.differing() RETURNS TABLE (side text, user_name text, group_name text, type text) LANGUAGE sql AS $$
  (SELECT 'only shown', * FROM (SELECT * FROM pg_temp.shown() EXCEPT ALL SELECT * FROM pg_temp.meant()) s)
  UNION ALL (SELECT 'missing', * FROM (SELECT * FROM pg_temp.meant() EXCEPT ALL SELECT * FROM pg_temp.shown()) m)
$$;
CREATE FUNCTION pg_temp.id(name text) RETURNS text LANGUAGE sql AS $$
  SELECT id::text FROM scim.resource WHERE coalesce(user_name, display_name) = name
$$;
CREATE FUNCTION pg_temp.put(member text, VARIADIC groups text[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM scim_patch_group('acme', pg_temp.id(g), t.patch(jsonb_build_object('op', 'add', 'path', 'members',
    'value', jsonb_build_array(jsonb_build_object('value', pg_temp.id(member)))))) FROM unnest(groups) AS g;
END $$;
SELECT count(scim_create_group('acme', jsonb_build_object('displayName', g))) FROM unnest(ARRAY['top', 'left', 'right', 'leaf', 'alone', 'a "b" \ c']) g;
SELECT count(scim_create_user('acme', jsonb_build_object('userName', u))) FROM unnest(ARRAY['ann', 'bob', 'cat', 'dan']) u;

-- Nobody is in anything; then flat.
SELECT * FROM pg_temp.shown();
SELECT FROM pg_temp.put('ann', 'leaf', 'alone') a, pg_temp.put('bob', 'leaf', 'a "b" \ c') b, pg_temp.put('cat', 'alone') c;
SELECT * FROM pg_temp.shown() ORDER BY user_name, group_name COLLATE "C";

-- A diamond: what is reached twice is told once, and a user that is in the top as well is in it directly.
SELECT FROM pg_temp.put('leaf', 'left', 'right') a, pg_temp.put('left', 'top') b, pg_temp.put('right', 'top') c, pg_temp.put('bob', 'top') d;
SELECT * FROM pg_temp.shown() ORDER BY user_name, group_name COLLATE "C";
SELECT * FROM pg_temp.differing();
-- Of one user the same as in the list.
SELECT bool_and(scim_get_user('acme', id) = resource) FROM scim_search('acme', 'User');

-- A group in the middle goes, and a new one comes in its place.
SELECT scim_delete_group('acme', pg_temp.id('left'));
SELECT * FROM pg_temp.differing();
SELECT scim_delete_group('acme', pg_temp.id('right'));
SELECT * FROM pg_temp.shown() ORDER BY user_name, group_name COLLATE "C";
SELECT * FROM pg_temp.differing();

-- Only what is asked for, of groups that many users share.
SELECT resource - '{id,schemas,meta}'::text[] #- '{groups,0,value}' FROM scim_search('acme', 'User', 'userName eq "cat"', attributes => 'userName,groups.display,groups.type');
SELECT t.mask(resource::text) FROM scim_search('acme', 'User', 'userName eq "cat"', attributes => 'groups.value');
SELECT count(*) FROM scim_search('acme', 'User', excluded_attributes => 'groups') WHERE resource ? 'groups';

-- Groups and users at random, flat and nested: many users times many groups.
SELECT setseed(0.5);
SELECT count(scim_create_group('acme', jsonb_build_object('displayName', 'g' || i))), count(scim_create_user('acme', jsonb_build_object('userName', 'u' || i)))
  FROM generate_series(1, 40) i;
DO $$
BEGIN
  FOR turn IN 1 .. 2 LOOP
    PERFORM scim_patch_group('acme', g.id::text, t.patch(jsonb_build_object('op', 'add', 'path', 'members', 'value',
      (SELECT jsonb_agg(jsonb_build_object('value', u.id)) FROM scim.users u WHERE random() < 0.1 AND g.id IS NOT NULL))))
    FROM scim.groups g;
    IF EXISTS (SELECT FROM pg_temp.differing()) THEN
      RAISE EXCEPTION 'turn %', turn;
    END IF;
    -- a group into others that are younger, so that no circle closes
    PERFORM pg_temp.put('g' || i, 'g' || j) FROM generate_series(1, 40) i, generate_series(1, 40) j
      WHERE i < j AND random() < 0.02 AND pg_temp.id('g' || i) IS NOT NULL AND pg_temp.id('g' || j) IS NOT NULL;
    IF EXISTS (SELECT FROM pg_temp.differing()) THEN
      RAISE EXCEPTION 'nested turn %', turn;
    END IF;
    PERFORM scim_delete_group('acme', id::text) FROM scim.groups WHERE display_name LIKE 'g%' AND random() < 0.1;
    IF EXISTS (SELECT FROM pg_temp.differing()) THEN
      RAISE EXCEPTION 'turn % after deletes', turn;
    END IF;
  END LOOP;
END $$;
SELECT count(*) > 300, count(*) FILTER (WHERE type = 'indirect') > 50 FROM pg_temp.shown();
-- Pages of any size show the same.
SELECT count(*) FROM (
  SELECT p.id, p.resource FROM generate_series(1, 44, 9) AS first, scim_search('acme', 'User', start_index => first, count => 9) AS p
  EXCEPT ALL SELECT id, resource FROM scim_search('acme', 'User', count => 1000)) AS differing;

SELECT scim_drop_directory('acme');
