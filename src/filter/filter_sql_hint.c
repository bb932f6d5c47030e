/*-------------------------------------------------------------------------
 *
 * filter_sql_hint.c
 *	  Which index a filter lacks.
 *
 * A filter is narrow if an index finds a part of all resources that holds those that match.
 * An and is narrow if one of its sides is, an or if both are.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "miscadmin.h"

#include "filter/filter_sql_int.h"

/* A filter that is not narrow: what would make it so. */
typedef struct Breadth
{
	bool		is_narrow;
	const ScimAttribute *missing;	/* NULL: nothing would */
} Breadth;

/* A comparison for which there is an index, could be one, or cannot. */
static Breadth
breadth_of_comparison(const ScimCondition *condition)
{
	const ScimAttribute *attr = condition->attr;
	ScimCondition indexed = *condition;
	ScimAttribute copy;
	Breadth		breadth = {.is_narrow = true};

	if (attr == NULL)
		breadth.is_narrow = !scim_holds_for_none(condition);
	else if (condition->op == SCIM_OP_NE || condition->op == SCIM_OP_PR || condition->operand.is_null)
		breadth.is_narrow = false;
	else if (attr->storage != SCIM_IN_DOC || scim_has_column(condition))
		breadth.is_narrow = attr->column != SCIM_COLUMN_ACTIVE;
	else if (scim_find_indexed(condition) == NULL)
	{
		copy = *attr;
		copy.index_id = 1;
		indexed.attr = &copy;
		breadth.is_narrow = false;
		if (scim_attribute_can_be_key(attr) && scim_find_indexed(&indexed) != NULL)
			breadth.missing = attr;
	}
	return breadth;
}

static Breadth
breadth_of(const ScimCondition *condition)
{
	Breadth		none = {0};
	Breadth		left;
	Breadth		right;

	check_stack_depth();
	switch (condition->kind)
	{
		case SCIM_FILTER_COMPARE:
			return breadth_of_comparison(condition);
		case SCIM_FILTER_VALUE_PATH:
			return condition->left == NULL ? none : breadth_of(condition->left);
		case SCIM_FILTER_NOT:
			return none;
		case SCIM_FILTER_AND:
			left = breadth_of(condition->left);
			right = breadth_of(condition->right);
			if (left.is_narrow || right.is_narrow)
				return left.is_narrow ? left : right;
			return left.missing != NULL ? left : right;
		case SCIM_FILTER_OR:
			left = breadth_of(condition->left);
			right = breadth_of(condition->right);
			if (left.is_narrow)
				return right;
			return right.is_narrow || right.missing != NULL ? left : right;
	}
	return none;
}

const ScimAttribute *
scim_filter_missing_index(const ScimCondition *condition)
{
	return breadth_of(condition).missing;
}
