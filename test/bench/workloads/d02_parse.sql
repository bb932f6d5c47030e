-- D2 parsing, typing and translating a filter of 200 characters
-- extra: 30
-- per: 1000
-- against: 1000
-- clients: 1
-- other
SELECT count('{}' || n || 'userName eq "user" or (emails[type eq "work" and value co "@example.com"] and title pr) '
    'or not (name.familyName sw "J" and active eq true) or externalId eq "0123456789" or displayName ew "' || n || '"')
  FROM generate_series(100000000001, 100000001000) n;
-- scim
SELECT count(scim_explain('bench', 'User',
    'userName eq "user" or (emails[type eq "work" and value co "@example.com"] and title pr) '
    'or not (name.familyName sw "J" and active eq true) or externalId eq "0123456789" or displayName ew "' || n || '"', false))
  FROM generate_series(100000000001, 100000001000) n;
