/*-------------------------------------------------------------------------
 *
 * resource_explain.c
 *	  What a filter becomes: statement, parameters, plan, and the index that it lacks.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "utils/builtins.h"
#include "utils/lsyscache.h"

#include "resource/resource_search_int.h"
#include "util/jsonb.h"
#include "util/plan.h"

/* Parameter values as text, by their types' own output functions. */
static void
put_parameters(StringInfo out, const ScimSql *sql)
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

/* The lines of EXPLAIN. */
static void
put_plan(StringInfo out, ScimSql *sql)
{
	uint64		nrows = scim_search_explain(sql);

	appendStringInfoChar(out, '[');
	for (uint64 row = 0; row < nrows; row++)
	{
		if (row > 0)
			appendStringInfoChar(out, ',');
		scim_json_write_string(out, scim_slice(scim_text(row, 1, CurrentMemoryContext)));
	}
	appendStringInfoChar(out, ']');
}

/* The call that would make an index where all resources have to be read now; null if none would help. */
static void
put_hint(StringInfo out, const ScimSearch *search)
{
	const ScimAttribute *attr = search->filter == NULL ? NULL :
		scim_filter_missing_index(scim_search_condition(search, search->type));

	if (attr == NULL)
		appendStringInfoString(out, "null");
	else
		scim_json_write_string(out, scim_slice(psprintf(
			"SELECT scim_create_attribute_index(%s, %s, %s)",
			quote_literal_cstr(search->context->directory->name),
			quote_literal_cstr(search->type->name.data), quote_literal_cstr(attr->path))));
}

Jsonb *
scim_resource_explain(const ScimContext *context, const ScimResourceType *type, ScimSlice filter,
					  bool plans)
{
	ScimSearch	search = {.context = context, .type = type, .filter = scim_search_filter(filter)};
	ScimSql    *sql = scim_search_lookup_sql(&search, type);
	StringInfoData out;

	if (sql == NULL)
		sql = scim_search_page_sql(&search, 0, context->directory->settings.default_page_size);
	initStringInfo(&out);
	appendStringInfoString(&out, "{\"sql\":");
	scim_json_write_string(&out, scim_slice(sql->text.data));
	appendStringInfoString(&out, ",\"parameters\":");
	put_parameters(&out, sql);
	appendStringInfoString(&out, ",\"hint\":");
	put_hint(&out, &search);
	if (plans)
	{
		appendStringInfoString(&out, ",\"plan\":");
		put_plan(&out, sql);
	}
	appendStringInfoChar(&out, '}');
	return DatumGetJsonbP(DirectFunctionCall1(jsonb_in, CStringGetDatum(out.data)));
}
