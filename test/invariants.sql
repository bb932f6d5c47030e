-- What holds of the tables at any moment, whatever was written beside one another, rolled back or
-- cut off: prints a row for each breach, so nothing at all if all is well. Keys are made anew here, for
-- text that is plain ASCII, and not by the code that made those in the tables.

WITH kept AS (       -- whether a directory wants the names of groups unique
  SELECT d.directory_id, coalesce((p.settings || d.settings ->> 'unique_group_name')::boolean, true) AS unique_names
  FROM scim.directory d JOIN scim.profile p ON p.name = d.profile
), wanted_value AS ( -- the keys that documents have
  SELECT r.directory_id, i.attr_id, left(lower(v.value #>> '{}'), 1000) AS v, r.id
  FROM scim.resource r
  JOIN scim.attribute_index i ON i.directory_id IN (0, r.directory_id) AND i.type_id = r.type_id
  CROSS JOIN LATERAL jsonb_path_query(r.doc, ('$."' || replace(i.path, '.', '"."') || '"')::jsonpath) AS v(value)
  GROUP BY 1, 2, 3, 4
), wanted_unique AS (
  SELECT r.directory_id, r.type_id, 'displayName' AS path, lower(r.doc ->> 'displayName') AS v, r.id
  FROM scim.resource r JOIN kept USING (directory_id)
  JOIN scim.resource_type t ON t.directory_id IN (0, r.directory_id) AND t.type_id = r.type_id
  WHERE kept.unique_names AND t.name = 'Group'
), tenant_row AS (
  SELECT 'resource' AS place, directory_id FROM scim.resource
  UNION SELECT 'resource_count', directory_id FROM scim.resource_count
  UNION SELECT 'attr_value', directory_id FROM scim.attr_value
  UNION SELECT 'unique_value', directory_id FROM scim.unique_value WHERE directory_id <> 0
  UNION SELECT 'membership', directory_id FROM scim.membership
  UNION SELECT 'credential', directory_id FROM scim.credential
), above AS (        -- every group that a group is in, at any depth
  WITH RECURSIVE up(directory_id, member_id, group_id) AS (
    SELECT directory_id, member_id, group_id FROM scim.membership
    WHERE member_id IN (SELECT m.group_id FROM scim.membership m)
    UNION SELECT u.directory_id, u.member_id, m.group_id
    FROM up u JOIN scim.membership m ON (m.directory_id, m.member_id) = (u.directory_id, u.group_id))
  SELECT * FROM up
)
SELECT 'no row outlives its directory', place, directory_id::text FROM tenant_row
WHERE directory_id NOT IN (SELECT d.directory_id FROM scim.directory d)
UNION ALL
SELECT 'no membership without its member, told by its type', m.group_id::text, m.member_id::text
FROM scim.membership m LEFT JOIN scim.resource r ON (r.directory_id, r.id) = (m.directory_id, m.member_id)
WHERE r.type_id IS DISTINCT FROM m.member_type
UNION ALL
SELECT 'no membership without its group', m.group_id::text, m.member_id::text
FROM scim.membership m LEFT JOIN scim.resource r ON (r.directory_id, r.id) = (m.directory_id, m.group_id)
WHERE r.id IS NULL
UNION ALL
SELECT 'no group is in itself', group_id::text, NULL FROM above WHERE group_id = member_id
UNION ALL
SELECT 'values that are indexed are those of documents', id::text, v
FROM ((TABLE wanted_value EXCEPT ALL SELECT directory_id, attr_id, v, id FROM scim.attr_value)
      UNION ALL (SELECT directory_id, attr_id, v, id FROM scim.attr_value EXCEPT ALL TABLE wanted_value)) AS differing
UNION ALL
SELECT 'values that are unique are those of documents', id::text, v
FROM ((TABLE wanted_unique EXCEPT ALL SELECT directory_id, type_id, path, v, id FROM scim.unique_value)
      UNION ALL (SELECT directory_id, type_id, path, v, id FROM scim.unique_value WHERE path = 'displayName'
                 EXCEPT ALL TABLE wanted_unique)) AS differing
UNION ALL
SELECT 'columns repeat their document', r.id::text, r.doc::text FROM scim.resource r
WHERE r.user_name IS DISTINCT FROM lower(r.doc ->> 'userName')
   OR r.external_id IS DISTINCT FROM r.doc ->> 'externalId'
   OR r.display_name IS DISTINCT FROM r.doc ->> 'displayName'
   OR r.active IS DISTINCT FROM (r.doc ->> 'active')::boolean
UNION ALL
SELECT 'a resource has been written at least once, and not before it was made', r.id::text, r.version::text
FROM scim.resource r WHERE r.version < 1 OR r.last_modified < r.created
UNION ALL
SELECT 'counters tell the number of rows', c.directory_id || '/' || c.type_id, c.counted || ' of ' || c.present
FROM (SELECT directory_id, type_id, sum(counted) AS counted, sum(present) AS present
      FROM (SELECT directory_id, type_id, created - removed AS counted, 0 AS present FROM scim.resource_count
            UNION ALL SELECT directory_id, type_id, 0, 1 FROM scim.resource) AS both_ways
      GROUP BY directory_id, type_id) AS c
WHERE c.counted <> c.present
UNION ALL
SELECT 'counters never run backwards', c.directory_id || '/' || c.type_id, c.shard::text
FROM scim.resource_count c WHERE c.created < 0 OR c.removed < 0 OR c.created + c.removed = 0
ORDER BY 1, 2, 3;
