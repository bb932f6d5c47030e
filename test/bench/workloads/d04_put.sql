-- D4 PUT
-- rate: 0.5
-- cpu: 2.5
-- plain
\set n random(1, 1000000000)
UPDATE bench.resource SET version = version + 1, last_modified = now(),
    doc = (:before@ || :n || :after@)::jsonb WHERE directory_id = :directory AND id = :id@ RETURNING doc;
-- scim
\set n random(1, 1000000000)
SELECT * FROM scim_http('PUT', :target@, ARRAY['authorization', :bench_authorization, 'content-type', :json],
    convert_to(:before@ || :n || :after@, 'UTF8'));
