/*-------------------------------------------------------------------------
 *
 * resource_search.c
 *	  Queries: filter, order, page and exact total (RFC 7644 section 3.4.2).
 *
 * A search is one statement: the ids that match are collected once, counted and cut to
 * the page, and only the page's documents are read.  A filter that pins few resources, as
 * identity providers ask before every write, is answered by a look-up instead.
 *
 * The default order is by id, which is the order of creation: stable, new rows last.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "common/hashfn.h"

#include "core/filter.h"
#include "resource/resource_search_int.h"
#include "scim.h"
#include "util/plan.h"
#include "util/throw.h"

ScimFilter *
scim_search_filter(ScimSlice text)
{
	ScimFilter *filter = NULL;
	ScimError	error;

	if (text.len > 0 && !scim_filter_parse(text, &scim_limits, &filter, &error))
		scim_throw(&error);
	return filter;
}

void
scim_read_page(ScimPage *page, const ScimSchemaSet *schemas, uint64 nrows, int first)
{
	page->resources = palloc0((nrows + 1) * sizeof(ScimResource));
	for (uint64 row = 0; row < nrows; row++)
	{
		int16		type_id = DatumGetInt16(scim_value(row, first));
		const ScimResourceType *type = schemas->types;

		while (type->type_id != type_id)
			type++;
		scim_read_row(&page->resources[page->nresources++], type, row, first + 1);
	}
}

/* A page by index: total and documents in one statement. */
static void
search_page(ScimPage *page, const ScimSearch *search, int64 offset, int64 count)
{
	uint64		nrows = scim_search_run(scim_search_page_sql(search, offset, count));
	bool		isnull;

	page->total = DatumGetInt64(scim_value(0, 1));
	(void) scim_column(0, 2, &isnull);
	if (!isnull)
		scim_read_page(page, search->context->directory->schemas, nrows, 2);
}

/* What has to stay the same from one page of a cursor to the next. */
static uint64
query_hash(const ScimSearch *search, const ScimQuery *query)
{
	uint64		hash = search->type == NULL ? 0 : search->type->type_id;

	hash = hash_combine64(hash, hash_bytes_extended((const unsigned char *) query->filter.data,
													query->filter.len, 0));
	hash = hash_combine64(hash, hash_bytes_extended((const unsigned char *) query->sort_by.data,
													query->sort_by.len, 1));
	return hash_combine64(hash, query->descending);
}

/* The cursor behind the page's last resource, whose sort key is in row number row. */
static char *
next_cursor(const ScimPage *page, const ScimSearch *search, const ScimCursor *current, uint64 row)
{
	ScimCursor	next = *current;
	char	   *key = scim_text(row, 1, CurrentMemoryContext);

	next.total = page->total;
	next.id = page->resources[row].id;
	next.has_key = key != NULL;
	next.key = scim_slice(key);
	return scim_cursor_write(search->context, &next);
}

static int64
count_matches(const ScimSearch *search)
{
	ScimCount	all;

	if (search->type != NULL && search->filter == NULL)
	{
		all = scim_count_get(search->context, search->type);
		return all.created - all.removed;
	}
	scim_search_run(scim_search_count_sql(search));
	return DatumGetInt64(scim_value(0, 1));
}

/*
 * A page by cursor (RFC 9865): one more row than asked for says whether there is another
 * page.  The total is counted once and travels in the cursor.
 */
static void
search_cursor(ScimPage *page, const ScimSearch *search, const ScimQuery *query, int64 count)
{
	ScimCursor	cursor = {.query = query_hash(search, query), .count = count};
	bool		starts = query->cursor.len == 0;
	uint64		nrows;

	if (starts)
		cursor.total = count_matches(search);
	else
		scim_cursor_read(search->context, query->cursor, &cursor);
	page->total = cursor.total;
	if (count == 0)
		return;
	nrows = scim_search_run(scim_search_cursor_sql(search, starts ? NULL : &cursor, count + 1));
	scim_read_page(page, search->context->directory->schemas, Min(nrows, (uint64) count), 2);
	if (nrows > (uint64) count)
		page->next_cursor = next_cursor(page, search, &cursor, count - 1);
}

ScimPage *
scim_resource_search(const ScimContext *context, const ScimResourceType *type,
					 const ScimQuery *query)
{
	const ScimSettings *settings = &context->directory->settings;
	ScimPage   *page = palloc0(sizeof(ScimPage));
	int64		count = Min(query->count < 0 ? settings->default_page_size : query->count,
							settings->max_page_size);
	int64		offset = query->start_index < 1 ? 0 : query->start_index - 1;
	ScimFilter *filter = scim_search_filter(query->filter);
	ScimSearch	search = {
		.context = context, .type = type, .filter = filter,
		.sort_by = query->sort_by, .descending = query->descending
	};

	scim_rules_admit_filter(context, type, filter);
	page->start_index = offset + 1;
	page->is_cursor = query->has_cursor;
	if (query->has_cursor)
		search_cursor(page, &search, query, count);
	else if (type != NULL && search.filter == NULL && query->sort_by.len == 0)
		scim_list_page(page, context, type, offset, count);
	else if (!scim_search_pinned(page, &search, offset, count))
		search_page(page, &search, offset, count);
	return page;
}
