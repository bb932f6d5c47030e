/*-------------------------------------------------------------------------
 *
 * resource.h
 *	  Resources: create, get, replace, patch, delete, search, and how they are told.
 *
 * Every way in, HTTP, SQL or bulk, calls these.  They run between scim_connect() and
 * scim_disconnect(), allocate in the current memory context and raise errors of class
 * SC.  Reads write nothing.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SCIM_RESOURCE_H
#define SCIM_RESOURCE_H

#include "postgres.h"

#include "datatype/timestamp.h"
#include "lib/stringinfo.h"
#include "utils/jsonb.h"
#include "utils/uuid.h"

#include "schema/schema.h"

/* For whom, and under which address, a request is answered. */
typedef struct ScimContext
{
	const ScimDirectory *directory;
	const char *base;			/* what locations begin with: no trailing slash */
} ScimContext;

/* A stored resource. */
typedef struct ScimResource
{
	const ScimResourceType *type;
	pg_uuid_t	id;
	int64		version;
	TimestampTz created;
	TimestampTz last_modified;
	Jsonb	   *doc;			/* NULL when it was not read */
	bool		is_member;		/* of some group */
} ScimResource;

/* Which attributes an answer shows: one flag per attribute index. */
typedef struct ScimProjection
{
	bool	   *shows;			/* NULL: everything, which is what a plain type shows by default */
	bool		is_default;		/* neither attributes nor excludedAttributes were given */
} ScimProjection;

/* A query (RFC 7644 section 3.4.2); texts are empty when absent. */
typedef struct ScimQuery
{
	ScimSlice	filter;
	int64		start_index;	/* 1-based */
	int64		count;			/* -1: the directory's page size */
} ScimQuery;

typedef struct ScimPage
{
	int64		total;
	int64		start_index;
	int			nresources;
	ScimResource *resources;
} ScimPage;

/* resource_write.c; if_match is the header's value, empty when there is none */
extern ScimResource *scim_resource_create(const ScimContext *context, const ScimResourceType *type,
										  const JsonbValue *body);
extern ScimResource *scim_resource_replace(const ScimContext *context, const ScimResourceType *type,
										   ScimSlice id, const JsonbValue *body, ScimSlice if_match);
extern ScimResource *scim_resource_patch(const ScimContext *context, const ScimResourceType *type,
										 ScimSlice id, const JsonbValue *message, ScimSlice if_match);
extern void scim_resource_delete(const ScimContext *context, const ScimResourceType *type,
								 ScimSlice id, ScimSlice if_match);

/* resource_read.c; NOT_FOUND for an id that is not there, not of this type, or not of this directory */
extern ScimResource *scim_resource_get(const ScimContext *context, const ScimResourceType *type,
									   ScimSlice id);

/* resource_search.c */
extern ScimPage *scim_resource_search(const ScimContext *context, const ScimResourceType *type,
									  const ScimQuery *query);

/* SQL of a filter, its parameters and its plan, as JSON. */
extern Jsonb *scim_resource_explain(const ScimContext *context, const ScimResourceType *type,
									ScimSlice filter);

/* resource_project.c; lists are separated by commas, empty when absent */
extern ScimProjection *scim_projection_make(const ScimResourceType *type, ScimSlice attributes,
											ScimSlice excluded);

/* resource_render.c */

/* Appends the resource as JSON text (RFC 7643 section 3). */
extern void scim_resource_render(StringInfo out, const ScimContext *context,
								 const ScimResource *resource, const ScimProjection *projection);

/* The same for a page's resources, with the rows of memberships read once for all. */
extern void scim_page_render(StringInfo out, const ScimContext *context, const ScimPage *page,
							 const ScimProjection *projection);

/* The absolute URI of the resource. */
extern char *scim_resource_location(const ScimContext *context, const ScimResource *resource);

#endif							/* SCIM_RESOURCE_H */
