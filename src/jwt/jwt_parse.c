/*-------------------------------------------------------------------------
 *
 * jwt_parse.c
 *	  A token's text to header, claims and signature (RFC 7515 section 5.2), and the checks of
 *	  what it claims (RFC 7519 section 4.1, RFC 8725).
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "utils/builtins.h"
#include "utils/numeric.h"
#include "utils/timestamp.h"

#include "core/base64url.h"
#include "jwt/jwt.h"
#include "scim.h"
#include "util/jsonb.h"
#include "util/throw.h"

/* Levels of JSON in header and claims: real tokens have two or three. */
#define MAX_DEPTH 8

/* NumericDates end with the year 9999: more would overflow a timestamp. */
#define MAX_NUMERIC_DATE 253402300799.0

static const struct
{
	const char *name;
	ScimJwtAlgorithm algorithm;
}			algorithms[] =
{
	{"RS256", SCIM_JWT_RS256},
	{"PS256", SCIM_JWT_PS256},
	{"ES256", SCIM_JWT_ES256},
	{"EdDSA", SCIM_JWT_EDDSA},
	{"HS256", SCIM_JWT_HS256},
};

/* Members of a header by which a token would choose its own key, or ask for what we do not know. */
static const char *const refused_headers[] = {"crit", "jwk", "jku", "x5u", "x5c", "b64", "zip"};

ScimJwtAlgorithm
scim_jwt_algorithm(ScimSlice name)
{
	for (size_t i = 0; i < lengthof(algorithms); i++)
		if (scim_slice_equal(name, scim_slice(algorithms[i].name)))
			return algorithms[i].algorithm;
	return SCIM_JWT_NONE;
}

bool
scim_jwt_is_one(ScimSlice text)
{
	return text.len > 2 && memcmp(text.data, "ey", 2) == 0 && memchr(text.data, '.', text.len) != NULL;
}

/* A string member of header or claims; empty when it is absent or something else. */
static ScimSlice
text_member(const JsonbValue *object, const char *name)
{
	const JsonbValue *value = scim_jsonb_get(object, scim_slice(name));

	return value == NULL || value->type != jbvString ? scim_slice("") : scim_jsonb_text(value);
}

/* The text up to the next dot, or all of it at the end. */
static ScimSlice
next_part(ScimSlice *rest)
{
	const char *dot = rest->len == 0 ? NULL : memchr(rest->data, '.', rest->len);
	size_t		len = dot == NULL ? rest->len : (size_t) (dot - rest->data);
	ScimSlice	part = scim_slice_of(rest->data, len);

	*rest = dot == NULL ? scim_slice_of(NULL, 0) : scim_slice_of(dot + 1, rest->len - len - 1);
	return part;
}

static ScimSlice
decode_part(ScimSlice part)
{
	char	   *data;
	size_t		len;

	if (!scim_base64url_decode(part, &data, &len))
		scim_raise(SCIM_E_UNAUTHORIZED, "a part of the token is not base64url");
	return scim_slice_of(data, len);
}

/* A part that is a JSON object; no name comes twice in it, in whatever letter case. */
static const JsonbValue *
decode_object(ScimSlice part)
{
	ScimLimits	limits = scim_limits;
	const JsonbValue *object;

	limits.json_depth = Min(limits.json_depth, MAX_DEPTH);
	object = scim_json_parse(decode_part(part), &limits);
	if (!scim_jsonb_is_object(object))
		scim_raise(SCIM_E_UNAUTHORIZED, "a part of the token is no JSON object");
	return object;
}

void
scim_jwt_parse(ScimSlice text, ScimJwt *jwt)
{
	ScimSlice	rest = text;
	ScimSlice	header;
	ScimSlice	payload;
	ScimSlice	signature;

	if (text.len > SCIM_JWT_MAX_LEN)
		scim_raise(SCIM_E_UNAUTHORIZED, "the token is longer than %d bytes", SCIM_JWT_MAX_LEN);
	header = next_part(&rest);
	payload = next_part(&rest);
	signature = next_part(&rest);
	if (header.len == 0 || payload.len == 0 || signature.len == 0 || rest.data != NULL)
		scim_raise(SCIM_E_UNAUTHORIZED, "the token has not three parts");
	jwt->signed_text = scim_slice_of(text.data, header.len + 1 + payload.len);
	jwt->header = decode_object(header);
	jwt->claims = decode_object(payload);
	jwt->signature = decode_part(signature);
	jwt->algorithm = scim_jwt_algorithm(text_member(jwt->header, "alg"));
	jwt->kid = text_member(jwt->header, "kid");
	if (jwt->algorithm == SCIM_JWT_NONE)
		scim_raise(SCIM_E_UNAUTHORIZED, "the token's algorithm is not accepted");
	for (size_t i = 0; i < lengthof(refused_headers); i++)
		if (scim_jsonb_get(jwt->header, scim_slice(refused_headers[i])) != NULL)
			scim_raise(SCIM_E_UNAUTHORIZED, "the token has the header \"%s\"", refused_headers[i]);
}

ScimSlice
scim_jwt_text(const ScimJwt *jwt, const char *claim)
{
	return text_member(jwt->claims, claim);
}

bool
scim_jwt_time(const ScimJwt *jwt, const char *claim, TimestampTz *time)
{
	const JsonbValue *value = scim_jsonb_get(jwt->claims, scim_slice(claim));
	double		seconds;

	if (value == NULL || value->type != jbvNumeric)
		return false;
	seconds = DatumGetFloat8(DirectFunctionCall1(numeric_float8, NumericGetDatum(value->val.numeric)));
	if (!(seconds >= 0 && seconds <= MAX_NUMERIC_DATE))
		return false;
	*time = (TimestampTz) ((seconds - (POSTGRES_EPOCH_JDATE - UNIX_EPOCH_JDATE) * (double) SECS_PER_DAY)
						   * USECS_PER_SEC);
	return true;
}

/* typ may be left out, or be a media type in full (RFC 7515 section 4.1.9). */
static void
check_type(const ScimJwt *jwt, const char *wanted)
{
	ScimSlice	type = text_member(jwt->header, "typ");
	const ScimSlice prefix = scim_slice("application/");

	if (type.len > prefix.len && pg_strncasecmp(type.data, prefix.data, prefix.len) == 0)
		type = scim_slice_of(type.data + prefix.len, type.len - prefix.len);
	if (wanted != NULL ? scim_slice_equal_ci(type, scim_slice(wanted)) :
		type.len == 0 || scim_slice_equal_ci(type, scim_slice("JWT")) ||
		scim_slice_equal_ci(type, scim_slice("at+jwt")))
		return;
	scim_raise(SCIM_E_UNAUTHORIZED, "the token is of another type");
}

/* Is the value one of those that are accepted? */
static bool
is_audience(const JsonbValue *value, const ScimJwtRules *rules)
{
	for (int i = 0; value->type == jbvString && i < rules->naudiences; i++)
		if (scim_slice_equal(scim_jsonb_text(value), rules->audiences[i]))
			return true;
	return false;
}

/* aud is a string or a list of them (RFC 7519 section 4.1.3). */
static void
check_audience(const ScimJwt *jwt, const ScimJwtRules *rules)
{
	const JsonbValue *audience = scim_jsonb_get(jwt->claims, scim_slice("aud"));
	bool		found = false;

	if (audience != NULL && scim_jsonb_is_array(audience))
	{
		const JsonbValue *list = scim_jsonb_open(audience);

		for (int i = 0; i < list->val.array.nElems && !found; i++)
			found = is_audience(&list->val.array.elems[i], rules);
	}
	else if (audience != NULL)
		found = is_audience(audience, rules);
	if (!found)
		scim_raise(SCIM_E_UNAUTHORIZED, "the token is for another audience");
}

/* Raises if the claim is there and not a time, or a time later than latest. */
static void
check_not_after(const ScimJwt *jwt, const char *claim, TimestampTz latest)
{
	TimestampTz time;

	if (scim_jsonb_get(jwt->claims, scim_slice(claim)) == NULL)
		return;
	if (!scim_jwt_time(jwt, claim, &time) || time > latest)
		scim_raise(SCIM_E_UNAUTHORIZED, "the token is not valid yet (\"%s\")", claim);
}

void
scim_jwt_check(const ScimJwt *jwt, const ScimJwtRules *rules)
{
	TimestampTz now = GetCurrentTimestamp();
	int64		skew = rules->skew * USECS_PER_SEC;
	TimestampTz expires;

	check_type(jwt, rules->type);
	if (rules->issuer.len == 0 || !scim_slice_equal(scim_jwt_text(jwt, "iss"), rules->issuer))
		scim_raise(SCIM_E_UNAUTHORIZED, "the token is of another issuer");
	check_audience(jwt, rules);
	if (!scim_jwt_time(jwt, "exp", &expires))
		scim_raise(SCIM_E_UNAUTHORIZED, "the token does not say when it expires");
	if (expires + skew <= now)
		scim_raise(SCIM_E_UNAUTHORIZED, "the token has expired");
	check_not_after(jwt, "nbf", now + skew);
	check_not_after(jwt, "iat", now + skew);
}
