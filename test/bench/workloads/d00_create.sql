-- D0 create, against the bare row of the user
-- rate: 0.6
-- plain
\set n random(1, 1000000000)
INSERT INTO bench.resource (directory_id, id, type_id, version, created, last_modified, active, user_name,
    external_id, display_name, doc)
VALUES (:created, gen_random_uuid(), :user_type, 1, now(), now(), true, 'user' || :n || clock_timestamp(),
    'external' || :n, 'Babs Jensen', (:head || :n || clock_timestamp() || :tail)::jsonb);
-- scim
\set n random(1, 1000000000)
SELECT * FROM scim_http('POST', '/scim/v2/Users', ARRAY['authorization', :created_authorization, 'content-type', :json],
    convert_to(:head || :n || clock_timestamp() || :tail, 'UTF8'));
