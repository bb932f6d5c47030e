-- 45_search.sql: what sorting and cursors need.

CREATE FUNCTION scim.sort_key(doc jsonb, directory_id int, type_id smallint, attribute int) RETURNS text
  LANGUAGE c STABLE STRICT PARALLEL SAFE COST 10 AS 'MODULE_PATHNAME', 'scim_sort_key';
COMMENT ON FUNCTION scim.sort_key(jsonb, int, smallint, int) IS
  'Sort key of an attribute, by its number in the compiled type: of the primary value, else of the first; null without a value';

CREATE FUNCTION scim.sort_key(instant timestamptz) RETURNS text
  LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'scim_sort_key_of_instant';
COMMENT ON FUNCTION scim.sort_key(timestamptz) IS 'Sort key of an instant';

-- Dumped nowhere: a restored database makes its own, and old cursors end.
CREATE TABLE scim.secret (name text COLLATE "C" PRIMARY KEY, value bytea NOT NULL);
SELECT pg_catalog.pg_extension_config_dump('scim.secret', 'WHERE false');
COMMENT ON TABLE scim.secret IS 'Keys of this installation, by what they are for';

CREATE FUNCTION scim.new_secret() RETURNS bytea
  LANGUAGE c VOLATILE PARALLEL SAFE AS 'MODULE_PATHNAME', 'scim_new_secret';
COMMENT ON FUNCTION scim.new_secret() IS '256 bits from the strong random source';

INSERT INTO scim.secret (name, value) VALUES ('cursor', scim.new_secret());
