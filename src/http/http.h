/*-------------------------------------------------------------------------
 *
 * http.h
 *	  One HTTP request in, one answer out.
 *
 *		scim_http (http_sql.c)		arguments to ScimRequest, subtransaction, answer to a row
 *		  -> http_request.c			target, media types, caller
 *		  -> http_route.c			which handler, may this method and caller use it
 *		  -> http_resource.c, http_discovery.c, http_oauth.c	handlers
 *		  -> http_respond.c			status, headers, body
 *
 * Handlers raise errors of class SC; what they put into the answer before that stays,
 * so that a 405 can carry its Allow.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SCIM_HTTP_H
#define SCIM_HTTP_H

#include "postgres.h"

#include "lib/stringinfo.h"

#include "auth/auth.h"
#include "core/form.h"
#include "core/slice.h"
#include "core/uri.h"
#include "resource/resource.h"
#include "util/jsonb.h"

/* Most header fields that an answer carries. */
#define SCIM_MAX_ANSWER_HEADERS 12

typedef struct ScimHeader
{
	ScimSlice	name;			/* lower case in requests */
	ScimSlice	value;
} ScimHeader;

typedef struct ScimRequest
{
	ScimSlice	method;
	ScimSlice	target_text;
	int			nheaders;
	ScimHeader *headers;
	ScimSlice	body;

	/* filled on the way */
	ScimTarget	target;
	ScimForm	query;
	bool		is_known;		/* has a verified caller */
	int			wait;			/* seconds until one that has failed may try again */
	ScimPrincipal principal;
	ScimContext context;
	int			first;			/* segment behind the base path */
	const ScimResourceType *type;	/* of the endpoint, if it is one's */
	ScimSlice	id;				/* of the resource, or name of the discovery resource */
} ScimRequest;

typedef struct ScimAnswer
{
	int			status;
	int			nheaders;
	ScimHeader	headers[SCIM_MAX_ANSWER_HEADERS];
	StringInfo	body;			/* a text: its length word comes first */
	bool		wants_json;		/* application/json instead of application/scim+json */
	const char *content_type;	/* something else, or NULL */
} ScimAnswer;

/* http_route.c: answers a request; raises for every failure. */
extern void scim_http_handle(ScimRequest *request, ScimAnswer *answer);

#endif							/* SCIM_HTTP_H */
