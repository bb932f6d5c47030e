/*-------------------------------------------------------------------------
 *
 * resource_draft.c
 *	  A whole resource as a client sends it (POST, PUT) to a draft.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "miscadmin.h"

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

	if (scim_rule(draft->rules, attr, SCIM_RULE_IGNORED))
		return;
	scim_rules_check_refused(draft->rules, attr, value);
	if (attr->mutability == SCIM_READ_ONLY || attr->storage == SCIM_IN_SCHEMAS)
		return;
	accepted = scim_value_accept(draft->settings, attr, value);
	if (attr->storage == SCIM_IN_MEMBERS)
		scim_draft_members(draft, SCIM_MEMBERS_REPLACE, accepted);
	else if (accepted == NULL)
		draft->clears_active |= attr->column == SCIM_COLUMN_ACTIVE;
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
	draft->rules = scim_rules_of(context->directory, type);
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

/* What to do about an immutable value of old that object does not have. */
typedef void (*OnMissing) (const ScimAttribute *attr, JsonbValue *object, const JsonbValue *old);

SCIM_NORETURN static void raise_immutable(const ScimAttribute *attr);

static void
raise_immutable(const ScimAttribute *attr)
{
	scim_raise(SCIM_E_MUTABILITY, "\"%s\" is immutable and has another value", attr->path);
}

static void
keep_missing(const ScimAttribute *attr, JsonbValue *object, const JsonbValue *old)
{
	scim_jsonb_put(object, attr->name, old);
}

static void
refuse_missing(const ScimAttribute *attr, JsonbValue *object, const JsonbValue *old)
{
	raise_immutable(attr);
}

static void guard_below(const ScimAttribute *parent, JsonbValue *object, const JsonbValue *old,
						OnMissing on_missing);

/* The element of a list that has the value of this one, or NULL. */
static JsonbValue *
find_element(const ScimAttribute *attr, JsonbValue *list, const JsonbValue *old)
{
	const JsonbValue *wanted = scim_jsonb_get(old, attr->value->name);

	for (int i = 0; wanted != NULL && i < list->val.array.nElems; i++)
	{
		const JsonbValue *value = scim_jsonb_get(&list->val.array.elems[i], attr->value->name);

		if (value != NULL && scim_value_same(attr->value, value, wanted))
			return &list->val.array.elems[i];
	}
	return NULL;
}

/* Is there something immutable below attr? */
static bool
has_immutable(const ScimAttribute *attr)
{
	for (int i = 0; i < attr->nsubs; i++)
		if (attr->subs[i]->mutability == SCIM_IMMUTABLE || has_immutable(attr->subs[i]))
			return true;
	return false;
}

/*
 * Elements come and go as a whole.  One that stays, which is to say one with the same "value", keeps its
 * immutable sub-attributes.
 */
static void
guard_elements(const ScimAttribute *attr, JsonbValue *list, const JsonbValue *old,
			   OnMissing on_missing)
{
	const JsonbValue *elements;

	if (list == NULL || attr->value == NULL || !has_immutable(attr) || !scim_jsonb_is_array(old))
		return;
	elements = scim_jsonb_open(old);
	for (int i = 0; i < elements->val.array.nElems; i++)
	{
		JsonbValue *element = find_element(attr, list, &elements->val.array.elems[i]);

		CHECK_FOR_INTERRUPTS();
		if (element != NULL)
			guard_below(attr, element, &elements->val.array.elems[i], on_missing);
	}
}

/* A complex value that is missing may have to come back for what is immutable in it. */
static void
guard_complex(const ScimAttribute *attr, JsonbValue *object, const JsonbValue *old,
			  OnMissing on_missing)
{
	JsonbValue *value = scim_jsonb_get(object, attr->name);
	JsonbValue *kept = value != NULL ? value : scim_jsonb_new_object();

	guard_below(attr, kept, old, on_missing);
	if (value == NULL && kept->val.object.nPairs > 0)
		scim_jsonb_put(object, attr->name, kept);
}

/* Immutable values of old are in object, the same as they were (RFC 7644 sections 3.5.1 and 3.5.2). */
static void
guard_below(const ScimAttribute *parent, JsonbValue *object, const JsonbValue *old,
			OnMissing on_missing)
{
	for (int i = 0; i < parent->nsubs; i++)
	{
		const ScimAttribute *attr = parent->subs[i];
		const JsonbValue *before = scim_jsonb_get(old, attr->name);
		const JsonbValue *value = scim_jsonb_get(object, attr->name);

		if (before == NULL || attr->storage != SCIM_IN_DOC || attr->mutability == SCIM_READ_ONLY)
			continue;
		if (attr->mutability == SCIM_IMMUTABLE && value == NULL)
			on_missing(attr, object, before);
		else if (attr->mutability == SCIM_IMMUTABLE && !scim_value_same(attr, value, before))
			raise_immutable(attr);
		else if (attr->mutability == SCIM_IMMUTABLE)
			scim_jsonb_put(object, attr->name, before);
		else if (attr->type == SCIM_TYPE_COMPLEX && attr->multi_valued)
			guard_elements(attr, scim_jsonb_get(object, attr->name), before, on_missing);
		else if (attr->type == SCIM_TYPE_COMPLEX)
			guard_complex(attr, object, before, on_missing);
	}
}

/* Values that a client does not write, and active, which it may leave out without a wish. */
static void
keep_below(const ScimAttribute *parent, JsonbValue *object, const JsonbValue *old)
{
	for (int i = 0; i < parent->nsubs; i++)
	{
		const ScimAttribute *attr = parent->subs[i];
		JsonbValue *before = scim_jsonb_get(old, attr->name);
		JsonbValue *value = scim_jsonb_get(object, attr->name);

		if (before == NULL || attr->storage != SCIM_IN_DOC)
			continue;
		if (attr->mutability == SCIM_READ_ONLY ||
			(attr->column == SCIM_COLUMN_ACTIVE && value == NULL))
			scim_jsonb_put(object, attr->name, before);
		else if (attr->type == SCIM_TYPE_COMPLEX && !attr->multi_valued && value != NULL)
			keep_below(attr, value, before);
	}
}

void
scim_draft_keep(ScimDraft *draft, const JsonbValue *old)
{
	keep_below(draft->type->root, draft->doc, old);
	if (draft->clears_active)
		scim_jsonb_remove(draft->doc, draft->type->active->name);
	guard_below(draft->type->root, draft->doc, old, keep_missing);
}

void
scim_draft_check_immutable(const ScimDraft *draft, const JsonbValue *old)
{
	guard_below(draft->type->root, draft->doc, old, refuse_missing);
}
