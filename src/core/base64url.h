/*-------------------------------------------------------------------------
 *
 * base64url.h
 *	  base64 in both alphabets (RFC 4648).
 *
 *-------------------------------------------------------------------------
 */
#ifndef SCIM_BASE64URL_H
#define SCIM_BASE64URL_H

#include "core/core.h"

/* base64url without padding of len bytes, palloc'd and NUL-terminated. */
extern char *scim_base64url_encode(const void *data, size_t len);

/* Strict base64url: no padding, blanks or line breaks, unused bits zero. */
extern bool scim_base64url_decode(ScimSlice text, char **data, size_t *len);

/*
 * Is text a SCIM binary value (RFC 7643 section 2.3.6)?  Either alphabet, not mixed;
 * padding right or missing; no blanks.  The empty string is one.
 */
extern bool scim_base64_is_valid(ScimSlice text);

#endif							/* SCIM_BASE64URL_H */
