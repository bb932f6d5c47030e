/*-------------------------------------------------------------------------
 *
 * oauth_revoke.c
 *	  Revocation (RFC 7009) and introspection (RFC 7662).
 *
 * A client ends its own tokens only, and learns nothing of others.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "auth/auth.h"
#include "jwt/jwt.h"
#include "oauth/oauth_int.h"
#include "util/jsonb.h"
#include "util/plan.h"

static ScimStatement select_refresh = {
	"SELECT r.grant_id, pg_catalog.date_part('epoch', r.expires_at)::pg_catalog.int8, g.scopes,"
	" coalesce(u.name, g.approved_by), r.used_at IS NULL AND g.revoked_at IS NULL"
	"   AND r.expires_at > pg_catalog.now()"
	" FROM scim.oauth_refresh r"
	" JOIN scim.oauth_grant g ON g.directory_id = r.directory_id AND g.grant_id = r.grant_id"
	" LEFT JOIN scim.service_user u"
	"   ON u.directory_id = g.directory_id AND u.service_user_id = g.service_user_id"
	" WHERE r.directory_id = $1 AND r.client_id = $2 AND r.hash = $3",
	3, {INT4OID, UUIDOID, BYTEAOID}
};

static ScimStatement delete_access = {
	"DELETE FROM scim.credential c WHERE c.directory_id = $1 AND c.client_id = $2 AND c.hash = $3",
	3, {INT4OID, UUIDOID, BYTEAOID}
};

static ScimStatement revoke_jwt = {
	"INSERT INTO scim.revoked_jwt (directory_id, jti, expires_at) VALUES ($1, $2, $3)"
	" ON CONFLICT DO NOTHING",
	3, {INT4OID, TEXTOID, TIMESTAMPTZOID}
};

static ScimStatement select_access = {
	"SELECT c.client_id::pg_catalog.text, c.oauth_scopes, coalesce(u.name, g.approved_by, c.client_id::pg_catalog.text),"
	" pg_catalog.date_part('epoch', c.created_at)::pg_catalog.int8"
	" FROM scim.credential c"
	" LEFT JOIN scim.oauth_grant g ON g.directory_id = c.directory_id AND g.grant_id = c.grant_id"
	" LEFT JOIN scim.service_user u"
	"   ON u.directory_id = g.directory_id AND u.service_user_id = g.service_user_id"
	" WHERE c.directory_id = $1 AND c.hash = $2 AND c.client_id IS NOT NULL",
	2, {INT4OID, BYTEAOID}
};

/* What introspection tells of an active token. */
typedef struct Facts
{
	const char *client_id;
	const char *scope;
	const char *subject;
	const char *jti;			/* or NULL */
	const char *type;			/* token_type, or NULL for a refresh token */
	int64		expires;
	int64		issued;			/* 0: not told */
} Facts;

static int64
epoch_of(TimestampTz time)
{
	return time / USECS_PER_SEC + (POSTGRES_EPOCH_JDATE - UNIX_EPOCH_JDATE) * (int64) SECS_PER_DAY;
}

/* Finds a refresh token of the client; its grant's id is the row's first column. */
static bool
find_refresh(const ScimOAuthClient *client, Datum hash)
{
	return scim_query(&select_refresh, (Datum[]) {
		Int32GetDatum(client->directory->id), UUIDPGetDatum(&client->id), hash
	}, NULL) == 1;
}

/* Ends a signed access token of the client; it must be valid, since an invalid one is over anyway. */
static void
end_signed(const ScimOAuthClient *client, ScimSlice token)
{
	ScimPrincipal principal;
	ScimJwt		jwt;
	ScimSlice	jti;

	if (!scim_jwt_is_one(token) || !scim_auth_token(token, scim_slice(""), &principal) ||
		principal.directory->id != client->directory->id ||
		memcmp(&principal.credential_id, &client->id, UUID_LEN) != 0)
		return;
	scim_jwt_parse(token, &jwt);
	jti = scim_jwt_text(&jwt, "jti");
	scim_execute(&revoke_jwt, (Datum[]) {
		Int32GetDatum(client->directory->id),
		PointerGetDatum(cstring_to_text_with_len(jti.data, jti.len)),
		TimestampTzGetDatum(principal.expires_at)
	}, NULL);
}

/* Reads the request of either endpoint; false after an error answer. */
static bool
begin(ScimOAuthRequest *request, ScimOAuthAnswer *answer, ScimOAuthClient *client, ScimSlice *token)
{
	if (!scim_oauth_read(request, answer) ||
		!scim_oauth_client_authenticate(request, answer, client))
		return false;
	*token = scim_oauth_param(request, "token");
	if (token->len == 0)
		return scim_oauth_fail(answer, 400, "invalid_request", "The parameter token is missing.");
	return true;
}

void
scim_oauth_revoke(ScimOAuthRequest *request, ScimOAuthAnswer *answer)
{
	ScimOAuthClient client;
	ScimSlice	token;
	Datum		hash;

	if (!begin(request, answer, &client, &token))
		return;
	hash = PointerGetDatum(scim_token_hash(token));
	if (find_refresh(&client, hash))
	{
		pg_uuid_t	grant_id = *DatumGetUUIDP(scim_value(0, 1));

		scim_oauth_end_grant(client.directory, &grant_id);
	}
	else if (scim_execute(&delete_access, (Datum[]) {
				Int32GetDatum(client.directory->id), UUIDPGetDatum(&client.id), hash
			}, NULL) == 0)
		end_signed(&client, token);
	answer->status = 200;		/* also for a token that is none (RFC 7009 section 2.2) */
}

/* The facts of a refresh token of the client itself. */
static bool
introspect_refresh(const ScimOAuthClient *client, Datum hash, Facts *facts)
{
	MemoryContext here = CurrentMemoryContext;

	if (!find_refresh(client, hash) || !DatumGetBool(scim_value(0, 5)))
		return false;
	facts->client_id = client->id_text;
	facts->expires = DatumGetInt64(scim_value(0, 2));
	facts->scope = scim_words_join(scim_words_of((ArrayType *) scim_varlena(0, 3, here)));
	facts->subject = scim_text(0, 4, here);
	return true;
}

/* The facts of a signed token that was found valid. */
static bool
introspect_signed(ScimSlice token, Facts *facts)
{
	ScimJwt		jwt;
	TimestampTz issued;

	scim_jwt_parse(token, &jwt);
	facts->client_id = scim_slice_dup(scim_jwt_text(&jwt, "client_id"));
	facts->scope = scim_slice_dup(scim_jwt_text(&jwt, "scope"));
	facts->subject = scim_slice_dup(scim_jwt_text(&jwt, "sub"));
	facts->jti = scim_slice_dup(scim_jwt_text(&jwt, "jti"));
	if (scim_jwt_time(&jwt, "iat", &issued))
		facts->issued = epoch_of(issued);
	return true;
}

/* The facts of an access token of the client's directory, whoever has it. */
static bool
introspect_access(const ScimOAuthClient *client, ScimSlice token, Datum hash, Facts *facts)
{
	MemoryContext here = CurrentMemoryContext;
	ScimPrincipal principal;

	if (!scim_auth_token(token, scim_slice(""), &principal) ||
		principal.directory->id != client->directory->id)
		return false;
	facts->type = "Bearer";
	facts->expires = epoch_of(principal.expires_at);
	if (scim_jwt_is_one(token))
		return introspect_signed(token, facts);
	if (scim_query(&select_access, (Datum[]) {Int32GetDatum(client->directory->id), hash}, NULL) != 1)
		return false;
	facts->client_id = scim_text(0, 1, here);
	facts->scope = scim_words_join(scim_words_of((ArrayType *) scim_varlena(0, 2, here)));
	facts->subject = scim_text(0, 3, here);
	facts->issued = DatumGetInt64(scim_value(0, 4));
	return true;
}

static void
write_facts(StringInfo out, const Facts *facts, const char *issuer)
{
	const char *const texts[][2] = {
		{"client_id", facts->client_id}, {"scope", facts->scope}, {"sub", facts->subject},
		{"token_type", facts->type}, {"jti", facts->jti}, {"iss", issuer}, {"aud", issuer}
	};

	appendStringInfo(out, "{\"active\":true,\"exp\":" INT64_FORMAT, facts->expires);
	if (facts->issued != 0)
		appendStringInfo(out, ",\"iat\":" INT64_FORMAT, facts->issued);
	for (size_t i = 0; i < lengthof(texts); i++)
		if (texts[i][1] != NULL && texts[i][1][0] != '\0')
		{
			appendStringInfo(out, ",\"%s\":", texts[i][0]);
			scim_json_write_string(out, scim_slice(texts[i][1]));
		}
	appendStringInfoChar(out, '}');
}

void
scim_oauth_introspect(ScimOAuthRequest *request, ScimOAuthAnswer *answer)
{
	ScimOAuthClient client;
	ScimSlice	token;
	Facts		facts = {.expires = 0};
	Datum		hash;

	if (!begin(request, answer, &client, &token))
		return;
	if (!client.is_confidential)
	{
		(void) scim_oauth_fail(answer, 401, "invalid_client", "The client has no secret.");
		return;
	}
	hash = PointerGetDatum(scim_token_hash(token));
	answer->status = 200;
	answer->content_type = "application/json";
	if (introspect_refresh(&client, hash, &facts) || introspect_access(&client, token, hash, &facts))
		write_facts(&answer->body, &facts, scim_oauth_issuer(request, client.directory->name));
	else
		appendStringInfoString(&answer->body, "{\"active\":false}");
}
