/*-------------------------------------------------------------------------
 *
 * fuzz_base64url.c
 *	  base64url: each text means one value and each value has one text.
 *
 *-------------------------------------------------------------------------
 */
#include "fuzz.h"

#include "core/base64url.h"

void
fuzz(ScimSlice input)
{
	ScimSlice	encoded = scim_slice(scim_base64url_encode(input.data, input.len));
	char	   *data;
	size_t		len;

	HOLDS(scim_base64_is_valid(encoded));
	HOLDS(scim_base64url_decode(encoded, &data, &len));
	HOLDS(scim_slice_equal(scim_slice_of(data, len), input));

	if (scim_base64url_decode(input, &data, &len))
	{
		HOLDS(scim_base64_is_valid(input));
		HOLDS(scim_slice_equal(scim_slice(scim_base64url_encode(data, len)), input));
	}
	scim_base64_is_valid(input);
}
