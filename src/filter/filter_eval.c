/*-------------------------------------------------------------------------
 *
 * filter_eval.c
 *	  Conditions on JSON values: for PATCH value paths, and for what has no index.
 *
 * scim_match() is the SQL side: filter_sql.c calls it for parts of a filter that
 * only the document can answer.  It is PARALLEL SAFE and compiles its filter once
 * per query.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "miscadmin.h"
#include "utils/builtins.h"

#include "core/datetime.h"
#include "filter/filter.h"
#include "util/jsonb.h"

bool
scim_compare_text(ScimOperator op, ScimSlice key, ScimSlice operand)
{
	switch (op)
	{
		case SCIM_OP_EQ:
			return scim_slice_equal(key, operand);
		case SCIM_OP_NE:
			return !scim_slice_equal(key, operand);
		case SCIM_OP_CO:
			return operand.len == 0 ||
				memmem(key.data, key.len, operand.data, operand.len) != NULL;
		case SCIM_OP_SW:
			return key.len >= operand.len && memcmp(key.data, operand.data, operand.len) == 0;
		case SCIM_OP_EW:
			return key.len >= operand.len &&
				memcmp(key.data + key.len - operand.len, operand.data, operand.len) == 0;
		case SCIM_OP_GT:
			return scim_key_compare(key, operand) > 0;
		case SCIM_OP_GE:
			return scim_key_compare(key, operand) >= 0;
		case SCIM_OP_LT:
			return scim_key_compare(key, operand) < 0;
		case SCIM_OP_LE:
			return scim_key_compare(key, operand) <= 0;
		case SCIM_OP_PR:
			return key.len > 0;
	}
	return false;
}

/* The order operators on the sign of a comparison. */
static bool
compare_sign(ScimOperator op, int sign)
{
	switch (op)
	{
		case SCIM_OP_EQ:
			return sign == 0;
		case SCIM_OP_NE:
			return sign != 0;
		case SCIM_OP_GT:
			return sign > 0;
		case SCIM_OP_GE:
			return sign >= 0;
		case SCIM_OP_LT:
			return sign < 0;
		case SCIM_OP_LE:
			return sign <= 0;
		case SCIM_OP_CO:
		case SCIM_OP_SW:
		case SCIM_OP_EW:
		case SCIM_OP_PR:
			break;
	}
	return false;
}

/* One scalar against the operand; a value of another type, left by an older schema, matches nothing but ne. */
static bool
compare_scalar(const ScimCondition *condition, const JsonbValue *value)
{
	const ScimOperand *operand = &condition->operand;
	const ScimAttribute *attr = condition->attr;
	int64		instant;

	switch (attr->type)
	{
		case SCIM_TYPE_BOOLEAN:
			return value->type == jbvBool &&
				compare_sign(condition->op, value->val.boolean - operand->boolean);
		case SCIM_TYPE_INTEGER:
		case SCIM_TYPE_DECIMAL:
			return value->type == jbvNumeric &&
				compare_sign(condition->op, DatumGetInt32(
							DirectFunctionCall2(numeric_cmp, NumericGetDatum(value->val.numeric),
												NumericGetDatum(operand->number))));
		case SCIM_TYPE_DATETIME:
			return value->type == jbvString &&
				scim_datetime_parse(scim_jsonb_text(value), &instant) &&
				compare_sign(condition->op, (instant > operand->instant) - (instant < operand->instant));
		case SCIM_TYPE_STRING:
		case SCIM_TYPE_REFERENCE:
		case SCIM_TYPE_BINARY:
			return value->type == jbvString &&
				scim_compare_text(condition->op,
								  scim_fold(scim_jsonb_text(value), scim_attribute_fold(attr)),
								  operand->key);
		case SCIM_TYPE_COMPLEX:
			break;
	}
	return false;
}

bool
scim_value_is_present(const JsonbValue *value)
{
	const JsonbValue *open;
	bool		is_array = scim_jsonb_is_array(value);

	if (!is_array && !scim_jsonb_is_object(value))
		return value->type != jbvNull && !(value->type == jbvString && value->val.string.len == 0);
	check_stack_depth();
	open = scim_jsonb_open(value);
	for (int i = 0; i < scim_jsonb_size(open); i++)
		if (scim_value_is_present(is_array ? &open->val.array.elems[i] :
								  &open->val.object.pairs[i].value))
			return true;
	return false;
}

/* What a walk over the values of an attribute found. */
typedef struct Finding
{
	bool		assigned;		/* there is a value */
	bool		matched;		/* one of them satisfies the test */
} Finding;

/* Tests one value of the condition's attribute. */
static void
test_value(const ScimCondition *condition, const JsonbValue *value, Finding *finding)
{
	finding->assigned = true;
	if (condition->kind == SCIM_FILTER_VALUE_PATH)
		finding->matched = scim_filter_matches(condition->left, value);
	else if (condition->op == SCIM_OP_PR)
		finding->matched = scim_value_is_present(value);
	else if (!condition->operand.is_null)
		finding->matched = compare_scalar(condition, value);
}

/*
 * Visits the values of attr below value, which is one of from; arrays count as their
 * elements.  Stops at the first match.
 */
static void
walk(const ScimCondition *condition, const ScimAttribute *attr, const ScimAttribute *from,
	 const JsonbValue *value, Finding *finding);

/* Visits the elements if value is a list, else value itself. */
static void
visit(const ScimCondition *condition, const ScimAttribute *from, const JsonbValue *value,
	  Finding *finding)
{
	const JsonbValue *list;

	if (value == NULL || value->type == jbvNull)
		return;
	if (!scim_jsonb_is_array(value))
	{
		walk(condition, condition->attr, from, value, finding);
		return;
	}
	list = scim_jsonb_open(value);
	for (int i = 0; i < list->val.array.nElems && !finding->matched; i++)
		walk(condition, condition->attr, from, &list->val.array.elems[i], finding);
}

static void
walk(const ScimCondition *condition, const ScimAttribute *attr, const ScimAttribute *from,
	 const JsonbValue *value, Finding *finding)
{
	const ScimAttribute *step = attr;

	if (attr == from)
	{
		test_value(condition, value, finding);
		return;
	}
	while (step->parent != from)
		step = step->parent;
	visit(condition, step, scim_jsonb_get(value, step->name), finding);
}

static bool
matches_leaf(const ScimCondition *condition, const JsonbValue *value)
{
	Finding		finding = {false, false};

	walk(condition, condition->attr, condition->scope, value, &finding);
	if (condition->kind == SCIM_FILTER_COMPARE && condition->operand.is_null)
		return finding.assigned == (condition->op == SCIM_OP_NE);
	if (condition->kind == SCIM_FILTER_COMPARE && condition->op == SCIM_OP_NE)
		return finding.matched || !finding.assigned;
	return finding.matched;
}

bool
scim_filter_matches(const ScimCondition *condition, const JsonbValue *value)
{
	check_stack_depth();
	switch (condition->kind)
	{
		case SCIM_FILTER_AND:
			return scim_filter_matches(condition->left, value) &&
				scim_filter_matches(condition->right, value);
		case SCIM_FILTER_OR:
			return scim_filter_matches(condition->left, value) ||
				scim_filter_matches(condition->right, value);
		case SCIM_FILTER_NOT:
			return !scim_filter_matches(condition->left, value);
		case SCIM_FILTER_COMPARE:
		case SCIM_FILTER_VALUE_PATH:
			return matches_leaf(condition, value);
	}
	return false;
}
