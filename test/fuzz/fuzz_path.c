/*-------------------------------------------------------------------------
 *
 * fuzz_path.c
 *	  PATCH paths: what parses can be put together again.
 *
 *-------------------------------------------------------------------------
 */
#include "fuzz.h"

#include "core/filter.h"

void
fuzz(ScimSlice input)
{
	const ScimLimits limits = SCIM_LIMITS_DEFAULT;
	const ScimLimits wide = {.filter_bytes = 1 << 20, .filter_depth = 100, .filter_nodes = 256};
	ScimPath	path;
	ScimPath	again;
	ScimError	err;
	StringInfoData text;

	if (!scim_path_parse(input, &limits, &path, &err))
	{
		HOLDS(is_proper_failure(&err, SCIM_E_INVALID_PATH, input) ||
			  is_proper_failure(&err, SCIM_E_INVALID_FILTER, input));
		return;
	}
	HOLDS(is_within(path.attr.text, input));
	HOLDS(is_within(path.attr.urn, path.attr.text));
	HOLDS(is_within(path.attr.name, path.attr.text));
	HOLDS(is_within(path.attr.sub, path.attr.text));
	HOLDS(is_within(path.sub, input));
	HOLDS(path.attr.name.len > 0 ? scim_attr_name_is_valid(path.attr.name) : path.attr.urn.len > 0);

	initStringInfo(&text);
	appendBinaryStringInfo(&text, path.attr.text.data, (int) path.attr.text.len);
	if (path.filter != NULL)
	{
		appendStringInfoChar(&text, '[');
		scim_filter_print(&text, path.filter);
		appendStringInfoChar(&text, ']');
	}
	if (path.sub.len > 0)
	{
		appendStringInfoChar(&text, '.');
		appendBinaryStringInfo(&text, path.sub.data, (int) path.sub.len);
	}
	HOLDS(scim_path_parse(scim_slice_of(text.data, (size_t) text.len), &wide, &again, &err));
	HOLDS(scim_slice_equal(path.attr.text, again.attr.text));
	HOLDS(scim_slice_equal(path.sub, again.sub));
	HOLDS((path.filter == NULL) == (again.filter == NULL));
}
