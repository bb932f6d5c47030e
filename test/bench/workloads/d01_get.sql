-- D1 get by id
-- plot: get
-- rate: 0.65
-- cpu: 1.6
-- plain
SELECT doc FROM bench.resource WHERE directory_id = :directory AND id = :id@;
-- scim
SELECT * FROM scim_http('GET', :target@, ARRAY['authorization', :bench_authorization], '');
