-- D2 emails[type eq "work" and value eq], hit
-- plot: emails[type eq and value eq]
-- rate: 0.4
-- cpu: 2.2
-- filter: emails[type eq "work" and value eq "user1@example.com"]
-- plain
\set n random(1, :size)
SELECT r.doc FROM bench.attr_value v JOIN bench.resource r ON r.directory_id = :directory AND r.id = v.id
 WHERE v.directory_id = :directory AND v.attr_id = 1
   AND v.v = 'user' || :n || '@example.com';
-- scim
\set n random(1, :size)
SELECT * FROM scim_http('GET', '/scim/v2/Users?filter=emails%5Btype%20eq%20%22work%22%20and%20value%20eq%20%22user' || :n || '@example.com%22%5D', ARRAY['authorization', :bench_authorization], '');
