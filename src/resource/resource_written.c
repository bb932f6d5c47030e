/*-------------------------------------------------------------------------
 *
 * resource_written.c
 *	  Which attributes that are returned on request a write has set.
 *
 * The answer to that write shows them (RFC 7643 section 7, returned "request").  Requests
 * are looked at after they have been carried out, so whatever is in them was accepted or
 * ignored, and nothing here fails.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "miscadmin.h"

#include "core/path.h"
#include "resource/resource_int.h"
#include "scim.h"
#include "util/jsonb.h"

/* Is the attribute, or what holds it, returned on request? */
static bool
is_on_request(const ScimAttribute *attr)
{
	for (; attr != NULL; attr = attr->parent)
		if (attr->returned == SCIM_RETURNED_REQUEST)
			return true;
	return false;
}

/* Marks the attribute with all below it, and what holds it. */
static void
mark(bool *marks, const ScimAttribute *attr)
{
	for (int i = attr->index; i <= attr->last; i++)
		marks[i] = true;
	for (; attr != NULL; attr = attr->parent)
		marks[attr->index] = true;
}

/* Marks what a value for the attribute sets. */
static void
mark_value(bool *marks, const ScimAttribute *attr, const JsonbValue *value)
{
	check_stack_depth();
	if (is_on_request(attr))
		mark(marks, attr);
	else if (value->type == jbvArray)
	{
		for (int i = 0; i < value->val.array.nElems; i++)
			mark_value(marks, attr, &value->val.array.elems[i]);
	}
	else if (value->type == jbvObject)
	{
		for (int i = 0; i < value->val.object.nPairs; i++)
		{
			const JsonbPair *pair = &value->val.object.pairs[i];
			const ScimAttribute *sub = scim_attribute_sub(attr, scim_jsonb_text(&pair->key));

			if (sub != NULL)
				mark_value(marks, sub, &pair->value);
		}
	}
}

/* The attribute that a PATCH path means, or NULL. */
static const ScimAttribute *
find_path(const ScimResourceType *type, ScimSlice text)
{
	ScimPath	path;
	ScimError	error;
	const ScimAttribute *attr;

	if (!scim_path_parse(text, &scim_limits, &path, &error))
		return NULL;
	attr = scim_attribute_resolve(type, &path.attr);
	return attr == NULL || path.sub.len == 0 ? attr : scim_attribute_sub(attr, path.sub);
}

/* Marks what an operation of a PATCH sets. */
static void
mark_operation(bool *marks, const ScimResourceType *type, const JsonbValue *operation)
{
	const JsonbValue *path = scim_jsonb_get_ci(operation, "path");
	const JsonbValue *value = scim_jsonb_get_ci(operation, "value");
	const ScimAttribute *attr;

	if (value == NULL)
		return;
	if (path != NULL && path->type == jbvString && path->val.string.len > 0)
	{
		attr = find_path(type, scim_jsonb_text(path));
		if (attr != NULL)
			mark_value(marks, attr, value);
		return;
	}
	for (int i = 0; value->type == jbvObject && i < value->val.object.nPairs; i++)
	{
		const JsonbPair *pair = &value->val.object.pairs[i];

		attr = find_path(type, scim_jsonb_text(&pair->key));
		if (attr != NULL)
			mark_value(marks, attr, &pair->value);
	}
}

/* Room for the marks; NULL for a type that needs none. */
static bool *
new_marks(const ScimResourceType *type)
{
	return type->is_plain ? NULL : palloc0(type->nattributes * sizeof(bool));
}

bool *
scim_written_by_body(const ScimResourceType *type, const JsonbValue *body)
{
	bool	   *marks = new_marks(type);

	if (marks != NULL)
		mark_value(marks, type->root, body);
	return marks;
}

bool *
scim_written_by_patch(const ScimResourceType *type, const JsonbValue *message)
{
	const JsonbValue *operations = scim_jsonb_get_ci(message, "Operations");
	bool	   *marks = new_marks(type);

	for (int i = 0; marks != NULL && i < operations->val.array.nElems; i++)
		mark_operation(marks, type, &operations->val.array.elems[i]);
	return marks;
}
