/*-------------------------------------------------------------------------
 *
 * schema_settings.c
 *	  The switches of a directory, from the rows of its profile and its own.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "utils/builtins.h"
#include "utils/numeric.h"

#include "schema/schema.h"
#include "util/jsonb.h"
#include "util/throw.h"

typedef struct Switch
{
	const char *name;
	size_t		offset;
	int			value;
	int			least;
	int			most;
} Switch;

#define SCIM_SWITCH(name, value, least, most) {#name, offsetof(ScimSettings, name), value, least, most},
static const Switch switches[] = {
#include "schema/settings.def"
};
#undef SCIM_SWITCH

static int *
slot(ScimSettings *settings, const Switch *sw)
{
	return (int *) ((char *) settings + sw->offset);
}

void
scim_settings_init(ScimSettings *settings)
{
	for (size_t i = 0; i < lengthof(switches); i++)
		*slot(settings, &switches[i]) = switches[i].value;
}

/* The value as an integer within the switch's bounds, or an error that names both. */
static int
read_switch(const Switch *sw, const JsonbValue *value)
{
	bool		is_flag = sw->least == 0 && sw->most == 1;

	if (is_flag && value->type == jbvBool)
		return value->val.boolean;
	if (!is_flag && value->type == jbvNumeric)
	{
		char	   *text = DatumGetCString(DirectFunctionCall1(numeric_out,
															   NumericGetDatum(value->val.numeric)));
		char	   *end;
		long		number = strtol(text, &end, 10);

		if (*end == '\0' && number >= sw->least && number <= sw->most)
			return (int) number;
	}
	if (is_flag)
		scim_raise(SCIM_E_INVALID_VALUE, "setting \"%s\" must be true or false", sw->name);
	scim_raise(SCIM_E_INVALID_VALUE, "setting \"%s\" must be an integer from %d to %d", sw->name,
			   sw->least, sw->most);
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

	if (found == NULL)
		scim_raise(SCIM_E_INVALID_VALUE, "there is no setting \"%.*s\"", (int) Min(name.len, 80), name.data);
	return *slot((ScimSettings *) settings, found);
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
		*slot(settings, found) = read_switch(found, &pair->value);
	}
}
