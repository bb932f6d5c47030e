/*-------------------------------------------------------------------------
 *
 * filter_sql.c
 *	  Conditions to SQL over scim.resource: columns where there are some, else scim.match().
 *
 * Values become parameters, names come from the schema; no text of a client reaches
 * the planner.  Every expression is true or not true under AND and OR; NOT tests
 * with IS NOT TRUE, so that a null column behaves as an absent value.
 *
 * A subtree that only the document can answer becomes one call of scim.match().
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"
#include "utils/uuid.h"

#include "filter/filter.h"
#include "util/throw.h"
#include "util/uuid.h"

typedef struct Translation
{
	ScimSql    *sql;
	const ScimResourceType *type;
	ScimSlice	location;
} Translation;

static void put_condition(Translation *t, const ScimCondition *condition);

int
scim_sql_param(ScimSql *sql, Oid type, Datum value)
{
	if (sql->nparams >= SCIM_MAX_FILTER_PARAMS)
		scim_raise(SCIM_E_INVALID_FILTER, "the filter has more than %d values",
				   SCIM_MAX_FILTER_PARAMS);
	sql->types[sql->nparams] = type;
	sql->values[sql->nparams] = value;
	return ++sql->nparams;
}

static int
text_param(ScimSql *sql, ScimSlice text)
{
	return scim_sql_param(sql, TEXTOID, PointerGetDatum(cstring_to_text_with_len(text.data, text.len)));
}

static void
put_bool(Translation *t, bool value)
{
	appendStringInfoString(&t->sql->text, value ? "true" : "false");
}

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
static void
put_text(Translation *t, const ScimCondition *condition, const char *expression)
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
						 text_param(sql, key));
		return;
	}
	/* A generic plan cannot make a range of LIKE $n, so say the range. */
	appendStringInfo(&sql->text, "(%s >= $%d", expression, text_param(sql, key));
	bound = after_prefix(key);
	if (bound.len > 0)
		appendStringInfo(&sql->text, " AND %s < $%d", expression, text_param(sql, bound));
	appendStringInfoChar(&sql->text, ')');
}

/* An id: equality by the key, anything else on its text. */
static void
put_id(Translation *t, const ScimCondition *condition)
{
	ScimSlice	key = condition->operand.key;
	pg_uuid_t  *id = palloc(sizeof(pg_uuid_t));

	if (condition->op != SCIM_OP_EQ)
	{
		put_text(t, condition, "r.id::pg_catalog.text COLLATE \"C\"");
		return;
	}
	if (!scim_uuid_parse(key, id))
	{
		put_bool(t, false);
		return;
	}
	appendStringInfo(&t->sql->text, "r.id = $%d", scim_sql_param(t->sql, UUIDOID, UUIDPGetDatum(id)));
}

static void
put_instant(Translation *t, const ScimCondition *condition, const char *column)
{
	int64		epoch = (int64) (POSTGRES_EPOCH_JDATE - UNIX_EPOCH_JDATE) * USECS_PER_DAY;

	if (condition->op == SCIM_OP_PR)
		put_bool(t, true);
	else
		appendStringInfo(&t->sql->text, "%s %s $%d", column, sql_operator(condition->op),
						 scim_sql_param(t->sql, TIMESTAMPTZOID,
										TimestampTzGetDatum(condition->operand.instant - epoch)));
}

/* Sub-attributes of meta (RFC 7643 section 3.1); meta itself is always there. */
static void
put_meta(Translation *t, const ScimCondition *condition)
{
	ScimSlice	name = condition->attr->name;

	if (condition->attr->type == SCIM_TYPE_COMPLEX)
		put_bool(t, condition->op == SCIM_OP_PR);
	else if (scim_slice_equal(name, scim_slice("created")))
		put_instant(t, condition, "r.created");
	else if (scim_slice_equal(name, scim_slice("lastModified")))
		put_instant(t, condition, "r.last_modified");
	else if (scim_slice_equal(name, scim_slice("version")))
		put_text(t, condition, "('W/\"' || r.version::pg_catalog.text || '\"') COLLATE \"C\"");
	else if (scim_slice_equal(name, scim_slice("location")))
		put_text(t, condition, psprintf("($%d || r.id::pg_catalog.text) COLLATE \"C\"",
										text_param(t->sql, t->location)));
	else
		put_bool(t, scim_compare_text(condition->op, t->type->name, condition->operand.key));
}

/* schemas holds the core URN, and an extension's where the document has its container. */
static void
put_schemas(Translation *t, const ScimCondition *condition)
{
	StringInfo	out = &t->sql->text;

	appendStringInfoChar(out, '(');
	put_bool(t, scim_compare_text(condition->op, t->type->urn, condition->operand.key));
	for (int i = 0; i < t->type->nextensions; i++)
		if (scim_compare_text(condition->op, t->type->extensions[i]->name, condition->operand.key))
			appendStringInfo(out, " OR r.doc ? $%d",
							 text_param(t->sql, t->type->extensions[i]->name));
	appendStringInfoChar(out, ')');
}

static void
put_column(Translation *t, const ScimCondition *condition)
{
	switch (condition->attr->column)
	{
		case SCIM_COLUMN_USER_NAME:
			put_text(t, condition, "r.user_name");
			break;
		case SCIM_COLUMN_EXTERNAL_ID:
			put_text(t, condition, "r.external_id");
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
static bool
has_column(const ScimCondition *condition)
{
	return condition->kind == SCIM_FILTER_COMPARE && !condition->operand.is_null &&
		condition->attr->column != SCIM_COLUMN_NONE &&
		condition->attr->column != SCIM_COLUMN_DISPLAY_NAME;
}

/* Is the whole subtree a matter of the document? */
static bool
is_document_only(const ScimCondition *condition)
{
	switch (condition->kind)
	{
		case SCIM_FILTER_AND:
		case SCIM_FILTER_OR:
			return is_document_only(condition->left) && is_document_only(condition->right);
		case SCIM_FILTER_NOT:
			return is_document_only(condition->left);
		case SCIM_FILTER_COMPARE:
		case SCIM_FILTER_VALUE_PATH:
			return condition->attr->storage == SCIM_IN_DOC && !has_column(condition);
	}
	return false;
}

static void
put_match(Translation *t, const ScimCondition *condition)
{
	StringInfoData text;

	initStringInfo(&text);
	scim_filter_print(&text, condition->source);
	appendStringInfo(&t->sql->text, "scim.match(r.doc, $1, $2, $%d)",
					 text_param(t->sql, scim_slice_of(text.data, text.len)));
}

/* Attributes that are always there, asked for null. */
static void
put_null_test(Translation *t, const ScimCondition *condition)
{
	put_bool(t, condition->op == SCIM_OP_NE);
}

static void
translate_compare(Translation *t, const ScimCondition *condition)
{
	if (has_column(condition))
		put_column(t, condition);
	else if (condition->operand.is_null)
		put_null_test(t, condition);
	else if (condition->attr->storage == SCIM_IN_ID)
		put_id(t, condition);
	else if (condition->attr->storage == SCIM_IN_META)
		put_meta(t, condition);
	else if (condition->attr->storage == SCIM_IN_SCHEMAS)
		put_schemas(t, condition);
	else
		scim_raise(SCIM_E_INVALID_FILTER, "\"%s\" cannot be searched", condition->attr->path);
}

static void
translate_pair(Translation *t, const ScimCondition *condition)
{
	appendStringInfoChar(&t->sql->text, '(');
	put_condition(t, condition->left);
	appendStringInfoString(&t->sql->text, condition->kind == SCIM_FILTER_AND ? " AND " : " OR ");
	put_condition(t, condition->right);
	appendStringInfoChar(&t->sql->text, ')');
}

/* meta[..] has one element, whose sub-attributes are the columns. */
static void
translate_value_path(Translation *t, const ScimCondition *condition)
{
	if (condition->attr->storage != SCIM_IN_META)
		scim_raise(SCIM_E_INVALID_FILTER, "\"%s\" cannot be searched", condition->attr->path);
	put_condition(t, condition->left);
}

static void
put_condition(Translation *t, const ScimCondition *condition)
{
	check_stack_depth();
	if (is_document_only(condition))
	{
		put_match(t, condition);
		return;
	}
	switch (condition->kind)
	{
		case SCIM_FILTER_AND:
		case SCIM_FILTER_OR:
			translate_pair(t, condition);
			break;
		case SCIM_FILTER_NOT:
			appendStringInfoChar(&t->sql->text, '(');
			put_condition(t, condition->left);
			appendStringInfoString(&t->sql->text, ") IS NOT TRUE");
			break;
		case SCIM_FILTER_COMPARE:
			translate_compare(t, condition);
			break;
		case SCIM_FILTER_VALUE_PATH:
			translate_value_path(t, condition);
			break;
	}
}

/* Does one of the terms that must hold together pin a unique key? */
static bool
pins_a_key(const ScimCondition *condition)
{
	if (condition->kind == SCIM_FILTER_AND)
		return pins_a_key(condition->left) || pins_a_key(condition->right);
	return condition->kind == SCIM_FILTER_COMPARE && condition->op == SCIM_OP_EQ &&
		!condition->operand.is_null &&
		(condition->attr->storage == SCIM_IN_ID || condition->attr->column == SCIM_COLUMN_USER_NAME);
}

void
scim_filter_to_sql(ScimSql *sql, const ScimResourceType *type, const ScimCondition *condition,
				   ScimSlice location)
{
	Translation t = {sql, type, location};

	sql->selects_one = pins_a_key(condition);
	put_condition(&t, condition);
}
