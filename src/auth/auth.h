/*-------------------------------------------------------------------------
 *
 * auth.h
 *	  Who calls: bearer tokens to principals.
 *
 *		scim_auth_token (auth_token.c)		memory of this backend, rows of scim.credential
 *		  -> auth_jwt.c						our signed access tokens, tokens of trusted issuers
 *		  -> auth_rights.c					what it may do, and from where
 *		auth_shared.c						last use, failures: counted in shared memory
 *
 * Of a token that we made there is only the SHA-256.  Verification writes no row, so it
 * works on a standby.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SCIM_AUTH_H
#define SCIM_AUTH_H

#include "postgres.h"

#include "datatype/timestamp.h"
#include "utils/inet.h"
#include "utils/uuid.h"

#include "core/slice.h"
#include "schema/schema.h"

/* A verified caller. */
typedef struct ScimPrincipal
{
	const ScimDirectory *directory;
	pg_uuid_t	credential_id;	/* of a JWT: the client or the issuer */
	char	   *label;
	bool		can_read;		/* resources of every type */
	bool		can_write;
	int			nrights;
	char	  **rights;			/* read, write, read:User .. */
	TimestampTz expires_at;
	bool		has_subject;
	pg_uuid_t	subject;		/* the user that /Me stands for */
	int			nnetworks;		/* 0: anywhere */
	inet	  **networks;
} ScimPrincipal;

/*
 * Verifies a token sent from peer, an address, empty if unknown.  False, and nothing more, for one that
 * is malformed, unknown, expired, disabled, revoked or sent from elsewhere: a caller learns no difference.
 */
extern bool scim_auth_token(ScimSlice token, ScimSlice peer, ScimPrincipal *principal);

/* May it read, or write, resources of this type?  NULL: of all types. */
extern bool scim_principal_may(const ScimPrincipal *principal, bool writes,
							   const ScimResourceType *type);

/* The token in an Authorization field ("Bearer" in any case); empty when it holds none. */
extern ScimSlice scim_auth_bearer(ScimSlice field);

/* What is stored of a token, and a new one in clear, to be shown once. */
extern bytea *scim_token_hash(ScimSlice token);
extern text *scim_token_make(void);

/*
 * Counts a failed authentication by the address that it came from and by the directory that was
 * named, if one was.  Returns how many seconds the address should wait before its next try; 0 unless it has failed
 * more than scim.max_failures times in a minute.
 */
extern int	scim_auth_failed(ScimSlice peer, ScimSlice directory);

/* The same without counting: for what must not even be tried. */
extern int	scim_auth_wait(ScimSlice peer);

#endif							/* SCIM_AUTH_H */
