-- D11 group of 10,000 members
-- us: 8000
-- size: 10000
-- clients: 2
-- plain
SELECT json_agg(json_build_object('value', m.member_id, 'display', r.display_name))
  FROM bench.membership m JOIN bench.resource r ON r.directory_id = :directory AND r.id = m.member_id
 WHERE m.directory_id = :directory AND m.group_id = :group10000;
-- scim
SELECT * FROM scim_http('GET', '/scim/v2/Groups/' || :group10000, ARRAY['authorization', :bench_authorization], '');
