/*-------------------------------------------------------------------------
 *
 * resource_values.c
 *	  Values of a document that have rows of their own.
 *
 *		scim.attr_value		values of indexed attributes: filters find resources by them
 *		scim.unique_value	values of unique attributes: the primary key decides who has one
 *
 * Both hold a set per resource, keyed as schema_key.c says.  The rows of the old and the new
 * document are compared, so that what did not change costs no write; what is to be deleted
 * is known from the old document, so that no index by resource is needed.
 *
 * Rows are written in one order, first by attribute and then by key, so that writers of the same
 * unique values wait for one another and never in a circle.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"

#include "resource/resource_int.h"
#include "util/jsonb.h"
#include "util/plan.h"
#include "util/throw.h"

static ScimStatement insert_indexed = {
	"INSERT INTO scim.attr_value (directory_id, attr_id, v, id) VALUES ($1, $2, $3, $4)",
	4, {INT4OID, INT2OID, TEXTOID, UUIDOID}
};

static ScimStatement delete_indexed = {
	"DELETE FROM scim.attr_value WHERE directory_id = $1 AND attr_id = $2 AND v = $3 AND id = $4",
	4, {INT4OID, INT2OID, TEXTOID, UUIDOID}
};

static ScimStatement insert_unique = {
	"INSERT INTO scim.unique_value (directory_id, type_id, path, v, id) VALUES ($1, $2, $3, $4, $5)"
	" ON CONFLICT DO NOTHING",
	5, {INT4OID, INT2OID, TEXTOID, TEXTOID, UUIDOID}
};

/* Only what is this resource's: the value may be another's if it was not unique when it was written. */
static ScimStatement delete_unique = {
	"DELETE FROM scim.unique_value"
	" WHERE directory_id = $1 AND type_id = $2 AND path = $3 AND v = $4 AND id = $5",
	5, {INT4OID, INT2OID, TEXTOID, TEXTOID, UUIDOID}
};

/* The keys of one attribute's values in a document: sorted, each once. */
typedef struct Keys
{
	int			n;
	int			room;
	ScimSlice  *keys;
} Keys;

static int
compare_keys(const void *a, const void *b)
{
	return scim_key_compare(*(const ScimSlice *) a, *(const ScimSlice *) b);
}

static void
add_key(Keys *keys, const ScimAttribute *attr, const JsonbValue *value)
{
	ScimSlice	key;

	if (!scim_value_key(attr, value, &key))
		return;
	if (keys->n == keys->room)
	{
		keys->room = Max(8, 2 * keys->room);
		keys->keys = keys->keys == NULL ? palloc(keys->room * sizeof(ScimSlice)) :
			repalloc(keys->keys, keys->room * sizeof(ScimSlice));
	}
	keys->keys[keys->n++] = key;
}

/* Adds the keys of attr's values below value, which is one or a list of those of from. */
static void
collect(Keys *keys, const ScimAttribute *attr, const ScimAttribute *from, const JsonbValue *value)
{
	const ScimAttribute *step = attr;
	const JsonbValue *list;

	if (value == NULL || value->type == jbvNull)
		return;
	if (scim_jsonb_is_array(value))
	{
		list = scim_jsonb_open(value);
		for (int i = 0; i < list->val.array.nElems; i++)
			collect(keys, attr, from, &list->val.array.elems[i]);
		return;
	}
	if (attr == from)
	{
		add_key(keys, attr, value);
		return;
	}
	while (step->parent != from)
		step = step->parent;
	collect(keys, attr, step, scim_jsonb_get(value, step->name));
}

/* doc may be NULL: a resource that is not there has no values. */
static Keys
keys_of(const ScimResourceType *type, const ScimAttribute *attr, const JsonbValue *doc)
{
	Keys		keys = {0};
	int			n = 0;

	collect(&keys, attr, type->root, doc);
	if (keys.n > 1)
		qsort(keys.keys, keys.n, sizeof(ScimSlice), compare_keys);
	for (int i = 0; i < keys.n; i++)
		if (n == 0 || !scim_slice_equal(keys.keys[n - 1], keys.keys[i]))
			keys.keys[n++] = keys.keys[i];
	keys.n = n;
	return keys;
}

/* What all statements of one attribute share. */
typedef struct Target
{
	const ScimContext *context;
	const ScimResource *resource;
	const ScimAttribute *attr;
} Target;

static Datum
key_datum(ScimSlice key)
{
	return PointerGetDatum(cstring_to_text_with_len(key.data, key.len));
}

static uint64
run_indexed(ScimStatement *statement, const Target *target, ScimSlice key)
{
	Datum		values[4] = {
		Int32GetDatum(target->context->directory->id), Int16GetDatum(target->attr->index_id),
		key_datum(key), UUIDPGetDatum(&target->resource->id)
	};

	return scim_execute(statement, values, NULL);
}

/*
 * A value that is unique in the directory belongs to it and to the type; one that is unique everywhere
 * (RFC 7643 section 7) to directory 0, type 0 and the schema, which all directories may share.
 */
static uint64
run_unique(ScimStatement *statement, const Target *target, ScimSlice key)
{
	const ScimAttribute *attr = target->attr;
	const ScimResourceType *type = target->resource->type;
	bool		is_global = attr->uniqueness == SCIM_UNIQUE_GLOBAL;
	const char *path = attr->path;
	Datum		values[5];

	if (is_global && scim_slice_equal_ci(attr->urn, type->urn))
		path = psprintf("%s:%s", type->urn.data, attr->path);
	values[0] = Int32GetDatum(is_global ? 0 : target->context->directory->id);
	values[1] = Int16GetDatum(is_global ? 0 : type->type_id);
	values[2] = CStringGetTextDatum(path);
	values[3] = key_datum(key);
	values[4] = UUIDPGetDatum(&target->resource->id);
	return scim_execute(statement, values, NULL);
}

static void
remove_indexed(const Target *target, ScimSlice key)
{
	run_indexed(&delete_indexed, target, key);
}

static void
add_indexed(const Target *target, ScimSlice key)
{
	run_indexed(&insert_indexed, target, key);
}

static void
remove_unique(const Target *target, ScimSlice key)
{
	run_unique(&delete_unique, target, key);
}

SCIM_NORETURN static void raise_taken(const Target *target, ScimSlice key);

/* Names the value only if its key looks like it. */
static void
raise_taken(const Target *target, ScimSlice key)
{
	const char *type = target->resource->type->name.data;

	if (target->attr->type != SCIM_TYPE_STRING)
		scim_raise(SCIM_E_UNIQUENESS, "another %s has that value of %s", type, target->attr->path);
	scim_raise(SCIM_E_UNIQUENESS, "another %s has the %s \"%.*s\"", type, target->attr->path,
			   (int) scim_slice_clip(key, 120).len, key.data);
}

static void
add_unique(const Target *target, ScimSlice key)
{
	if (!scim_key_is_whole(key))
		scim_raise(SCIM_E_INVALID_VALUE, "\"%s\" is too long for a unique value", target->attr->path);
	if (run_unique(&insert_unique, target, key) == 0)
		raise_taken(target, key);
}

static bool
has_key(const Keys *keys, ScimSlice key)
{
	return keys->n > 0 &&
		bsearch(&key, keys->keys, keys->n, sizeof(ScimSlice), compare_keys) != NULL;
}

/* Takes away the rows of keys that only old has, then adds those of keys that only new has. */
static void
apply_difference(const Target *target, const Keys *old, const Keys *new,
				 void (*take_away) (const Target *, ScimSlice),
				 void (*add) (const Target *, ScimSlice))
{
	for (int i = 0; i < old->n; i++)
		if (!has_key(new, old->keys[i]))
			take_away(target, old->keys[i]);
	for (int i = 0; i < new->n; i++)
		if (!has_key(old, new->keys[i]))
			add(target, new->keys[i]);
}

/* Is a group's name unique only because the directory wants it? Then it may just now not want it. */
static bool
is_unique_now(const Target *target)
{
	return target->attr->uniqueness != SCIM_UNIQUE_NONE ||
		target->context->directory->settings.unique_group_name;
}

void
scim_values_store(const ScimContext *context, const ScimResource *resource, const JsonbValue *old,
				  const JsonbValue *new)
{
	const ScimResourceType *type = resource->type;
	const ScimRules *rules = scim_rules_of(context->directory, type);

	for (int i = 0; i < type->nkeyed; i++)
	{
		Target		target = {context, resource, type->keyed[i]};
		Keys		before = keys_of(type, target.attr, old);
		Keys		after = keys_of(type, target.attr, new);

		if (target.attr->index_id != 0)
			apply_difference(&target, &before, &after, remove_indexed, add_indexed);
		if (!scim_attribute_is_unique(type, target.attr))
			continue;
		if (!is_unique_now(&target))
			after.n = 0;
		apply_difference(&target, &before, &after, remove_unique, add_unique);
	}
	for (int i = 0; rules != NULL && i < rules->nunique; i++)
	{
		Target		target = {context, resource, rules->unique[i]};
		Keys		before = keys_of(type, target.attr, old);
		Keys		after = keys_of(type, target.attr, new);

		apply_difference(&target, &before, &after, remove_unique, add_unique);
	}
}

void
scim_values_index(const ScimContext *context, const ScimResource *resource, const JsonbValue *doc,
				  const ScimAttribute *attr)
{
	Target		target = {context, resource, attr};
	Keys		keys = keys_of(resource->type, attr, doc);

	for (int i = 0; i < keys.n; i++)
		add_indexed(&target, keys.keys[i]);
}
