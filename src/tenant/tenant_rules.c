/*-------------------------------------------------------------------------
 *
 * tenant_rules.c
 *	  SQL side of switches: what a directory's name, what they are by default, what they leave behind.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/array.h"
#include "utils/builtins.h"

#include "compat.h"
#include "schema/schema.h"
#include "util/jsonb.h"
#include "util/plan.h"

SCIM_FUNCTION(scim_check_rules);
SCIM_FUNCTION(scim_forget_unique);
SCIM_FUNCTION(scim_default_settings);

/* scim.check_rules(int): true, or an error that names a type or attribute that the directory does not have. */
Datum
scim_check_rules(PG_FUNCTION_ARGS)
{
	const ScimDirectory *directory;

	scim_connect();
	directory = scim_directory_by_id(PG_GETARG_INT32(0));
	if (directory != NULL)
		(void) scim_rules_compile(&directory->settings, directory->schemas, true);
	scim_disconnect();
	PG_RETURN_BOOL(true);
}

static ScimStatement delete_others = {
	"DELETE FROM scim.unique_value WHERE directory_id = $1 AND type_id = $2 AND path <> ALL ($3)",
	3, {INT4OID, INT2OID, TEXTARRAYOID}
};

/* Paths of the attributes of a type whose values are unique in the directory. */
static Datum
unique_paths(const ScimDirectory *directory, const ScimResourceType *type)
{
	const ScimRules *rules = scim_rules_of(directory, type);
	int			n = 0;
	Datum	   *paths = palloc((type->nkeyed + (rules == NULL ? 0 : rules->nunique) + 1) * sizeof(Datum));

	for (int i = 0; i < type->nkeyed; i++)
		if (scim_attribute_is_unique(type, type->keyed[i]))
			paths[n++] = CStringGetTextDatum(type->keyed[i]->path);
	for (int i = 0; rules != NULL && i < rules->nunique; i++)
		paths[n++] = CStringGetTextDatum(rules->unique[i]->path);
	return PointerGetDatum(construct_array(paths, n, TEXTOID, -1, false, TYPALIGN_INT));
}

/* scim.forget_unique(int): takes away what an earlier unique_attributes left behind. */
Datum
scim_forget_unique(PG_FUNCTION_ARGS)
{
	const ScimDirectory *directory;

	scim_connect();
	directory = scim_directory_by_id(PG_GETARG_INT32(0));
	for (int i = 0; directory != NULL && i < directory->schemas->ntypes; i++)
	{
		const ScimResourceType *type = &directory->schemas->types[i];
		Datum		values[3] = {
			Int32GetDatum(directory->id), Int16GetDatum(type->type_id), unique_paths(directory, type)
		};

		scim_execute(&delete_others, values, NULL);
	}
	scim_disconnect();
	PG_RETURN_VOID();
}

/* scim.default_settings() */
Datum
scim_default_settings(PG_FUNCTION_ARGS)
{
	PG_RETURN_JSONB_P(scim_jsonb_pack(scim_settings_default()));
}
