/*-------------------------------------------------------------------------
 *
 * oauth_issue.c
 *	  Access tokens, opaque or signed (RFC 9068) as the directory has it, and refresh tokens.
 *
 * An opaque token is a row of scim.credential, verified like any other.  A signed one is no row at
 * all: what ends it early is a change of its client or grant, or its number in scim.revoked_jwt.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <time.h>

#include "catalog/pg_type.h"
#include "utils/builtins.h"

#include "auth/auth.h"
#include "compat.h"
#include "jwt/jwt.h"
#include "oauth/oauth_int.h"
#include "util/jsonb.h"
#include "util/plan.h"

static ScimStatement insert_access = {
	"INSERT INTO scim.credential (directory_id, label, hash, scopes, expires_at, client_id, grant_id,"
	" oauth_scopes) VALUES ($1, $2, $3, scim.rights_of($1, $4),"
	" pg_catalog.now() + pg_catalog.make_interval(secs => $5), $6, $7, $4)",
	7, {INT4OID, TEXTOID, BYTEAOID, TEXTARRAYOID, INT4OID, UUIDOID, UUIDOID}
};

/* Takes a few of the client's expired tokens away, now and then; waits for nobody who does the same. */
static ScimStatement delete_expired = {
	"DELETE FROM scim.credential c WHERE c.ctid = ANY (ARRAY("
	" SELECT e.ctid FROM scim.credential e WHERE e.directory_id = $1 AND e.client_id = $2"
	" AND e.expires_at < pg_catalog.now() LIMIT 10 FOR UPDATE SKIP LOCKED))",
	2, {INT4OID, UUIDOID}
};

static ScimStatement insert_refresh = {
	"INSERT INTO scim.oauth_refresh (directory_id, hash, grant_id, client_id, expires_at)"
	" VALUES ($1, $2, $3, $4, pg_catalog.now() + pg_catalog.make_interval(secs => $5))",
	5, {INT4OID, BYTEAOID, UUIDOID, UUIDOID, INT4OID}
};

static ScimStatement select_key = {
	"SELECT k.kid::pg_catalog.text, k.algorithm, k.private_key FROM scim.signing_key k"
	" WHERE k.directory_id = $1 AND k.expires_at = 'infinity' ORDER BY k.created_at DESC LIMIT 1",
	1, {INT4OID}
};

static ScimStatement add_key = {
	"SELECT scim.add_signing_key($1, 'ES256')", 1, {INT4OID}
};

static ScimStatement select_rights = {
	"SELECT pg_catalog.array_to_string(scim.rights_of($1, $2), ' ')", 2, {INT4OID, TEXTARRAYOID}
};

static ScimStatement end_grant = {
	"SELECT scim.end_grant($1, $2)", 2, {INT4OID, UUIDOID}
};

static Datum
hash_of(text *token)
{
	return PointerGetDatum(scim_token_hash(scim_slice_of(VARDATA(token), VARSIZE(token) - VARHDRSZ)));
}

static char *
issue_opaque(const ScimOAuthClient *client, ScimWords scopes, const ScimOAuthGrant *grant)
{
	text	   *token = scim_token_make();
	Datum		directory = Int32GetDatum(client->directory->id);
	Datum		id = UUIDPGetDatum(&client->id);
	uint8		dice;

	if (pg_strong_random(&dice, 1) && dice < 16)
		scim_execute(&delete_expired, (Datum[]) {directory, id}, NULL);
	scim_execute(&insert_access, (Datum[]) {
		directory, CStringGetTextDatum(client->name), hash_of(token), scim_words_array(scopes),
		Int32GetDatum(client->access_lifetime), id,
		grant == NULL ? (Datum) 0 : UUIDPGetDatum(&grant->id)
	}, grant == NULL ? "      n" : NULL);
	return text_to_cstring(token);
}

/* Appends a member of a JSON object. */
static void
add_member(StringInfo out, const char *name, const char *value)
{
	appendStringInfo(out, ",\"%s\":", name);
	scim_json_write_string(out, scim_slice(value));
}

/*
 * The claims of RFC 9068 section 2.2, and two of our own: what the scopes allow, and the grant, by which
 * the token can be ended.
 */
static char *
make_claims(const ScimOAuthRequest *request, const ScimOAuthClient *client, ScimWords scopes,
			const ScimOAuthGrant *grant)
{
	char	   *issuer = scim_oauth_issuer(request, client->directory->name);
	int64		now = time(NULL);
	char	   *id = palloc(SCIM_UUID_SIZE);
	pg_uuid_t	jti;
	StringInfoData out;

	scim_query(&select_rights, (Datum[]) {
		Int32GetDatum(client->directory->id), scim_words_array(scopes)
	}, NULL);
	scim_uuid_make(&jti);
	scim_uuid_print(&jti, id);
	initStringInfo(&out);
	appendStringInfo(&out, "{\"iat\":" INT64_FORMAT ",\"exp\":" INT64_FORMAT, now,
					 now + client->access_lifetime);
	add_member(&out, "iss", issuer);
	add_member(&out, "aud", issuer);
	add_member(&out, "sub", grant == NULL ? client->id_text : grant->subject);
	add_member(&out, "client_id", client->id_text);
	add_member(&out, "jti", id);
	add_member(&out, "scope", scim_words_join(scopes));
	add_member(&out, "rights", scim_text(0, 1, CurrentMemoryContext));
	if (grant != NULL)
	{
		char	   *grant_id = palloc(SCIM_UUID_SIZE);

		scim_uuid_print(&grant->id, grant_id);
		add_member(&out, "grant", grant_id);
	}
	appendStringInfoChar(&out, '}');
	return out.data;
}

static char *
issue_signed(const ScimOAuthRequest *request, const ScimOAuthClient *client, ScimWords scopes,
			 const ScimOAuthGrant *grant)
{
	Datum		directory = Int32GetDatum(client->directory->id);
	char	   *kid;
	ScimJwtAlgorithm algorithm;
	bytea	   *key;

	if (scim_query(&select_key, &directory, NULL) == 0)
	{
		scim_execute(&add_key, &directory, NULL);
		scim_query(&select_key, &directory, NULL);
	}
	kid = scim_text(0, 1, CurrentMemoryContext);
	algorithm = scim_jwt_algorithm(scim_slice(scim_text(0, 2, CurrentMemoryContext)));
	key = (bytea *) scim_varlena(0, 3, CurrentMemoryContext);
	return scim_jwt_sign(algorithm, scim_slice_of(VARDATA_ANY(key), VARSIZE_ANY_EXHDR(key)), kid,
						 "at+jwt", scim_slice(make_claims(request, client, scopes, grant)));
}

static char *
issue_refresh(const ScimOAuthClient *client, const ScimOAuthGrant *grant)
{
	text	   *token = scim_token_make();

	scim_execute(&insert_refresh, (Datum[]) {
		Int32GetDatum(client->directory->id), hash_of(token), UUIDPGetDatum(&grant->id),
		UUIDPGetDatum(&client->id), Int32GetDatum(client->refresh_lifetime)
	}, NULL);
	return text_to_cstring(token);
}

void
scim_oauth_issue(const ScimOAuthRequest *request, ScimOAuthAnswer *answer,
				 const ScimOAuthClient *client, ScimWords scopes, const ScimOAuthGrant *grant)
{
	const ScimSettings *settings = &client->directory->settings;
	char	   *token = settings->jwt_access_tokens ? issue_signed(request, client, scopes, grant) :
		issue_opaque(client, scopes, grant);
	const char *quote = settings->oauth_text_lifetime ? "\"" : "";
	StringInfo	out = &answer->body;

	appendStringInfo(out, "{\"token_type\":\"Bearer\",\"expires_in\":%s%d%s", quote,
					 client->access_lifetime, quote);
	add_member(out, "access_token", token);
	if (grant != NULL)
		add_member(out, "refresh_token", issue_refresh(client, grant));
	add_member(out, "scope", scim_words_join(scopes));
	if (request->request_id.len > 0)
		add_member(out, "request_id", scim_slice_dup(request->request_id));
	appendStringInfoChar(out, '}');
	answer->status = 200;
	answer->content_type = "application/json";
}

void
scim_oauth_end_grant(const ScimDirectory *directory, const pg_uuid_t *grant_id)
{
	scim_execute(&end_grant, (Datum[]) {Int32GetDatum(directory->id), UUIDPGetDatum(grant_id)}, NULL);
}
