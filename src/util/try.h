/*-------------------------------------------------------------------------
 *
 * try.h
 *	  From a PostgreSQL error back to an answer: the counterpart of throw.h.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SCIM_TRY_H
#define SCIM_TRY_H

#include "postgres.h"

#include "lib/stringinfo.h"

#include "core/error.h"

/*
 * Runs the callback in a subtransaction.  SCIM_OK when it comes back; an error of class SC or a
 * broken constraint is rolled back and handed back as its code and, in the current memory context,
 * a sentence for the client.  Everything else (cancel, shutdown, out of memory, deadlock, bugs) is
 * raised again.  SPI connections that the callback opened are closed, those around it stay.
 */
extern ScimErrorCode scim_try(void (*callback) (void *), void *arg, char **detail);

/* Appends the error body of RFC 7644 section 3.12. */
extern void scim_error_write(StringInfo out, ScimErrorCode code, const char *detail);

#endif							/* SCIM_TRY_H */
