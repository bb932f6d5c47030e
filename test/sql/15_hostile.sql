-- Hostile input: the proper error, nothing stored, never an internal error.
\a \t
\set VERBOSITY sqlstate
SELECT (scim_create_directory('acme')).name, (scim_create_directory('strict', profile => 'strict')).name;
SELECT scim_issue_token('acme', 't') AS token \gset

-- A body in bytes, to the answer's status and scimType.
CREATE FUNCTION t.post(token text, body bytea) RETURNS text LANGUAGE sql AS $$
  SELECT concat_ws(' ', s.status, s.body::jsonb ->> 'scimType')
    FROM t.send('POST', '/scim/v2/Users', token, body, '{content-type,application/scim+json}') AS s $$;
CREATE FUNCTION t.posts(token text, VARIADIC bodies text[]) RETURNS TABLE (body text,
  answer text) LANGUAGE sql AS $$
  SELECT left(b, 70), t.post(token, convert_to(b, 'UTF8')) FROM unnest(bodies) WITH ORDINALITY AS x(b, n)
    ORDER BY n $$;

-- Not JSON (MT-11).
SELECT * FROM t.posts(:'token', '', ' ', '{', '}', '{]', '{"userName"}', '{"userName":}', '{"userName":"x",}',
  '{"userName":"x"}}', '{"userName":"x"} x', '{''userName'':"x"}', '{userName:"x"}', '{"userName":x}',
  '{"userName":NaN}', '{"userName":Infinity}',
  '{"userName":01}', '{"userName":"x', '{"userName":"\x"}', '{"userName":"\u12"}', E'{"userName":"a\nb"}',
    E'{"userName":"a\tb"}', '// comment', '{"userName":"x"/**/}', '<user/>', 'userName=x', '[1,2', '"', '\',
    'nul', 'TRUE');
-- JSON, but no object.
SELECT * FROM t.posts(:'token', '[]', '"userName"', 'null', 'true', '1', '[{"userName":"x"}]');

-- Bytes that are no UTF-8, NUL in any form, a byte order mark (MT-12).
SELECT encode(b, 'hex'), t.post(:'token', b) FROM unnest(ARRAY['\x7b22757365724e616d65223a22ff227d',
  '\x7b22757365724e616d65223a22c0af227d', '\x7b22757365724e616d65223a22eda080227d',
  '\x7b22757365724e616d65223a22f8888080227d',
  '\x7b22757365724e616d65223a22e282227d', '\x7b22757365724e616d65223a22f4908080227d',
    '\x7b22757365724e616d65223a226100227d', '\x00', '\x7b00', '\xefbbbf7b22757365724e616d65223a2278227d',
    '\xff', '\xfeff007b007d']::bytea[]) WITH ORDINALITY AS x(b, n) ORDER BY n;
SELECT * FROM t.posts(:'token', '{"userName":"\u0000"}', '{"\u0000":"x","userName":"x"}',
  '{"userName":"x","title":"a\u0000b"}', '{"userName":"\ud83d"}', '{"userName":"\ude00"}',
  '{"userName":"\ude00\ud83d"}', '{"userName":"\ud83dx"}', '{"userName":"\ud83d\ud83d"}',
  '{"\ud83d":1,"userName":"x"}');
SELECT (s.body::jsonb ->> 'userName') = '😀' FROM t.send('POST', '/scim/v2/Users', :'token',
  '{"userName":"\\ud83d\\ude00"}', '{content-type,application/scim+json}') AS s;

-- Duplicate names, also in another case, at any depth; jsonb alone would keep the last one.
SELECT * FROM t.posts(:'token', '{"userName":"x","userName":"y"}', '{"userName":"x","USERNAME":"y"}',
  '{"userName":"x","username":"x"}', '{"userName":"x","name":{"givenName":"a","GivenName":"b"}}',
  '{"userName":"x","emails":[{"value":"a","value":"b"}]}',
  '{"userName":"x","\u0075serName":"y"}', '{"userName":"x","other":{"a":1,"A":2}}',
    '{"schemas":[],"SCHEMAS":[],"userName":"x"}', '{"userName":"x","":1," ":2}',
    '{"userName":"d1","é":1,"É":2}');

-- Numbers far out.
SELECT * FROM t.posts(:'token', '{"userName":"n1","x":1e400}', '{"userName":"n2","x":1e401}',
  '{"userName":"n3","x":-1e-400}', '{"userName":"n4","x":1e999999999999}',
  '{"userName":"n5","x":1E+99999999999999999999}', '{"userName":"n6","x":' || repeat('9', 400) || '}',
  '{"userName":"n7","x":' || repeat('9', 401) || '}', '{"userName":"n8","x":0.' || repeat('0', 10000) || '1}',
    '{"userName":9223372036854775808}', '{"userName":"n9","active":1e400}');

-- Depth, at the limit and beyond (32 by default); brackets in strings do not count.
SELECT t.post(:'token', convert_to('{"userName":"deep1","x":' || repeat('[', 31) || repeat(']', 31) || '}',
  'UTF8')), t.post(:'token', convert_to('{"userName":"deep2","x":' || repeat('[', 32) || repeat(']', 32)
  || '}', 'UTF8')),
       t.post(:'token', convert_to('{"userName":"deep3","x":' || repeat('{"a":', 31) || '1' || repeat('}', 31)
         || '}', 'UTF8')), t.post(:'token', convert_to('{"userName":"deep4","x":' || repeat('{"a":', 32) || '1'
         || repeat('}', 32) || '}', 'UTF8')),
       t.post(:'token', convert_to(repeat('[', 1000000), 'UTF8')), t.post(:'token',
         convert_to(repeat('{"a":', 200000), 'UTF8')), t.post(:'token',
         convert_to('{"userName":"deep5","x":"' || repeat('[{', 1000) || '"}', 'UTF8'));

-- Size (1 MiB), names (256 bytes), values of one attribute, at the limit and beyond.
SELECT t.post(:'token', convert_to('{"userName":"big1"' || repeat(' ', 1048576 - 19) || '}', 'UTF8')),
  t.post(:'token', convert_to('{"userName":"big2"' || repeat(' ', 1048576 - 18) || '}', 'UTF8')),
  t.post(:'token', convert_to(repeat('x', 1048577), 'UTF8'));
SELECT t.post(:'token', convert_to(format('{"userName":"name1","%s":1}', repeat('x', 256)), 'UTF8')),
  t.post(:'token', convert_to(format('{"userName":"name2","%s":1}', repeat('x', 257)), 'UTF8')),
  t.post(:'token', convert_to(format('{"userName":"name3","x":{"%s":1}}', repeat('é', 129)), 'UTF8'));
SET scim.max_values = 3;
SELECT * FROM t.posts(:'token', '{"userName":"v1","x":[1,2,3]}', '{"userName":"v2","x":[1,2,3,4]}',
  '{"userName":"v3","emails":[{"value":"1"},{"value":"2"},{"value":"3"}]}',
  '{"userName":"v4","emails":[{"value":"1"},{"value":"2"},{"value":"3"},{"value":"4"}]}');
RESET scim.max_values;
SET scim.max_json_depth = 2;
SELECT * FROM t.posts(:'token', '{"userName":"d2","x":[]}', '{"userName":"d3","x":[[]]}');
RESET scim.max_json_depth;
SET scim.max_body_size = 10;
SELECT * FROM t.posts(:'token', '{"a": "b"}', '{"a": "bc"}');
RESET scim.max_body_size;

-- Long values: stored, or refused where an index has them.
SELECT a, t.post(:'token', convert_to(jsonb_build_object('userName', 'long' || a, a,
  (SELECT string_agg(md5(i::text), '') FROM generate_series(1, 1000) i))::text, 'UTF8'))
FROM unnest('{title,nickName,externalId}'::text[]) AS a;
SELECT t.post(:'token', convert_to(jsonb_build_object('userName', 'longdisplay', 'displayName',
  (SELECT string_agg(md5(i::text), '') FROM generate_series(1, 1000) i))::text, 'UTF8'));
SELECT t.post(:'token', convert_to(jsonb_build_object('userName', (SELECT string_agg(md5(i::text), '')
  FROM generate_series(1, 1000) i))::text, 'UTF8'));
SELECT status FROM t.http('POST', '/scim/v2/Groups', :'token',
  (SELECT jsonb_build_object('displayName', string_agg(md5(i::text), ''))::text
  FROM generate_series(1, 1000) i));
SELECT t.post(:'token', convert_to(jsonb_build_object('userName', 'longlist', 'emails',
  (SELECT jsonb_agg(jsonb_build_object('value', i)) FROM (SELECT i::text
  FROM generate_series(1, 5000) i) AS x))::text, 'UTF8'));
SELECT t.find('acme', 'userName sw "long"');

-- Text that means something elsewhere is text: SQL, JSON paths, regular expressions, formats, control and bidi signs.
CREATE TABLE t.odd AS SELECT v FROM unnest(ARRAY['x''); DROP TABLE scim.resource; --', '$.**', '.*', '%s%n%x',
  '../../etc/passwd', '<script>alert(1)</script>', U&'\202Eabc', U&'\200D', E'a\x01b', '${jndi:ldap://x}',
  '{{id}}', '"quoted"', '\\', 'null', 'true', '{}', '[]']) AS v;
SELECT t.post(:'token', convert_to(jsonb_build_object('userName', v, 'displayName', v)::text, 'UTF8')),
  count(*) FROM t.odd GROUP BY 1;
SELECT v FROM t.odd WHERE (SELECT count(*) FROM scim_search('acme', 'User',
  format('displayName eq %s and userName eq %1$s', to_jsonb(v)::text)) AS s
  WHERE resource ->> 'displayName' = v) <> 1;

-- By SQL the same checks hold: jsonb has lost duplicates already, but not depth, names and size.
SELECT scim_create_user('acme', ('{"userName":"sql1","x":' || repeat('[', 32) || repeat(']', 32)
  || '}')::jsonb);
SELECT scim_create_user('acme', jsonb_build_object('userName', 'sql2', repeat('x', 257), 1));
SELECT scim_create_user('acme', jsonb_build_object('userName', 'sql3', 'USERNAME', 'x'));
SELECT scim_create_user('acme', '{"userName":"sql4","x":1e401}');
SELECT scim_patch_user('acme', 'x', t.patch(('{"op":"add","value":{"x":' || repeat('[', 32) || repeat(']', 32)
  || '}}')::jsonb));

-- Filters, ids, attribute lists and If-Match of many kinds end in one of our errors.
CREATE FUNCTION t.state(statement text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE statement;
  RETURN 'ok';
EXCEPTION WHEN OTHERS THEN
  RETURN SQLSTATE;
END
$$;
SELECT DISTINCT t.state(format('SELECT scim_search(''acme'', ''User'', %L)', v)),
  t.state(format('SELECT scim_get(''acme'', ''User'', %L)', v)),
  t.state(format('SELECT scim_search(''acme'', %L)', v)),
  t.state(format('SELECT scim_search(''acme'', ''User'', attributes => %L)', v)),
  t.state(format('SELECT scim_get_user(%L, ''x'')', v)), t.state(format('SELECT scim_verify_token(%L)', v))
FROM unnest(ARRAY[repeat('x', 100000), repeat('(', 8000), repeat('[', 8000), repeat('a.', 4000), repeat(',',
  8000), repeat('"', 8001), repeat(E'\\', 8000), repeat('not ', 2000), U&'\FEFF', '😀', E'\x01', ' x', '-',
  '''', '$1', 'é', '*', '%']) AS v ORDER BY 1, 2, 3, 4;
SELECT h, t.status('PUT', '/scim/v2/Users/' || id, :'token', '{}', ARRAY['if-match', h]) FROM (SELECT id
  FROM scim_search('acme', 'User', count => 1)) u,
  unnest(ARRAY['W/', '"', 'W/"1', '"1" "1"', '*,*', '* x', '"é"', 'w/"1"', '1 2', ',', '"1";']) AS h;

-- No body, no directory, no page that is too far.
SELECT count(*) FROM scim_search('acme', 'User', start_index => 9223372036854775807);
SELECT count(*) FROM scim_search('acme', 'User', start_index => -9223372036854775808, count => 1);
SELECT count(*) FROM scim_search('acme', 'User', count => -9223372036854775808);
SELECT count(*) > 0 FROM scim_search('acme', 'User', count => 9223372036854775807);
SELECT count(*) FROM scim_search('acme', 'User', 'userName pr', start_index => 9223372036854775807,
  count => 9223372036854775807);

-- What is there is what was answered with 201, and nothing else.
SELECT count(*) FROM scim.resource r JOIN scim.directory d USING (directory_id) WHERE d.name = 'acme'
  AND r.user_name ~ '^(y$|sql|n[24578]|v[24]|d3|big2|name[23]|deep[24])';
SELECT count(*) FROM scim.resource r JOIN scim.directory d USING (directory_id) WHERE d.name = 'strict';

DROP TABLE t.odd;
DROP FUNCTION t.post, t.posts, t.state;
SELECT scim_drop_directory('acme'), scim_drop_directory('strict');
