-- D3 create, synchronous_commit=off
-- rate: 0.5
-- options: -c synchronous_commit=off
-- plain: d03_create.sql
-- scim
\set n random(1, 1000000000)
SELECT * FROM scim_http('POST', '/scim/v2/Users', ARRAY['authorization', :created_authorization, 'content-type', :json],
    convert_to(:head || :n || clock_timestamp() || :tail, 'UTF8'));
