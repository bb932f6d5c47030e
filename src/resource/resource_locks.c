/*-------------------------------------------------------------------------
 *
 * resource_locks.c
 *	  The locks of several writes in one transaction, taken before the first of them.
 *
 * Whoever takes them all at once, and in the order of ids, cannot wait for somebody who
 * waits for him.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"

#include "resource/resource_int.h"
#include "util/plan.h"
#include "util/uuid.h"

/* Resources that are written, and the groups of those that are deleted, which change with them. */
static ScimStatement lock_resources = {
	"SELECT FROM scim.resource r WHERE r.directory_id = $1 AND r.id = ANY"
	" (ARRAY(SELECT pg_catalog.unnest($2) UNION SELECT m.group_id FROM scim.membership m"
	" WHERE m.directory_id = $1 AND m.member_id = ANY ($3)))"
	" ORDER BY r.id FOR NO KEY UPDATE",
	3, {INT4OID, UUIDARRAYOID, UUIDARRAYOID}
};

static Datum
id_array(const ScimIds *ids)
{
	Datum	   *elements = palloc((ids->n + 1) * sizeof(Datum));

	for (int i = 0; i < ids->n; i++)
		elements[i] = UUIDPGetDatum(&ids->ids[i]);
	return scim_uuid_array(elements, ids->n);
}

void
scim_resources_lock(const ScimContext *context, const ScimIds *written, const ScimIds *deleted)
{
	Datum		values[3] = {Int32GetDatum(context->directory->id), id_array(written),
	id_array(deleted)};

	scim_store_begin(context);
	if (deleted->n > 0)
		scim_members_lock(context);
	else
		scim_members_share(context);
	scim_execute(&lock_resources, values, NULL);
}
