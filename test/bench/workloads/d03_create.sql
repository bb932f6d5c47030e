-- D3 create
-- plot: create
-- rate: 0.65
-- cpu: 1.7
-- The plain side writes the same rows: the user, and the entry of each indexed value.
-- plain
\set n random(1, 1000000000)
WITH r AS (
  INSERT INTO bench.resource (directory_id, id, type_id, version, created, last_modified, active, user_name,
    external_id, display_name, doc)
  VALUES (:created, gen_random_uuid(), :user_type, 1, now(), now(), true, 'user' || :n || clock_timestamp(),
    'external' || :n, 'Babs Jensen', (:head || :n || clock_timestamp() || :tail)::jsonb)
  RETURNING directory_id, id, doc)
INSERT INTO bench.attr_value (directory_id, attr_id, v, id)
SELECT directory_id, 1, doc #>> '{emails,0,value}', id FROM r;
-- scim
\set n random(1, 1000000000)
SELECT * FROM scim_http('POST', '/scim/v2/Users', ARRAY['authorization', :created_authorization, 'content-type', :json],
    convert_to(:head || :n || clock_timestamp() || :tail, 'UTF8'));
