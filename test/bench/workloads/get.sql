-- Get by id
-- bar: 0.5
-- plain
SELECT doc FROM scim.resource WHERE directory_id = :directory AND id = :id@;
-- scim
SELECT * FROM scim_http('GET', :target@, ARRAY['authorization', :authorization], '');
