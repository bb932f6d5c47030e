/*-------------------------------------------------------------------------
 *
 * uuid.h
 *	  Ids of resources: time-ordered UUIDs (RFC 9562 version 7).
 *
 *-------------------------------------------------------------------------
 */
#ifndef SCIM_UTIL_UUID_H
#define SCIM_UTIL_UUID_H

#include "postgres.h"

#include "utils/uuid.h"

#include "core/slice.h"

#define SCIM_UUID_SIZE 37

/* A new id, larger than every earlier one of this backend. */
extern void scim_uuid_make(pg_uuid_t *id);

/* Reads the one form we write, lower case with hyphens: ids are case-exact (RFC 7643 section 3.1). */
extern bool scim_uuid_parse(ScimSlice text, pg_uuid_t *id);

/* A parameter of type uuid[] of UUIDPGetDatum() values. */
extern Datum scim_uuid_array(Datum *ids, int nids);

/* Writes 36 characters and a NUL. */
extern void scim_uuid_print(const pg_uuid_t *id, char buf[SCIM_UUID_SIZE]);

#endif							/* SCIM_UTIL_UUID_H */
