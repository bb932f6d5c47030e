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
#include "util/try.h"

void
scim_answer_clear(ScimAnswer *answer)
{
	answer->body->len = VARHDRSZ;
}

void
scim_answer_header(ScimAnswer *answer, const char *name, const char *value)
{
	int			i = 0;

	while (i < answer->nheaders && !scim_slice_equal(answer->headers[i].name, scim_slice(name)))
		i++;
	Assert(i < SCIM_MAX_ANSWER_HEADERS);
	answer->headers[i] = (ScimHeader) {scim_slice(name), scim_slice(value)};
	answer->nheaders = Max(answer->nheaders, i + 1);
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
		scim_projection_of(resource, scim_request_param(request, "attributes"),
						   scim_request_param(request, "excludedAttributes"));

	answer->status = status;
	scim_resource_render(answer->body, &request->context, resource, projection);
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
	answer->status = scim_error_info(code)->http;
	challenge(answer, request, code);
	if (code == SCIM_E_TOO_MANY_REQUESTS)
		scim_answer_header(answer, "Retry-After", psprintf("%d", request->wait));
	scim_answer_clear(answer);
	scim_error_write(answer->body, code, detail);
}

void
scim_list_begin(StringInfo out, int64 total, int64 start_index, int nresources)
{
	appendStringInfo(out, "{\"schemas\":[\"urn:ietf:params:scim:api:messages:2.0:ListResponse\"],"
					 "\"totalResults\":" INT64_FORMAT ",\"startIndex\":" INT64_FORMAT
					 ",\"itemsPerPage\":%d,\"Resources\":[", total, start_index, nresources);
}

/* A page by cursor (RFC 9865 section 2) has no startIndex. */
void
scim_list_begin_cursor(StringInfo out, int64 total, const char *next_cursor, int nresources)
{
	appendStringInfo(out, "{\"schemas\":[\"urn:ietf:params:scim:api:messages:2.0:ListResponse\"],"
					 "\"totalResults\":" INT64_FORMAT ",\"itemsPerPage\":%d", total, nresources);
	if (next_cursor != NULL)
		appendStringInfo(out, ",\"nextCursor\":\"%s\"", next_cursor);
	appendStringInfoString(out, ",\"Resources\":[");
}

void
scim_list_end(StringInfo out)
{
	appendStringInfoString(out, "]}");
}
