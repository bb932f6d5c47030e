/*-------------------------------------------------------------------------
 *
 * schema_sql.c
 *	  SQL side of schemas: the checks that sql/35_schema.sql calls.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "compat.h"
#include "schema/schema_int.h"
#include "util/jsonb.h"

SCIM_FUNCTION(scim_check_schema);
SCIM_FUNCTION(scim_check_schema_change);
SCIM_FUNCTION(scim_check_resource_type);

/* scim.check_schema(definition) */
Datum
scim_check_schema(PG_FUNCTION_ARGS)
{
	const JsonbValue *definition = scim_jsonb_root(PG_GETARG_JSONB_P(0));

	PG_RETURN_JSONB_P(scim_jsonb_pack(scim_schema_check(definition)));
}

/* scim.check_schema_change(replaced, definition) */
Datum
scim_check_schema_change(PG_FUNCTION_ARGS)
{
	scim_schema_check_change(scim_jsonb_root(PG_GETARG_JSONB_P(0)),
							 scim_jsonb_root(PG_GETARG_JSONB_P(1)));
	PG_RETURN_VOID();
}

/* scim.check_resource_type(definition) */
Datum
scim_check_resource_type(PG_FUNCTION_ARGS)
{
	const JsonbValue *definition = scim_jsonb_root(PG_GETARG_JSONB_P(0));

	PG_RETURN_JSONB_P(scim_jsonb_pack(scim_resource_type_check(definition)));
}
