-- D8 userName sw, about ten matches
-- cpu: 2
-- filter: userName sw "user100"
-- plain
\set n random(100, :tenth)
SELECT doc FROM bench.resource WHERE directory_id = :directory AND type_id = :user_type
   AND user_name >= 'user' || :n AND user_name < 'user' || :n || ':' ORDER BY id LIMIT 100;
-- scim
\set n random(100, :tenth)
SELECT * FROM scim_http('GET', '/scim/v2/Users?filter=userName%20sw%20%22user' || :n || '%22', ARRAY['authorization', :bench_authorization], '');
