/*-------------------------------------------------------------------------
 *
 * tenant_sql.c
 *	  SQL side of directories: checks, and the news of a change.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/namespace.h"
#include "commands/trigger.h"
#include "utils/inval.h"
#include "utils/jsonb.h"
#include "utils/lsyscache.h"

#include "compat.h"
#include "schema/schema.h"
#include "util/jsonb.h"
#include "util/plan.h"
#include "util/throw.h"

SCIM_FUNCTION(scim_check_settings);
SCIM_FUNCTION(scim_setting);
SCIM_FUNCTION(scim_directory_changed);

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

/* scim.setting(int, text) */
Datum
scim_setting(PG_FUNCTION_ARGS)
{
	text	   *name = PG_GETARG_TEXT_PP(1);
	const ScimDirectory *directory;
	int			value;

	scim_connect();
	directory = scim_directory_by_id(PG_GETARG_INT32(0));
	if (directory == NULL)
		scim_raise(SCIM_E_NOT_FOUND, "there is no such directory");
	value = scim_settings_get(&directory->settings,
							  scim_slice_of(VARDATA_ANY(name), VARSIZE_ANY_EXHDR(name)));
	scim_disconnect();
	PG_RETURN_INT32(value);
}

/* scim.directory_changed(): trigger of the tables that a directory is made of; see schema_cache.c. */
Datum
scim_directory_changed(PG_FUNCTION_ARGS)
{
	if (!CALLED_AS_TRIGGER(fcinfo))
		ereport(ERROR, (errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
						errmsg("scim.directory_changed is a trigger function")));
	CacheInvalidateRelcacheByRelid(get_relname_relid("directory",
													 get_namespace_oid("scim", false)));
	return PointerGetDatum(NULL);
}
