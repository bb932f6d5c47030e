/*-------------------------------------------------------------------------
 *
 * discovery.h
 *	  What the service tells of itself (RFC 7643 sections 5 to 7), as JSON text.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SCIM_DISCOVERY_H
#define SCIM_DISCOVERY_H

#include "postgres.h"

#include "lib/stringinfo.h"

#include "schema/schema.h"

/* base is what locations begin with, without a trailing slash. */
extern void scim_discovery_config(StringInfo out, const ScimDirectory *directory, const char *base);
extern void scim_discovery_type(StringInfo out, const ScimResourceType *type, const char *base);
extern void scim_discovery_schema(StringInfo out, const ScimSchema *schema, const char *base);

#endif							/* SCIM_DISCOVERY_H */
