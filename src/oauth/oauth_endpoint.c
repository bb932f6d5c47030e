/*-------------------------------------------------------------------------
 *
 * oauth_endpoint.c
 *	  From a path to an endpoint; parameters; errors.
 *
 *		[/<directory>]/oauth/authorize, token, revoke, introspect, jwks
 *		/.well-known/oauth-authorization-server[/<directory>]
 *		whatever scim.oauth_path says
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"

#include "oauth/oauth_int.h"
#include "util/jsonb.h"
#include "util/plan.h"

static const struct
{
	const char *name;
	ScimOAuthEndpoint endpoint;
}			endpoints[] =
{
	{"authorize", SCIM_OAUTH_AUTHORIZE},
	{"token", SCIM_OAUTH_TOKEN},
	{"revoke", SCIM_OAUTH_REVOKE},
	{"introspect", SCIM_OAUTH_INTROSPECT},
	{"jwks", SCIM_OAUTH_JWKS},
};

/* Parameters that must not come twice (RFC 6749 section 3.2). */
static const char *const single_params[] = {
	"grant_type", "client_id", "client_secret", "scope", "code", "redirect_uri", "code_verifier",
	"refresh_token", "assertion", "client_assertion", "client_assertion_type", "token",
	"token_type_hint", "response_type", "state", "code_challenge", "code_challenge_method",
	"response_mode"
};

static ScimStatement select_path = {
	"SELECT p.endpoint, p.directory_id FROM scim.oauth_path p WHERE p.path = $1"
	" ORDER BY p.directory_id LIMIT 1",
	1, {TEXTOID}
};

static bool
segment_is(const ScimTarget *target, int i, const char *text)
{
	return i < target->nsegments && scim_slice_equal(target->segments[i], scim_slice(text));
}

/* Sets the endpoint of that name; false if there is none. */
static bool
find_name(ScimSlice name, ScimOAuthRequest *request)
{
	for (size_t i = 0; i < lengthof(endpoints); i++)
		if (scim_slice_equal(name, scim_slice(endpoints[i].name)))
		{
			request->endpoint = endpoints[i].endpoint;
			return true;
		}
	return false;
}

/* A path of scim.oauth_path. */
static bool
find_path(const ScimTarget *target, ScimOAuthRequest *request)
{
	Datum		path = PointerGetDatum(cstring_to_text_with_len(target->path.data, target->path.len));

	if (scim_query(&select_path, &path, NULL) != 1)
		return false;
	request->path_owner = DatumGetInt32(scim_value(0, 2));
	return find_name(scim_slice(scim_text(0, 1, CurrentMemoryContext)), request);
}

/* [/<directory>]/oauth/<name> */
static bool
find_usual(const ScimTarget *target, ScimOAuthRequest *request)
{
	int			last = target->nsegments - 1;

	if (last < 1 || last > 2 || !segment_is(target, last - 1, "oauth") ||
		!find_name(target->segments[last], request))
		return false;
	if (last == 2)
		request->directory = target->segments[0];
	return true;
}

/* RFC 8414 section 3: the well-known name stands before the issuer's path. */
static bool
find_well_known(const ScimTarget *target, ScimOAuthRequest *request)
{
	if (!segment_is(target, 0, ".well-known") || target->nsegments > 3 ||
		!segment_is(target, 1, "oauth-authorization-server"))
		return false;
	request->endpoint = SCIM_OAUTH_METADATA;
	if (target->nsegments == 3)
		request->directory = target->segments[2];
	return true;
}

bool
scim_oauth_find(const ScimTarget *target, bool look_up, ScimOAuthRequest *request)
{
	if (segment_is(target, 0, "scim") || segment_is(target, 1, "scim"))
		return false;
	return find_usual(target, request) || find_well_known(target, request) ||
		(look_up && target->nsegments > 0 && find_path(target, request));
}

bool
scim_oauth_fail(ScimOAuthAnswer *answer, int status, const char *error, const char *description)
{
	answer->status = status;
	answer->content_type = "application/json";
	resetStringInfo(&answer->body);
	appendStringInfo(&answer->body, "{\"error\":\"%s\",\"error_description\":", error);
	scim_json_write_string(&answer->body, scim_slice(description));
	appendStringInfoChar(&answer->body, '}');
	return false;
}

ScimSlice
scim_oauth_param(const ScimOAuthRequest *request, const char *name)
{
	const ScimSlice *value = scim_form_get(&request->form, name, NULL);

	if (value == NULL)
		value = scim_form_get(&request->query, name, NULL);
	return value == NULL ? scim_slice("") : *value;
}

/* Does a parameter come more than once? */
static bool
has_duplicates(const ScimOAuthRequest *request)
{
	for (size_t i = 0; i < lengthof(single_params); i++)
	{
		int			in_form;
		int			in_query;

		(void) scim_form_get(&request->form, single_params[i], &in_form);
		(void) scim_form_get(&request->query, single_params[i], &in_query);
		if (in_form + in_query > 1)
			return true;
	}
	return false;
}

/* Is the body a form?  Parameters of the media type do not matter. */
static bool
is_form(ScimSlice type)
{
	const ScimSlice form = scim_slice("application/x-www-form-urlencoded");
	const char *end = type.len == 0 ? NULL : memchr(type.data, ';', type.len);
	size_t		len = end == NULL ? type.len : (size_t) (end - type.data);

	while (len > 0 && type.data[len - 1] == ' ')
		len--;
	return scim_slice_equal_ci(scim_slice_of(type.data, len), form);
}

bool
scim_oauth_read(ScimOAuthRequest *request, ScimOAuthAnswer *answer)
{
	ScimError	error;

	if (request->body.len > 0 && !is_form(request->content_type))
		return scim_oauth_fail(answer, 400, "invalid_request",
							   "Send parameters as application/x-www-form-urlencoded.");
	if (!scim_form_parse(request->query_text, &request->query, &error) ||
		!scim_form_parse(request->body, &request->form, &error))
		return scim_oauth_fail(answer, 400, "invalid_request", error.message);
	if (has_duplicates(request))
		return scim_oauth_fail(answer, 400, "invalid_request", "A parameter is given more than once.");
	return true;
}

char *
scim_oauth_issuer(const ScimOAuthRequest *request, const char *directory)
{
	return psprintf("%s/%s", request->base, directory);
}

bool
scim_oauth_is_method(const ScimOAuthRequest *request, const char *method)
{
	/* a HEAD is a GET whose body is not sent */
	if (scim_slice_equal(request->method, scim_slice("HEAD")))
		return strcmp(method, "GET") == 0;
	return scim_slice_equal(request->method, scim_slice(method));
}

/* What each endpoint does, and how it is asked. */
static const struct
{
	void		(*handle) (ScimOAuthRequest *request, ScimOAuthAnswer *answer);
	bool		gets;
	bool		posts;
}			handlers[] =
{
	[SCIM_OAUTH_AUTHORIZE] = {scim_oauth_authorize, true, true},
	[SCIM_OAUTH_TOKEN] = {scim_oauth_token, false, true},
	[SCIM_OAUTH_REVOKE] = {scim_oauth_revoke, false, true},
	[SCIM_OAUTH_INTROSPECT] = {scim_oauth_introspect, false, true},
	[SCIM_OAUTH_METADATA] = {scim_oauth_metadata, true, false},
	[SCIM_OAUTH_JWKS] = {scim_oauth_jwks, true, false},
};

void
scim_oauth_handle(ScimOAuthRequest *request, ScimOAuthAnswer *answer)
{
	bool		gets = handlers[request->endpoint].gets;
	bool		posts = handlers[request->endpoint].posts;

	if (!(gets && scim_oauth_is_method(request, "GET")) &&
		!(posts && scim_oauth_is_method(request, "POST")))
	{
		answer->allow = gets && posts ? "GET, POST" : gets ? "GET" : "POST";
		(void) scim_oauth_fail(answer, 405, "invalid_request", "The method is not allowed here.");
		return;
	}
	handlers[request->endpoint].handle(request, answer);
}
