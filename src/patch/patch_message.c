/*-------------------------------------------------------------------------
 *
 * patch_message.c
 *	  The PatchOp message: envelope and operations.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "patch/patch_int.h"
#include "scim.h"
#include "util/jsonb.h"
#include "util/throw.h"

#define PATCH_URN "urn:ietf:params:scim:api:messages:2.0:PatchOp"

const JsonbValue *
scim_patch_operations(const JsonbValue *message)
{
	return scim_jsonb_open(scim_jsonb_get_ci(message, "Operations"));
}

static ScimPatchKind
read_kind(const JsonbValue *op)
{
	ScimSlice	text;

	if (op == NULL || op->type != jbvString)
		scim_raise(SCIM_E_INVALID_SYNTAX, "an operation needs \"op\": add, remove or replace");
	text = scim_jsonb_text(op);
	if (scim_slice_equal_ci(text, scim_slice("add")))
		return SCIM_PATCH_ADD;
	if (scim_slice_equal_ci(text, scim_slice("remove")))
		return SCIM_PATCH_REMOVE;
	if (scim_slice_equal_ci(text, scim_slice("replace")))
		return SCIM_PATCH_REPLACE;
	scim_raise(SCIM_E_INVALID_SYNTAX, "\"%.*s\" is no operation; use add, remove or replace",
			   (int) Min(text.len, 80), text.data);
}

/* Is there no capital among the letters? */
static bool
is_lower(ScimSlice text)
{
	for (size_t i = 0; i < text.len; i++)
		if (text.data[i] >= 'A' && text.data[i] <= 'Z')
			return false;
	return true;
}

/* Clients whose operations always have a value send one of these with remove. */
static bool
is_nothing(const JsonbValue *value)
{
	return value != NULL &&
		(value->type == jbvNull || (value->type == jbvString && value->val.string.len == 0));
}

ScimPatchOperation
scim_patch_operation(const JsonbValue *operations, int i)
{
	const JsonbValue *element = &operations->val.array.elems[i];
	ScimPatchOperation operation = {0};
	const JsonbValue *path;

	if (!scim_jsonb_is_object(element))
		scim_raise(SCIM_E_INVALID_SYNTAX, "each of \"Operations\" must be an object");
	operation.kind = read_kind(scim_jsonb_get_ci(element, "op"));
	operation.is_spelled = is_lower(scim_jsonb_text(scim_jsonb_get_ci(element, "op")));
	operation.value = scim_jsonb_get_ci(element, "value");
	if (operation.kind == SCIM_PATCH_REMOVE && is_nothing(operation.value))
		operation.value = NULL;
	path = scim_jsonb_get_ci(element, "path");
	if (path != NULL && path->type != jbvNull)
	{
		if (path->type != jbvString)
			scim_raise(SCIM_E_INVALID_PATH, "\"path\" must be a string");
		operation.path = scim_jsonb_text(path);
		operation.has_path = operation.path.len > 0;
	}
	if (operation.kind == SCIM_PATCH_REMOVE && !operation.has_path)
		scim_raise(SCIM_E_NO_TARGET, "a remove operation needs a path");
	if (operation.kind != SCIM_PATCH_REMOVE && operation.value == NULL)
		scim_raise(SCIM_E_INVALID_VALUE, "an add or replace operation needs a value");
	if (!operation.has_path && !scim_jsonb_is_object(operation.value))
		scim_raise(SCIM_E_INVALID_VALUE, "without a path the value must be an object of attributes");
	return operation;
}

void
scim_patch_check(const JsonbValue *message)
{
	const JsonbValue *operations;

	if (!scim_jsonb_is_object(message))
		scim_raise(SCIM_E_INVALID_SYNTAX, "the body must be a JSON object");
	if (!scim_message_has_schema(message, PATCH_URN))
		scim_raise(SCIM_E_INVALID_SYNTAX, "\"schemas\" must hold \"%s\"", PATCH_URN);
	operations = scim_jsonb_get_ci(message, "Operations");
	if (operations == NULL || !scim_jsonb_is_array(operations) || scim_jsonb_size(operations) == 0)
		scim_raise(SCIM_E_INVALID_SYNTAX, "\"Operations\" must be a list of at least one operation");
	if (scim_jsonb_size(operations) > scim_limits.patch_operations)
		scim_raise(SCIM_E_TOO_LARGE, "a PATCH may have at most %d operations",
				   scim_limits.patch_operations);
	operations = scim_jsonb_open(operations);
	for (int i = 0; i < operations->val.array.nElems; i++)
		(void) scim_patch_operation(operations, i);
}
