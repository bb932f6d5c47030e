/*-------------------------------------------------------------------------
 *
 * filter_match.c
 *	  scim.match(document, directory, type, filter): a condition on a document, from SQL.
 *
 * The filter is compiled once per query and call site; fn_extra keeps it.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "utils/builtins.h"
#include "utils/memutils.h"

#include "compat.h"
#include "filter/filter.h"
#include "scim.h"
#include "util/jsonb.h"
#include "util/plan.h"
#include "util/throw.h"

SCIM_FUNCTION(scim_match);
SCIM_FUNCTION(scim_fold_text);

/* What fn_extra holds. */
typedef struct Compiled
{
	int32		directory_id;
	int16		type_id;
	char	   *text;
	ScimCondition *condition;
	MemoryContext scratch;		/* reset for every row */
} Compiled;

/* Compiles in the memory of the query. */
static Compiled *
compile(FmgrInfo *flinfo, int32 directory_id, int16 type_id, const text *filter_text)
{
	MemoryContext old = MemoryContextSwitchTo(flinfo->fn_mcxt);
	Compiled   *compiled = palloc0(sizeof(Compiled));
	ScimLimits	limits = scim_limits;
	ScimFilter *filter;
	ScimError	error;

	compiled->directory_id = directory_id;
	compiled->type_id = type_id;
	compiled->text = text_to_cstring(filter_text);
	compiled->scratch = AllocSetContextCreate(flinfo->fn_mcxt, "scim match", ALLOCSET_SMALL_SIZES);
	/* a filter that passed the limits may be longer as filter_sql.c prints it */
	limits.filter_bytes *= 8;
	limits.filter_depth *= 4;
	limits.filter_nodes *= 4;
	if (!scim_filter_parse(scim_slice(compiled->text), &limits, &filter, &error))
		scim_throw(&error);
	scim_connect();
	compiled->condition = scim_filter_resolve(scim_type_by_id(directory_id, type_id), filter);
	scim_disconnect();
	MemoryContextSwitchTo(old);
	flinfo->fn_extra = compiled;
	return compiled;
}

static bool
is_for(const Compiled *compiled, int32 directory_id, int16 type_id, const text *filter_text)
{
	return compiled != NULL && compiled->directory_id == directory_id &&
		compiled->type_id == type_id &&
		strlen(compiled->text) == VARSIZE_ANY_EXHDR(filter_text) &&
		memcmp(compiled->text, VARDATA_ANY(filter_text), VARSIZE_ANY_EXHDR(filter_text)) == 0;
}

/* scim.fold(text) */
Datum
scim_fold_text(PG_FUNCTION_ARGS)
{
	text	   *value = PG_GETARG_TEXT_PP(0);
	ScimSlice	key = scim_fold(scim_slice_of(VARDATA_ANY(value), VARSIZE_ANY_EXHDR(value)),
								SCIM_FOLD_CASE);

	PG_RETURN_TEXT_P(cstring_to_text_with_len(key.data, key.len));
}

/* scim.match(document, directory, type, filter) */
Datum
scim_match(PG_FUNCTION_ARGS)
{
	int32		directory_id = PG_GETARG_INT32(1);
	int16		type_id = PG_GETARG_INT16(2);
	text	   *filter_text = PG_GETARG_TEXT_PP(3);
	Compiled   *compiled = fcinfo->flinfo->fn_extra;
	MemoryContext old;
	bool		result;

	if (!is_for(compiled, directory_id, type_id, filter_text))
		compiled = compile(fcinfo->flinfo, directory_id, type_id, filter_text);
	old = MemoryContextSwitchTo(compiled->scratch);
	result = scim_filter_matches(compiled->condition, scim_jsonb_root(PG_GETARG_JSONB_P(0)));
	MemoryContextSwitchTo(old);
	MemoryContextReset(compiled->scratch);
	PG_RETURN_BOOL(result);
}
