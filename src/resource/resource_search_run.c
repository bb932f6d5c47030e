/*-------------------------------------------------------------------------
 *
 * resource_search_run.c
 *	  Runs the statements of searches, whose texts depend on the filter.
 *
 * Statements are kept by their text.  One that is written so that there is one best plan has
 * a generic plan, every other is planned with its values, since the best plan of a filter
 * depends on them.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "common/hashfn.h"
#include "jit/jit.h"
#include "optimizer/cost.h"
#include "utils/memutils.h"

#include "resource/resource_search_int.h"
#include "util/plan.h"

#define MAX_KEPT_PLANS 64

typedef struct KeptPlan
{
	char	   *sql;
	uint32		hash;
	SPIPlanPtr	plan;
} KeptPlan;

static KeptPlan kept_plans[MAX_KEPT_PLANS];
static int	next_victim = 0;

/* The kept plan of this text, prepared at first use; the oldest one gives way. */
static SPIPlanPtr
find_plan(ScimSql *sql)
{
	uint32		hash = hash_bytes((unsigned char *) sql->text.data, sql->text.len);
	KeptPlan   *kept;
	SPIPlanPtr	plan;

	for (int i = 0; i < MAX_KEPT_PLANS; i++)
		if (kept_plans[i].plan != NULL && kept_plans[i].hash == hash &&
			strcmp(kept_plans[i].sql, sql->text.data) == 0)
			return kept_plans[i].plan;
	plan = SPI_prepare_cursor(sql->text.data, sql->nparams, sql->types,
							  sql->has_one_plan ? CURSOR_OPT_GENERIC_PLAN : CURSOR_OPT_CUSTOM_PLAN);
	if (plan == NULL || SPI_keepplan(plan) != 0)
		ereport(ERROR, (errcode(ERRCODE_INTERNAL_ERROR), errmsg("could not prepare a search")));
	kept = &kept_plans[next_victim];
	next_victim = (next_victim + 1) % MAX_KEPT_PLANS;
	if (kept->plan != NULL)
	{
		SPI_freeplan(kept->plan);
		pfree(kept->sql);
		kept->plan = NULL;
	}
	kept->sql = MemoryContextStrdup(TopMemoryContext, sql->text.data);
	kept->hash = hash;
	kept->plan = plan;
	return plan;
}

static int
execute(ScimSql *sql, bool explains)
{
	if (explains)
		return SPI_execute_with_args(psprintf("EXPLAIN (COSTS off) %s", sql->text.data),
									 sql->nparams, sql->types, sql->values, NULL, false, 0);
	return SPI_execute_plan(find_plan(sql), sql->values, NULL, scim_is_read_only(), 0);
}

/*
 * Compiling costs more than any page is worth.  A plan that is kept must suit tables that grow
 * while it is, so it goes by indexes.  The planner's variables are set as they are, because a
 * level of settings for each search costs as much as a look-up.
 */
static uint64
execute_without_detours(ScimSql *sql, bool explains)
{
	MemoryContext caller = CurrentMemoryContext;
	bool		jit = jit_enabled;
	bool		seqscan = enable_seqscan;
	bool		bitmapscan = enable_bitmapscan;
	volatile int result = 0;

	PG_TRY();
	{
		jit_enabled = false;
		enable_seqscan = seqscan && !sql->has_one_plan;
		enable_bitmapscan = bitmapscan && !sql->has_one_plan;
		result = execute(sql, explains);
	}
	PG_FINALLY();
	{
		jit_enabled = jit;
		enable_seqscan = seqscan;
		enable_bitmapscan = bitmapscan;
	}
	PG_END_TRY();
	MemoryContextSwitchTo(caller);	/* SPI leaves its own */
	if (result < 0)
		ereport(ERROR, (errcode(ERRCODE_INTERNAL_ERROR), errmsg("a search failed")));
	return SPI_processed;
}

uint64
scim_search_run(ScimSql *sql)
{
	return execute_without_detours(sql, false);
}

uint64
scim_search_explain(ScimSql *sql)
{
	return execute_without_detours(sql, true);
}
