/*-------------------------------------------------------------------------
 *
 * http_request.c
 *	  What a request says: headers, parameters, media types, credentials, body.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "http/http_int.h"
#include "scim.h"
#include "util/throw.h"

ScimSlice
scim_request_header(const ScimRequest *request, const char *name)
{
	for (int i = 0; i < request->nheaders; i++)
		if (scim_slice_equal(request->headers[i].name, scim_slice(name)))
			return request->headers[i].value;
	return scim_slice("");
}

ScimSlice
scim_request_param(const ScimRequest *request, const char *name)
{
	int			count;
	const ScimSlice *value = scim_form_get(&request->query, name, &count);

	if (count > 1)
		scim_raise(SCIM_E_INVALID_VALUE, "the parameter \"%s\" is given more than once", name);
	return value == NULL ? scim_slice("") : *value;
}

int64
scim_request_int(const ScimRequest *request, const char *name, int64 fallback)
{
	ScimSlice	text = scim_request_param(request, name);
	size_t		i = 0;
	int64		number = 0;

	if (text.len == 0)
		return fallback;
	if (text.data[0] == '-' || text.data[0] == '+')
		i++;
	if (i == text.len || text.len > 18)
		scim_raise(SCIM_E_INVALID_VALUE, "\"%s\" must be an integer", name);
	for (; i < text.len; i++)
	{
		if (text.data[i] < '0' || text.data[i] > '9')
			scim_raise(SCIM_E_INVALID_VALUE, "\"%s\" must be an integer", name);
		number = number * 10 + (text.data[i] - '0');
	}
	return text.data[0] == '-' ? -number : number;
}

/* The next piece of a list, blanks around it dropped; false at the end. */
static bool
next_piece(ScimSlice *list, char separator, ScimSlice *piece)
{
	const char *end;
	size_t		len;

	if (list->data == NULL)
		return false;
	end = list->len == 0 ? NULL : memchr(list->data, separator, list->len);
	len = end == NULL ? list->len : (size_t) (end - list->data);
	*piece = scim_slice_of(list->data, len);
	*list = end == NULL ? scim_slice_of(NULL, 0) : scim_slice_of(end + 1, list->len - len - 1);
	while (piece->len > 0 && strchr(" \t", piece->data[0]) != NULL)
		*piece = scim_slice_of(piece->data + 1, piece->len - 1);
	while (piece->len > 0 && strchr(" \t", piece->data[piece->len - 1]) != NULL)
		piece->len--;
	return true;
}

/* A q-value in thousandths (RFC 9110 section 12.4.2); what cannot be read counts as 1. */
static int
read_quality(ScimSlice parameters)
{
	ScimSlice	piece;

	while (next_piece(&parameters, ';', &piece))
	{
		int			quality = 0;
		int			scale = 1000;

		if (piece.len < 3 || pg_strncasecmp(piece.data, "q=", 2) != 0)
			continue;
		for (size_t i = 2; i < piece.len && scale > 0; i++)
		{
			if (piece.data[i] == '.')
				continue;
			if (piece.data[i] < '0' || piece.data[i] > '9')
				return 1000;
			quality += (piece.data[i] - '0') * scale;
			scale /= 10;
		}
		return Min(quality, 1000);
	}
	return 1000;
}

/* How exactly a media range names a type: 0 not at all, 1 by the widest range, 3 by name. */
static int
match_range(ScimSlice range, const char *type)
{
	if (scim_slice_equal_ci(range, scim_slice(type)))
		return 3;
	if (scim_slice_equal_ci(range, scim_slice("application/*")))
		return 2;
	return scim_slice_equal(range, scim_slice("*/*")) || scim_slice_equal(range, scim_slice("*"));
}

/* The quality that an Accept field gives a type: that of the most exact range. */
static int
accept_quality(ScimSlice field, const char *type)
{
	int			best = 0;
	int			quality = 0;
	ScimSlice	entry;

	while (next_piece(&field, ',', &entry))
	{
		ScimSlice	parameters = entry;
		ScimSlice	range;
		int			match;

		(void) next_piece(&parameters, ';', &range);
		match = match_range(range, type);
		if (match > best)
		{
			best = match;
			quality = parameters.data == NULL ? 1000 : read_quality(parameters);
		}
	}
	return quality;
}

void
scim_negotiate(const ScimRequest *request, ScimAnswer *answer)
{
	ScimSlice	field = scim_request_header(request, "accept");
	int			scim;
	int			json;

	if (field.len == 0)
		return;
	scim = accept_quality(field, "application/scim+json");
	json = accept_quality(field, "application/json");
	answer->wants_json = json > scim;
	if (scim == 0 && json == 0)
		scim_raise(SCIM_E_NOT_ACCEPTABLE,
				   "answers come as application/scim+json or application/json");
}

JsonbValue *
scim_request_json(const ScimRequest *request)
{
	ScimSlice	parameters = scim_request_header(request, "content-type");
	ScimSlice	type;

	if (request->body.len > (size_t) scim_limits.body_bytes)
		scim_raise(SCIM_E_TOO_LARGE, "the body is larger than %d bytes", scim_limits.body_bytes);
	if (!next_piece(&parameters, ';', &type) ||
		(!scim_slice_equal_ci(type, scim_slice("application/scim+json")) &&
		 !scim_slice_equal_ci(type, scim_slice("application/json"))))
		scim_raise(SCIM_E_UNSUPPORTED_MEDIA_TYPE,
				   "send the body as application/scim+json or application/json");
	return scim_json_parse(request->body, &scim_limits);
}

bool
scim_authenticate(ScimRequest *request)
{
	ScimSlice	field = scim_request_header(request, "authorization");
	ScimSlice	peer = scim_request_header(request, ":peer");

	if (field.len == 0)
		return false;
	if (!scim_auth_token(scim_auth_bearer(field), peer, &request->principal))
	{
		request->wait = scim_auth_failed(peer, scim_slice(""));
		if (request->wait > 0)
			scim_raise(SCIM_E_TOO_MANY_REQUESTS, "too many failures; wait before the next try");
		scim_raise(SCIM_E_UNAUTHORIZED, "the bearer token is not valid");
	}
	request->is_known = true;
	return true;
}
