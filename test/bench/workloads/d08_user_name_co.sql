-- D8 userName co, one match
-- plot: userName co
-- cpu: 2
-- filter: userName co "user1@ex"
-- plain
\set n random(1, :size)
SELECT doc FROM bench.resource WHERE directory_id = :directory AND type_id = :user_type
   AND user_name LIKE '%user' || :n || '@ex%' ORDER BY id LIMIT 100;
-- scim
\set n random(1, :size)
SELECT * FROM scim_http('GET', '/scim/v2/Users?filter=userName%20co%20%22user' || :n || '@ex%22', ARRAY['authorization', :bench_authorization], '');
