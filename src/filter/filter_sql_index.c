/*-------------------------------------------------------------------------
 *
 * filter_sql_index.c
 *	  Terms of a filter that scim.attr_value, the index of declared attributes, can find.
 *
 * A term that must hold for the whole condition to hold narrows the search to the
 * resources that the index names for it; the document confirms the rest.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "miscadmin.h"

#include "filter/filter_sql_int.h"

/* Of UTF-8. */
#define MAX_CHARACTER_BYTES 4

ScimSlice
scim_index_key(const ScimCondition *condition)
{
	switch (condition->attr->type)
	{
		case SCIM_TYPE_INTEGER:
		case SCIM_TYPE_DECIMAL:
			return scim_key_of_number(condition->operand.number);
		case SCIM_TYPE_DATETIME:
			return scim_key_of_instant(condition->operand.instant);
		case SCIM_TYPE_STRING:
		case SCIM_TYPE_REFERENCE:
		case SCIM_TYPE_BINARY:
		case SCIM_TYPE_BOOLEAN:
		case SCIM_TYPE_COMPLEX:
			break;
	}
	return scim_key_of_text(condition->operand.key);
}

/* Can the index find what this comparison is true for? */
static bool
is_indexed(const ScimCondition *condition)
{
	if (condition->attr == NULL || condition->attr->index_id == 0 || condition->operand.is_null)
		return false;
	switch (condition->op)
	{
		case SCIM_OP_EQ:
		case SCIM_OP_SW:
		case SCIM_OP_GT:
		case SCIM_OP_GE:
		case SCIM_OP_LT:
		case SCIM_OP_LE:
		case SCIM_OP_CO:
		case SCIM_OP_EW:
			/* a key that was cut is found by equality only in part */
			return scim_key_is_whole(scim_index_key(condition));
		case SCIM_OP_PR:
			return true;
		case SCIM_OP_NE:
			return false;
	}
	return false;
}

/* An end or a part of a value is looked for in the whole index of the attribute. */
static bool
reads_all_keys(const ScimCondition *condition)
{
	return condition->op == SCIM_OP_CO || condition->op == SCIM_OP_EW;
}

/* How much of the index a comparison reads, in steps. */
static int
bluntness(const ScimCondition *condition)
{
	if (condition->op == SCIM_OP_EQ)
		return 0;
	return condition->op == SCIM_OP_PR ? 3 : reads_all_keys(condition) ? 2 : 1;
}

static const ScimCondition *
sharper(const ScimCondition *a, const ScimCondition *b)
{
	if (a == NULL || b == NULL)
		return a == NULL ? b : a;
	return bluntness(a) <= bluntness(b) ? a : b;
}

const ScimCondition *
scim_find_indexed(const ScimCondition *condition)
{
	check_stack_depth();
	switch (condition->kind)
	{
		case SCIM_FILTER_AND:
			return sharper(scim_find_indexed(condition->left), scim_find_indexed(condition->right));
		case SCIM_FILTER_VALUE_PATH:
			return condition->attr == NULL ? NULL : scim_find_indexed(condition->left);
		case SCIM_FILTER_COMPARE:
			return is_indexed(condition) ? condition : NULL;
		case SCIM_FILTER_OR:
		case SCIM_FILTER_NOT:
			break;
	}
	return NULL;
}

void
scim_put_indexed(Translation *t, const ScimCondition *indexed)
{
	ScimCondition comparison = *indexed;

	if (indexed->op != SCIM_OP_PR)
		comparison.operand.key = scim_index_key(indexed);
	appendStringInfo(&t->sql->text,
					 "r.id IN (SELECT v.id FROM scim.attr_value v"
					 " WHERE v.directory_id = $1 AND v.attr_id = %d::pg_catalog.int2 AND ",
					 indexed->attr->index_id);
	if (!reads_all_keys(indexed))
		scim_put_text(t, &comparison, "v.v");
	else
	{
		/* What was cut off a key may be what is looked for. LIKE tells the planner that such are few. */
		appendStringInfoChar(&t->sql->text, '(');
		scim_put_text(t, &comparison, "v.v");
		appendStringInfo(&t->sql->text, " OR (pg_catalog.octet_length(v.v) > %d"
						 " AND v.v LIKE pg_catalog.repeat('_', %d) || '%%'))",
						 SCIM_WHOLE_KEY_BYTES, SCIM_WHOLE_KEY_BYTES / MAX_CHARACTER_BYTES);
	}
	appendStringInfoChar(&t->sql->text, ')');
}

bool
scim_index_is_exact(const ScimCondition *comparison)
{
	return !reads_all_keys(comparison);
}
