/*-------------------------------------------------------------------------
 *
 * http_respond.c
 *	  Answers: status, headers, bodies.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "core/etag.h"
#include "http/http_int.h"

void
scim_answer_header(ScimAnswer *answer, const char *name, const char *value)
{
	Assert(answer->nheaders < SCIM_MAX_ANSWER_HEADERS);
	answer->headers[answer->nheaders++] = (ScimHeader) {scim_slice(name), scim_slice(value)};
}

static void
resource_headers(ScimAnswer *answer, const ScimRequest *request, const ScimResource *resource)
{
	char	   *etag = palloc(SCIM_ETAG_SIZE);

	scim_etag_print(resource->version, etag);
	scim_answer_header(answer, "Location", scim_resource_location(&request->context, resource));
	scim_answer_header(answer, "ETag", etag);
}

void
scim_answer_resource(ScimAnswer *answer, const ScimRequest *request, int status,
					 const ScimResource *resource)
{
	ScimProjection *projection =
		scim_projection_make(request->type, scim_request_param(request, "attributes"),
							 scim_request_param(request, "excludedAttributes"));

	answer->status = status;
	scim_resource_render(&answer->body, &request->context, resource, projection);
	resource_headers(answer, request, resource);
}

void
scim_answer_empty(ScimAnswer *answer, const ScimRequest *request, int status,
				  const ScimResource *resource)
{
	answer->status = status;
	resource_headers(answer, request, resource);
}

/* RFC 6750 section 3: an error code only for a credential that was sent. */
static void
challenge(ScimAnswer *answer, const ScimRequest *request, ScimErrorCode code)
{
	bool		sent = scim_auth_bearer(scim_request_header(request, "authorization")).len > 0;

	if (code == SCIM_E_UNAUTHORIZED)
		scim_answer_header(answer, "WWW-Authenticate", sent ?
						   "Bearer realm=\"scim\", error=\"invalid_token\"" : "Bearer realm=\"scim\"");
}

void
scim_answer_error(ScimAnswer *answer, const ScimRequest *request, ScimErrorCode code,
				  const char *detail)
{
	const ScimErrorInfo *info = scim_error_info(code);
	StringInfo	out = &answer->body;

	answer->status = info->http;
	challenge(answer, request, code);
	resetStringInfo(out);
	appendStringInfo(out, "{\"schemas\":[\"urn:ietf:params:scim:api:messages:2.0:Error\"],"
					 "\"status\":\"%d\"", info->http);
	if (info->scim_type != NULL)
		appendStringInfo(out, ",\"scimType\":\"%s\"", info->scim_type);
	appendStringInfoString(out, ",\"detail\":");
	scim_json_write_string(out, scim_slice(detail));
	appendStringInfoChar(out, '}');
}

void
scim_list_begin(StringInfo out, int64 total, int64 start_index, int nresources)
{
	appendStringInfo(out, "{\"schemas\":[\"urn:ietf:params:scim:api:messages:2.0:ListResponse\"],"
					 "\"totalResults\":" INT64_FORMAT ",\"startIndex\":" INT64_FORMAT
					 ",\"itemsPerPage\":%d,\"Resources\":[", total, start_index, nresources);
}

void
scim_list_end(StringInfo out)
{
	appendStringInfoString(out, "]}");
}
