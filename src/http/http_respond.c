/*-------------------------------------------------------------------------
 *
 * http_respond.c
 *	  Answers: status, headers, bodies.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "pgtime.h"
#include "utils/timestamp.h"

#include "core/etag.h"
#include "http/http_int.h"
#include "util/try.h"
#include "util/uuid.h"

#define ERROR_URN "urn:ietf:params:scim:api:messages:2.0:Error"

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
	if (request->context.directory->settings.offer_etags)
		scim_answer_header(answer, "ETag", etag);
}

void
scim_answer_resource(ScimAnswer *answer, const ScimRequest *request, int status,
					 const ScimResource *resource)
{
	bool		may_choose = request->context.directory->settings.offer_projection;
	ScimSlice	all = scim_slice("");
	ScimProjection *projection =
		scim_projection_of(resource,
						   may_choose ? scim_request_param(request, "attributes") : all,
						   may_choose ? scim_request_param(request, "excludedAttributes") : all);

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

/* The sentence that the directory puts before the details of such an error. */
static const char *
full_detail(const ScimSettings *settings, int status, const char *detail)
{
	ScimSlice	text = status == 400 ? settings->bad_request_text :
		status == 409 ? settings->conflict_text : scim_slice("");

	return text.len == 0 ? detail : psprintf("%.*s: %s", (int) text.len, text.data, detail);
}

/* An error as some clients want it: with an id and a time, without scimType. */
static void
write_extended_error(StringInfo out, int status, const char *detail)
{
	pg_uuid_t	id;
	char		id_text[SCIM_UUID_SIZE];
	char		time_text[32];
	TimestampTz now = GetCurrentTimestamp();
	pg_time_t	seconds = timestamptz_to_time_t(now);

	scim_uuid_make(&id);
	scim_uuid_print(&id, id_text);
	pg_strftime(time_text, sizeof(time_text), "%Y-%m-%d %H:%M:%S", pg_gmtime(&seconds));
	appendStringInfo(out, "{\"schema\":\"" ERROR_URN "\",\"schemas\":[\"" ERROR_URN "\"],"
					 "\"status\":\"%d\",\"exceptionRequestId\":\"%s\",\"timeStamp\":\"%s.%03d\",\"detail\":",
					 status, id_text, time_text, (int) (now % USECS_PER_SEC / 1000));
	scim_json_write_string(out, scim_slice(detail));
	appendStringInfoChar(out, '}');
}

void
scim_answer_error(ScimAnswer *answer, const ScimRequest *request, ScimErrorCode code,
				  const char *detail)
{
	const ScimDirectory *directory = request->context.directory;

	answer->status = scim_error_info(code)->http;
	challenge(answer, request, code);
	if (code == SCIM_E_TOO_MANY_REQUESTS)
		scim_answer_header(answer, "Retry-After", psprintf("%d", request->wait));
	scim_answer_clear(answer);
	if (directory != NULL)
		detail = full_detail(&directory->settings, answer->status, detail);
	if (directory != NULL && directory->settings.extended_errors)
		write_extended_error(answer->body, answer->status, detail);
	else
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
	appendStringInfoString(out, "{\"schemas\":[\"urn:ietf:params:scim:api:messages:2.0:ListResponse\"]");
	if (total >= 0)
		appendStringInfo(out, ",\"totalResults\":" INT64_FORMAT, total);
	appendStringInfo(out, ",\"itemsPerPage\":%d", nresources);
	if (next_cursor != NULL)
		appendStringInfo(out, ",\"nextCursor\":\"%s\"", next_cursor);
	appendStringInfoString(out, ",\"Resources\":[");
}

void
scim_list_end(StringInfo out)
{
	appendStringInfoString(out, "]}");
}
