-- attributes and excludedAttributes (RFC 7644 sections 3.4.2.5 and 3.9).
\a \t
\set VERBOSITY sqlstate
SELECT (scim_create_directory('acme')).name;
SELECT scim_create_user('acme', '{"userName": "u", "displayName": "U", "name": {"givenName": "G", "familyName": "F"}, "active": true, "password": "s3cret",
  "emails": [{"value": "w@x", "type": "work"}, {"value": "h@x", "type": "home"}],
  "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "D", "manager": {"value": "42"}}}') ->> 'id' AS id \gset
SELECT scim_create_group('acme', jsonb_build_object('displayName', 'g', 'members',
  jsonb_build_array(jsonb_build_object('value', :'id')))) ->> 'id' AS gid \gset

-- Exactly the members of the answer, at both levels.
CREATE FUNCTION t.names(resource jsonb) RETURNS text LANGUAGE sql AS $$
  SELECT string_agg(k || CASE jsonb_typeof(v) WHEN 'object' THEN (SELECT '(' || string_agg(s, ' '
    ORDER BY s COLLATE "C") || ')' FROM jsonb_object_keys(v) s)
    WHEN 'array' THEN coalesce((SELECT '[' || string_agg(s, ' ' ORDER BY s COLLATE "C") || ']'
      FROM jsonb_object_keys(CASE jsonb_typeof(v -> 0) WHEN 'object' THEN v -> 0 END) s), '') ELSE '' END, ' '
      ORDER BY k COLLATE "C")
  FROM jsonb_each(resource) AS e(k, v)
$$;
SELECT a, t.names(scim_get('acme', 'User', :'id', attributes => a))
  FROM unnest(ARRAY[NULL, '', 'userName', 'USERNAME', 'name', 'name.givenName',
  'NAME.GIVENNAME,name.familyName', 'emails', 'emails.value', ' userName , emails.type ',
  'urn:ietf:params:scim:schemas:core:2.0:User:displayName',
    'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User',
    'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department',
  'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.value', 'department', 'groups',
    'groups.value', 'meta', 'meta.location', 'id', 'schemas', 'nothing', 'nothing,userName', 'password',
    'password,userName', ',', ',,userName,',
  'nickName', 'name.nothing', 'userName.x', 'emails[type eq "work"]']) WITH ORDINALITY AS x(a, n) ORDER BY n;
SELECT a, t.names(scim_get('acme', 'User', :'id', excluded_attributes => a))
  FROM unnest(ARRAY[NULL, '', 'name', 'name.givenName', 'NAME.GIVENNAME,name.familyName', 'emails.value',
  'emails', 'id', 'schemas', 'meta', 'meta.created,META.lastModified', 'groups',
  'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User',
    'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager', 'department', 'userName', 'nothing',
    'id,schemas,userName,name,emails,active,displayName,groups,meta']) WITH ORDINALITY AS x(a, n) ORDER BY n;

-- Groups without their members (ATTS-08).
SELECT t.names(scim_get('acme', 'Group', :'gid')),
  t.names(scim_get('acme', 'Group', :'gid', excluded_attributes => 'members')),
  t.names(scim_get('acme', 'Group', :'gid', attributes => 'members.value')),
  t.names(scim_get('acme', 'Group', :'gid', attributes => 'displayName')),
    t.names(scim_get('acme', 'Group', :'gid', excluded_attributes => 'members.display'));

-- Both are too many (ATTS-05).
SELECT scim_get('acme', 'User', :'id', 'userName', 'emails');
SELECT scim_search('acme', 'User', attributes => 'userName', excluded_attributes => 'emails');

-- On lists, on each write and on .search (ATTS-03).
SELECT t.names(resource) FROM scim_search('acme', 'User', attributes => 'name.givenName');
SELECT t.names(resource) FROM scim_search('acme', 'User', 'userName eq "u"',
  excluded_attributes => 'emails,name,meta,groups');
SELECT scim_issue_token('acme', 't') AS token \gset
SELECT status, t.names(body::jsonb) FROM t.http('GET', '/scim/v2/Users/' || :'id' || '?attributes=userName',
  :'token');
SELECT status, t.names(body::jsonb) FROM t.http('GET', '/scim/v2/Users/' || :'id'
  || '?excludedAttributes=emails,name%2Cmeta', :'token');
SELECT status, t.names(body::jsonb -> 'Resources' -> 0)
  FROM t.http('GET', '/scim/v2/Users?attributes=emails.value', :'token');
SELECT status, t.names(body::jsonb -> 'Resources' -> 0)
  FROM t.http('GET', '/scim/v2/Groups?excludedAttributes=members', :'token');
SELECT status, t.names(body::jsonb) FROM t.http('POST', '/scim/v2/Users?attributes=userName', :'token',
  '{"userName": "v", "title": "T"}');
SELECT status, t.names(body::jsonb) FROM t.http('PUT', '/scim/v2/Users/' || :'id'
  || '?excludedAttributes=title,meta', :'token', '{"userName": "u", "title": "T"}');
SELECT status, t.names(body::jsonb) FROM t.http('PATCH', '/scim/v2/Users/' || :'id' || '?attributes=title',
  :'token', t.patch('{"op": "remove", "path": "title"}')::text);
SELECT status, t.names(body::jsonb) FROM t.http('PATCH', '/scim/v2/Groups/' || :'gid'
  || '?attributes=displayName', :'token', t.patch('{"op": "add", "path": "externalId", "value": "x"}')::text);
SELECT status, t.names(body::jsonb -> 'Resources' -> 0) FROM t.http('POST', '/scim/v2/Users/.search', :'token',
  '{"schemas": ["urn:ietf:params:scim:api:messages:2.0:SearchRequest"], "attributes": ["userName", "meta.location"], "filter": "userName eq \"v\""}');
SELECT t.status('GET', '/scim/v2/Users?attributes=userName&excludedAttributes=emails', :'token');
SELECT t.status('GET', '/scim/v2/Users?attributes=userName&attributes=emails', :'token');

DROP FUNCTION t.names;
SELECT scim_drop_directory('acme');
