/*-------------------------------------------------------------------------
 *
 * oauth_page.c
 *	  The pages of the authorization endpoint: HTML that needs no script and loads nothing.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <openssl/evp.h>
#include <openssl/sha.h>

#include "catalog/pg_type.h"
#include "utils/builtins.h"

#include "oauth/oauth_page.h"
#include "util/plan.h"

/* The browser applies it because the policy names its hash. */
static const char style[] =
"body{font:1rem/1.5 system-ui,sans-serif;color:#1b1f24;background:#f3f5f7;margin:0;padding:2rem 1rem}"
"main{max-width:28rem;margin:0 auto;background:#fff;border:1px solid #c9d1d9;border-radius:.5rem;padding:1.5rem 2rem 2rem}"
"h1{font-size:1.35rem;line-height:1.3;margin:.25rem 0 1rem}"
"label{display:block;font-weight:600;margin-top:1rem}"
"input{box-sizing:border-box;width:100%;font:inherit;padding:.5rem .6rem;margin-top:.25rem;border:1px solid #57606a;border-radius:.3rem}"
"button{font:inherit;font-weight:600;padding:.55rem 1.2rem;margin:1.5rem .5rem 0 0;border:1px solid #0b57c2;border-radius:.3rem;background:#0b57c2;color:#fff;cursor:pointer}"
"button.second{background:#fff;color:#0b57c2}"
":focus-visible{outline:3px solid #e8710a;outline-offset:2px}"
"dl{margin:0}dt{font-weight:600;margin-top:.75rem}dd{margin:0}ul{margin:.25rem 0;padding-left:1.25rem}"
"code{overflow-wrap:anywhere}"
".problem{border-left:4px solid #b3261e;background:#fdecea;padding:.6rem .8rem}"
".small{font-size:.875rem;color:#424a53}";

static ScimStatement select_description = {
	"SELECT o.description FROM scim.oauth_scope o WHERE o.scope = $2 AND o.directory_id IN (0, $1)"
	" ORDER BY o.directory_id DESC LIMIT 1",
	2, {INT4OID, TEXTOID}
};

/* Appends text so that it is nothing but text, in elements and in quoted attributes. */
static void
add_text(StringInfo out, ScimSlice text)
{
	for (size_t i = 0; i < text.len; i++)
		switch (text.data[i])
		{
			case '&':
				appendStringInfoString(out, "&amp;");
				break;
			case '<':
				appendStringInfoString(out, "&lt;");
				break;
			case '>':
				appendStringInfoString(out, "&gt;");
				break;
			case '"':
				appendStringInfoString(out, "&quot;");
				break;
			case '\'':
				appendStringInfoString(out, "&#39;");
				break;
			default:
				appendStringInfoChar(out, text.data[i]);
		}
}

static void
add_chars(StringInfo out, const char *text)
{
	add_text(out, scim_slice(text));
}

/* What a form may be sent to, and end at: here, and where the client wants its answer. */
static const char *
form_targets(const ScimAuthorization *asked)
{
	const char *uri = asked == NULL ? "" : asked->redirect_uri;
	const char *host = strstr(uri, "://");
	size_t		len;

	if (asked == NULL)
		return "'none'";
	/* of https://host:port/path the origin, of com.example.app:/path the scheme */
	len = host == NULL ? strcspn(uri, ":") + 1 : (size_t) (host - uri) + 3 + strcspn(host + 3, "/?");
	return psprintf("'self' %.*s", (int) len, uri);
}

/* Starts a page; asked is NULL if it has no form. */
static void
begin_page(ScimOAuthAnswer *answer, int status, const ScimAuthorization *asked, const char *title)
{
	unsigned char digest[SHA256_DIGEST_LENGTH];
	unsigned char text[EVP_ENCODE_LENGTH(SHA256_DIGEST_LENGTH)];
	StringInfo	out = &answer->body;

	SHA256((const unsigned char *) style, strlen(style), digest);
	EVP_EncodeBlock(text, digest, sizeof(digest));
	answer->status = status;
	answer->content_type = "text/html; charset=utf-8";
	answer->policy = psprintf("default-src 'none'; style-src 'sha256-%s'; form-action %s;"
							  " frame-ancestors 'none'; base-uri 'none'", (char *) text,
							  form_targets(asked));
	resetStringInfo(out);
	appendStringInfoString(out, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
						   "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>");
	add_chars(out, title);
	appendStringInfo(out, "</title>\n<style>%s</style>\n</head>\n<body>\n<main>\n<h1>", style);
	add_chars(out, title);
	appendStringInfoString(out, "</h1>\n");
}

static void
end_page(ScimOAuthAnswer *answer)
{
	appendStringInfoString(&answer->body, "</main>\n</body>\n</html>\n");
}

static void
add_problem(StringInfo out, const char *problem)
{
	if (problem == NULL)
		return;
	appendStringInfoString(out, "<p class=\"problem\" role=\"alert\">");
	add_chars(out, problem);
	appendStringInfoString(out, "</p>\n");
}

static void
add_hidden(StringInfo out, const char *name, const char *value)
{
	appendStringInfo(out, "<input type=\"hidden\" name=\"%s\" value=\"", name);
	add_chars(out, value);
	appendStringInfoString(out, "\">\n");
}

/* A form that comes back to the same address, with the request still in its query. */
static void
begin_form(StringInfo out, const ScimOAuthRequest *request, const ScimAuthorization *asked)
{
	appendStringInfoString(out, "<form method=\"post\" action=\"");
	add_chars(out, request->path);
	appendStringInfoChar(out, '?');
	add_text(out, request->query_text);
	appendStringInfoString(out, "\">\n");
	add_hidden(out, "csrf", scim_seal_form(request, asked->nonce));
}

void
scim_page_error(ScimOAuthAnswer *answer, int status, const char *sentence)
{
	begin_page(answer, status, NULL, "This cannot be done");
	add_problem(&answer->body, sentence);
	appendStringInfoString(&answer->body, "<p>Go back to the application and try again. If that does not help, "
						   "tell its administrator what stands above.</p>\n");
	end_page(answer);
}

void
scim_page_login(const ScimOAuthRequest *request, ScimOAuthAnswer *answer,
				const ScimAuthorization *asked, const char *problem)
{
	StringInfo	out = &answer->body;

	begin_page(answer, 200, asked, "Sign in to connect an application");
	add_problem(out, problem);
	appendStringInfoString(out, "<p><strong>");
	add_chars(out, asked->client.display_name);
	appendStringInfoString(out, "</strong> asks for access to the directory <strong>");
	add_chars(out, asked->client.directory->name);
	appendStringInfoString(out, "</strong>. Sign in as an administrator of this directory to see what it asks for, "
						   "and to decide.</p>\n");
	begin_form(out, request, asked);
	appendStringInfoString(out, "<label for=\"username\">Name</label>\n"
						   "<input id=\"username\" name=\"username\" autocomplete=\"username\" autocapitalize=\"none\" "
						   "spellcheck=\"false\" required maxlength=\"64\">\n"
						   "<label for=\"password\">Password</label>\n"
						   "<input id=\"password\" name=\"password\" type=\"password\" "
						   "autocomplete=\"current-password\" required>\n"
						   "<button type=\"submit\">Sign in</button>\n</form>\n");
	end_page(answer);
}

/* One scope: what it allows in words, and its name. */
static void
add_scope(StringInfo out, const ScimDirectory *directory, ScimSlice scope)
{
	char	   *description = NULL;

	if (scim_query(&select_description, (Datum[]) {
			Int32GetDatum(directory->id),
			PointerGetDatum(cstring_to_text_with_len(scope.data, scope.len))
		}, NULL) == 1)
		description = scim_text(0, 1, CurrentMemoryContext);
	appendStringInfoString(out, "<li>");
	if (description != NULL && description[0] != '\0')
	{
		add_chars(out, description);
		appendStringInfoChar(out, ' ');
	}
	appendStringInfoString(out, "<code>");
	add_text(out, scope);
	appendStringInfoString(out, "</code></li>\n");
}

/* Who asks for what, and where it goes. */
static void
add_facts(StringInfo out, const ScimAuthorization *asked)
{
	appendStringInfoString(out, "<dl>\n<dt>Application</dt>\n<dd>");
	add_chars(out, asked->client.display_name);
	appendStringInfoString(out, "</dd>\n<dt>Directory</dt>\n<dd>");
	add_chars(out, asked->client.directory->name);
	appendStringInfoString(out, "</dd>\n<dt>It will be able to</dt>\n<dd><ul>\n");
	for (int i = 0; i < asked->scopes.n; i++)
		add_scope(out, asked->client.directory, asked->scopes.words[i]);
	appendStringInfoString(out, "</ul></dd>\n<dt>Your answer goes to</dt>\n<dd class=\"small\"><code>");
	add_chars(out, asked->redirect_uri);
	appendStringInfoString(out, "</code></dd>\n</dl>\n");
}

void
scim_page_consent(const ScimOAuthRequest *request, ScimOAuthAnswer *answer,
				  const ScimAuthorization *asked, const char *ticket, const char *problem)
{
	StringInfo	out = &answer->body;

	begin_page(answer, 200, asked, "Connect this application?");
	add_problem(out, problem);
	add_facts(out, asked);
	begin_form(out, request, asked);
	add_hidden(out, "ticket", ticket);
	if (asked->client.directory->settings.name_service_users)
		appendStringInfoString(out, "<label for=\"service_user\">Name of the service user that this makes</label>\n"
							   "<input id=\"service_user\" name=\"service_user\" maxlength=\"64\" "
							   "autocomplete=\"off\" spellcheck=\"false\" aria-describedby=\"about\">\n"
							   "<p class=\"small\" id=\"about\">What the application does is done as this user. "
							   "Removing the user ends its access.</p>\n");
	appendStringInfoString(out, "<button type=\"submit\" name=\"decision\" value=\"approve\">Approve</button>\n"
						   "<button type=\"submit\" name=\"decision\" value=\"deny\" class=\"second\">Deny</button>\n"
						   "</form>\n");
	end_page(answer);
}
