/*-------------------------------------------------------------------------
 *
 * resource_sort.c
 *	  scim.sort_key(): the text by which a resource is ordered (RFC 7644 section 3.4.2.3).
 *
 * Of a multi-valued attribute the primary value counts, else the first.  Keys are those
 * of the index of values, but whole, so that order and comparison agree.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "compat.h"
#include "core/datetime.h"
#include "resource/resource_int.h"
#include "util/jsonb.h"
#include "util/plan.h"
#include "util/throw.h"

SCIM_FUNCTION(scim_sort_key);
SCIM_FUNCTION(scim_sort_key_of_instant);
SCIM_FUNCTION(scim_new_secret);

/* What fn_extra holds: the attribute that all calls of one query ask for. */
typedef struct SortedBy
{
	int32		directory_id;
	int16		type_id;
	int32		index;
	const ScimAttribute *attr;
} SortedBy;

static const ScimAttribute *
find_attribute(FunctionCallInfo fcinfo)
{
	SortedBy   *sorted = fcinfo->flinfo->fn_extra;
	int32		directory_id = PG_GETARG_INT32(1);
	int16		type_id = PG_GETARG_INT16(2);
	int32		index = PG_GETARG_INT32(3);
	const ScimResourceType *type;

	if (sorted != NULL && sorted->directory_id == directory_id && sorted->type_id == type_id &&
		sorted->index == index)
		return sorted->attr;
	scim_connect();
	type = scim_type_by_id(directory_id, type_id);
	scim_disconnect();
	if (index < 0 || index >= type->nattributes)
		scim_raise(SCIM_E_INVALID_VALUE, "there is no such attribute");
	sorted = MemoryContextAlloc(fcinfo->flinfo->fn_mcxt, sizeof(SortedBy));
	*sorted = (SortedBy) {directory_id, type_id, index, type->attributes[index]};
	fcinfo->flinfo->fn_extra = sorted;
	return sorted->attr;
}

/* The element of a list that stands for all: the primary one, else the first. */
static const JsonbValue *
representative(const ScimAttribute *attr, const JsonbValue *list)
{
	const JsonbValue *elements = scim_jsonb_open(list);

	for (int i = 0; attr->primary != NULL && i < elements->val.array.nElems; i++)
	{
		const JsonbValue *primary = scim_jsonb_get(&elements->val.array.elems[i],
												   attr->primary->name);

		if (primary != NULL && primary->type == jbvBool && primary->val.boolean)
			return &elements->val.array.elems[i];
	}
	return elements->val.array.nElems == 0 ? NULL : &elements->val.array.elems[0];
}

/* The value of attr in a document, one for a list; NULL when there is none. */
static const JsonbValue *
find_value(const ScimAttribute *attr, const JsonbValue *doc)
{
	const JsonbValue *holder = attr->parent->parent == NULL ? doc : find_value(attr->parent, doc);
	const JsonbValue *value = holder == NULL ? NULL : scim_jsonb_get(holder, attr->name);

	if (value != NULL && scim_jsonb_is_array(value))
		return representative(attr, value);
	return value;
}

/* The key of a scalar; false when it has none. */
static bool
make_key(const ScimAttribute *attr, const JsonbValue *value, ScimSlice *key)
{
	int64		instant;

	if (value->type == jbvNumeric)
		*key = scim_key_of_number(value->val.numeric);
	else if (value->type == jbvBool)
		*key = scim_slice(value->val.boolean ? "t" : "f");
	else if (value->type != jbvString)
		return false;
	else if (attr->type == SCIM_TYPE_DATETIME && scim_datetime_parse(scim_jsonb_text(value), &instant))
		*key = scim_key_of_instant(instant);
	else
		*key = scim_fold(scim_jsonb_text(value), scim_attribute_fold(attr));
	return true;
}

/* scim.sort_key(doc, directory, type, attribute) */
Datum
scim_sort_key(PG_FUNCTION_ARGS)
{
	const ScimAttribute *attr = find_attribute(fcinfo);
	const JsonbValue *value = find_value(attr, scim_jsonb_root(PG_GETARG_JSONB_P(0)));
	ScimSlice	key;

	if (value == NULL || !make_key(attr, value, &key))
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(cstring_to_text_with_len(key.data, key.len));
}

/* scim.sort_key(timestamptz) */
Datum
scim_sort_key_of_instant(PG_FUNCTION_ARGS)
{
	int64		epoch = (int64) (POSTGRES_EPOCH_JDATE - UNIX_EPOCH_JDATE) * USECS_PER_DAY;
	ScimSlice	key = scim_key_of_instant(PG_GETARG_TIMESTAMPTZ(0) + epoch);

	PG_RETURN_TEXT_P(cstring_to_text_with_len(key.data, key.len));
}

/* scim.new_secret() */
Datum
scim_new_secret(PG_FUNCTION_ARGS)
{
	bytea	   *secret = palloc(VARHDRSZ + 32);

	SET_VARSIZE(secret, VARHDRSZ + 32);
	if (!pg_strong_random(VARDATA(secret), 32))
		ereport(ERROR, (errcode(ERRCODE_INTERNAL_ERROR), errmsg("could not get random values")));
	PG_RETURN_BYTEA_P(secret);
}
