-- Paging (RFC 7644 section 3.4.2.4): stable order, exact totals, the directory's page size.
\a \t
SELECT (scim_create_directory('acme', settings => '{"default_page_size": 4, "max_page_size": 6}')).name;
SELECT count(scim_create_user('acme', jsonb_build_object('userName', 'u' || lpad(i::text, 2, '0'), 'title',
  CASE i % 2 WHEN 0 THEN 'even' ELSE 'odd' END))) FROM generate_series(1, 10) i;

-- Pages by start and count: names, and the total that each row repeats.
CREATE FUNCTION t.page(filter text, start_index bigint, count bigint) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT coalesce(string_agg(resource ->> 'userName', ' ' ORDER BY n) || ' of ' || min(total_results), 'none')
    FROM scim_search('acme', 'User', filter, start_index, count) WITH ORDINALITY AS s(id, resource,
    total_results, n) $$;
SELECT s, c, t.page(NULL, s, c), t.page('title eq "odd"', s, c), t.page('userName eq "u05"', s, c),
  t.page('userName eq "none"', s, c)
FROM (VALUES (1, NULL), (NULL, NULL), (1, 2), (3, 2), (5, NULL), (9, NULL), (10, 1), (11, 1), (0, 1), (-5, 1),
  (1, 0), (1, -1), (1, 100), (2, 6)) AS v(s, c);

-- All pages together are all rows once, in order of creation (QRY-10).
SELECT string_agg(t.page(NULL, s, 3), ' | ') FROM generate_series(1, 10, 3) s;
-- The order does not change with the row.
SELECT scim_patch('acme', 'User', id,
  t.patch('{"op": "replace", "path": "title", "value": "even"}')) IS NOT NULL
  FROM scim_search('acme', 'User', 'userName eq "u01"');
SELECT t.page(NULL, 1, 3), t.page('title eq "even"', 1, 3);

-- Deleted resources never appear (QRY-06), and totals follow.
SELECT scim_delete('acme', 'User', id) FROM scim_search('acme', 'User', 'userName eq "u02"');
SELECT t.page(NULL, 1, 3), t.page('title eq "even"', 1, 6);

-- A search in a transaction sees the writes of the transaction, within one statement those before it.
BEGIN;
SELECT scim_create_user('acme', '{"userName": "u11"}') ->> 'userName';
SELECT t.page('userName sw "u1"', 1, 6);
ROLLBACK;
SELECT t.page('userName sw "u1"', 1, 6);

-- An empty directory.
SELECT (scim_create_directory('empty')).name;
SELECT count(*) FROM scim_search('empty', 'User');
SELECT count(*) FROM scim_search('empty', 'User', 'userName pr');

DROP FUNCTION t.page;
SELECT scim_drop_directory('acme'), scim_drop_directory('empty');
