/*-------------------------------------------------------------------------
 *
 * patch_elements.c
 *	  add, remove and replace of the elements that a value filter chooses.
 *
 * A singular complex attribute counts as a list of one (SINGULAR-BRACKET).
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "utils/builtins.h"
#include "utils/numeric.h"

#include "patch/patch_int.h"
#include "util/jsonb.h"
#include "util/throw.h"

/* The elements under work, and which of them the filter chose. */
typedef struct Selection
{
	JsonbValue *list;			/* in memory; a lone value wrapped */
	bool	   *chosen;
	int			nchosen;
} Selection;

/* The holder of a top-level or extension attribute; made when missing. */
static JsonbValue *
holder_of(ScimDraft *draft, const ScimAttribute *attr)
{
	JsonbValue *holder;

	if (attr->parent->parent == NULL)
		return draft->doc;
	holder = scim_jsonb_get(draft->doc, attr->parent->name);
	if (holder != NULL)
		return holder;
	scim_jsonb_put(draft->doc, attr->parent->name, scim_jsonb_new_object());
	return scim_jsonb_get(draft->doc, attr->parent->name);
}

static Selection
choose(JsonbValue *old, const ScimCondition *condition)
{
	Selection	selection = {.list = old};

	if (old == NULL || old->type != jbvArray)
		selection.list = scim_jsonb_new_array();
	if (old != NULL && old->type != jbvArray)
		scim_jsonb_append(selection.list, old);
	selection.chosen = palloc0((selection.list->val.array.nElems + 1) * sizeof(bool));
	for (int i = 0; i < selection.list->val.array.nElems; i++)
	{
		selection.chosen[i] = scim_filter_matches(condition, &selection.list->val.array.elems[i]);
		selection.nchosen += selection.chosen[i];
	}
	return selection;
}

/* The literal of an eq term as the value it stands for. */
static JsonbValue *
literal_value(const ScimCondition *condition)
{
	const ScimLiteral *literal = &condition->source->literal;

	if (condition->attr->type == SCIM_TYPE_BOOLEAN)
		return scim_jsonb_new_bool(condition->operand.boolean);
	if (literal->kind == SCIM_LITERAL_NUMBER)
	{
		JsonbValue *number = palloc0(sizeof(JsonbValue));

		number->type = jbvNumeric;
		number->val.numeric = condition->operand.number;
		return number;
	}
	return scim_jsonb_new_string(literal->text);
}

/* Collects eq terms joined by and; false when there is any other term. */
static bool
collect_terms(const ScimCondition *condition, JsonbValue *element)
{
	if (condition->kind == SCIM_FILTER_AND)
		return collect_terms(condition->left, element) && collect_terms(condition->right, element);
	if (condition->kind != SCIM_FILTER_COMPARE || condition->op != SCIM_OP_EQ ||
		condition->operand.is_null || condition->attr == condition->scope)
		return false;
	scim_jsonb_put(element, condition->attr->name, literal_value(condition));
	return true;
}

JsonbValue *
scim_patch_element_from(const ScimCondition *condition)
{
	JsonbValue *element = scim_jsonb_new_object();

	return collect_terms(condition, element) ? element : NULL;
}

/* Sets sub of an element, or merges an object into it. */
static void
change_element(ScimDraft *draft, ScimPatchKind kind, const ScimAttribute *attr,
			   const ScimAttribute *sub, JsonbValue *element, const JsonbValue *value)
{
	if (sub != NULL)
		scim_patch_set_sub(draft->settings, element, sub, value);
	else if (attr->type == SCIM_TYPE_COMPLEX && scim_jsonb_is_object(value))
		scim_patch_merge(draft->settings, kind, attr, element, value);
	else
	{
		JsonbValue *accepted = scim_element_accept(draft->settings, attr, value);

		if (accepted == NULL)
			scim_raise(SCIM_E_INVALID_VALUE, "\"%s\" needs a value here", attr->path);
		*element = *accepted;
	}
}

/* Replaces an element as a whole; what the new one leaves out is gone. */
static void
replace_element(ScimDraft *draft, const ScimAttribute *attr, JsonbValue *element,
				const JsonbValue *value)
{
	JsonbValue *accepted = scim_element_accept(draft->settings, attr, value);

	if (accepted == NULL)
		scim_raise(SCIM_E_INVALID_VALUE, "\"%s\" needs a value here; use remove to take it away",
				   attr->path);
	*element = *accepted;
}

/* add and replace on the chosen elements; one that became primary demotes the others. */
static void
change_chosen(ScimDraft *draft, ScimPatchKind kind, const ScimAttribute *attr,
			  const ScimAttribute *sub, const JsonbValue *value, Selection *selection)
{
	int			primary = -1;

	for (int i = 0; i < selection->list->val.array.nElems; i++)
	{
		JsonbValue *element = &selection->list->val.array.elems[i];
		bool		was_primary = scim_patch_is_primary(attr, element);

		if (!selection->chosen[i])
			continue;
		if (sub == NULL && kind == SCIM_PATCH_REPLACE)
			replace_element(draft, attr, element, value);
		else
			change_element(draft, kind, attr, sub, element, value);
		if (!was_primary && scim_patch_is_primary(attr, element))
		{
			if (primary >= 0 && !draft->settings->accept_many_primaries)
				scim_raise(SCIM_E_INVALID_VALUE, "\"%s\" can have only one primary value",
						   attr->path);
			if (primary < 0)
				primary = i;
		}
	}
	if (primary >= 0)
		scim_keep_one_primary(attr, selection->list, primary);
}

/* No element was chosen: make the one that the filter describes, where that is allowed. */
static void
add_described(ScimDraft *draft, ScimPatchKind kind, const ScimAttribute *attr,
			  const ScimAttribute *sub, const ScimCondition *condition, const JsonbValue *value,
			  Selection *selection)
{
	bool		allowed = kind == SCIM_PATCH_ADD || draft->settings->create_on_no_match;
	bool		has_room = attr->multi_valued || selection->list->val.array.nElems == 0;
	JsonbValue *element = allowed && has_room && attr->type == SCIM_TYPE_COMPLEX ?
		scim_patch_element_from(condition) : NULL;

	if (element == NULL)
		scim_raise(SCIM_E_NO_TARGET, "no value of \"%s\" matches the filter", attr->path);
	element = scim_element_accept(draft->settings, attr, element);
	if (element == NULL)
		element = scim_jsonb_new_object();
	change_element(draft, kind, attr, sub, element, value);
	scim_jsonb_append(selection->list, element);
	if (scim_patch_is_primary(attr, element))
		scim_keep_one_primary(attr, selection->list, selection->list->val.array.nElems - 1);
}

static void
remove_chosen(ScimDraft *draft, const ScimAttribute *sub, Selection *selection)
{
	for (int i = selection->list->val.array.nElems - 1; i >= 0; i--)
	{
		JsonbValue *element = &selection->list->val.array.elems[i];

		if (!selection->chosen[i])
			continue;
		if (sub != NULL)
			scim_patch_set_sub(draft->settings, element, sub, NULL);
		else
			scim_jsonb_remove_at(selection->list, i);
	}
}

/* Puts the list back, as a lone value for a singular attribute, and drops what became empty. */
static void
put_back(ScimDraft *draft, const ScimAttribute *attr, JsonbValue *holder, JsonbValue *list)
{
	for (int i = list->val.array.nElems - 1; i >= 0; i--)
		if (scim_value_is_unassigned(&list->val.array.elems[i]))
			scim_jsonb_remove_at(list, i);
	if (list->val.array.nElems == 0)
		scim_jsonb_remove(holder, attr->name);
	else
		scim_jsonb_put(holder, attr->name, attr->multi_valued ? list : &list->val.array.elems[0]);
	if (holder != draft->doc && holder->val.object.nPairs == 0)
		scim_jsonb_remove(draft->doc, attr->parent->name);
}

/* T07: an array of one is taken as that one. */
static const JsonbValue *
lone_value(const ScimSettings *settings, const JsonbValue *value)
{
	const JsonbValue *list;

	if (!settings->accept_string_for_complex || value == NULL || !scim_jsonb_is_array(value))
		return value;
	list = scim_jsonb_open(value);
	return list->val.array.nElems == 1 ? &list->val.array.elems[0] : value;
}

void
scim_patch_elements(ScimDraft *draft, ScimPatchKind kind, const ScimAttribute *attr,
					const ScimFilter *filter, const ScimAttribute *sub, const JsonbValue *value)
{
	ScimCondition *condition = scim_filter_resolve_elements(attr, filter);
	JsonbValue *holder;
	Selection	selection;

	if (attr->parent == NULL || (attr->parent->parent != NULL && attr->parent->parent->parent != NULL))
		scim_raise(SCIM_E_INVALID_PATH, "\"%s\" takes no value filter", attr->path);
	if (sub == NULL)
		value = lone_value(draft->settings, value);
	holder = holder_of(draft, attr);
	selection = choose(scim_jsonb_get(holder, attr->name), condition);
	if (kind == SCIM_PATCH_REMOVE)
		remove_chosen(draft, sub, &selection);
	else if (selection.nchosen == 0)
		add_described(draft, kind, attr, sub, condition, value, &selection);
	else
		change_chosen(draft, kind, attr, sub, value, &selection);
	put_back(draft, attr, holder, selection.list);
}
