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
#include "utils/array.h"
#include "utils/jsonb.h"
#include "utils/uuid.h"

#include "schema/schema.h"

/* Who writes: a client by a request, or a user of the database, of whom nothing else is known here. */
typedef struct ScimSource
{
	bool		is_client;
	pg_uuid_t	credential_id;
	ScimSlice	request_id;		/* empty if the request has none */
} ScimSource;

/* For whom, and under which address, a request is answered. */
typedef struct ScimContext
{
	ScimSource	source;
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
	ArrayType  *group_ids;		/* of groups it is a direct member of; NULL when not read */
	bool	   *written;		/* after a write: what its answer shows beyond the default, or NULL */
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
	ScimSlice	sort_by;
	bool		descending;
	bool		has_cursor;		/* pages by cursor (RFC 9865); an empty cursor starts */
	ScimSlice	cursor;
} ScimQuery;

typedef struct ScimPage
{
	int64		total;
	int64		start_index;
	bool		is_cursor;
	char	   *next_cursor;	/* NULL on the last page */
	int			nresources;
	ScimResource *resources;
} ScimPage;

/*
 * resource_sql.c: for functions that SQL calls.  Connects and finds the directory of that name, or
 * that of the setting for NULL; locations begin with its own path.
 */
extern ScimContext scim_context_begin(const char *directory);

/* What must hold of a resource's version (RFC 9110 section 13.1): the fields' values, empty when there are none. */
typedef struct ScimConditions
{
	ScimSlice	if_match;
	ScimSlice	if_none_match;
} ScimConditions;

/* resource_write.c */

/* Raises PRECONDITION_FAILED if a condition does not hold, BAD_REQUEST if it is none. */
extern void scim_conditions_check(const ScimResource *resource, ScimConditions conditions);

extern ScimResource *scim_resource_create(const ScimContext *context, const ScimResourceType *type,
										  const JsonbValue *body);

/* The same with an id that scim_uuid_make() made earlier. */
extern ScimResource *scim_resource_create_as(const ScimContext *context,
											 const ScimResourceType *type, const pg_uuid_t *id,
											 const JsonbValue *body);
extern ScimResource *scim_resource_replace(const ScimContext *context, const ScimResourceType *type,
										   ScimSlice id, const JsonbValue *body,
										   ScimConditions conditions);
extern ScimResource *scim_resource_patch(const ScimContext *context, const ScimResourceType *type,
										 ScimSlice id, const JsonbValue *message,
										 ScimConditions conditions);
extern void scim_resource_delete(const ScimContext *context, const ScimResourceType *type,
								 ScimSlice id, ScimConditions conditions);

/* resource_locks.c */
typedef struct ScimIds
{
	int			n;
	pg_uuid_t  *ids;
} ScimIds;

/*
 * Locks the resources that a transaction is about to write, if they exist, those it is about to
 * delete among them, and whatever else these writes change.
 */
extern void scim_resources_lock(const ScimContext *context, const ScimIds *written,
								const ScimIds *deleted);

/* resource_read.c; NOT_FOUND for an id that is not there, not of this type, or not of this directory */
extern ScimResource *scim_resource_get(const ScimContext *context, const ScimResourceType *type,
									   ScimSlice id);

/* resource_search.c; a type of NULL is all types of the directory */
extern ScimPage *scim_resource_search(const ScimContext *context, const ScimResourceType *type,
									  const ScimQuery *query);

/* resource_explain.c: a filter's SQL and parameters, a hint at an index that it lacks, and with plans the plan, as JSON */
extern Jsonb *scim_resource_explain(const ScimContext *context, const ScimResourceType *type,
									ScimSlice filter, bool plans);

/* resource_project.c; lists are separated by commas, empty when absent */
extern void scim_projection_check(ScimSlice attributes, ScimSlice excluded);
extern ScimProjection *scim_projection_make(const ScimResourceType *type, ScimSlice attributes,
											ScimSlice excluded);

/* The same for one resource, which a write may have set more attributes of than are shown by default. */
extern ScimProjection *scim_projection_of(const ScimResource *resource, ScimSlice attributes,
										  ScimSlice excluded);

/* resource_render.c */

/* Appends the resource as JSON text (RFC 7643 section 3). */
extern void scim_resource_render(StringInfo out, const ScimContext *context,
								 const ScimResource *resource, const ScimProjection *projection);

/*
 * The same for a page's resources, with the rows of memberships read once for all.  attributes
 * and excluded are as for scim_projection_make().
 */
extern void scim_page_render(StringInfo out, const ScimContext *context, const ScimPage *page,
							 ScimSlice attributes, ScimSlice excluded);

/* The same one by one: what the page's resources have in common is made once. */
typedef struct ScimPageView ScimPageView;

extern ScimPageView *scim_page_view(const ScimContext *context, const ScimPage *page,
									ScimSlice attributes, ScimSlice excluded);
extern void scim_page_view_render(StringInfo out, const ScimPageView *view, int i);

/* Has it as many members as the switch answer_group_patch says, too many to answer a PATCH with? */
extern bool scim_resource_is_large(const ScimContext *context, const ScimResource *resource);

/* The absolute URI of the resource. */
extern char *scim_resource_location(const ScimContext *context, const ScimResource *resource);

#endif							/* SCIM_RESOURCE_H */
