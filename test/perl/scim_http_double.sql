-- Stands in for scim_http(). The target says what it does:
--
--   /echo                 says what it was given
--   /hash                 length and SHA-256 of the body
--   /status/N             status N with a body
--   /field/NAME/VALUE     an answer field; both percent-encoded, decoded here
--   /fields-null          no fields, no body
--   /fields-odd           a field without a value
--   /status-null          no status
--   /large/N              a body of N characters
--   /lock/K               waits for advisory lock K
--   /write/ID             inserts ID; /write-lock/ID/K waits for K after that
--   /store/ID             inserts ID and nothing else; the one word that is not counted
--   /raise/STATE          raises STATE
--   /raise-times/STATE/N  raises it the first N times
--   /end                  ends its own backend
--   /end-times/N          the first N times
--   /deferred             violates a constraint that is checked at commit
--   /read-only            writes, whatever the method
--   /timeout              the statement_timeout in force
--
-- Each other call counts itself under the first part of its name, rolled back or not.

SET allow_system_table_mods = on;
SET client_min_messages = warning;

CREATE TABLE public.ledger (id text);
CREATE TABLE public.parent (id int PRIMARY KEY);
CREATE TABLE public.child (id int REFERENCES public.parent DEFERRABLE INITIALLY DEFERRED);

-- How often a word was called; a call is a line of two bytes.
CREATE FUNCTION public.calls(name text) RETURNS int LANGUAGE sql AS $$
	SELECT coalesce(length(pg_read_file('calls_' || name, 0, 1000000, true)) / 2, 0)
$$;

-- COPY TO works in a read-only transaction, and nothing undoes a line in a file.
CREATE FUNCTION public.count_call(name text) RETURNS int LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE format('COPY (SELECT 1) TO PROGRAM %L', 'cat >> calls_' || name);
	RETURN public.calls(name);
END
$$;

CREATE FUNCTION public.percent_decode(t text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
	SELECT convert_from(string_agg(CASE WHEN m[1] LIKE '\%%' THEN decode(substr(m[1], 2), 'hex')
		ELSE convert_to(m[1], 'UTF8') END, ''), 'UTF8')
	FROM regexp_matches(t, '(%[0-9a-fA-F]{2}|[^%]+)', 'g') m
$$;

CREATE FUNCTION pg_catalog.scim_http(method text, target text, fields text[], content bytea,
	OUT status int, OUT headers text[], OUT body text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
	word text[] := string_to_array(split_part(target, '?', 1), '/');
	n int;
BEGIN
	status := 200;
	headers := ARRAY['Content-Type', 'application/scim+json', 'ETag', 'W/"1"'];
	IF word[2] = 'store' THEN
		INSERT INTO ledger VALUES (word[3]);
		status := 201;
		body := '{}';
		RETURN;
	END IF;
	n := count_call(split_part(word[2], '-', 1));
	CASE word[2]
		WHEN 'echo' THEN
			body := json_build_object('method', method, 'target', target, 'headers', fields,
				'length', length(content));
		WHEN 'hash' THEN
			body := length(content) || ' ' || encode(sha256(content), 'hex');
		WHEN 'status' THEN
			status := word[3];
			body := '{"a":"body"}';
		WHEN 'field' THEN
			headers := headers || percent_decode(word[3]) || percent_decode(word[4]);
			body := '{}';
		WHEN 'fields-null' THEN headers := NULL;
		WHEN 'fields-odd' THEN headers := '{A}'; body := '{}';
		WHEN 'status-null' THEN status := NULL;
		WHEN 'large' THEN body := repeat('x', word[3]::int);
		WHEN 'lock' THEN
			PERFORM pg_advisory_xact_lock(word[3]::int);
			body := '{}';
		WHEN 'write' THEN INSERT INTO ledger VALUES (word[3]); status := 201; body := '{}';
		WHEN 'write-lock' THEN
			INSERT INTO ledger VALUES (word[3]);
			PERFORM pg_advisory_xact_lock(word[4]::int);
			status := 201;
			body := '{}';
		WHEN 'raise' THEN RAISE EXCEPTION USING ERRCODE = word[3], MESSAGE = 'secret detail';
		WHEN 'raise-times' THEN
			IF n <= word[4]::int THEN
				RAISE EXCEPTION USING ERRCODE = word[3], MESSAGE = 'secret detail';
			END IF;
			body := n;
		WHEN 'end' THEN PERFORM pg_terminate_backend(pg_backend_pid()), pg_sleep(60);
		WHEN 'end-times' THEN
			IF n <= word[3]::int THEN
				PERFORM pg_terminate_backend(pg_backend_pid()), pg_sleep(60);
			END IF;
			body := n;
		WHEN 'deferred' THEN INSERT INTO child VALUES (1); status := 201; body := '{}';
		WHEN 'read-only' THEN INSERT INTO ledger VALUES ('read'); body := '{}';
		WHEN 'timeout' THEN body := current_setting('statement_timeout');
		ELSE status := 404; body := '{}';
	END CASE;
END
$$;

REVOKE ALL ON FUNCTION pg_catalog.scim_http FROM PUBLIC;
CREATE ROLE bridge LOGIN;
GRANT EXECUTE ON FUNCTION pg_catalog.scim_http TO bridge;
