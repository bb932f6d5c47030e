/*-------------------------------------------------------------------------
 *
 * auth_int.h
 *	  Shared by the files of auth/.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SCIM_AUTH_INT_H
#define SCIM_AUTH_INT_H

#include "auth/auth.h"

/* What is stored of a token. */
extern bytea *scim_token_hash(ScimSlice token);

/* A new token in clear; whoever gets it shows it once. */
extern text *scim_token_make(void);

#endif							/* SCIM_AUTH_INT_H */
