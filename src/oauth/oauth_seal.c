/*-------------------------------------------------------------------------
 *
 * oauth_seal.c
 *	  Seals: what a form brings back that only this server can have put there.
 *
 *		form	HMAC( "form" nonce query )
 *		ticket	expiry "." administrator "." HMAC( "ticket" expiry administrator nonce query )
 *
 * nonce is in a cookie that only this browser has, query is the authorization request, so a seal is of no
 * use in another browser or for another request.  Nothing of it is kept by the server.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <time.h>

#include "compat.h"
#include "core/base64url.h"
#include "oauth/oauth_page.h"
#include "util/plan.h"

#define NONCE_BYTES 32
#define NONCE_LEN 43			/* of them in base64url */
#define TICKET_SECONDS 600

static ScimStatement select_secret = {
	"SELECT s.value FROM scim.secret s WHERE s.name = 'consent'", 0, {0}
};

static char *
compute_mac(const char *text)
{
	unsigned char mac[EVP_MAX_MD_SIZE];
	unsigned int len;
	bytea	   *secret;

	if (scim_query(&select_secret, NULL, NULL) != 1)
		ereport(ERROR, (errcode(ERRCODE_DATA_CORRUPTED), errmsg("scim.secret has no row \"consent\"")));
	secret = (bytea *) scim_varlena(0, 1, CurrentMemoryContext);
	if (HMAC(EVP_sha256(), VARDATA(secret), VARSIZE(secret) - VARHDRSZ, (const unsigned char *) text,
			 strlen(text), mac, &len) == NULL)
		ereport(ERROR, (errcode(ERRCODE_INTERNAL_ERROR), errmsg("could not compute an HMAC")));
	return scim_base64url_encode(mac, len);
}

/* Compares in constant time. */
static bool
is_mac(ScimSlice given, const char *text)
{
	char	   *mac = compute_mac(text);

	return given.len == strlen(mac) && CRYPTO_memcmp(given.data, mac, given.len) == 0;
}

/* A cookie that no other host and no insecure page can set, where there is TLS. */
static const char *
cookie_name(const ScimOAuthRequest *request)
{
	return strncmp(request->base, "https://", 8) == 0 ? "__Host-scim_oauth" : "scim_oauth";
}

/* The value of the cookie; empty when there is none, or no value of ours. */
static ScimSlice
find_cookie(const ScimOAuthRequest *request)
{
	char	   *start = psprintf("%s=", cookie_name(request));
	const char *at = request->cookie.data;
	const char *end = at + request->cookie.len;

	while (at < end)
	{
		const char *semicolon = memchr(at, ';', end - at);
		const char *stop = semicolon == NULL ? end : semicolon;
		ScimSlice	value;

		while (at < stop && *at == ' ')
			at++;
		value = scim_slice_of(at, stop - at);
		if (value.len == strlen(start) + NONCE_LEN && memcmp(value.data, start, strlen(start)) == 0)
			return scim_slice_of(value.data + strlen(start), NONCE_LEN);
		at = stop + 1;
	}
	return scim_slice("");
}

char *
scim_seal_nonce(const ScimOAuthRequest *request, const char **cookie)
{
	ScimSlice	known = find_cookie(request);
	unsigned char bytes[NONCE_BYTES];
	char	   *nonce;

	if (known.len > 0)
		return scim_slice_dup(known);
	if (!pg_strong_random(bytes, sizeof(bytes)))
		ereport(ERROR, (errcode(ERRCODE_INTERNAL_ERROR), errmsg("could not get random values")));
	nonce = scim_base64url_encode(bytes, sizeof(bytes));
	*cookie = psprintf("%s=%s; Path=/; HttpOnly; SameSite=Strict%s", cookie_name(request), nonce,
					   cookie_name(request)[0] == '_' ? "; Secure" : "");
	return nonce;
}

/* What a form of this request is sealed with. */
static char *
form_text(const ScimOAuthRequest *request, const char *nonce)
{
	return psprintf("form %s %s?%.*s", nonce, request->path, (int) request->query_text.len,
					request->query_text.data);
}

char *
scim_seal_form(const ScimOAuthRequest *request, const char *nonce)
{
	return compute_mac(form_text(request, nonce));
}

bool
scim_seal_form_is_good(const ScimOAuthRequest *request, const char *nonce)
{
	return is_mac(scim_oauth_param(request, "csrf"), form_text(request, nonce));
}

static char *
ticket_text(const ScimOAuthRequest *request, const char *nonce, const char *head)
{
	return psprintf("ticket %s %s %s?%.*s", head, nonce, request->path,
					(int) request->query_text.len, request->query_text.data);
}

char *
scim_seal_ticket(const ScimOAuthRequest *request, const char *nonce, const pg_uuid_t *administrator)
{
	char		id[SCIM_UUID_SIZE];
	char	   *head;

	scim_uuid_print(administrator, id);
	head = psprintf("%lld.%s", (long long) time(NULL) + TICKET_SECONDS, id);
	return psprintf("%s.%s", head, compute_mac(ticket_text(request, nonce, head)));
}

bool
scim_seal_open_ticket(const ScimOAuthRequest *request, const char *nonce, pg_uuid_t *administrator)
{
	char	   *ticket = scim_slice_dup(scim_oauth_param(request, "ticket"));
	char	   *mac = strrchr(ticket, '.');
	char	   *id = strchr(ticket, '.');

	if (mac == NULL || id == mac)
		return false;
	*mac = '\0';
	return is_mac(scim_slice(mac + 1), ticket_text(request, nonce, ticket)) &&
		strtoll(ticket, NULL, 10) >= time(NULL) &&
		scim_uuid_parse(scim_slice(id + 1), administrator);
}
