/*-------------------------------------------------------------------------
 *
 * jwt_int.h
 *	  Shared by the files of jwt/.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SCIM_JWT_INT_H
#define SCIM_JWT_INT_H

#include <openssl/evp.h>

#include "jwt/jwt.h"

/* Bytes of a signature by ES256 and EdDSA, and of half a one. */
#define SCIM_JWT_SIGNATURE_LEN 64
#define SCIM_JWT_COORDINATE_LEN 32

/*
 * OpenSSL's form of a public JWK or of a private key in DER, from this backend's memory if it is
 * there; it stays good until the next call.
 */
extern EVP_PKEY *scim_key_of_jwk(const JsonbValue *jwk, ScimJwtAlgorithm algorithm);
extern EVP_PKEY *scim_key_of_der(ScimSlice der);

#endif							/* SCIM_JWT_INT_H */
