/*-------------------------------------------------------------------------
 *
 * token.h
 *	  The written form of a bearer token.
 *
 *		scim_ 43 characters of base62, 256 random bits   6 characters of CRC-32C
 *
 * Prefix and checksum let secret scanners find a leaked token and let the server
 * refuse a mistyped one before it looks anything up.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SCIM_TOKEN_H
#define SCIM_TOKEN_H

#include "core/core.h"

#define SCIM_TOKEN_RANDOM_LEN 43
#define SCIM_TOKEN_PREFIX "scim_"
#define SCIM_TOKEN_LEN (5 + SCIM_TOKEN_RANDOM_LEN + 6)

/* Fills out (and a NUL) from 43 values, each 0..61. */
extern void scim_token_format(const uint8 digits[SCIM_TOKEN_RANDOM_LEN],
							  char out[SCIM_TOKEN_LEN + 1]);

/* Right length, prefix, alphabet and checksum? */
extern bool scim_token_is_wellformed(ScimSlice text);

#endif							/* SCIM_TOKEN_H */
