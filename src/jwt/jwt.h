/*-------------------------------------------------------------------------
 *
 * jwt.h
 *	  JSON Web Tokens (RFC 7515, 7517, 7519): reading, checking, signing.
 *
 * All cryptography is OpenSSL's.  Here is what goes wrong around it: which key and which
 * algorithm a token is checked with is the caller's word, never the token's.
 *
 *		scim_jwt_parse()	text to header, claims and signature; nothing of it is true yet
 *		scim_jwk_find()		the one key of a set that the token may have been signed with
 *		scim_jwt_verify()	was it signed with that key?
 *		scim_jwt_check()	issuer, audience, times
 *
 * Each raises UNAUTHORIZED, INVALID_SYNTAX for what is no JSON, or INVALID_VALUE for a key that cannot be used,
 * with a reason for tests and administrators; callers that answer strangers say less.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SCIM_JWT_H
#define SCIM_JWT_H

#include "postgres.h"

#include "datatype/timestamp.h"
#include "utils/jsonb.h"

#include "core/slice.h"

/* Longest token that is looked at; nginx passes header lines of 8 kB and more. */
#define SCIM_JWT_MAX_LEN 8192

typedef enum ScimJwtAlgorithm
{
	SCIM_JWT_NONE,				/* what is unknown, "none" included */
	SCIM_JWT_RS256,
	SCIM_JWT_PS256,
	SCIM_JWT_ES256,
	SCIM_JWT_EDDSA,
	SCIM_JWT_HS256
} ScimJwtAlgorithm;

typedef struct ScimJwt
{
	ScimSlice	signed_text;	/* header.payload */
	ScimSlice	signature;
	const JsonbValue *header;
	const JsonbValue *claims;
	ScimJwtAlgorithm algorithm; /* as the header says */
	ScimSlice	kid;			/* empty: none */
} ScimJwt;

/* What a token must say of itself. */
typedef struct ScimJwtRules
{
	ScimSlice	issuer;
	int			naudiences;		/* one of these */
	const ScimSlice *audiences;
	int			skew;			/* seconds that clocks may differ */
	const char *type;			/* the typ it must have; NULL: none, JWT or at+jwt */
} ScimJwtRules;

/* Does it look like one, rather than a token of ours? */
extern bool scim_jwt_is_one(ScimSlice text);

/*
 * Splits a token.  Refuses one that is too long, not in canonical form, names a member twice, has
 * critical headers or brings a key along.
 */
extern void scim_jwt_parse(ScimSlice text, ScimJwt *jwt);

/* An algorithm by its name in headers. */
extern ScimJwtAlgorithm scim_jwt_algorithm(ScimSlice name);

/* A claim that is a string; empty when it is absent or something else. */
extern ScimSlice scim_jwt_text(const ScimJwt *jwt, const char *claim);

/* A claim that is a time; false when it is absent or something else. */
extern bool scim_jwt_time(const ScimJwt *jwt, const char *claim, TimestampTz *time);

/*
 * The key of a set for this token: by kid, or without one the only key that fits the algorithm.
 */
extern const JsonbValue *scim_jwk_find(const JsonbValue *jwks, const ScimJwt *jwt);

/* Raises INVALID_VALUE unless each key of a set can be used. */
extern void scim_jwks_check(const JsonbValue *jwks);

/* Was the token signed with this public key (a JWK), of the type that its algorithm needs? */
extern void scim_jwt_verify(const ScimJwt *jwt, const JsonbValue *jwk);

/* Was it signed by HS256 with this key, which is shared with the issuer and of at least 32 bytes? */
extern bool scim_jwt_matches_hmac(const ScimJwt *jwt, ScimSlice key);

extern void scim_jwt_check(const ScimJwt *jwt, const ScimJwtRules *rules);

/* A signed token of these claims; the private key as scim_jwk_make() made it. */
extern char *scim_jwt_sign(ScimJwtAlgorithm algorithm, ScimSlice private_key, const char *kid,
						   const char *type, ScimSlice claims);

/* A new key for ES256 or EdDSA: DER of the private half, JWK of the public one. */
extern void scim_jwk_make(ScimJwtAlgorithm algorithm, bytea **private_key, JsonbValue **jwk);

#endif							/* SCIM_JWT_H */
