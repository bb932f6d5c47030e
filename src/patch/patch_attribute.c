/*-------------------------------------------------------------------------
 *
 * patch_attribute.c
 *	  add, remove and replace of an attribute that is named without a filter.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "patch/patch_int.h"
#include "util/jsonb.h"
#include "util/throw.h"

/*
 * The object that holds attr: the document, an extension's container or a complex value.
 * Made if it is missing and create is set, else NULL.
 */
static JsonbValue *
find_holder(JsonbValue *doc, const ScimAttribute *attr, bool create)
{
	JsonbValue *outer;
	JsonbValue *holder;

	if (attr->parent->parent == NULL)
		return doc;
	outer = find_holder(doc, attr->parent, create);
	holder = outer == NULL ? NULL : scim_jsonb_get(outer, attr->parent->name);
	if (holder == NULL && create)
	{
		scim_jsonb_put(outer, attr->parent->name, scim_jsonb_new_object());
		holder = scim_jsonb_get(outer, attr->parent->name);
	}
	return holder;
}

/* Takes attr's value away, and holders that have nothing left. */
static void
unassign(JsonbValue *doc, const ScimAttribute *attr)
{
	JsonbValue *holder = find_holder(doc, attr, false);

	if (holder == NULL)
		return;
	scim_jsonb_remove(holder, attr->name);
	if (holder->val.object.nPairs == 0 && holder != doc)
		unassign(doc, attr->parent);
}

/* An immutable value may be set once and repeated, not changed. */
static void
check_immutable(const ScimAttribute *attr, const JsonbValue *old, const JsonbValue *value)
{
	if (attr->mutability != SCIM_IMMUTABLE || scim_value_is_unassigned(old))
		return;
	if (value == NULL || !scim_jsonb_equal(old, value))
		scim_raise(SCIM_E_MUTABILITY, "\"%s\" is immutable and has a value", attr->path);
}

void
scim_patch_set_sub(const ScimSettings *settings, JsonbValue *object, const ScimAttribute *sub,
				   const JsonbValue *value)
{
	JsonbValue *accepted = value == NULL ? NULL : scim_value_accept(settings, sub, value);

	check_immutable(sub, scim_jsonb_get(object, sub->name), accepted);
	if (accepted == NULL)
		scim_jsonb_remove(object, sub->name);
	else
		scim_jsonb_put(object, sub->name, accepted);
}

/* Appends what is not there yet; a new primary takes over. */
static void add_elements(const ScimAttribute *attr, JsonbValue *list, const JsonbValue *added);

/* Sets one sub-attribute: lists are appended to by add, objects merged, the rest is replaced. */
static void
merge_sub(const ScimSettings *settings, ScimPatchKind kind, JsonbValue *object,
		  const ScimAttribute *sub, const JsonbValue *value)
{
	JsonbValue *old = scim_jsonb_get(object, sub->name);
	JsonbValue *added;

	if (old != NULL && sub->multi_valued && kind == SCIM_PATCH_ADD)
	{
		added = scim_value_accept(settings, sub, value);
		if (added != NULL)
			add_elements(sub, old, added);
	}
	else if (old != NULL && sub->type == SCIM_TYPE_COMPLEX && !sub->multi_valued &&
			 scim_jsonb_is_object(value))
		scim_patch_merge(settings, kind, sub, old, value);
	else
		scim_patch_set_sub(settings, object, sub, value);
}

void
scim_patch_merge(const ScimSettings *settings, ScimPatchKind kind, const ScimAttribute *attr,
				 JsonbValue *object, const JsonbValue *value)
{
	const JsonbValue *members = scim_jsonb_open(value);

	for (int i = 0; i < members->val.object.nPairs; i++)
	{
		const JsonbPair *pair = &members->val.object.pairs[i];
		const ScimAttribute *sub = scim_attribute_sub(attr, scim_jsonb_text(&pair->key));

		if (sub == NULL && !settings->ignore_unknown_attributes)
			scim_raise(SCIM_E_INVALID_VALUE, "\"%s\" has no sub-attribute \"%.*s\"", attr->path,
					   Min(pair->key.val.string.len, 80), pair->key.val.string.val);
		if (sub == NULL || sub->mutability == SCIM_READ_ONLY)
			continue;
		merge_sub(settings, kind, object, sub, &pair->value);
	}
}

bool
scim_patch_is_primary(const ScimAttribute *attr, const JsonbValue *element)
{
	JsonbValue *flag = attr->primary == NULL ? NULL : scim_jsonb_get(element, attr->primary->name);

	return flag != NULL && flag->type == jbvBool && flag->val.boolean;
}

/* Takes over what the added element says and the one that is there does not. */
static void
merge_element(const ScimAttribute *attr, JsonbValue *element, const JsonbValue *added)
{
	for (int i = 0; scim_jsonb_is_object(added) && i < added->val.object.nPairs; i++)
	{
		const JsonbPair *pair = &added->val.object.pairs[i];
		const ScimAttribute *sub = scim_attribute_sub(attr, scim_jsonb_text(&pair->key));
		JsonbValue *old = scim_jsonb_get(element, scim_jsonb_text(&pair->key));

		if (old != NULL && scim_value_same(sub, old, &pair->value))
			continue;
		check_immutable(sub, old, &pair->value);
		scim_jsonb_put(element, scim_jsonb_text(&pair->key), &pair->value);
	}
}

static void
add_elements(const ScimAttribute *attr, JsonbValue *list, const JsonbValue *added)
{
	int			primary = -1;

	for (int i = 0; i < added->val.array.nElems; i++)
	{
		const JsonbValue *element = &added->val.array.elems[i];
		JsonbValue *same = scim_find_same(attr, list, element);

		if (same == NULL)
		{
			scim_jsonb_append(list, element);
			same = &list->val.array.elems[list->val.array.nElems - 1];
		}
		else
			merge_element(attr, same, element);
		if (scim_patch_is_primary(attr, element))
			primary = same - list->val.array.elems;
	}
	if (primary >= 0)
		scim_keep_one_primary(attr, list, primary);
}

/* Does the listed value mean this element: the same "value", or the same altogether? */
static bool
means_element(const ScimAttribute *attr, const JsonbValue *listed, const JsonbValue *element)
{
	JsonbValue *wanted;
	JsonbValue *present;

	if (attr->value == NULL || !scim_jsonb_is_object(listed))
		return scim_jsonb_equal(listed, element);
	wanted = scim_jsonb_get(listed, attr->value->name);
	present = scim_jsonb_get(element, attr->value->name);
	if (wanted == NULL || present == NULL || wanted->type != jbvString || present->type != jbvString)
		return scim_jsonb_equal(listed, element);
	return scim_slice_equal(scim_fold(scim_jsonb_text(wanted), scim_attribute_fold(attr->value)),
							scim_fold(scim_jsonb_text(present), scim_attribute_fold(attr->value)));
}

/* ENTRA-REMOVE-VALUE: remove with a list takes just the listed values away. */
static void
remove_listed(ScimDraft *draft, const ScimAttribute *attr, JsonbValue *list, const JsonbValue *value)
{
	JsonbValue *listed = scim_value_accept(draft->settings, attr, value);

	for (int i = 0; listed != NULL && i < listed->val.array.nElems; i++)
		for (int k = list->val.array.nElems - 1; k >= 0; k--)
			if (means_element(attr, &listed->val.array.elems[i], &list->val.array.elems[k]))
				scim_jsonb_remove_at(list, k);
	if (list->val.array.nElems == 0)
		unassign(draft->doc, attr);
}

static void
remove_attribute(ScimDraft *draft, const ScimAttribute *attr, const JsonbValue *value)
{
	JsonbValue *holder = find_holder(draft->doc, attr, false);
	JsonbValue *old = holder == NULL ? NULL : scim_jsonb_get(holder, attr->name);

	if (old == NULL)
		return;
	if (attr->multi_valued && value != NULL && value->type != jbvNull)
	{
		remove_listed(draft, attr, old, value);
		return;
	}
	check_immutable(attr, old, NULL);
	unassign(draft->doc, attr);
}

/* Sets, appends or merges, as the attribute's shape wants it. */
static void
assign(ScimDraft *draft, ScimPatchKind kind, const ScimAttribute *attr, const JsonbValue *value,
	   JsonbValue *accepted)
{
	JsonbValue *holder = find_holder(draft->doc, attr, true);
	JsonbValue *old = scim_jsonb_get(holder, attr->name);

	if (old == NULL)
		scim_jsonb_put(holder, attr->name, accepted);
	else if (attr->multi_valued && kind == SCIM_PATCH_ADD)
		add_elements(attr, old, accepted);
	else if (attr->type == SCIM_TYPE_COMPLEX && !attr->multi_valued)
	{
		check_immutable(attr, old, accepted);
		scim_patch_merge(draft->settings, kind, attr, old,
						 scim_jsonb_is_object(value) ? value : accepted);
		if (old->val.object.nPairs == 0)
			unassign(draft->doc, attr);
	}
	else
	{
		check_immutable(attr, old, accepted);
		scim_jsonb_put(holder, attr->name, accepted);
	}
}

/* An object for a complex attribute sets what it names, be it to nothing; {} names nothing. */
static bool
is_merge(const ScimAttribute *attr, const JsonbValue *value)
{
	return attr->type == SCIM_TYPE_COMPLEX && !attr->multi_valued && scim_jsonb_is_object(value);
}

void
scim_patch_attribute(ScimDraft *draft, ScimPatchKind kind, const ScimAttribute *attr,
					 const JsonbValue *value)
{
	JsonbValue *accepted;

	if (kind == SCIM_PATCH_REMOVE)
	{
		remove_attribute(draft, attr, value);
		return;
	}
	accepted = scim_value_accept(draft->settings, attr, value);
	if (accepted != NULL)
		assign(draft, kind, attr, value, accepted);
	else if (is_merge(attr, value))
	{
		JsonbValue *holder = find_holder(draft->doc, attr, false);
		JsonbValue *old = holder == NULL ? NULL : scim_jsonb_get(holder, attr->name);

		if (old != NULL)
			scim_patch_merge(draft->settings, kind, attr, old, value);
		if (old != NULL && old->val.object.nPairs == 0)
			unassign(draft->doc, attr);
	}
	else if (kind == SCIM_PATCH_REPLACE || !attr->multi_valued)
		remove_attribute(draft, attr, NULL);
}
