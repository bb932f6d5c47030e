/*-------------------------------------------------------------------------
 *
 * jwt_sign.c
 *	  Signatures (RFC 7518 section 3, RFC 8037): made and checked by OpenSSL.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/hmac.h>
#include <openssl/rsa.h>

#include "lib/stringinfo.h"

#include "core/base64url.h"
#include "jwt/jwt_int.h"
#include "util/jsonb.h"
#include "util/throw.h"

/* Shorter keys are refused for HS256 (RFC 7518 section 3.2). */
#define MIN_HMAC_KEY 32

/*
 * JOSE writes an ECDSA signature as two numbers of 32 bytes, OpenSSL wants DER.  Sets *der, to be
 * freed by OPENSSL_free(); its length, 0 if it cannot be one.
 */
static int
signature_to_der(ScimSlice signature, unsigned char **der)
{
	const unsigned char *bytes = (const unsigned char *) signature.data;
	ECDSA_SIG  *sig;
	BIGNUM	   *r;
	BIGNUM	   *s;
	int			len = 0;

	if (signature.len != SCIM_JWT_SIGNATURE_LEN)
		return 0;
	sig = ECDSA_SIG_new();
	r = BN_bin2bn(bytes, SCIM_JWT_COORDINATE_LEN, NULL);
	s = BN_bin2bn(bytes + SCIM_JWT_COORDINATE_LEN, SCIM_JWT_COORDINATE_LEN, NULL);
	if (sig != NULL && r != NULL && s != NULL && ECDSA_SIG_set0(sig, r, s))
		len = i2d_ECDSA_SIG(sig, der);
	else
	{
		BN_free(r);
		BN_free(s);
	}
	ECDSA_SIG_free(sig);
	return Max(len, 0);
}

/* The other way round; false if it cannot be done. */
static bool
signature_from_der(const unsigned char *der, size_t len, unsigned char out[SCIM_JWT_SIGNATURE_LEN])
{
	ECDSA_SIG  *sig = d2i_ECDSA_SIG(NULL, &der, len);
	bool		done = sig != NULL &&
		BN_bn2binpad(ECDSA_SIG_get0_r(sig), out, SCIM_JWT_COORDINATE_LEN) > 0 &&
		BN_bn2binpad(ECDSA_SIG_get0_s(sig), out + SCIM_JWT_COORDINATE_LEN, SCIM_JWT_COORDINATE_LEN) > 0;

	ECDSA_SIG_free(sig);
	return done;
}

/* EdDSA hashes by itself, all others take SHA-256. */
static const EVP_MD *
digest_of(ScimJwtAlgorithm algorithm)
{
	return algorithm == SCIM_JWT_EDDSA ? NULL : EVP_sha256();
}

/* Has the key signed the text? */
static bool
has_signed(EVP_PKEY *key, ScimJwtAlgorithm algorithm, ScimSlice text, const unsigned char *signature,
		   size_t len)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	EVP_PKEY_CTX *options = NULL;
	bool		ok = ctx != NULL &&
		EVP_DigestVerifyInit(ctx, &options, digest_of(algorithm), NULL, key) > 0;

	if (ok && algorithm == SCIM_JWT_PS256)
		ok = EVP_PKEY_CTX_set_rsa_padding(options, RSA_PKCS1_PSS_PADDING) > 0 &&
			EVP_PKEY_CTX_set_rsa_pss_saltlen(options, RSA_PSS_SALTLEN_DIGEST) > 0;
	ok = ok && EVP_DigestVerify(ctx, signature, len, (const unsigned char *) text.data, text.len) == 1;
	EVP_MD_CTX_free(ctx);
	ERR_clear_error();
	return ok;
}

void
scim_jwt_verify(const ScimJwt *jwt, const JsonbValue *jwk)
{
	EVP_PKEY   *key = scim_key_of_jwk(jwk, jwt->algorithm);
	unsigned char *der = NULL;
	bool		ok;

	if (jwt->algorithm == SCIM_JWT_ES256)
	{
		int			len = signature_to_der(jwt->signature, &der);

		ok = len > 0 && has_signed(key, jwt->algorithm, jwt->signed_text, der, len);
		OPENSSL_free(der);
	}
	else
		ok = has_signed(key, jwt->algorithm, jwt->signed_text,
						(const unsigned char *) jwt->signature.data, jwt->signature.len);
	if (!ok)
		scim_raise(SCIM_E_UNAUTHORIZED, "the token's signature is wrong");
}

bool
scim_jwt_matches_hmac(const ScimJwt *jwt, ScimSlice key)
{
	unsigned char mac[EVP_MAX_MD_SIZE];
	unsigned int len = 0;

	if (jwt->algorithm != SCIM_JWT_HS256 || key.len < MIN_HMAC_KEY)
		return false;
	if (HMAC(EVP_sha256(), key.data, key.len, (const unsigned char *) jwt->signed_text.data,
			 jwt->signed_text.len, mac, &len) == NULL)
		ereport(ERROR, (errcode(ERRCODE_INTERNAL_ERROR), errmsg("could not compute an HMAC")));
	return jwt->signature.len == len && CRYPTO_memcmp(mac, jwt->signature.data, len) == 0;
}

/* The signature in JOSE's form; its length, 0 if it cannot be made. */
static size_t
make_signature(EVP_PKEY *key, ScimJwtAlgorithm algorithm, ScimSlice text,
			   unsigned char out[SCIM_JWT_SIGNATURE_LEN])
{
	unsigned char made[2 * SCIM_JWT_SIGNATURE_LEN];
	size_t		len = sizeof(made);
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	bool		ok = ctx != NULL &&
		EVP_DigestSignInit(ctx, NULL, digest_of(algorithm), NULL, key) > 0 &&
		EVP_DigestSign(ctx, made, &len, (const unsigned char *) text.data, text.len) > 0;

	EVP_MD_CTX_free(ctx);
	if (ok && algorithm == SCIM_JWT_ES256)
		ok = signature_from_der(made, len, out);
	else if (ok)
		memcpy(out, made, SCIM_JWT_SIGNATURE_LEN);
	ERR_clear_error();
	return ok ? SCIM_JWT_SIGNATURE_LEN : 0;
}

char *
scim_jwt_sign(ScimJwtAlgorithm algorithm, ScimSlice private_key, const char *kid, const char *type,
			  ScimSlice claims)
{
	unsigned char signature[SCIM_JWT_SIGNATURE_LEN];
	char	   *header = psprintf("{\"alg\":\"%s\",\"typ\":\"%s\",\"kid\":\"%s\"}",
								  algorithm == SCIM_JWT_ES256 ? "ES256" : "EdDSA", type, kid);
	char	   *text = psprintf("%s.%s", scim_base64url_encode(header, strlen(header)),
								scim_base64url_encode(claims.data, claims.len));

	if (make_signature(scim_key_of_der(private_key), algorithm, scim_slice(text), signature) == 0)
		ereport(ERROR, (errcode(ERRCODE_INTERNAL_ERROR), errmsg("could not sign a token")));
	return psprintf("%s.%s", text, scim_base64url_encode(signature, SCIM_JWT_SIGNATURE_LEN));
}
