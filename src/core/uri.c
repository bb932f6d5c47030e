/*-------------------------------------------------------------------------
 *
 * uri.c
 *	  Request targets and percent-encoding (RFC 3986, RFC 9112 section 3.2).
 *
 *-------------------------------------------------------------------------
 */
#include "core/core.h"

#include "mb/pg_wchar.h"

#include "core/uri.h"

static bool
is_unreserved(unsigned char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
		c == '-' || c == '.' || c == '_' || c == '~';
}

/* The value of a hex digit, -1 for anything else. */
static int
hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

/* The byte of the escape at pos, which holds '%'; -1 when it is not %XX. */
static int
escape_value(ScimSlice text, size_t pos)
{
	int			high = text.len - pos > 2 ? hex_value(text.data[pos + 1]) : -1;
	int			low = text.len - pos > 2 ? hex_value(text.data[pos + 2]) : -1;

	return high < 0 || low < 0 ? -1 : high * 16 + low;
}

/* The first c in text, as a position; text.len if there is none. */
static size_t
find(ScimSlice text, char c)
{
	const char *found = text.len > 0 ? memchr(text.data, c, text.len) : NULL;

	return found != NULL ? (size_t) (found - text.data) : text.len;
}

bool
scim_utf8_is_valid(ScimSlice text)
{
	size_t		pos = 0;

	while (pos < text.len)
	{
		const unsigned char *c = (const unsigned char *) text.data + pos;
		size_t		len = (size_t) pg_utf_mblen(c);

		if (*c == '\0' || len > text.len - pos || !pg_utf8_islegal(c, (int) len))
			return false;
		pos += len;
	}
	return true;
}

bool
scim_percent_decode(ScimSlice text, bool plus_is_blank, ScimSlice *decoded)
{
	char	   *out;
	size_t		len = 0;

	*decoded = text;
	if (find(text, '%') == text.len && (!plus_is_blank || find(text, '+') == text.len))
		return scim_utf8_is_valid(text);

	out = palloc(text.len);
	for (size_t pos = 0; pos < text.len; pos++)
	{
		char		c = text.data[pos];

		if (c == '%')
		{
			int			value = escape_value(text, pos);

			if (value < 0)
				return false;
			c = (char) value;
			pos += 2;
		}
		else if (c == '+' && plus_is_blank)
			c = ' ';
		out[len++] = c;
	}
	*decoded = scim_slice_of(out, len);
	return scim_utf8_is_valid(*decoded);
}

/* Cuts scheme and authority off an absolute-form target; any other is left as it is. */
static ScimSlice
skip_authority(ScimSlice text)
{
	static const char *const schemes[] = {"http://", "https://"};

	for (size_t i = 0; i < lengthof(schemes); i++)
	{
		ScimSlice	scheme = scim_slice(schemes[i]);

		if (text.len > scheme.len &&
			scim_slice_equal_ci(scim_slice_of(text.data, scheme.len), scheme))
		{
			size_t		end = scheme.len;

			while (end < text.len && text.data[end] != '/' && text.data[end] != '?')
				end++;
			return scim_slice_of(text.data + end, text.len - end);
		}
	}
	return text;
}

/* Decodes the segments of target->path, which begins with '/'. */
static bool
split_path(ScimTarget *target, ScimError *err)
{
	ScimSlice	path = target->path;
	size_t		start = 1;

	while (start < path.len)
	{
		size_t		len = find(scim_slice_of(path.data + start, path.len - start), '/');
		ScimSlice	segment = scim_slice_of(path.data + start, len);

		if (target->nsegments == SCIM_TARGET_MAX_SEGMENTS)
			return scim_error_set(err, SCIM_E_BAD_REQUEST, start,
								  "the request path has more than %d segments",
								  SCIM_TARGET_MAX_SEGMENTS);
		if (!scim_percent_decode(segment, false, &target->segments[target->nsegments]))
			return scim_error_set(err, SCIM_E_BAD_REQUEST, start,
								  "the request path is not percent-encoded UTF-8");
		target->ends[target->nsegments++] = start + len;
		start += len + 1;
	}
	return true;
}

bool
scim_target_parse(ScimSlice text, ScimTarget *target, ScimError *err)
{
	ScimSlice	rest = skip_authority(text);
	size_t		question = find(rest, '?');

	memset(target, 0, sizeof(*target));
	target->path = scim_slice_of(rest.data, question);
	if (question < rest.len)
		target->query = scim_slice_of(rest.data + question + 1, rest.len - question - 1);

	/* An absolute form without a path means the root (RFC 9112 section 3.2.1). */
	if (target->path.len == 0 && rest.len < text.len)
		target->path = scim_slice("/");
	if (target->path.len == 0 || target->path.data[0] != '/')
		return scim_error_set(err, SCIM_E_BAD_REQUEST, 0,
							  "the request target must begin with \"/\"");
	return split_path(target, err);
}

char *
scim_uri_encode_segment(ScimSlice text)
{
	static const char hex[] = "0123456789ABCDEF";
	char	   *encoded = palloc(text.len * 3 + 1);
	char	   *out = encoded;

	for (size_t i = 0; i < text.len; i++)
	{
		unsigned char c = (unsigned char) text.data[i];

		if (is_unreserved(c))
			*out++ = (char) c;
		else
		{
			*out++ = '%';
			*out++ = hex[c >> 4];
			*out++ = hex[c & 0x0F];
		}
	}
	*out = '\0';
	return encoded;
}

bool
scim_uri_is_valid(ScimSlice text)
{
	for (size_t pos = 0; pos < text.len; pos++)
	{
		char		c = text.data[pos];

		if (c == '%')
		{
			if (escape_value(text, pos) < 0)
				return false;
		}
		else if (!is_unreserved((unsigned char) c) &&
				 (c == '\0' || strchr(":/?#[]@!$&'()*+,;=", c) == NULL))
			return false;
	}
	return true;
}
