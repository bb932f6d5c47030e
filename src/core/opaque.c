/*-------------------------------------------------------------------------
 *
 * opaque.c
 *	  Passwords before they are hashed: OpaqueString of RFC 8265 section 4.2.
 *
 *-------------------------------------------------------------------------
 */
#include "core/core.h"

#include "lib/stringinfo.h"
#include "mb/pg_wchar.h"

#include "core/fold.h"
#include "core/opaque.h"

/* Unicode's space separators (general category Zs) other than U+0020. */
static bool
is_blank(pg_wchar c)
{
	return c == 0xA0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200A) || c == 0x202F ||
		c == 0x205F || c == 0x3000;
}

/* Category Cc. */
static bool
is_control(pg_wchar c)
{
	return c < 0x20 || (c >= 0x7F && c < 0xA0);
}

bool
scim_opaque_string(ScimSlice text, ScimSlice *prepared)
{
	StringInfoData out;

	initStringInfo(&out);
	for (size_t i = 0; i < text.len;)
	{
		const unsigned char *at = (const unsigned char *) text.data + i;
		int			len = pg_utf_mblen(at);
		pg_wchar	c = utf8_to_unicode(at);

		if (is_control(c))
			return false;
		if (is_blank(c))
			appendStringInfoChar(&out, ' ');
		else
			appendBinaryStringInfo(&out, (const char *) at, len);
		i += len;
	}
	*prepared = scim_fold(scim_slice_of(out.data, out.len), SCIM_FOLD_EXACT);
	return prepared->len > 0;
}
