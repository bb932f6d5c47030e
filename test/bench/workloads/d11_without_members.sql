-- D11 biggest group without members, against that of 10
-- plot: biggest group without members
-- cpu: 1.5
-- other
SELECT * FROM scim_http('GET', '/scim/v2/Groups/' || :group10 || '?excludedAttributes=members', ARRAY['authorization', :bench_authorization], '');
-- scim
SELECT * FROM scim_http('GET', '/scim/v2/Groups/' || :biggest_group || '?excludedAttributes=members', ARRAY['authorization', :bench_authorization], '');
