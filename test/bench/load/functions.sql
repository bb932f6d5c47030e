-- functions.sql: what the benchmark's data look like and how they are made. All resources are written by
-- scim's own functions, so the tables hold what requests would have left there.
CREATE SCHEMA bench;

-- What scripts refer to as :name.
CREATE TABLE bench.variable (name text PRIMARY KEY, value text NOT NULL);

-- User number n as an identity provider sends it, about 1.3 kB: one in five has a second e-mail address.
CREATE FUNCTION bench.user_document(n int) RETURNS jsonb
  LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $fn$
  SELECT jsonb_build_object(
    'schemas', ARRAY['urn:ietf:params:scim:schemas:core:2.0:User',
                     'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'],
    'userName', 'user' || n || '@example.com',
    'externalId', 'external' || n,
    'name', jsonb_build_object('givenName', 'Given' || n % 500, 'familyName', 'Family' || n / 500,
        'formatted', 'Given' || n % 500 || ' Family' || n / 500),
    'displayName', 'Given' || n % 500 || ' Family' || n / 500,
    'nickName', 'Nick' || n % 1000,
    'title', 'Title ' || n % 60,
    'userType', 'Employee',
    'preferredLanguage', 'en-US',
    'locale', 'en-US',
    'timezone', 'America/Los_Angeles',
    'active', n % 10 <> 0,
    'emails', jsonb_build_array(
        jsonb_build_object('value', 'user' || n || '@example.com', 'type', 'work', 'primary', true))
      || CASE WHEN n % 5 = 0 THEN jsonb_build_array(
        jsonb_build_object('value', 'nick' || n || '@home.example', 'type', 'home')) ELSE '[]' END,
    'phoneNumbers', jsonb_build_array(
        jsonb_build_object('value', 'tel:+1-555-' || lpad((n % 10000000)::text, 7, '0'), 'type', 'work')),
    'addresses', jsonb_build_array(jsonb_build_object('type', 'work', 'streetAddress', n % 900 || ' Universal City Plaza',
        'locality', 'Hollywood', 'region', 'CA', 'postalCode', (90000 + n % 1000)::text, 'country', 'US',
        'formatted', n % 900 || E' Universal City Plaza\nHollywood, CA ' || 90000 + n % 1000 || ' USA')),
    'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User', jsonb_build_object(
        'employeeNumber', n::text, 'costCenter', (n % 40)::text, 'organization', 'Universal Studios',
        'division', 'Division ' || n % 8, 'department', 'Department ' || n % 20,
        'manager', jsonb_build_object('value', md5((n / 10)::text)::uuid, 'displayName', 'Manager ' || n / 10)))
$fn$;

-- Users first to last.
CREATE FUNCTION bench.load_users(directory text, first int, last int) RETURNS bigint
  LANGUAGE sql VOLATILE AS $fn$
  SELECT count(scim_create_user(directory, bench.user_document(n))) FROM generate_series(first, last) n
$fn$;

-- Who has number n; filled when the users are there.
CREATE TABLE bench.person (directory text, n int, id uuid, PRIMARY KEY (directory, n) INCLUDE (id));

CREATE FUNCTION bench.number_users(name text) RETURNS void
  LANGUAGE sql VOLATILE AS $fn$
  INSERT INTO bench.person
  SELECT name, substring(r.user_name FROM '[0-9]+')::int, r.id FROM scim.resource r
   WHERE r.directory_id = (SELECT d.directory_id FROM scim.directory d WHERE d.name = number_users.name)
     AND r.user_name IS NOT NULL
$fn$;

-- Users first to last as elements of "members".
CREATE FUNCTION bench.members(directory text, first int, last int) RETURNS jsonb
  LANGUAGE sql STABLE AS $fn$
  SELECT jsonb_agg(jsonb_build_object('value', p.id)) FROM bench.person p
   WHERE p.directory = members.directory AND p.n BETWEEN first AND last
$fn$;

-- A group with users first to last, in steps of 10,000; returns its id.
CREATE FUNCTION bench.load_group(directory text, name text, first int, last int) RETURNS text
  LANGUAGE plpgsql VOLATILE AS $fn$
DECLARE
  id text := scim_create_group(directory, jsonb_build_object(
    'schemas', ARRAY['urn:ietf:params:scim:schemas:core:2.0:Group'], 'displayName', name)) ->> 'id';
BEGIN
  FOR step IN first .. last BY 10000 LOOP
    PERFORM scim_patch_group(directory, id, jsonb_build_object(
      'schemas', ARRAY['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
      'Operations', jsonb_build_array(jsonb_build_object('op', 'add', 'path', 'members',
        'value', bench.members(directory, step, least(step + 9999, last))))));
  END LOOP;
  RETURN id;
END
$fn$;

-- Teams of 100, so that everybody is in one.
CREATE FUNCTION bench.load_teams(directory text, first int, last int) RETURNS bigint
  LANGUAGE sql VOLATILE AS $fn$
  SELECT count(bench.load_group(directory, 'Team ' || n / 100, n, n + 99))
    FROM generate_series(first, last, 100) n
$fn$;

-- The cursor of the page behind n users of a directory, found as a client finds it.
CREATE FUNCTION bench.walk(target text, auth text, n int) RETURNS text
  LANGUAGE plpgsql VOLATILE AS $fn$
DECLARE
  at text := '';
BEGIN
  FOR page IN 1 .. n / 100 LOOP
    SELECT h.body::jsonb ->> 'nextCursor' INTO at
      FROM scim_http('GET', target || at, ARRAY['authorization', auth], '') h;
  END LOOP;
  RETURN at;
END
$fn$;
