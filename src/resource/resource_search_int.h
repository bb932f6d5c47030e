/*-------------------------------------------------------------------------
 *
 * resource_search_int.h
 *	  Shared by the files that search: statements, lists, cursors.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SCIM_RESOURCE_SEARCH_INT_H
#define SCIM_RESOURCE_SEARCH_INT_H

#include "filter/filter.h"
#include "resource/resource_int.h"

/* Where a list goes on: behind this resource. */
typedef struct ScimCursor
{
	uint64		query;			/* hash of filter and order */
	int32		count;			/* page size */
	int64		total;			/* as the first page found it */
	pg_uuid_t	id;
	bool		has_key;		/* the resource has a value to sort by */
	ScimSlice	key;
	uint64		key_hash;		/* 0, or key is but the beginning of one with this hash */
} ScimCursor;

/* resource_cursor.c */
extern char *scim_cursor_write(const ScimContext *context, const ScimCursor *cursor);

/*
 * Fills the rest of a cursor whose query and count are set.  Raises INVALID_CURSOR,
 * EXPIRED_CURSOR or INVALID_COUNT.
 */
extern void scim_cursor_read(const ScimContext *context, ScimSlice text, ScimCursor *cursor);

/* resource_search_sql.c */

/* A search being put together. */
typedef struct ScimSearch
{
	const ScimContext *context;
	const ScimResourceType *type;	/* NULL: all types */
	const ScimFilter *filter;	/* NULL: everything */
	ScimSlice	sort_by;		/* empty: by id */
	bool		descending;
} ScimSearch;

/* total and page in one statement: columns n, type_id, SCIM_RESOURCE_COLUMNS; a row of nulls behind n for an empty page. */
extern ScimSql *scim_search_page_sql(const ScimSearch *search, int64 offset, int64 count);

/* The total alone. */
extern ScimSql *scim_search_count_sql(const ScimSearch *search);

/* What comes behind a cursor, or from the start: columns sort key, type_id, SCIM_RESOURCE_COLUMNS. */
extern ScimSql *scim_search_cursor_sql(const ScimSearch *search, const ScimCursor *after,
									   int64 count);

/* Copies rows of a search into the page; columns type_id and those of the resource begin at first. */
extern void scim_read_page(ScimPage *page, const ScimSchemaSet *schemas, uint64 nrows, int first);

/* resource_list.c */

/* Total and page of all resources of a type by id; count 0 reads the total alone. */
extern void scim_list_page(ScimPage *page, const ScimContext *context, const ScimResourceType *type,
						   int64 offset, int64 count);

#endif							/* SCIM_RESOURCE_SEARCH_INT_H */
