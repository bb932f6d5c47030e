/*-------------------------------------------------------------------------
 *
 * jsonb_write.c
 *	  JSON text from values.
 *
 * Stored documents are what every answer is made of, so a window on one is written straight from
 * its bytes: entry by entry, each telling its kind and length, without an iterator and
 * without a value in memory for each (utils/jsonb.h describes the layout).
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "miscadmin.h"
#include "utils/builtins.h"

#include "util/jsonb.h"

/* What stands for a character that JSON wants escaped. */
static void
write_escape(StringInfo out, unsigned char c)
{
	if (c == '"' || c == '\\')
		appendStringInfo(out, "\\%c", c);
	else if (c == '\n')
		appendStringInfoString(out, "\\n");
	else
		appendStringInfo(out, "\\u%04x", c);
}

/* Every byte of a word set to c. */
#define EACH(c) (UINT64CONST(0x0101010101010101) * (uint64) (c))

/* Is a byte of the word less than n (at most 128)? */
#define HAS_LESS(word, n) ((((word) - EACH(n)) & ~(word) & EACH(0x80)) != 0)

/* Length of the text up to the first character that wants an escape; eight bytes at a time. */
static size_t
plain_length(const char *text, const char *end)
{
	const char *p = text;
	uint64		word;

	for (; end - p >= (ptrdiff_t) sizeof(word); p += sizeof(word))
	{
		memcpy(&word, p, sizeof(word));
		if (HAS_LESS(word, ' ') || HAS_LESS(word ^ EACH('"'), 1) || HAS_LESS(word ^ EACH('\\'), 1))
			break;
	}
	while (p < end && (unsigned char) *p >= ' ' && *p != '"' && *p != '\\')
		p++;
	return p - text;
}

void
scim_json_write_string(StringInfo out, ScimSlice text)
{
	const char *p = text.data;
	const char *end = text.data + text.len;

	appendStringInfoCharMacro(out, '"');
	for (;;)
	{
		size_t		len = plain_length(p, end);

		enlargeStringInfo(out, (int) len + 1);
		memcpy(out->data + out->len, p, len);
		out->len += (int) len;
		p += len;
		if (p == end)
			break;
		write_escape(out, *p++);
	}
	out->data[out->len++] = '"';
	out->data[out->len] = '\0';
}

static void
write_numeric(StringInfo out, Numeric number)
{
	appendStringInfoString(out, DatumGetCString(DirectFunctionCall1(numeric_out,
																	NumericGetDatum(number))));
}

/* A place in the bytes of a window: the entry there, and where its value begins. */
typedef struct Place
{
	const JEntry *entry;
	const char *base;
	uint32		offset;
} Place;

static Place
first_place(const JsonbContainer *container)
{
	int			nentries = JsonContainerSize(container) * (JsonContainerIsObject(container) ? 2 : 1);
	Place		place = {container->children, (const char *) &container->children[nentries], 0};

	return place;
}

static void
advance(Place *place)
{
	JBE_ADVANCE_OFFSET(place->offset, *place->entry);
	place->entry++;
}

static ScimSlice
text_at(const Place *place)
{
	JEntry		entry = *place->entry;
	uint32		len = JBE_HAS_OFF(entry) ? JBE_OFFLENFLD(entry) - place->offset : JBE_OFFLENFLD(entry);

	return scim_slice_of(place->base + place->offset, len);
}

static void write_window(StringInfo out, const JsonbContainer *container);

static void
write_place(StringInfo out, const Place *place)
{
	JEntry		entry = *place->entry;

	if (JBE_ISSTRING(entry))
		scim_json_write_string(out, text_at(place));
	else if (JBE_ISCONTAINER(entry))
		write_window(out, (const JsonbContainer *) (place->base + INTALIGN(place->offset)));
	else if (JBE_ISNUMERIC(entry))
		write_numeric(out, (Numeric) (place->base + INTALIGN(place->offset)));
	else
		appendStringInfoString(out, JBE_ISNULL(entry) ? "null" : JBE_ISBOOL_TRUE(entry) ? "true" : "false");
}

/* All keys of an object come before its values. */
static void
write_members(StringInfo out, const JsonbContainer *object)
{
	int			npairs = JsonContainerSize(object);
	Place		key = first_place(object);
	Place		value = key;

	for (int i = 0; i < npairs; i++)
		advance(&value);
	for (int i = 0; i < npairs; i++)
	{
		if (out->len > 0 && out->data[out->len - 1] != '{')
			appendStringInfoCharMacro(out, ',');
		scim_json_write_string(out, text_at(&key));
		appendStringInfoCharMacro(out, ':');
		write_place(out, &value);
		advance(&key);
		advance(&value);
	}
}

static void
write_elements(StringInfo out, const JsonbContainer *array)
{
	Place		place = first_place(array);

	for (int i = 0; i < (int) JsonContainerSize(array); i++)
	{
		if (i > 0)
			appendStringInfoCharMacro(out, ',');
		write_place(out, &place);
		advance(&place);
	}
}

/* A scalar on its own is stored as a list of one. */
static void
write_window(StringInfo out, const JsonbContainer *container)
{
	bool		is_object = JsonContainerIsObject(container);

	check_stack_depth();
	if (!JsonContainerIsScalar(container))
		appendStringInfoCharMacro(out, is_object ? '{' : '[');
	if (is_object)
		write_members(out, container);
	else
		write_elements(out, container);
	if (!JsonContainerIsScalar(container))
		appendStringInfoCharMacro(out, is_object ? '}' : ']');
}

/* An object or array in memory. */
static void
write_container(StringInfo out, const JsonbValue *value)
{
	bool		is_array = value->type == jbvArray;
	int			n = scim_jsonb_size(value);

	check_stack_depth();
	appendStringInfoChar(out, is_array ? '[' : '{');
	for (int i = 0; i < n; i++)
	{
		const JsonbPair *pair = &value->val.object.pairs[i];

		if (i > 0)
			appendStringInfoChar(out, ',');
		if (!is_array)
		{
			scim_json_write_string(out, scim_jsonb_text(&pair->key));
			appendStringInfoChar(out, ':');
		}
		scim_jsonb_write(out, is_array ? &value->val.array.elems[i] : &pair->value);
	}
	appendStringInfoChar(out, is_array ? ']' : '}');
}

void
scim_jsonb_write(StringInfo out, const JsonbValue *value)
{
	switch (value->type)
	{
		case jbvNull:
			appendStringInfoString(out, "null");
			break;
		case jbvBool:
			appendStringInfoString(out, value->val.boolean ? "true" : "false");
			break;
		case jbvString:
			scim_json_write_string(out, scim_jsonb_text(value));
			break;
		case jbvNumeric:
			write_numeric(out, value->val.numeric);
			break;
		case jbvBinary:
			write_window(out, value->val.binary.data);
			break;
		default:
			write_container(out, value);
			break;
	}
}

void
scim_jsonb_write_members(StringInfo out, const JsonbValue *window)
{
	Assert(window->type == jbvBinary && scim_jsonb_is_object(window));
	write_members(out, window->val.binary.data);
}
