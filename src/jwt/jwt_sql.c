/*-------------------------------------------------------------------------
 *
 * jwt_sql.c
 *	  SQL side of keys.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "funcapi.h"
#include "utils/builtins.h"

#include "compat.h"
#include "jwt/jwt.h"
#include "util/jsonb.h"
#include "util/throw.h"

SCIM_FUNCTION(scim_check_jwks);
SCIM_FUNCTION(scim_new_signing_key);

/* scim.check_jwks(jsonb): true, or an error that says what is wrong. */
Datum
scim_check_jwks(PG_FUNCTION_ARGS)
{
	scim_jwks_check(scim_jsonb_root(PG_GETARG_JSONB_P(0)));
	PG_RETURN_BOOL(true);
}

/* scim.new_signing_key(text): a row of private and public half. */
Datum
scim_new_signing_key(PG_FUNCTION_ARGS)
{
	ScimJwtAlgorithm algorithm = scim_jwt_algorithm(scim_slice(text_to_cstring(PG_GETARG_TEXT_PP(0))));
	TupleDesc	tupdesc;
	bytea	   *private_key;
	JsonbValue *jwk;
	Datum		values[2];
	bool		nulls[2] = {false};

	if (algorithm != SCIM_JWT_ES256 && algorithm != SCIM_JWT_EDDSA)
		scim_raise(SCIM_E_INVALID_VALUE, "access tokens are signed by ES256 or EdDSA");
	if (get_call_result_type(fcinfo, NULL, &tupdesc) != TYPEFUNC_COMPOSITE)
		ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
						errmsg("scim.new_signing_key must be called where a row is expected")));
	scim_jwk_make(algorithm, &private_key, &jwk);
	values[0] = PointerGetDatum(private_key);
	values[1] = JsonbPGetDatum(scim_jsonb_pack(jwk));
	PG_RETURN_DATUM(HeapTupleGetDatum(heap_form_tuple(BlessTupleDesc(tupdesc), values, nulls)));
}
