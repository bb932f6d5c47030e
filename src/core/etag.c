/*-------------------------------------------------------------------------
 *
 * etag.c
 *	  Entity tags of resource versions (RFC 9110 sections 8.8.3 and 13.1).
 *
 *		field = "*" | [tag] *("," [tag])
 *		tag   = ["W/"] (DQUOTE opaque DQUOTE | bare)
 *
 *-------------------------------------------------------------------------
 */
#include "core/core.h"

#include "core/etag.h"

void
scim_etag_print(int64 version, char buf[SCIM_ETAG_SIZE])
{
	snprintf(buf, SCIM_ETAG_SIZE, "W/\"" INT64_FORMAT "\"", version);
}

/* May c stand between the quotes? */
static bool
is_opaque_char(unsigned char c)
{
	return c > ' ' && c != '"' && c != 0x7F;
}

/* May c stand in a tag without quotes?  Nothing that has a meaning in the field. */
static bool
is_bare_char(unsigned char c)
{
	return is_opaque_char(c) && c != ',' && c != '*';
}

static size_t
skip_blanks(ScimSlice field, size_t pos)
{
	while (pos < field.len && (field.data[pos] == ' ' || field.data[pos] == '\t'))
		pos++;
	return pos;
}

/* Reads the tag at *pos and moves *pos behind it; false when there is none. */
static bool
read_tag(ScimSlice field, size_t *pos, ScimSlice *opaque)
{
	size_t		start = *pos;
	size_t		end;
	bool		quoted;

	if (field.len - start >= 2 && memcmp(field.data + start, "W/", 2) == 0)
		start += 2;
	quoted = start < field.len && field.data[start] == '"';
	if (quoted)
		start++;
	for (end = start; end < field.len; end++)
	{
		unsigned char c = (unsigned char) field.data[end];

		if (quoted ? !is_opaque_char(c) : !is_bare_char(c))
			break;
	}
	*opaque = scim_slice_of(field.data + start, end - start);
	*pos = quoted ? end + 1 : end;
	return quoted ? end < field.len && field.data[end] == '"' : end > start;
}

/* The whole list is read even behind a match: half a list is no precondition. */
ScimEtagMatch
scim_etag_match(ScimSlice field, int64 version)
{
	char		text[SCIM_ETAG_SIZE];
	ScimEtagMatch match = SCIM_ETAG_MALFORMED;
	size_t		pos = skip_blanks(field, 0);

	if (pos < field.len && field.data[pos] == '*')
		return skip_blanks(field, pos + 1) == field.len ? SCIM_ETAG_MATCH : SCIM_ETAG_MALFORMED;

	snprintf(text, sizeof(text), INT64_FORMAT, version);
	while (pos < field.len)
	{
		if (field.data[pos] != ',')
		{
			ScimSlice	opaque;

			if (!read_tag(field, &pos, &opaque))
				return SCIM_ETAG_MALFORMED;
			if (scim_slice_equal(opaque, scim_slice(text)))
				match = SCIM_ETAG_MATCH;
			else if (match == SCIM_ETAG_MALFORMED)
				match = SCIM_ETAG_NO_MATCH;
			pos = skip_blanks(field, pos);
			if (pos < field.len && field.data[pos] != ',')
				return SCIM_ETAG_MALFORMED;
		}
		pos = skip_blanks(field, pos + 1);
	}
	return match;
}
