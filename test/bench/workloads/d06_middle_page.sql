-- D6 middle page by startIndex, against the first of 1,000
-- plot: middle page of 100
-- cpu: 1.5
-- other
SELECT * FROM scim_http('GET', '/scim/v2/Users?count=100&startIndex=1', ARRAY['authorization', :small_authorization], '');
-- scim
SELECT * FROM scim_http('GET', '/scim/v2/Users?count=100&startIndex=' || (:size / 2), ARRAY['authorization', :bench_authorization], '');
