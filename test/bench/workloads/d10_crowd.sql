-- D10 256 members in one PATCH, four at once
-- us: 8000
-- clients: 4
-- against: 2
-- per: 2
-- plain
\set n random(0, 7)
INSERT INTO bench.membership (directory_id, group_id, member_id, member_type)
SELECT :directory, :no_group, p.id, :user_type FROM bench.person p
 WHERE p.directory = 'bench' AND p.n BETWEEN :n * 256 + 1 AND :n * 256 + 256 ON CONFLICT DO NOTHING;
DELETE FROM bench.membership WHERE directory_id = :directory AND group_id = :no_group
   AND member_id IN (SELECT p.id FROM bench.person p WHERE p.directory = 'bench' AND p.n BETWEEN :n * 256 + 1 AND :n * 256 + 256);
-- scim
\set n random(0, 7)
SELECT h.*, 1 / (h.status < 300)::int FROM bench.crowd c, scim_http('PATCH', '/scim/v2/Groups/' || :no_group,
    ARRAY['authorization', :bench_authorization, 'content-type', :json],
    convert_to('{"schemas":["' || :patch || '"],"Operations":[{"op":"add","path":"members","value":' || c.members || '}]}', 'UTF8')) h
 WHERE c.n = :n;
SELECT h.*, 1 / (h.status < 300)::int FROM bench.crowd c, scim_http('PATCH', '/scim/v2/Groups/' || :no_group,
    ARRAY['authorization', :bench_authorization, 'content-type', :json],
    convert_to('{"schemas":["' || :patch || '"],"Operations":[{"op":"remove","path":"members","value":' || c.members || '}]}', 'UTF8')) h
 WHERE c.n = :n;
