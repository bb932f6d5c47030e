/*-------------------------------------------------------------------------
 *
 * oauth.h
 *	  An OAuth 2 authorization server (RFC 6749) behind the same entry point as SCIM.
 *
 *		oauth_endpoint.c		paths, methods, parameters, errors
 *		oauth_client.c			who is the client (RFC 6749 section 2.3), oauth_assertion.c (RFC 7523)
 *		oauth_token.c			the token endpoint: a row for each grant type
 *		oauth_issue.c			access and refresh tokens
 *		oauth_revoke.c			revocation (RFC 7009) and introspection (RFC 7662)
 *		oauth_metadata.c		metadata (RFC 8414) and public keys
 *		oauth_authorize.c		the authorization endpoint, oauth_page.c its pages
 *
 * An error is an answer and no exception here: what was written on the way to it stays, such as the
 * end of a grant whose refresh token came twice.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SCIM_OAUTH_H
#define SCIM_OAUTH_H

#include "postgres.h"

#include "lib/stringinfo.h"

#include "core/form.h"
#include "core/slice.h"
#include "core/uri.h"

typedef enum ScimOAuthEndpoint
{
	SCIM_OAUTH_AUTHORIZE,
	SCIM_OAUTH_TOKEN,
	SCIM_OAUTH_REVOKE,
	SCIM_OAUTH_INTROSPECT,
	SCIM_OAUTH_METADATA,
	SCIM_OAUTH_JWKS
} ScimOAuthEndpoint;

typedef struct ScimOAuthRequest
{
	ScimOAuthEndpoint endpoint;
	ScimSlice	directory;		/* named by the path; empty: by the client */
	int32		path_owner;		/* directory whose own path it is; 0: of every one */
	ScimSlice	method;
	const char *base;			/* scheme://authority */
	const char *path;			/* as it was asked for */
	ScimSlice	query_text;
	ScimSlice	body;
	ScimSlice	content_type;
	ScimSlice	authorization;
	ScimSlice	cookie;
	ScimSlice	peer;
	ScimSlice	request_id;

	/* filled on the way */
	ScimForm	query;
	ScimForm	form;
} ScimOAuthRequest;

typedef struct ScimOAuthAnswer
{
	int			status;
	const char *content_type;
	const char *challenge;		/* WWW-Authenticate, or NULL, like the others */
	const char *allow;
	const char *location;
	const char *cookie;
	const char *policy;			/* Content-Security-Policy */
	int			retry_after;	/* seconds; 0: the field is not sent */
	StringInfoData body;
} ScimOAuthAnswer;

/*
 * Is the path one of OAuth?  Then sets endpoint and directory.  Further paths of scim.oauth_path are looked up
 * if the caller says so.
 */
extern bool scim_oauth_find(const ScimTarget *target, bool look_up, ScimOAuthRequest *request);

extern void scim_oauth_handle(ScimOAuthRequest *request, ScimOAuthAnswer *answer);

#endif							/* SCIM_OAUTH_H */
