/*-------------------------------------------------------------------------
 *
 * patch.c
 *	  Operations of a PATCH: which attribute, may it be written, who does it.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "core/path.h"
#include "patch/patch_int.h"
#include "scim.h"
#include "util/jsonb.h"
#include "util/throw.h"

/* readOnly, here or further up, refuses every operation (RFC 7644 section 3.5.2). */
static void
check_writable(const ScimAttribute *attr)
{
	for (const ScimAttribute *at = attr; at != NULL; at = at->parent)
		if (at->mutability == SCIM_READ_ONLY)
			scim_raise(SCIM_E_MUTABILITY, "\"%s\" is read-only", attr->path);
}

/* A sub-attribute of every element at once is no PATCH path. */
static void
check_addressable(const ScimAttribute *attr)
{
	if (attr->parent != NULL && attr->parent->multi_valued)
		scim_raise(SCIM_E_INVALID_PATH,
				   "\"%s\" needs a value filter, as in \"%s[type eq \\\"work\\\"].%s\"",
				   attr->path, attr->parent->path, attr->name.data);
}

static void
check_removable(ScimPatchKind kind, const ScimAttribute *attr, const JsonbValue *value)
{
	if (kind == SCIM_PATCH_REMOVE && attr->required && value == NULL)
		scim_raise(SCIM_E_MUTABILITY, "\"%s\" is required and cannot be removed", attr->path);
}

/* The attribute of the resource that attr is or belongs to. */
static const ScimAttribute *
top_of(const ScimAttribute *attr)
{
	while (attr->parent != NULL && attr->parent->parent != NULL)
		attr = attr->parent;
	return attr;
}

/* Some attributes may be named by one operation only, and not be removed. */
static void
check_once(ScimDraft *draft, ScimPatchKind kind, const ScimAttribute *attr)
{
	if (!scim_rule(draft->rules, attr, SCIM_RULE_PATCH_ONCE))
		return;
	if (kind == SCIM_PATCH_REMOVE)
		scim_raise(SCIM_E_MUTABILITY, "\"%s\" cannot be removed", attr->path);
	if (bms_is_member(attr->index, draft->patched_once))
		scim_raise(SCIM_E_INVALID_VALUE, "more than one operation changes \"%s\"", attr->path);
	draft->patched_once = bms_add_member(draft->patched_once, attr->index);
}

/* What the directory's rules say to an operation; false: it is accepted and changes nothing. */
static bool
may_change(ScimDraft *draft, ScimPatchKind kind, const ScimAttribute *attr, const JsonbValue *value)
{
	const ScimAttribute *top = top_of(attr);

	if (draft->rules == NULL)
		return true;
	if (scim_rule(draft->rules, top, SCIM_RULE_IGNORED))
		return false;
	if (scim_rule(draft->rules, top, SCIM_RULE_REFUSED))
		scim_rules_check_refused(draft->rules, top, value);
	scim_rules_check_refused(draft->rules, attr, value);
	if ((draft->rules->any & SCIM_RULE_PATCHABLE) != 0 &&
		!scim_rule(draft->rules, top, SCIM_RULE_PATCHABLE))
		scim_raise(SCIM_E_INVALID_PATH, "\"%s\" cannot be patched here", top->path);
	check_once(draft, kind, top);
	return true;
}

/* An operation on a whole attribute, wherever its value is kept. */
static void
apply_to_attribute(ScimDraft *draft, ScimPatchKind kind, const ScimAttribute *attr,
				   const JsonbValue *value)
{
	check_writable(attr);
	check_addressable(attr);
	check_removable(kind, attr, value);
	switch (attr->storage)
	{
		case SCIM_IN_SCHEMAS:
			/* computed from what is there: nothing to do but to check */
			scim_draft_schemas(draft, value, draft->settings->ignore_unknown_attributes);
			break;
		case SCIM_IN_PASSWORD:
			scim_draft_password(draft, kind == SCIM_PATCH_REMOVE ? NULL :
								scim_value_accept(draft->settings, attr, value));
			break;
		case SCIM_IN_MEMBERS:
			scim_patch_members(draft, kind, value);
			break;
		case SCIM_IN_DOC:
			scim_patch_attribute(draft, kind, attr, value);
			break;
		case SCIM_IN_ID:
		case SCIM_IN_META:
		case SCIM_IN_MEMBER_OF:
			Assert(false);		/* readOnly */
	}
}

/* The sub-attribute behind the brackets. */
static const ScimAttribute *
find_element_sub(const ScimAttribute *attr, ScimSlice name)
{
	const ScimAttribute *sub;

	if (name.len == 0)
		return NULL;
	sub = scim_attribute_sub(attr, name);
	if (sub == NULL)
		scim_raise(SCIM_E_NO_TARGET, "\"%s\" has no sub-attribute \"%.*s\"", attr->path,
				   (int) Min(name.len, 80), name.data);
	return sub;
}

static void
apply_with_path(ScimDraft *draft, const ScimPatchOperation *operation)
{
	ScimPath	path;
	ScimError	error;
	const ScimAttribute *attr;
	const ScimAttribute *sub;

	if (!scim_path_parse(operation->path, &scim_limits, &path, &error))
		scim_throw(&error);
	attr = scim_attribute_resolve(draft->type, &path.attr);
	if (attr == NULL)
		scim_raise(SCIM_E_INVALID_PATH, "\"%.*s\" is not an attribute of %s",
				   (int) Min(path.attr.text.len, 120), path.attr.text.data, draft->type->name.data);
	if (!may_change(draft, operation->kind, attr, operation->value))
		return;
	if (path.filter == NULL)
	{
		apply_to_attribute(draft, operation->kind, attr, operation->value);
		return;
	}
	sub = find_element_sub(attr, path.sub);
	if (sub != NULL)
		scim_rules_check_refused(draft->rules, sub, operation->value);
	check_writable(sub == NULL ? attr : sub);
	if (sub != NULL)
		check_removable(operation->kind, sub, NULL);
	if (attr->storage == SCIM_IN_MEMBERS)
		scim_patch_members_where(draft, operation->kind, path.filter, sub, operation->value);
	else
		scim_patch_elements(draft, operation->kind, attr, path.filter, sub, operation->value);
}

/*
 * readOnly attributes inside a path-less value: clients send back what they read.  meta and
 * an unchanged id never hurt; another id does.
 */
static bool
is_harmless(const ScimDraft *draft, const ScimAttribute *attr, const JsonbValue *value)
{
	if (attr->storage == SCIM_IN_META)
		return true;
	if (attr->storage == SCIM_IN_ID)
		return value->type == jbvString && scim_slice_equal(scim_jsonb_text(value), draft->id);
	return attr->mutability == SCIM_READ_ONLY && draft->settings->ignore_read_only_in_patch;
}

/* The attribute that a key of a path-less value means: a plain, dotted or URN-prefixed name. */
static const ScimAttribute *
find_key(const ScimDraft *draft, ScimSlice key)
{
	ScimAttrName name;
	ScimError	error;
	const ScimAttribute *attr = NULL;

	if (scim_attr_name_parse(key, &name, &error))
		attr = scim_attribute_resolve(draft->type, &name);
	if (attr == NULL && !draft->settings->ignore_unknown_attributes)
		scim_raise(SCIM_E_INVALID_VALUE, "\"%.*s\" is not an attribute of %s",
				   (int) Min(key.len, 120), key.data, draft->type->name.data);
	if (attr != NULL && attr->parent != draft->type->root && !draft->settings->accept_path_keys)
		scim_raise(SCIM_E_INVALID_VALUE, "\"%.*s\" is a path, not the name of an attribute",
				   (int) Min(key.len, 120), key.data);
	return attr;
}

static void
apply_without_path(ScimDraft *draft, const ScimPatchOperation *operation)
{
	const JsonbValue *object = scim_jsonb_open(operation->value);

	for (int i = 0; i < object->val.object.nPairs; i++)
	{
		const JsonbPair *pair = &object->val.object.pairs[i];
		const ScimAttribute *attr = find_key(draft, scim_jsonb_text(&pair->key));

		if (attr != NULL && !is_harmless(draft, attr, &pair->value) &&
			may_change(draft, operation->kind, attr, &pair->value))
			apply_to_attribute(draft, operation->kind, attr, &pair->value);
	}
}

/* What of an operation's form is tolerated beyond the RFC. */
static void
check_form(const ScimSettings *settings, const ScimPatchOperation *operation)
{
	if (!operation->is_spelled && !settings->accept_op_case)
		scim_raise(SCIM_E_INVALID_SYNTAX, "\"op\" is add, remove or replace, in lower case");
	if (operation->kind == SCIM_PATCH_REMOVE && operation->value != NULL &&
		operation->value->type != jbvNull && !settings->accept_remove_value)
		scim_raise(SCIM_E_INVALID_SYNTAX, "a remove operation takes no value");
}

void
scim_patch_apply(ScimDraft *draft, const JsonbValue *message)
{
	const JsonbValue *operations = scim_patch_operations(message);

	for (int i = 0; i < operations->val.array.nElems; i++)
	{
		ScimPatchOperation operation = scim_patch_operation(operations, i);

		check_form(draft->settings, &operation);
		if (operation.has_path)
			apply_with_path(draft, &operation);
		else
			apply_without_path(draft, &operation);
	}
}
