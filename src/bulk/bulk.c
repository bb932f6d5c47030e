/*-------------------------------------------------------------------------
 *
 * bulk.c
 *	  A bulk request as a whole: envelope, locks, all or nothing.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "utils/fmgrprotos.h"
#include "utils/memutils.h"

#include "bulk/bulk_int.h"
#include "scim.h"
#include "util/jsonb.h"
#include "util/plan.h"
#include "util/throw.h"
#include "util/try.h"

/* First key of the advisory lock on the bulk requests of a directory. */
#define BULK_LOCK 1935894895

#define BULK_URN "urn:ietf:params:scim:api:messages:2.0:BulkRequest"

void
scim_bulk_check_size(size_t bytes)
{
	if (bytes > (size_t) scim_limits.body_bytes)
		scim_raise(SCIM_E_TOO_LARGE, "the bulk request exceeds maxPayloadSize (%d bytes)",
				   scim_limits.body_bytes);
}

/* failOnErrors: a positive integer, or 0 when it is absent. */
static int
read_max_errors(const JsonbValue *request)
{
	const JsonbValue *value = scim_jsonb_get_ci(request, "failOnErrors");
	int64		number;

	if (value == NULL || value->type == jbvNull)
		return 0;
	if (!scim_jsonb_to_int(value, &number) || number < 1)
		scim_raise(SCIM_E_INVALID_SYNTAX, "\"failOnErrors\" must be a positive integer");
	return Min(number, PG_INT32_MAX);
}

/* Reads the envelope, and each operation as far as it can be understood by itself. */
static void
read_request(ScimBulk *bulk, const JsonbValue *request)
{
	const JsonbValue *list;

	if (!scim_jsonb_is_object(request))
		scim_raise(SCIM_E_INVALID_SYNTAX, "the body must be a JSON object");
	if (!scim_message_has_schema(request, BULK_URN))
		scim_raise(SCIM_E_INVALID_SYNTAX, "\"schemas\" must hold \"%s\"", BULK_URN);
	list = scim_jsonb_get_ci(request, "Operations");
	if (list == NULL || list->type != jbvArray || list->val.array.nElems == 0)
		scim_raise(SCIM_E_INVALID_SYNTAX, "\"Operations\" must be a list of at least one operation");
	bulk->noperations = list->val.array.nElems;
	if (bulk->noperations > scim_limits.bulk_operations)
		scim_raise(SCIM_E_TOO_LARGE, "the bulk request has %d operations and exceeds maxOperations (%d)",
				   bulk->noperations, scim_limits.bulk_operations);
	bulk->max_errors = read_max_errors(request);
	bulk->operations = palloc_extended(bulk->noperations * sizeof(ScimBulkOperation),
									   MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
	for (int i = 0; i < bulk->noperations; i++)
		scim_bulk_read(&bulk->operations[i], bulk->context, &list->val.array.elems[i]);
}

/*
 * Locks what the operations will write before the first does.  Names that they will take cannot be
 * locked, and two requests that take the same in different order would wait for one another; so bulk
 * requests of a directory take turns.
 */
static void
lock_touched(const ScimBulk *bulk)
{
	Size		size = bulk->noperations * sizeof(pg_uuid_t);
	ScimIds		written = {.ids = palloc(size)};
	ScimIds		deleted = {.ids = palloc(size)};

	for (int i = 0; i < bulk->noperations; i++)
	{
		const ScimBulkOperation *operation = &bulk->operations[i];
		pg_uuid_t	id;

		if (!scim_bulk_is_sound(operation) || !scim_uuid_parse(operation->id, &id))
			continue;
		written.ids[written.n++] = id;
		if (operation->method == SCIM_BULK_DELETE)
			deleted.ids[deleted.n++] = id;
	}
	DirectFunctionCall2(pg_advisory_xact_lock_int4, Int32GetDatum(BULK_LOCK),
						Int32GetDatum(bulk->context->directory->id));
	scim_connect_again();
	scim_resources_lock(bulk->context, &written, &deleted);
	scim_disconnect();
}

/* For scim_try(): runs all operations, and raises an error when one failed, so that none stays. */
static void
run_or_raise(void *arg)
{
	if (scim_bulk_run_units(arg) > 0)
		scim_raise(SCIM_E_FAILED_DEPENDENCY, "an operation failed");
}

/* Runs up to the first failure; then nothing is left and every operation says so. */
static void
run_atomic(ScimBulk *bulk)
{
	char	   *detail;
	bool		undone;

	bulk->max_errors = 1;
	undone = scim_try(run_or_raise, bulk, &detail) != SCIM_OK;
	for (int i = 0; i < bulk->noperations && undone; i++)
	{
		ScimBulkOperation *operation = &bulk->operations[i];

		if (scim_bulk_is_sound(operation))
			scim_bulk_fail(operation, SCIM_E_FAILED_DEPENDENCY, operation->is_processed ?
						   "undone, since another operation of this request failed" :
						   "not done, since another operation of this request failed");
		operation->is_processed = true;
	}
}

void
scim_bulk_run(StringInfo out, const ScimContext *context, JsonbValue *request, bool atomic)
{
	ScimBulk	bulk = {.context = context};

	read_request(&bulk, request);
	scim_bulk_resolve(&bulk);
	scim_bulk_order(&bulk);
	lock_touched(&bulk);
	bulk.scratch = AllocSetContextCreate(CurrentMemoryContext, "scim bulk operation",
										 ALLOCSET_DEFAULT_SIZES);
	if (atomic)
		run_atomic(&bulk);
	else
		scim_bulk_run_units(&bulk);
	MemoryContextDelete(bulk.scratch);
	scim_bulk_answer(out, &bulk);
}
