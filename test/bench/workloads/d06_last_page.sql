-- D6 last page by startIndex, against the first of 1,000
-- plot: last page of 100
-- cpu: 1.5
-- other
SELECT * FROM scim_http('GET', '/scim/v2/Users?count=100&startIndex=1', ARRAY['authorization', :small_authorization], '');
-- scim
SELECT * FROM scim_http('GET', '/scim/v2/Users?count=100&startIndex=' || (:size - 99), ARRAY['authorization', :bench_authorization], '');
