/*-------------------------------------------------------------------------
 *
 * filter_print.c
 *	  A filter tree as text: for messages, tests and logs.
 *
 *-------------------------------------------------------------------------
 */
#include "core/core.h"

#include "core/filter.h"

static void print_group(StringInfo out, const ScimFilter *filter);

/* A slice as it is. */
static void
print_slice(StringInfo out, ScimSlice slice)
{
	appendBinaryStringInfo(out, slice.data, (int) slice.len);
}

/* A JSON string; everything but what JSON forbids stays as it is. */
static void
print_string(StringInfo out, ScimSlice text)
{
	appendStringInfoChar(out, '"');
	for (size_t i = 0; i < text.len; i++)
	{
		unsigned char c = (unsigned char) text.data[i];

		if (c < ' ')
			appendStringInfo(out, "\\u%04x", c);
		else
		{
			if (c == '"' || c == '\\')
				appendStringInfoChar(out, '\\');
			appendStringInfoChar(out, (char) c);
		}
	}
	appendStringInfoChar(out, '"');
}

/* attribute operator [value] */
static void
print_comparison(StringInfo out, const ScimFilter *filter)
{
	print_slice(out, filter->attr.text);
	appendStringInfo(out, " %s", scim_operator_name(filter->op));
	switch (filter->literal.kind)
	{
		case SCIM_LITERAL_NONE:
			break;
		case SCIM_LITERAL_STRING:
			appendStringInfoChar(out, ' ');
			print_string(out, filter->literal.text);
			break;
		case SCIM_LITERAL_NUMBER:
			appendStringInfoChar(out, ' ');
			print_slice(out, filter->literal.text);
			break;
		case SCIM_LITERAL_TRUE:
			appendStringInfoString(out, " true");
			break;
		case SCIM_LITERAL_FALSE:
			appendStringInfoString(out, " false");
			break;
		case SCIM_LITERAL_NULL:
			appendStringInfoString(out, " null");
			break;
	}
}

/*
 * An operand of and/or.  An "or" under an "and" needs its group, and so does a right
 * operand of the parent's own kind: without it the chain would become left-deep.
 */
static void
print_operand(StringInfo out, const ScimFilter *parent, const ScimFilter *operand)
{
	bool		mixed = parent->kind == SCIM_FILTER_AND && operand->kind == SCIM_FILTER_OR;
	bool		chained = operand->kind == parent->kind && operand == parent->right;

	if (mixed || chained)
		print_group(out, operand);
	else
		scim_filter_print(out, operand);
}

static void
print_group(StringInfo out, const ScimFilter *filter)
{
	appendStringInfoChar(out, '(');
	scim_filter_print(out, filter);
	appendStringInfoChar(out, ')');
}

void
scim_filter_print(StringInfo out, const ScimFilter *filter)
{
	switch (filter->kind)
	{
		case SCIM_FILTER_AND:
		case SCIM_FILTER_OR:
			print_operand(out, filter, filter->left);
			appendStringInfoString(out, filter->kind == SCIM_FILTER_AND ? " and " : " or ");
			print_operand(out, filter, filter->right);
			break;
		case SCIM_FILTER_NOT:
			appendStringInfoString(out, "not ");
			print_group(out, filter->left);
			break;
		case SCIM_FILTER_COMPARE:
			print_comparison(out, filter);
			break;
		case SCIM_FILTER_VALUE_PATH:
			print_slice(out, filter->attr.text);
			appendStringInfoChar(out, '[');
			scim_filter_print(out, filter->left);
			appendStringInfoChar(out, ']');
			break;
	}
}
