/*-------------------------------------------------------------------------
 *
 * limits.h
 *	  The bounds of one request, in one place.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SCIM_LIMITS_H
#define SCIM_LIMITS_H

typedef struct ScimLimits
{
	int			body_bytes;		/* request body */
	int			json_depth;		/* nesting of a body */
	int			values;			/* elements of one multi-valued attribute in a body */
	int			name_bytes;		/* one attribute name */
	int			filter_bytes;	/* filter or path text */
	int			filter_depth;	/* nesting of groups, not, [..] */
	int			filter_nodes;	/* comparisons and connectives */
	int			patch_operations;
	int			bulk_operations;
} ScimLimits;

/* What a fresh installation uses. */
#define SCIM_LIMITS_DEFAULT \
	{ \
		.body_bytes = 1024 * 1024, .json_depth = 32, .values = 100000, .name_bytes = 256, \
		.filter_bytes = 8192, .filter_depth = 32, .filter_nodes = 256, \
		.patch_operations = 1000, .bulk_operations = 1000 \
	}

#endif							/* SCIM_LIMITS_H */
