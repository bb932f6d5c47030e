/*-------------------------------------------------------------------------
 *
 * http_oauth.c
 *	  Requests that are OAuth's: handed over, and the answer taken back.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "http/http_int.h"
#include "oauth/oauth.h"
#include "scim.h"
#include "util/throw.h"

/* scheme://authority */
static char *
make_origin(const ScimRequest *request)
{
	ScimSlice	scheme = scim_request_header(request, ":scheme");
	ScimSlice	authority = scim_request_header(request, ":authority");

	if (authority.len == 0)
		return pstrdup(scim_base_url);
	return psprintf("%.*s://%.*s", (int) scheme.len, scheme.data, (int) authority.len, authority.data);
}

/* Tokens, codes and pages are nobody else's to keep (RFC 6749 section 5.1). */
static void
take_answer(ScimAnswer *answer, const ScimOAuthAnswer *given)
{
	const char *const fields[][2] = {
		{"WWW-Authenticate", given->challenge}, {"Allow", given->allow}, {"Location", given->location},
		{"Set-Cookie", given->cookie}, {"Content-Security-Policy", given->policy}
	};

	answer->status = given->status;
	answer->content_type = given->content_type;
	scim_answer_clear(answer);
	appendBinaryStringInfo(answer->body, given->body.data, given->body.len);
	scim_answer_header(answer, "Cache-Control", "no-store");
	scim_answer_header(answer, "Pragma", "no-cache");
	for (size_t i = 0; i < lengthof(fields); i++)
		if (fields[i][1] != NULL)
			scim_answer_header(answer, fields[i][0], fields[i][1]);
	if (given->policy != NULL)
	{
		scim_answer_header(answer, "X-Frame-Options", "DENY");
		scim_answer_header(answer, "X-Content-Type-Options", "nosniff");
		scim_answer_header(answer, "Referrer-Policy", "no-referrer");
	}
	if (given->retry_after > 0)
		scim_answer_header(answer, "Retry-After", psprintf("%d", given->retry_after));
}

bool
scim_handle_oauth(ScimRequest *request, ScimAnswer *answer)
{
	ScimSlice	authorization = scim_request_header(request, "authorization");
	ScimOAuthRequest asked = {
		.method = request->method, .query_text = request->target.query, .body = request->body,
		.content_type = scim_request_header(request, "content-type"),
		.authorization = authorization, .cookie = scim_request_header(request, "cookie"),
		.peer = scim_request_header(request, ":peer"),
		.request_id = scim_request_header(request, "x-request-id")
	};
	ScimOAuthAnswer given = {.status = 0};

	/* a bearer token is for resources, so no look-up of paths slows those down */
	if (!scim_oauth_find(&request->target, scim_auth_bearer(authorization).len == 0, &asked))
		return false;
	if (request->body.len > (size_t) scim_limits.body_bytes)
		scim_raise(SCIM_E_TOO_LARGE, "the body is larger than %d bytes", scim_limits.body_bytes);
	asked.base = make_origin(request);
	asked.path = scim_slice_dup(request->target.path);
	initStringInfo(&given.body);
	scim_oauth_handle(&asked, &given);
	take_answer(answer, &given);
	return true;
}
