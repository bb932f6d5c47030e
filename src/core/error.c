/*-------------------------------------------------------------------------
 *
 * error.c
 *	  The facts of errors.def, and the one way a parser reports a failure.
 *
 *-------------------------------------------------------------------------
 */
#include "core/core.h"

#define SCIM_ERROR(name, sqlstate, http, scimtype) {sqlstate, http, scimtype},
static const ScimErrorInfo error_infos[] = {
#include "core/errors.def"
};
#undef SCIM_ERROR

const ScimErrorInfo *
scim_error_info(ScimErrorCode code)
{
	Assert(code > SCIM_OK && (size_t) code <= lengthof(error_infos));
	return &error_infos[code - 1];
}

/* Compared as a whole, so that a code outside the list stays foreign even in class SC. */
ScimErrorCode
scim_error_from_sqlstate(const char *sqlstate)
{
	for (size_t i = 0; i < lengthof(error_infos); i++)
	{
		if (strcmp(error_infos[i].sqlstate, sqlstate) == 0)
			return (ScimErrorCode) (i + 1);
	}
	return SCIM_OK;
}

bool
scim_error_set(ScimError *err, ScimErrorCode code, size_t offset, const char *fmt,...)
{
	va_list		args;
	int			len;

	va_start(args, fmt);
	len = vsnprintf(err->message, sizeof(err->message), fmt, args);
	va_end(args);

	if (len >= (int) sizeof(err->message))
	{
		ScimSlice	cut = scim_slice_of(err->message, sizeof(err->message) - 1);

		/* The byte behind the cut is gone; only a last character that is whole may stay. */
		err->message[scim_slice_whole(cut).len] = '\0';
	}
	err->code = code;
	err->offset = offset;
	return false;
}
