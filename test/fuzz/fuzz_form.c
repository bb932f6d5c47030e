/*-------------------------------------------------------------------------
 *
 * fuzz_form.c
 *	  Forms: fields are text, and written as a form again they are the same.
 *
 *-------------------------------------------------------------------------
 */
#include "fuzz.h"

#include "lib/stringinfo.h"

#include "core/form.h"
#include "core/uri.h"

void
fuzz(ScimSlice input)
{
	ScimForm	form;
	ScimForm	again;
	ScimError	err;
	StringInfoData text;
	int			count;

	if (!scim_form_parse(input, &form, &err))
	{
		HOLDS(is_proper_failure(&err, SCIM_E_BAD_REQUEST, input));
		return;
	}
	initStringInfo(&text);
	for (int i = 0; i < form.nfields; i++)
	{
		HOLDS(scim_utf8_is_valid(form.fields[i].name) && scim_utf8_is_valid(form.fields[i].value));
		HOLDS(scim_form_get(&form, scim_slice_dup(form.fields[i].name), &count) != NULL);
		HOLDS(count > 0);
		appendStringInfo(&text, "&%s=%s", scim_uri_encode_segment(form.fields[i].name),
						 scim_uri_encode_segment(form.fields[i].value));
	}
	HOLDS(scim_form_parse(scim_slice(text.data), &again, &err));
	HOLDS(again.nfields == form.nfields);
	for (int i = 0; i < form.nfields; i++)
	{
		HOLDS(scim_slice_equal(form.fields[i].name, again.fields[i].name));
		HOLDS(scim_slice_equal(form.fields[i].value, again.fields[i].value));
	}
}
