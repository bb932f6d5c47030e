/*-------------------------------------------------------------------------
 *
 * patch_members.c
 *	  What does not live in the document: members, password, schemas.
 *
 * The sub-attributes of members are immutable (RFC 7643 section 4.2): members come
 * and go, they do not change.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "core/opaque.h"
#include "patch/patch_int.h"
#include "util/jsonb.h"
#include "util/throw.h"

static void
add_step(ScimDraft *draft, ScimMemberStep step)
{
	ScimMemberStep *copy = palloc(sizeof(ScimMemberStep));

	*copy = step;
	draft->member_steps = lappend(draft->member_steps, copy);
}

/* The id that a client's member names. */
static ScimSlice
member_id(const ScimAttribute *attr, const JsonbValue *member)
{
	const JsonbValue *id = scim_jsonb_get(member, attr->value->name);

	if (id == NULL || id->type != jbvString)
		scim_raise(SCIM_E_INVALID_VALUE, "each of \"%s\" needs \"%s\", the id of a resource",
				   attr->path, attr->value->name.data);
	return scim_jsonb_text(id);
}

void
scim_draft_members(ScimDraft *draft, ScimMemberAction action, const JsonbValue *list)
{
	ScimMemberStep step = {.action = action};

	if (list != NULL)
	{
		step.ids = palloc(list->val.array.nElems * sizeof(ScimSlice));
		for (int i = 0; i < list->val.array.nElems; i++)
			step.ids[step.nids++] = member_id(draft->type->members, &list->val.array.elems[i]);
	}
	add_step(draft, step);
}

void
scim_patch_members(ScimDraft *draft, ScimPatchKind kind, const JsonbValue *value)
{
	JsonbValue *list = value == NULL ? NULL :
		scim_value_accept(draft->settings, draft->type->members, value);

	if (kind == SCIM_PATCH_ADD)
		scim_draft_members(draft, SCIM_MEMBERS_ADD, list);
	else if (kind == SCIM_PATCH_REPLACE || value == NULL || value->type == jbvNull)
		scim_draft_members(draft, SCIM_MEMBERS_REPLACE, kind == SCIM_PATCH_REMOVE ? NULL : list);
	else
		scim_draft_members(draft, SCIM_MEMBERS_REMOVE, list);
}

/* The id in an element, or NULL. */
static ScimSlice *
find_id(const ScimAttribute *attr, const JsonbValue *element)
{
	ScimSlice  *id = palloc(sizeof(ScimSlice));

	if (element == NULL || scim_jsonb_get(element, attr->value->name) == NULL)
		return NULL;
	*id = member_id(attr, element);
	return id;
}

/* The element that a client's value is, also as a list of one; NULL for none. */
static const JsonbValue *
sent_element(const ScimDraft *draft, const JsonbValue *value)
{
	const ScimAttribute *attr = draft->type->members;

	if (!scim_jsonb_is_array(value))
		return scim_element_accept(draft->settings, attr, value);
	if (scim_jsonb_size(value) != 1)
		scim_raise(SCIM_E_INVALID_VALUE, "\"%s\" with a filter takes one value", attr->path);
	return scim_element_accept(draft->settings, attr, &scim_jsonb_open(value)->val.array.elems[0]);
}

void
scim_patch_members_where(ScimDraft *draft, ScimPatchKind kind, const ScimFilter *filter,
						 const ScimAttribute *sub, const JsonbValue *value)
{
	const ScimAttribute *attr = draft->type->members;
	ScimMemberStep step = {
		.action = SCIM_MEMBERS_REMOVE_WHERE, .where = scim_filter_resolve_elements(attr, filter)
	};
	ScimSlice  *sent;

	if (sub != NULL)
		scim_raise(SCIM_E_MUTABILITY, "\"%s\" is immutable; remove the member and add another",
				   sub->path);
	if (kind != SCIM_PATCH_REMOVE)
	{
		sent = find_id(attr, sent_element(draft, value));
		step.action = kind == SCIM_PATCH_ADD ? SCIM_MEMBERS_ADD_WHERE : SCIM_MEMBERS_REPLACE_WHERE;
		step.ids = kind == SCIM_PATCH_ADD ? find_id(attr, scim_patch_element_from(step.where)) : sent;
		step.nids = step.ids == NULL ? 0 : 1;
		if (kind == SCIM_PATCH_REPLACE && sent == NULL)
			scim_raise(SCIM_E_INVALID_VALUE, "\"%s\" needs \"%s\" here, the id of a resource",
					   attr->path, attr->value->name.data);
		if (kind == SCIM_PATCH_ADD && sent != NULL &&
			(step.ids == NULL || !scim_slice_equal(*sent, *step.ids)))
			scim_raise(SCIM_E_MUTABILITY, "\"%s\" is immutable; remove the member and add another",
					   attr->value->path);
	}
	add_step(draft, step);
}

/* bcrypt looks at no more than this; what it ignores would be worth nothing. */
#define MAX_PASSWORD_BYTES 72

void
scim_draft_password(ScimDraft *draft, const JsonbValue *value)
{
	draft->sets_password = true;
	draft->password = scim_slice("");
	if (value == NULL)
		return;
	if (!scim_opaque_string(scim_jsonb_text(value), &draft->password))
		scim_raise(SCIM_E_INVALID_VALUE, "the password is empty or holds control characters");
	if (draft->password.len > MAX_PASSWORD_BYTES)
		scim_raise(SCIM_E_INVALID_VALUE, "the password is longer than %d bytes", MAX_PASSWORD_BYTES);
}

/* Is the URN that of the type's core schema or of one of its extensions? */
static bool
is_known(const ScimResourceType *type, ScimSlice urn)
{
	if (scim_slice_equal_ci(type->urn, urn))
		return true;
	for (int i = 0; i < type->nextensions; i++)
		if (scim_slice_equal_ci(type->extensions[i]->name, urn))
			return true;
	return false;
}

void
scim_draft_schemas(const ScimDraft *draft, const JsonbValue *list, bool ignore_unknown)
{
	const JsonbValue *urns;

	if (list == NULL || !scim_jsonb_is_array(list))
		scim_raise(SCIM_E_INVALID_VALUE, "\"schemas\" must be a list of URNs");
	urns = scim_jsonb_open(list);
	for (int i = 0; i < urns->val.array.nElems; i++)
	{
		const JsonbValue *urn = &urns->val.array.elems[i];

		if (urn->type != jbvString)
			scim_raise(SCIM_E_INVALID_VALUE, "\"schemas\" must be a list of URNs");
		if (!ignore_unknown && !is_known(draft->type, scim_jsonb_text(urn)))
			scim_raise(SCIM_E_INVALID_VALUE, "\"%.*s\" is not a schema of %s",
					   Min(urn->val.string.len, 120), urn->val.string.val, draft->type->name.data);
	}
}
