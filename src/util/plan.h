/*-------------------------------------------------------------------------
 *
 * plan.h
 *	  SQL statements of the extension, prepared once per backend.
 *
 * A module declares a static ScimStatement beside the code that uses it.  Its
 * plan is generic, so the statement must be one whose best plan does not depend
 * on the parameters: full keys.  Filters have plans of their own (resource/resource_search_run.c).
 *
 *-------------------------------------------------------------------------
 */
#ifndef SCIM_PLAN_H
#define SCIM_PLAN_H

#include "postgres.h"

#include "executor/spi.h"

#define SCIM_MAX_ARGS 16

typedef struct ScimStatement
{
	const char *sql;
	int			nargs;
	Oid			argtypes[SCIM_MAX_ARGS];
	SPIPlanPtr	plan;			/* filled at first use */
} ScimStatement;

/* Runs between scim_connect() and scim_disconnect(); nulls as for SPI_execute_plan. Returns the number of rows. */
extern uint64 scim_execute(ScimStatement *statement, Datum *values, const char *nulls);

/*
 * The same for statements that only read: with the snapshot of the calling statement, so that
 * all reads of a request agree, as long as the connection has written nothing.
 */
extern uint64 scim_query(ScimStatement *statement, Datum *values, const char *nulls);

/* The same with a snapshot of its own, for what feeds a cache. */
extern uint64 scim_query_fresh(ScimStatement *statement, Datum *values, const char *nulls);

/* What SPI wants to be told of a statement that only reads. */
extern bool scim_is_read_only(void);

/* An SPI connection; the caller's memory context stays current. */
extern void scim_connect(void);

/* The same within another one: what it reads is freed with it, and earlier writes are seen. */
extern void scim_connect_again(void);
extern void scim_disconnect(void);

/* Column (from 1) of a row of the last result; a null raises nothing, *isnull says so. */
extern Datum scim_column(uint64 row, int column, bool *isnull);

/* The same for a column that is never null. */
extern Datum scim_value(uint64 row, int column);

/* A text column copied into context as a C string; NULL for null. */
extern char *scim_text(uint64 row, int column, MemoryContext context);

/* A by-reference column copied into context, detoasted; 0 for null. */
extern struct varlena *scim_varlena(uint64 row, int column, MemoryContext context);

#endif							/* SCIM_PLAN_H */
