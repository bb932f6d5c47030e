-- D2 externalId eq, miss
-- rate: 0.5
-- cpu: 2.2
-- filter: externalId eq "nothing1"
-- plain
\set n random(1, :size)
SELECT doc FROM bench.resource WHERE directory_id = :directory AND type_id = :user_type
   AND external_id = 'nothing' || :n;
-- scim
\set n random(1, :size)
SELECT * FROM scim_http('GET', '/scim/v2/Users?filter=externalId%20eq%20%22nothing' || :n || '%22', ARRAY['authorization', :bench_authorization], '');
