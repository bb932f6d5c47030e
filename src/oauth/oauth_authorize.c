/*-------------------------------------------------------------------------
 *
 * oauth_authorize.c
 *	  The authorization endpoint (RFC 6749 section 3.1): an administrator signs in, sees who asks for
 *	  what, and approves or denies.
 *
 *		GET								the page that asks for name and password
 *		POST username, password			the page that asks for the decision, with a ticket
 *		POST ticket, decision			303 to the client's redirect URI, with a code or an error
 *
 * The request stays in the query all the way.  An error goes to the redirect URI only when client and
 * URI are known to belong together; else it is a page.  A GET writes nothing.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"

#include "auth/auth.h"
#include "compat.h"
#include "oauth/oauth_page.h"
#include "util/plan.h"

/* An S256 challenge is a SHA-256 in base64url. */
#define CHALLENGE_LEN 43

static ScimStatement log_in = {
	"SELECT scim.log_in($1, $2, $3)", 3, {INT4OID, TEXTOID, TEXTOID}
};

static ScimStatement approve = {
	"SELECT scim.approve($1, $2, $3, $4, $5, $6, $7, $8)",
	8, {INT4OID, UUIDOID, UUIDOID, TEXTARRAYOID, TEXTOID, BYTEAOID, TEXTOID, TEXTOID}
};

static Datum
text_datum(ScimSlice slice)
{
	return PointerGetDatum(cstring_to_text_with_len(slice.data, slice.len));
}

/* A parameter of the authorization request, which is the query alone. */
static ScimSlice
query_param(const ScimOAuthRequest *request, const char *name)
{
	const ScimSlice *value = scim_form_get(&request->query, name, NULL);

	return value == NULL ? scim_slice("") : *value;
}

/* Sends the browser back, with a code or an error, and who says so (RFC 9207). */
static void
redirect(const ScimOAuthRequest *request, ScimOAuthAnswer *answer, const ScimAuthorization *asked,
		 const char *name, const char *value)
{
	StringInfoData out;

	initStringInfo(&out);
	appendStringInfo(&out, "%s%c%s=%s", asked->redirect_uri,
					 strchr(asked->redirect_uri, '?') == NULL ? '?' : '&', name,
					 scim_uri_encode_segment(scim_slice(value)));
	if (asked->state.len > 0)
		appendStringInfo(&out, "&state=%s", scim_uri_encode_segment(asked->state));
	appendStringInfo(&out, "&iss=%s", scim_uri_encode_segment(
						 scim_slice(scim_oauth_issuer(request, asked->client.directory->name))));
	resetStringInfo(&answer->body);
	answer->status = 303;
	answer->content_type = NULL;
	answer->location = out.data;
}

/* The URI without its port, if it is of a loopback address. */
static ScimSlice
without_port(ScimSlice uri)
{
	static const char *const hosts[] = {"http://127.0.0.1:", "http://[::1]:"};

	for (size_t i = 0; i < lengthof(hosts); i++)
	{
		size_t		len = strlen(hosts[i]);
		size_t		rest = len;

		if (uri.len < len || memcmp(uri.data, hosts[i], len) != 0)
			continue;
		while (rest < uri.len && isdigit((unsigned char) uri.data[rest]))
			rest++;
		return scim_slice(psprintf("%.*s%.*s", (int) len - 1, uri.data, (int) (uri.len - rest),
								   uri.data + rest));
	}
	return uri;
}

/*
 * Is the URI registered, byte by byte?  A native application that listens on the loopback interface
 * takes the port that is free just then (RFC 8252 section 7.3).
 */
static bool
is_registered(const ScimOAuthClient *client, ScimSlice uri)
{
	ScimWords	known = client->redirect_uris;

	if (scim_words_have(known, uri))
		return true;
	for (int i = 0; i < known.n && strcmp(client->type, "native") == 0; i++)
		if (scim_slice_equal(without_port(known.words[i]), without_port(uri)))
			return true;
	return false;
}

/* The redirect URI: one that is registered; the only one may be left out. */
static bool
find_redirect_uri(const ScimOAuthRequest *request, ScimAuthorization *asked)
{
	ScimSlice	given = query_param(request, "redirect_uri");
	ScimWords	known = asked->client.redirect_uris;

	if (given.len == 0 && known.n == 1)
		given = known.words[0];
	if (!is_registered(&asked->client, given))
		return false;
	asked->redirect_uri = scim_slice_dup(given);
	return true;
}

/* Client and redirect URI; false after a page, since there is nobody to tell but the person. */
static bool
find_client(const ScimOAuthRequest *request, ScimOAuthAnswer *answer, ScimAuthorization *asked)
{
	if (!scim_oauth_client_find(request, query_param(request, "client_id"), &asked->client) ||
		strcmp(asked->client.type, "server") == 0)
	{
		scim_page_error(answer, 400, "No application of this directory has this client_id.");
		return false;
	}
	if (!find_redirect_uri(request, asked))
	{
		scim_page_error(answer, 400, "The redirect_uri is not one that the application has registered.");
		return false;
	}
	return true;
}

/* What is wrong with the request, as an error code of RFC 6749 section 4.1.2.1; NULL if nothing is. */
static const char *
check_request(const ScimOAuthRequest *request, ScimAuthorization *asked)
{
	ScimSlice	method = query_param(request, "code_challenge_method");
	ScimSlice	mode = query_param(request, "response_mode");

	asked->challenge = query_param(request, "code_challenge");
	asked->scopes = scim_words_split(query_param(request, "scope"));
	if (asked->scopes.n == 0)
		asked->scopes = asked->client.scopes;
	if (query_param(request, "response_type").len == 0 ||
		(mode.len > 0 && !scim_slice_equal(mode, scim_slice("query"))))
		return "invalid_request";
	if (!scim_slice_equal(query_param(request, "response_type"), scim_slice("code")))
		return "unsupported_response_type";
	/* nobody could tell who redeems the code (RFC 7636 section 4.4.1) */
	if (asked->challenge.len == 0 && strcmp(asked->client.type, "native") == 0)
		return "invalid_request";
	/* without a method it would be "plain", which protects nothing */
	if ((asked->challenge.len > 0 || method.len > 0) &&
		(asked->challenge.len != CHALLENGE_LEN || !scim_slice_equal(method, scim_slice("S256"))))
		return "invalid_request";
	if (scim_words_common(asked->scopes, asked->client.scopes).n != asked->scopes.n)
		return "invalid_scope";
	return NULL;
}

/* Name and password were sent. */
static void
handle_login(const ScimOAuthRequest *request, ScimOAuthAnswer *answer, const ScimAuthorization *asked)
{
	bool		failed;
	Datum		found;
	pg_uuid_t	administrator;

	answer->retry_after = scim_auth_wait(request->peer);
	if (answer->retry_after > 0)
	{
		scim_page_error(answer, 429, "There were too many failures from your address. Wait a minute.");
		return;
	}
	scim_execute(&log_in, (Datum[]) {
		Int32GetDatum(asked->client.directory->id),
		text_datum(scim_oauth_param(request, "username")),
		text_datum(scim_oauth_param(request, "password"))
	}, NULL);
	found = scim_column(0, 1, &failed);
	if (failed)
	{
		(void) scim_auth_failed(request->peer, scim_slice(asked->client.directory->name));
		scim_page_login(request, answer, asked,
						"Name or password is wrong, or there were too many failures for this name.");
		return;
	}
	administrator = *DatumGetUUIDP(found);
	scim_page_consent(request, answer, asked, scim_seal_ticket(request, asked->nonce, &administrator),
					  NULL);
}

/* Stores the grant and its code, and sends the code; asks again if the service user cannot be made. */
static void
grant(const ScimOAuthRequest *request, ScimOAuthAnswer *answer, const ScimAuthorization *asked,
	  const pg_uuid_t *administrator)
{
	const ScimDirectory *directory = asked->client.directory;
	text	   *code = scim_token_make();
	char		nulls[] = "        ";
	char	   *problem;

	if (!directory->settings.name_service_users)
		nulls[4] = 'n';
	if (asked->challenge.len == 0)
		nulls[7] = 'n';
	scim_execute(&approve, (Datum[]) {
		Int32GetDatum(directory->id), UUIDPGetDatum(&asked->client.id), UUIDPGetDatum(administrator),
		scim_words_array(asked->scopes), text_datum(scim_oauth_param(request, "service_user")),
		PointerGetDatum(scim_token_hash(scim_slice_of(VARDATA(code), VARSIZE(code) - VARHDRSZ))),
		text_datum(query_param(request, "redirect_uri")), text_datum(asked->challenge)
	}, nulls);
	problem = scim_text(0, 1, CurrentMemoryContext);
	if (problem == NULL)
		redirect(request, answer, asked, "code", text_to_cstring(code));
	else
		scim_page_consent(request, answer, asked,
						  scim_slice_dup(scim_oauth_param(request, "ticket")), problem);
}

/* The decision was sent. */
static void
handle_decision(const ScimOAuthRequest *request, ScimOAuthAnswer *answer,
				const ScimAuthorization *asked)
{
	ScimSlice	decision = scim_oauth_param(request, "decision");
	pg_uuid_t	administrator;

	if (!scim_seal_open_ticket(request, asked->nonce, &administrator))
		scim_page_login(request, answer, asked, "You were signed out. Sign in again.");
	else if (scim_slice_equal(decision, scim_slice("approve")))
		grant(request, answer, asked, &administrator);
	else
		redirect(request, answer, asked, "error", "access_denied");
}

/* A form was sent: from a page of ours, in this browser? */
static void
handle_form(const ScimOAuthRequest *request, ScimOAuthAnswer *answer, const ScimAuthorization *asked)
{
	if (!scim_seal_form_is_good(request, asked->nonce))
		scim_page_login(request, answer, asked, "This page was too old, or cookies are off. Try again.");
	else if (scim_oauth_param(request, "ticket").len > 0)
		handle_decision(request, answer, asked);
	else
		handle_login(request, answer, asked);
}

/* What only forms of ours bring along must not be set by whoever made the link. */
static bool
sets_form_fields(const ScimOAuthRequest *request)
{
	static const char *const fields[] = {
		"csrf", "ticket", "username", "password", "decision", "service_user"
	};

	for (size_t i = 0; i < lengthof(fields); i++)
		if (scim_form_get(&request->query, fields[i], NULL) != NULL)
			return true;
	return false;
}

void
scim_oauth_authorize(ScimOAuthRequest *request, ScimOAuthAnswer *answer)
{
	ScimAuthorization asked = {.redirect_uri = NULL};
	const char *error;

	if (!scim_oauth_read(request, answer) || sets_form_fields(request))
	{
		scim_page_error(answer, 400, "The request is malformed.");
		return;
	}
	if (!find_client(request, answer, &asked))
		return;
	asked.state = query_param(request, "state");
	error = check_request(request, &asked);
	if (error != NULL)
	{
		redirect(request, answer, &asked, "error", error);
		return;
	}
	asked.nonce = scim_seal_nonce(request, &answer->cookie);
	if (scim_oauth_is_method(request, "POST"))
		handle_form(request, answer, &asked);
	else
		scim_page_login(request, answer, &asked, NULL);
}
