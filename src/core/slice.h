/*-------------------------------------------------------------------------
 *
 * slice.h
 *	  A borrowed piece of text: pointer and length, never NUL-terminated.
 *
 * Whoever hands out a slice says who owns the bytes behind it.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SCIM_SLICE_H
#define SCIM_SLICE_H

#include <string.h>

typedef struct ScimSlice
{
	const char *data;
	size_t		len;
} ScimSlice;

/* A slice over a NUL-terminated string. */
static inline ScimSlice
scim_slice(const char *text)
{
	ScimSlice	slice = {text, text == NULL ? 0 : strlen(text)};

	return slice;
}

/* A slice over len bytes. */
static inline ScimSlice
scim_slice_of(const char *data, size_t len)
{
	ScimSlice	slice = {data, len};

	return slice;
}

/* Are the bytes the same? */
static inline bool
scim_slice_equal(ScimSlice a, ScimSlice b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.data, b.data, a.len) == 0);
}

/* Are the bytes the same but for the case of ASCII letters? (names, URNs, keywords) */
extern bool scim_slice_equal_ci(ScimSlice a, ScimSlice b);

/* The slice without the beginning of a UTF-8 character at its end. */
extern ScimSlice scim_slice_whole(ScimSlice slice);

/* The whole characters within the first max bytes, for quoting input in a message. */
extern ScimSlice scim_slice_clip(ScimSlice slice, size_t max);

/* A palloc'd NUL-terminated copy. */
extern char *scim_slice_dup(ScimSlice slice);

#endif							/* SCIM_SLICE_H */
