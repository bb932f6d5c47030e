-- D7 count=0, against that of 1,000
-- plot: total
-- cpu: 1.3
-- other
SELECT * FROM scim_http('GET', '/scim/v2/Users?count=0', ARRAY['authorization', :small_authorization], '');
-- scim
SELECT * FROM scim_http('GET', '/scim/v2/Users?count=0', ARRAY['authorization', :bench_authorization], '');
