/*-------------------------------------------------------------------------
 *
 * etag.h
 *	  Entity tags: W/"<version>", If-Match and If-None-Match (RFC 9110).
 *
 *-------------------------------------------------------------------------
 */
#ifndef SCIM_ETAG_H
#define SCIM_ETAG_H

#include "core/core.h"

#define SCIM_ETAG_SIZE 32

/* Writes W/"version". */
extern void scim_etag_print(int64 version, char buf[SCIM_ETAG_SIZE]);

typedef enum ScimEtagMatch
{
	SCIM_ETAG_MALFORMED,
	SCIM_ETAG_NO_MATCH,
	SCIM_ETAG_MATCH
} ScimEtagMatch;

/*
 * Does the field value (a list of tags, or *) hold this version?  Tags compare by their
 * opaque part, weak or not (ruling ETAG-07); unquoted tags are taken too, since clients
 * copy meta.version in every way.
 */
extern ScimEtagMatch scim_etag_match(ScimSlice field, int64 version);

#endif							/* SCIM_ETAG_H */
