-- D9 one member of the biggest group, against plain
-- plot: add a member to the biggest group
-- cpu: 2.5
-- clients: 1
-- against: 2
-- per: 2
-- plain
DELETE FROM bench.membership WHERE directory_id = :directory AND group_id = :biggest_group AND member_id = :one@;
INSERT INTO bench.membership (directory_id, group_id, member_id, member_type)
VALUES (:directory, :biggest_group, :one@, :user_type);
-- scim
SELECT * FROM scim_http('PATCH', '/scim/v2/Groups/' || :biggest_group, ARRAY['authorization', :bench_authorization, 'content-type', :json],
    convert_to('{"schemas":["' || :patch || '"],"Operations":[{"op":"remove","path":"members[value eq \"' || :one@ || '\"]"}]}', 'UTF8'));
SELECT * FROM scim_http('PATCH', '/scim/v2/Groups/' || :biggest_group, ARRAY['authorization', :bench_authorization, 'content-type', :json],
    convert_to('{"schemas":["' || :patch || '"],"Operations":[{"op":"add","path":"members","value":[{"value":"' || :one@ || '"}]}]}', 'UTF8'));
