/*-------------------------------------------------------------------------
 *
 * filter_resolve.c
 *	  Names to attributes, literals to operands; refuses what does not fit.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "miscadmin.h"
#include "utils/builtins.h"

#include "core/base64url.h"
#include "core/datetime.h"
#include "filter/filter.h"
#include "util/throw.h"

/* Where names are looked up: a resource type, or the attribute before the brackets. */
typedef struct Scope
{
	const ScimResourceType *type;	/* NULL inside brackets */
	const ScimAttribute *attr;	/* root, or the attribute before the brackets */
	bool		is_lenient;		/* unknown attributes have no value, instead of being refused */
} Scope;

SCIM_NORETURN static void refuse(const ScimAttrName *name, const char *why);

static void
refuse(const ScimAttrName *name, const char *why)
{
	scim_raise(SCIM_E_INVALID_FILTER, "\"%.*s\" %s", (int) Min(name->text.len, 120),
			   name->text.data, why);
}

/* Finds a name in its scope; a list of simple values has the one sub-attribute "value", itself. */
static const ScimAttribute *
find_attribute(const Scope *scope, const ScimAttrName *name)
{
	const ScimAttribute *attr;

	if (scope->type != NULL)
		attr = scim_attribute_resolve(scope->type, name);
	else if (name->urn.len > 0 || name->sub.len > 0)
		attr = NULL;
	else if (scope->attr->type != SCIM_TYPE_COMPLEX)
		attr = scim_slice_equal_ci(name->name, scim_slice("value")) ? scope->attr : NULL;
	else
		attr = scim_attribute_sub(scope->attr, name->name);
	if (attr == NULL && scope->is_lenient)
		return NULL;
	if (attr == NULL)
		refuse(name, "is not an attribute here");
	if (attr->storage == SCIM_IN_PASSWORD)
		refuse(name, "cannot be searched");
	return attr;
}

/* Which operators make sense for values of a type, pr aside. */
static bool
operator_fits(ScimOperator op, ScimType type)
{
	switch (type)
	{
		case SCIM_TYPE_STRING:
		case SCIM_TYPE_REFERENCE:
			return true;
		case SCIM_TYPE_BOOLEAN:
		case SCIM_TYPE_BINARY:
			return op == SCIM_OP_EQ || op == SCIM_OP_NE;
		case SCIM_TYPE_DECIMAL:
		case SCIM_TYPE_INTEGER:
		case SCIM_TYPE_DATETIME:
			return op != SCIM_OP_CO && op != SCIM_OP_SW && op != SCIM_OP_EW;
		case SCIM_TYPE_COMPLEX:
			return false;
	}
	return false;
}

static Numeric
read_number(const ScimLiteral *literal, const ScimAttrName *name)
{
	const char *exponent;
	char	   *text = scim_slice_dup(literal->text);

	exponent = strpbrk(text, "eE");
	if (literal->text.len > 100 ||
		(exponent != NULL && (strlen(exponent) > 5 || labs(strtol(exponent + 1, NULL, 10)) > 400)))
		refuse(name, "is compared with a number out of range");
	return DatumGetNumeric(DirectFunctionCall3(numeric_in, CStringGetDatum(text),
											   ObjectIdGetDatum(InvalidOid), Int32GetDatum(-1)));
}

/* A boolean literal; its text form is taken too, since clients quote it. */
static bool
read_boolean(const ScimLiteral *literal, const ScimAttrName *name)
{
	if (literal->kind == SCIM_LITERAL_TRUE || literal->kind == SCIM_LITERAL_FALSE)
		return literal->kind == SCIM_LITERAL_TRUE;
	if (literal->kind == SCIM_LITERAL_STRING)
	{
		if (scim_slice_equal_ci(literal->text, scim_slice("true")))
			return true;
		if (scim_slice_equal_ci(literal->text, scim_slice("false")))
			return false;
	}
	refuse(name, "is a boolean and compares with true or false");
}

/* Prepares the literal for comparisons with values of attr. */
static void
read_operand(ScimOperand *operand, const ScimLiteral *literal, const ScimAttribute *attr,
			 const ScimAttrName *name)
{
	bool		is_string = literal->kind == SCIM_LITERAL_STRING;

	switch (attr->type)
	{
		case SCIM_TYPE_BOOLEAN:
			operand->boolean = read_boolean(literal, name);
			break;
		case SCIM_TYPE_DECIMAL:
		case SCIM_TYPE_INTEGER:
			if (literal->kind != SCIM_LITERAL_NUMBER)
				refuse(name, "is a number and compares with a number without quotes");
			operand->number = read_number(literal, name);
			break;
		case SCIM_TYPE_DATETIME:
			if (!is_string || !scim_datetime_parse(literal->text, &operand->instant))
				refuse(name, "compares with a dateTime such as \"2026-01-31T12:00:00Z\"");
			break;
		case SCIM_TYPE_STRING:
		case SCIM_TYPE_REFERENCE:
		case SCIM_TYPE_BINARY:
			if (!is_string)
				refuse(name, "compares with a string in double quotes");
			operand->key = scim_fold(literal->text, scim_attribute_fold(attr));
			break;
		case SCIM_TYPE_COMPLEX:
			refuse(name, "has sub-attributes; name one of them");
	}
}

static void
resolve_compare(ScimCondition *condition, const Scope *scope, const ScimFilter *filter)
{
	const ScimAttribute *attr = find_attribute(scope, &filter->attr);

	condition->op = filter->op;
	/* anything but eq would give a secret away piece by piece (FLT-34) */
	if (attr != NULL && filter->op != SCIM_OP_EQ && scim_attribute_is_secret(attr))
		refuse(&filter->attr, "is never told and compares by eq only");
	condition->scope = scope->attr;
	condition->attr = attr;
	condition->operand.is_null = filter->literal.kind == SCIM_LITERAL_NULL;
	if (filter->op == SCIM_OP_PR || attr == NULL)
		return;
	if (attr->type == SCIM_TYPE_COMPLEX && attr->value != NULL)
		condition->attr = attr = attr->value;
	if (filter->literal.kind == SCIM_LITERAL_NULL)
	{
		if (filter->op != SCIM_OP_EQ && filter->op != SCIM_OP_NE)
			refuse(&filter->attr, "compares with null by eq and ne only");
		return;
	}
	if (attr->type != SCIM_TYPE_COMPLEX && !operator_fits(filter->op, attr->type))
		scim_raise(SCIM_E_INVALID_FILTER, "operator \"%s\" does not fit the type of \"%s\"",
				   scim_operator_name(filter->op), attr->path);
	read_operand(&condition->operand, &filter->literal, attr, &filter->attr);
}

static ScimCondition *
resolve(const Scope *scope, const ScimFilter *filter)
{
	ScimCondition *condition = palloc0(sizeof(ScimCondition));

	check_stack_depth();
	condition->kind = filter->kind;
	condition->source = filter;
	switch (filter->kind)
	{
		case SCIM_FILTER_AND:
		case SCIM_FILTER_OR:
			condition->left = resolve(scope, filter->left);
			condition->right = resolve(scope, filter->right);
			break;
		case SCIM_FILTER_NOT:
			condition->left = resolve(scope, filter->left);
			break;
		case SCIM_FILTER_COMPARE:
			resolve_compare(condition, scope, filter);
			break;
		case SCIM_FILTER_VALUE_PATH:
			condition->scope = scope->attr;
			condition->attr = find_attribute(scope, &filter->attr);
			if (condition->attr != NULL)
				condition->left = scim_filter_resolve_elements(condition->attr, filter->left);
			break;
	}
	return condition;
}

ScimCondition *
scim_filter_resolve(const ScimResourceType *type, const ScimFilter *filter)
{
	Scope		scope = {type, type->root, false};

	return resolve(&scope, filter);
}

ScimCondition *
scim_filter_resolve_lenient(const ScimResourceType *type, const ScimFilter *filter)
{
	Scope		scope = {type, type->root, true};

	return resolve(&scope, filter);
}

ScimCondition *
scim_filter_resolve_elements(const ScimAttribute *attr, const ScimFilter *filter)
{
	Scope		scope = {NULL, attr, false};

	if (attr->type != SCIM_TYPE_COMPLEX && !attr->multi_valued)
		scim_raise(SCIM_E_INVALID_FILTER, "\"%s\" has a single simple value and takes no [..]",
				   attr->path);
	return resolve(&scope, filter);
}
