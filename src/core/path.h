/*-------------------------------------------------------------------------
 *
 * path.h
 *	  Attribute notation (RFC 7644 section 3.10) and PATCH paths (3.5.2).
 *
 *		urn:ietf:params:scim:schemas:core:2.0:User : name . familyName
 *		`---------------- urn ------------------'   `name' `-- sub --'
 *
 *		emails [ type eq "work" ] . value
 *		`attr'   `--- filter ---'   `sub'
 *
 * Slices point into the text that was parsed.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SCIM_PATH_H
#define SCIM_PATH_H

#include "core/core.h"
#include "core/limits.h"

struct ScimFilter;

/*
 * One attribute name as written.  When text begins with "urn:", the part before the
 * last colon is urn; name stays empty if what follows is not a well-formed
 * name[.sub], since text may then be an extension's URN as a whole: only the schema can tell.
 */
typedef struct ScimAttrName
{
	ScimSlice	text;			/* all of it */
	ScimSlice	urn;			/* without the last colon; empty when there is none */
	ScimSlice	name;
	ScimSlice	sub;			/* empty when there is none */
	size_t		offset;			/* of text in the input */
} ScimAttrName;

/* A PATCH path: attribute, optional value filter, optional sub-attribute of what it finds. */
typedef struct ScimPath
{
	ScimAttrName attr;
	struct ScimFilter *filter;	/* NULL when there is no [..] */
	ScimSlice	sub;			/* after ']'; empty when there is none */
} ScimPath;

/*
 * Is it ALPHA *(ALPHA / DIGIT / "$" / "-" / "_"), or such behind a "$", like $ref?
 * (RFC 7643 section 2.1, ruling DOLLAR-REF)
 */
extern bool scim_attr_name_is_valid(ScimSlice name);

/* Splits text; false (*err INVALID_PATH) when it can be no attribute notation. */
extern bool scim_attr_name_parse(ScimSlice text, ScimAttrName *name, ScimError *err);

/* Parses a PATCH path; syntax errors are INVALID_PATH, errors inside [..] INVALID_FILTER. */
extern bool scim_path_parse(ScimSlice text, const ScimLimits *limits, ScimPath *path,
							ScimError *err);

#endif							/* SCIM_PATH_H */
