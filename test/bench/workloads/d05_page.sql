-- D5 page of 100 with total
-- plot: page of 100
-- cpu: 1.0
-- plain
SELECT doc FROM bench.resource WHERE directory_id = :directory AND type_id = :user_type ORDER BY id LIMIT 100;
-- scim
SELECT * FROM scim_http('GET', '/scim/v2/Users?count=100', ARRAY['authorization', :bench_authorization], '');
