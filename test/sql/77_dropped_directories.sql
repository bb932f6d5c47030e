-- A dropped directory leaves nothing in any table that has rows of directories, whatever it had; and the
-- other directory keeps all of its own.
CREATE FUNCTION rows_of(directory text) RETURNS TABLE (name name, n bigint) LANGUAGE plpgsql AS $$
DECLARE
  id int := (SELECT d.directory_id FROM scim.directory d WHERE d.name = $1);
BEGIN
  RETURN QUERY SELECT * FROM rows_of(id);
END $$;
CREATE FUNCTION rows_of(id int) RETURNS TABLE (name name, n bigint) LANGUAGE plpgsql AS $$
BEGIN
  FOR name IN
    SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'directory_id'
    WHERE c.relnamespace = 'scim'::regnamespace AND c.relkind = 'r' ORDER BY c.relname COLLATE "C"
  LOOP
    EXECUTE format('SELECT count(*) FROM scim.%I WHERE directory_id = $1', name) INTO n USING id;
    RETURN NEXT;
  END LOOP;
END $$;

-- One of everything, put into the tables as it comes: each column gets a value of its type.
CREATE FUNCTION fill(id int) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  filled name;
BEGIN
  FOR filled IN SELECT r.name FROM rows_of(id) r WHERE r.n = 0 LOOP
    BEGIN
      EXECUTE format('INSERT INTO scim.%I (%s) VALUES (%s)', filled,
        (SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum) FROM pg_attribute a
         WHERE a.attrelid = format('scim.%I', filled)::regclass AND a.attnum > 0 AND NOT a.attisdropped
           AND a.attnotnull AND a.attname <> 'directory_id' AND NOT a.atthasdef) || ', directory_id',
        (SELECT string_agg(CASE format_type(a.atttypid, NULL)
             WHEN 'uuid' THEN 'gen_random_uuid()' WHEN 'jsonb' THEN '''{"keys": []}''' WHEN 'text[]' THEN CASE a.attname WHEN 'algorithms' THEN '''{ES256}''' ELSE '''{read}''' END
             WHEN 'bytea' THEN format('decode(md5(%L) || md5(%L), ''hex'')', filled || id, a.attname)
             WHEN 'timestamp with time zone' THEN 'now()' WHEN 'boolean' THEN 'true'
             WHEN 'text' THEN CASE a.attname WHEN 'algorithm' THEN '''ES256''' WHEN 'type' THEN '''web''' WHEN 'path' THEN format('%L', '/oauth' || id) WHEN 'endpoint' THEN '''token''' ELSE format('%L', filled || id) END
             ELSE '1' END, ', ' ORDER BY a.attnum) FROM pg_attribute a
         WHERE a.attrelid = format('scim.%I', filled)::regclass AND a.attnum > 0 AND NOT a.attisdropped
           AND a.attnotnull AND a.attname <> 'directory_id' AND NOT a.atthasdef) || ', ' || id);
    EXCEPTION WHEN OTHERS THEN
      RAISE NOTICE '%: %', filled, SQLERRM;
    END;
  END LOOP;
END $$;

SELECT name FROM scim_create_directory('gone'), LATERAL (SELECT FROM scim_create_directory('stays')) AS s;
SELECT directory_id AS gone FROM scim.directory WHERE name = 'gone' \gset
SELECT fill(directory_id) FROM scim.directory WHERE name IN ('gone', 'stays') ORDER BY name;
SELECT count(*) > 25 AS tables, count(*) FILTER (WHERE n = 0) AS empty FROM rows_of('gone');
SELECT name AS empty FROM rows_of('gone') WHERE n = 0;
SELECT scim_drop_directory('gone');
SELECT name AS left_over FROM rows_of(:gone) WHERE n > 0;
SELECT name AS lost FROM rows_of('stays') WHERE n = 0;
SELECT scim_drop_directory('stays');
DROP FUNCTION rows_of(text), rows_of(int), fill;
