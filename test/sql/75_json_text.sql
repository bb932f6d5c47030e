-- Answers are written straight from the bytes of stored documents: PostgreSQL, reading the text, must find what is
-- stored, of every kind and with whatever wants an escape at any place.
\a \t
SELECT FROM scim_create_directory('acme');
SELECT scim_issue_token('acme', 't') AS token \gset
SELECT scim_register_schema('acme', '{"id": "urn:example:all", "name": "All", "attributes": [
  {"name": "text"}, {"name": "flag", "type": "boolean"}, {"name": "whole", "type": "integer"}, {"name": "fraction", "type": "decimal"},
  {"name": "words", "multiValued": true}, {"name": "numbers", "type": "decimal", "multiValued": true}, {"name": "flags", "type": "boolean", "multiValued": true},
  {"name": "A-b_c$9"}, {"name": "place", "type": "complex", "subAttributes": [{"name": "room"}, {"name": "floor", "type": "integer"}, {"name": "open", "type": "boolean"}]},
  {"name": "cards", "type": "complex", "multiValued": true, "subAttributes": [{"name": "value"}, {"name": "level", "type": "decimal"}, {"name": "primary", "type": "boolean"}]}]}', 'User');

-- A user with these attributes of the extension; answered by SQL, by HTTP and within a page as it is stored, in text
-- without a bare control character.
CREATE FUNCTION pg_temp.written(token text, attributes jsonb) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  made text := scim_create_user('acme', jsonb_build_object('userName', 'u', 'urn:example:all', attributes)) ->> 'id';
  stored jsonb := (SELECT r.doc FROM scim.resource r WHERE r.id::text = made);
  one text := (SELECT body FROM scim_http('GET', '/scim/v2/Users/' || made, ARRAY['authorization', 'Bearer ' || token], ''));
  page text := (SELECT body FROM scim_http('GET', '/scim/v2/Users', ARRAY['authorization', 'Bearer ' || token], ''));
BEGIN
  PERFORM scim_delete_user('acme', made);
  RETURN CASE
    WHEN stored -> 'urn:example:all' IS DISTINCT FROM attributes THEN 'stored: ' || stored::text
    WHEN one::jsonb - '{id,schemas,meta}'::text[] <> stored THEN 'one: ' || one
    WHEN page::jsonb #- '{Resources,0,id}' #- '{Resources,0,schemas}' #- '{Resources,0,meta}' -> 'Resources' <> jsonb_build_array(stored) THEN 'page: ' || page
    WHEN one || page ~ '[\x01-\x1f]' THEN 'control character: ' || one
  END;
END $$;
CREATE FUNCTION pg_temp.words(VARIADIC words text[]) RETURNS jsonb LANGUAGE sql AS $$ SELECT jsonb_build_object('words', to_jsonb(words)) $$;

-- Each character that is escaped, and neighbours of those, at each place of words of eight bytes and of what is left over.
SELECT chr(c), w FROM unnest(ARRAY[1, 7, 8, 9, 10, 12, 13, 27, 31, 32, 33, 34, 35, 47, 91, 92, 93, 126, 127, 128, 159, 162, 220, 233, 768, 8232, 8364, 65535, 65536, 119070, 1114111]) AS c,
  pg_temp.written(:'token', (SELECT pg_temp.words(VARIADIC array_agg(repeat('x', p) || chr(c) || repeat('y', n)))
    FROM generate_series(0, 17) AS p, generate_series(0, 9) AS n)) AS w WHERE w IS NOT NULL;
-- All the bytes below 128, and pairs of what is escaped.
SELECT pg_temp.written(:'token', pg_temp.words((SELECT string_agg(chr(c), '' ORDER BY c) FROM generate_series(1, 127) AS c)));
SELECT pg_temp.written(:'token', (SELECT pg_temp.words(VARIADIC array_agg(repeat('x', p) || a || repeat('y', n) || b))
  FROM generate_series(0, 8) AS p, generate_series(0, 8) AS n, unnest(ARRAY['"', '\', E'\n', E'\x01', 'é']) AS a, unnest(ARRAY['"', '\', E'\n', E'\x1f', '𝄞']) AS b));
-- Long text: plain, all escapes, and with one at the end.
SELECT n, w FROM unnest(ARRAY[1000, 8191, 8192, 8193, 100000]) AS n, pg_temp.written(:'token', pg_temp.words(
  repeat('x', n), repeat('"', n), repeat('é\', n / 2), repeat('x', n) || E'\t', E'\\' || repeat('x', n))) AS w WHERE w IS NOT NULL;
-- NUL has no place in text.
SELECT status, body::jsonb ->> 'scimType' FROM scim_http('POST', '/scim/v2/Users', ARRAY['authorization', 'Bearer ' || :'token', 'content-type', 'application/json'],
  convert_to('{"userName": "n", "title": "a\u0000b"}', 'UTF8'));

-- Numbers.
SELECT n, w FROM unnest(ARRAY['0', '1', '-1', '2147483648', '-9223372036854775808', '0.1', '-0.000001', '1.10', '100.000', '12345678901234567890.12345678901234567890',
    '1e20', '1.5e-10', '9999', '10000', '100000000']::jsonb[]) AS n,
  pg_temp.written(:'token', jsonb_build_object('fraction', n, 'numbers', jsonb_build_array(n, 0.5), 'cards', jsonb_build_array(jsonb_build_object('value', 'c', 'level', n)))) AS w WHERE w IS NOT NULL;
SELECT n, w FROM unnest(ARRAY['0', '-1', '2147483647', '-9007199254740993']::jsonb[]) AS n,
  pg_temp.written(:'token', jsonb_build_object('whole', n, 'place', jsonb_build_object('floor', n))) AS w WHERE w IS NOT NULL;

-- Booleans, lists of each kind, objects in objects, lists of objects whose members differ, names with punctuation.
SELECT pg_temp.written(:'token', '{"flag": true}'), pg_temp.written(:'token', '{"flag": false, "flags": [true, false]}');
SELECT pg_temp.written(:'token', '{"text": "", "A-b_c$9": "x", "whole": 7, "words": ["", "a", "bb", "ccc", "dddd", "eeeee"],
  "place": {"room": "r\"1\"", "floor": -3, "open": false}, "cards": [{"value": "a"}, {"level": 1.5}, {"value": "c", "level": 2, "primary": true}, {"primary": false, "value": ""}]}');
-- Numbers lie on words of four bytes, so text before them of each length, in objects and in lists; and lists longer than what
-- keeps offsets for each entry.
SELECT n, w FROM generate_series(0, 9) AS n, pg_temp.written(:'token', jsonb_build_object('text', repeat('t', n), 'whole', n, 'fraction', 0.5 + n,
  'place', jsonb_build_object('room', repeat('r', n), 'floor', n), 'numbers', jsonb_build_array(n, n + 0.25),
  'cards', jsonb_build_array(jsonb_build_object('value', repeat('v', n), 'level', n), jsonb_build_object('level', n + 0.5)))) AS w WHERE w IS NOT NULL;
SELECT n, w FROM unnest(ARRAY[1, 31, 32, 33, 64, 65, 200]) AS n, pg_temp.written(:'token', (SELECT jsonb_build_object(
  'words', jsonb_agg(repeat('w', i % 11) || i), 'numbers', jsonb_agg(i * 1.5),
  'cards', jsonb_agg(jsonb_build_object('value', repeat('c', i % 7) || i, 'level', i))) FROM generate_series(1, n) AS i)) AS w WHERE w IS NOT NULL;

SELECT scim_drop_directory('acme');
