/*-------------------------------------------------------------------------
 *
 * plan.c
 *	  SQL statements of the extension, prepared once per backend.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "utils/builtins.h"
#include "util/plan.h"

/*
 * Has this connection run a statement that may have written?  Then reads need a snapshot
 * of their own to see it; before, they share that of the calling statement.
 */
static bool wrote = false;

/* Prepares and keeps the plan at first use. */
static void
prepare(ScimStatement *statement)
{
	SPIPlanPtr	plan = SPI_prepare_cursor(statement->sql, statement->nargs, statement->argtypes,
										  CURSOR_OPT_GENERIC_PLAN);

	if (plan == NULL || SPI_keepplan(plan) != 0)
		ereport(ERROR, (errcode(ERRCODE_INTERNAL_ERROR),
						errmsg("could not prepare an inner statement of scim: %s",
							   SPI_result_code_string(SPI_result))));
	statement->plan = plan;
}

static uint64
run(ScimStatement *statement, Datum *values, const char *nulls, bool read_only)
{
	MemoryContext caller = CurrentMemoryContext;
	int			result;

	if (statement->plan == NULL)
		prepare(statement);
	result = SPI_execute_plan(statement->plan, values, nulls, read_only, 0);
	MemoryContextSwitchTo(caller);	/* SPI leaves its own */
	if (result < 0)
		ereport(ERROR, (errcode(ERRCODE_INTERNAL_ERROR),
						errmsg("an inner statement of scim failed: %s",
							   SPI_result_code_string(result))));
	return SPI_processed;
}

uint64
scim_execute(ScimStatement *statement, Datum *values, const char *nulls)
{
	uint64		rows = run(statement, values, nulls, false);

	wrote = true;				/* after the fact: a trigger may have connected in between */
	return rows;
}

uint64
scim_query(ScimStatement *statement, Datum *values, const char *nulls)
{
	return run(statement, values, nulls, scim_is_read_only());
}

uint64
scim_query_fresh(ScimStatement *statement, Datum *values, const char *nulls)
{
	return run(statement, values, nulls, false);
}

bool
scim_is_read_only(void)
{
	return !wrote;
}

void
scim_connect(void)
{
	MemoryContext caller = CurrentMemoryContext;

	wrote = false;
	if (SPI_connect() != SPI_OK_CONNECT)
		ereport(ERROR, (errcode(ERRCODE_INTERNAL_ERROR), errmsg("SPI_connect failed")));
	MemoryContextSwitchTo(caller);
}

void
scim_connect_again(void)
{
	bool		wrote_before = wrote;

	scim_connect();
	wrote = wrote_before;
}

void
scim_disconnect(void)
{
	SPI_finish();
}

Datum
scim_column(uint64 row, int column, bool *isnull)
{
	Assert(row < SPI_processed);
	return SPI_getbinval(SPI_tuptable->vals[row], SPI_tuptable->tupdesc, column, isnull);
}

Datum
scim_value(uint64 row, int column)
{
	bool		isnull;
	Datum		value = scim_column(row, column, &isnull);

	Assert(!isnull);
	return value;
}

char *
scim_text(uint64 row, int column, MemoryContext context)
{
	bool		isnull;
	Datum		value = scim_column(row, column, &isnull);
	MemoryContext old;
	char	   *result;

	if (isnull)
		return NULL;
	old = MemoryContextSwitchTo(context);
	result = TextDatumGetCString(value);
	MemoryContextSwitchTo(old);
	return result;
}

struct varlena *
scim_varlena(uint64 row, int column, MemoryContext context)
{
	bool		isnull;
	Datum		value = scim_column(row, column, &isnull);
	MemoryContext old;
	struct varlena *copy;

	if (isnull)
		return NULL;
	old = MemoryContextSwitchTo(context);
	copy = PG_DETOAST_DATUM_COPY(value);
	MemoryContextSwitchTo(old);
	return copy;
}
