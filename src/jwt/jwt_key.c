/*-------------------------------------------------------------------------
 *
 * jwt_key.c
 *	  Keys: JWK and DER to OpenSSL's form, new ones, the right one of a set.
 *
 * A backend remembers keys in OpenSSL's form by the SHA-256 of what they were made from, so what is
 * remembered is never out of date.  Making one takes longer than checking a signature with it.
 *
 * A public key becomes an EVP_PKEY by its DER form, which OpenSSL 1.1.1 and 3 both read; other ways
 * exist in only one of them.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <openssl/ec.h>
#include <openssl/sha.h>
#include <openssl/x509.h>

#include "lib/stringinfo.h"
#include "utils/hsearch.h"
#include "utils/memutils.h"

#include "core/base64url.h"
#include "jwt/jwt_int.h"
#include "util/jsonb.h"
#include "util/throw.h"

#define MAX_KNOWN_KEYS 64
#define MIN_RSA_BITS 2048
#define MAX_RSA_BITS 8192
#define MAX_RSA_EXPONENT_BYTES 4

/* SubjectPublicKeyInfo of a key on P-256 up to its uncompressed point (RFC 5480). */
static const unsigned char p256_prefix[] = {
	0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a,
	0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00, 0x04
};

typedef struct KnownKey
{
	unsigned char hash[SHA256_DIGEST_LENGTH];	/* hash key */
	EVP_PKEY   *key;
} KnownKey;

static HTAB *known_keys = NULL;

static void
forget_keys(void)
{
	HASH_SEQ_STATUS all;
	KnownKey   *known;

	hash_seq_init(&all, known_keys);
	while ((known = hash_seq_search(&all)) != NULL)
		EVP_PKEY_free(known->key);
	hash_destroy(known_keys);
	known_keys = NULL;
}

/* Makes the table at first use, and anew when it is full. */
static void
make_room(void)
{
	HASHCTL		ctl = {.keysize = SHA256_DIGEST_LENGTH, .entrysize = sizeof(KnownKey),
	.hcxt = CacheMemoryContext};

	if (known_keys != NULL && hash_get_num_entries(known_keys) >= MAX_KNOWN_KEYS)
		forget_keys();
	if (known_keys == NULL)
		known_keys = hash_create("scim keys", MAX_KNOWN_KEYS, &ctl,
								 HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
}

/* The key made from this text; NULL if it is not known. */
static EVP_PKEY *
find_known(StringInfo text, unsigned char hash[SHA256_DIGEST_LENGTH])
{
	KnownKey   *known;

	SHA256((unsigned char *) text->data, text->len, hash);
	make_room();
	known = hash_search(known_keys, hash, HASH_FIND, NULL);
	return known == NULL ? NULL : known->key;
}

static EVP_PKEY *
remember(const unsigned char hash[SHA256_DIGEST_LENGTH], EVP_PKEY *key)
{
	bool		found;
	KnownKey   *known = hash_search(known_keys, hash, HASH_ENTER, &found);

	known->key = key;
	return key;
}

/* A member of a JWK that is binary (RFC 7518 section 2, Base64urlUInt and the like). */
static ScimSlice
binary_member(const JsonbValue *jwk, const char *name)
{
	const JsonbValue *value = scim_jsonb_get(jwk, scim_slice(name));
	char	   *data;
	size_t		len;

	if (value == NULL || value->type != jbvString ||
		!scim_base64url_decode(scim_jsonb_text(value), &data, &len))
		scim_raise(SCIM_E_INVALID_VALUE, "the key has no \"%s\"", name);
	return scim_slice_of(data, len);
}

static bool
member_is(const JsonbValue *jwk, const char *name, const char *text)
{
	const JsonbValue *value = scim_jsonb_get(jwk, scim_slice(name));

	return value != NULL && value->type == jbvString &&
		scim_slice_equal(scim_jsonb_text(value), scim_slice(text));
}

/* Appends tag and length of DER. */
static void
der_head(StringInfo out, int tag, size_t len)
{
	appendStringInfoChar(out, tag);
	if (len >= 256)
	{
		appendStringInfoChar(out, (char) 0x82);
		appendStringInfoChar(out, len >> 8);
	}
	else if (len >= 128)
		appendStringInfoChar(out, (char) 0x81);
	appendStringInfoChar(out, len & 0xff);
}

/* Appends a positive INTEGER of DER. */
static void
der_integer(StringInfo out, ScimSlice number)
{
	bool		needs_zero;

	while (number.len > 1 && number.data[0] == 0)
		number = scim_slice_of(number.data + 1, number.len - 1);
	needs_zero = number.len == 0 || (number.data[0] & 0x80) != 0;
	der_head(out, 0x02, number.len + needs_zero);
	if (needs_zero)
		appendStringInfoChar(out, 0);
	appendBinaryStringInfo(out, number.data, number.len);
}

/* RSAPublicKey of RFC 8017. */
static EVP_PKEY *
make_rsa(const JsonbValue *jwk)
{
	ScimSlice	modulus = binary_member(jwk, "n");
	ScimSlice	exponent = binary_member(jwk, "e");
	StringInfoData numbers;
	StringInfoData der;
	const unsigned char *at;
	EVP_PKEY   *key;
	int			bits;

	if (modulus.len > MAX_RSA_BITS / 8 + 1 || exponent.len > MAX_RSA_EXPONENT_BYTES)
		scim_raise(SCIM_E_INVALID_VALUE, "the key is too large");
	initStringInfo(&numbers);
	der_integer(&numbers, modulus);
	der_integer(&numbers, exponent);
	initStringInfo(&der);
	der_head(&der, 0x30, numbers.len);
	appendBinaryStringInfo(&der, numbers.data, numbers.len);
	at = (unsigned char *) der.data;
	key = d2i_PublicKey(EVP_PKEY_RSA, NULL, &at, der.len);
	bits = key == NULL ? 0 : EVP_PKEY_bits(key);
	if (bits >= MIN_RSA_BITS && bits <= MAX_RSA_BITS)
		return key;
	EVP_PKEY_free(key);
	return NULL;
}

static EVP_PKEY *
make_p256(const JsonbValue *jwk)
{
	ScimSlice	x = binary_member(jwk, "x");
	ScimSlice	y = binary_member(jwk, "y");
	StringInfoData der;
	const unsigned char *at;

	if (x.len != SCIM_JWT_COORDINATE_LEN || y.len != SCIM_JWT_COORDINATE_LEN)
		return NULL;
	initStringInfo(&der);
	appendBinaryStringInfo(&der, (const char *) p256_prefix, sizeof(p256_prefix));
	appendBinaryStringInfo(&der, x.data, x.len);
	appendBinaryStringInfo(&der, y.data, y.len);
	at = (unsigned char *) der.data;
	return d2i_PUBKEY(NULL, &at, der.len);
}

static EVP_PKEY *
make_ed25519(const JsonbValue *jwk)
{
	ScimSlice	x = binary_member(jwk, "x");

	return EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, (const unsigned char *) x.data, x.len);
}

/* Is the JWK of the type that the algorithm needs, and meant for signatures by it? */
static bool
fits(const JsonbValue *jwk, ScimJwtAlgorithm algorithm)
{
	const JsonbValue *own = scim_jsonb_get(jwk, scim_slice("alg"));
	const JsonbValue *use = scim_jsonb_get(jwk, scim_slice("use"));

	if (own != NULL && (own->type != jbvString || scim_jwt_algorithm(scim_jsonb_text(own)) != algorithm))
		return false;
	if (use != NULL && !member_is(jwk, "use", "sig"))
		return false;
	switch (algorithm)
	{
		case SCIM_JWT_RS256:
		case SCIM_JWT_PS256:
			return member_is(jwk, "kty", "RSA");
		case SCIM_JWT_ES256:
			return member_is(jwk, "kty", "EC") && member_is(jwk, "crv", "P-256");
		case SCIM_JWT_EDDSA:
			return member_is(jwk, "kty", "OKP") && member_is(jwk, "crv", "Ed25519");
		case SCIM_JWT_HS256:
		case SCIM_JWT_NONE:
			break;
	}
	return false;
}

static EVP_PKEY *
make_key(const JsonbValue *jwk)
{
	if (member_is(jwk, "kty", "RSA"))
		return make_rsa(jwk);
	if (member_is(jwk, "kty", "EC"))
		return make_p256(jwk);
	return make_ed25519(jwk);
}

EVP_PKEY *
scim_key_of_jwk(const JsonbValue *jwk, ScimJwtAlgorithm algorithm)
{
	unsigned char hash[SHA256_DIGEST_LENGTH];
	StringInfoData text;
	EVP_PKEY   *key;

	if (!fits(jwk, algorithm))
		scim_raise(SCIM_E_UNAUTHORIZED, "the key is not for the token's algorithm");
	initStringInfo(&text);
	scim_jsonb_write(&text, jwk);
	key = find_known(&text, hash);
	if (key != NULL)
		return key;
	key = make_key(jwk);
	if (key == NULL)
		scim_raise(SCIM_E_INVALID_VALUE, "the key is not one that OpenSSL takes");
	return remember(hash, key);
}

EVP_PKEY *
scim_key_of_der(ScimSlice der)
{
	unsigned char hash[SHA256_DIGEST_LENGTH];
	StringInfoData text;
	const unsigned char *at = (const unsigned char *) der.data;
	EVP_PKEY   *key;

	initStringInfo(&text);
	appendBinaryStringInfo(&text, der.data, der.len);
	key = find_known(&text, hash);
	if (key == NULL)
	{
		key = d2i_AutoPrivateKey(NULL, &at, der.len);
		if (key == NULL)
			ereport(ERROR, (errcode(ERRCODE_DATA_CORRUPTED), errmsg("a signing key cannot be read")));
		(void) remember(hash, key);
	}
	explicit_bzero(text.data, text.len);
	return key;
}

/* The keys of a set; raises INVALID_VALUE for what is none. */
static const JsonbValue *
open_set(const JsonbValue *jwks)
{
	const JsonbValue *keys = jwks == NULL || !scim_jsonb_is_object(jwks) ? NULL :
		scim_jsonb_get(jwks, scim_slice("keys"));

	if (keys == NULL || !scim_jsonb_is_array(keys))
		scim_raise(SCIM_E_INVALID_VALUE, "a key set is an object with a list \"keys\"");
	return scim_jsonb_open(keys);
}

const JsonbValue *
scim_jwk_find(const JsonbValue *jwks, const ScimJwt *jwt)
{
	const JsonbValue *keys = open_set(jwks);
	const JsonbValue *found = NULL;

	for (int i = 0; i < keys->val.array.nElems; i++)
	{
		const JsonbValue *jwk = &keys->val.array.elems[i];
		const JsonbValue *kid = scim_jsonb_is_object(jwk) ? scim_jsonb_get(jwk, scim_slice("kid")) : NULL;

		if (!scim_jsonb_is_object(jwk) || !fits(jwk, jwt->algorithm))
			continue;
		if (jwt->kid.len > 0 && (kid == NULL || kid->type != jbvString ||
								 !scim_slice_equal(scim_jsonb_text(kid), jwt->kid)))
			continue;
		if (found != NULL)
			scim_raise(SCIM_E_UNAUTHORIZED, "several keys could be the token's");
		found = jwk;
	}
	if (found == NULL)
		scim_raise(SCIM_E_UNAUTHORIZED, "no key of the issuer is the token's");
	return found;
}

/* The algorithm that a JWK can be tried with; key sets may hold others, which are left alone. */
static ScimJwtAlgorithm
usual_algorithm(const JsonbValue *jwk)
{
	static const ScimJwtAlgorithm all[] = {SCIM_JWT_RS256, SCIM_JWT_PS256, SCIM_JWT_ES256, SCIM_JWT_EDDSA};

	for (size_t i = 0; i < lengthof(all); i++)
		if (fits(jwk, all[i]))
			return all[i];
	return SCIM_JWT_NONE;
}

void
scim_jwks_check(const JsonbValue *jwks)
{
	const JsonbValue *keys = open_set(jwks);

	for (int i = 0; i < keys->val.array.nElems; i++)
	{
		const JsonbValue *jwk = &keys->val.array.elems[i];
		ScimJwtAlgorithm algorithm;

		if (!scim_jsonb_is_object(jwk))
			scim_raise(SCIM_E_INVALID_VALUE, "a key of the set is no object");
		if (scim_jsonb_get(jwk, scim_slice("d")) != NULL || scim_jsonb_get(jwk, scim_slice("k")) != NULL)
			scim_raise(SCIM_E_INVALID_VALUE, "a key of the set is private; give the public ones");
		algorithm = usual_algorithm(jwk);
		if (algorithm != SCIM_JWT_NONE)
			(void) scim_key_of_jwk(jwk, algorithm);
	}
}

static EVP_PKEY *
generate(ScimJwtAlgorithm algorithm)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_id(algorithm == SCIM_JWT_ES256 ? EVP_PKEY_EC : EVP_PKEY_ED25519,
											NULL);
	EVP_PKEY   *key = NULL;

	if (ctx != NULL && EVP_PKEY_keygen_init(ctx) > 0 &&
		(algorithm != SCIM_JWT_ES256 ||
		 EVP_PKEY_CTX_set_ec_paramgen_curve_nid(ctx, NID_X9_62_prime256v1) > 0))
		(void) EVP_PKEY_keygen(ctx, &key);
	EVP_PKEY_CTX_free(ctx);
	if (key == NULL)
		ereport(ERROR, (errcode(ERRCODE_INTERNAL_ERROR), errmsg("could not make a signing key")));
	return key;
}

static void
put_text(JsonbValue *object, const char *name, const char *text)
{
	scim_jsonb_put(object, scim_slice(name), scim_jsonb_new_string(scim_slice(text)));
}

/* The public half; the coordinates are the end of its SubjectPublicKeyInfo. */
static JsonbValue *
public_jwk(ScimJwtAlgorithm algorithm, const unsigned char *spki, int len)
{
	JsonbValue *jwk = scim_jsonb_new_object();
	const unsigned char *last = spki + len - SCIM_JWT_COORDINATE_LEN;

	put_text(jwk, "use", "sig");
	if (algorithm == SCIM_JWT_EDDSA)
	{
		put_text(jwk, "kty", "OKP");
		put_text(jwk, "crv", "Ed25519");
		put_text(jwk, "alg", "EdDSA");
		put_text(jwk, "x", scim_base64url_encode(last, SCIM_JWT_COORDINATE_LEN));
		return jwk;
	}
	put_text(jwk, "kty", "EC");
	put_text(jwk, "crv", "P-256");
	put_text(jwk, "alg", "ES256");
	put_text(jwk, "x", scim_base64url_encode(last - SCIM_JWT_COORDINATE_LEN, SCIM_JWT_COORDINATE_LEN));
	put_text(jwk, "y", scim_base64url_encode(last, SCIM_JWT_COORDINATE_LEN));
	return jwk;
}

void
scim_jwk_make(ScimJwtAlgorithm algorithm, bytea **private_key, JsonbValue **jwk)
{
	EVP_PKEY   *key = generate(algorithm);
	unsigned char *der = NULL;
	unsigned char *spki = NULL;
	int			der_len = i2d_PrivateKey(key, &der);
	int			spki_len = i2d_PUBKEY(key, &spki);

	EVP_PKEY_free(key);
	if (der_len <= 0 || spki_len < SCIM_JWT_COORDINATE_LEN)
		ereport(ERROR, (errcode(ERRCODE_INTERNAL_ERROR), errmsg("could not write a signing key")));
	*private_key = palloc(VARHDRSZ + der_len);
	SET_VARSIZE(*private_key, VARHDRSZ + der_len);
	memcpy(VARDATA(*private_key), der, der_len);
	*jwk = public_jwk(algorithm, spki, spki_len);
	OPENSSL_clear_free(der, der_len);
	OPENSSL_free(spki);
}
