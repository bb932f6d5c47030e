/*-------------------------------------------------------------------------
 *
 * slice.c
 *	  What slices need beyond the inline functions of slice.h.
 *
 *-------------------------------------------------------------------------
 */
#include "core/core.h"

#include "mb/pg_wchar.h"

/*
 * Byte by byte, as pg_strncasecmp() ends at a NUL and folds bytes over 0x7f by the locale.
 */
bool
scim_slice_equal_ci(ScimSlice a, ScimSlice b)
{
	if (a.len != b.len)
		return false;
	for (size_t i = 0; i < a.len; i++)
	{
		if (pg_ascii_tolower((unsigned char) a.data[i]) !=
			pg_ascii_tolower((unsigned char) b.data[i]))
			return false;
	}
	return true;
}

/* Looks at the last four bytes only, the longest a character can be. */
ScimSlice
scim_slice_whole(ScimSlice slice)
{
	for (size_t back = 1; back <= 4 && back <= slice.len; back++)
	{
		const unsigned char *last = (const unsigned char *) slice.data + slice.len - back;

		if ((*last & 0xC0) == 0x80)
			continue;
		if ((size_t) pg_utf_mblen(last) > back)
			slice.len -= back;
		break;
	}
	return slice;
}

ScimSlice
scim_slice_clip(ScimSlice slice, size_t max)
{
	return slice.len <= max ? slice : scim_slice_whole(scim_slice_of(slice.data, max));
}

char *
scim_slice_dup(ScimSlice slice)
{
	char	   *copy = palloc(slice.len + 1);

	if (slice.len > 0)
		memcpy(copy, slice.data, slice.len);
	copy[slice.len] = '\0';
	return copy;
}
