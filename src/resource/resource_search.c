/*-------------------------------------------------------------------------
 *
 * resource_search.c
 *	  Queries: filter, order, page and exact total (RFC 7644 section 3.4.2).
 *
 * A filtered search is one statement: the ids that match are collected once, counted
 * and cut to the page, and only the page's documents are read.  Statements are kept by
 * their text; one that pins a unique key has a generic plan, every other is planned
 * with its values, since the best plan of a filter depends on them.
 *
 * The default order is by id, which is the order of creation: stable, new rows last.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "common/hashfn.h"
#include "jit/jit.h"
#include "utils/builtins.h"
#include "utils/guc.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"

#include "core/filter.h"
#include "filter/filter.h"
#include "resource/resource_int.h"
#include "scim.h"
#include "util/jsonb.h"
#include "util/plan.h"
#include "util/throw.h"

#define MAX_KEPT_PLANS 64

typedef struct KeptPlan
{
	char	   *sql;
	uint32		hash;
	SPIPlanPtr	plan;
} KeptPlan;

static KeptPlan kept_plans[MAX_KEPT_PLANS];
static int	next_victim = 0;

static ScimStatement count_all = {
	"SELECT pg_catalog.count(*) FROM scim.resource r WHERE r.directory_id = $1 AND r.type_id = $2",
	2, {INT4OID, INT2OID}
};

static ScimStatement page_of_all = {
	"SELECT " SCIM_RESOURCE_COLUMNS " FROM"
	" (SELECT i.id FROM scim.resource i WHERE i.directory_id = $1 AND i.type_id = $2"
	" ORDER BY i.id OFFSET $3 LIMIT $4) AS p"
	" JOIN scim.resource r ON r.directory_id = $1 AND r.id = p.id ORDER BY r.id",
	4, {INT4OID, INT2OID, INT8OID, INT8OID}
};

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
							  sql->selects_one ? CURSOR_OPT_GENERIC_PLAN : CURSOR_OPT_CUSTOM_PLAN);
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

/* Runs a search. Compiling costs more than any page is worth, so without JIT. */
static uint64
run_search(ScimSql *sql)
{
	MemoryContext caller = CurrentMemoryContext;
	bool		had_jit = jit_enabled;
	int			nest = had_jit ? NewGUCNestLevel() : 0;

	if (had_jit)
		(void) set_config_option("jit", "off", PGC_USERSET, PGC_S_SESSION, GUC_ACTION_SAVE, true, 0,
								 false);
	if (SPI_execute_plan(find_plan(sql), sql->values, NULL, scim_is_read_only(), 0) < 0)
		ereport(ERROR, (errcode(ERRCODE_INTERNAL_ERROR), errmsg("a search failed")));
	MemoryContextSwitchTo(caller);	/* SPI leaves its own */
	if (had_jit)
		AtEOXact_GUC(true, nest);
	return SPI_processed;
}

/* Starts a statement with the two parameters that every search has. */
static ScimSql *
new_sql(const ScimContext *context, const ScimResourceType *type)
{
	ScimSql    *sql = palloc0(sizeof(ScimSql));

	initStringInfo(&sql->text);
	scim_sql_param(sql, INT4OID, Int32GetDatum(context->directory->id));
	scim_sql_param(sql, INT2OID, Int16GetDatum(type->type_id));
	return sql;
}

/* Appends the WHERE clause of a filter text. */
static void
put_where(ScimSql *sql, const ScimContext *context, const ScimResourceType *type, ScimSlice text)
{
	ScimFilter *filter;
	ScimError	error;
	char	   *location = psprintf("%s/%s/", context->base, type->endpoint.data);

	if (!scim_filter_parse(text, &scim_limits, &filter, &error))
		scim_throw(&error);
	appendStringInfoString(&sql->text, " WHERE r.directory_id = $1 AND r.type_id = $2 AND ");
	scim_filter_to_sql(sql, type, scim_filter_resolve(type, filter), scim_slice(location));
}

/* The statement of a filtered search; row_count and offset become parameters. */
static ScimSql *
search_sql(const ScimContext *context, const ScimResourceType *type, ScimSlice filter,
		   int64 offset, int64 row_count)
{
	ScimSql    *sql = new_sql(context, type);
	ScimSql    *where = new_sql(context, type);
	int			nlimit;

	put_where(where, context, type, filter);
	if (where->selects_one)
	{
		appendStringInfo(&sql->text, "SELECT 1::pg_catalog.int8, " SCIM_RESOURCE_COLUMNS
						 " FROM scim.resource r%s", where->text.data);
		where->text = sql->text;
		return where;
	}
	nlimit = scim_sql_param(where, INT8OID, Int64GetDatum(row_count));
	appendStringInfo(&sql->text,
					 "WITH m AS MATERIALIZED (SELECT r.id FROM scim.resource r%s)"
					 " SELECT t.n, p.* FROM (SELECT pg_catalog.count(*) AS n FROM m) AS t"
					 " LEFT JOIN (SELECT " SCIM_RESOURCE_COLUMNS " FROM"
					 " (SELECT id FROM m ORDER BY id OFFSET $%d LIMIT $%d) AS i"
					 " JOIN scim.resource r ON r.directory_id = $1 AND r.id = i.id) AS p ON true"
					 " ORDER BY p.id",
					 where->text.data, scim_sql_param(where, INT8OID, Int64GetDatum(offset)), nlimit);
	where->text = sql->text;
	return where;
}

/* Copies rows into the page; columns of the resource begin at first. */
static void
read_page(ScimPage *page, const ScimResourceType *type, uint64 nrows, int first)
{
	page->resources = palloc0((nrows + 1) * sizeof(ScimResource));
	for (uint64 row = 0; row < nrows; row++)
		scim_read_row(&page->resources[page->nresources++], type, row, first);
}

static void
search_all(ScimPage *page, const ScimContext *context, const ScimResourceType *type,
		   int64 offset, int64 count)
{
	Datum		values[4] = {Int32GetDatum(context->directory->id), Int16GetDatum(type->type_id),
	Int64GetDatum(offset), Int64GetDatum(count)};

	scim_query(&count_all, values, NULL);
	page->total = DatumGetInt64(scim_value(0, 1));
	if (count > 0 && offset < page->total)
		read_page(page, type, scim_query(&page_of_all, values, NULL), 1);
}

static void
search_filtered(ScimPage *page, const ScimContext *context, const ScimResourceType *type,
				ScimSlice filter, int64 offset, int64 count)
{
	ScimSql    *sql = search_sql(context, type, filter, offset, count);
	uint64		nrows = run_search(sql);
	bool		isnull;

	if (nrows == 0)
		return;
	page->total = DatumGetInt64(scim_value(0, 1));
	(void) scim_column(0, 2, &isnull);
	if (!isnull && count > 0 && offset < page->total)
		read_page(page, type, nrows, 2);
}

ScimPage *
scim_resource_search(const ScimContext *context, const ScimResourceType *type,
					 const ScimQuery *query)
{
	const ScimSettings *settings = &context->directory->settings;
	ScimPage   *page = palloc0(sizeof(ScimPage));
	int64		count = query->count < 0 ? settings->default_page_size : query->count;
	int64		offset = query->start_index < 1 ? 0 : query->start_index - 1;

	count = Min(count, settings->max_page_size);
	page->start_index = offset + 1;
	if (query->filter.len == 0)
		search_all(page, context, type, offset, count);
	else
		search_filtered(page, context, type, query->filter, offset, count);
	return page;
}

/* Parameter values as text, by their types' own output functions. */
static void
explain_parameters(StringInfo out, const ScimSql *sql)
{
	appendStringInfoChar(out, '[');
	for (int i = 0; i < sql->nparams; i++)
	{
		Oid			output;
		bool		is_varlena;

		getTypeOutputInfo(sql->types[i], &output, &is_varlena);
		if (i > 0)
			appendStringInfoChar(out, ',');
		scim_json_write_string(out, scim_slice(OidOutputFunctionCall(output, sql->values[i])));
	}
	appendStringInfoChar(out, ']');
}

Jsonb *
scim_resource_explain(const ScimContext *context, const ScimResourceType *type, ScimSlice filter)
{
	ScimSql    *sql = search_sql(context, type, filter, 0, context->directory->settings.default_page_size);
	StringInfoData out;
	const char *explain = psprintf("EXPLAIN (COSTS off) %s", sql->text.data);
	MemoryContext caller = CurrentMemoryContext;

	initStringInfo(&out);
	appendStringInfoString(&out, "{\"sql\":");
	scim_json_write_string(&out, scim_slice(sql->text.data));
	appendStringInfoString(&out, ",\"parameters\":");
	explain_parameters(&out, sql);
	appendStringInfoString(&out, ",\"plan\":[");
	if (SPI_execute_with_args(explain, sql->nparams, sql->types, sql->values, NULL, false, 0) < 0)
		ereport(ERROR, (errcode(ERRCODE_INTERNAL_ERROR), errmsg("could not explain a search")));
	MemoryContextSwitchTo(caller);
	for (uint64 row = 0; row < SPI_processed; row++)
	{
		if (row > 0)
			appendStringInfoChar(&out, ',');
		scim_json_write_string(&out, scim_slice(scim_text(row, 1, CurrentMemoryContext)));
	}
	appendStringInfoString(&out, "]}");
	return DatumGetJsonbP(DirectFunctionCall1(jsonb_in, CStringGetDatum(out.data)));
}
