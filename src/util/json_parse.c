/*-------------------------------------------------------------------------
 *
 * json_parse.c
 *	  JSON text to a JsonbValue tree, with the bounds that jsonb_in lacks.
 *
 * PostgreSQL's own parser does the work (common/jsonapi.h); the callbacks build
 * the tree.  jsonb itself would silently keep the last of two equal names, which
 * is how one half of a system reads another value than the other half did.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "utils/builtins.h"
#include "utils/numeric.h"

#include "compat.h"
#include "core/uri.h"
#include "util/jsonb.h"
#include "util/throw.h"

/* No identity has numbers of more digits or a larger exponent. */
#define MAX_NUMBER_LEN 400
#define MAX_EXPONENT 400

typedef struct Builder
{
	JsonLexContext *lex;
	const ScimLimits *limits;
	int			depth;			/* open containers */
	JsonbValue **open;			/* containers being filled, innermost last */
	ScimSlice  *names;			/* name of the member being read, per level */
	JsonbValue *root;
} Builder;

/* Hangs a finished or just opened value into the innermost open container. */
static void
place(Builder *builder, JsonbValue *value)
{
	JsonbValue *parent;

	if (builder->depth == 0)
	{
		builder->root = value;
		return;
	}
	parent = builder->open[builder->depth - 1];
	if (parent->type == jbvArray)
	{
		if (parent->val.array.nElems >= builder->limits->values)
			scim_raise(SCIM_E_INVALID_VALUE, "a list has more than %d values", builder->limits->values);
		scim_jsonb_append(parent, value);
	}
	else
		scim_jsonb_add(parent, builder->names[builder->depth - 1], value);
}

/*
 * Opens a container.  It is placed in its parent when it ends, since placing copies
 * the JsonbValue by value.
 */
static void
open_container(Builder *builder, JsonbValue *value)
{
	Assert(builder->depth < builder->limits->json_depth);
	builder->open[builder->depth++] = value;
}

static void
close_container(Builder *builder)
{
	JsonbValue *value = builder->open[--builder->depth];

	place(builder, value);
}

static ScimJsonResult
object_start(void *state)
{
	open_container(state, scim_jsonb_new_object());
	SCIM_JSON_OK;
}

/* Orders names without their case. */
static int
compare_names(const void *a, const void *b)
{
	const JsonbValue *left = &((const JsonbPair *) a)->key;
	const JsonbValue *right = &((const JsonbPair *) b)->key;

	if (left->val.string.len != right->val.string.len)
		return left->val.string.len < right->val.string.len ? -1 : 1;
	return pg_strncasecmp(left->val.string.val, right->val.string.val, left->val.string.len);
}

/* Refuses an object in which a name occurs twice, in whatever case. */
static void
check_names(const JsonbValue *object)
{
	int			n = object->val.object.nPairs;
	JsonbPair  *sorted;

	if (n < 2)
		return;
	sorted = palloc(n * sizeof(JsonbPair));
	memcpy(sorted, object->val.object.pairs, n * sizeof(JsonbPair));
	qsort(sorted, n, sizeof(JsonbPair), compare_names);
	for (int i = 1; i < n; i++)
		if (compare_names(&sorted[i - 1], &sorted[i]) == 0)
			scim_raise(SCIM_E_INVALID_SYNTAX, "the name \"%.*s\" occurs twice in one object",
					   Min(sorted[i].key.val.string.len, 80), sorted[i].key.val.string.val);
	pfree(sorted);
}

static ScimJsonResult
object_end(void *state)
{
	Builder    *builder = state;

	check_names(builder->open[builder->depth - 1]);
	close_container(builder);
	SCIM_JSON_OK;
}

static ScimJsonResult
array_start(void *state)
{
	open_container(state, scim_jsonb_new_array());
	SCIM_JSON_OK;
}

static ScimJsonResult
array_end(void *state)
{
	close_container(state);
	SCIM_JSON_OK;
}

static ScimJsonResult
field_start(void *state, char *name, bool isnull)
{
	Builder    *builder = state;
	ScimSlice	slice = scim_slice(name);

	if (slice.len > (size_t) builder->limits->name_bytes)
		scim_raise(SCIM_E_INVALID_SYNTAX, "a name is longer than %d bytes", builder->limits->name_bytes);
	builder->names[builder->depth - 1] = slice;
	SCIM_JSON_OK;
}

/* A number as numeric, unless its size says that somebody is playing. */
static JsonbValue *
make_number(const char *token)
{
	JsonbValue *value = palloc0(sizeof(JsonbValue));
	const char *exponent = strpbrk(token, "eE");

	if (strlen(token) > MAX_NUMBER_LEN ||
		(exponent != NULL && (strlen(exponent) > 6 || labs(strtol(exponent + 1, NULL, 10)) > MAX_EXPONENT)))
		scim_raise(SCIM_E_INVALID_VALUE, "the number %.40s is out of range", token);
	value->type = jbvNumeric;
	value->val.numeric = DatumGetNumeric(DirectFunctionCall3(numeric_in, CStringGetDatum(token),
															 ObjectIdGetDatum(InvalidOid),
															 Int32GetDatum(-1)));
	return value;
}

static ScimJsonResult
scalar(void *state, char *token, JsonTokenType type)
{
	JsonbValue *value;

	if (type == JSON_TOKEN_STRING)
		value = scim_jsonb_new_string(scim_slice(token));
	else if (type == JSON_TOKEN_NUMBER)
		value = make_number(token);
	else if (type == JSON_TOKEN_NULL)
	{
		value = palloc0(sizeof(JsonbValue));
		value->type = jbvNull;
	}
	else
		value = scim_jsonb_new_bool(type == JSON_TOKEN_TRUE);
	place(state, value);
	SCIM_JSON_OK;
}

/* Counts brackets outside strings, so that the parser's own recursion stays shallow. */
static bool
is_too_deep(ScimSlice text, int limit)
{
	int			depth = 0;
	bool		quoted = false;

	for (size_t i = 0; i < text.len; i++)
	{
		char		c = text.data[i];

		if (quoted && c == '\\')
			i++;
		else if (c == '"')
			quoted = !quoted;
		else if (!quoted && (c == '{' || c == '['))
		{
			if (++depth > limit)
				return true;
		}
		else if (!quoted && (c == '}' || c == ']'))
			depth--;
	}
	return false;
}

JsonbValue *
scim_json_parse(ScimSlice text, const ScimLimits *limits)
{
	Builder		builder = {.limits = limits};
	JsonSemAction actions = {
		.object_start = object_start, .object_end = object_end,
		.array_start = array_start, .array_end = array_end,
		.object_field_start = field_start, .scalar = scalar
	};
	JsonParseErrorType result;

	if (!scim_utf8_is_valid(text))
		scim_raise(SCIM_E_INVALID_SYNTAX, "the body is not text in UTF-8, or holds a NUL");
	if (is_too_deep(text, limits->json_depth))
		scim_raise(SCIM_E_INVALID_SYNTAX, "the body nests deeper than %d levels", limits->json_depth);
	builder.open = palloc(limits->json_depth * sizeof(JsonbValue *));
	builder.names = palloc(limits->json_depth * sizeof(ScimSlice));
	builder.lex = scim_json_lexer(unconstify(char *, text.data), text.len);
	actions.semstate = &builder;
	result = pg_parse_json(builder.lex, &actions);
	if (result != JSON_SUCCESS)
		scim_raise(SCIM_E_INVALID_SYNTAX, "the body is not valid JSON: %s",
				   json_errdetail(result, builder.lex));
	return builder.root;
}
