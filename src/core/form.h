/*-------------------------------------------------------------------------
 *
 * form.h
 *	  application/x-www-form-urlencoded: query strings and OAuth bodies.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SCIM_FORM_H
#define SCIM_FORM_H

#include "core/core.h"

typedef struct ScimFormField
{
	ScimSlice	name;
	ScimSlice	value;
} ScimFormField;

typedef struct ScimForm
{
	int			nfields;
	ScimFormField *fields;
} ScimForm;

/*
 * Splits at '&', decodes names and values ('+' is a blank).  BAD_REQUEST on bad
 * escapes, NUL, bad UTF-8 or over 64 fields.
 */
extern bool scim_form_parse(ScimSlice text, ScimForm *form, ScimError *err);

/* The first value of name (exact), or NULL.  *count, if given, is how often it occurs. */
extern const ScimSlice *scim_form_get(const ScimForm *form, const char *name, int *count);

#endif							/* SCIM_FORM_H */
