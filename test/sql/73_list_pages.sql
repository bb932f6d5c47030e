-- Lists of all resources are found from places that a backend knows: each page is exact, whatever came and went
-- since, was rolled back, or is seen by an old snapshot (PAGE-01 to PAGE-05).
\a \t
SELECT FROM scim_create_directory('acme') a, scim_create_directory('other') o;
SET scim.directory = 'acme';

-- Pages against ids: n random ones, or each one of a size from the first to beyond the last. What differs is told.
CREATE FUNCTION pg_temp.page(first bigint, size bigint) RETURNS text[] LANGUAGE sql STABLE AS $$
  SELECT coalesce(array_agg(id), '{}') FROM scim_search('acme', 'User', start_index => first, count => size, attributes => 'id')
$$;
CREATE FUNCTION pg_temp.ids() RETURNS text[] LANGUAGE sql STABLE AS $$
  SELECT coalesce(array_agg(r.id::text ORDER BY r.id), '{}') FROM scim.resource r JOIN scim.directory d USING (directory_id)
  WHERE d.name = 'acme' AND r.type_id = 1
$$;
CREATE FUNCTION pg_temp.random_pages(n int) RETURNS SETOF text LANGUAGE plpgsql STABLE AS $$
DECLARE ids text[] := pg_temp.ids(); first int; size int;
BEGIN
  FOR i IN 1 .. n LOOP
    first := 1 + floor(random() * (cardinality(ids) + 3));
    size := (ARRAY[1, 2, 3, 7, 50])[1 + floor(random() * 5)];
    IF pg_temp.page(first, size) <> ids[first:first + size - 1] THEN
      RETURN NEXT format('%s from %s of %s', size, first, cardinality(ids));
    END IF;
  END LOOP;
END $$;
CREATE FUNCTION pg_temp.walk(size int) RETURNS SETOF text LANGUAGE plpgsql STABLE AS $$
DECLARE ids text[] := pg_temp.ids();
BEGIN
  FOR place IN 1 .. cardinality(ids) + size BY size LOOP
    IF pg_temp.page(place, size) <> ids[place:place + size - 1] THEN
      RETURN NEXT format('%s from %s of %s', size, place, cardinality(ids));
    END IF;
  END LOOP;
END $$;
CREATE FUNCTION pg_temp.hire(n int) RETURNS void LANGUAGE sql VOLATILE AS $$
  SELECT FROM (SELECT count(scim_create_user('acme', jsonb_build_object('userName', gen_random_uuid()))) FROM generate_series(1, n)) AS made
$$;
CREATE FUNCTION pg_temp.fire(n int) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM scim_delete_user('acme', id) FROM unnest(pg_temp.ids()) AS id ORDER BY random() LIMIT n;
END $$;
-- Pages that differed, and when.
CREATE TEMP TABLE wrong (step text, page text);

-- Walks in pages of several sizes, by one and past the last; more pages than places are kept.
SELECT pg_temp.walk(5);
SELECT pg_temp.hire(200);
SELECT pg_temp.walk(1);
SELECT pg_temp.walk(2);
SELECT pg_temp.walk(100);
SELECT pg_temp.random_pages(100);
SELECT resource ? 'userName', total_results FROM scim_search('acme', 'User', start_index => 200);

-- Creates and deletes in transactions that commit or do not, with pages read before, within and after.
SELECT setseed(0.25);
DO $$
BEGIN
  FOR turn IN 1 .. 50 LOOP
    INSERT INTO wrong SELECT 'before ' || turn, * FROM pg_temp.random_pages(2);
    COMMIT;
    PERFORM pg_temp.walk(40);
    IF random() < 0.5 THEN
      PERFORM pg_temp.hire(1 + floor(random() * 3)::int);
    ELSE
      PERFORM pg_temp.fire(1 + floor(random() * 3)::int);
    END IF;
    INSERT INTO wrong SELECT 'within ' || turn, * FROM pg_temp.random_pages(3);
    BEGIN
      PERFORM pg_temp.fire(1), pg_temp.hire(2), pg_temp.walk(50);
      RAISE division_by_zero;
    EXCEPTION WHEN division_by_zero THEN
    END;
    INSERT INTO wrong SELECT 'undone ' || turn, * FROM pg_temp.random_pages(3);
    IF random() < 0.4 AND NOT EXISTS (SELECT FROM wrong) THEN
      ROLLBACK;
    ELSE
      COMMIT;
    END IF;
    INSERT INTO wrong SELECT 'after ' || turn, * FROM pg_temp.random_pages(3);
    COMMIT;
  END LOOP;
END $$;
SELECT * FROM wrong;

-- One comes and another goes: as many as before, and counters that differ.
SELECT pg_temp.walk(20);
SELECT FROM pg_temp.fire(1) f, pg_temp.hire(1) h;
SELECT pg_temp.walk(20);

-- Rolled back after it was read, and then as many gone and made as were undone, but others.
BEGIN;
SELECT scim_delete_user('acme', (pg_temp.ids())[3]);
SELECT FROM pg_temp.hire(1);
SELECT pg_temp.walk(20);
ROLLBACK;
SELECT FROM pg_temp.hire(1);
SELECT scim_delete_user('acme', (pg_temp.ids())[120]);
SELECT pg_temp.walk(20);

-- Snapshots: all of a transaction, and of a cursor that was opened before others came.
BEGIN ISOLATION LEVEL REPEATABLE READ;
SELECT pg_temp.walk(20);
SELECT pg_temp.random_pages(20);
COMMIT;
BEGIN;
DECLARE old CURSOR FOR SELECT pg_temp.page(first, 20) = (pg_temp.ids())[first:first + 19] FROM generate_series(1, 200, 20) AS first;
FETCH 2 FROM old;
SELECT FROM pg_temp.fire(20);
SELECT pg_temp.walk(20);
FETCH 3 FROM old;
SELECT pg_temp.walk(20);
FETCH ALL FROM old;
COMMIT;
SELECT pg_temp.walk(20);

-- Other lists do not disturb it: groups, another directory, and more lists than are kept.
SELECT count(scim_create_group('acme', jsonb_build_object('displayName', i::text))), count(scim_create_user('other', jsonb_build_object('userName', i::text))) FROM generate_series(1, 40) i;
SELECT count(*) FROM generate_series(1, 40, 7) AS first, scim_search('acme', 'Group', start_index => first, count => 7);
SELECT count(*) FROM generate_series(1, 40, 7) AS first, scim_search('other', 'User', start_index => first, count => 7);
SELECT pg_temp.walk(20);
DO $$
BEGIN
  FOR i IN 1 .. 260 LOOP
    PERFORM scim_create_directory('d' || i);
    PERFORM scim_create_user('d' || i, '{"userName": "a"}'), scim_create_user('d' || i, '{"userName": "b"}');
  END LOOP;
END $$;
SELECT count(*), count(DISTINCT s.id) FROM generate_series(1, 260) AS i, generate_series(1, 3) AS first,
  scim_search('d' || i, 'User', start_index => first, count => 1) AS s;
SELECT pg_temp.walk(20);

SELECT count(scim_drop_directory(name)) FROM scim.directory;
