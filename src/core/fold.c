/*-------------------------------------------------------------------------
 *
 * fold.c
 *	  Comparison keys: NFC, simple case folding, width mapping.
 *
 *		exact		NFC
 *		case		NFC, case folding, NFC
 *		ident		width mapping, NFC, case folding, NFC
 *
 * The second NFC is needed: H with a line below has no composed form, h has one.
 * ASCII takes none of these steps.  Other text is worked on as code points.
 *
 *-------------------------------------------------------------------------
 */
#include "core/core.h"

#include "common/unicode_norm.h"

#include "core/fold.h"

/* A row of fold_table.h. */
typedef struct FoldRange
{
	pg_wchar	first;
	pg_wchar	last;
	pg_wchar	step;
	int32		delta;
} FoldRange;

#include "core/fold_table.h"

/*
 * The longest run of composing characters that is normalized.  No language has such
 * runs, and PostgreSQL orders them in quadratic time: a longer one stays as it is.
 */
#define MAX_RUN 64

/* No character composes or is reordered below this, the combining grave accent. */
#define FIRST_COMPOSING 0x300

#define MAX_UTF8_LEN 4

/* Bit patterns for eight bytes at a time. */
#define EACH_BYTE(value) (UINT64CONST(0x0101010101010101) * (value))

/* unicode_normalize() takes its memory from malloc() in frontend code. */
#ifdef FRONTEND
#define free_normalized(wide) free(wide)
#else
#define free_normalized(wide) pfree(wide)
#endif

/* Code points, NUL-terminated as unicode_normalize() wants them. */
typedef struct WideText
{
	pg_wchar   *data;
	size_t		len;
	size_t		size;
} WideText;

/*
 * Looks at eight bytes at a time whether text is ASCII and, if so, whether it has
 * capital letters: adding moves 'A' and everything above to 0x80, and '[' likewise.
 */
static bool
is_ascii(ScimSlice text, bool *has_capitals)
{
	uint64		high = 0;
	uint64		capitals = 0;

	for (size_t pos = 0; pos < text.len; pos += sizeof(uint64))
	{
		uint64		word = 0;

		memcpy(&word, text.data + pos, Min(text.len - pos, sizeof(uint64)));
		high |= word;
		if (high & EACH_BYTE(0x80))
			return false;
		capitals |= (word + EACH_BYTE(0x80 - 'A')) & ~(word + EACH_BYTE(0x80 - 'Z' - 1));
	}
	*has_capitals = (capitals & EACH_BYTE(0x80)) != 0;
	return true;
}

/* ASCII text in lower case. */
static ScimSlice
ascii_lower(ScimSlice text)
{
	char	   *copy = palloc(text.len);

	for (size_t i = 0; i < text.len; i++)
		copy[i] = (char) pg_ascii_tolower((unsigned char) text.data[i]);
	return scim_slice_of(copy, text.len);
}

/* The range that holds c, or NULL. */
static const FoldRange *
find_range(const FoldRange *ranges, size_t nranges, pg_wchar c)
{
	size_t		low = 0;
	size_t		high = nranges;

	while (low < high)
	{
		size_t		middle = (low + high) / 2;

		if (c > ranges[middle].last)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == nranges || c < ranges[low].first || (c - ranges[low].first) % ranges[low].step != 0)
		return NULL;
	return &ranges[low];
}

/* Maps every character that a table knows. */
static void
map_characters(WideText *wide, const FoldRange *ranges, size_t nranges)
{
	for (size_t i = 0; i < wide->len; i++)
	{
		const FoldRange *range = find_range(ranges, nranges, wide->data[i]);

		if (range != NULL)
			wide->data[i] += range->delta;
	}
}

static bool
is_composing(pg_wchar c)
{
	return c >= FIRST_COMPOSING &&
		find_range(composing_ranges, lengthof(composing_ranges), c) != NULL;
}

static WideText
wide_alloc(size_t size)
{
	WideText	wide = {palloc((size + 1) * sizeof(pg_wchar)), 0, size};

	return wide;
}

/* Appends len characters and the NUL. */
static void
wide_append(WideText *wide, const pg_wchar *data, size_t len)
{
	if (wide->size - wide->len < len)
	{
		wide->size = (wide->len + len) * 2;
		wide->data = repalloc(wide->data, (wide->size + 1) * sizeof(pg_wchar));
	}
	memcpy(wide->data + wide->len, data, len * sizeof(pg_wchar));
	wide->len += len;
	wide->data[wide->len] = 0;
}

/* Appends the NFC of one run: its first character may be any, the others are composing. */
static void
append_normalized(WideText *out, const pg_wchar *run, size_t len)
{
	pg_wchar	input[MAX_RUN + 1];
	pg_wchar   *normalized;
	size_t		normalized_len = 0;

	memcpy(input, run, len * sizeof(pg_wchar));
	input[len] = 0;
	normalized = unicode_normalize(UNICODE_NFC, input);
	while (normalized[normalized_len] != 0)
		normalized_len++;
	wide_append(out, normalized, normalized_len);
	free_normalized(normalized);
}

/*
 * NFC.  Text can be cut before any character that is not composing, and only what
 * has composing characters needs work (UAX #15 section 9).
 */
static void
normalize(WideText *wide)
{
	WideText	out;
	size_t		first = 0;

	while (first < wide->len && !is_composing(wide->data[first]))
		first++;
	if (first == wide->len)
		return;

	out = wide_alloc(wide->len);
	for (size_t start = 0; start < wide->len;)
	{
		size_t		end = start + 1;

		while (end < wide->len && is_composing(wide->data[end]))
			end++;
		if (end - start > MAX_RUN || (end - start == 1 && !is_composing(wide->data[start])))
			wide_append(&out, wide->data + start, end - start);
		else
			append_normalized(&out, wide->data + start, end - start);
		start = end;
	}
	pfree(wide->data);
	*wide = out;
}

/* UTF-8 to code points. */
static WideText
decode(ScimSlice text)
{
	WideText	wide = wide_alloc(text.len);
	const unsigned char *c = (const unsigned char *) text.data;
	const unsigned char *end = c + text.len;

	while (c < end)
	{
		wide.data[wide.len++] = utf8_to_unicode(c);
		c += pg_utf_mblen(c);
	}
	wide.data[wide.len] = 0;
	return wide;
}

/* Code points to UTF-8. */
static ScimSlice
encode(const WideText *wide)
{
	unsigned char *text = palloc(wide->len * MAX_UTF8_LEN);
	unsigned char *out = text;

	for (size_t i = 0; i < wide->len; i++)
	{
		unicode_to_utf8(wide->data[i], out);
		out += pg_utf_mblen(out);
	}
	return scim_slice_of((char *) text, (size_t) (out - text));
}

ScimSlice
scim_fold(ScimSlice text, ScimFoldKind kind)
{
	WideText	wide;
	ScimSlice	key;
	bool		has_capitals;

	if (is_ascii(text, &has_capitals))
		return has_capitals && kind != SCIM_FOLD_EXACT ? ascii_lower(text) : text;

	wide = decode(text);
	if (kind == SCIM_FOLD_IDENT)
		map_characters(&wide, width_ranges, lengthof(width_ranges));
	normalize(&wide);
	if (kind != SCIM_FOLD_EXACT)
	{
		map_characters(&wide, case_ranges, lengthof(case_ranges));
		normalize(&wide);
	}
	key = encode(&wide);
	pfree(wide.data);
	return key;
}

int
scim_key_compare(ScimSlice a, ScimSlice b)
{
	size_t		len = Min(a.len, b.len);
	int			order = len > 0 ? memcmp(a.data, b.data, len) : 0;

	return order != 0 || a.len == b.len ? order : (a.len < b.len ? -1 : 1);
}
