/*-------------------------------------------------------------------------
 *
 * resource_lookup.c
 *	  Searches whose filter pins few resources, such as userName eq "..." and active eq true.
 *
 * Identity providers ask this before every write.  The candidates that the pin finds are all
 * read, the rest of the filter marks those that match, and order and page are made here: one
 * small statement with one plan.  What pins more than a limit is left to the general search.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"

#include "resource/resource_search_int.h"
#include "util/plan.h"

/* A directory's worth of candidates is better counted than read. */
#define MAX_CANDIDATES 100

ScimSql *
scim_search_lookup_sql(const ScimSearch *search, const ScimResourceType *type)
{
	const ScimCondition *condition =
		search->filter == NULL ? NULL : scim_search_condition(search, type);
	const ScimCondition *pin = condition == NULL ? NULL : scim_filter_pin(condition);
	ScimSql    *sql;

	if (pin == NULL)
		return NULL;
	sql = scim_search_new_sql(search);
	sql->has_one_plan = true;
	appendStringInfo(&sql->text, "SELECT CASE WHEN r.type_id = $%d AND ",
					 scim_sql_param(sql, INT2OID, Int16GetDatum(type->type_id)));
	scim_filter_to_sql(sql, search->context->directory->schemas, type, condition, pin,
					   search->context->base);
	appendStringInfoString(&sql->text, " THEN r.type_id END, " SCIM_RESOURCE_COLUMNS " FROM ");
	scim_pin_to_sql(sql, pin, type->type_id, MAX_CANDIDATES + 1);
	return sql;
}

/* Adds the candidates that match; those that do not have no type. */
static void
add_matches(ScimPage *page, const ScimResourceType *type, uint64 nrows)
{
	ScimResource *resources = palloc0((page->nresources + nrows + 1) * sizeof(ScimResource));

	if (page->nresources > 0)
		memcpy(resources, page->resources, page->nresources * sizeof(ScimResource));
	page->resources = resources;
	for (uint64 row = 0; row < nrows; row++)
	{
		bool		isnull;

		(void) scim_column(row, 1, &isnull);
		if (isnull)
			continue;
		scim_read_row(&resources[page->nresources++], type, row, 2);
	}
}

/* Adds what matches of one type; false if the filter does not pin few resources of it. */
static bool
look_up(ScimPage *page, const ScimSearch *search, const ScimResourceType *type)
{
	ScimSql    *sql = scim_search_lookup_sql(search, type);
	uint64		nrows;

	if (sql == NULL)
		return scim_filter_is_never(scim_search_condition(search, type));
	nrows = scim_search_run(sql);
	if (nrows > MAX_CANDIDATES)
		return false;
	add_matches(page, type, nrows);
	return true;
}

static int
compare_ids(const void *a, const void *b)
{
	return memcmp(&((const ScimResource *) a)->id, &((const ScimResource *) b)->id,
				  sizeof(pg_uuid_t));
}

bool
scim_search_pinned(ScimPage *page, const ScimSearch *search, int64 offset, int64 count)
{
	const ScimSchemaSet *schemas = search->context->directory->schemas;
	ScimPage	found = {0};

	if (search->filter == NULL || search->sort_by.len > 0)
		return false;
	for (int i = 0; i < schemas->ntypes; i++)
		if ((search->type == NULL || search->type == &schemas->types[i]) &&
			!look_up(&found, search, &schemas->types[i]))
			return false;
	if (found.nresources > 1)
		qsort(found.resources, found.nresources, sizeof(ScimResource), compare_ids);
	page->total = found.nresources;
	offset = Min(offset, found.nresources);
	page->resources = found.resources + offset;
	page->nresources = Min(count, found.nresources - offset);
	return true;
}
