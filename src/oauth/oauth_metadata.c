/*-------------------------------------------------------------------------
 *
 * oauth_metadata.c
 *	  What the server tells of itself (RFC 8414), and the public keys of its tokens.
 *
 * The metadata are the same for every name of a directory, whether there is one of that name or not.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"

#include "oauth/oauth_int.h"
#include "util/jsonb.h"
#include "util/plan.h"

static ScimStatement select_keys = {
	"SELECT k.public_jwk FROM scim.signing_key k"
	" JOIN scim.directory d ON d.directory_id = k.directory_id"
	" WHERE d.name = $1 AND k.expires_at > pg_catalog.now() ORDER BY k.created_at",
	1, {TEXTOID}
};

/* Those of every directory; what one has beside them would tell that it exists. */
static ScimStatement select_scopes = {
	"SELECT pg_catalog.json_agg(o.scope ORDER BY o.scope)::pg_catalog.text FROM scim.oauth_scope o"
	" WHERE o.directory_id = 0",
	0, {0}
};

/* Of assertions by clients. */
#define ALGORITHMS "[\"ES256\",\"EdDSA\",\"PS256\",\"RS256\",\"HS256\"]"

/* Members that are the same for everybody. */
static const char fixed[] =
"\"response_types_supported\":[\"code\"],\"response_modes_supported\":[\"query\"],"
"\"grant_types_supported\":[\"authorization_code\",\"client_credentials\",\"refresh_token\","
"\"urn:ietf:params:oauth:grant-type:jwt-bearer\"],"
"\"token_endpoint_auth_methods_supported\":[\"client_secret_basic\",\"client_secret_post\","
"\"private_key_jwt\",\"client_secret_jwt\",\"none\"],"
"\"token_endpoint_auth_signing_alg_values_supported\":" ALGORITHMS ","
"\"introspection_endpoint_auth_methods_supported\":[\"client_secret_basic\",\"client_secret_post\","
"\"private_key_jwt\",\"client_secret_jwt\"],"
"\"revocation_endpoint_auth_methods_supported\":[\"client_secret_basic\",\"client_secret_post\","
"\"private_key_jwt\",\"client_secret_jwt\",\"none\"],"
"\"introspection_endpoint_auth_signing_alg_values_supported\":" ALGORITHMS ","
"\"revocation_endpoint_auth_signing_alg_values_supported\":" ALGORITHMS ","
"\"code_challenge_methods_supported\":[\"S256\"],"
"\"authorization_response_iss_parameter_supported\":true}";

void
scim_oauth_metadata(ScimOAuthRequest *request, ScimOAuthAnswer *answer)
{
	static const char *const endpoints[][2] = {
		{"authorization_endpoint", "authorize"}, {"token_endpoint", "token"},
		{"revocation_endpoint", "revoke"}, {"introspection_endpoint", "introspect"},
		{"jwks_uri", "jwks"}
	};
	StringInfo	out = &answer->body;
	char	   *issuer = request->directory.len == 0 ? pstrdup(request->base) :
		scim_oauth_issuer(request, scim_uri_encode_segment(request->directory));
	char	   *scopes;

	appendStringInfoString(out, "{\"issuer\":");
	scim_json_write_string(out, scim_slice(issuer));
	for (size_t i = 0; i < lengthof(endpoints); i++)
	{
		appendStringInfo(out, ",\"%s\":", endpoints[i][0]);
		scim_json_write_string(out, scim_slice(psprintf("%s/oauth/%s", issuer, endpoints[i][1])));
	}
	scim_query(&select_scopes, NULL, NULL);
	scopes = scim_text(0, 1, CurrentMemoryContext);
	if (scopes != NULL)
		appendStringInfo(out, ",\"scopes_supported\":%s", scopes);
	appendStringInfo(out, ",%s", fixed);
	answer->status = 200;
	answer->content_type = "application/json";
}

void
scim_oauth_jwks(ScimOAuthRequest *request, ScimOAuthAnswer *answer)
{
	Datum		name = PointerGetDatum(cstring_to_text_with_len(request->directory.data,
																request->directory.len));
	uint64		n = scim_query(&select_keys, &name, NULL);
	StringInfo	out = &answer->body;

	appendStringInfoString(out, "{\"keys\":[");
	for (uint64 i = 0; i < n; i++)
	{
		if (i > 0)
			appendStringInfoChar(out, ',');
		scim_jsonb_write(out, scim_jsonb_root((Jsonb *) scim_varlena(i, 1, CurrentMemoryContext)));
	}
	appendStringInfoString(out, "]}");
	answer->status = 200;
	answer->content_type = "application/json";
}
