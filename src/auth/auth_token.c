/*-------------------------------------------------------------------------
 *
 * auth_token.c
 *	  Bearer tokens: making, hashing, verifying.
 *
 * A backend remembers the credentials it has seen.  Whoever writes to scim.credential
 * makes every backend read them again (see schema_cache.c), so a revoked token is refused at
 * the next request on every connection; expiry is looked at each time.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/sha.h>

#include "catalog/pg_type.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/hsearch.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

#include "auth/auth_int.h"
#include "compat.h"
#include "core/token.h"
#include "util/plan.h"

static ScimStatement select_credential = {
	"SELECT c.hash, c.credential_id, c.label, c.scopes, c.expires_at, c.directory_id, c.subject_id"
	" FROM scim.credential c WHERE c.hash = $1 AND c.revoked_at IS NULL",
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

/* Is the scope among them? */
static bool
has_scope(ArrayType *scopes, const char *wanted)
{
	Datum	   *elements;
	int			n;

	deconstruct_array(scopes, TEXTOID, -1, false, TYPALIGN_INT, &elements, NULL, &n);
	for (int i = 0; i < n; i++)
		if (strcmp(TextDatumGetCString(elements[i]), wanted) == 0)
			return true;
	return false;
}

/* What is known of a token, by its hash. */
typedef struct KnownToken
{
	unsigned char hash[SHA256_DIGEST_LENGTH];	/* hash key */
	uint64		generation;		/* of the cache when it was read */
	int32		directory_id;
	ScimPrincipal principal;	/* without the directory */
} KnownToken;

#define MAX_KNOWN_TOKENS 4096

static MemoryContext known_context = NULL;
static HTAB *known_tokens = NULL;

/* Makes the table at first use, and anew when it is full. */
static void
make_room(void)
{
	HASHCTL		ctl = {.keysize = SHA256_DIGEST_LENGTH, .entrysize = sizeof(KnownToken)};

	if (known_tokens != NULL && hash_get_num_entries(known_tokens) < MAX_KNOWN_TOKENS)
		return;
	if (known_context != NULL)
		MemoryContextDelete(known_context);
	known_tokens = NULL;
	known_context = AllocSetContextCreate(CacheMemoryContext, "scim tokens", ALLOCSET_DEFAULT_SIZES);
	ctl.hcxt = known_context;
	known_tokens = hash_create("scim tokens", 64, &ctl, HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
}

/* Fills a known token from the row that was found. */
static void
read_row(KnownToken *known)
{
	ScimPrincipal *principal = &known->principal;
	ArrayType  *scopes = (ArrayType *) scim_varlena(0, 4, CurrentMemoryContext);
	bool		has_no_subject;
	Datum		subject = scim_column(0, 7, &has_no_subject);

	principal->credential_id = *DatumGetUUIDP(scim_value(0, 2));
	principal->label = scim_text(0, 3, known_context);
	principal->can_read = has_scope(scopes, "read");
	principal->can_write = has_scope(scopes, "write");
	principal->expires_at = DatumGetTimestampTz(scim_value(0, 5));
	principal->has_subject = !has_no_subject;
	if (principal->has_subject)
		principal->subject = *DatumGetUUIDP(subject);
	known->directory_id = DatumGetInt32(scim_value(0, 6));
}

/*
 * Reads a credential, with a fresh snapshot since the result is kept; NULL when there is none.  A
 * token that nobody has is not remembered: anybody could fill the table with those.
 */
static KnownToken *
read_credential(bytea *hash)
{
	KnownToken	fresh = {.generation = scim_cache_generation()};
	Datum		value = PointerGetDatum(hash);
	bytea	   *stored;
	KnownToken *known;

	if (scim_query_fresh(&select_credential, &value, NULL) != 1)
		return NULL;
	stored = (bytea *) scim_varlena(0, 1, CurrentMemoryContext);
	if (VARSIZE_ANY_EXHDR(stored) != SHA256_DIGEST_LENGTH ||
		CRYPTO_memcmp(VARDATA_ANY(stored), VARDATA(hash), SHA256_DIGEST_LENGTH) != 0)
		return NULL;
	make_room();
	read_row(&fresh);
	memcpy(fresh.hash, VARDATA(hash), SHA256_DIGEST_LENGTH);
	known = hash_search(known_tokens, fresh.hash, HASH_ENTER, NULL);
	*known = fresh;
	return known;
}

/* A credential from memory, or from its table if it may have changed since. */
static KnownToken *
find_credential(bytea *hash)
{
	KnownToken *known = known_tokens == NULL ? NULL :
		hash_search(known_tokens, VARDATA(hash), HASH_FIND, NULL);

	if (known != NULL && scim_cache_is_current(known->generation))
		return known;
	return read_credential(hash);
}

bool
scim_auth_token(ScimSlice token, ScimPrincipal *principal)
{
	KnownToken *known;

	if (!scim_token_is_wellformed(token))
		return false;
	known = find_credential(scim_token_hash(token));
	if (known == NULL || known->principal.expires_at <= GetCurrentTimestamp())
		return false;
	*principal = known->principal;
	principal->directory = scim_directory_by_id(known->directory_id);
	return principal->directory != NULL;
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
