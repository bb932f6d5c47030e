/*-------------------------------------------------------------------------
 *
 * tenant_sql.c
 *	  SQL side of directories: the checks that sql/30_directory.sql calls.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "utils/jsonb.h"

#include "compat.h"
#include "schema/schema.h"
#include "util/jsonb.h"
#include "util/throw.h"

SCIM_FUNCTION(scim_check_settings);

/* scim.check_settings(jsonb): true, or an error that names the switch. */
Datum
scim_check_settings(PG_FUNCTION_ARGS)
{
	const JsonbValue *object = scim_jsonb_root(PG_GETARG_JSONB_P(0));
	ScimSettings settings;

	if (!scim_jsonb_is_object(object))
		scim_raise(SCIM_E_INVALID_VALUE, "settings must be an object");
	scim_settings_apply(&settings, object);
	PG_RETURN_BOOL(true);
}
