/*-------------------------------------------------------------------------
 *
 * resource_read.c
 *	  One resource by its id, to be read or to be written.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/timestamp.h"

#include "resource/resource_int.h"
#include "util/plan.h"
#include "util/throw.h"
#include "util/uuid.h"

#define SELECT_ONE(groups) \
	"SELECT " SCIM_RESOURCE_COLUMNS groups \
	" FROM scim.resource r WHERE r.directory_id = $1 AND r.id = $2 AND r.type_id = $3"
#define GROUP_IDS \
	", ARRAY(SELECT m.group_id FROM scim.membership m WHERE m.directory_id = $1 AND m.member_id = $2)"
#define LOCKED " FOR NO KEY UPDATE OF r"
#define ARGUMENTS 3, {INT4OID, UUIDOID, INT2OID}

/* By whether the type shows groups, whose look-up is a fifth of the work. */
static ScimStatement select_resource[] = {{SELECT_ONE(""), ARGUMENTS}, {SELECT_ONE(GROUP_IDS), ARGUMENTS}};
static ScimStatement lock_resource[] = {
	{SELECT_ONE("") LOCKED, ARGUMENTS}, {SELECT_ONE(GROUP_IDS) LOCKED, ARGUMENTS}
};

/* The document stays in SPI's memory, until scim_disconnect(). */
void
scim_read_row(ScimResource *resource, const ScimResourceType *type, uint64 row, int first)
{
	resource->type = type;
	resource->id = *DatumGetUUIDP(scim_value(row, first));
	resource->version = DatumGetInt64(scim_value(row, first + 1));
	resource->created = DatumGetTimestampTz(scim_value(row, first + 2));
	resource->last_modified = DatumGetTimestampTz(scim_value(row, first + 3));
	resource->doc = DatumGetJsonbP(scim_value(row, first + 4));
}

/*
 * The type must fit too: the same id below another endpoint is not there, and neither is
 * that of another directory.
 */
static ScimResource *
read_one(ScimStatement *statements, bool locks, const ScimContext *context,
		 const ScimResourceType *type, ScimSlice id)
{
	bool		has_groups = type->member_of != NULL;
	ScimStatement *statement = &statements[has_groups];
	ScimResource *resource = palloc0(sizeof(ScimResource));
	Datum		values[3] = {Int32GetDatum(context->directory->id), UUIDPGetDatum(&resource->id),
	Int16GetDatum(type->type_id)};
	bool		found = scim_uuid_parse(id, &resource->id);

	if (found)
		found = (locks ? scim_execute(statement, values, NULL) :
				 scim_query(statement, values, NULL)) == 1;
	if (!found)
		scim_raise(SCIM_E_NOT_FOUND, "there is no %s with the id \"%.*s\"", type->name.data,
				   (int) Min(id.len, 80), id.data);
	scim_read_row(resource, type, 0, 1);
	if (has_groups)
		resource->group_ids = DatumGetArrayTypeP(scim_value(0, 6));
	return resource;
}

ScimResource *
scim_resource_get(const ScimContext *context, const ScimResourceType *type, ScimSlice id)
{
	return read_one(select_resource, false, context, type, id);
}

ScimResource *
scim_resource_lock(const ScimContext *context, const ScimResourceType *type, ScimSlice id)
{
	return read_one(lock_resource, true, context, type, id);
}
