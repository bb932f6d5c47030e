/*-------------------------------------------------------------------------
 *
 * auth_sql.c
 *	  SQL side of tokens.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "funcapi.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#include "auth/auth_int.h"
#include "compat.h"
#include "util/plan.h"

SCIM_FUNCTION(scim_new_token);
SCIM_FUNCTION(scim_hash_token);
SCIM_FUNCTION(scim_verify_token);

/* scim.new_token() */
Datum
scim_new_token(PG_FUNCTION_ARGS)
{
	PG_RETURN_TEXT_P(scim_token_make());
}

/* scim.hash_token(text) */
Datum
scim_hash_token(PG_FUNCTION_ARGS)
{
	text	   *token = PG_GETARG_TEXT_PP(0);

	PG_RETURN_BYTEA_P(scim_token_hash(scim_slice_of(VARDATA_ANY(token), VARSIZE_ANY_EXHDR(token))));
}

/* scim_verify_token(text): a row of the caller that the token stands for, or null. */
Datum
scim_verify_token(PG_FUNCTION_ARGS)
{
	text	   *token = PG_GETARG_TEXT_PP(0);
	ScimPrincipal principal;
	TupleDesc	tupdesc;
	Datum		values[5];
	bool		nulls[5] = {false};
	bool		verified;

	if (get_call_result_type(fcinfo, NULL, &tupdesc) != TYPEFUNC_COMPOSITE)
		ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
						errmsg("scim_verify_token must be called where a row is expected")));
	scim_connect();
	verified = scim_auth_token(scim_slice_of(VARDATA_ANY(token), VARSIZE_ANY_EXHDR(token)),
							   &principal);
	if (verified)
	{
		values[0] = CStringGetTextDatum(principal.directory->name);
		values[1] = CStringGetTextDatum(principal.label);
		values[2] = BoolGetDatum(principal.can_read);
		values[3] = BoolGetDatum(principal.can_write);
		values[4] = TimestampTzGetDatum(principal.expires_at);
	}
	scim_disconnect();
	if (!verified)
		PG_RETURN_NULL();
	PG_RETURN_DATUM(HeapTupleGetDatum(heap_form_tuple(BlessTupleDesc(tupdesc), values, nulls)));
}
