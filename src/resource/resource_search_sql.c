/*-------------------------------------------------------------------------
 *
 * resource_search_sql.c
 *	  The statements of a search: source, order, page.
 *
 * Order is by a text key in collation "C", or by id alone.  A resource without a value
 * comes last when ascending and first when descending; ids break ties (RFC 7644
 * section 3.4.2.3).
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"

#include "resource/resource_search_int.h"
#include "util/throw.h"

ScimSql *
scim_search_new_sql(const ScimSearch *search)
{
	ScimSql    *sql = palloc0(sizeof(ScimSql));

	initStringInfo(&sql->text);
	scim_sql_param(sql, INT4OID, Int32GetDatum(search->context->directory->id));
	return sql;
}

ScimCondition *
scim_search_condition(const ScimSearch *search, const ScimResourceType *type)
{
	if (search->type == NULL)
		return scim_filter_resolve_lenient(type, search->filter);
	return scim_filter_resolve(type, search->filter);
}

/* r is of this type and the filter holds for it. */
static void
put_type(ScimSql *sql, const ScimSearch *search, const ScimResourceType *type)
{
	appendStringInfo(&sql->text, "r.type_id = $%d",
					 scim_sql_param(sql, INT2OID, Int16GetDatum(type->type_id)));
	if (search->filter == NULL)
		return;
	appendStringInfoString(&sql->text, " AND ");
	scim_filter_to_sql(sql, search->context->directory->schemas, type,
					   scim_search_condition(search, type), NULL, search->context->base);
}

/* FROM and WHERE: one type, or all of them side by side. */
static void
put_source(ScimSql *sql, const ScimSearch *search)
{
	const ScimSchemaSet *schemas = search->context->directory->schemas;

	appendStringInfoString(&sql->text, " FROM scim.resource r WHERE r.directory_id = $1 AND (");
	if (search->type != NULL)
		put_type(sql, search, search->type);
	for (int i = 0; search->type == NULL && i < schemas->ntypes; i++)
	{
		appendStringInfoString(&sql->text, i == 0 ? "(" : " OR (");
		put_type(sql, search, &schemas->types[i]);
		appendStringInfoChar(&sql->text, ')');
	}
	appendStringInfoChar(&sql->text, ')');
}

static const ScimAttribute *
find_sort_attribute(const ScimSearch *search, const ScimResourceType *type)
{
	ScimAttrName name;
	ScimError	error;

	if (!scim_attr_name_parse(search->sort_by, &name, &error))
		return NULL;
	return scim_attribute_resolve(type, &name);
}

static void
put_text(ScimSql *sql, ScimSlice text)
{
	appendStringInfo(&sql->text, "$%d",
					 scim_sql_param(sql, TEXTOID,
									PointerGetDatum(cstring_to_text_with_len(text.data, text.len))));
}

/* The sort key of a sub-attribute of meta (RFC 7643 section 3.1). */
static void
put_meta_key(ScimSql *sql, const ScimResourceType *type, ScimSlice name)
{
	if (scim_slice_equal(name, scim_slice("created")))
		appendStringInfoString(&sql->text, "scim.sort_key(r.created)");
	else if (scim_slice_equal(name, scim_slice("lastModified")))
		appendStringInfoString(&sql->text, "scim.sort_key(r.last_modified)");
	else if (scim_slice_equal(name, scim_slice("version")))
		appendStringInfoString(&sql->text, "pg_catalog.lpad(r.version::pg_catalog.text, 20, '0')");
	else if (scim_slice_equal(name, scim_slice("location")))
	{
		put_text(sql, type->endpoint);
		appendStringInfoString(&sql->text, " || '/' || r.id::pg_catalog.text");
	}
	else
		put_text(sql, type->name);
}

/* The sort key of a resource of a type; attr is what sortBy means there. */
static void
put_key(ScimSql *sql, const ScimContext *context, const ScimResourceType *type,
		const ScimAttribute *attr)
{
	if (scim_attribute_is_secret(attr))
		scim_raise(SCIM_E_INVALID_VALUE, "cannot sort by \"%s\", which is never told", attr->path);
	if (attr->type == SCIM_TYPE_COMPLEX)
		scim_raise(SCIM_E_INVALID_VALUE, "cannot sort by \"%s\": name one of its sub-attributes",
				   attr->path);
	switch (attr->storage)
	{
		case SCIM_IN_DOC:
			if (attr->column == SCIM_COLUMN_USER_NAME)
				appendStringInfoString(&sql->text, "r.user_name");
			else
				appendStringInfo(&sql->text, "scim.sort_key(r.doc, $1, $%d, %d)",
								 scim_sql_param(sql, INT2OID, Int16GetDatum(type->type_id)), attr->index);
			break;
		case SCIM_IN_SCHEMAS:	/* the first is that of the type */
			put_text(sql, type->urn);
			break;
		case SCIM_IN_ID:
			appendStringInfoString(&sql->text, "r.id::pg_catalog.text");
			break;
		case SCIM_IN_META:
			put_meta_key(sql, type, attr->name);
			break;
		case SCIM_IN_MEMBERS:
		case SCIM_IN_MEMBER_OF:
			scim_sort_members_to_sql(sql, context->directory->schemas, attr, context->base);
			break;
		case SCIM_IN_PASSWORD:	/* a secret */
			Assert(false);
	}
}

/* A complex attribute sorts by its value (SORT-03 wants the sub-attribute named, many leave it out). */
static const ScimAttribute *
sortable(const ScimAttribute *attr)
{
	return attr != NULL && attr->type == SCIM_TYPE_COMPLEX && attr->value != NULL ? attr->value : attr;
}

/* The sort key over r, or null where there is no order but that of ids. */
static void
put_sort_key(ScimSql *sql, const ScimSearch *search)
{
	const ScimSchemaSet *schemas = search->context->directory->schemas;
	bool		found = false;

	if (search->sort_by.len == 0)
	{
		appendStringInfoString(&sql->text, "NULL::pg_catalog.text");
		return;
	}
	appendStringInfoString(&sql->text, "(CASE r.type_id");
	for (int i = 0; i < schemas->ntypes; i++)
	{
		const ScimResourceType *type = &schemas->types[i];
		const ScimAttribute *attr = sortable(find_sort_attribute(search, type));

		if (attr == NULL || (search->type != NULL && search->type != type))
			continue;
		found = true;
		appendStringInfo(&sql->text, " WHEN %d THEN ", type->type_id);
		put_key(sql, search->context, type, attr);
	}
	if (!found)
		scim_raise(SCIM_E_INVALID_VALUE, "cannot sort by \"%.*s\": there is no such attribute",
				   (int) Min(search->sort_by.len, 120), search->sort_by.data);
	appendStringInfoString(&sql->text, " END) COLLATE \"C\"");
}

/* ORDER BY over a source that has k and id. */
static const char *
order(const ScimSearch *search)
{
	if (search->sort_by.len == 0)
		return "id";
	return search->descending ? "k DESC NULLS FIRST, id" : "k ASC NULLS LAST, id";
}

ScimSql *
scim_search_page_sql(const ScimSearch *search, int64 offset, int64 count)
{
	ScimSql    *sql = scim_search_new_sql(search);
	int			noffset = scim_sql_param(sql, INT8OID, Int64GetDatum(offset));
	int			ncount = scim_sql_param(sql, INT8OID, Int64GetDatum(count));

	appendStringInfoString(&sql->text, "WITH m AS MATERIALIZED (SELECT r.id, ");
	put_sort_key(sql, search);
	appendStringInfoString(&sql->text, " AS k");
	put_source(sql, search);
	appendStringInfo(&sql->text,
					 ") SELECT t.n, p.* FROM (SELECT pg_catalog.count(*) AS n FROM m) AS t LEFT JOIN"
					 " (SELECT r.type_id, " SCIM_RESOURCE_COLUMNS ", i.k FROM"
					 " (SELECT m.id, m.k FROM m ORDER BY %s OFFSET $%d LIMIT $%d) AS i"
					 " JOIN scim.resource r ON r.directory_id = $1 AND r.id = i.id) AS p ON true"
					 " ORDER BY %s", order(search), noffset, ncount, order(search));
	return sql;
}

ScimSql *
scim_search_count_sql(const ScimSearch *search)
{
	ScimSql    *sql = scim_search_new_sql(search);

	appendStringInfoString(&sql->text, "SELECT pg_catalog.count(*)");
	put_source(sql, search);
	return sql;
}

/* The text above all that begin with prefix, in collation "C". */
static ScimSlice
end_of(ScimSlice prefix)
{
	char	   *end = psprintf("%.*s\xF4\x8F\xBF\xBF", (int) prefix.len, prefix.data);

	return scim_slice(end);
}

/*
 * The key that the last page ended with, as a row b(a).  A long one is read again from its resource; if
 * that is gone or has another by now, all that begin like it come once more, since none may be left out.
 */
static void
put_anchor(ScimSql *sql, const ScimSearch *search, const ScimCursor *after, int nid)
{
	StringInfo	out = &sql->text;

	if (after->key_hash == 0)
	{
		appendStringInfoString(out, ", (SELECT ");
		put_text(sql, after->key);
		appendStringInfoString(out, " AS a) AS b");
		return;
	}
	appendStringInfoString(out, ", (SELECT COALESCE((SELECT w.k FROM (SELECT ");
	put_sort_key(sql, search);
	appendStringInfo(out, " AS k FROM scim.resource r WHERE r.directory_id = $1 AND r.id = $%d) AS w"
					 " WHERE pg_catalog.hashtextextended(w.k, 0) = $%d), ", nid,
					 scim_sql_param(sql, INT8OID, Int64GetDatum((int64) after->key_hash)));
	put_text(sql, search->descending ? end_of(after->key) : after->key);
	appendStringInfoString(out, ") AS a) AS b");
}

/* What comes behind (key, id) of a source s(id, k) in this order, with the nulls on their side. */
static void
put_behind(ScimSql *sql, const ScimSearch *search, const ScimCursor *after, int nid)
{
	if (!after->has_key)
	{
		appendStringInfo(&sql->text, " WHERE (s.k IS NULL AND s.id > $%d)%s", nid,
						 search->descending ? " OR s.k IS NOT NULL" : "");
		return;
	}
	put_anchor(sql, search, after, nid);
	appendStringInfo(&sql->text, " WHERE s.k %s b.a OR (s.k = b.a AND s.id > $%d)%s",
					 search->descending ? "<" : ">", nid,
					 search->descending ? "" : " OR s.k IS NULL");
}

ScimSql *
scim_search_cursor_sql(const ScimSearch *search, const ScimCursor *after, int64 count)
{
	ScimSql    *sql = scim_search_new_sql(search);
	pg_uuid_t  *id = palloc0(sizeof(pg_uuid_t));
	int			nid = 0;

	if (after != NULL)
	{
		*id = after->id;
		nid = scim_sql_param(sql, UUIDOID, UUIDPGetDatum(id));
	}
	appendStringInfoString(&sql->text, "SELECT i.k, r.type_id, " SCIM_RESOURCE_COLUMNS
						   " FROM (SELECT s.id, s.k FROM (SELECT r.id, ");
	put_sort_key(sql, search);
	appendStringInfoString(&sql->text, " AS k");
	put_source(sql, search);
	if (after != NULL && search->sort_by.len == 0)
		appendStringInfo(&sql->text, " AND r.id > $%d", nid);
	appendStringInfoString(&sql->text, ") AS s");
	if (after != NULL && search->sort_by.len > 0)
		put_behind(sql, search, after, nid);
	appendStringInfo(&sql->text, " ORDER BY %s LIMIT $%d) AS i"
					 " JOIN scim.resource r ON r.directory_id = $1 AND r.id = i.id ORDER BY %s",
					 order(search), scim_sql_param(sql, INT8OID, Int64GetDatum(count)),
					 search->sort_by.len == 0 ? "r.id" :
					 search->descending ? "i.k DESC NULLS FIRST, r.id" : "i.k ASC NULLS LAST, r.id");
	return sql;
}
