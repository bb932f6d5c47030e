/*-------------------------------------------------------------------------
 *
 * auth.h
 *	  Who calls: bearer tokens to principals.
 *
 * A token is 256 random bits; only its SHA-256 is stored.  Verification reads one row
 * and writes nothing, so it works on a standby.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SCIM_AUTH_H
#define SCIM_AUTH_H

#include "postgres.h"

#include "datatype/timestamp.h"
#include "utils/uuid.h"

#include "core/slice.h"
#include "schema/schema.h"

/* A verified caller. */
typedef struct ScimPrincipal
{
	const ScimDirectory *directory;
	pg_uuid_t	credential_id;
	char	   *label;
	bool		can_read;
	bool		can_write;
	TimestampTz expires_at;
	bool		has_subject;
	pg_uuid_t	subject;		/* the user that /Me stands for */
} ScimPrincipal;

/*
 * Verifies a token.  False, and nothing more, for one that is malformed, unknown, expired or
 * revoked: a caller learns no difference.
 */
extern bool scim_auth_token(ScimSlice token, ScimPrincipal *principal);

/* The token in an Authorization field ("Bearer" in any case); empty when it holds none. */
extern ScimSlice scim_auth_bearer(ScimSlice field);

#endif							/* SCIM_AUTH_H */
