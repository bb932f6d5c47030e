-- Create, against the same rows
-- bar: 0.6
-- The same rows and the same indexes: the user, and the entry of the e-mail address.
-- plain
\set n random(1, 9000000000000000000)
WITH r AS (
  INSERT INTO bench.resource (directory_id, id, type_id, version, created, last_modified, active, user_name,
    external_id, display_name, doc)
  VALUES (:directory, gen_random_uuid(), :type, 1, now(), now(), true, 'plain' || :n, NULL, 'Babs Jensen',
    (:head || 'plain' || :n || :tail)::jsonb)
  RETURNING directory_id, id, doc)
INSERT INTO bench.attr_value (directory_id, attr_id, v, id)
SELECT directory_id, 1, doc #>> '{emails,0,value}', id FROM r;
-- scim
\set n random(1, 9000000000000000000)
SELECT * FROM scim_http('POST', :users, ARRAY['authorization', :authorization, 'content-type', :json],
    convert_to(:head || 'scim' || :n || :tail, 'UTF8'));
