/*-------------------------------------------------------------------------
 *
 * oauth_assertion.c
 *	  A JWT instead of a secret (RFC 7523): private_key_jwt with a key of the client's own set,
 *	  client_secret_jwt with a secret that is kept for it.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "jwt/jwt.h"
#include "oauth/oauth_int.h"
#include "util/jsonb.h"
#include "util/plan.h"
#include "util/throw.h"
#include "util/try.h"

#define SKEW 60

/* Assertions that live longer are refused: each must be remembered until it ends. */
#define MAX_LIFETIME (3600 * USECS_PER_SEC)

static ScimStatement select_keys = {
	"SELECT h.key FROM scim.oauth_secret s JOIN scim.hmac_key h"
	" ON h.directory_id = s.directory_id AND h.owner_id = s.secret_id"
	" WHERE s.directory_id = $1 AND s.client_id = $2 AND s.revoked_at IS NULL"
	" AND s.expires_at > pg_catalog.now()",
	2, {INT4OID, UUIDOID}
};

static ScimStatement insert_used = {
	"INSERT INTO scim.used_assertion (directory_id, client_id, jti, expires_at)"
	" VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
	4, {INT4OID, UUIDOID, TEXTOID, TIMESTAMPTZOID}
};

/* For scim_try(). */
typedef struct Checking
{
	const ScimOAuthRequest *request;
	const ScimOAuthClient *client;
	ScimSlice	text;
	ScimJwt		jwt;
} Checking;

static void
parse(void *arg)
{
	Checking   *checking = arg;

	scim_jwt_parse(checking->text, &checking->jwt);
}

ScimSlice
scim_oauth_assertion_subject(ScimSlice assertion)
{
	Checking	checking = {.text = assertion};
	char	   *reason;

	if (scim_try(parse, &checking, &reason) != SCIM_OK)
		return scim_slice("");
	return scim_jwt_text(&checking.jwt, "sub");
}

/* Who signs for itself is issuer and subject, and means us. */
static void
check_claims(const Checking *checking)
{
	const ScimOAuthRequest *request = checking->request;
	ScimSlice	id = scim_slice(checking->client->id_text);
	char	   *issuer = scim_oauth_issuer(request, checking->client->directory->name);
	ScimSlice	audiences[] = {
		scim_slice(issuer), scim_slice(psprintf("%s/oauth/token", issuer)),
		scim_slice(psprintf("%s%s", request->base, request->path))
	};
	ScimJwtRules rules = {
		.issuer = id, .naudiences = lengthof(audiences), .audiences = audiences, .skew = SKEW
	};

	scim_jwt_check(&checking->jwt, &rules);
	if (!scim_slice_equal(scim_jwt_text(&checking->jwt, "sub"), id))
		scim_raise(SCIM_E_UNAUTHORIZED, "the assertion is for another client");
}

/* Tries the secrets of the client that are kept for it. */
static void
verify_hmac(const Checking *checking)
{
	uint64		n = scim_query(&select_keys, (Datum[]) {
		Int32GetDatum(checking->client->directory->id), UUIDPGetDatum(&checking->client->id)
	}, NULL);

	for (uint64 i = 0; i < n; i++)
	{
		bytea	   *key = (bytea *) scim_varlena(i, 1, CurrentMemoryContext);
		ScimSlice	secret = scim_slice_of(VARDATA_ANY(key), VARSIZE_ANY_EXHDR(key));

		if (scim_jwt_matches_hmac(&checking->jwt, secret))
			return;
	}
	scim_raise(SCIM_E_UNAUTHORIZED, "no secret of the client has signed the assertion");
}

/* Each assertion is good once; its jti is remembered until it ends. */
static void
use_once(const Checking *checking)
{
	ScimSlice	jti = scim_jwt_text(&checking->jwt, "jti");
	TimestampTz expires;

	if (!scim_jwt_time(&checking->jwt, "exp", &expires) ||
		expires > GetCurrentTimestamp() + MAX_LIFETIME)
		scim_raise(SCIM_E_UNAUTHORIZED, "the assertion lives too long");
	if (jti.len == 0 || jti.len > 255)
		scim_raise(SCIM_E_UNAUTHORIZED, "the assertion has no id");
	if (scim_execute(&insert_used, (Datum[]) {
			Int32GetDatum(checking->client->directory->id), UUIDPGetDatum(&checking->client->id),
			PointerGetDatum(cstring_to_text_with_len(jti.data, jti.len)),
			TimestampTzGetDatum(expires + SKEW * USECS_PER_SEC)
		}, NULL) != 1)
		scim_raise(SCIM_E_UNAUTHORIZED, "the assertion was used before");
}

/* For scim_try(): raises unless all is well. */
static void
check(void *arg)
{
	Checking   *checking = arg;

	scim_connect_again();
	scim_jwt_parse(checking->text, &checking->jwt);
	check_claims(checking);
	if (checking->jwt.algorithm == SCIM_JWT_HS256)
		verify_hmac(checking);
	else if (checking->client->jwks == NULL)
		scim_raise(SCIM_E_UNAUTHORIZED, "the client has no keys");
	else
		scim_jwt_verify(&checking->jwt, scim_jwk_find(scim_jsonb_root(checking->client->jwks),
													  &checking->jwt));
	use_once(checking);
	scim_disconnect();
}

bool
scim_oauth_assertion_is_good(const ScimOAuthRequest *request, const ScimOAuthClient *client,
							 ScimSlice assertion)
{
	Checking	checking = {.request = request, .client = client, .text = assertion};
	char	   *reason;

	if (scim_try(check, &checking, &reason) == SCIM_OK)
		return true;
	ereport(DEBUG1, (errmsg_internal("scim: an assertion is refused: %s", reason)));
	return false;
}
