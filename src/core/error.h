/*-------------------------------------------------------------------------
 *
 * error.h
 *	  The error codes of errors.def and the record a parser fills.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SCIM_ERROR_H
#define SCIM_ERROR_H

#define SCIM_ERROR(name, sqlstate, http, scimtype) SCIM_E_##name,
typedef enum ScimErrorCode
{
	SCIM_OK,
#include "core/errors.def"
} ScimErrorCode;
#undef SCIM_ERROR

/* What one code means outside: SQLSTATE, HTTP status, scimType (or NULL). */
typedef struct ScimErrorInfo
{
	const char *sqlstate;
	int			http;
	const char *scim_type;
} ScimErrorInfo;

/* A failure: the code, where in the input (byte offset), and a sentence for an administrator. */
typedef struct ScimError
{
	ScimErrorCode code;
	size_t		offset;
	char		message[256];
} ScimError;

/* Facts of a code; code must not be SCIM_OK. */
extern const ScimErrorInfo *scim_error_info(ScimErrorCode code);

/* The code of a SQLSTATE of class SC, SCIM_OK for any other. */
extern ScimErrorCode scim_error_from_sqlstate(const char *sqlstate);

/* Fills *err (message clipped to fit, on a UTF-8 boundary) and returns false. */
extern bool scim_error_set(ScimError *err, ScimErrorCode code, size_t offset,
						   const char *fmt,...) pg_attribute_printf(4, 5);

#endif							/* SCIM_ERROR_H */
