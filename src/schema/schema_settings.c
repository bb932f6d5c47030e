/*-------------------------------------------------------------------------
 *
 * schema_settings.c
 *	  The switches of a directory, from the rows of its profile and its own.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/numeric.h"

#include "schema/schema_int.h"
#include "util/jsonb.h"
#include "util/throw.h"

/* No text of a switch, and no item of a list, is longer. */
#define MAX_TEXT_BYTES 1000

typedef enum SwitchKind
{
	KIND_FLAG,
	KIND_NUMBER,
	KIND_WORD,
	KIND_TEXT,
	KIND_LIST
} SwitchKind;

typedef struct Switch
{
	const char *name;
	SwitchKind	kind;
	size_t		offset;
	int			value;			/* of flags and numbers */
	int			least;
	int			most;
	const char *words;			/* separated by blanks */
} Switch;

#define SCIM_SWITCH(name, value, least, most) \
	{#name, (least) == 0 && (most) == 1 ? KIND_FLAG : KIND_NUMBER, offsetof(ScimSettings, name), value, least, most},
#define SCIM_WORD(name, words) {#name, KIND_WORD, offsetof(ScimSettings, name), 0, 0, 0, words},
#define SCIM_TEXT(name) {#name, KIND_TEXT, offsetof(ScimSettings, name)},
#define SCIM_LIST(name) {#name, KIND_LIST, offsetof(ScimSettings, name)},
static const Switch switches[] = {
#include "schema/settings.def"
};
#undef SCIM_SWITCH
#undef SCIM_WORD
#undef SCIM_TEXT
#undef SCIM_LIST

static void *
slot(ScimSettings *settings, const Switch *sw)
{
	return (char *) settings + sw->offset;
}

void
scim_settings_init(ScimSettings *settings)
{
	memset(settings, 0, sizeof(ScimSettings));
	for (size_t i = 0; i < lengthof(switches); i++)
	{
		if (switches[i].kind == KIND_FLAG || switches[i].kind == KIND_NUMBER)
			*(int *) slot(settings, &switches[i]) = switches[i].value;
		else if (switches[i].kind == KIND_TEXT)
			*(ScimSlice *) slot(settings, &switches[i]) = scim_slice("");
	}
}

bool
scim_settings_has_lists(const ScimSettings *settings)
{
	for (size_t i = 0; i < lengthof(switches); i++)
		if (switches[i].kind == KIND_LIST &&
			((const ScimTexts *) slot((ScimSettings *) settings, &switches[i]))->n > 0)
			return true;
	return false;
}

/* The switch of that name, or NULL. */
static const Switch *
find_switch(ScimSlice name)
{
	for (size_t i = 0; i < lengthof(switches); i++)
		if (scim_slice_equal(name, scim_slice(switches[i].name)))
			return &switches[i];
	return NULL;
}

int
scim_settings_get(const ScimSettings *settings, ScimSlice name)
{
	const Switch *found = find_switch(name);

	if (found == NULL || found->kind == KIND_TEXT || found->kind == KIND_LIST)
		scim_raise(SCIM_E_INVALID_VALUE, "there is no setting \"%.*s\" that is a number",
				   (int) Min(name.len, 80), name.data);
	return *(int *) slot((ScimSettings *) settings, found);
}

static int
read_flag(const Switch *sw, const JsonbValue *value)
{
	if (value->type != jbvBool)
		scim_raise(SCIM_E_INVALID_VALUE, "setting \"%s\" must be true or false", sw->name);
	return value->val.boolean;
}

static int
read_number(const Switch *sw, const JsonbValue *value)
{
	if (value->type == jbvNumeric)
	{
		char	   *text = DatumGetCString(DirectFunctionCall1(numeric_out,
															   NumericGetDatum(value->val.numeric)));
		char	   *end;
		long		number = strtol(text, &end, 10);

		if (*end == '\0' && number >= sw->least && number <= sw->most)
			return (int) number;
	}
	scim_raise(SCIM_E_INVALID_VALUE, "setting \"%s\" must be an integer from %d to %d", sw->name,
			   sw->least, sw->most);
}

/* The next of some words; false behind the last. */
static bool
next_word(const char **words, ScimSlice *word)
{
	size_t		len = strcspn(*words, " ");

	*word = scim_slice_of(*words, len);
	*words += len + strspn(*words + len, " ");
	return len > 0;
}

/* The place of a word among those of the switch. */
static int
read_word(const Switch *sw, const JsonbValue *value)
{
	const char *words = sw->words;
	ScimSlice	word;

	for (int i = 0; value->type == jbvString && next_word(&words, &word); i++)
		if (scim_slice_equal(scim_jsonb_text(value), word))
			return i;
	scim_raise(SCIM_E_INVALID_VALUE, "setting \"%s\" must be one of: %s", sw->name, sw->words);
}

/* A copy in the current context: the value may be part of a row. */
static ScimSlice
read_text(const Switch *sw, const JsonbValue *value)
{
	if (value->type != jbvString || value->val.string.len > MAX_TEXT_BYTES)
		scim_raise(SCIM_E_INVALID_VALUE, "setting \"%s\" must be %s of up to %d bytes", sw->name,
				   sw->kind == KIND_LIST ? "a list of strings" : "a string", MAX_TEXT_BYTES);
	return scim_slice(scim_slice_dup(scim_jsonb_text(value)));
}

static ScimTexts
read_list(const Switch *sw, const JsonbValue *value)
{
	ScimTexts	result = {0};
	const JsonbValue *list;

	if (!scim_jsonb_is_array(value))
		scim_raise(SCIM_E_INVALID_VALUE, "setting \"%s\" must be a list of strings", sw->name);
	list = scim_jsonb_open(value);
	result.texts = palloc((list->val.array.nElems + 1) * sizeof(ScimSlice));
	for (int i = 0; i < list->val.array.nElems; i++)
		result.texts[result.n++] = read_text(sw, &list->val.array.elems[i]);
	return result;
}

static void
apply_switch(ScimSettings *settings, const Switch *sw, const JsonbValue *value)
{
	void	   *place = slot(settings, sw);

	switch (sw->kind)
	{
		case KIND_FLAG:
			*(int *) place = read_flag(sw, value);
			break;
		case KIND_NUMBER:
			*(int *) place = read_number(sw, value);
			break;
		case KIND_WORD:
			*(int *) place = read_word(sw, value);
			break;
		case KIND_TEXT:
			*(ScimSlice *) place = read_text(sw, value);
			break;
		case KIND_LIST:
			*(ScimTexts *) place = read_list(sw, value);
			break;
	}
}

void
scim_settings_apply(ScimSettings *settings, const JsonbValue *object)
{
	const JsonbValue *members = scim_jsonb_open(object);

	for (int i = 0; i < members->val.object.nPairs; i++)
	{
		const JsonbPair *pair = &members->val.object.pairs[i];
		ScimSlice	name = scim_jsonb_text(&pair->key);
		const Switch *found = find_switch(name);

		if (found == NULL)
			scim_raise(SCIM_E_INVALID_VALUE, "there is no setting \"%.*s\"",
					   (int) Min(name.len, 80), name.data);
		apply_switch(settings, found, &pair->value);
	}
}

static JsonbValue *
new_number(int value)
{
	JsonbValue *number = palloc0(sizeof(JsonbValue));

	number->type = jbvNumeric;
	number->val.numeric = DatumGetNumeric(DirectFunctionCall1(int4_numeric, Int32GetDatum(value)));
	return number;
}

/* The value of a switch in profile "default". */
static JsonbValue *
default_value(const Switch *sw)
{
	const char *words = sw->words;
	ScimSlice	word = scim_slice("");

	switch (sw->kind)
	{
		case KIND_FLAG:
			return scim_jsonb_new_bool(sw->value);
		case KIND_NUMBER:
			return new_number(sw->value);
		case KIND_WORD:
			(void) next_word(&words, &word);
			return scim_jsonb_new_string(word);
		case KIND_TEXT:
			return scim_jsonb_new_string(word);
		case KIND_LIST:
			return scim_jsonb_new_array();
	}
	return NULL;
}

JsonbValue *
scim_settings_default(void)
{
	JsonbValue *object = scim_jsonb_new_object();

	for (size_t i = 0; i < lengthof(switches); i++)
		scim_jsonb_add(object, scim_slice(switches[i].name), default_value(&switches[i]));
	return object;
}
