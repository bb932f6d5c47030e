/*-------------------------------------------------------------------------
 *
 * resource_list.c
 *	  The list of all resources of a type, in the order of ids: total and page.
 *
 * The total is what resource_count.c counts.  A page is found from the nearest
 * place before it that this backend knows, so that who walks through the list does not skip all
 * that came before again and again.  What is known of places is true as long as no resource
 * came or went since, which the counters tell too.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/xact.h"
#include "catalog/pg_type.h"
#include "utils/hsearch.h"
#include "utils/memutils.h"

#include "resource/resource_search_int.h"
#include "util/plan.h"

#define MAX_LISTS 256
#define MAX_PLACES 128

static ScimStatement page_from = {
	"SELECT r.type_id, " SCIM_RESOURCE_COLUMNS " FROM scim.resource r"
	" WHERE r.directory_id = $1 AND r.type_id = $2 AND r.id >= $3 ORDER BY r.id LIMIT $4",
	4, {INT4OID, INT2OID, UUIDOID, INT8OID}
};

/* What is skipped is read in the index alone. */
static ScimStatement page_after = {
	"SELECT r.* FROM (SELECT id FROM scim.resource WHERE directory_id = $1 AND type_id = $2"
	" AND id >= $3 ORDER BY id LIMIT $4 OFFSET $5) AS p CROSS JOIN LATERAL"
	" (SELECT r.type_id, " SCIM_RESOURCE_COLUMNS " FROM scim.resource r"
	" WHERE r.directory_id = $1 AND r.id = p.id OFFSET 0) AS r ORDER BY p.id",
	5, {INT4OID, INT2OID, UUIDOID, INT8OID, INT8OID}
};

/* The resource with this id is that many behind the first one. */
typedef struct Place
{
	int64		offset;
	pg_uuid_t	id;
} Place;

/* Directories of an extension that is dropped and made anew have the same numbers. */
typedef struct ListKey
{
	Oid			extension;
	int32		directory_id;
	int32		type_id;
} ListKey;

typedef struct KnownList
{
	ListKey		key;			/* hash key */
	ScimCount	count;			/* when the places were seen */
	int			nplaces;
	int			next;			/* place to be overwritten next */
	Place		places[MAX_PLACES];
} KnownList;

static HTAB *lists = NULL;

/* What is known of a list, which may be nothing. */
static KnownList *
find_list(const ScimContext *context, const ScimResourceType *type, const ScimCount *count)
{
	ListKey		key = {scim_cache_extension(), context->directory->id, type->type_id};
	HASHCTL		ctl = {.keysize = sizeof(ListKey), .entrysize = sizeof(KnownList), .hcxt = TopMemoryContext};
	KnownList  *list;
	bool		found;

	if (lists != NULL && hash_get_num_entries(lists) >= MAX_LISTS)
	{
		hash_destroy(lists);
		lists = NULL;
	}
	if (lists == NULL)
		lists = hash_create("scim lists", 32, &ctl, HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
	list = hash_search(lists, &key, HASH_ENTER, &found);
	if (!found || list->count.created != count->created || list->count.removed != count->removed)
	{
		list->count = *count;
		list->nplaces = list->next = 0;
	}
	return list;
}

/* The last known place that is not behind offset; the very beginning is always known. */
static Place
nearest_place(const KnownList *list, int64 offset)
{
	Place		nearest = {0};

	for (int i = 0; i < list->nplaces; i++)
		if (list->places[i].offset <= offset && list->places[i].offset > nearest.offset)
			nearest = list->places[i];
	return nearest;
}

/* What this transaction has written may be rolled back, so nothing is learnt from it. */
static void
learn_place(KnownList *list, int64 offset, const pg_uuid_t *id)
{
	if (offset == 0 || TransactionIdIsValid(GetTopTransactionIdIfAny()))
		return;
	for (int i = 0; i < list->nplaces; i++)
		if (list->places[i].offset == offset)
			return;
	list->places[list->next].offset = offset;
	list->places[list->next].id = *id;
	list->next = (list->next + 1) % MAX_PLACES;
	list->nplaces = Min(list->nplaces + 1, MAX_PLACES);
}

void
scim_list_page(ScimPage *page, const ScimContext *context, const ScimResourceType *type, int64 offset,
			   int64 count)
{
	ScimCount	total = scim_count_get(context, type);
	KnownList  *list = find_list(context, type, &total);
	Place		from = nearest_place(list, offset);
	Datum		values[5] = {
		Int32GetDatum(context->directory->id), Int16GetDatum(type->type_id),
		UUIDPGetDatum(&from.id), Int64GetDatum(count), Int64GetDatum(offset - from.offset)
	};

	page->total = total.created - total.removed;
	if (count == 0 || offset >= page->total)
		return;
	scim_read_page(page, context->directory->schemas,
				   scim_query(offset == from.offset ? &page_from : &page_after, values, NULL), 1);
	if (page->nresources == 0)
		return;
	learn_place(list, offset, &page->resources[0].id);
	learn_place(list, offset + page->nresources - 1, &page->resources[page->nresources - 1].id);
}
