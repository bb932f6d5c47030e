-- D4 PATCH active
-- plot: PATCH
-- rate: 0.5
-- cpu: 2.5
-- against: 2
-- per: 2
-- plain
UPDATE bench.resource SET version = version + 1, last_modified = now(), active = false,
    doc = jsonb_set(doc, '{active}', 'false') WHERE directory_id = :directory AND id = :id@ RETURNING doc;
UPDATE bench.resource SET version = version + 1, last_modified = now(), active = true,
    doc = jsonb_set(doc, '{active}', 'true') WHERE directory_id = :directory AND id = :id@ RETURNING doc;
-- scim
SELECT * FROM scim_http('PATCH', :target@, ARRAY['authorization', :bench_authorization, 'content-type', :json],
    convert_to('{"schemas":["' || :patch || '"],"Operations":[{"op":"replace","value":{"active": false}}]}', 'UTF8'));
SELECT * FROM scim_http('PATCH', :target@, ARRAY['authorization', :bench_authorization, 'content-type', :json],
    convert_to('{"schemas":["' || :patch || '"],"Operations":[{"op":"replace","value":{"active": true}}]}', 'UTF8'));
