-- D0 get by id, user without groups
-- rate: 0.5
-- plain
SELECT doc FROM bench.resource WHERE directory_id = :created AND id = :alone@;
-- scim
SELECT * FROM scim_http('GET', '/scim/v2/Users/' || :alone@, ARRAY['authorization', :created_authorization], '');
