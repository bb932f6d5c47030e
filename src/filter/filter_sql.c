/*-------------------------------------------------------------------------
 *
 * filter_sql.c
 *	  Conditions to SQL over scim.resource: columns where there are some, else scim.match().
 *
 * Values become parameters, names come from the schema; no text of a client reaches
 * the planner.  Every expression is true or not true under AND and OR; NOT tests
 * with IS NOT TRUE, so that a null column behaves as an absent value.
 *
 * A subtree that only the document can answer becomes one call of scim.match(), behind
 * an index where there is one.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/builtins.h"

#include "filter/filter_sql_int.h"
#include "util/throw.h"

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

int
scim_sql_text_param(ScimSql *sql, ScimSlice text)
{
	return scim_sql_param(sql, TEXTOID, PointerGetDatum(cstring_to_text_with_len(text.data, text.len)));
}

void
scim_put_bool(Translation *t, bool value)
{
	appendStringInfoString(&t->sql->text, value ? "true" : "false");
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
			return condition->attr != NULL && condition->attr->storage == SCIM_IN_DOC &&
				!scim_has_column(condition);
	}
	return false;
}

/* The document decides; the subtree is handed over as text. */
static void
put_match(Translation *t, const ScimCondition *condition)
{
	StringInfoData text;

	initStringInfo(&text);
	scim_filter_print(&text, condition->source);
	appendStringInfo(&t->sql->text, "scim.match(r.doc, $1, $%d, $%d)",
					 scim_sql_param(t->sql, INT2OID, Int16GetDatum(t->type->type_id)),
					 scim_sql_text_param(t->sql, scim_slice_of(text.data, text.len)));
}

static void
put_pair(Translation *t, const ScimCondition *condition)
{
	appendStringInfoChar(&t->sql->text, '(');
	scim_put_condition(t, condition->left);
	appendStringInfoString(&t->sql->text, condition->kind == SCIM_FILTER_AND ? " AND " : " OR ");
	scim_put_condition(t, condition->right);
	appendStringInfoChar(&t->sql->text, ')');
}

/*
 * A subtree of the document.  Where an index finds candidates, it does, and the document
 * confirms them; an or of two such subtrees is better off as two look-ups.
 */
static void
put_document(Translation *t, const ScimCondition *condition)
{
	const ScimCondition *indexed = t->pin != NULL ? NULL : scim_find_indexed(condition);

	if (indexed != NULL)
	{
		appendStringInfoChar(&t->sql->text, '(');
		scim_put_indexed(t, indexed);
		if (indexed != condition || !scim_index_is_exact(indexed))
		{
			appendStringInfoString(&t->sql->text, " AND ");
			put_match(t, condition);
		}
		appendStringInfoChar(&t->sql->text, ')');
	}
	else if (t->pin == NULL && condition->kind == SCIM_FILTER_OR &&
			 scim_find_indexed(condition->left) != NULL && scim_find_indexed(condition->right) != NULL)
		put_pair(t, condition);
	else
		put_match(t, condition);
}

bool
scim_holds_for_none(const ScimCondition *comparison)
{
	return comparison->op == (comparison->operand.is_null ? SCIM_OP_EQ : SCIM_OP_NE);
}

/* An attribute that the type lacks, in a query over several types, has no value. */
static void
put_absent(Translation *t, const ScimCondition *condition)
{
	scim_put_bool(t, condition->kind == SCIM_FILTER_COMPARE && scim_holds_for_none(condition));
}

static void
put_compare(Translation *t, const ScimCondition *condition)
{
	if (scim_has_column(condition))
	{
		scim_put_column(t, condition);
		return;
	}
	switch (condition->attr->storage)
	{
		case SCIM_IN_MEMBERS:
		case SCIM_IN_MEMBER_OF:
			scim_put_members(t, condition);
			break;
		case SCIM_IN_ID:
		case SCIM_IN_META:
		case SCIM_IN_SCHEMAS:
			if (condition->operand.is_null)
				scim_put_bool(t, condition->op == SCIM_OP_NE);	/* they are always there */
			else if (condition->attr->storage == SCIM_IN_ID)
				scim_put_id(t, condition);
			else if (condition->attr->storage == SCIM_IN_META)
				scim_put_meta(t, condition);
			else
				scim_put_schemas(t, condition);
			break;
		case SCIM_IN_DOC:
		case SCIM_IN_PASSWORD:
			Assert(false);
	}
}

/* meta[..] has one element, whose sub-attributes are columns. */
static void
put_value_path(Translation *t, const ScimCondition *condition)
{
	if (condition->attr->storage == SCIM_IN_META)
		scim_put_condition(t, condition->left);
	else if (condition->attr->storage == SCIM_IN_SCHEMAS)
		scim_raise(SCIM_E_INVALID_FILTER, "\"schemas\" takes no value filter; use schemas eq \"urn:..\"");
	else
		scim_put_members(t, condition);
}

void
scim_put_condition(Translation *t, const ScimCondition *condition)
{
	check_stack_depth();
	if (condition == t->pin && condition->kind == SCIM_FILTER_COMPARE)
	{
		scim_put_bool(t, true);
		return;
	}
	if (is_document_only(condition))
	{
		put_document(t, condition);
		return;
	}
	switch (condition->kind)
	{
		case SCIM_FILTER_AND:
		case SCIM_FILTER_OR:
			put_pair(t, condition);
			break;
		case SCIM_FILTER_NOT:
			appendStringInfoChar(&t->sql->text, '(');
			scim_put_condition(t, condition->left);
			appendStringInfoString(&t->sql->text, ") IS NOT TRUE");
			break;
		case SCIM_FILTER_COMPARE:
		case SCIM_FILTER_VALUE_PATH:
			if (condition->attr == NULL)
				put_absent(t, condition);
			else if (condition->kind == SCIM_FILTER_COMPARE)
				put_compare(t, condition);
			else
				put_value_path(t, condition);
			break;
	}
}

void
scim_filter_to_sql(ScimSql *sql, const ScimSchemaSet *schemas, const ScimResourceType *type,
				   const ScimCondition *condition, const ScimCondition *pin, const char *base)
{
	Translation t = {sql, schemas, type, base, pin};

	scim_put_condition(&t, condition);
}
