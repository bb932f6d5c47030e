-- Totals of lists are counted as resources come and go: in subtransactions, in one transaction with many of
-- them, and whoever commits. They are always the number of rows.
SELECT scim_create_directory('totals') \g /dev/null
CREATE FUNCTION user_of(n int) RETURNS jsonb LANGUAGE sql AS $$ SELECT jsonb_build_object('userName', 'user' || n) $$;
CREATE FUNCTION create_users(first int, last int) RETURNS bigint LANGUAGE sql AS
  $$ SELECT count(scim_create_user('totals', user_of(n))) FROM generate_series(first, last) n $$;
CREATE FUNCTION delete_user(n int) RETURNS bigint LANGUAGE sql AS
  $$ SELECT count(scim_delete_user('totals', id)) FROM scim_search('totals', 'User', format('userName eq "user%s"', n)) $$;
CREATE VIEW total AS
  SELECT (SELECT max(total_results) FROM scim_search('totals', 'User', count => 1)) AS listed,
         (SELECT sum(created - removed) FROM scim.resource_count) AS stored,
         (SELECT count(*) FROM scim.resource WHERE user_name IS NOT NULL) AS rows;

SELECT create_users(1, 5);
TABLE total;
SELECT delete_user(1);
TABLE total;

-- Within a transaction: what it has done is listed at once, and stored when it commits.
BEGIN;
SELECT create_users(11, 15);
SAVEPOINT a;
SELECT create_users(21, 25);
SELECT delete_user(2);
TABLE total;
ROLLBACK TO a;
TABLE total;
SAVEPOINT b;
SELECT delete_user(3);
RELEASE b;
COMMIT;
TABLE total;
BEGIN;
SELECT create_users(31, 35);
ROLLBACK;
TABLE total;

-- A request that fails counts nothing.
DO $$ BEGIN PERFORM scim_create_user('totals', user_of(5)); EXCEPTION WHEN OTHERS THEN RAISE NOTICE '%', SQLSTATE; END $$;
TABLE total;

-- One row, however many resources, and whoever commits.
CREATE ROLE totals_app IN ROLE scim_admin;
BEGIN;
SELECT create_users(101, 1100);
SET LOCAL ROLE totals_app;
SET LOCAL search_path = '';
COMMIT;
TABLE total;
SELECT count(*) FROM scim.resource_count;
DROP ROLE totals_app;

-- A dropped directory leaves no counters, not even of the transaction that filled it.
BEGIN;
SELECT create_users(2001, 2002);
SELECT scim_drop_directory('totals');
COMMIT;
SELECT count(*) FROM scim.resource_count;

-- Pages are the same however they are come by: in any order, while places are known and when they are old.
SELECT scim_create_directory('totals') \g /dev/null
SELECT create_users(1, 95);
CREATE FUNCTION wrong_pages(size int) RETURNS bigint LANGUAGE sql AS $$
  WITH listed AS (SELECT r.id, row_number() OVER (ORDER BY r.id) AS n FROM scim.resource r)
  SELECT count(*) FROM generate_series(1, 100) AS start,
    LATERAL (SELECT array_agg(s.id) AS ids FROM scim_search('totals', 'User', start_index => 1 + (start * 37) % 100, count => size) s) AS page,
    LATERAL (SELECT array_agg(l.id::text ORDER BY l.n) AS ids FROM listed l
             WHERE l.n BETWEEN 1 + (start * 37) % 100 AND (start * 37) % 100 + size) AS wanted
   WHERE page.ids IS DISTINCT FROM wanted.ids
$$;
SELECT wrong_pages(7), wrong_pages(1), wrong_pages(50);
SELECT delete_user(40), delete_user(1), create_users(201, 203);
SELECT wrong_pages(7), wrong_pages(1), wrong_pages(50);
BEGIN;
SELECT delete_user(50);
SELECT wrong_pages(7);
ROLLBACK;
SELECT wrong_pages(7);
SELECT scim_drop_directory('totals') \g /dev/null
DROP VIEW total;
DROP FUNCTION user_of, create_users, delete_user, wrong_pages;
