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

#include "core/error.h"

/* Raises err with its SQLSTATE of class SC and its message. */
extern void scim_throw(const ScimError *err) pg_attribute_noreturn();

/* Raises code with a message in the server's style; user input in it must be quoted, and is clipped. */
extern void scim_raise(ScimErrorCode code, const char *fmt,...)
			pg_attribute_printf(2, 3) pg_attribute_noreturn();

#endif							/* SCIM_THROW_H */
