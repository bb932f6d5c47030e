/*-------------------------------------------------------------------------
 *
 * opaque.h
 *	  Passwords before they are hashed: OpaqueString of RFC 8265 section 4.2.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SCIM_OPAQUE_H
#define SCIM_OPAQUE_H

#include "core/core.h"

/*
 * Prepares valid UTF-8: every blank becomes U+0020, then NFC; case stays.  False when text is
 * empty or holds a control character.
 */
extern bool scim_opaque_string(ScimSlice text, ScimSlice *prepared);

#endif							/* SCIM_OPAQUE_H */
