/*-------------------------------------------------------------------------
 *
 * fuzz_target.c
 *	  Request targets: segments encode and decode to themselves.
 *
 *-------------------------------------------------------------------------
 */
#include "fuzz.h"

#include "core/uri.h"

/* Does a decoded segment survive being encoded? */
static void
check_segment(ScimSlice segment)
{
	ScimSlice	encoded = scim_slice(scim_uri_encode_segment(segment));
	ScimSlice	decoded;

	HOLDS(scim_utf8_is_valid(segment));
	HOLDS(scim_uri_is_valid(encoded));
	HOLDS(scim_percent_decode(encoded, false, &decoded));
	HOLDS(scim_slice_equal(segment, decoded));
}

void
fuzz(ScimSlice input)
{
	ScimTarget	target;
	ScimError	err;

	scim_uri_is_valid(input);
	if (!scim_target_parse(input, &target, &err))
	{
		HOLDS(is_proper_failure(&err, SCIM_E_BAD_REQUEST, input));
		return;
	}
	HOLDS(target.path.len > 0 && target.path.data[0] == '/');
	HOLDS(is_within(target.query, input));
	for (int i = 0; i < target.nsegments; i++)
	{
		HOLDS(target.ends[i] > (i == 0 ? 0 : target.ends[i - 1]));
		HOLDS(target.ends[i] == target.path.len || target.path.data[target.ends[i]] == '/');
		check_segment(target.segments[i]);
	}
}
