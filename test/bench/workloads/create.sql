-- Create
-- bar: 0.6
-- plain
\set n random(1, 9000000000000000000)
INSERT INTO bench.resource (directory_id, id, type_id, version, created, last_modified, active, user_name,
    external_id, display_name, doc)
VALUES (:directory, gen_random_uuid(), :type, 1, now(), now(), true, 'plain' || :n, NULL, 'Babs Jensen',
    (:head || 'plain' || :n || :tail)::jsonb);
-- scim
\set n random(1, 9000000000000000000)
SELECT * FROM scim_http('POST', :users, ARRAY['authorization', :authorization, 'content-type', :json],
    convert_to(:head || 'scim' || :n || :tail, 'UTF8'));
