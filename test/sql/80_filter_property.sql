-- The two evaluators of filters agree: for generated filters, what scim_search() finds with SQL, columns and
-- indexes is what scim.match() says of the resource as a client sees it (FLT-20 to FLT-33). The generator
-- is seeded, so a difference comes again.
SELECT name FROM scim_create_directory('property');
SET scim.directory = 'property';

SELECT count(scim_create_user(doc)) FROM (VALUES
  ('{"userName":"ada","externalId":"X1","active":true,"title":"Engineer","name":{"givenName":"Ada","familyName":"Ång"},
    "emails":[{"value":"ada@example.com","type":"work","primary":true},{"value":"ada@home.example","type":"home"}]}'::jsonb),
  ('{"userName":"Bob","externalId":"x1","active":false,"title":"","nickName":"b_b%","emails":[{"value":"BOB@example.com","type":"Work"}]}'),
  ('{"userName":"cleo","title":"engineer","name":{"familyName":"ång"},"roles":[{"value":"admin","primary":true},{"value":"dev"}],
    "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"department":"Ops","employeeNumber":"7"}}'),
  ('{"userName":"dan","active":true,"externalId":"70","emails":[{"value":"dan@other.example"}],"addresses":[{"type":"work","country":"US","primary":true}]}'),
  ('{"userName":"eve\\e","nickName":"a\"b","urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"department":"ops","manager":{"value":"x"}}}')
) AS u(doc);
SELECT count(scim_create_group(jsonb_build_object('displayName', g, 'members', m))) FROM (VALUES
  ('Alpha', (SELECT jsonb_agg(jsonb_build_object('value', id)) FROM scim.users WHERE directory = 'property' AND user_name IN ('ada', 'Bob'))),
  ('beta', (SELECT jsonb_agg(jsonb_build_object('value', id)) FROM scim.users WHERE directory = 'property' AND user_name = 'dan')),
  ('empty', '[]')
) AS t(g, m);
SELECT count(scim_create_group(jsonb_build_object('displayName', 'above', 'members',
  (SELECT jsonb_agg(jsonb_build_object('value', id)) FROM scim.groups WHERE directory = 'property' AND display_name = 'Alpha'))));

SELECT count(scim_create_group(jsonb_build_object('displayName', 'mixed', 'members',
  (SELECT jsonb_agg(jsonb_build_object('value', id)) FROM (SELECT id FROM scim.groups WHERE directory = 'property' AND display_name = 'beta'
   UNION ALL SELECT id FROM scim.users WHERE directory = 'property' AND user_name = 'cleo') AS m))));

-- One comparison of a type: an attribute, an operator that fits, a value that occurs.
CREATE FUNCTION pg_temp.comparison(type text, inner_of text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  attrs text[] := CASE inner_of
    WHEN 'emails' THEN ARRAY['value', 'type', 'primary']
    WHEN 'members' THEN ARRAY['value', 'type', 'display', '$ref']
    WHEN 'groups' THEN ARRAY['value', 'type', 'display', '$ref']
    ELSE CASE type WHEN 'User' THEN ARRAY['userName', 'externalId', 'title', 'nickName', 'active', 'name.familyName', 'name.givenName',
        'emails', 'emails.value', 'emails.type', 'emails.primary', 'roles', 'addresses.country', 'id', 'meta.created', 'meta.lastModified',
        'meta.resourceType', 'meta.version', 'meta.location', 'schemas', 'groups', 'groups.value', 'groups.display', 'groups.type', 'department',
        'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager', 'employeeNumber']
      ELSE ARRAY['displayName', 'externalId', 'members', 'members.value', 'members.display', 'members.type', 'members.$ref', 'id', 'meta.created', 'schemas'] END END;
  attr text := attrs[1 + floor(random() * cardinality(attrs))];
  texts text[] := ARRAY['"ada"', '"BOB"', '"X1"', '"x1"', '"engineer"', '""', '"_"', '"%"', '"\\"', '"e"', '"work"', '"ång"', '"ÅNG"', '"ada@example.com"',
    '"example"', '"ops"', '"7"', '"User"', '"group"', '"direct"', '"alpha"', '"urn:ietf:params:scim:schemas:core:2.0:User"', '"US"', '"a\"b"',
    '"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"', '"W/\"1\""', '"admin"', '"/property/scim/v2/"'];
  ids text[] := (SELECT array_agg(to_json(r.id::text)::text ORDER BY r.id) FROM scim.resource r JOIN scim.directory d USING (directory_id) WHERE d.name = 'property');
  op text;
BEGIN
  IF random() < 0.12 THEN RETURN attr || ' pr'; END IF;
  IF random() < 0.08 AND attr NOT IN ('addresses.country') THEN RETURN attr || ' ' || (ARRAY['eq', 'ne'])[1 + floor(random() * 2)] || ' null'; END IF;
  IF attr IN ('active', 'emails.primary', 'primary') THEN
    RETURN attr || ' ' || (ARRAY['eq', 'ne'])[1 + floor(random() * 2)] || ' ' || (ARRAY['true', 'false'])[1 + floor(random() * 2)];
  END IF;
  IF attr LIKE 'meta.created' OR attr LIKE 'meta.lastModified' THEN
    RETURN attr || ' ' || (ARRAY['eq', 'ne', 'gt', 'ge', 'lt', 'le'])[1 + floor(random() * 6)] || ' "'
      || (ARRAY['2020-01-01T00:00:00Z', '2100-01-01T00:00:00+02:00'])[1 + floor(random() * 2)] || '"';
  END IF;
  op := (ARRAY['eq', 'ne', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le'])[1 + floor(random() * 9)];
  IF attr ~ '(^|\.)(value|id)$' AND random() < 0.6 OR attr IN ('groups', 'members') THEN
    RETURN attr || ' ' || op || ' ' || ids[1 + floor(random() * cardinality(ids))];
  END IF;
  RETURN attr || ' ' || op || ' ' || texts[1 + floor(random() * cardinality(texts))];
END
$$;

CREATE FUNCTION pg_temp.filter(type text, depth int, inner_of text DEFAULT '') RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  dice float := random();
  complex text := CASE type WHEN 'User' THEN (ARRAY['emails', 'groups'])[1 + floor(random() * 2)] ELSE 'members' END;
BEGIN
  IF depth = 0 OR dice < 0.35 THEN RETURN pg_temp.comparison(type, inner_of); END IF;
  IF dice < 0.55 THEN RETURN pg_temp.filter(type, depth - 1, inner_of) || ' and ' || pg_temp.filter(type, depth - 1, inner_of); END IF;
  IF dice < 0.7 THEN RETURN '(' || pg_temp.filter(type, depth - 1, inner_of) || ' or ' || pg_temp.filter(type, depth - 1, inner_of) || ')'; END IF;
  IF dice < 0.85 OR inner_of <> '' THEN RETURN 'not (' || pg_temp.filter(type, depth - 1, inner_of) || ')'; END IF;
  RETURN complex || '[' || pg_temp.filter(type, depth - 1, complex) || ']';
END
$$;

-- What a client sees of each resource.
CREATE TEMP TABLE seen (type text, type_id smallint, id text, directory_id int, resource jsonb);
DO $$
DECLARE
  r record;
BEGIN
  FOR r IN SELECT t.name, t.type_id, s.id, s.directory_id FROM scim.resource s
      JOIN scim.resource_type t ON t.directory_id = 0 AND t.type_id = s.type_id
      JOIN scim.directory d ON d.directory_id = s.directory_id AND d.name = 'property' LOOP
    INSERT INTO seen VALUES (r.name, r.type_id, r.id, r.directory_id, scim_get('property', r.name, r.id::text));
  END LOOP;
END
$$;

-- The first few filters on which the two differ; none.
DO $$
DECLARE
  filter text;
  type_name text;
  found text[];
  holds text[];
  differences int := 0;
  hits int := 0;
BEGIN
  PERFORM setseed(0.42);
  FOR i IN 1 .. 3000 LOOP
    type_name := (ARRAY['User', 'Group'])[1 + i % 2];
    filter := pg_temp.filter(type_name, 3);
    SELECT array_agg(s.id ORDER BY s.id) INTO found FROM scim_search('property', type_name, filter, count => 100) s;
    SELECT array_agg(r.id ORDER BY r.id) INTO holds FROM seen r
      WHERE r.type = type_name AND scim.match(r.resource, r.directory_id, r.type_id, filter);
    IF found IS NOT NULL THEN hits := hits + 1; END IF;
    IF found IS DISTINCT FROM holds THEN
      differences := differences + 1;
      IF differences <= 10 THEN
        RAISE NOTICE '%: % found % but % hold', type_name, filter, coalesce(cardinality(found), 0), coalesce(cardinality(holds), 0);
      END IF;
    END IF;
  END LOOP;
  RAISE NOTICE '% differences; some filters found something and some nothing: %', differences, hits BETWEEN 500 AND 2500;
END
$$;
SELECT scim_drop_directory('property');
