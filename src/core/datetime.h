/*-------------------------------------------------------------------------
 *
 * datetime.h
 *	  xsd:dateTime (RFC 7643 section 2.3.5) to microseconds and back.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SCIM_DATETIME_H
#define SCIM_DATETIME_H

#include "core/core.h"

/* "YYYY-MM-DDThh:mm:ss.uuuuuuZ" and a NUL, years 0001 to 9999. */
#define SCIM_DATETIME_SIZE 32

/*
 * Reads a dateTime; *micros counts from 1970-01-01T00:00:00Z.  Date and time must both
 * be there, seconds too; a fraction of any length is cut to microseconds; no zone is
 * read as UTC; 24:00:00 is the next midnight; a leap second :60 is the next minute;
 * offsets up to 14:00; years 0001 to 9999.  False when it is none of that.
 */
extern bool scim_datetime_parse(ScimSlice text, int64 *micros);

/*
 * Writes the shortest UTC form, fraction only if there is one; returns the length.
 * micros must be within years 0001 to 9999.
 */
extern int	scim_datetime_print(int64 micros, char buf[SCIM_DATETIME_SIZE]);

#endif							/* SCIM_DATETIME_H */
