-- What the other files share: masks for what differs from run to run, and requests in one line.

SET client_min_messages = warning;
CREATE SCHEMA t;

-- Ids and instants.
CREATE FUNCTION t.mask(value text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT regexp_replace(regexp_replace(value,
    '[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}', '<id>', 'g'),
    '\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z', '<time>', 'g')
$$;

-- A resource in short: its attributes without id, schemas and meta, and its version.
CREATE FUNCTION t.show(resource jsonb) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT t.mask((resource - '{id,schemas,meta}'::text[])::text) || ' ' || (resource -> 'meta' ->> 'version')
$$;

-- One PatchOp message of the given operations.
CREATE FUNCTION t.patch(operations jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
  SELECT jsonb_build_object('schemas', jsonb_build_array('urn:ietf:params:scim:api:messages:2.0:PatchOp'),
    'Operations', CASE jsonb_typeof(operations) WHEN 'array' THEN operations
      ELSE jsonb_build_array(operations) END)
$$;

-- The userNames that a filter finds, in order.
CREATE FUNCTION t.find(directory text, filter text) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT coalesce(string_agg(resource ->> 'userName', ' ' ORDER BY resource ->> 'userName' COLLATE "C"), '-')
  FROM scim_search(directory, 'User', filter)
$$;

-- A request as the bridge hands it over.
CREATE FUNCTION t.send(method text, target text, token text, body bytea, headers text[])
  RETURNS TABLE (status int, headers jsonb, body text) LANGUAGE sql VOLATILE AS $$
  SELECT h.status, jsonb_object(h.headers), h.body FROM scim_http(method, target,
    ARRAY[':scheme', 'https', ':authority', 'scim.test', ':peer', '127.0.0.1']
      || CASE WHEN token IS NULL THEN '{}' ELSE ARRAY['authorization', 'Bearer ' || token] END
      || headers, body) AS h
$$;
CREATE FUNCTION t.http(method text, target text, token text, body text DEFAULT NULL,
  headers text[] DEFAULT '{}')
  RETURNS TABLE (status int, headers text, body text) LANGUAGE sql VOLATILE AS $$
  SELECT s.status, t.mask(s.headers::text), t.mask(s.body)
  FROM t.send(method, target, token, convert_to(coalesce(body, ''), 'UTF8'),
    headers || CASE WHEN body IS NULL THEN '{}' ELSE ARRAY['content-type', 'application/scim+json'] END) AS s
$$;

-- Just status and scimType, or the status alone.
CREATE FUNCTION t.status(method text, target text, token text, body text DEFAULT NULL,
  headers text[] DEFAULT '{}')
  RETURNS text LANGUAGE sql VOLATILE AS $$
  SELECT concat_ws(' ', s.status, CASE WHEN s.status >= 400 THEN s.body::jsonb ->> 'scimType' END)
  FROM t.http(method, target, token, body, headers) AS s
$$;

-- A form as an OAuth client sends it, from an address of its own; its user and password, if any, by Basic.
CREATE FUNCTION t.form(target text, form text, basic text DEFAULT NULL, peer text DEFAULT '192.0.2.1',
  headers text[] DEFAULT '{}')
  RETURNS TABLE (status int, headers jsonb, body text) LANGUAGE sql VOLATILE AS $$
  SELECT h.status, jsonb_object(h.headers), h.body FROM scim_http('POST', target,
    ARRAY[':scheme', 'https', ':authority', 'scim.test', ':peer', peer,
          'content-type', 'application/x-www-form-urlencoded']
      || CASE WHEN basic IS NULL THEN '{}'
              ELSE ARRAY['authorization', 'Basic ' || translate(encode(convert_to(basic, 'UTF8'), 'base64'), E'\n', '')] END
      || form.headers, convert_to(form, 'UTF8')) AS h
$$;

-- Its status and error, or the names of what the answer has.
CREATE FUNCTION t.oauth(target text, form text, basic text DEFAULT NULL) RETURNS text LANGUAGE sql VOLATILE AS $$
  SELECT concat_ws(' ', f.status, coalesce(f.body::jsonb ->> 'error',
    (SELECT string_agg(k, ' ' ORDER BY k) FROM jsonb_object_keys(f.body::jsonb) AS k)))
  FROM t.form(target, form, basic) AS f
$$;

-- A member of the answer.
CREATE FUNCTION t.token(target text, form text, basic text DEFAULT NULL, member text DEFAULT 'access_token')
  RETURNS text LANGUAGE sql VOLATILE AS $$
  SELECT f.body::jsonb ->> member FROM t.form(target, form, basic) AS f
$$;
