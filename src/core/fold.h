/*-------------------------------------------------------------------------
 *
 * fold.h
 *	  The one way two strings are compared.
 *
 * exact: NFC.  folded: NFC, then Unicode simple case folding, then NFC.  ident: as
 * folded, with full-width and half-width forms mapped first (RFC 8265
 * UsernameCaseMapped): for attributes that are unique and not case-exact.
 * Keys compare by bytes, which for UTF-8 is code point order.  Independent of the
 * database's locale.  Characters newer than SCIM_UNICODE_VERSION and runs of more than
 * 63 combining marks are not normalized.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SCIM_FOLD_H
#define SCIM_FOLD_H

#include "core/core.h"

#define SCIM_UNICODE_VERSION "14.0"

typedef enum ScimFoldKind
{
	SCIM_FOLD_EXACT,
	SCIM_FOLD_CASE,
	SCIM_FOLD_IDENT
} ScimFoldKind;

/*
 * The comparison key of valid UTF-8 text without NUL.  ASCII that needs no change is
 * returned as the slice that came in; everything else is palloc'd.
 */
extern ScimSlice scim_fold(ScimSlice text, ScimFoldKind kind);

/* Negative, zero or positive, by bytes. */
extern int	scim_key_compare(ScimSlice a, ScimSlice b);

#endif							/* SCIM_FOLD_H */
