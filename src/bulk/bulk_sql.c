/*-------------------------------------------------------------------------
 *
 * bulk_sql.c
 *	  SQL side of bulk requests: unpack, call, pack.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "utils/builtins.h"

#include "bulk/bulk.h"
#include "compat.h"
#include "scim.h"
#include "util/jsonb.h"
#include "util/plan.h"
#include "util/throw.h"

SCIM_FUNCTION(scim_bulk);

/* The message as a client would have sent it: read again from its text, with the bounds of HTTP. */
static JsonbValue *
read_message(FunctionCallInfo fcinfo, int i)
{
	Jsonb	   *message;
	ScimSlice	text;

	if (PG_ARGISNULL(i))
		scim_raise(SCIM_E_INVALID_SYNTAX, "the request must not be null");
	message = PG_GETARG_JSONB_P(i);
	text = scim_slice(JsonbToCString(NULL, &message->root, VARSIZE_ANY_EXHDR(message)));
	scim_bulk_check_size(text.len);
	return scim_json_parse(text, &scim_limits);
}

/* scim_bulk(directory, request, atomic) */
Datum
scim_bulk(PG_FUNCTION_ARGS)
{
	char	   *directory = PG_ARGISNULL(0) ? NULL : text_to_cstring(PG_GETARG_TEXT_PP(0));
	JsonbValue *request = read_message(fcinfo, 1);
	ScimContext context = scim_context_begin(directory);
	StringInfoData out;

	initStringInfo(&out);
	scim_bulk_run(&out, &context, request,
				  PG_ARGISNULL(2) ? context.directory->settings.atomic_bulk : PG_GETARG_BOOL(2));
	scim_disconnect();
	return DirectFunctionCall1(jsonb_in, CStringGetDatum(out.data));
}
