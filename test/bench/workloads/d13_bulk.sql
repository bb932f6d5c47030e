-- D13 bulk of 100 creates, against single ones
-- rate: 3
-- cpu: 0.7
-- clients: 1
-- per: 100
-- other
\set n random(1, 1000000000)
SELECT * FROM scim_http('POST', '/scim/v2/Users', ARRAY['authorization', :created_authorization, 'content-type', :json],
    convert_to(:head || :n || clock_timestamp() || :tail, 'UTF8'));
-- scim
\set n random(1, 1000000000)
SELECT h.* FROM (SELECT string_agg('{"method":"POST","path":"/Users","bulkId":"' || i || '","data":'
                          || :head || :n || clock_timestamp() || i || :tail || '}', ',')
                   FROM generate_series(1, 100) i) o(operations),
  scim_http('POST', '/scim/v2/Bulk', ARRAY['authorization', :created_authorization, 'content-type', :json],
    convert_to('{"schemas":["' || :bulk || '"],"Operations":[' || o.operations || ']}', 'UTF8')) h;
