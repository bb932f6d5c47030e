-- D12 groups of one user, against a plain get
-- plot: groups of a user
-- cpu: 3
-- plain
SELECT doc FROM bench.resource WHERE directory_id = :directory AND id = :id@;
-- scim
SELECT * FROM scim_http('GET', :target@ || '?attributes=groups', ARRAY['authorization', :bench_authorization], '');
