/*-------------------------------------------------------------------------
 *
 * form.c
 *	  application/x-www-form-urlencoded text to names and values.
 *
 *-------------------------------------------------------------------------
 */
#include "core/core.h"

#include "core/form.h"
#include "core/uri.h"

#define MAX_FIELDS 64

/* Decodes one name[=value]. */
static bool
parse_field(ScimSlice text, ScimFormField *field)
{
	const char *equals = memchr(text.data, '=', text.len);
	size_t		len = equals != NULL ? (size_t) (equals - text.data) : text.len;
	ScimSlice	value = scim_slice_of(text.data + text.len, 0);

	if (equals != NULL)
		value = scim_slice_of(equals + 1, text.len - len - 1);
	return scim_percent_decode(scim_slice_of(text.data, len), true, &field->name) &&
		scim_percent_decode(value, true, &field->value);
}

/* Empty pieces between two '&' are no fields. */
bool
scim_form_parse(ScimSlice text, ScimForm *form, ScimError *err)
{
	size_t		start = 0;

	form->nfields = 0;
	form->fields = palloc(MAX_FIELDS * sizeof(ScimFormField));
	while (start < text.len)
	{
		const char *data = text.data + start;
		const char *ampersand = memchr(data, '&', text.len - start);
		size_t		len = ampersand != NULL ? (size_t) (ampersand - data) : text.len - start;

		if (len > 0)
		{
			if (form->nfields == MAX_FIELDS)
				return scim_error_set(err, SCIM_E_BAD_REQUEST, start,
									  "there are more than %d parameters", MAX_FIELDS);
			if (!parse_field(scim_slice_of(data, len), &form->fields[form->nfields]))
				return scim_error_set(err, SCIM_E_BAD_REQUEST, start,
									  "a parameter is not percent-encoded UTF-8");
			form->nfields++;
		}
		start += len + 1;
	}
	return true;
}

const ScimSlice *
scim_form_get(const ScimForm *form, const char *name, int *count)
{
	const ScimSlice wanted = scim_slice(name);
	const ScimSlice *first = NULL;
	int			found = 0;

	for (int i = 0; i < form->nfields; i++)
	{
		if (!scim_slice_equal(form->fields[i].name, wanted))
			continue;
		if (found++ == 0)
			first = &form->fields[i].value;
	}
	if (count != NULL)
		*count = found;
	return first;
}
