/*-------------------------------------------------------------------------
 *
 * schema_resolve.c
 *	  From names to resource types, schemas and attributes.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "schema/schema.h"

const ScimResourceType *
scim_type_by_name(const ScimSchemaSet *set, ScimSlice name)
{
	for (int i = 0; i < set->ntypes; i++)
		if (scim_slice_equal(set->types[i].name, name))
			return &set->types[i];
	return NULL;
}

const ScimResourceType *
scim_type_by_endpoint(const ScimSchemaSet *set, ScimSlice endpoint)
{
	for (int i = 0; i < set->ntypes; i++)
		if (scim_slice_equal(set->types[i].endpoint, endpoint))
			return &set->types[i];
	return NULL;
}

const ScimSchema *
scim_schema_find(const ScimSchemaSet *set, ScimSlice urn)
{
	for (int i = 0; i < set->nschemas; i++)
		if (scim_slice_equal_ci(set->schemas[i].urn, urn))
			return &set->schemas[i];
	return NULL;
}

ScimAttribute *
scim_attribute_sub(const ScimAttribute *parent, ScimSlice name)
{
	/* names in stored documents are spelled as in the schema */
	for (int i = 0; i < parent->nsubs; i++)
		if (scim_slice_equal(parent->subs[i]->name, name))
			return parent->subs[i];
	for (int i = 0; i < parent->nsubs; i++)
		if (scim_slice_equal_ci(parent->subs[i]->name, name))
			return parent->subs[i];
	return NULL;
}

/* The attribute of that name in the extension of that URN; NULL if either is unknown. */
static ScimAttribute *
find_qualified(const ScimResourceType *type, ScimSlice urn, ScimSlice name)
{
	if (scim_slice_equal_ci(type->urn, urn))
		return scim_attribute_sub(type->root, name);
	for (int i = 0; i < type->nextensions; i++)
		if (scim_slice_equal_ci(type->extensions[i]->name, urn))
			return scim_attribute_sub(type->extensions[i], name);
	return NULL;
}

/* Core first, then the one extension that has the name. */
static ScimAttribute *
find_unqualified(const ScimResourceType *type, ScimSlice name)
{
	ScimAttribute *found = scim_attribute_sub(type->root, name);

	if (found != NULL)
		return found;
	for (int i = 0; i < type->nextensions; i++)
	{
		ScimAttribute *attr = scim_attribute_sub(type->extensions[i], name);

		if (attr != NULL && found != NULL)
			return NULL;
		if (attr != NULL)
			found = attr;
	}
	return found;
}

ScimAttribute *
scim_attribute_resolve(const ScimResourceType *type, const ScimAttrName *name)
{
	ScimAttribute *attr;

	if (name->urn.len > 0)
	{
		attr = scim_attribute_sub(type->root, name->text);
		if (attr != NULL)
			return attr;
		attr = name->name.len > 0 ? find_qualified(type, name->urn, name->name) : NULL;
	}
	else
		attr = find_unqualified(type, name->name);
	if (attr != NULL && name->sub.len > 0)
		return scim_attribute_sub(attr, name->sub);
	return attr;
}

bool
scim_attribute_is_secret(const ScimAttribute *attr)
{
	for (; attr != NULL; attr = attr->parent)
		if (attr->mutability == SCIM_WRITE_ONLY || attr->returned == SCIM_RETURNED_NEVER)
			return true;
	return false;
}

ScimFoldKind
scim_attribute_fold(const ScimAttribute *attr)
{
	if (attr->case_exact)
		return SCIM_FOLD_EXACT;
	return attr->uniqueness == SCIM_UNIQUE_NONE ? SCIM_FOLD_CASE : SCIM_FOLD_IDENT;
}
