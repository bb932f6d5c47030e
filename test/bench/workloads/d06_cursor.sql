-- D6 page by cursor after nine tenths, against startIndex 1 of 1,000
-- plot: page of 100 by cursor
-- cpu: 1.5
-- other
SELECT * FROM scim_http('GET', '/scim/v2/Users?count=100&startIndex=1', ARRAY['authorization', :small_authorization], '');
-- scim
SELECT * FROM scim_http('GET', :deep_cursor, ARRAY['authorization', :bench_authorization], '');
