/*-------------------------------------------------------------------------
 *
 * uri.h
 *	  Request target (RFC 9112 section 3.2): path segments and query text.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SCIM_URI_H
#define SCIM_URI_H

#include "core/core.h"

#define SCIM_TARGET_MAX_SEGMENTS 16

/*
 * A split target.  path is as sent (still encoded, without query); segments are
 * percent-decoded once; one trailing slash is dropped, empty segments elsewhere kept.
 * ends[i] is the offset in path just behind segment i, so that a prefix can be taken
 * over as sent.  An absolute-form target (http://host/path) is reduced to its path.
 */
typedef struct ScimTarget
{
	ScimSlice	path;
	ScimSlice	query;			/* without '?'; empty when there is none */
	int			nsegments;
	ScimSlice	segments[SCIM_TARGET_MAX_SEGMENTS];
	size_t		ends[SCIM_TARGET_MAX_SEGMENTS];
} ScimTarget;

/*
 * Splits a target.  BAD_REQUEST when it does not begin with '/', has a bad percent
 * escape, a NUL or invalid UTF-8 after decoding, or too many segments.
 */
extern bool scim_target_parse(ScimSlice text, ScimTarget *target, ScimError *err);

/* text percent-encoded as one path segment (RFC 3986 unreserved stays), palloc'd, with a NUL. */
extern char *scim_uri_encode_segment(ScimSlice text);

/* Decodes %XX (and '+' as a blank when plus_is_blank); false on a bad escape, NUL or bad UTF-8. */
extern bool scim_percent_decode(ScimSlice text, bool plus_is_blank, ScimSlice *decoded);

/*
 * Is text a URI or relative reference by RFC 3986's characters (ATTR-07)?  No blanks, no
 * controls, escapes right.  The empty reference is one.
 */
extern bool scim_uri_is_valid(ScimSlice text);

/* Is text valid UTF-8 without NUL? */
extern bool scim_utf8_is_valid(ScimSlice text);

#endif							/* SCIM_URI_H */
