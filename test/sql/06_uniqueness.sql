-- Unique values: userName per directory, without case, in all its spellings (USR-01, FLT-33, PRECIS-WIDTH).
\a \t
\set VERBOSITY sqlstate
SELECT (scim_create_directory('acme')).name, (scim_create_directory('other')).name;

-- Creates each name in turn: which of them count as taken?
CREATE FUNCTION t.taken(VARIADIC names text[]) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  name text;
  result text := '';
BEGIN
  FOREACH name IN ARRAY names LOOP
    BEGIN
      PERFORM scim_create_user('acme', jsonb_build_object('userName', name));
      result := result || ' new';
    EXCEPTION WHEN SQLSTATE 'SCT03' THEN
      result := result || ' taken';
    END;
  END LOOP;
  PERFORM scim_delete_user('acme', id) FROM scim_search('acme', 'User');
  RETURN result;
END
$$;
SELECT t.taken('bjensen', 'bjensen', 'BJensen', 'BJENSEN', 'bjensen ', 'bjensen2');
SELECT t.taken('åsa', 'ÅSA', U&'a\030asa', U&'A\030ASA', 'asa');               -- composed, decomposed
SELECT t.taken('Ωmega', 'ωmega', U&'\2126mega');                               -- ohm sign
SELECT t.taken('kelvin', U&'\212Aelvin', 'KELVIN');                            -- kelvin sign
SELECT t.taken('σίσυφος', 'ΣΊΣΥΦΟΣ', 'σίσυφοσ');                               -- final sigma
SELECT t.taken('straße', 'STRASSE', 'STRAẞE', 'strasse');                      -- simple folding: ss is not ß
SELECT t.taken('admin', U&'\FF41\FF44\FF4D\FF49\FF4E', U&'\FF21dmin');         -- full-width letters
SELECT t.taken('istanbul', 'ISTANBUL', U&'\0130stanbul', U&'\0131stanbul');    -- no locale's dotless i
SELECT t.taken('admin', U&'\0430dmin', U&'admi\043F');                         -- Cyrillic look-alikes are others
SELECT t.taken('ДМИТРИЙ', 'дмитрий'), t.taken(U&'\+010400x', U&'\+010428x');   -- beyond ASCII and beyond the BMP
SELECT t.taken('a%', 'a_', 'ab', 'a\b', 'a"b', 'a''b', '''; DROP TABLE scim.resource; --');

-- On replace and patch too, against others and not against itself (PUT-09, PATCH-47).
SELECT scim_create_user('acme', '{"userName": "one"}') ->> 'id' AS one, scim_create_user('acme', '{"userName": "two"}') ->> 'id' AS two \gset
SELECT scim_replace_user('acme', :'two', '{"userName": "ONE"}');
SELECT scim_patch_user('acme', :'two', t.patch('{"op": "replace", "path": "userName", "value": "ONE"}'));
SELECT scim_patch_user('acme', :'two', t.patch('{"op": "replace", "value": {"userName": "ONE"}}'));
SELECT t.show(scim_get_user('acme', :'two'));
SELECT t.show(scim_patch_user('acme', :'two', t.patch('{"op": "replace", "path": "userName", "value": "TWO"}'))); -- the case as sent (CASE-KEEP)
SELECT t.show(scim_replace_user('acme', :'one', '{"userName": "one"}'));
-- A swap needs a third name, as the names change one after the other.
SELECT t.show(scim_patch_user('acme', :'one', t.patch('{"op": "replace", "path": "userName", "value": "three"}')));
SELECT t.show(scim_patch_user('acme', :'two', t.patch('{"op": "replace", "path": "userName", "value": "one"}')));

-- Another directory, and another type, have names of their own (TEN-04).
SELECT t.show(scim_create_user('other', '{"userName": "one"}')), t.show(scim_create_group('acme', '{"displayName": "one"}'));

-- externalId is the client's business: not unique (ID-05).
SELECT t.show(scim_create_user('acme', '{"userName": "e1", "externalId": "x"}')), t.show(scim_create_user('acme', '{"userName": "e2", "externalId": "x"}'));

-- Over HTTP: 409 uniqueness, and the failed request leaves nothing.
SELECT scim_issue_token('acme', 't') AS token \gset
SELECT status, body FROM t.http('POST', '/scim/v2/Users', :'token', '{"userName": "E1", "title": "x"}');
SELECT t.find('acme', 'title pr'), t.find('acme', 'userName eq "e1"');

-- Keys have an end, since they are in an index: 1024 bytes of the comparison key.
SELECT scim_create_user('acme', jsonb_build_object('userName', repeat('x', 1024))) ->> 'active';
SELECT scim_create_user('acme', jsonb_build_object('userName', repeat('x', 1025)));
SELECT scim_create_user('acme', jsonb_build_object('userName', 'ext', 'externalId', repeat('ü', 512))) ->> 'active';
SELECT scim_create_user('acme', jsonb_build_object('userName', 'ext2', 'externalId', repeat('ü', 513)));

DROP FUNCTION t.taken;
SELECT scim_drop_directory('acme'), scim_drop_directory('other');
