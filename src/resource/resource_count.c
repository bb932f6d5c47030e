/*-------------------------------------------------------------------------
 *
 * resource_count.c
 *	  How many resources came and went: scim.resource_count.
 *
 * Totals are sums over a few rows: each backend has one of its own for each type of a directory,
 * so writers do not wait for one another.  A transaction remembers what it creates and removes,
 * in its subtransactions as they commit or roll back, and adds it to the row once, just before
 * it commits: a row that is updated again and again in one transaction has a longer history
 * to be searched each time.  The first resource that it creates is counted by the very statement that
 * writes it, since most transactions create one, and a second statement is a tenth of that work.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/xact.h"
#include "catalog/pg_type.h"
#include "nodes/pg_list.h"
#include "nodes/value.h"
#include "parser/parse_func.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/snapmgr.h"
#include "utils/syscache.h"

#include "compat.h"
#include "resource/resource_int.h"
#include "util/plan.h"

SCIM_FUNCTION(scim_flush_counts);

static ScimStatement select_counts = {
	"SELECT created, removed FROM scim.resource_count WHERE directory_id = $1 AND type_id = $2",
	2, {INT4OID, INT2OID}
};

/* Nearly always the row is there: an upsert would lock it first, and log that. */
static ScimStatement add_counts = {
	"UPDATE scim.resource_count SET created = created + $4, removed = removed + $5"
	" WHERE directory_id = $1 AND type_id = $2 AND shard = $3",
	5, {INT4OID, INT2OID, INT4OID, INT8OID, INT8OID}
};

static ScimStatement insert_counts = {
	"INSERT INTO scim.resource_count AS c (directory_id, type_id, shard, created, removed)"
	" VALUES ($1, $2, $3, $4, $5) ON CONFLICT (directory_id, type_id, shard)"
	" DO UPDATE SET created = c.created + $4, removed = c.removed + $5",
	5, {INT4OID, INT2OID, INT4OID, INT8OID, INT8OID}
};

/* What a transaction, or one of its subtransactions, has to add to a row. */
typedef struct Pending
{
	SubTransactionId subxact;
	int32		directory_id;
	int16		type_id;
	ScimCount	count;
} Pending;

/* Of the current transaction, in its memory. */
static Pending *pending = NULL;
static int	npending = 0;
static int	room = 0;

/* scim.flush_counts(), looked up by those who may see it. */
static Oid	flush_function = InvalidOid;

static void
add_pending(const Pending *more)
{
	MemoryContext old;

	for (int i = 0; i < npending; i++)
		if (pending[i].subxact == more->subxact && pending[i].type_id == more->type_id &&
			pending[i].directory_id == more->directory_id)
		{
			pending[i].count.created += more->count.created;
			pending[i].count.removed += more->count.removed;
			return;
		}
	if (npending == room)
	{
		old = MemoryContextSwitchTo(TopTransactionContext);
		room = Max(16, 2 * room);
		pending = pending == NULL ? palloc(room * sizeof(Pending)) :
			repalloc(pending, room * sizeof(Pending));
		MemoryContextSwitchTo(old);
	}
	pending[npending++] = *more;
}

/* Has this transaction counted something already? */
static bool counted = false;

static void
forget_all(void)
{
	counted = false;
	pending = NULL;
	npending = room = 0;
}

/* What a subtransaction counted becomes its parent's, or nothing. */
static void
subtransaction_ended(SubXactEvent event, SubTransactionId mine, SubTransactionId parent, void *arg)
{
	int			n = npending;

	if (event != SUBXACT_EVENT_ABORT_SUB && event != SUBXACT_EVENT_COMMIT_SUB)
		return;
	/* the youngest are at the end */
	while (npending > 0 && pending[npending - 1].subxact >= mine)
		npending--;
	if (event == SUBXACT_EVENT_ABORT_SUB)
		return;
	for (int i = npending; i < n; i++)
	{
		Pending		promoted = pending[i];

		promoted.subxact = parent;
		add_pending(&promoted);
	}
}

/* Outside of any statement there is no snapshot to run one below. */
static void
flush(void)
{
	/* the function may be gone with the extension, and the rows with it */
	if (npending == 0 || !SearchSysCacheExists1(PROCOID, ObjectIdGetDatum(flush_function)))
		return;
	PushActiveSnapshot(GetTransactionSnapshot());
	OidFunctionCall0(flush_function);
	PopActiveSnapshot();
}

static void
transaction_ends(XactEvent event, void *arg)
{
	switch (event)
	{
		case XACT_EVENT_PRE_COMMIT:
		case XACT_EVENT_PRE_PREPARE:
			flush();
			break;
		case XACT_EVENT_COMMIT:
		case XACT_EVENT_ABORT:
		case XACT_EVENT_PREPARE:
			forget_all();
			break;
		default:
			break;
	}
}

static void
listen_to_transactions(void)
{
	static bool listening = false;

	if (!listening)
	{
		RegisterXactCallback(transaction_ends, NULL);
		RegisterSubXactCallback(subtransaction_ended, NULL);
	}
	listening = true;
}

/* While we run as one who may see it. */
static void
find_flush_function(void)
{
	if (npending == 0)
		flush_function = LookupFuncName(list_make2(makeString("scim"), makeString("flush_counts")),
										0, NULL, false);
}

bool
scim_count_is_first(void)
{
	bool		first = !counted;

	listen_to_transactions();
	counted = true;
	return first;
}

void
scim_count_add(const ScimContext *context, const ScimResourceType *type, int64 created,
			   int64 removed)
{
	Pending		more = {
		GetCurrentSubTransactionId(), context->directory->id, type->type_id, {created, removed}
	};

	listen_to_transactions();
	find_flush_function();
	counted = true;
	add_pending(&more);
}

ScimCount
scim_count_get(const ScimContext *context, const ScimResourceType *type)
{
	Datum		values[2] = {Int32GetDatum(context->directory->id), Int16GetDatum(type->type_id)};
	uint64		n = scim_query(&select_counts, values, NULL);
	ScimCount	count = {0};

	for (uint64 row = 0; row < n; row++)
	{
		count.created += DatumGetInt64(scim_value(row, 1));
		count.removed += DatumGetInt64(scim_value(row, 2));
	}
	for (int i = 0; i < npending; i++)
		if (pending[i].directory_id == context->directory->id && pending[i].type_id == type->type_id)
		{
			count.created += pending[i].count.created;
			count.removed += pending[i].count.removed;
		}
	return count;
}

/*
 * scim.flush_counts(): writes what is pending.  A function that runs as its owner, since the
 * transaction may end under a user who may not write here.
 */
Datum
scim_flush_counts(PG_FUNCTION_ARGS)
{
	int			n = npending;

	npending = 0;
	scim_connect();
	for (int i = 0; i < n; i++)
	{
		Datum		values[5] = {
			Int32GetDatum(pending[i].directory_id), Int16GetDatum(pending[i].type_id),
			Int32GetDatum(scim_backend_number()), Int64GetDatum(pending[i].count.created),
			Int64GetDatum(pending[i].count.removed)
		};

		if (scim_execute(&add_counts, values, NULL) == 0)
			scim_execute(&insert_counts, values, NULL);
	}
	scim_disconnect();
	PG_RETURN_VOID();
}
