/*-------------------------------------------------------------------------
 *
 * resource_index.c
 *	  SQL side of attribute indexes: which attribute, and its values of resources that are there.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "compat.h"
#include "resource/resource_int.h"
#include "util/jsonb.h"
#include "util/plan.h"
#include "util/throw.h"

SCIM_FUNCTION(scim_attribute_path);
SCIM_FUNCTION(scim_index_values);

/* Resources that are read at a time. */
#define BATCH 1000

static ScimStatement select_batch = {
	"SELECT " SCIM_RESOURCE_COLUMNS " FROM scim.resource r"
	" WHERE r.directory_id = $1 AND r.type_id = $2 AND r.id > $3 ORDER BY r.id LIMIT $4",
	4, {INT4OID, INT2OID, UUIDOID, INT4OID}
};

static ScimSlice
text_arg(FunctionCallInfo fcinfo, int i)
{
	return PG_ARGISNULL(i) ? scim_slice("") : scim_slice(text_to_cstring(PG_GETARG_TEXT_PP(i)));
}

/* Directory (argument 0; null for what all directories see) and resource type (argument 1). */
static const ScimResourceType *
find_type(FunctionCallInfo fcinfo, const ScimDirectory **directory)
{
	ScimSlice	name = text_arg(fcinfo, 0);
	const ScimResourceType *type = NULL;

	*directory = PG_ARGISNULL(0) ? scim_directory_builtin() : scim_directory_by_name(name.data);
	if (*directory != NULL)
		type = scim_type_by_name((*directory)->schemas, text_arg(fcinfo, 1));
	if (type == NULL)
		scim_raise(SCIM_E_NOT_FOUND, "there is no such directory or resource type");
	return type;
}

/* The attribute that argument 2 names; of a complex one its "value". */
static const ScimAttribute *
find_attribute(FunctionCallInfo fcinfo, const ScimResourceType *type)
{
	ScimSlice	path = text_arg(fcinfo, 2);
	ScimAttrName name;
	ScimError	error;
	const ScimAttribute *attr = NULL;

	if (scim_attr_name_parse(path, &name, &error))
		attr = scim_attribute_resolve(type, &name);
	if (attr != NULL && attr->type == SCIM_TYPE_COMPLEX && attr->value != NULL)
		attr = attr->value;
	if (attr == NULL)
		scim_raise(SCIM_E_INVALID_PATH, "\"%.*s\" is not an attribute of %s",
				   (int) scim_slice_clip(path, 120).len, path.data, type->name.data);
	if (!scim_attribute_can_be_key(attr))
		scim_raise(SCIM_E_INVALID_PATH, "values of \"%s\" cannot be indexed", attr->path);
	return attr;
}

/* scim.attribute_path(directory, resource_type, path) */
Datum
scim_attribute_path(PG_FUNCTION_ARGS)
{
	const ScimDirectory *directory;
	Datum		result;

	scim_connect();
	result = CStringGetTextDatum(find_attribute(fcinfo, find_type(fcinfo, &directory))->path);
	scim_disconnect();
	return result;
}

/* Indexes the resources behind last and moves it on; returns their number. */
static uint64
index_batch(const ScimContext *context, const ScimResourceType *type, const ScimAttribute *attr,
			pg_uuid_t *last)
{
	Datum		values[4] = {
		Int32GetDatum(context->directory->id), Int16GetDatum(type->type_id), UUIDPGetDatum(last),
		Int32GetDatum(BATCH)
	};
	uint64		n = scim_execute(&select_batch, values, NULL);
	SPITupleTable *rows = SPI_tuptable;
	ScimResource *resources = palloc0((n + 1) * sizeof(ScimResource));

	for (uint64 i = 0; i < n; i++)
		scim_read_row(&resources[i], type, i, 1);
	for (uint64 i = 0; i < n; i++)
	{
		CHECK_FOR_INTERRUPTS();
		scim_values_index(context, &resources[i], scim_jsonb_root(resources[i].doc), attr);
		*last = resources[i].id;
	}
	SPI_freetuptable(rows);
	return n;
}

/* scim.index_values(directory, resource_type, path) */
Datum
scim_index_values(PG_FUNCTION_ARGS)
{
	ScimContext context = {.base = ""};
	MemoryContext batch = AllocSetContextCreate(CurrentMemoryContext, "scim index batch",
												ALLOCSET_DEFAULT_SIZES);
	MemoryContext old = CurrentMemoryContext;
	const ScimResourceType *type;
	const ScimAttribute *attr;
	pg_uuid_t	last = {{0}};
	uint64		n;

	scim_connect();
	type = find_type(fcinfo, &context.directory);
	attr = find_attribute(fcinfo, type);
	do
	{
		MemoryContextSwitchTo(batch);
		n = index_batch(&context, type, attr, &last);
		MemoryContextSwitchTo(old);
		MemoryContextReset(batch);
	} while (n == BATCH);
	scim_disconnect();
	PG_RETURN_VOID();
}
