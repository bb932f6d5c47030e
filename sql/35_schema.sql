-- 35_schema.sql: schemas, resource types and indexes of attributes that are added at run time. Each
-- change gives the directories it reaches another schema_version, by which every backend notices it.

CREATE FUNCTION scim.check_schema(definition jsonb) RETURNS jsonb
  LANGUAGE c STABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'scim_check_schema';
COMMENT ON FUNCTION scim.check_schema(jsonb) IS
  'A schema definition with every characteristic spelled out; SCT08 if it is wrong';

CREATE FUNCTION scim.check_schema_change(replaced jsonb, definition jsonb) RETURNS void
  LANGUAGE c STABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'scim_check_schema_change';
COMMENT ON FUNCTION scim.check_schema_change(jsonb, jsonb) IS
  'SCT04 if values stored under the replaced definition would not fit the new one';

CREATE FUNCTION scim.check_resource_type(definition jsonb) RETURNS jsonb
  LANGUAGE c STABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'scim_check_resource_type';
COMMENT ON FUNCTION scim.check_resource_type(jsonb) IS
  'A resource type''s definition as it is stored; SCT08 if it is wrong';

CREATE FUNCTION scim.target_directory(directory text) RETURNS int
  LANGUAGE sql STABLE PARALLEL SAFE
  AS $fn$ SELECT CASE WHEN directory IS NULL THEN 0 ELSE scim.directory_id(directory) END $fn$;
COMMENT ON FUNCTION scim.target_directory(text) IS
  'Id of a directory by name, 0 for null, which is every directory';

CREATE FUNCTION scim.schemas_changed(changed int) RETURNS void
  LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $fn$
BEGIN
  IF changed = 0 THEN
    UPDATE scim.schema_version SET version = nextval('scim.version_seq');
    UPDATE scim.directory d
      SET schema_version = CASE WHEN d.own_schemas THEN nextval('scim.version_seq') ELSE v.version END
      FROM scim.schema_version v;
  ELSE
    UPDATE scim.directory d SET own_schemas = true, schema_version = nextval('scim.version_seq')
      WHERE d.directory_id = changed;
  END IF;
END
$fn$;
COMMENT ON FUNCTION scim.schemas_changed(int) IS
  'Tells all backends that a directory, or for 0 every one, sees other schemas';

CREATE FUNCTION scim.find_resource_type(target int, resource_type text) RETURNS scim.resource_type
  LANGUAGE plpgsql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $fn$
DECLARE
  found_type scim.resource_type;
BEGIN
  SELECT t.* INTO found_type FROM scim.resource_type t
    WHERE t.directory_id IN (0, target) AND t.name = resource_type;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'there is no resource type "%"', coalesce(left(resource_type, 64), '')
      USING ERRCODE = 'SC404';
  END IF;
  RETURN found_type;
END
$fn$;
COMMENT ON FUNCTION scim.find_resource_type(int, text) IS
  'The resource type of that name that a directory sees; SC404';

CREATE FUNCTION scim.extend_resource_type(target int, resource_type text, urn text, required boolean)
  RETURNS void
  LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $fn$
DECLARE
  extended scim.resource_type := scim.find_resource_type(target, resource_type);
BEGIN
  IF lower(extended.definition ->> 'schema') = lower(urn) THEN
    RAISE EXCEPTION '"%" is the schema of % and cannot extend it', urn, resource_type
      USING ERRCODE = 'SCT08';
  END IF;
  IF EXISTS (SELECT FROM jsonb_array_elements(extended.definition -> 'schemaExtensions') AS e
             WHERE lower(e ->> 'schema') = lower(urn)) THEN
    RETURN;
  END IF;
  INSERT INTO scim.resource_type_extension AS e VALUES (target, extended.type_id, urn, required)
    ON CONFLICT ON CONSTRAINT resource_type_extension_pkey DO UPDATE SET required = excluded.required;
END
$fn$;
COMMENT ON FUNCTION scim.extend_resource_type(int, text, text, boolean) IS
  'Adds a registered schema to the extensions of a resource type';

CREATE FUNCTION pg_catalog.scim_register_schema(
    directory text, definition jsonb, extends text DEFAULT NULL, required boolean DEFAULT false)
  RETURNS void
  LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $fn$
DECLARE
  target int := scim.target_directory(directory);
  checked jsonb := scim.check_schema(coalesce(definition, 'null'));
  schema_urn text := checked ->> 'id';
  present scim.schema;
BEGIN
  LOCK TABLE scim.schema IN SHARE ROW EXCLUSIVE MODE;
  SELECT s.* INTO present FROM scim.schema s
    WHERE s.directory_id IN (0, target) AND lower(s.urn) = lower(schema_urn)
    ORDER BY s.directory_id DESC LIMIT 1;
  IF present.builtin THEN
    RAISE EXCEPTION 'schema "%" is built in and cannot be replaced', present.urn USING ERRCODE = 'SCT04';
  ELSIF present.urn <> schema_urn THEN
    RAISE EXCEPTION 'schema "%" is registered as "%"', schema_urn, present.urn USING ERRCODE = 'SCT04';
  END IF;
  PERFORM scim.check_schema_change(present.definition, checked);
  INSERT INTO scim.schema AS s (directory_id, urn, definition) VALUES (target, schema_urn, checked)
    ON CONFLICT ON CONSTRAINT schema_pkey DO UPDATE SET definition = excluded.definition;
  IF extends IS NOT NULL THEN
    PERFORM scim.extend_resource_type(target, extends, schema_urn, coalesce(required, false));
  END IF;
  PERFORM scim.schemas_changed(target);
END
$fn$;
COMMENT ON FUNCTION pg_catalog.scim_register_schema(text, jsonb, text, boolean) IS
  'Registers a schema (RFC 7643 section 7) for a directory, or for all if null, as an extension of the resource type extends, if given. The same URN again replaces the definition: SCT04 if that would not fit stored values. SCT08 for a wrong definition, SC404';

CREATE FUNCTION scim.check_type_place(target int, checked jsonb) RETURNS void
  LANGUAGE plpgsql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $fn$
DECLARE
  wanted text;
BEGIN
  IF EXISTS (SELECT FROM scim.resource_type t
             WHERE (target = 0 OR t.directory_id IN (0, target))
               AND (lower(t.name) = lower(checked ->> 'name'))
                   <> (lower(t.definition ->> 'endpoint') = lower(checked ->> 'endpoint'))) THEN
    RAISE EXCEPTION 'another resource type has the name "%" or the endpoint "%"',
      checked ->> 'name', checked ->> 'endpoint' USING ERRCODE = 'SCT03';
  END IF;
  FOR wanted IN
    SELECT checked ->> 'schema'
    UNION ALL SELECT e ->> 'schema' FROM jsonb_array_elements(checked -> 'schemaExtensions') AS e
  LOOP
    IF NOT EXISTS (SELECT FROM scim.schema s
                   WHERE s.directory_id IN (0, target) AND s.urn = wanted) THEN
      RAISE EXCEPTION 'there is no schema "%"', wanted
        USING ERRCODE = 'SC404', HINT = 'Register it first, with scim_register_schema.';
    END IF;
  END LOOP;
END
$fn$;
COMMENT ON FUNCTION scim.check_type_place(int, jsonb) IS
  'Name and endpoint of a resource type are free and its schemas registered; SCT03, SC404';

-- Columns of scim.resource that repeat values of a type with this schema.
CREATE FUNCTION scim.promoted_attributes(schema jsonb) RETURNS jsonb
  LANGUAGE sql STABLE PARALLEL SAFE AS $fn$
    SELECT coalesce(pg_catalog.jsonb_object_agg(a ->> 'name', c.name), '{}')
    FROM pg_catalog.jsonb_array_elements(schema -> 'attributes') AS a
    JOIN (VALUES ('displayname', 'string', 'display_name'), ('active', 'boolean', 'active')) AS c(attribute, type, name)
      ON pg_catalog.lower(a ->> 'name') = c.attribute AND a ->> 'type' = c.type
    WHERE a ->> 'multiValued' IS DISTINCT FROM 'true'
  $fn$;
COMMENT ON FUNCTION scim.promoted_attributes(jsonb) IS
  'Which attributes of a schema a resource type promotes to columns';

CREATE FUNCTION pg_catalog.scim_register_resource_type(directory text, definition jsonb) RETURNS void
  LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $fn$
DECLARE
  target int := scim.target_directory(directory);
  checked jsonb := scim.check_resource_type(coalesce(definition, 'null'));
  present scim.resource_type;
BEGIN
  LOCK TABLE scim.schema IN SHARE ROW EXCLUSIVE MODE;
  SELECT t.* INTO present FROM scim.resource_type t
    WHERE (target = 0 OR t.directory_id IN (0, target)) AND lower(t.name) = lower(checked ->> 'name')
    ORDER BY t.builtin DESC, t.directory_id = target DESC LIMIT 1;
  IF present.builtin THEN
    RAISE EXCEPTION 'resource type "%" is built in and cannot be replaced', present.name
      USING ERRCODE = 'SCT04', HINT = 'Extend it with scim_register_schema.';
  ELSIF present.directory_id <> target THEN
    RAISE EXCEPTION 'there is a resource type "%" already', present.name USING ERRCODE = 'SCT03';
  ELSIF NOT checked @> jsonb_strip_nulls(jsonb_build_object(
      'name', present.name, 'endpoint', present.definition -> 'endpoint',
      'schema', present.definition -> 'schema', 'schemaExtensions', present.definition -> 'schemaExtensions')) THEN
    RAISE EXCEPTION 'resource type "%" is registered with another endpoint or schema, or with more extensions', present.name
      USING ERRCODE = 'SCT04';
  END IF;
  PERFORM scim.check_type_place(target, checked);
  INSERT INTO scim.resource_type AS t (directory_id, type_id, name, definition, promoted)
    SELECT target,
           coalesce(present.type_id, (SELECT greatest(max(o.type_id) + 1, 100) FROM scim.resource_type o
                                      WHERE target = 0 OR o.directory_id IN (0, target))),
           checked ->> 'name', checked, scim.promoted_attributes(s.definition)
    FROM scim.schema s WHERE s.directory_id IN (0, target) AND s.urn = checked ->> 'schema'
    ORDER BY s.directory_id DESC LIMIT 1
    ON CONFLICT ON CONSTRAINT resource_type_pkey DO UPDATE SET definition = excluded.definition;
  PERFORM scim.schemas_changed(target);
END
$fn$;
COMMENT ON FUNCTION pg_catalog.scim_register_resource_type(text, jsonb) IS
  'Registers a resource type (RFC 7643 section 6) for a directory, or for all if null; its schemas must be registered. The same name again may add extensions and change the description: SCT04 for more. SCT03 if name or endpoint are taken, SCT08 for a wrong definition, SC404';

-- Indexes of attributes. A filter finds values in scim.attr_value, which writers keep up to date.

INSERT INTO scim.attribute_index (type_id, path, attr_id, builtin) VALUES
  (1, 'emails.value', 1, true),
  (2, 'displayName', 2, true);

CREATE FUNCTION scim.attribute_path(directory text, resource_type text, path text) RETURNS text
  LANGUAGE c STABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'scim_attribute_path';
COMMENT ON FUNCTION scim.attribute_path(text, text, text) IS
  'The attribute of that name in schema spelling, if its values can be indexed; SCT06 if not. A null directory sees what all see';

CREATE FUNCTION scim.index_values(directory text, resource_type text, path text) RETURNS void
  LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'scim_index_values';
COMMENT ON FUNCTION scim.index_values(text, text, text) IS
  'Fills scim.attr_value with the values of an indexed attribute of all resources of a directory';

-- Nobody writes resources of the target, or of any directory for 0, until the transaction ends.
CREATE FUNCTION scim.begin_index_change(target int) RETURNS void
  LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SET search_path = pg_catalog, pg_temp AS $fn$
BEGIN
  IF target = 0 THEN
    LOCK TABLE scim.directory IN EXCLUSIVE MODE;
  ELSE
    PERFORM scim.lock_directory(target);
  END IF;
  LOCK TABLE scim.attribute_index IN SHARE ROW EXCLUSIVE MODE;
END
$fn$;
COMMENT ON FUNCTION scim.begin_index_change(int) IS
  'Keeps writers away while an index of an attribute comes or goes';

CREATE FUNCTION scim.visible_index(target int, type smallint, attribute text) RETURNS scim.attribute_index
  LANGUAGE sql STABLE PARALLEL SAFE AS $fn$
    SELECT i FROM scim.attribute_index i
    WHERE i.directory_id IN (0, target) AND i.type_id = type AND i.path = attribute
    ORDER BY i.directory_id DESC LIMIT 1
  $fn$;
COMMENT ON FUNCTION scim.visible_index(int, smallint, text) IS
  'What a directory sees of an attribute''s index: its own row, else that of all directories';

CREATE FUNCTION pg_catalog.scim_create_attribute_index(directory text, resource_type text, path text) RETURNS void
  LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $fn$
DECLARE
  target int := scim.target_directory(directory);
  indexed_type smallint := (scim.find_resource_type(target, resource_type)).type_id;
  attribute text := scim.attribute_path(directory, resource_type, path);
  present scim.attribute_index;
BEGIN
  PERFORM scim.begin_index_change(target);
  present := scim.visible_index(target, indexed_type, attribute);
  IF present.attr_id IS NOT NULL THEN
    RAISE EXCEPTION '"%" of % is indexed already', attribute, resource_type USING ERRCODE = 'SCT03';
  END IF;
  DELETE FROM scim.attribute_index i
    WHERE i.directory_id = target AND i.type_id = indexed_type AND i.path = attribute;
  INSERT INTO scim.attribute_index AS i (directory_id, type_id, path, attr_id)
    SELECT target, indexed_type, attribute, greatest(max(o.attr_id) + 1, 100) FROM scim.attribute_index o
    WHERE target = 0 OR o.directory_id IN (0, target)
    HAVING NOT bool_or(o.directory_id = 0 AND o.type_id = indexed_type AND o.path = attribute);
  PERFORM scim.schemas_changed(target);
  PERFORM scim.index_values(d.name, resource_type, attribute) FROM scim.directory d
    WHERE (d.directory_id = target OR target = 0)
      AND NOT EXISTS (SELECT FROM scim.attribute_index o WHERE target = 0 AND o.directory_id = d.directory_id
                      AND o.type_id = indexed_type AND o.path = attribute);
END
$fn$;
COMMENT ON FUNCTION pg_catalog.scim_create_attribute_index(text, text, text) IS
  'Makes filters on an attribute of a resource type fast, in a directory, or in all if null. Writers wait while the values that are there are indexed. SCT03 if it is indexed, SCT06 if it cannot be, SC404';

CREATE FUNCTION pg_catalog.scim_drop_attribute_index(directory text, resource_type text, path text) RETURNS void
  LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $fn$
DECLARE
  target int := scim.target_directory(directory);
  indexed_type smallint := (scim.find_resource_type(target, resource_type)).type_id;
  attribute text := scim.attribute_path(directory, resource_type, path);
  present scim.attribute_index;
BEGIN
  PERFORM scim.begin_index_change(target);
  present := scim.visible_index(target, indexed_type, attribute);
  IF present.attr_id IS NULL THEN
    RAISE EXCEPTION '"%" of % is not indexed', attribute, resource_type USING ERRCODE = 'SC404';
  ELSIF present.builtin AND target = 0 THEN
    RAISE EXCEPTION 'the index of "%" is built in', attribute
      USING ERRCODE = 'SCT04', HINT = 'Drop it in a directory that goes without it.';
  END IF;
  DELETE FROM scim.attribute_index i
    WHERE i.directory_id = target AND i.type_id = indexed_type AND i.path = attribute;
  DELETE FROM scim.attr_value v
    WHERE v.attr_id = present.attr_id
      AND (v.directory_id = target OR (target = 0 AND NOT EXISTS
           (SELECT FROM scim.attribute_index o WHERE o.directory_id = v.directory_id AND o.attr_id = v.attr_id)));
  IF present.directory_id <> target THEN
    INSERT INTO scim.attribute_index (directory_id, type_id, path) VALUES (target, indexed_type, attribute);
  END IF;
  PERFORM scim.schemas_changed(target);
END
$fn$;
COMMENT ON FUNCTION pg_catalog.scim_drop_attribute_index(text, text, text) IS
  'Takes back what scim_create_attribute_index did; a directory can also go without an index that all have. SC404 if there is none, SCT04 for a built-in one of all directories';
