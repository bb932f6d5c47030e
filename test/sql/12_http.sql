-- scim_http: one request in, status, headers and body out (RFC 7644 section 3). test/http drives it at length.
\a \t
\set VERBOSITY sqlstate
SELECT (scim_create_directory('acme')).name, (scim_create_directory('other')).name;
SELECT scim_issue_token('acme', 'all') AS token, scim_issue_token('acme', 'r', '{read}') AS reader,
  scim_issue_token('acme', 'w', '{write}') AS writer, scim_issue_token('other', 'o') AS other \gset

-- The life of a user: 201, 200, 200, 200, 204, 404, with Location and ETag (POST-01, GET-04, ETAG-01, ETAG-08, DEL-01).
SELECT * FROM t.http('POST', '/scim/v2/Users', :'token',
  '{"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": "bjensen"}');
SELECT id FROM scim_search('acme', 'User') \gset
SELECT * FROM t.http('GET', '/scim/v2/Users/' || :'id', :'token');
SELECT * FROM t.http('PUT', '/scim/v2/Users/' || :'id', :'token', '{"userName": "bjensen", "title": "T"}');
SELECT * FROM t.http('PATCH', '/scim/v2/Users/' || :'id', :'token',
  t.patch('{"op": "remove", "path": "title"}')::text);
SELECT * FROM t.http('DELETE', '/scim/v2/Users/' || :'id', :'token');
SELECT * FROM t.http('GET', '/scim/v2/Users/' || :'id', :'token');

-- Groups answer a PATCH with 200; large ones with 204, unless attributes is given (PATCH-15).
SELECT status FROM t.http('POST', '/scim/v2/Groups', :'token', '{"displayName": "g"}');
SELECT id AS gid FROM scim_search('acme', 'Group') \gset
SELECT * FROM t.http('PATCH', '/scim/v2/Groups/' || :'gid', :'token',
  t.patch('{"op": "replace", "path": "displayName", "value": "h"}')::text);
SELECT * FROM t.http('PATCH', '/scim/v2/Groups/' || :'gid' || '?attributes=displayName', :'token',
  t.patch('{"op": "replace", "path": "displayName", "value": "i"}')::text);
SELECT scim_alter_directory('acme', settings => '{"answer_group_patch": 1}');
SELECT status FROM t.http('PATCH', '/scim/v2/Groups/' || :'gid', :'token',
  t.patch('{"op": "replace", "path": "displayName", "value": "j"}')::text);
SELECT scim_create_user('acme', '{"userName": "member of g"}') ->> 'id' AS mid \gset
SELECT status, body FROM t.http('PATCH', '/scim/v2/Groups/' || :'gid', :'token',
  t.patch(jsonb_build_object('op', 'add', 'path', 'members', 'value',
    jsonb_build_array(jsonb_build_object('value', :'mid'))))::text);
SELECT scim_delete_user('acme', :'mid');

-- Lists (QRY-01 to QRY-03, PAGE-01 to PAGE-05).
SELECT count(scim_create_user('acme', jsonb_build_object('userName', 'user' || i)))
  FROM generate_series(1, 5) i;
CREATE FUNCTION t.page(query text, token text) RETURNS text LANGUAGE sql AS $$
  SELECT concat_ws(' ', status, body::jsonb ->> 'scimType', 'total ' || (body::jsonb ->> 'totalResults'),
    'start ' || (body::jsonb ->> 'startIndex'), 'items ' || (body::jsonb ->> 'itemsPerPage'),
    (SELECT string_agg(r ->> 'userName', ',') FROM jsonb_array_elements(body::jsonb -> 'Resources') r))
      FROM t.http('GET', '/scim/v2/Users' || query, token) $$;
SELECT q, t.page(q, :'token') FROM unnest(ARRAY['', '?', '?startIndex=1&count=2', '?startIndex=3&count=2',
  '?startIndex=5&count=2', '?startIndex=6', '?startIndex=99', '?startIndex=0&count=1',
  '?startIndex=-7&count=1', '?count=0', '?count=-1', '?count=1000000',
  '?startIndex=x', '?count=1.5', '?count=', '?count=99999999999999999999', '?startIndex=9223372036854775807',
    '?count=1&count=2', '?filter=userName+eq+%22USER3%22', '?filter=userName%20eq%20%22none%22',
    '?filter=userName+eq+%22user3%22&count=0',
  '?filter=userName%20sw%20%22user%22&startIndex=4', '?filter=userName%20eq', '?filter=%22', '?filter=',
    '?unknown=1&filter=userName%20eq%20%22user1%22', '?FILTER=userName%20eq%20%22user1%22', '?count=%zz',
    '?filter=%00', '?filter=%ff']) WITH ORDINALITY AS x(q, n) ORDER BY n;
SELECT scim_alter_directory('acme', settings => '{"max_page_size": 2, "default_page_size": 1}');
SELECT t.page('', :'token'), t.page('?count=5', :'token');
SELECT scim_alter_directory('acme', settings => '{"max_page_size": null, "default_page_size": null}');

-- POST .search (RFC 7644 section 3.4.3).
CREATE FUNCTION t.search(message text, token text) RETURNS text LANGUAGE sql AS $$
  SELECT concat_ws(' ', status, body::jsonb ->> 'scimType', 'total ' || (body::jsonb ->> 'totalResults'),
    'items ' || (body::jsonb ->> 'itemsPerPage')) FROM t.http('POST', '/scim/v2/Users/.search', token,
    message) $$;
SELECT m, t.search(CASE WHEN m LIKE '{"x%' OR m = '{}' THEN regexp_replace(m, '^\{("x")?',
  '{"schemas": ["urn:ietf:params:scim:api:messages:2.0:SearchRequest"]' || CASE WHEN m = '{}' THEN ''
  ELSE ', "x"' END) ELSE m END, :'token')
FROM unnest(ARRAY['{}', '{"x": 1, "filter": "userName eq \"user1\""}', '{"x": 1, "startIndex": 2, "count": 2}',
  '{"x": 1, "count": -1}', '{"x": 1, "count": "2"}', '{"x": 1, "startIndex": 1.5}', '{"x": 1, "filter": 1}',
  '{"x": 1, "filter": "userName"}',
  '{"x": 1, "attributes": "userName"}', '{"x": 1, "attributes": [1]}',
    '{"x": 1, "attributes": ["userName"], "excludedAttributes": ["emails"]}', '{"filter": "userName pr"}',
    '{"schemas": ["urn:none"]}', '[]', 'nothing', '']) WITH ORDINALITY AS x(m, n) ORDER BY n;

-- Conditional requests (RFC 7644 section 3.14; ETAG-03 to ETAG-07).
SELECT id FROM scim_search('acme', 'User', 'userName eq "user1"') \gset
SELECT h, t.status('GET', '/scim/v2/Users/' || :'id', :'token', NULL, ARRAY['if-none-match', h])
  FROM unnest(ARRAY['W/"1"', '"1"', '*', '"9", W/"1"', 'W/"2"', 'x']) AS h;
SELECT * FROM t.http('GET', '/scim/v2/Users/' || :'id', :'token', NULL, ARRAY['if-none-match', 'W/"1"']);
SELECT h, t.status('PUT', '/scim/v2/Users/' || :'id', :'token', '{"userName": "user1"}', ARRAY['if-match', h])
  FROM unnest(ARRAY['W/"1"', '"1"', '*', '"9", W/"1"', 'W/"2"', '"1', '""']) AS h;
SELECT t.status('PATCH', '/scim/v2/Users/' || :'id', :'token',
  t.patch('{"op": "add", "path": "title", "value": "x"}')::text, ARRAY['if-match', 'W/"2"']),
       t.status('DELETE', '/scim/v2/Users/' || :'id', :'token', NULL, ARRAY['if-match', 'W/"2"']);

-- HEAD is a GET; the bridge leaves the body out (RFC 9110 section 9.3.2).
SELECT status, headers FROM t.http('HEAD', '/scim/v2/Users/' || :'id', :'token');
SELECT t.status('HEAD', '/scim/v2/Users', :'token'), t.status('HEAD', '/scim/v2/ServiceProviderConfig', NULL),
  t.status('HEAD', '/scim/v2/nothing', :'token');

-- Media types (MT-02 to MT-06, MT-13).
CREATE FUNCTION t.media(name text, value text, token text) RETURNS text LANGUAGE sql AS $$
  SELECT status || ' ' || (headers ->> 'Content-Type')
    FROM t.send(CASE name WHEN 'accept' THEN 'GET' ELSE 'PUT' END, '/scim/v2/Users/' || (SELECT id
    FROM scim_search('acme', 'User', 'userName eq "user2"')), token,
    CASE name WHEN 'accept' THEN '' ELSE '{"userName": "user2"}'::bytea END, ARRAY[name, value]) $$;
SELECT a, t.media('accept', a, :'token') FROM unnest(ARRAY['application/scim+json', 'application/json', '*/*',
  'application/*', 'application/json, application/scim+json',
  'application/json;q=0.9, application/scim+json;q=0.1', 'APPLICATION/JSON', 'text/html',
  'text/html, */*;q=0.1',
  'application/scim+json;q=0', 'application/scim+json;charset=utf-8', 'application/json; q=0, */*',
    '']) WITH ORDINALITY AS x(a, n) ORDER BY n;
SELECT a, t.media('content-type', a, :'token') FROM unnest(ARRAY['application/scim+json', 'application/json',
  'application/scim+json; charset=utf-8', 'Application/JSON;charset="UTF-8"', 'text/json', 'application/xml',
  'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'application/scim+jsonx', '',
  'application']) WITH ORDINALITY AS x(a, n) ORDER BY n;

-- Credentials (OAB-01 to OAB-03, AUTH-04): 401 with a challenge, the same for all that is wrong with them; 403 for a missing scope.
SELECT headers, body FROM t.http('GET', '/scim/v2/Users', NULL);
SELECT headers, body FROM t.http('GET', '/scim/v2/Users', 'x');
SELECT h, (SELECT concat_ws(' ', s.status, s.headers ->> 'WWW-Authenticate')
  FROM t.send('GET', '/scim/v2/Users', NULL, '', ARRAY['authorization', replace(h, '%', :'token')]) s)
  FROM unnest(ARRAY['Bearer %', 'bearer %', 'BEARER   %', 'Bearer', 'Bearer ', 'Bearer %x', 'Basic %', '%',
    'Bearer % %', 'Bearer %,', '']) WITH ORDINALITY AS x(h, n) ORDER BY n;
SELECT t.status('GET', '/scim/v2/Users?access_token=' || :'token', NULL);
SELECT m, t.status(m, u || CASE WHEN u = '/scim/v2/Users' OR u LIKE '%.search' THEN '' ELSE :'id' END,
  :'reader', '{}'), t.status(m, u || CASE WHEN u = '/scim/v2/Users' OR u LIKE '%.search' THEN ''
  ELSE :'id' END, :'writer', '{}')
  FROM (VALUES ('GET', '/scim/v2/Users'), ('GET', '/scim/v2/Users/'), ('POST', '/scim/v2/Users'), ('POST',
    '/scim/v2/Users/.search'), ('PUT', '/scim/v2/Users/'), ('PATCH', '/scim/v2/Users/'), ('HEAD',
    '/scim/v2/Users')) AS x(m, u);
SELECT t.status('DELETE', '/scim/v2/Users/' || :'id', :'reader'), t.status('GET', '/scim/v2/Schemas',
  :'reader');
SELECT headers, body FROM t.http('DELETE', '/scim/v2/Users/' || :'id', :'reader');

-- The directory is the token's; a path that names another is refused like a bad token (TEN-02).
SELECT p, t.status('GET', p || '/Users', :'token'), t.status('GET', p || '/Users', :'other'), t.status('GET',
  p || '/Users', NULL), t.status('GET', p || '/Schemas', NULL), t.status('GET', p || '/Schemas', :'other')
  FROM unnest(ARRAY['/scim/v2', '/scim', '/acme/scim/v2', '/acme/scim', '/other/scim/v2', '/nowhere/scim/v2',
    '/ACME/scim/v2', '/%61cme/scim/v2', '/scim/v1', '/scim/v3', '/acme/scim/v1.1', '/a/b/scim/v2', '//scim/v2',
    '/v2', '']) WITH ORDINALITY AS x(p, n) ORDER BY n;
SELECT status, body::jsonb ->> 'detail' FROM t.http('GET', '/other/scim/v2/Users', :'token');
SELECT t.status('GET', '/other/scim/v2/Users/' || :'id', :'other'), t.status('GET',
  '/scim/v2/Groups/' || :'id', :'token');

-- A disabled directory serves nobody (403), and works again at once.
SELECT scim_alter_directory('acme', enabled => false);
SELECT t.status('GET', '/scim/v2/Users', :'token'), t.status('POST', '/scim/v2/Users', :'token',
  '{"userName": "x"}'), t.status('GET', '/scim/v2/Schemas', :'token'), t.status('GET', '/scim/v2/Users',
  :'other');
SELECT scim_alter_directory('acme', enabled => true);
SELECT t.status('GET', '/scim/v2/Users', :'token');

-- Paths: one trailing slash, percent escapes in ids, letters as they are (URL-10); 404, 405 with Allow, 501 (URL-05 to URL-07).
SELECT m, left(p, 40), (SELECT concat_ws(' ', status, headers::jsonb ->> 'Allow')
  FROM t.http(m, '/scim/v2' || p, :'token', CASE WHEN m = 'GET' THEN NULL ELSE '{}' END))
  FROM (VALUES ('GET', '/Users/'), ('GET', '/users'), ('GET', '/Users//'), ('GET', '//Users'), ('GET',
    '/Users/x/y'), ('GET', '/Nothing'), ('GET', '/Schemas/urn:none'), ('GET', '/ResourceTypes/Nothing'),
    ('GET', '/Schemas/a/b'),
    ('GET', ''), ('GET', '/'), ('GET', '/Me'), ('POST', '/Bulk'), ('POST', '/.search'), ('GET', '/Bulk'),
      ('PUT', '/Users'), ('DELETE', '/Users'), ('PATCH', '/Users'), ('POST', '/Users/x'), ('GET',
      '/Users/.search'),
    ('POST', '/Schemas'), ('DELETE', '/Schemas/x'), ('PUT', '/ServiceProviderConfig'), ('OPTIONS', '/Users'),
      ('get', '/Users'), ('TRACE', '/Users'), ('', '/Users'), ('GET', '/Users/%zz'), ('GET', '/Users/%00'),
      ('GET', '/Users/%ff'),
    ('GET', '/Users/..%2fGroups'), ('GET', '/Users/../Groups'), ('GET', '/Users/' || repeat('x', 10000)),
      ('GET', '/1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16/17/18')) AS x(m, p);
SELECT t.status('GET', '/scim/v2/Users/' || replace(:'id', '-', '%2D'), :'token'), t.status('GET',
  '/scim/v2/Users/' || :'id' || '/', :'token'), t.status('GET', '/scim/v2/Users/' || upper(:'id'), :'token');
SELECT t.status('GET', t, :'token') FROM unnest(ARRAY['', 'x', '*', 'http://scim.test/scim/v2/Users',
  '?filter=x', '/scim/v2/Users#x', '/scim/v2/Users?a=%', 'scim/v2/Users']) AS t;

-- Locations are made of scheme, authority and the path that the client used (ID-09, URL-11).
SELECT t.mask(s.headers ->> 'Location') FROM t.send('GET', '/acme/scim/Users/' || :'id', :'token', '', '{}') s;
SELECT (h.body::jsonb -> 'meta' ->> 'location') = (jsonb_object(h.headers) ->> 'Location'),
  t.mask(jsonb_object(h.headers) ->> 'Location')
  FROM scim_http('GET', '/scim/v2/Users/' || :'id', ARRAY[':scheme', 'http', ':authority', 'localhost:8080',
    'authorization', 'Bearer ' || :'token'], '') h;

-- Odd calls: no headers, an odd number of them, nulls.
SELECT status FROM scim_http('GET', '/scim/v2/Users', '{}', '');
SELECT status FROM scim_http('GET', '/scim/v2/Schemas', '{:scheme}', '');
SELECT status FROM scim_http(NULL, '/scim/v2/Users', '{}', '');
SELECT status FROM scim_http('GET', '/scim/v2/Users', '{:scheme,NULL}', '');
SELECT status FROM scim_http('GET', '/scim/v2/Users', '{{a,b},{c,d}}', '');

DROP FUNCTION t.page, t.search, t.media;
SELECT scim_drop_directory('acme'), scim_drop_directory('other');
