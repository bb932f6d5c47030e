/*-------------------------------------------------------------------------
 *
 * fuzz_etag.c
 *	  Entity tags: a list that is well-formed stays so with one more tag, and matches it.
 *
 *-------------------------------------------------------------------------
 */
#include "fuzz.h"

#include "lib/stringinfo.h"

#include "core/etag.h"
#include "core/token.h"

/* The result for input, separator and the tag of version. */
static ScimEtagMatch
match_with_tag(ScimSlice input, const char *separator, int64 version)
{
	StringInfoData text;
	char		tag[SCIM_ETAG_SIZE];

	scim_etag_print(version, tag);
	initStringInfo(&text);
	appendBinaryStringInfo(&text, input.data, (int) input.len);
	appendStringInfo(&text, "%s%s", separator, tag);
	return scim_etag_match(scim_slice_of(text.data, (size_t) text.len), version);
}

void
fuzz(ScimSlice input)
{
	int64		version = (int64) input.len;
	ScimEtagMatch match = scim_etag_match(input, version);
	bool		star = input.len > 0 && memchr(input.data, '*', input.len) != NULL;

	if (match != SCIM_ETAG_MALFORMED && !star)
		HOLDS(match_with_tag(input, ",", version + 1) == SCIM_ETAG_MATCH);
	if (match == SCIM_ETAG_NO_MATCH)
		HOLDS(match_with_tag(input, " , ", version) == SCIM_ETAG_MATCH);
	scim_token_is_wellformed(input);
}
