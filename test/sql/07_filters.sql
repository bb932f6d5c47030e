-- Filters (RFC 7644 section 3.4.2.2) through scim_search. test/cases holds the long list; here is each rule once.
\a \t
\set VERBOSITY sqlstate
SELECT (scim_create_directory('acme')).name;
SELECT count(scim_create_user('acme', u)) FROM (VALUES
  ('{"userName": "ann", "displayName": "Ann A", "title": "Guide", "active": true, "name": {"familyName": "Öberg"},
     "emails": [{"value": "ann@a.example", "type": "work", "primary": true}, {"value": "ann@home.example", "type": "home"}],
     "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "Tours", "manager": {"value": "42"}}}'::jsonb),
  ('{"userName": "bob", "displayName": "100% _\\ \"B\"", "active": false, "externalId": "B-1",
     "emails": [{"value": "bob@b.example", "type": "home"}, {"value": "bob@b.example.work", "type": "other"}]}'),
  ('{"userName": "cy", "title": "", "displayName": "100x y", "name": {"givenName": "Cy"}, "externalId": "b-1"}'),
  ('{"userName": "dee", "title": "guide 2", "name": {"familyName": "oberg"}, "emails": [{"value": "dee@a.example", "type": "WORK"}]}')) AS v(u);

-- Each operator, in any case (FLT-03, FLT-20).
SELECT f, t.find('acme', f) FROM unnest(ARRAY['userName eq "ANN"', 'userName ne "ann"', 'userName co "E"',
  'userName sw "b"', 'userName ew "Y"',
  'userName gt "bob"', 'userName ge "bob"', 'userName lt "bob"', 'userName le "bob"', 'title pr',
    'USERNAME EQ "ann"', 'username Sw "D"', 'title PR',
  'name.familyName EW "BERG"', 'displayName gt "100"', 'active eq true', 'active eq false', 'active ne true',
    'active eq "False"']) WITH ORDINALITY AS x(f, n) ORDER BY n;

-- A missing value: false, but for ne (FLT-32, NE-ABSENT); "" is a value and yet not present (EMPTY-STRING).
SELECT f, t.find('acme', f) FROM unnest(ARRAY['title eq "Guide"', 'title ne "Guide"', 'not (title eq "Guide")',
  'not (title ne "Guide")', 'title gt "a"',
  'not (title gt "a")', 'title eq null', 'title ne null', 'title eq ""', 'not (title pr)', 'emails pr',
    'not (emails pr)', 'name pr', 'active pr',
  'nickName eq "x" or not (nickName co "x")',
    'emails[type eq "work"] or not (emails[type eq "work"])']) WITH ORDINALITY AS x(f, n) ORDER BY n;

-- Precedence: not before and before or; brackets (FLT-04, FLT-08).
SELECT f, t.find('acme', f) FROM unnest(ARRAY['userName eq "ann" or userName eq "bob" and active eq true',
  '(userName eq "ann" or userName eq "bob") and active eq false',
  'not (userName eq "ann") and userName lt "c"', 'not(userName eq "ann" or userName eq "bob")',
    'not (not (userName eq "ann"))', 'userName eq "ann" AND active eq true OR userName eq "cy"',
  '((((userName eq "ann"))))']) WITH ORDINALITY AS x(f, n) ORDER BY n;

-- Multi-valued: any value; value paths: one and the same element (FLT-25, FLT-26, NE-MULTI, FLT-10).
SELECT f, t.find('acme', f) FROM unnest(ARRAY['emails co "home.example"', 'emails.value ew ".work"',
  'emails.type eq "work"', 'emails.type ne "work"', 'emails[type eq "work" and value co "a.example"]',
  'emails[type eq "home" and value ew ".work"]', 'emails.type eq "home" and emails.value ew ".work"',
    'emails[not (type eq "work")]', 'emails[type eq "home" or type eq "other"]', 'emails[primary eq true]',
  'emails[type eq "work"].value sw "ann"', 'emails[type eq "home"].value sw "dee"', 'emails[value pr]',
    'name[familyName sw "ö"]']) WITH ORDINALITY AS x(f, n) ORDER BY n;

-- caseExact as the schema says (FLT-24, ATTR-18), Unicode without a locale (FLT-33).
SELECT f, t.find('acme', f) FROM unnest(ARRAY['externalId eq "B-1"', 'externalId eq "b-1"',
  'externalId sw "B"', 'externalId gt "a"', 'name.familyName eq "ÖBERG"',
  'name.familyName eq "öberg"', 'name.familyName eq "OBERG"', 'id eq "x"', 'emails.type eq "Work"',
    U&'name.familyName eq "o\0308berg"']) WITH ORDINALITY AS x(f, n) ORDER BY n;

-- Quotes, backslash and the signs of LIKE and of regular expressions are plain characters (FLT-05, FLT-11, FLT-35).
SELECT f, t.find('acme', f) FROM unnest(ARRAY['displayName co "%"', 'displayName co "_"',
  'displayName co "\\"', 'displayName co "\""', 'displayName sw "100%"', 'displayName sw "100_"',
  'displayName ew "\"b\""', 'displayName co ".*"', 'displayName eq "100% _\\ \"B\""',
    'displayName co "\u0025"', 'userName eq "'' OR true --"', 'userName co "\u0027"',
  'displayName co ") or (userName pr"', 'displayName eq "]" or userName eq "cy"']) WITH ORDINALITY AS x(f, n)
    ORDER BY n;

-- Names with their URN, extensions with and without it (FLT-06, NOTE-01 to NOTE-03, UNQUALIFIED-EXT).
SELECT f, t.find('acme', f) FROM unnest(ARRAY['urn:ietf:params:scim:schemas:core:2.0:User:userName eq "ann"',
  'URN:ietf:params:scim:schemas:core:2.0:user:username eq "ann"',
  'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department eq "tours"', 'department eq "TOURS"',
    'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.value eq "42"',
  'manager eq "42"', 'urn:ietf:params:scim:schemas:core:2.0:User:name.givenName sw "c"',
    'urn:ietf:params:scim:schemas:core:2.0:User:emails[type eq "other"]',
  'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User pr',
    'schemas eq "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"',
    'schemas eq "urn:ietf:params:scim:schemas:core:2.0:Group"']) WITH ORDINALITY AS x(f, n) ORDER BY n;

-- meta, id, dateTimes in any zone (FLT-22, FLT-31).
SELECT resource ->> 'id' AS id, resource -> 'meta' ->> 'created' AS created,
  resource -> 'meta' ->> 'location' AS location FROM scim_search('acme', 'User', 'userName eq "cy"') \gset
SELECT t.find('acme', format('id eq "%s"', :'id')), t.find('acme', format('id eq "%s"', upper(:'id'))),
  t.find('acme', format('meta.location eq "%s"', :'location')),
       t.find('acme', format('meta.created eq "%s"', :'created')), t.find('acme',
         format('meta.created ge "%s" and id eq "%s"', :'created', :'id')),
       t.find('acme', format('meta.created eq "%s"',
         to_char(:'created'::timestamptz AT TIME ZONE 'UTC' + interval '5 hours',
         'YYYY-MM-DD"T"HH24:MI:SS.US"+05:00"')));
SELECT f, t.find('acme', f) FROM unnest(ARRAY['meta.created gt "2000-01-01T00:00:00Z"',
  'meta.lastModified lt "2000-01-01T00:00:00-08:00"', 'meta.resourceType eq "User"',
  'meta.resourceType eq "Group"',
  'meta.version eq "W/\"1\""', 'meta.created pr', 'meta pr', 'id pr', 'id ne null',
    'meta.created lt "9999-12-31T23:59:59.999999Z"',
    'meta.created gt "0001-01-01T00:00:00Z"']) WITH ORDINALITY AS x(f, n) ORDER BY n;

-- What is no filter, or does not fit the attribute: 400 invalidFilter (FLT-07, FLT-23, FLT-28, UNKNOWN-ATTR, VALUE-TYPE, PASSWORD).
CREATE FUNCTION t.refused(filter text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
  PERFORM scim_search('acme', 'User', filter);
  RETURN 'accepted';
EXCEPTION WHEN OTHERS THEN
  RETURN SQLSTATE;
END
$$;
SELECT f, t.refused(f) FROM unnest(ARRAY[' ', 'userName', 'userName eq', 'eq "x"', 'userName eq x',
  'userName eq ''x''', 'userName is "x"', 'userName eq "x', 'userName eq "x" and', 'and', '()', 'not',
  'not userName pr',
  '(userName pr', 'userName pr)', 'userName pr "x"', 'userName pr userName pr', 'userName eq "\x"',
    'userName eq "\ud800"', 'userName eq "\u0000"', E'userName\teq "x"', E'userName eq "a\nb"',
    'emails[type eq "work"', 'emails[]', 'emails[type[value eq "x"]]',
  'emails[emails.type eq "x"]', 'userName[value eq "x"]', 'nothing eq "x"', 'name.nothing eq "x"',
    'emails[nothing eq "x"]', 'userName.value eq "x"', 'urn:none:User:userName eq "x"', 'a:b', '.userName pr',
    'name. pr',
  'userName eq 1', 'userName eq true', 'active eq 1', 'active gt true', 'active co "t"', 'name eq "x"',
    'name co "x"', 'addresses eq "x"', 'meta.created eq "yesterday"', 'meta.created eq 5',
    'meta.created co "2000"',
  'x509Certificates gt "AA"', 'title gt null', 'title co null', 'password pr', 'password eq "x"',
    'password co "x"', 'userName eq {}', 'userName eq ["x"]', 'userName eq 01', 'userName eq "x" # "y"',
    'userName eq "x";', 'schemas[x eq "y"]']) WITH ORDINALITY AS x(f, n) ORDER BY n;

-- Limits, at n and one beyond (FLT-12): length, depth, terms.
SELECT t.refused('userName eq "' || repeat('x', 8192 - 14) || '"'),
  t.refused('userName eq "' || repeat('x', 8192 - 13) || '"');
SELECT t.refused(repeat('(', 32) || 'userName pr' || repeat(')', 32)),
  t.refused(repeat('(', 33) || 'userName pr' || repeat(')', 33));
SELECT t.refused(repeat('not (', 1000) || 'userName pr' || repeat(')', 1000));
SELECT t.refused('title pr' || repeat(' or title pr', 127)),
  t.refused('title pr' || repeat(' or title pr', 128));
SET scim.max_filter_terms = 3;
SELECT t.refused('title pr or title pr'), t.refused('title pr or title pr or title pr');
SET scim.max_filter_length = 11;
SELECT t.refused('userName pr'), t.refused('userName pr ');
RESET scim.max_filter_terms;
RESET scim.max_filter_length;

-- Numbers at the edges do no harm.
SELECT t.refused('active eq 1e999999999'), t.refused('meta.created eq 99999999999999999999');

-- Groups, by what is theirs.
SELECT (scim_create_group('acme', '{"displayName": "Guides", "externalId": "g"}')) ->> 'displayName';
SELECT f, (SELECT string_agg(resource ->> 'displayName', ' ') FROM scim_search('acme', 'Group', f))
  FROM unnest(ARRAY['displayName eq "guides"', 'displayName sw "x"', 'externalId eq "g"', 'externalId eq "G"',
  'id pr']) AS f;
SELECT scim_search('acme', 'Group', 'userName eq "ann"');

-- Null and empty filters are none.
SELECT count(*) FROM scim_search('acme', 'User', NULL);
SELECT count(*) FROM scim_search('acme', 'User', '');

-- The plan of a filter shows its values as parameters, never in its text (FLT-35).
SELECT e ? 'plan', position('DROP' IN e ->> 'sql'), position('drop table y' IN lower(e ->> 'parameters')) > 0
FROM scim_explain('acme', 'User', $$displayName eq "x'; DROP TABLE y; --"$$) AS e;
SELECT scim_explain('acme', 'User', 'nothing');

DROP FUNCTION t.refused;
SELECT scim_drop_directory('acme');
