/*-------------------------------------------------------------------------
 *
 * bulk_run.c
 *	  Runs the operations of a bulk request, each all or nothing by itself.
 *
 * Operations that refer to each other in a circle are one unit: they succeed together or
 * not at all, so that nothing is left that refers to a resource which was not made.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "miscadmin.h"
#include "utils/memutils.h"

#include "bulk/bulk_int.h"
#include "util/plan.h"
#include "util/throw.h"
#include "util/try.h"

/* An operation, or a unit of them, for scim_try(). */
typedef struct Attempt
{
	ScimBulk   *bulk;
	ScimBulkOperation *operation;
	List	   *unit;
} Attempt;

/* For scim_try(): an operation's rows are freed with an SPI connection of its own. */
static void
perform(void *arg)
{
	Attempt    *attempt = arg;

	scim_connect_again();
	scim_bulk_perform(attempt->operation, attempt->bulk->context);
	scim_disconnect();
}

/* Fails an operation that refers to a POST, of an earlier unit, which failed (BULK-16). */
static bool
check_references(ScimBulkOperation *operation)
{
	ListCell   *cell;

	foreach(cell, operation->references)
	{
		const ScimBulkOperation *target = lfirst(cell);
		ScimSlice	bulk_id = scim_slice_clip(target->bulk_id, 80);

		if (target->unit != operation->unit && !scim_bulk_is_sound(target))
			return scim_bulk_fail(operation, SCIM_E_CONFLICT,
								  "the POST with the bulkId \"%.*s\", which this operation refers to, failed",
								  (int) bulk_id.len, bulk_id.data);
	}
	return true;
}

/* Runs one operation; its failure becomes its error. */
static void
run_operation(ScimBulk *bulk, ScimBulkOperation *operation)
{
	Attempt		attempt = {.bulk = bulk, .operation = operation};
	MemoryContext caller = CurrentMemoryContext;
	ScimErrorCode code;
	char	   *detail;

	CHECK_FOR_INTERRUPTS();
	operation->is_processed = true;
	if (!scim_bulk_is_sound(operation) || !check_references(operation))
		return;
	MemoryContextSwitchTo(bulk->scratch);
	code = scim_try(perform, &attempt, &detail);
	MemoryContextSwitchTo(caller);
	if (code != SCIM_OK)
		scim_bulk_fail(operation, code, "%s", detail);
	MemoryContextReset(bulk->scratch);
}

/*
 * Tries the operations of a circle in the order of the request, and those that failed again, to and
 * fro, as long as that helps: a reference that must exist may be met by another operation of the circle.
 */
static void
try_circle(void *arg)
{
	Attempt    *attempt = arg;
	List	   *left = attempt->unit;
	int			before;

	do
	{
		List	   *failed = NIL;
		ListCell   *cell;

		before = list_length(left);
		foreach(cell, left)
		{
			ScimBulkOperation *operation = lfirst(cell);

			operation->error.code = SCIM_OK;
			run_operation(attempt->bulk, operation);
			if (!scim_bulk_is_sound(operation))
				failed = lcons(operation, failed);	/* the other way round next time */
		}
		left = failed;
	} while (left != NIL && list_length(left) < before);
	if (left != NIL)
		scim_raise(SCIM_E_CONFLICT, "a circle of references cannot be resolved");
}

/* A circle was undone: those that failed say why, the others that they depend on them. */
static void
fail_circle(List *unit)
{
	ListCell   *cell;

	foreach(cell, unit)
	{
		ScimBulkOperation *operation = lfirst(cell);
		char	   *detail = pstrdup(operation->error.message);

		if (scim_bulk_is_sound(operation))
			scim_bulk_fail(operation, SCIM_E_CONFLICT,
						   "an operation that this one refers to, in a circle, failed");
		else if (operation->error.code == SCIM_E_INVALID_VALUE)
			scim_error_set(&operation->error, SCIM_E_CONFLICT, 0,
						   "the circle of references cannot be resolved: %s", detail);
	}
}

/* Runs a circle in a subtransaction around those of its operations. */
static void
run_circle(ScimBulk *bulk, List *unit)
{
	Attempt		attempt = {.bulk = bulk, .unit = unit};
	char	   *detail;

	if (scim_try(try_circle, &attempt, &detail) != SCIM_OK)
		fail_circle(unit);
}

/* The number of operations of a unit that failed. */
static int
count_failed(const List *unit)
{
	int			n = 0;
	ListCell   *cell;

	foreach(cell, unit)
		n += !scim_bulk_is_sound(lfirst(cell));
	return n;
}

int
scim_bulk_run_units(ScimBulk *bulk)
{
	int			failed = 0;
	ListCell   *cell;

	foreach(cell, bulk->units)
	{
		List	   *unit = lfirst(cell);

		if (list_length(unit) == 1)
			run_operation(bulk, linitial(unit));
		else
			run_circle(bulk, unit);
		failed += count_failed(unit);
		if (bulk->max_errors > 0 && failed >= bulk->max_errors)
			break;
	}
	return failed;
}
