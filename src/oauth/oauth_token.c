/*-------------------------------------------------------------------------
 *
 * oauth_token.c
 *	  The token endpoint (RFC 6749 section 3.2): one function for each grant type.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <openssl/crypto.h>
#include <openssl/sha.h>

#include "catalog/pg_type.h"

#include "auth/auth.h"
#include "core/base64url.h"
#include "oauth/oauth_int.h"
#include "util/plan.h"

/* Lengths of a PKCE verifier (RFC 7636 section 4.1). */
#define MIN_VERIFIER 43
#define MAX_VERIFIER 128

static ScimStatement lock_code = {
	"SELECT o.client_id, o.grant_id, o.used_at IS NOT NULL, o.expires_at > pg_catalog.now(), g.scopes,"
	" g.revoked_at IS NOT NULL, coalesce(u.name, g.approved_by), o.redirect_uri, o.code_challenge"
	" FROM scim.oauth_code o"
	" JOIN scim.oauth_grant g ON g.directory_id = o.directory_id AND g.grant_id = o.grant_id"
	" LEFT JOIN scim.service_user u"
	"   ON u.directory_id = g.directory_id AND u.service_user_id = g.service_user_id"
	" WHERE o.directory_id = $1 AND o.hash = $2 FOR UPDATE OF o",
	2, {INT4OID, BYTEAOID}
};

static ScimStatement use_code = {
	"UPDATE scim.oauth_code o SET used_at = pg_catalog.now() WHERE o.directory_id = $1 AND o.hash = $2",
	2, {INT4OID, BYTEAOID}
};

static ScimStatement lock_refresh = {
	"SELECT r.client_id, r.grant_id, r.used_at IS NOT NULL, r.expires_at > pg_catalog.now(), g.scopes,"
	" g.revoked_at IS NOT NULL, coalesce(u.name, g.approved_by)"
	" FROM scim.oauth_refresh r"
	" JOIN scim.oauth_grant g ON g.directory_id = r.directory_id AND g.grant_id = r.grant_id"
	" LEFT JOIN scim.service_user u"
	"   ON u.directory_id = g.directory_id AND u.service_user_id = g.service_user_id"
	" WHERE r.directory_id = $1 AND r.hash = $2 FOR UPDATE OF r",
	2, {INT4OID, BYTEAOID}
};

static ScimStatement use_refresh = {
	"UPDATE scim.oauth_refresh r SET used_at = pg_catalog.now() WHERE r.directory_id = $1 AND r.hash = $2",
	2, {INT4OID, BYTEAOID}
};

/*
 * The scopes that are asked for, all of what can be had if none are; false after invalid_scope.
 */
static bool
choose_scopes(const ScimOAuthRequest *request, ScimOAuthAnswer *answer, ScimWords granted,
			  ScimWords *chosen)
{
	*chosen = scim_words_split(scim_oauth_param(request, "scope"));
	if (chosen->n == 0)
		*chosen = granted;
	if (scim_words_common(*chosen, granted).n == chosen->n && chosen->n > 0)
		return true;
	return scim_oauth_fail(answer, 400, "invalid_scope", "The client does not have this scope.");
}

static void
grant_client_credentials(ScimOAuthRequest *request, ScimOAuthAnswer *answer,
						 const ScimOAuthClient *client)
{
	ScimWords	scopes;

	if (!client->is_confidential || strcmp(client->type, "server") != 0)
	{
		(void) scim_oauth_fail(answer, 400, "unauthorized_client",
							   "Only server applications use this grant type.");
		return;
	}
	if (choose_scopes(request, answer, client->scopes, &scopes))
		scim_oauth_issue(request, answer, client, scopes, NULL);
}

static bool
invalid_grant(ScimOAuthAnswer *answer)
{
	return scim_oauth_fail(answer, 400, "invalid_grant",
						   "The code or token is not valid, or was used before.");
}

/* May this client have tokens for what an administrator approves? */
static bool
may_have_grants(const ScimOAuthClient *client, ScimOAuthAnswer *answer)
{
	if (strcmp(client->type, "server") != 0)
		return true;
	return scim_oauth_fail(answer, 400, "unauthorized_client",
						   "Server applications use client_credentials.");
}

/*
 * Finds, locked, what a code or a refresh token stands for; false after invalid_grant.  One that comes
 * a second time was stolen, before or now, so all that came of it ends.
 */
static bool
redeem(ScimStatement *lock, const ScimOAuthClient *client, Datum hash, ScimOAuthGrant *grant,
	   ScimOAuthAnswer *answer)
{
	Datum		key[] = {Int32GetDatum(client->directory->id), hash};
	MemoryContext here = CurrentMemoryContext;

	if (scim_execute(lock, key, NULL) != 1 ||
		memcmp(DatumGetUUIDP(scim_value(0, 1)), &client->id, UUID_LEN) != 0)
		return invalid_grant(answer);
	grant->id = *DatumGetUUIDP(scim_value(0, 2));
	if (DatumGetBool(scim_value(0, 3)))
	{
		scim_oauth_end_grant(client->directory, &grant->id);
		return invalid_grant(answer);
	}
	if (!DatumGetBool(scim_value(0, 4)) || DatumGetBool(scim_value(0, 6)))
		return invalid_grant(answer);
	grant->scopes = scim_words_common(scim_words_of((ArrayType *) scim_varlena(0, 5, here)),
									  client->scopes);
	grant->subject = scim_text(0, 7, here);
	return true;
}

/*
 * Is the verifier one by its form (RFC 7636 section 4.1), of characters that need no escape, and what
 * the challenge was made of (section 4.6)?
 */
static bool
is_verified(ScimSlice verifier, const char *challenge)
{
	unsigned char digest[SHA256_DIGEST_LENGTH];
	char	   *expected;

	if (verifier.len < MIN_VERIFIER || verifier.len > MAX_VERIFIER ||
		strlen(scim_uri_encode_segment(verifier)) != verifier.len)
		return false;
	SHA256((const unsigned char *) verifier.data, verifier.len, digest);
	expected = scim_base64url_encode(digest, sizeof(digest));
	return strlen(expected) == strlen(challenge) &&
		CRYPTO_memcmp(expected, challenge, strlen(expected)) == 0;
}

/*
 * Does the code come back to where it was sent, from the one who asked for it?  Without a challenge
 * that is whoever knows the client's secret.
 */
static bool
is_sent_back(const ScimOAuthRequest *request, const ScimOAuthClient *client)
{
	char	   *uri = scim_text(0, 8, CurrentMemoryContext);
	char	   *challenge = scim_text(0, 9, CurrentMemoryContext);
	ScimSlice	verifier = scim_oauth_param(request, "code_verifier");

	if (!scim_slice_equal(scim_oauth_param(request, "redirect_uri"), scim_slice(uri)))
		return false;
	if (challenge == NULL)
		return client->is_confidential && verifier.len == 0;
	return is_verified(verifier, challenge);
}

static void
grant_code(ScimOAuthRequest *request, ScimOAuthAnswer *answer, const ScimOAuthClient *client)
{
	Datum		hash = PointerGetDatum(scim_token_hash(scim_oauth_param(request, "code")));
	ScimOAuthGrant grant;

	if (!may_have_grants(client, answer) || !redeem(&lock_code, client, hash, &grant, answer))
		return;
	if (!is_sent_back(request, client))
	{
		(void) invalid_grant(answer);
		return;
	}
	scim_execute(&use_code, (Datum[]) {Int32GetDatum(client->directory->id), hash}, NULL);
	scim_oauth_issue(request, answer, client, grant.scopes, &grant);
}

static void
grant_refresh(ScimOAuthRequest *request, ScimOAuthAnswer *answer, const ScimOAuthClient *client)
{
	Datum		hash = PointerGetDatum(scim_token_hash(scim_oauth_param(request, "refresh_token")));
	ScimOAuthGrant grant;
	ScimWords	scopes;

	if (!may_have_grants(client, answer) || !redeem(&lock_refresh, client, hash, &grant, answer) ||
		!choose_scopes(request, answer, grant.scopes, &scopes))
		return;
	scim_execute(&use_refresh, (Datum[]) {Int32GetDatum(client->directory->id), hash}, NULL);
	scim_oauth_issue(request, answer, client, scopes, &grant);
}

/* RFC 7523 section 2.1: the client's own signature stands for a grant. */
static void
grant_assertion(ScimOAuthRequest *request, ScimOAuthAnswer *answer, const ScimOAuthClient *client)
{
	ScimWords	scopes;

	if (strcmp(client->type, "server") != 0)
		(void) scim_oauth_fail(answer, 400, "unauthorized_client",
							   "Only server applications use this grant type.");
	else if (!scim_oauth_assertion_is_good(request, client, scim_oauth_param(request, "assertion")))
		(void) invalid_grant(answer);
	else if (choose_scopes(request, answer, client->scopes, &scopes))
		scim_oauth_issue(request, answer, client, scopes, NULL);
}

static const struct
{
	const char *name;
	const char *needs;			/* a parameter, or NULL */
	void		(*grant) (ScimOAuthRequest *request, ScimOAuthAnswer *answer,
						  const ScimOAuthClient *client);
}			grant_types[] =
{
	{"client_credentials", NULL, grant_client_credentials},
	{"authorization_code", "code", grant_code},
	{"refresh_token", "refresh_token", grant_refresh},
	{"urn:ietf:params:oauth:grant-type:jwt-bearer", "assertion", grant_assertion},
};

void
scim_oauth_token(ScimOAuthRequest *request, ScimOAuthAnswer *answer)
{
	ScimSlice	name;
	ScimOAuthClient client;

	if (!scim_oauth_read(request, answer) ||
		!scim_oauth_client_authenticate(request, answer, &client))
		return;
	name = scim_oauth_param(request, "grant_type");
	for (size_t i = 0; i < lengthof(grant_types); i++)
	{
		if (!scim_slice_equal(name, scim_slice(grant_types[i].name)))
			continue;
		if (grant_types[i].needs != NULL && scim_oauth_param(request, grant_types[i].needs).len == 0)
			(void) scim_oauth_fail(answer, 400, "invalid_request",
								   psprintf("The parameter %s is missing.", grant_types[i].needs));
		else
			grant_types[i].grant(request, answer, &client);
		return;
	}
	if (name.len == 0)
		(void) scim_oauth_fail(answer, 400, "invalid_request", "The parameter grant_type is missing.");
	else
		(void) scim_oauth_fail(answer, 400, "unsupported_grant_type",
							   "There is no such grant type.");
}
