/*-------------------------------------------------------------------------
 *
 * resource_draft.c
 *	  A whole resource as a client sends it (POST, PUT) to a draft.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "resource/resource_int.h"
#include "util/jsonb.h"
#include "util/throw.h"

/* The schemas member: a list with the type's URN, unless its absence is tolerated. */
static void
check_schemas(const ScimDraft *draft, const JsonbValue *body)
{
	const JsonbValue *list = scim_jsonb_get_ci(body, "schemas");

	if (list == NULL && draft->settings->accept_missing_schemas)
		return;
	scim_draft_schemas(draft, list, draft->settings->ignore_unknown_attributes);
	if (!draft->settings->accept_missing_schemas &&
		!scim_message_has_schema(body, draft->type->urn.data))
		scim_raise(SCIM_E_INVALID_VALUE, "\"schemas\" must hold \"%s\"", draft->type->urn.data);
}

/* Puts one top-level attribute where it belongs. */
static void
take(ScimDraft *draft, const ScimAttribute *attr, const JsonbValue *value)
{
	JsonbValue *accepted;

	if (attr->mutability == SCIM_READ_ONLY || attr->storage == SCIM_IN_SCHEMAS)
		return;
	accepted = scim_value_accept(draft->settings, attr, value);
	if (attr->storage == SCIM_IN_MEMBERS)
		scim_draft_members(draft, SCIM_MEMBERS_REPLACE, accepted);
	else if (accepted == NULL)
		return;
	else if (attr->storage == SCIM_IN_PASSWORD)
		scim_draft_password(draft, accepted);
	else
		scim_jsonb_add(draft->doc, attr->name, accepted);
}

ScimDraft *
scim_draft_from_body(const ScimContext *context, const ScimResourceType *type,
					 const JsonbValue *body)
{
	ScimDraft  *draft = palloc0(sizeof(ScimDraft));

	if (!scim_jsonb_is_object(body))
		scim_raise(SCIM_E_INVALID_SYNTAX, "the body must be a JSON object");
	draft->settings = &context->directory->settings;
	draft->type = type;
	draft->doc = scim_jsonb_new_object();
	check_schemas(draft, body);
	for (int i = 0; i < body->val.object.nPairs; i++)
	{
		const JsonbPair *pair = &body->val.object.pairs[i];
		ScimSlice	name = scim_jsonb_text(&pair->key);
		const ScimAttribute *attr = scim_attribute_sub(type->root, name);

		if (attr != NULL)
			take(draft, attr, &pair->value);
		else if (!draft->settings->ignore_unknown_attributes)
			scim_raise(SCIM_E_INVALID_VALUE, "\"%.*s\" is not an attribute of %s",
					   (int) Min(name.len, 120), name.data, type->name.data);
	}
	return draft;
}

/* An immutable value stays; one that is sent must be the same (RFC 7644 section 3.5.1). */
static void
keep_immutable(const ScimAttribute *attr, JsonbValue *object, const JsonbValue *old)
{
	JsonbValue *value = scim_jsonb_get(object, attr->name);

	if (value == NULL)
		scim_jsonb_put(object, attr->name, old);
	else if (!scim_jsonb_equal(value, old))
		scim_raise(SCIM_E_MUTABILITY, "\"%s\" is immutable and has another value", attr->path);
}

/* The same for the attributes of an extension. */
static void
keep_below(const ScimAttribute *parent, JsonbValue *object, const JsonbValue *old)
{
	for (int i = 0; i < parent->nsubs; i++)
	{
		const ScimAttribute *attr = parent->subs[i];
		JsonbValue *value = scim_jsonb_get(old, attr->name);

		if (value == NULL || attr->storage != SCIM_IN_DOC)
			continue;
		if (attr->mutability == SCIM_READ_ONLY ||
			(attr->column == SCIM_COLUMN_ACTIVE && scim_jsonb_get(object, attr->name) == NULL))
			scim_jsonb_put(object, attr->name, value);
		else if (attr->mutability == SCIM_IMMUTABLE)
			keep_immutable(attr, object, value);
		else if (attr->type == SCIM_TYPE_COMPLEX && !attr->multi_valued &&
				 scim_jsonb_get(object, attr->name) != NULL)
			keep_below(attr, scim_jsonb_get(object, attr->name), value);
	}
}

void
scim_draft_keep(ScimDraft *draft, const JsonbValue *old)
{
	keep_below(draft->type->root, draft->doc, old);
}
