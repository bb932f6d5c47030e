-- D12 members.value eq, against a plain get
-- cpu: 3
-- plain
SELECT doc FROM bench.resource WHERE directory_id = :directory AND id = :id@;
-- scim
SELECT * FROM scim_http('GET', '/scim/v2/Groups?excludedAttributes=members&filter=members.value%20eq%20%22' || :id@ || '%22', ARRAY['authorization', :bench_authorization], '');
