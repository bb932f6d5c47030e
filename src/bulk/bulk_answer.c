/*-------------------------------------------------------------------------
 *
 * bulk_answer.c
 *	  The BulkResponse (RFC 7644 section 3.7.3), as JSON text.
 *
 * Lists the operations that were processed in the order of the request.  A resource is
 * not repeated in its operation's answer; an error is.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "bulk/bulk_int.h"
#include "core/etag.h"
#include "core/uri.h"
#include "util/jsonb.h"
#include "util/try.h"

/* A member and a comma, or nothing for an empty text. */
static void
put_text(StringInfo out, const char *name, ScimSlice text)
{
	if (text.len == 0)
		return;
	appendStringInfo(out, "\"%s\":", name);
	scim_json_write_string(out, text);
	appendStringInfoChar(out, ',');
}

/*
 * Where the resource is or would be: of a bad path all that can be told is what was sent.
 * A POST that failed has no location.
 */
static ScimSlice
location_of(const ScimBulkOperation *operation, const ScimContext *context)
{
	bool		is_post = operation->new_id_text[0] != '\0';
	ScimSlice	id = is_post ? scim_slice(operation->new_id_text) : operation->id;

	if (is_post && !scim_bulk_is_sound(operation))
		return scim_slice("");
	if (operation->type != NULL && id.len > 0)
		return scim_slice(psprintf("%s/%s/%s", context->base, operation->type->endpoint.data,
								   scim_uri_encode_segment(id)));
	if (operation->path.len == 0 || scim_slice_equal_ci(operation->method_text, scim_slice("POST")))
		return scim_slice("");
	return scim_slice(psprintf("%s%s", context->base, scim_slice_dup(operation->path)));
}

/* One operation's outcome. */
static void
put_operation(StringInfo out, const ScimBulkOperation *operation, const ScimContext *context)
{
	bool		is_sound = scim_bulk_is_sound(operation);
	char		etag[SCIM_ETAG_SIZE] = "";

	if (is_sound && operation->version > 0)
		scim_etag_print(operation->version, etag);
	appendStringInfoChar(out, '{');
	put_text(out, "method", operation->method_text);
	put_text(out, "bulkId", operation->bulk_id);
	put_text(out, "location", location_of(operation, context));
	put_text(out, "version", scim_slice(etag));
	appendStringInfo(out, "\"status\":\"%d\"",
					 is_sound ? operation->status : scim_error_info(operation->error.code)->http);
	if (!is_sound)
	{
		appendStringInfoString(out, ",\"response\":");
		scim_error_write(out, operation->error.code, operation->error.message);
	}
	appendStringInfoChar(out, '}');
}

void
scim_bulk_answer(StringInfo out, const ScimBulk *bulk)
{
	const char *separator = "";

	appendStringInfoString(out, "{\"schemas\":[\"urn:ietf:params:scim:api:messages:2.0:BulkResponse\"],"
						   "\"Operations\":[");
	for (int i = 0; i < bulk->noperations; i++)
	{
		if (!bulk->operations[i].is_processed)
			continue;
		appendStringInfoString(out, separator);
		put_operation(out, &bulk->operations[i], bulk->context);
		separator = ",";
	}
	appendStringInfoString(out, "]}");
}
