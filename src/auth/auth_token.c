/*-------------------------------------------------------------------------
 *
 * auth_token.c
 *	  Bearer tokens: making, hashing, verifying.
 *
 * A backend remembers the tokens it has seen, signed ones too.  A write that could end one makes every
 * backend look again (sql/32_directory_cache.sql, schema_cache.c), so a revoked token is refused at
 * the next request on every connection; expiry is looked at each time.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/hsearch.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

#include "auth/auth_int.h"
#include "compat.h"
#include "core/token.h"
#include "jwt/jwt.h"
#include "util/plan.h"

static ScimStatement select_credential = {
	"SELECT c.hash, c.credential_id, c.label, c.scopes, c.expires_at, c.directory_id, c.subject_id, c.networks"
	" FROM scim.credential c WHERE c.hash = $1 AND c.revoked_at IS NULL AND c.disabled_at IS NULL",
	1, {BYTEAOID}
};

bytea *
scim_token_hash(ScimSlice token)
{
	static const EVP_MD *sha256 = NULL;
	bytea	   *hash = palloc(VARHDRSZ + SHA256_DIGEST_LENGTH);

	/* fetched once: a look-up by name costs more than the digest */
	if (sha256 == NULL)
		sha256 = scim_fetch_sha256();
	SET_VARSIZE(hash, VARHDRSZ + SHA256_DIGEST_LENGTH);
	if (sha256 == NULL ||
		!EVP_Digest(token.data, token.len, (unsigned char *) VARDATA(hash), NULL, sha256, NULL))
		ereport(ERROR, (errcode(ERRCODE_INTERNAL_ERROR), errmsg("could not compute SHA-256")));
	return hash;
}

/* A random number from 0 to 61, each equally likely. */
static uint8
random_digit(void)
{
	uint8		byte;

	do
	{
		if (!pg_strong_random(&byte, 1))
			ereport(ERROR, (errcode(ERRCODE_INTERNAL_ERROR),
							errmsg("could not get random values")));
	} while (byte >= 4 * 62);
	return byte % 62;
}

text *
scim_token_make(void)
{
	uint8		digits[SCIM_TOKEN_RANDOM_LEN];
	char		token[SCIM_TOKEN_LEN + 1];
	text	   *result;

	for (int i = 0; i < SCIM_TOKEN_RANDOM_LEN; i++)
		digits[i] = random_digit();
	scim_token_format(digits, token);
	result = cstring_to_text_with_len(token, SCIM_TOKEN_LEN);
	explicit_bzero(digits, sizeof(digits));
	explicit_bzero(token, sizeof(token));
	return result;
}

#define MAX_KNOWN_TOKENS 4096

static MemoryContext known_context = NULL;
static HTAB *known_tokens = NULL;
static int	reads = 0;			/* into the table: what is read anew leaves its strings behind */

/*
 * Makes the table at first use, and anew when it has taken enough.  The old one lives on to the end of the
 * transaction, for those further up the stack.
 */
static void
make_room(void)
{
	HASHCTL		ctl = {.keysize = SHA256_DIGEST_LENGTH, .entrysize = sizeof(ScimKnownToken)};

	if (known_tokens != NULL && reads < MAX_KNOWN_TOKENS)
		return;
	if (known_context != NULL)
		MemoryContextSetParent(known_context, TopTransactionContext);
	known_tokens = NULL;
	known_context = AllocSetContextCreate(CacheMemoryContext, "scim tokens", ALLOCSET_DEFAULT_SIZES);
	ctl.hcxt = known_context;
	known_tokens = hash_create("scim tokens", 64, &ctl, HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
	reads = 0;
}

/* Fills a known token from the row that was found. */
static void
read_row(ScimKnownToken *known)
{
	ScimPrincipal *principal = &known->principal;
	ArrayType  *rights = (ArrayType *) scim_varlena(0, 4, CurrentMemoryContext);
	ArrayType  *networks = (ArrayType *) scim_varlena(0, 8, CurrentMemoryContext);
	bool		has_no_subject;
	Datum		subject = scim_column(0, 7, &has_no_subject);

	principal->credential_id = *DatumGetUUIDP(scim_value(0, 2));
	principal->label = scim_text(0, 3, known_context);
	principal->expires_at = DatumGetTimestampTz(scim_value(0, 5));
	principal->has_subject = !has_no_subject;
	if (principal->has_subject)
		principal->subject = *DatumGetUUIDP(subject);
	known->directory_id = DatumGetInt32(scim_value(0, 6));
	scim_principal_fill(principal, rights, networks, known_context);
}

/* Reads the row of a token, with a fresh snapshot since the result is kept; false when there is none. */
static bool
read_credential(bytea *hash, ScimKnownToken *known)
{
	Datum		value = PointerGetDatum(hash);
	bytea	   *stored;

	if (scim_query_fresh(&select_credential, &value, NULL) != 1)
		return false;
	stored = (bytea *) scim_varlena(0, 1, CurrentMemoryContext);
	if (VARSIZE_ANY_EXHDR(stored) != SHA256_DIGEST_LENGTH ||
		CRYPTO_memcmp(VARDATA_ANY(stored), VARDATA(hash), SHA256_DIGEST_LENGTH) != 0)
		return false;
	read_row(known);
	return true;
}

/*
 * A token from memory, or looked up if it may have changed since.  One that nobody has is not
 * remembered: anybody could fill the table with those.
 */
static const ScimKnownToken *
find_token(ScimSlice token)
{
	bytea	   *hash = scim_token_hash(token);
	ScimKnownToken *known = known_tokens == NULL ? NULL :
		hash_search(known_tokens, VARDATA(hash), HASH_FIND, NULL);
	ScimKnownToken fresh = {.directory_id = 0};

	if (known != NULL && scim_cache_is_current(known->generation))
		return known;
	fresh.generation = scim_cache_generation();
	make_room();
	if (scim_jwt_is_one(token) ? !scim_auth_jwt(token, &fresh, known_context) :
		!read_credential(hash, &fresh))
		return NULL;
	memcpy(fresh.hash, VARDATA(hash), SHA256_DIGEST_LENGTH);
	known = hash_search(known_tokens, fresh.hash, HASH_ENTER, NULL);
	*known = fresh;
	reads++;
	return known;
}

bool
scim_auth_token(ScimSlice token, ScimSlice peer, ScimPrincipal *principal)
{
	const ScimKnownToken *known;

	if (!scim_token_is_wellformed(token) && !scim_jwt_is_one(token))
		return false;
	known = find_token(token);
	if (known == NULL || known->principal.expires_at <= GetCurrentTimestamp() ||
		!scim_principal_is_near(&known->principal, peer))
		return false;
	*principal = known->principal;
	principal->directory = scim_directory_by_id(known->directory_id);
	if (principal->directory == NULL)
		return false;
	scim_note_use(&principal->credential_id);
	return true;
}

ScimSlice
scim_auth_bearer(ScimSlice field)
{
	static const char scheme[] = "bearer ";
	size_t		len = sizeof(scheme) - 1;

	if (field.len <= len || pg_strncasecmp(field.data, scheme, len) != 0)
		return scim_slice("");
	while (len < field.len && field.data[len] == ' ')
		len++;
	return scim_slice_of(field.data + len, field.len - len);
}
