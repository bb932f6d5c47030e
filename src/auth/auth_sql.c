/*-------------------------------------------------------------------------
 *
 * auth_sql.c
 *	  SQL side of tokens.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
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

/* An address as text; empty for null. */
static ScimSlice
address_of(FunctionCallInfo fcinfo, int argument)
{
	if (PG_ARGISNULL(argument))
		return scim_slice("");
	return scim_slice(TextDatumGetCString(DirectFunctionCall1(network_host,
															  PG_GETARG_DATUM(argument))));
}

/* The rights as an array. */
static Datum
rights_of(const ScimPrincipal *principal)
{
	Datum	   *elements = palloc(principal->nrights * sizeof(Datum) + 1);

	for (int i = 0; i < principal->nrights; i++)
		elements[i] = CStringGetTextDatum(principal->rights[i]);
	return PointerGetDatum(construct_array(elements, principal->nrights, TEXTOID, -1, false,
										   TYPALIGN_INT));
}

/* scim_verify_token(text, inet): a row of the caller that the token stands for, or null. */
Datum
scim_verify_token(PG_FUNCTION_ARGS)
{
	text	   *token;
	ScimPrincipal principal;
	TupleDesc	tupdesc;
	Datum		values[6];
	bool		nulls[6] = {false};
	bool		verified;

	if (get_call_result_type(fcinfo, NULL, &tupdesc) != TYPEFUNC_COMPOSITE)
		ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
						errmsg("scim_verify_token must be called where a row is expected")));
	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	token = PG_GETARG_TEXT_PP(0);
	scim_connect();
	verified = scim_auth_token(scim_slice_of(VARDATA_ANY(token), VARSIZE_ANY_EXHDR(token)),
							   address_of(fcinfo, 1), &principal);
	if (verified)
	{
		values[0] = CStringGetTextDatum(principal.directory->name);
		values[1] = CStringGetTextDatum(principal.label);
		values[2] = BoolGetDatum(principal.can_read);
		values[3] = BoolGetDatum(principal.can_write);
		values[4] = TimestampTzGetDatum(principal.expires_at);
		values[5] = rights_of(&principal);
	}
	scim_disconnect();
	if (!verified)
		PG_RETURN_NULL();
	PG_RETURN_DATUM(HeapTupleGetDatum(heap_form_tuple(BlessTupleDesc(tupdesc), values, nulls)));
}
