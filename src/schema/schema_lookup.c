/*-------------------------------------------------------------------------
 *
 * schema_lookup.c
 *	  Compiled types for SQL functions that get ids only.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "schema/schema.h"
#include "util/throw.h"

const ScimResourceType *
scim_type_by_id(int32 directory_id, int16 type_id)
{
	const ScimDirectory *directory = scim_directory_by_id(directory_id);

	if (directory == NULL)
		scim_raise(SCIM_E_NOT_FOUND, "there is no such directory");
	for (int i = 0; i < directory->schemas->ntypes; i++)
		if (directory->schemas->types[i].type_id == type_id)
			return &directory->schemas->types[i];
	scim_raise(SCIM_E_NOT_FOUND, "there is no such resource type");
}
