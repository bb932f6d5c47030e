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


/* A search being put together. */
typedef struct ScimSearch
{
	const ScimContext *context;
	const ScimResourceType *type;	/* NULL: all types */
	const ScimFilter *filter;	/* NULL: everything */
	ScimSlice	sort_by;		/* empty: by id */
	bool		descending;
} ScimSearch;

/* resource_search.c: a filter's tree; NULL for no filter. */
extern ScimFilter *scim_search_filter(ScimSlice text);

/*
 * resource_lookup.c: fills a page with what a filter pins; false, and nothing is done, if there
 * is a sort order or the filter does not pin few resources.
 */
extern bool scim_search_pinned(ScimPage *page, const ScimSearch *search, int64 offset,
							   int64 count);

/* Candidates of this type: columns type_id, null if the filter does not hold, and SCIM_RESOURCE_COLUMNS. NULL without a pin. */
extern ScimSql *scim_search_lookup_sql(const ScimSearch *search, const ScimResourceType *type);

/* resource_search_run.c: both leave the rows as SPI's last result and return their number. */
extern uint64 scim_search_run(ScimSql *sql);
extern uint64 scim_search_explain(ScimSql *sql);

/* resource_search_sql.c */

/* A statement without text, whose $1 is the directory. */
extern ScimSql *scim_search_new_sql(const ScimSearch *search);

/* What the filter, which is not NULL, means for a type. */
extern ScimCondition *scim_search_condition(const ScimSearch *search, const ScimResourceType *type);

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
