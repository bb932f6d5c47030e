-- ServiceProviderConfig, ResourceTypes and Schemas (RFC 7644 section 4).
\a \t
SELECT (scim_create_directory('acme', settings => '{"max_page_size": 50}')).name;
SELECT scim_issue_token('acme', 't') AS token \gset

-- The configuration says what is so (DISC-01, DISC-02).
SELECT jsonb_pretty(body::jsonb) FROM t.http('GET', '/scim/v2/ServiceProviderConfig', :'token');
SELECT t.status('GET', '/scim/v2/Users?sortBy=userName', :'token'), t.status('POST', '/scim/v2/Bulk', :'token',
  '{"schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"], "Operations": []}'), t.status('GET',
  '/scim/v2/Me', :'token');
SELECT body::jsonb -> 'filter' -> 'maxResults' FROM t.http('GET', '/scim/v2/ServiceProviderConfig', NULL);

-- Resource types and their schemas (DISC-04 to DISC-07, DISC-11).
SELECT r ->> 'name', r ->> 'endpoint', r ->> 'schema', r -> 'schemaExtensions', r -> 'meta'
  FROM t.http('GET', '/scim/v2/ResourceTypes', :'token'), jsonb_array_elements(body::jsonb -> 'Resources') r;
SELECT body::jsonb - 'Resources' FROM t.http('GET', '/scim/v2/ResourceTypes', :'token');
SELECT body::jsonb ->> 'name' FROM t.http('GET', '/scim/v2/ResourceTypes/Group', :'token');
SELECT s ->> 'id', s ->> 'name', s -> 'meta' FROM t.http('GET', '/scim/v2/Schemas', :'token'),
  jsonb_array_elements(body::jsonb -> 'Resources') s ORDER BY s ->> 'id' COLLATE "C";
SELECT body::jsonb - 'Resources' FROM t.http('GET', '/scim/v2/Schemas', :'token');
SELECT body::jsonb ->> 'name' FROM t.http('GET', '/scim/v2/Schemas/urn:ietf:params:scim:schemas:core:2.0:User',
  :'token');
SELECT body::jsonb ->> 'name'
  FROM t.http('GET', '/scim/v2/Schemas/urn%3Aietf%3Aparams%3Ascim%3Aschemas%3Acore%3A2.0%3AUser', :'token');
SELECT t.status('GET', '/scim/v2/Schemas/urn:ietf:params:scim:schemas:core:2.0:Nothing', :'token'),
  t.status('GET', '/scim/v2/ResourceTypes/Nothing', :'token');

-- Every attribute has all its characteristics, none is null (DISC-05, DISC-12).
WITH RECURSIVE a(schema, path, attribute) AS (
  SELECT s ->> 'name', x ->> 'name', x FROM t.http('GET', '/scim/v2/Schemas', :'token'),
    jsonb_array_elements(body::jsonb -> 'Resources') s, jsonb_array_elements(s -> 'attributes') x
  UNION ALL SELECT schema, path || '.' || (x ->> 'name'), x FROM a,
    jsonb_array_elements(attribute -> 'subAttributes') x)
SELECT schema, path FROM a
  WHERE NOT attribute ?& '{name,type,multiValued,description,required,mutability,returned}'
  OR attribute::text LIKE '%null%'
  OR attribute ->> 'type' NOT IN ('string', 'boolean', 'decimal', 'integer', 'dateTime', 'reference', 'binary',
    'complex')
  OR attribute ->> 'mutability' NOT IN ('readOnly', 'readWrite', 'immutable', 'writeOnly')
    OR attribute ->> 'returned' NOT IN ('always', 'never', 'default', 'request')
  OR (attribute ->> 'type' <> 'complex' AND NOT attribute ? 'uniqueness') OR (attribute ->> 'type' = 'string'
    AND NOT attribute ? 'caseExact')
  OR (attribute ->> 'type' = 'reference' AND NOT attribute ? 'referenceTypes')
    OR (attribute ->> 'type' = 'complex') <> (attribute ? 'subAttributes');
-- What User promises of the attributes that matter most.
SELECT x ->> 'name', x ->> 'required', x ->> 'caseExact', x ->> 'mutability', x ->> 'returned',
  x ->> 'uniqueness' FROM t.http('GET', '/scim/v2/Schemas/urn:ietf:params:scim:schemas:core:2.0:User',
  :'token'),
  jsonb_array_elements(body::jsonb -> 'attributes') x WHERE x ->> 'name' IN ('userName', 'password', 'groups');

-- Open to all, the same for every directory, real or not (DISC-03), but not to a bad token.
SELECT count(DISTINCT replace(body, p, '')), count(DISTINCT status)
  FROM unnest('{/scim/v2,/acme/scim/v2,/nowhere/scim/v2}'::text[]) p, t.http('GET',
  p || '/ServiceProviderConfig', NULL);
SELECT t.status('GET', '/acme/scim/v2/Schemas', NULL), t.status('GET', '/nowhere/scim/v2/Schemas', NULL),
  t.status('GET', '/acme/scim/v2/Schemas', :'token'), t.status('GET', '/scim/v2/Schemas', 'x');

-- Paging and sorting are ignored, a filter is refused, nothing is written (DISC-08 to DISC-10).
SELECT (body::jsonb ->> 'totalResults')::int = jsonb_array_length(body::jsonb -> 'Resources')
  FROM t.http('GET', '/scim/v2/Schemas?startIndex=2&count=1&sortBy=id&attributes=id', :'token');
SELECT p, t.status('GET', p || '?filter=name%20eq%20%22User%22', :'token'), t.status('POST', p, :'token',
  '{}'), t.status('PUT', p, :'token', '{}'), t.status('PATCH', p, :'token', '{}'), t.status('DELETE', p,
  :'token')
  FROM unnest('{/scim/v2/ServiceProviderConfig,/scim/v2/ResourceTypes,/scim/v2/ResourceTypes/User,/scim/v2/Schemas,/scim/v2/Schemas/urn:ietf:params:scim:schemas:core:2.0:User}'::text[]) p;

SELECT scim_drop_directory('acme');
