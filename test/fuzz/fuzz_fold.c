/*-------------------------------------------------------------------------
 *
 * fuzz_fold.c
 *	  Comparison keys: a key is its own key, and composing first changes nothing.
 *
 *-------------------------------------------------------------------------
 */
#include "fuzz.h"

#include "core/fold.h"
#include "core/uri.h"

void
fuzz(ScimSlice input)
{
	if (!scim_utf8_is_valid(input))
		return;
	for (ScimFoldKind kind = SCIM_FOLD_EXACT; kind <= SCIM_FOLD_IDENT; kind++)
	{
		ScimSlice	key = scim_fold(input, kind);

		HOLDS(scim_utf8_is_valid(key));
		HOLDS(scim_key_compare(scim_fold(key, kind), key) == 0);
		HOLDS((key.len == 0) == (input.len == 0));
	}
	HOLDS(scim_slice_equal(scim_fold(scim_fold(input, SCIM_FOLD_EXACT), SCIM_FOLD_CASE),
						   scim_fold(input, SCIM_FOLD_CASE)));
}
