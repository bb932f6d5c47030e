-- D8 emails[type eq "work" and value co], one match
-- plot: emails co
-- us: 40000
-- other
SELECT * FROM scim_http('GET', '/scim/v2/Users?count=0', ARRAY['authorization', :small_authorization], '');
-- scim
\set n random(1, :size)
SELECT * FROM scim_http('GET', '/scim/v2/Users?filter=emails%5Btype%20eq%20%22work%22%20and%20value%20co%20%22user' || :n || '@ex%22%5D', ARRAY['authorization', :bench_authorization], '');
