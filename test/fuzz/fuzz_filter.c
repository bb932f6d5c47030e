/*-------------------------------------------------------------------------
 *
 * fuzz_filter.c
 *	  Filters: what parses prints to text that parses to the same tree.
 *
 *-------------------------------------------------------------------------
 */
#include "fuzz.h"

#include "core/filter.h"

/* Do two trees say the same? */
static bool
tree_equal(const ScimFilter *a, const ScimFilter *b)
{
	if (a == NULL || b == NULL)
		return a == b;
	return a->kind == b->kind && a->op == b->op &&
		scim_slice_equal(a->attr.text, b->attr.text) &&
		a->literal.kind == b->literal.kind &&
		(a->literal.kind > SCIM_LITERAL_NUMBER ||
		 scim_slice_equal(a->literal.text, b->literal.text)) &&
		tree_equal(a->left, b->left) && tree_equal(a->right, b->right);
}

static int
count_nodes(const ScimFilter *filter)
{
	return filter == NULL ? 0 : 1 + count_nodes(filter->left) + count_nodes(filter->right);
}

void
fuzz(ScimSlice input)
{
	const ScimLimits limits = SCIM_LIMITS_DEFAULT;
	/* Printed text may be longer than what was parsed, and has groups where .sub was. */
	const ScimLimits wide = {.filter_bytes = 1 << 20, .filter_depth = 100, .filter_nodes = 256};
	ScimFilter *first;
	ScimFilter *second;
	ScimError	err;
	StringInfoData text;

	if (!scim_filter_parse(input, &limits, &first, &err))
	{
		HOLDS(is_proper_failure(&err, SCIM_E_INVALID_FILTER, input));
		return;
	}
	HOLDS(count_nodes(first) <= limits.filter_nodes);
	initStringInfo(&text);
	scim_filter_print(&text, first);
	HOLDS(scim_filter_parse(scim_slice_of(text.data, (size_t) text.len), &wide, &second, &err));
	HOLDS(tree_equal(first, second));
}
