/*-------------------------------------------------------------------------
 *
 * schema_value.c
 *	  Values of a client against the definition of their attribute (RFC 7643 section 2).
 *
 * One function per data type; what is tolerated beyond the RFC is a setting.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/numeric.h"

#include "core/base64url.h"
#include "core/datetime.h"
#include "core/uri.h"
#include "schema/schema.h"
#include "util/jsonb.h"
#include "util/throw.h"

/* Columns and keys are in indexes, whose rows are bounded. */
#define MAX_KEY_BYTES 1024

static JsonbValue *accept_object(const ScimSettings *settings, const ScimAttribute *attr,
								 const JsonbValue *value);

SCIM_NORETURN static void refuse(const ScimAttribute *attr, const char *wanted);

static void
refuse(const ScimAttribute *attr, const char *wanted)
{
	scim_raise(SCIM_E_INVALID_VALUE, "\"%s\" must be %s", attr->path, wanted);
}

bool
scim_value_is_unassigned(const JsonbValue *value)
{
	return value == NULL || value->type == jbvNull ||
		((scim_jsonb_is_array(value) || scim_jsonb_is_object(value)) && scim_jsonb_size(value) == 0);
}

static JsonbValue *
copy(const JsonbValue *value)
{
	JsonbValue *result = palloc(sizeof(JsonbValue));

	*result = *value;
	return result;
}

/* Raises when the text has one of the characters that the directory refuses. */
static void
check_characters(const ScimSettings *settings, const ScimAttribute *attr, ScimSlice text)
{
	ScimSlice	forbidden = settings->forbidden_characters;

	for (size_t i = 0; i < text.len && forbidden.len > 0; i++)
		if (memchr(forbidden.data, text.data[i], forbidden.len) != NULL)
			refuse(attr, "a string without the characters that are forbidden here");
}

static JsonbValue *
accept_string(const ScimSettings *settings, const ScimAttribute *attr, const JsonbValue *value)
{
	ScimSlice	text;

	if (value->type != jbvString)
		refuse(attr, "a string");
	text = scim_jsonb_text(value);
	check_characters(settings, attr, text);
	if (attr->required || attr->column == SCIM_COLUMN_USER_NAME)
	{
		ScimSlice	key = scim_fold(text, scim_attribute_fold(attr));
		size_t		blanks = 0;

		while (blanks < key.len && key.data[blanks] == ' ')
			blanks++;
		if (blanks == key.len)
			refuse(attr, "a string that is not empty");
	}
	if ((attr->uniqueness != SCIM_UNIQUE_NONE || attr->column != SCIM_COLUMN_NONE) &&
		scim_fold(text, scim_attribute_fold(attr)).len > MAX_KEY_BYTES)
		scim_raise(SCIM_E_INVALID_VALUE, "\"%s\" is longer than %d bytes", attr->path, MAX_KEY_BYTES);
	return copy(value);
}

static JsonbValue *
accept_boolean(const ScimSettings *settings, const ScimAttribute *attr, const JsonbValue *value)
{
	if (value->type == jbvString && settings->accept_string_booleans)
	{
		if (scim_slice_equal_ci(scim_jsonb_text(value), scim_slice("true")))
			return scim_jsonb_new_bool(true);
		if (scim_slice_equal_ci(scim_jsonb_text(value), scim_slice("false")))
			return scim_jsonb_new_bool(false);
	}
	if (value->type != jbvBool)
		refuse(attr, "true or false");
	return copy(value);
}

static JsonbValue *
accept_number(const ScimAttribute *attr, const JsonbValue *value)
{
	char	   *text;

	if (value->type != jbvNumeric)
		refuse(attr, attr->type == SCIM_TYPE_INTEGER ? "an integer" : "a number");
	if (attr->type == SCIM_TYPE_DECIMAL)
		return copy(value);
	text = DatumGetCString(DirectFunctionCall1(numeric_out, NumericGetDatum(value->val.numeric)));
	if (strchr(text, '.') != NULL)
		refuse(attr, "an integer, without a fraction");
	return copy(value);
}

/* Types that are strings of a form. */
static JsonbValue *
accept_formed(const ScimAttribute *attr, const JsonbValue *value)
{
	int64		instant;

	if (value->type != jbvString)
		refuse(attr, "a string");
	if (attr->type == SCIM_TYPE_DATETIME && !scim_datetime_parse(scim_jsonb_text(value), &instant))
		refuse(attr, "a dateTime such as \"2026-01-31T12:00:00Z\"");
	if (attr->type == SCIM_TYPE_BINARY && !scim_base64_is_valid(scim_jsonb_text(value)))
		refuse(attr, "base64");
	if (attr->type == SCIM_TYPE_REFERENCE && !scim_uri_is_valid(scim_jsonb_text(value)))
		refuse(attr, "a URI");
	return copy(value);
}

/*
 * A complex value.  A string may stand for an object with that "value" (T07: old forms of manager), but
 * not as one of many.
 */
static JsonbValue *
accept_complex(const ScimSettings *settings, const ScimAttribute *attr, const JsonbValue *value)
{
	JsonbValue *object;

	if (scim_jsonb_is_object(value))
		return accept_object(settings, attr, value);
	if (value->type != jbvString || attr->value == NULL || attr->multi_valued ||
		!settings->accept_string_for_complex)
		refuse(attr, "an object with sub-attributes");
	object = scim_jsonb_new_object();
	scim_jsonb_put(object, attr->value->name, value);
	return accept_object(settings, attr, object);
}

/* Templates without a value send "" also where no string belongs.  A boolean needs a word: "" is no wish. */
static bool
is_empty_string(const ScimSettings *settings, const ScimAttribute *attr, const JsonbValue *value)
{
	return settings->accept_empty_strings && attr->type != SCIM_TYPE_STRING &&
		attr->type != SCIM_TYPE_BOOLEAN &&
		value->type == jbvString && value->val.string.len == 0;
}

JsonbValue *
scim_element_accept(const ScimSettings *settings, const ScimAttribute *attr, const JsonbValue *value)
{
	if (value->type == jbvNull || is_empty_string(settings, attr, value))
		return NULL;
	switch (attr->type)
	{
		case SCIM_TYPE_STRING:
			return accept_string(settings, attr, value);
		case SCIM_TYPE_BOOLEAN:
			return accept_boolean(settings, attr, value);
		case SCIM_TYPE_DECIMAL:
		case SCIM_TYPE_INTEGER:
			return accept_number(attr, value);
		case SCIM_TYPE_DATETIME:
		case SCIM_TYPE_REFERENCE:
		case SCIM_TYPE_BINARY:
			return accept_formed(attr, value);
		case SCIM_TYPE_COMPLEX:
			return accept_complex(settings, attr, value);
	}
	return NULL;
}

/* The members of a complex value that the schema knows and a client may write. */
static JsonbValue *
accept_object(const ScimSettings *settings, const ScimAttribute *attr, const JsonbValue *value)
{
	const JsonbValue *members = scim_jsonb_open(value);
	JsonbValue *result = scim_jsonb_new_object();

	check_stack_depth();
	for (int i = 0; i < members->val.object.nPairs; i++)
	{
		const JsonbPair *pair = &members->val.object.pairs[i];
		ScimSlice	name = scim_jsonb_text(&pair->key);
		const ScimAttribute *sub = scim_attribute_sub(attr, name);
		JsonbValue *accepted;

		if (sub == NULL && !settings->ignore_unknown_attributes)
			scim_raise(SCIM_E_INVALID_VALUE, "\"%s\" has no sub-attribute \"%.*s\"", attr->path,
					   (int) Min(name.len, 80), name.data);
		if (sub == NULL || sub->mutability == SCIM_READ_ONLY)
			continue;
		accepted = scim_value_accept(settings, sub, &pair->value);
		if (accepted != NULL)
			scim_jsonb_add(result, sub->name, accepted);
	}
	return result->val.object.nPairs == 0 ? NULL : result;
}

void
scim_keep_one_primary(const ScimAttribute *attr, JsonbValue *list, int keep)
{
	for (int i = 0; attr->primary != NULL && i < list->val.array.nElems; i++)
	{
		JsonbValue *element = &list->val.array.elems[i];
		JsonbValue *primary = element->type != jbvObject ? NULL :
			scim_jsonb_get(element, attr->primary->name);

		if (primary == NULL || primary->type != jbvBool || !primary->val.boolean)
			continue;
		if (keep < 0)
			keep = i;
		else if (keep != i)
			primary->val.boolean = false;
	}
}

/* More than one primary in what a client sent (RFC 7643 section 2.4). */
static void
check_primaries(const ScimSettings *settings, const ScimAttribute *attr, JsonbValue *list)
{
	int			count = 0;

	for (int i = 0; attr->primary != NULL && i < list->val.array.nElems; i++)
	{
		JsonbValue *primary = scim_jsonb_get(&list->val.array.elems[i], attr->primary->name);

		count += primary != NULL && primary->type == jbvBool && primary->val.boolean;
	}
	if (count > 1 && !settings->accept_many_primaries)
		scim_raise(SCIM_E_INVALID_VALUE, "\"%s\" has more than one value with primary true",
				   attr->path);
	if (count > 1)
		scim_keep_one_primary(attr, list, -1);
}

/* Lists longer than this are those of members, which are sets by their key anyway. */
#define MAX_DEDUPE 200

/* Have both objects no value of this sub-attribute, or the same? */
static bool
agree(const ScimAttribute *sub, const JsonbValue *a, const JsonbValue *b)
{
	const JsonbValue *left = scim_jsonb_get(a, sub->name);
	const JsonbValue *right = scim_jsonb_get(b, sub->name);

	return left == NULL || right == NULL ? left == right : scim_value_same(sub, left, right);
}

/* Compares two texts and leaves no memory behind: lists are compared element by element with one another. */
static bool
same_text(const ScimAttribute *attr, ScimSlice a, ScimSlice b)
{
	ScimFoldKind fold = scim_attribute_fold(attr);
	ScimSlice	left;
	ScimSlice	right;
	bool		same;

	if (scim_slice_equal(a, b))
		return true;
	left = scim_fold(a, fold);
	right = scim_fold(b, fold);
	same = scim_slice_equal(left, right);
	if (left.data != a.data)
		pfree(unconstify(char *, left.data));
	if (right.data != b.data)
		pfree(unconstify(char *, right.data));
	return same;
}

bool
scim_value_same(const ScimAttribute *attr, const JsonbValue *a, const JsonbValue *b)
{
	if (attr->type == SCIM_TYPE_STRING && a->type == jbvString && b->type == jbvString)
		return same_text(attr, scim_jsonb_text(a), scim_jsonb_text(b));
	if (attr->type != SCIM_TYPE_COMPLEX || !scim_jsonb_is_object(a) || !scim_jsonb_is_object(b))
		return scim_jsonb_equal(a, b);
	for (int i = 0; i < attr->nsubs; i++)
		if (!agree(attr->subs[i], a, b))
			return false;
	return true;
}

JsonbValue *
scim_find_same(const ScimAttribute *attr, JsonbValue *list, const JsonbValue *value)
{
	const ScimAttribute *type = scim_attribute_sub(attr, scim_slice("type"));
	bool		has_value = attr->value != NULL && scim_jsonb_get(value, attr->value->name) != NULL;

	for (int i = 0; i < list->val.array.nElems; i++)
	{
		JsonbValue *element = &list->val.array.elems[i];

		CHECK_FOR_INTERRUPTS();
		if (has_value && agree(attr->value, element, value) &&
			(type == NULL || agree(type, element, value)))
			return element;
		if (!has_value && scim_value_same(attr, element, value))
			return element;
	}
	return NULL;
}

/* Adds an element; the later of two that say the same counts, at the place of the first. */
static void
add_element(const ScimAttribute *attr, JsonbValue *list, const JsonbValue *value)
{
	JsonbValue *same = list->val.array.nElems > MAX_DEDUPE ? NULL : scim_find_same(attr, list, value);

	if (same != NULL)
		*same = *value;
	else
		scim_jsonb_append(list, value);
}

/* A multi-valued attribute; a lone value is taken as a list of one. */
static JsonbValue *
accept_list(const ScimSettings *settings, const ScimAttribute *attr, const JsonbValue *value)
{
	JsonbValue *result = scim_jsonb_new_array();
	const JsonbValue *list = value;

	if (scim_jsonb_is_array(value))
		list = scim_jsonb_open(value);
	else
	{
		JsonbValue *one = scim_jsonb_new_array();

		scim_jsonb_append(one, value);
		list = one;
	}
	for (int i = 0; i < list->val.array.nElems; i++)
	{
		JsonbValue *accepted = scim_element_accept(settings, attr, &list->val.array.elems[i]);

		if (accepted != NULL)
			add_element(attr, result, accepted);
		else if (attr->storage == SCIM_IN_MEMBERS)
			refuse(attr, "a list of objects with the id of a resource as \"value\"");
	}
	check_primaries(settings, attr, result);
	return result->val.array.nElems == 0 ? NULL : result;
}

JsonbValue *
scim_value_accept(const ScimSettings *settings, const ScimAttribute *attr, const JsonbValue *value)
{
	if (value->type == jbvNull)
		return NULL;
	if (attr->multi_valued)
		return accept_list(settings, attr, value);
	if (scim_jsonb_is_array(value))
	{
		/* T07: a list of one where one value belongs; an empty list unassigns. */
		const JsonbValue *list = scim_jsonb_open(value);

		if (list->val.array.nElems == 0)
			return NULL;
		if (list->val.array.nElems > 1 || !settings->accept_string_for_complex)
			refuse(attr, "a single value, not a list");
		return scim_value_accept(settings, attr, &list->val.array.elems[0]);
	}
	return scim_element_accept(settings, attr, value);
}

/* Required sub-attributes of each element of a list, or of one object. */
static void
check_required_below(const ScimAttribute *attr, const JsonbValue *value)
{
	const JsonbValue *list;

	if (!scim_jsonb_is_array(value))
	{
		scim_check_required(attr, value);
		return;
	}
	list = scim_jsonb_open(value);
	for (int i = 0; i < list->val.array.nElems; i++)
		scim_check_required(attr, &list->val.array.elems[i]);
}

void
scim_check_required(const ScimAttribute *parent, const JsonbValue *object)
{
	for (int i = 0; i < parent->nsubs; i++)
	{
		const ScimAttribute *attr = parent->subs[i];
		JsonbValue *value;

		if (attr->storage != SCIM_IN_DOC || attr->mutability == SCIM_READ_ONLY)
			continue;
		value = scim_jsonb_get(object, attr->name);
		if (attr->required && scim_value_is_unassigned(value))
			scim_raise(SCIM_E_INVALID_VALUE, "\"%s\" is required", attr->path);
		if (attr->type == SCIM_TYPE_COMPLEX && value != NULL)
			check_required_below(attr, value);
	}
}

bool
scim_message_has_schema(const JsonbValue *message, const char *urn)
{
	const JsonbValue *list = scim_jsonb_get_ci(message, "schemas");

	if (list == NULL || !scim_jsonb_is_array(list))
		return false;
	list = scim_jsonb_open(list);
	for (int i = 0; i < list->val.array.nElems; i++)
		if (list->val.array.elems[i].type == jbvString &&
			scim_slice_equal_ci(scim_jsonb_text(&list->val.array.elems[i]), scim_slice(urn)))
			return true;
	return false;
}
