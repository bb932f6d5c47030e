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
			/* a key that was cut is found by equality only in part */
			return scim_key_is_whole(scim_index_key(condition));
		case SCIM_OP_PR:
			return true;
		case SCIM_OP_NE:
		case SCIM_OP_CO:
		case SCIM_OP_EW:
			return false;
	}
	return false;
}

/* eq is sharper than prefix or range, and those than presence. */
static const ScimCondition *
sharper(const ScimCondition *a, const ScimCondition *b)
{
	if (a == NULL || b == NULL)
		return a == NULL ? b : a;
	if (a->op == SCIM_OP_EQ || b->op == SCIM_OP_PR)
		return a;
	return b->op == SCIM_OP_EQ || a->op == SCIM_OP_PR ? b : a;
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
	scim_put_text(t, &comparison, "v.v");
	appendStringInfoChar(&t->sql->text, ')');
}
