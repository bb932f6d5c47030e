/*-------------------------------------------------------------------------
 *
 * oauth_page.h
 *	  The authorization endpoint's pages, and the seals in their forms.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SCIM_OAUTH_PAGE_H
#define SCIM_OAUTH_PAGE_H

#include "oauth/oauth_int.h"

/* A request for authorization that can be answered at the client's redirect URI. */
typedef struct ScimAuthorization
{
	ScimOAuthClient client;
	char	   *redirect_uri;
	ScimSlice	state;			/* empty: none */
	ScimSlice	challenge;		/* S256 of RFC 7636; empty: none */
	ScimWords	scopes;
	char	   *nonce;			/* of the browser, in its cookie */
} ScimAuthorization;

/* A page that says what is wrong; never a redirect. */
extern void scim_page_error(ScimOAuthAnswer *answer, int status, const char *sentence);

/* Asks for name and password; problem is what was wrong the last time, or NULL. */
extern void scim_page_login(const ScimOAuthRequest *request, ScimOAuthAnswer *answer,
							const ScimAuthorization *asked, const char *problem);

/* Asks whether to approve; ticket stands for the administrator. */
extern void scim_page_consent(const ScimOAuthRequest *request, ScimOAuthAnswer *answer,
							  const ScimAuthorization *asked, const char *ticket, const char *problem);

/* oauth_seal.c */

/* The browser's nonce from its cookie, or a new one, which *cookie then sets. */
extern char *scim_seal_nonce(const ScimOAuthRequest *request, const char **cookie);

/*
 * What only this server can make for this browser and this request: hidden in forms, so that no other
 * site can send them.
 */
extern char *scim_seal_form(const ScimOAuthRequest *request, const char *nonce);
extern bool scim_seal_form_is_good(const ScimOAuthRequest *request, const char *nonce);

/* Says for ten minutes that an administrator has logged in, in this browser and for this request. */
extern char *scim_seal_ticket(const ScimOAuthRequest *request, const char *nonce,
							  const pg_uuid_t *administrator);
extern bool scim_seal_open_ticket(const ScimOAuthRequest *request, const char *nonce,
								  pg_uuid_t *administrator);

#endif							/* SCIM_OAUTH_PAGE_H */
