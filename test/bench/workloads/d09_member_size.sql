-- D9 one member of the biggest group, against the group of 10
-- cpu: 1.2
-- clients: 1
-- against: 2
-- per: 2
-- other
SELECT * FROM scim_http('PATCH', '/scim/v2/Groups/' || :group10, ARRAY['authorization', :bench_authorization, 'content-type', :json],
    convert_to('{"schemas":["' || :patch || '"],"Operations":[{"op":"remove","path":"members[value eq \"' || :few@ || '\"]"}]}', 'UTF8'));
SELECT * FROM scim_http('PATCH', '/scim/v2/Groups/' || :group10, ARRAY['authorization', :bench_authorization, 'content-type', :json],
    convert_to('{"schemas":["' || :patch || '"],"Operations":[{"op":"add","path":"members","value":[{"value":"' || :few@ || '"}]}]}', 'UTF8'));
-- scim
SELECT * FROM scim_http('PATCH', '/scim/v2/Groups/' || :biggest_group, ARRAY['authorization', :bench_authorization, 'content-type', :json],
    convert_to('{"schemas":["' || :patch || '"],"Operations":[{"op":"remove","path":"members[value eq \"' || :one@ || '\"]"}]}', 'UTF8'));
SELECT * FROM scim_http('PATCH', '/scim/v2/Groups/' || :biggest_group, ARRAY['authorization', :bench_authorization, 'content-type', :json],
    convert_to('{"schemas":["' || :patch || '"],"Operations":[{"op":"add","path":"members","value":[{"value":"' || :one@ || '"}]}]}', 'UTF8'));
