/*-------------------------------------------------------------------------
 *
 * scim.h
 *	  The settings of the server process that every module reads.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SCIM_H
#define SCIM_H

#include "core/limits.h"

/* Bounds of a request (scim.max_*). */
extern ScimLimits scim_limits;

/* scim.directory: the directory of SQL calls that name none; empty when unset. */
extern char *scim_directory_name;

/* scim.base_url: what meta.location begins with outside HTTP; no trailing slash. */
extern char *scim_base_url;

/* scim.password_cost: rounds of bcrypt, as a power of two. */
extern int	scim_password_cost;

/* scim.max_failures: failed authentications of one address in a minute; 0: not counted. */
extern int	scim_max_failures;

#endif							/* SCIM_H */
