/*-------------------------------------------------------------------------
 *
 * auth_int.h
 *	  Shared by the files of auth/.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SCIM_AUTH_INT_H
#define SCIM_AUTH_INT_H

#include <openssl/sha.h>

#include "utils/array.h"

#include "auth/auth.h"

/* What is known of a token, by its hash. */
typedef struct ScimKnownToken
{
	unsigned char hash[SHA256_DIGEST_LENGTH];	/* hash key */
	uint64		generation;		/* of the cache when it was read */
	int32		directory_id;
	ScimPrincipal principal;	/* without the directory */
} ScimKnownToken;

/* auth_rights.c: fills what a principal may do, and from where; both arrays may be NULL. */
extern void scim_principal_fill(ScimPrincipal *principal, ArrayType *rights, ArrayType *networks,
								MemoryContext context);

/* The address that the bridge names; NULL for what is none, such as a socket's. */
extern inet *scim_peer_address(ScimSlice peer);

/* Is the address in one of its networks? */
extern bool scim_principal_is_near(const ScimPrincipal *principal, ScimSlice peer);

/*
 * auth_jwt.c: fills directory_id and principal of what the JWT stands for, allocated in context;
 * false if it is not to be trusted.
 */
extern bool scim_auth_jwt(ScimSlice token, ScimKnownToken *known, MemoryContext context);

/* auth_shared.c: notes that a credential is in use. */
extern void scim_note_use(const pg_uuid_t *credential_id);

#endif							/* SCIM_AUTH_INT_H */
