/*-------------------------------------------------------------------------
 *
 * oauth_int.h
 *	  Shared by the files of oauth/.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SCIM_OAUTH_INT_H
#define SCIM_OAUTH_INT_H

#include "utils/array.h"
#include "utils/jsonb.h"
#include "utils/uuid.h"

#include "oauth/oauth.h"
#include "schema/schema.h"
#include "util/uuid.h"

/* Words of a list, such as scopes. */
typedef struct ScimWords
{
	int			n;
	ScimSlice  *words;
} ScimWords;

typedef struct ScimOAuthClient
{
	const ScimDirectory *directory;
	pg_uuid_t	id;
	char		id_text[SCIM_UUID_SIZE];
	char	   *name;
	char	   *display_name;
	char	   *type;			/* native, web, server */
	ScimWords	scopes;
	ScimWords	redirect_uris;
	int			access_lifetime;
	int			refresh_lifetime;
	Jsonb	   *jwks;			/* or NULL */
	bool		is_confidential;	/* it has proved who it is */
} ScimOAuthClient;

/* What an administrator has approved. */
typedef struct ScimOAuthGrant
{
	pg_uuid_t	id;
	char	   *subject;
	ScimWords	scopes;
} ScimOAuthGrant;

/* oauth_endpoint.c */

/* A parameter's value; empty when it is absent. */
extern ScimSlice scim_oauth_param(const ScimOAuthRequest *request, const char *name);

/* Parses query and body; false after an error answer. */
extern bool scim_oauth_read(ScimOAuthRequest *request, ScimOAuthAnswer *answer);

/* An error of RFC 6749 section 5.2; always false. */
extern bool scim_oauth_fail(ScimOAuthAnswer *answer, int status, const char *error,
							const char *description);

/* What the directory is called as an issuer (RFC 8414), and a URL of its endpoints. */
extern char *scim_oauth_issuer(const ScimOAuthRequest *request, const char *directory);

extern bool scim_oauth_is_method(const ScimOAuthRequest *request, const char *method);

/* oauth_words.c: lists of words, as columns and as parameters. */
extern ScimWords scim_words_split(ScimSlice text);
extern ScimWords scim_words_of(ArrayType *array);
extern Datum scim_words_array(ScimWords words);
extern bool scim_words_have(ScimWords words, ScimSlice word);
extern char *scim_words_join(ScimWords words);

/* Those of a that are in b as well. */
extern ScimWords scim_words_common(ScimWords a, ScimWords b);

/* oauth_client.c */

/* The client of that id, if it and its directory are enabled, and the path is one of the directory's. */
extern bool scim_oauth_client_find(const ScimOAuthRequest *request, ScimSlice id,
								   ScimOAuthClient *client);

/*
 * Finds out who the client is; false after an error answer.  A native application may have no secret: then it is not confidential.
 */
extern bool scim_oauth_client_authenticate(ScimOAuthRequest *request, ScimOAuthAnswer *answer,
										   ScimOAuthClient *client);

/* oauth_assertion.c: is the assertion one of this client's, for us, and used for the first time? */
extern bool scim_oauth_assertion_is_good(const ScimOAuthRequest *request,
										 const ScimOAuthClient *client, ScimSlice assertion);

/* The claim "sub" of an assertion, before anything of it is known to be true. */
extern ScimSlice scim_oauth_assertion_subject(ScimSlice assertion);

/* oauth_token.c, oauth_revoke.c, oauth_metadata.c, oauth_authorize.c: the endpoints */
extern void scim_oauth_token(ScimOAuthRequest *request, ScimOAuthAnswer *answer);
extern void scim_oauth_revoke(ScimOAuthRequest *request, ScimOAuthAnswer *answer);
extern void scim_oauth_introspect(ScimOAuthRequest *request, ScimOAuthAnswer *answer);
extern void scim_oauth_metadata(ScimOAuthRequest *request, ScimOAuthAnswer *answer);
extern void scim_oauth_jwks(ScimOAuthRequest *request, ScimOAuthAnswer *answer);
extern void scim_oauth_authorize(ScimOAuthRequest *request, ScimOAuthAnswer *answer);

/* oauth_issue.c: answers with an access token, and with a refresh token if there is a grant. */
extern void scim_oauth_issue(const ScimOAuthRequest *request, ScimOAuthAnswer *answer,
							 const ScimOAuthClient *client, ScimWords scopes,
							 const ScimOAuthGrant *grant);

/* The end of a grant with all its tokens. */
extern void scim_oauth_end_grant(const ScimDirectory *directory, const pg_uuid_t *grant_id);

#endif							/* SCIM_OAUTH_INT_H */
