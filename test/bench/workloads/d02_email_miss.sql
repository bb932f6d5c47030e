-- D2 emails.value eq, miss
-- rate: 0.5
-- cpu: 2.2
-- filter: emails.value eq "nobody1@example.com"
-- plain
\set n random(1, :size)
SELECT r.doc FROM bench.attr_value v JOIN bench.resource r ON r.directory_id = :directory AND r.id = v.id
 WHERE v.directory_id = :directory AND v.attr_id = 1
   AND v.v = 'nobody' || :n || '@example.com';
-- scim
\set n random(1, :size)
SELECT * FROM scim_http('GET', '/scim/v2/Users?filter=emails.value%20eq%20%22nobody' || :n || '@example.com%22', ARRAY['authorization', :bench_authorization], '');
