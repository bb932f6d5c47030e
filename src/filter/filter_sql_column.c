/*-------------------------------------------------------------------------
 *
 * filter_sql_column.c
 *	  Comparisons that columns of scim.resource answer: ids, dates, promoted attributes.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "mb/pg_wchar.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"
#include "utils/uuid.h"

#include "filter/filter_sql_int.h"
#include "util/uuid.h"

/* A LIKE pattern that finds text literally: %text, text% or %text%. */
static ScimSlice
like_pattern(ScimOperator op, ScimSlice text)
{
	StringInfoData pattern;

	initStringInfo(&pattern);
	if (op != SCIM_OP_SW)
		appendStringInfoChar(&pattern, '%');
	for (size_t i = 0; i < text.len; i++)
	{
		if (strchr("\\%_", text.data[i]) != NULL)
			appendStringInfoChar(&pattern, '\\');
		appendStringInfoChar(&pattern, text.data[i]);
	}
	if (op != SCIM_OP_EW)
		appendStringInfoChar(&pattern, '%');
	return scim_slice_of(pattern.data, pattern.len);
}

/* The least text greater than every text that begins with prefix; empty if there is none. */
static ScimSlice
after_prefix(ScimSlice prefix)
{
	char	   *bound = scim_slice_dup(prefix);
	size_t		len = prefix.len;

	while (len > 0)
	{
		pg_wchar	c;
		size_t		start = len - 1;

		while (start > 0 && (bound[start] & 0xC0) == 0x80)
			start--;
		c = utf8_to_unicode((unsigned char *) bound + start) + 1;
		if (c == 0xD800)
			c = 0xE000;
		if (c <= 0x10FFFF)
		{
			char	   *next = palloc(start + 5);

			memcpy(next, bound, start);
			unicode_to_utf8(c, (unsigned char *) next + start);
			return scim_slice_of(next, start + pg_utf_mblen((unsigned char *) next + start));
		}
		len = start;
	}
	return scim_slice("");
}

static const char *
sql_operator(ScimOperator op)
{
	switch (op)
	{
		case SCIM_OP_EQ:
			return "=";
		case SCIM_OP_NE:
			return "IS DISTINCT FROM";
		case SCIM_OP_GT:
			return ">";
		case SCIM_OP_GE:
			return ">=";
		case SCIM_OP_LT:
			return "<";
		case SCIM_OP_LE:
			return "<=";
		case SCIM_OP_CO:
		case SCIM_OP_EW:
		case SCIM_OP_SW:
			return "LIKE";
		case SCIM_OP_PR:
			break;
	}
	return NULL;
}

/* A text expression in collation "C" that holds comparison keys. */
void
scim_put_text(Translation *t, const ScimCondition *condition, const char *expression)
{
	ScimSql    *sql = t->sql;
	ScimSlice	key = condition->operand.key;
	ScimSlice	bound;

	if (condition->op == SCIM_OP_PR)
	{
		appendStringInfo(&sql->text, "%s <> ''", expression);
		return;
	}
	if (condition->op == SCIM_OP_CO || condition->op == SCIM_OP_EW)
		key = like_pattern(condition->op, key);
	if (condition->op != SCIM_OP_SW)
	{
		appendStringInfo(&sql->text, "%s %s $%d", expression, sql_operator(condition->op),
						 scim_sql_text_param(sql, key));
		return;
	}
	/* A generic plan cannot make a range of LIKE $n, so say the range. */
	appendStringInfo(&sql->text, "(%s >= $%d", expression, scim_sql_text_param(sql, key));
	bound = after_prefix(key);
	if (bound.len > 0)
		appendStringInfo(&sql->text, " AND %s < $%d", expression, scim_sql_text_param(sql, bound));
	appendStringInfoChar(&sql->text, ')');
}

/* An id: equality by the key, anything else on its text. */
void
scim_put_id(Translation *t, const ScimCondition *condition)
{
	ScimSlice	key = condition->operand.key;
	pg_uuid_t  *id = palloc(sizeof(pg_uuid_t));

	if (condition->op != SCIM_OP_EQ)
	{
		scim_put_text(t, condition, "r.id::pg_catalog.text COLLATE \"C\"");
		return;
	}
	if (!scim_uuid_parse(key, id))
	{
		scim_put_bool(t, false);
		return;
	}
	appendStringInfo(&t->sql->text, "r.id = $%d", scim_sql_param(t->sql, UUIDOID, UUIDPGetDatum(id)));
}

static void
put_instant(Translation *t, const ScimCondition *condition, const char *column)
{
	int64		epoch = (int64) (POSTGRES_EPOCH_JDATE - UNIX_EPOCH_JDATE) * USECS_PER_DAY;

	if (condition->op == SCIM_OP_PR)
		scim_put_bool(t, true);
	else
		appendStringInfo(&t->sql->text, "%s %s $%d", column, sql_operator(condition->op),
						 scim_sql_param(t->sql, TIMESTAMPTZOID,
										TimestampTzGetDatum(condition->operand.instant - epoch)));
}

/* What the location of a resource of this type has before its id. */
static int
location_param(Translation *t)
{
	return scim_sql_text_param(t->sql, scim_slice(psprintf("%s/%s/", t->base, t->type->endpoint.data)));
}

/* Sub-attributes of meta (RFC 7643 section 3.1); meta itself is always there. */
void
scim_put_meta(Translation *t, const ScimCondition *condition)
{
	ScimSlice	name = condition->attr->name;

	if (condition->attr->type == SCIM_TYPE_COMPLEX)
		scim_put_bool(t, condition->op == SCIM_OP_PR);
	else if (scim_slice_equal(name, scim_slice("created")))
		put_instant(t, condition, "r.created");
	else if (scim_slice_equal(name, scim_slice("lastModified")))
		put_instant(t, condition, "r.last_modified");
	else if (scim_slice_equal(name, scim_slice("version")))
		scim_put_text(t, condition, "('W/\"' || r.version::pg_catalog.text || '\"') COLLATE \"C\"");
	else if (scim_slice_equal(name, scim_slice("location")))
		scim_put_text(t, condition, psprintf("($%d || r.id::pg_catalog.text) COLLATE \"C\"",
											 location_param(t)));
	else
		scim_put_bool(t, scim_compare_text(condition->op, t->type->name, condition->operand.key));
}

/* schemas holds the core URN, and an extension's where the document has its container. */
void
scim_put_schemas(Translation *t, const ScimCondition *condition)
{
	StringInfo	out = &t->sql->text;

	appendStringInfoChar(out, '(');
	scim_put_bool(t, scim_compare_text(condition->op, t->type->urn, condition->operand.key));
	for (int i = 0; i < t->type->nextensions; i++)
		if (scim_compare_text(condition->op, t->type->extensions[i]->name, condition->operand.key))
			appendStringInfo(out, " OR r.doc ? $%d",
							 scim_sql_text_param(t->sql, t->type->extensions[i]->name));
	appendStringInfoChar(out, ')');
}

void
scim_put_column(Translation *t, const ScimCondition *condition)
{
	switch (condition->attr->column)
	{
		case SCIM_COLUMN_USER_NAME:
			scim_put_text(t, condition, "r.user_name");
			break;
		case SCIM_COLUMN_EXTERNAL_ID:
			scim_put_text(t, condition, "r.external_id");
			break;
		case SCIM_COLUMN_ACTIVE:
			if (condition->op == SCIM_OP_PR)
				appendStringInfoString(&t->sql->text, "r.active IS NOT NULL");
			else
				appendStringInfo(&t->sql->text, "r.active %s $%d", sql_operator(condition->op),
								 scim_sql_param(t->sql, BOOLOID,
												BoolGetDatum(condition->operand.boolean)));
			break;
		case SCIM_COLUMN_DISPLAY_NAME:
		case SCIM_COLUMN_NONE:
			Assert(false);
	}
}

/* Can a column answer this comparison? display_name holds no comparison key. */
bool
scim_has_column(const ScimCondition *condition)
{
	return condition->kind == SCIM_FILTER_COMPARE && !condition->operand.is_null &&
		condition->attr->column != SCIM_COLUMN_NONE &&
		condition->attr->column != SCIM_COLUMN_DISPLAY_NAME;
}

