/*-------------------------------------------------------------------------
 *
 * resource_sql.c
 *	  SQL side of resources: unpack, call, pack.
 *
 * Locations begin with scim.base_url and the directory's own path.  Resources come in
 * as jsonb and are read again from its text, so that SQL and HTTP pass the same checks.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "funcapi.h"
#include "utils/builtins.h"

#include "compat.h"
#include "resource/resource.h"
#include "scim.h"
#include "util/jsonb.h"
#include "util/plan.h"
#include "util/throw.h"
#include "util/uuid.h"

SCIM_FUNCTION(scim_create);
SCIM_FUNCTION(scim_get);
SCIM_FUNCTION(scim_replace);
SCIM_FUNCTION(scim_patch);
SCIM_FUNCTION(scim_delete);
SCIM_FUNCTION(scim_search);
SCIM_FUNCTION(scim_explain);

/* What every call names. */
typedef struct Call
{
	ScimContext context;
	const ScimResourceType *type;
} Call;

static ScimSlice
text_arg(FunctionCallInfo fcinfo, int i)
{
	text	   *value;

	if (PG_ARGISNULL(i))
		return scim_slice("");
	value = PG_GETARG_TEXT_PP(i);
	return scim_slice_of(VARDATA_ANY(value), VARSIZE_ANY_EXHDR(value));
}

ScimContext
scim_context_begin(const char *directory)
{
	const char *name = directory == NULL ? scim_directory_name : directory;
	ScimContext context = {0};

	if (name[0] == '\0')
		scim_raise(SCIM_E_INVALID_VALUE, "no directory: name one or set scim.directory");
	scim_connect();
	context.directory = scim_directory_by_name(name);
	if (context.directory == NULL)
		scim_raise(SCIM_E_NOT_FOUND, "there is no directory \"%.64s\"", name);
	context.base = psprintf("%s/%s/scim/v2", scim_base_url, context.directory->name);
	return context;
}

/* Connects and finds the directory of argument 0, and the resource type if argument 1 names one. */
static Call
begin_search(FunctionCallInfo fcinfo)
{
	ScimSlice	type = text_arg(fcinfo, 1);
	Call		call = {
		.context = scim_context_begin(PG_ARGISNULL(0) ? NULL : scim_slice_dup(text_arg(fcinfo, 0)))
	};

	if (PG_ARGISNULL(1))
		return call;
	call.type = scim_type_by_name(call.context.directory->schemas, type);
	if (call.type == NULL)
		scim_raise(SCIM_E_NOT_FOUND, "there is no resource type \"%.*s\"", (int) Min(type.len, 64),
				   type.data);
	return call;
}

/* The same for calls that are about resources of one type. */
static Call
begin_call(FunctionCallInfo fcinfo)
{
	if (PG_ARGISNULL(1))
		scim_raise(SCIM_E_NOT_FOUND, "no resource type is named");
	return begin_search(fcinfo);
}

/* A jsonb argument as a client would have sent it. */
static JsonbValue *
body_arg(FunctionCallInfo fcinfo, int i)
{
	Jsonb	   *value;

	if (PG_ARGISNULL(i))
		scim_raise(SCIM_E_INVALID_SYNTAX, "the resource must not be null");
	value = PG_GETARG_JSONB_P(i);
	return scim_json_parse(scim_slice(JsonbToCString(NULL, &value->root, VARSIZE_ANY_EXHDR(value))),
						   &scim_limits);
}

/* The argument if_match. */
static ScimConditions
conditions_arg(FunctionCallInfo fcinfo, int i)
{
	return (ScimConditions) {.if_match = text_arg(fcinfo, i)};
}

/* The resource as a client would see it, as jsonb. */
static Datum
render(const Call *call, const ScimResource *resource, ScimSlice attributes, ScimSlice excluded)
{
	StringInfoData out;

	initStringInfo(&out);
	scim_resource_render(&out, &call->context, resource,
						 scim_projection_of(resource, attributes, excluded));
	return DirectFunctionCall1(jsonb_in, CStringGetDatum(out.data));
}

static Datum
finish_call(const Call *call, const ScimResource *resource)
{
	Datum		result = render(call, resource, scim_slice(""), scim_slice(""));

	scim_disconnect();
	return result;
}

/* scim_create(directory, resource_type, resource) */
Datum
scim_create(PG_FUNCTION_ARGS)
{
	JsonbValue *body = body_arg(fcinfo, 2);
	Call		call = begin_call(fcinfo);

	return finish_call(&call, scim_resource_create(&call.context, call.type, body));
}

/* scim_get(directory, resource_type, id, attributes, excluded_attributes) */
Datum
scim_get(PG_FUNCTION_ARGS)
{
	Call		call = begin_call(fcinfo);
	ScimResource *resource = scim_resource_get(&call.context, call.type, text_arg(fcinfo, 2));
	Datum		result = render(&call, resource, text_arg(fcinfo, 3), text_arg(fcinfo, 4));

	scim_disconnect();
	return result;
}

/* scim_replace(directory, resource_type, id, resource, if_match) */
Datum
scim_replace(PG_FUNCTION_ARGS)
{
	JsonbValue *body = body_arg(fcinfo, 3);
	Call		call = begin_call(fcinfo);

	return finish_call(&call, scim_resource_replace(&call.context, call.type, text_arg(fcinfo, 2),
													body, conditions_arg(fcinfo, 4)));
}

/* scim_patch(directory, resource_type, id, patch, if_match) */
Datum
scim_patch(PG_FUNCTION_ARGS)
{
	JsonbValue *body = body_arg(fcinfo, 3);
	Call		call = begin_call(fcinfo);

	return finish_call(&call, scim_resource_patch(&call.context, call.type, text_arg(fcinfo, 2),
												  body, conditions_arg(fcinfo, 4)));
}

/* scim_delete(directory, resource_type, id, if_match) */
Datum
scim_delete(PG_FUNCTION_ARGS)
{
	Call		call = begin_call(fcinfo);

	scim_resource_delete(&call.context, call.type, text_arg(fcinfo, 2),
						 conditions_arg(fcinfo, 3));
	scim_disconnect();
	PG_RETURN_VOID();
}

/* scim_search(directory, resource_type, filter, start_index, count, attributes, excluded_attributes, sort_by, descending) */
Datum
scim_search(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	Call		call;
	ScimQuery	query = {
		.filter = text_arg(fcinfo, 2),
		.start_index = PG_ARGISNULL(3) ? 1 : PG_GETARG_INT64(3),
		.count = PG_ARGISNULL(4) ? -1 : Max(PG_GETARG_INT64(4), 0),
		.sort_by = text_arg(fcinfo, 7),
		.descending = !PG_ARGISNULL(8) && PG_GETARG_BOOL(8)
	};
	ScimPage   *page;
	ScimPageView *view;
	StringInfoData text;

	initStringInfo(&text);
	scim_materialize(fcinfo);
	call = begin_search(fcinfo);
	page = scim_resource_search(&call.context, call.type, &query);
	view = scim_page_view(&call.context, page, text_arg(fcinfo, 5), text_arg(fcinfo, 6));
	for (int i = 0; i < page->nresources; i++)
	{
		char		id[SCIM_UUID_SIZE];
		Datum		values[3];
		bool		nulls[3] = {false};

		scim_uuid_print(&page->resources[i].id, id);
		values[0] = CStringGetTextDatum(id);
		resetStringInfo(&text);
		scim_page_view_render(&text, view, i);
		values[1] = DirectFunctionCall1(jsonb_in, CStringGetDatum(text.data));
		values[2] = Int64GetDatum(page->total);
		tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
	}
	scim_disconnect();
	return (Datum) 0;
}

/* scim_explain(directory, resource_type, filter, plan) */
Datum
scim_explain(PG_FUNCTION_ARGS)
{
	Call		call = begin_call(fcinfo);
	bool		plans = PG_ARGISNULL(3) || PG_GETARG_BOOL(3);
	Jsonb	   *result = scim_resource_explain(&call.context, call.type, text_arg(fcinfo, 2), plans);

	scim_disconnect();
	PG_RETURN_JSONB_P(result);
}
