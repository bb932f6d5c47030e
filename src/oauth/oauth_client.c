/*-------------------------------------------------------------------------
 *
 * oauth_client.c
 *	  Who is the client (RFC 6749 section 2.3): Basic, form body, or an assertion.
 *
 * Secrets are random and looked up by their SHA-256, so that the token endpoint never waits for a slow
 * hash.  Whatever is wrong, the answer is the same invalid_client.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"

#include "auth/auth.h"
#include "core/base64url.h"
#include "oauth/oauth_int.h"
#include "util/plan.h"

#define ASSERTION_TYPE "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

static ScimStatement select_client = {
	"SELECT c.directory_id, c.name, c.display_name, c.type, c.scopes, c.redirect_uris,"
	" c.access_lifetime, c.refresh_lifetime, c.jwks FROM scim.oauth_client c"
	" WHERE c.client_id = $1 AND c.enabled",
	1, {UUIDOID}
};

static ScimStatement select_secret = {
	"SELECT s.secret_id FROM scim.oauth_secret s WHERE s.directory_id = $1 AND s.client_id = $2 AND s.hash = $3"
	" AND s.revoked_at IS NULL AND s.expires_at > pg_catalog.now()",
	3, {INT4OID, UUIDOID, BYTEAOID}
};

/* How a client says who it is. */
typedef struct Claim
{
	ScimSlice	id;
	ScimSlice	secret;
	ScimSlice	assertion;
	bool		by_basic;
} Claim;

bool
scim_oauth_client_find(const ScimOAuthRequest *request, ScimSlice id, ScimOAuthClient *client)
{
	MemoryContext here = CurrentMemoryContext;
	Datum		key = UUIDPGetDatum(&client->id);
	int32		directory_id;

	if (!scim_uuid_parse(id, &client->id) || scim_query(&select_client, &key, NULL) != 1)
		return false;
	scim_uuid_print(&client->id, client->id_text);
	directory_id = DatumGetInt32(scim_value(0, 1));
	client->name = scim_text(0, 2, here);
	client->display_name = scim_text(0, 3, here);
	client->type = scim_text(0, 4, here);
	client->scopes = scim_words_of((ArrayType *) scim_varlena(0, 5, here));
	client->redirect_uris = scim_words_of((ArrayType *) scim_varlena(0, 6, here));
	client->access_lifetime = DatumGetInt32(scim_value(0, 7));
	client->refresh_lifetime = DatumGetInt32(scim_value(0, 8));
	client->jwks = (Jsonb *) scim_varlena(0, 9, here);
	client->is_confidential = false;
	client->directory = scim_directory_by_id(directory_id);
	return client->directory != NULL && client->directory->enabled &&
		(request->path_owner == 0 || request->path_owner == directory_id) &&
		(request->directory.len == 0 ||
		 scim_slice_equal(request->directory, scim_slice(client->directory->name)));
}

/* Decodes base64 of the usual alphabet, padded or not. */
static bool
decode_base64(ScimSlice text, ScimSlice *decoded)
{
	char	   *url = scim_slice_dup(text);
	size_t		len = text.len;
	char	   *data;

	while (len > 0 && url[len - 1] == '=')
		len--;
	for (size_t i = 0; i < len; i++)
		url[i] = url[i] == '+' ? '-' : url[i] == '/' ? '_' : url[i];
	if (!scim_base64url_decode(scim_slice_of(url, len), &data, &decoded->len))
		return false;
	decoded->data = data;
	return true;
}

/* Basic credentials; both halves are form-encoded (RFC 6749 section 2.3.1). */
static bool
read_basic(ScimSlice field, Claim *claim)
{
	static const char scheme[] = "basic ";
	size_t		len = sizeof(scheme) - 1;
	ScimSlice	pair;
	const char *colon;

	if (field.len < len || pg_strncasecmp(field.data, scheme, len) != 0)
		return false;
	if (!decode_base64(scim_slice_of(field.data + len, field.len - len), &pair))
		return false;
	colon = pair.len == 0 ? NULL : memchr(pair.data, ':', pair.len);
	return colon != NULL &&
		scim_percent_decode(scim_slice_of(pair.data, colon - pair.data), true, &claim->id) &&
		scim_percent_decode(scim_slice_of(colon + 1, pair.data + pair.len - colon - 1), true,
							&claim->secret);
}

/*
 * The one refusal of all clients; those that fail too often have to wait.  A directory is counted if the
 * client is one of its: made-up names would push addresses out of the table.
 */
static bool
refuse(ScimOAuthRequest *request, ScimOAuthAnswer *answer, const ScimOAuthClient *client)
{
	answer->retry_after = scim_auth_failed(request->peer,
										   scim_slice(client == NULL ? "" : client->directory->name));
	if (answer->retry_after > 0)
		return scim_oauth_fail(answer, 429, "temporarily_unavailable",
							   "Too many failures; wait before the next try.");
	if (request->authorization.len > 0)
		answer->challenge = "Basic realm=\"scim\", charset=\"UTF-8\"";
	return scim_oauth_fail(answer, 401, "invalid_client", "The client could not be authenticated.");
}

/* Collects what the client says; false after an error answer. */
static bool
read_claim(ScimOAuthRequest *request, ScimOAuthAnswer *answer, Claim *claim)
{
	ScimSlice	id = scim_oauth_param(request, "client_id");
	ScimSlice	type = scim_oauth_param(request, "client_assertion_type");

	claim->by_basic = request->authorization.len > 0;
	claim->assertion = scim_oauth_param(request, "client_assertion");
	claim->secret = scim_oauth_param(request, "client_secret");
	claim->id = id;
	if (claim->by_basic + (claim->assertion.len > 0) + (claim->secret.len > 0) > 1)
		return scim_oauth_fail(answer, 400, "invalid_request",
							   "Use one way of client authentication.");
	if (claim->by_basic && !read_basic(request->authorization, claim))
		return refuse(request, answer, NULL);
	if (claim->assertion.len > 0)
	{
		if (!scim_slice_equal(type, scim_slice(ASSERTION_TYPE)))
			return scim_oauth_fail(answer, 400, "invalid_request",
								   "client_assertion_type must be " ASSERTION_TYPE ".");
		claim->id = scim_oauth_assertion_subject(claim->assertion);
	}
	if (id.len > 0 && !scim_slice_equal(id, claim->id))
		return refuse(request, answer, NULL);
	return true;
}

/*
 * Parameters in a URL end in logs, so only directories that ask for it take them from there, and never
 * one that is worth something to whoever reads the log.
 */
static bool
may_use_query(const ScimOAuthRequest *request, const ScimOAuthClient *client)
{
	static const char *const secrets[] = {
		"client_secret", "client_assertion", "assertion", "code", "code_verifier", "refresh_token", "token"
	};

	for (size_t i = 0; i < lengthof(secrets); i++)
		if (scim_form_get(&request->query, secrets[i], NULL) != NULL)
			return false;
	return request->query.nfields == 0 || client->directory->settings.oauth_query_parameters;
}

bool
scim_oauth_client_authenticate(ScimOAuthRequest *request, ScimOAuthAnswer *answer,
							   ScimOAuthClient *client)
{
	Claim		claim;
	Datum		hash;

	if (!read_claim(request, answer, &claim))
		return false;
	hash = PointerGetDatum(scim_token_hash(claim.secret));
	if (!scim_oauth_client_find(request, claim.id, client))
		return refuse(request, answer, NULL);
	if (claim.assertion.len > 0)
		client->is_confidential = scim_oauth_assertion_is_good(request, client, claim.assertion);
	else if (claim.secret.len > 0 || claim.by_basic)
		client->is_confidential = scim_query(&select_secret, (Datum[]) {
			Int32GetDatum(client->directory->id), UUIDPGetDatum(&client->id), hash
		}, NULL) == 1;
	else if (strcmp(client->type, "native") != 0)
		return refuse(request, answer, client);
	if (!client->is_confidential && (claim.assertion.len > 0 || claim.secret.len > 0 || claim.by_basic))
		return refuse(request, answer, client);
	if (!may_use_query(request, client))
		return scim_oauth_fail(answer, 400, "invalid_request",
							   "Send the parameters in the body.");
	return true;
}
