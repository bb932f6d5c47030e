/*-------------------------------------------------------------------------
 *
 * path.c
 *	  Attribute notation and PATCH paths (RFC 7644 sections 3.10 and 3.5.2).
 *
 * A path is attrPath or valuePath [subAttr] and nothing around it: no blanks, no
 * array index, no JSON Pointer.  The filter in brackets is filter_parse.c's.
 *
 *-------------------------------------------------------------------------
 */
#include "core/core.h"

#include "core/filter_int.h"
#include "core/uri.h"

/* What begins a name with a schema (RFC 8141 section 2); compared without case. */
#define URN_SCHEME "urn:"

static bool
is_alpha(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool
is_alnum(char c)
{
	return is_alpha(c) || (c >= '0' && c <= '9');
}

/* May c stand in a URN?  Parentheses may too, by RFC 8141, but would be groups in a filter. */
static bool
is_urn_char(char c)
{
	return is_alnum(c) || (c != '\0' && strchr("-._~:/@!$&'*+,;=%", c) != NULL);
}

bool
scim_attr_name_is_valid(ScimSlice name)
{
	size_t		first = name.len > 0 && name.data[0] == '$' ? 1 : 0;

	if (name.len <= first || !is_alpha(name.data[first]))
		return false;
	for (size_t i = first + 1; i < name.len; i++)
	{
		char		c = name.data[i];

		if (!is_alnum(c) && c != '$' && c != '-' && c != '_')
			return false;
	}
	return true;
}

/* Splits name[.sub] at its dot; false, leaving both empty, when it is not that. */
static bool
split_name(ScimSlice text, ScimAttrName *name)
{
	const char *dot = text.len > 0 ? memchr(text.data, '.', text.len) : NULL;
	size_t		len = dot != NULL ? (size_t) (dot - text.data) : text.len;
	ScimSlice	head = scim_slice_of(text.data, len);
	ScimSlice	sub = scim_slice_of(text.data + text.len, 0);

	if (dot != NULL)
		sub = scim_slice_of(dot + 1, text.len - len - 1);
	if (!scim_attr_name_is_valid(head) || (dot != NULL && !scim_attr_name_is_valid(sub)))
		return false;
	name->name = head;
	name->sub = sub;
	return true;
}

/* Splits at the last colon a text that begins with "urn:"; false when it is no URN. */
static bool
split_urn(ScimSlice text, ScimAttrName *name)
{
	size_t		colon = text.len - 1;

	for (size_t i = 0; i < text.len; i++)
	{
		if (!is_urn_char(text.data[i]))
			return false;
	}
	while (text.data[colon] != ':')
		colon--;
	if (colon < strlen(URN_SCHEME) + 1 || colon + 1 == text.len)
		return false;
	name->urn = scim_slice_of(text.data, colon);
	split_name(scim_slice_of(text.data + colon + 1, text.len - colon - 1), name);
	return true;
}

bool
scim_attr_name_parse(ScimSlice text, ScimAttrName *name, ScimError *err)
{
	const ScimSlice scheme = scim_slice(URN_SCHEME);
	ScimSlice	quoted = scim_slice_clip(text, SCIM_QUOTE_MAX);

	*name = (ScimAttrName){.text = text};
	if (text.len == 0)
		return scim_error_set(err, SCIM_E_INVALID_PATH, 0, "expected an attribute name");
	if (text.len >= scheme.len &&
		scim_slice_equal_ci(scim_slice_of(text.data, scheme.len), scheme))
	{
		if (split_urn(text, name))
			return true;
	}
	else if (split_name(text, name))
		return true;
	return scim_error_set(err, SCIM_E_INVALID_PATH, 0, "\"%.*s\" is not an attribute name",
						  (int) quoted.len, quoted.data);
}

/* Reads what follows ']' at pos: nothing, or a dot and a sub-attribute. */
static bool
parse_sub(ScimSlice text, size_t pos, ScimPath *path, ScimError *err)
{
	if (pos == text.len)
		return true;
	path->sub = scim_slice_of(text.data + pos + 1, text.len - pos - 1);
	if (text.data[pos] != '.' || !scim_attr_name_is_valid(path->sub))
		return scim_error_set(err, SCIM_E_INVALID_PATH, pos,
							  "only \".\" and a sub-attribute may follow \"]\"");
	return true;
}

bool
scim_path_parse(ScimSlice text, const ScimLimits *limits, ScimPath *path, ScimError *err)
{
	const char *bracket;
	size_t		pos;

	*path = (ScimPath){.filter = NULL};
	if (text.len > (size_t) limits->filter_bytes)
		return scim_error_set(err, SCIM_E_INVALID_PATH, (size_t) limits->filter_bytes,
							  "the path is longer than %d bytes", limits->filter_bytes);
	if (!scim_utf8_is_valid(text))
		return scim_error_set(err, SCIM_E_INVALID_PATH, 0, "the path is not valid UTF-8");

	bracket = text.len > 0 ? memchr(text.data, '[', text.len) : NULL;
	pos = bracket != NULL ? (size_t) (bracket - text.data) : text.len;
	if (!scim_attr_name_parse(scim_slice_of(text.data, pos), &path->attr, err))
		return false;
	return bracket == NULL ||
		(scim_filter_parse_value(text, &pos, limits, &path->filter, err) &&
		 parse_sub(text, pos, path, err));
}
