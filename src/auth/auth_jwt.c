/*-------------------------------------------------------------------------
 *
 * auth_jwt.c
 *	  JWTs as bearer tokens: access tokens that we signed (RFC 9068), and those of trusted issuers.
 *
 * A token is ours if its kid names a key of scim.signing_key, which also says the directory.  Any
 * other is looked up by its issuer in scim.trusted_issuer; the row says which algorithms, keys and
 * audience count, and what the claims allow.
 *
 * Whatever is wrong with a token, the caller learns just that it is not valid.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "auth/auth_int.h"
#include "jwt/jwt.h"
#include "util/jsonb.h"
#include "util/plan.h"
#include "util/throw.h"
#include "util/try.h"
#include "util/uuid.h"

static ScimStatement select_own_key = {
	"SELECT k.directory_id, k.public_jwk, d.name FROM scim.signing_key k"
	" JOIN scim.directory d ON d.directory_id = k.directory_id"
	" WHERE k.kid = $1 AND k.expires_at > pg_catalog.now()",
	1, {UUIDOID}
};

/*
 * The client, if neither it nor the grant nor the token itself was ended, and it still has the token's
 * scopes.  What they allow was settled when the token was made, as for an opaque one.
 */
static ScimStatement select_client = {
	"SELECT c.name, pg_catalog.string_to_array($6, ' ') FROM scim.oauth_client c"
	" WHERE c.directory_id = $1 AND c.client_id = $2 AND c.enabled"
	" AND pg_catalog.string_to_array($3, ' ') <@ c.scopes"
	" AND ($4 IS NULL OR EXISTS (SELECT FROM scim.oauth_grant g"
	"   WHERE g.directory_id = $1 AND g.grant_id = $4 AND g.revoked_at IS NULL))"
	" AND NOT EXISTS (SELECT FROM scim.revoked_jwt r WHERE r.directory_id = $1 AND r.jti = $5)",
	6, {INT4OID, UUIDOID, TEXTOID, UUIDOID, TEXTOID, TEXTOID}
};

static ScimStatement select_issuers = {
	"SELECT i.directory_id, i.issuer_id, i.audience, i.algorithms, i.jwks, i.clock_skew, h.key"
	" FROM scim.trusted_issuer i LEFT JOIN scim.hmac_key h"
	"   ON h.directory_id = i.directory_id AND h.owner_id = i.issuer_id"
	" WHERE i.issuer = $1 AND i.enabled AND $2 OPERATOR(pg_catalog.@>) i.required_claims",
	2, {TEXTOID, JSONBOID}
};

static ScimStatement select_rights = {
	"SELECT i.issuer, scim.rights_of_claims(i, $3) FROM scim.trusted_issuer i"
	" WHERE i.directory_id = $1 AND i.issuer_id = $2",
	3, {INT4OID, UUIDOID, JSONBOID}
};

/* A row of select_issuers. */
typedef struct Issuer
{
	int32		directory_id;
	pg_uuid_t	id;
	char	   *audience;
	ArrayType  *algorithms;
	Jsonb	   *jwks;
	int			skew;
	bytea	   *key;			/* for HS256, or NULL */
} Issuer;

SCIM_NORETURN static void refuse(const char *reason);

static void
refuse(const char *reason)
{
	scim_raise(SCIM_E_UNAUTHORIZED, "%s", reason);
}

static Datum
text_datum(ScimSlice slice)
{
	return PointerGetDatum(cstring_to_text_with_len(slice.data, slice.len));
}

/* The last moment at which the token counts. */
static TimestampTz
end_of(const ScimJwt *jwt, int skew)
{
	TimestampTz expires;

	if (!scim_jwt_time(jwt, "exp", &expires))
		refuse("the token does not say when it expires");
	return expires + skew * USECS_PER_SEC;
}

/* Reads name and rights of the row that was found. */
static void
fill_principal(ScimKnownToken *known, const ScimJwt *jwt, int skew, MemoryContext context)
{
	known->principal.label = scim_text(0, 1, context);
	known->principal.expires_at = end_of(jwt, skew);
	scim_principal_fill(&known->principal,
						(ArrayType *) scim_varlena(0, 2, CurrentMemoryContext), NULL, context);
}

/* An access token of ours names as issuer and audience the directory whose key has signed it. */
static void
check_own(const ScimJwt *jwt, const char *directory)
{
	ScimSlice	issuer = scim_jwt_text(jwt, "iss");
	ScimJwtRules rules = {.issuer = issuer, .naudiences = 1, .audiences = &issuer, .type = "at+jwt"};
	size_t		len = strlen(directory);

	scim_jwt_check(jwt, &rules);
	if (issuer.len <= len || issuer.data[issuer.len - len - 1] != '/' ||
		memcmp(issuer.data + issuer.len - len, directory, len) != 0)
		refuse("the token is of another issuer");
}

/* False if kid is none of our keys; raises if it is and the token is not to be trusted. */
static bool
is_own(const ScimJwt *jwt, ScimKnownToken *known, MemoryContext context)
{
	pg_uuid_t	kid;
	pg_uuid_t	client;
	pg_uuid_t	granted;
	Datum		key = UUIDPGetDatum(&kid);
	ScimSlice	grant = scim_jwt_text(jwt, "grant");
	Jsonb	   *jwk;
	char	   *directory;

	if (!scim_uuid_parse(jwt->kid, &kid) || scim_query_fresh(&select_own_key, &key, NULL) != 1)
		return false;
	known->directory_id = DatumGetInt32(scim_value(0, 1));
	jwk = (Jsonb *) scim_varlena(0, 2, CurrentMemoryContext);
	directory = scim_text(0, 3, CurrentMemoryContext);
	scim_jwt_verify(jwt, scim_jsonb_root(jwk));
	check_own(jwt, directory);
	if (!scim_uuid_parse(scim_jwt_text(jwt, "client_id"), &client) ||
		(grant.len > 0 && !scim_uuid_parse(grant, &granted)))
		refuse("the token names no client");
	if (scim_query_fresh(&select_client, (Datum[]) {
			Int32GetDatum(known->directory_id), UUIDPGetDatum(&client),
			text_datum(scim_jwt_text(jwt, "scope")), UUIDPGetDatum(&granted),
			text_datum(scim_jwt_text(jwt, "jti")), text_datum(scim_jwt_text(jwt, "rights"))
		}, grant.len > 0 ? NULL : "   n  ") != 1)
		refuse("the token was ended");
	known->principal.credential_id = client;
	fill_principal(known, jwt, 0, context);
	return true;
}

/* Copies the rows out of SPI. */
static Issuer *
read_issuers(const ScimJwt *jwt, uint64 *n)
{
	Issuer	   *issuers;

	*n = scim_query_fresh(&select_issuers, (Datum[]) {
		text_datum(scim_jwt_text(jwt, "iss")),
		JsonbPGetDatum(scim_jsonb_pack(unconstify(JsonbValue *, jwt->claims)))
	}, NULL);
	issuers = palloc0(*n * sizeof(Issuer) + 1);
	for (uint64 i = 0; i < *n; i++)
	{
		issuers[i].directory_id = DatumGetInt32(scim_value(i, 1));
		issuers[i].id = *DatumGetUUIDP(scim_value(i, 2));
		issuers[i].audience = scim_text(i, 3, CurrentMemoryContext);
		issuers[i].algorithms = (ArrayType *) scim_varlena(i, 4, CurrentMemoryContext);
		issuers[i].jwks = (Jsonb *) scim_varlena(i, 5, CurrentMemoryContext);
		issuers[i].skew = DatumGetInt32(scim_value(i, 6));
		issuers[i].key = (bytea *) scim_varlena(i, 7, CurrentMemoryContext);
	}
	return issuers;
}

/* Does the issuer use the token's algorithm? */
static bool
uses_algorithm(const Issuer *issuer, ScimJwtAlgorithm algorithm)
{
	Datum	   *names;
	int			n;

	deconstruct_array(issuer->algorithms, TEXTOID, -1, false, TYPALIGN_INT, &names, NULL, &n);
	for (int i = 0; i < n; i++)
		if (scim_jwt_algorithm(scim_slice(TextDatumGetCString(names[i]))) == algorithm)
			return true;
	return false;
}

/* Raises unless the token is one of this issuer's for this directory. */
static void
check_foreign(const ScimJwt *jwt, const Issuer *issuer)
{
	ScimSlice	audience = scim_slice(issuer->audience);
	ScimJwtRules rules = {
		.issuer = scim_jwt_text(jwt, "iss"), .naudiences = 1, .audiences = &audience,
		.skew = issuer->skew
	};

	if (!uses_algorithm(issuer, jwt->algorithm))
		refuse("the issuer does not use the token's algorithm");
	scim_jwt_check(jwt, &rules);
	if (jwt->algorithm != SCIM_JWT_HS256)
		scim_jwt_verify(jwt, scim_jwk_find(scim_jsonb_root(issuer->jwks), jwt));
	else if (issuer->key == NULL ||
			 !scim_jwt_matches_hmac(jwt, scim_slice_of(VARDATA_ANY(issuer->key),
													   VARSIZE_ANY_EXHDR(issuer->key))))
		refuse("the token's signature is wrong");
}

/* What check_one() is to check, for scim_try(). */
typedef struct Candidate
{
	const ScimJwt *jwt;
	const Issuer *issuer;
} Candidate;

static void
check_one(void *arg)
{
	Candidate  *candidate = arg;

	check_foreign(candidate->jwt, candidate->issuer);
}

/* The one directory that trusts the token; raises if there is none, or more than one. */
static const Issuer *
find_issuer(const ScimJwt *jwt)
{
	uint64		n;
	Issuer	   *issuers = read_issuers(jwt, &n);
	const Issuer *found = NULL;

	for (uint64 i = 0; i < n; i++)
	{
		Candidate	candidate = {jwt, &issuers[i]};
		char	   *reason;

		if (n == 1)
			check_foreign(jwt, &issuers[i]);
		else if (scim_try(check_one, &candidate, &reason) != SCIM_OK)
			continue;
		if (found != NULL)
			refuse("several issuers of that name take the token");
		found = &issuers[i];
	}
	if (found == NULL)
		refuse("no issuer takes the token");
	return found;
}

/* A token of a trusted issuer; raises if it is none. */
static void
read_foreign(const ScimJwt *jwt, ScimKnownToken *known, MemoryContext context)
{
	const Issuer *issuer = find_issuer(jwt);

	if (scim_query_fresh(&select_rights, (Datum[]) {
			Int32GetDatum(issuer->directory_id), UUIDPGetDatum(&issuer->id),
			JsonbPGetDatum(scim_jsonb_pack(unconstify(JsonbValue *, jwt->claims)))
		}, NULL) != 1)
		refuse("the issuer has gone");
	known->directory_id = issuer->directory_id;
	known->principal.credential_id = issuer->id;
	fill_principal(known, jwt, issuer->skew, context);
}

/* What read_token() reads, for scim_try(). */
typedef struct Reading
{
	ScimSlice	token;
	ScimKnownToken *known;
	MemoryContext context;
} Reading;

static void
read_token(void *arg)
{
	Reading    *reading = arg;
	ScimJwt		jwt;

	scim_connect_again();
	scim_jwt_parse(reading->token, &jwt);
	if (!is_own(&jwt, reading->known, reading->context))
		read_foreign(&jwt, reading->known, reading->context);
	scim_disconnect();
}

bool
scim_auth_jwt(ScimSlice token, ScimKnownToken *known, MemoryContext context)
{
	Reading		reading = {token, known, context};
	char	   *reason;

	if (scim_try(read_token, &reading, &reason) == SCIM_OK)
		return true;
	ereport(DEBUG1, (errmsg_internal("scim: a JWT is refused: %s", reason)));
	return false;
}
