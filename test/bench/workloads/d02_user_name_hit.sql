-- D2 userName eq, hit
-- plot: userName eq
-- rate: 0.5
-- cpu: 2.2
-- filter: userName eq "user1@example.com"
-- plain
\set n random(1, :size)
SELECT doc FROM bench.resource WHERE directory_id = :directory AND type_id = :user_type
   AND user_name = 'user' || :n || '@example.com';
-- scim
\set n random(1, :size)
SELECT * FROM scim_http('GET', '/scim/v2/Users?filter=userName%20eq%20%22user' || :n || '@example.com%22', ARRAY['authorization', :bench_authorization], '');
