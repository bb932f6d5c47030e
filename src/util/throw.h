/*-------------------------------------------------------------------------
 *
 * throw.h
 *	  The one place where a ScimError becomes a PostgreSQL error.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SCIM_THROW_H
#define SCIM_THROW_H

#include "postgres.h"

#include "compat.h"
#include "core/error.h"

/* Raises err with its SQLSTATE of class SC and its message. */
SCIM_NORETURN extern void scim_throw(const ScimError *err);

/* Raises code with a message in the server's style; user input in it must be quoted, and is clipped. */
SCIM_NORETURN extern void scim_raise(ScimErrorCode code, const char *fmt,...)
			pg_attribute_printf(2, 3);

#endif							/* SCIM_THROW_H */
