/*-------------------------------------------------------------------------
 *
 * schema_rules.c
 *	  What a directory wants of attributes beyond its schemas.
 *
 * Switches that are lists name attributes as <resource type>:<attribute>, such as
 * "User:name.givenName".  They are compiled to bits by attribute, so that a directory without such
 * lists pays nothing and others an array look-up.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "miscadmin.h"

#include "schema/schema_int.h"
#include "util/jsonb.h"
#include "util/throw.h"

/* What the lists are compiled from, and into. */
typedef struct Compilation
{
	const ScimSchemaSet *set;
	ScimRules  *rules;
	bool		strict;
	const char *setting;		/* at work */
} Compilation;

/* The text without blanks around it. */
static ScimSlice
trim(ScimSlice text)
{
	while (text.len > 0 && text.data[0] == ' ')
		text = scim_slice_of(text.data + 1, text.len - 1);
	while (text.len > 0 && text.data[text.len - 1] == ' ')
		text.len--;
	return text;
}

/* Splits at the first separator; all of text is left if there is none. */
static ScimSlice
split(ScimSlice *text, const char *separator)
{
	size_t		len = strlen(separator);
	ScimSlice	left = *text;

	for (size_t i = 0; i + len <= text->len; i++)
		if (memcmp(text->data + i, separator, len) == 0)
		{
			left.len = i;
			*text = scim_slice_of(text->data + i + len, text->len - i - len);
			return trim(left);
		}
	*text = scim_slice("");
	return trim(left);
}

/* Says that an item names nothing that the setting could be about, if that matters. */
static void
complain(const Compilation *compilation, ScimSlice item)
{
	if (compilation->strict)
		scim_raise(SCIM_E_INVALID_VALUE, "setting \"%s\" cannot name \"%.*s\" here",
				   compilation->setting, (int) Min(item.len, 120), item.data);
}

/* The type before the colon, which is taken off; NULL if there is no such type. */
static const ScimResourceType *
take_type(const Compilation *compilation, ScimSlice *item)
{
	ScimSlice	whole = *item;
	const ScimResourceType *type = scim_type_by_name(compilation->set, split(item, ":"));

	if (type == NULL)
		complain(compilation, whole);
	return type;
}

static const ScimAttribute *
find_attribute(const Compilation *compilation, const ScimResourceType *type, ScimSlice text)
{
	ScimAttrName name;
	ScimError	error;
	const ScimAttribute *attr = NULL;

	if (scim_attr_name_parse(trim(text), &name, &error))
		attr = scim_attribute_resolve(type, &name);
	if (attr == NULL)
		complain(compilation, text);
	return attr;
}

static ScimRules *
rules_for(const Compilation *compilation, const ScimResourceType *type)
{
	return &compilation->rules[type - compilation->set->types];
}

static void
mark(ScimRules *rules, const ScimAttribute *attr, ScimRule rule)
{
	rules->flags[attr->index] |= rule;
	rules->any |= rule;
}

/* Is the value, or what holds it, in the document, where rules look for it? */
static bool
is_in_doc(const ScimAttribute *attr)
{
	for (; attr->parent != NULL; attr = attr->parent)
		if (attr->storage != SCIM_IN_DOC || attr->mutability == SCIM_READ_ONLY)
			return false;
	return true;
}

/* Can the rule be about this attribute? */
static bool
can_hold(ScimRule rule, const ScimAttribute *attr)
{
	switch (rule)
	{
		case SCIM_RULE_REQUIRED:
			return is_in_doc(attr);
		case SCIM_RULE_SINGLE:
			return is_in_doc(attr) && attr->multi_valued;
		case SCIM_RULE_PRIMARY:
			return is_in_doc(attr) && attr->multi_valued && attr->primary != NULL;
		case SCIM_RULE_REFUSED:
			return true;
		case SCIM_RULE_IGNORED:
		case SCIM_RULE_PATCHABLE:
		case SCIM_RULE_PATCH_ONCE:
			return attr->parent->parent == NULL;	/* whole attributes */
	}
	return false;
}

/* Marks the attribute of each item. */
static void
mark_all(Compilation *compilation, const char *setting, const ScimTexts *list,
		 void (*mark_one) (ScimRules *, const ScimAttribute *, ScimRule), ScimRule rule)
{
	compilation->setting = setting;
	for (int i = 0; i < list->n; i++)
	{
		ScimSlice	item = list->texts[i];
		const ScimResourceType *type = take_type(compilation, &item);
		const ScimAttribute *attr = type == NULL ? NULL : find_attribute(compilation, type, item);

		if (attr != NULL && can_hold(rule, attr))
			mark_one(rules_for(compilation, type), attr, rule);
		else if (attr != NULL)
			complain(compilation, list->texts[i]);
	}
}

/* What is required of a singular complex attribute makes the attribute required. */
static void
mark_required(ScimRules *rules, const ScimAttribute *attr, ScimRule rule)
{
	mark(rules, attr, rule);
	while (attr->parent->parent != NULL && !attr->parent->multi_valued)
	{
		attr = attr->parent;
		mark(rules, attr, rule);
	}
}

/* Attributes of which values are unique here though the schema does not say so. */
static void
add_unique(Compilation *compilation, const ScimTexts *unique)
{
	compilation->setting = "unique_attributes";
	for (int i = 0; i < unique->n; i++)
	{
		ScimSlice	item = unique->texts[i];
		const ScimResourceType *type = take_type(compilation, &item);
		const ScimAttribute *attr = type == NULL ? NULL : find_attribute(compilation, type, item);
		ScimRules  *rules;

		if (attr == NULL || scim_attribute_is_unique(type, attr))
			continue;
		if (!scim_attribute_can_be_key(attr))
		{
			complain(compilation, unique->texts[i]);
			continue;
		}
		rules = rules_for(compilation, type);
		if (rules->unique == NULL)
			rules->unique = palloc(unique->n * sizeof(ScimAttribute *));
		rules->unique[rules->nunique++] = attr;
	}
}

/* Of types that stored_attributes names, everything else that a client may write is ignored. */
static void
mark_not_stored(Compilation *compilation, const ScimTexts *stored)
{
	mark_all(compilation, "stored_attributes", stored, mark, SCIM_RULE_IGNORED);
	for (int i = 0; i < compilation->set->ntypes; i++)
	{
		ScimRules  *rules = &compilation->rules[i];
		const ScimAttribute *root = compilation->set->types[i].root;

		for (int k = 0; k < root->nsubs && (rules->any & SCIM_RULE_IGNORED) != 0; k++)
			if (root->subs[k]->mutability != SCIM_READ_ONLY &&
				root->subs[k]->storage != SCIM_IN_SCHEMAS)
				rules->flags[root->subs[k]->index] ^= SCIM_RULE_IGNORED;
	}
}

/* "User:id and manager": a filter may compare these two, together. */
static void
add_form(Compilation *compilation, ScimSlice item)
{
	const ScimResourceType *type = take_type(compilation, &item);
	ScimFilterForm form = {0};
	ScimRules  *rules;

	if (type == NULL)
		return;
	form.attributes = palloc((item.len + 1) * sizeof(ScimAttribute *));
	do
	{
		const ScimAttribute *attr = find_attribute(compilation, type, split(&item, " and "));

		if (attr == NULL)
			return;
		/* as filters see it */
		form.attributes[form.nattributes++] = attr->type == SCIM_TYPE_COMPLEX && attr->value != NULL ?
			attr->value : attr;
	} while (item.len > 0);
	rules = rules_for(compilation, type);
	rules->forms = rules->forms == NULL ? palloc(sizeof(ScimFilterForm)) :
		repalloc(rules->forms, (rules->nforms + 1) * sizeof(ScimFilterForm));
	rules->forms[rules->nforms++] = form;
}

static void
add_forms(Compilation *compilation, const ScimTexts *filters)
{
	compilation->setting = "filters";
	for (int i = 0; i < filters->n; i++)
		add_form(compilation, filters->texts[i]);
}

/* Types that are not in the list are hidden; an empty list hides none. */
static void
hide_types(Compilation *compilation, const ScimTexts *offered)
{
	compilation->setting = "resource_types";
	for (int i = 0; i < compilation->set->ntypes; i++)
		compilation->rules[i].is_hidden = offered->n > 0;
	for (int i = 0; i < offered->n; i++)
	{
		const ScimResourceType *type = scim_type_by_name(compilation->set, offered->texts[i]);

		if (type == NULL)
			complain(compilation, offered->texts[i]);
		else
			rules_for(compilation, type)->is_hidden = false;
	}
}

const ScimRules *
scim_rules_compile(const ScimSettings *settings, const ScimSchemaSet *set, bool strict)
{
	Compilation compilation = {set, NULL, strict, NULL};

	if (!scim_settings_has_lists(settings))
		return NULL;
	compilation.rules = palloc0(set->ntypes * sizeof(ScimRules));
	for (int i = 0; i < set->ntypes; i++)
	{
		compilation.rules[i].nflags = set->types[i].nattributes;
		compilation.rules[i].flags = palloc0(set->types[i].nattributes);
	}
	hide_types(&compilation, &settings->resource_types);
	mark_not_stored(&compilation, &settings->stored_attributes);
#define MARK(name, mark_one, rule) mark_all(&compilation, #name, &settings->name, mark_one, rule)
	MARK(ignored_attributes, mark, SCIM_RULE_IGNORED);
	MARK(refused_attributes, mark, SCIM_RULE_REFUSED);
	MARK(required_attributes, mark_required, SCIM_RULE_REQUIRED);
	MARK(single_attributes, mark, SCIM_RULE_SINGLE);
	MARK(primary_attributes, mark, SCIM_RULE_PRIMARY);
	MARK(patchable_attributes, mark, SCIM_RULE_PATCHABLE);
	MARK(patch_once_attributes, mark, SCIM_RULE_PATCH_ONCE);
#undef MARK
	add_unique(&compilation, &settings->unique_attributes);
	add_forms(&compilation, &settings->filters);
	return compilation.rules;
}

const ScimRules *
scim_rules_of(const ScimDirectory *directory, const ScimResourceType *type)
{
	const ScimSchemaSet *set = directory->schemas;

	for (int i = 0; directory->rules != NULL && i < set->ntypes; i++)
		if (set->types[i].type_id == type->type_id)
			return &directory->rules[i];
	return NULL;
}

void
scim_rules_check_refused(const ScimRules *rules, const ScimAttribute *attr, const JsonbValue *value)
{
	const JsonbValue *members;

	if (rules == NULL || (rules->any & SCIM_RULE_REFUSED) == 0 || scim_value_is_unassigned(value))
		return;
	check_stack_depth();
	if (scim_rule(rules, attr, SCIM_RULE_REFUSED))
		scim_raise(SCIM_E_INVALID_VALUE, "\"%s\" is not supported", attr->path);
	if (scim_jsonb_is_array(value))
	{
		members = scim_jsonb_open(value);
		for (int i = 0; i < members->val.array.nElems; i++)
			scim_rules_check_refused(rules, attr, &members->val.array.elems[i]);
	}
	else if (scim_jsonb_is_object(value))
	{
		members = scim_jsonb_open(value);
		for (int i = 0; i < members->val.object.nPairs; i++)
		{
			const ScimAttribute *sub = scim_attribute_sub(attr, scim_jsonb_text(&members->val.object.pairs[i].key));

			if (sub != NULL)
				scim_rules_check_refused(rules, sub, &members->val.object.pairs[i].value);
		}
	}
}

/* Is there nothing, or nothing but blanks? */
static bool
is_blank(const JsonbValue *value)
{
	if (value != NULL && value->type == jbvString)
		return trim(scim_jsonb_text(value)).len == 0;
	return scim_value_is_unassigned(value);
}

/* Each value of a list is marked as the primary one. */
static void
check_primary(const ScimAttribute *attr, const JsonbValue *list)
{
	for (int i = 0; attr->primary != NULL && i < list->val.array.nElems; i++)
	{
		const JsonbValue *flag = scim_jsonb_get(&list->val.array.elems[i], attr->primary->name);

		if (flag == NULL || flag->type != jbvBool || !flag->val.boolean)
			scim_raise(SCIM_E_INVALID_VALUE, "\"%s\" must be primary", attr->path);
	}
}

static void
check_list(const ScimRules *rules, const ScimAttribute *attr, const JsonbValue *value)
{
	const JsonbValue *list = scim_jsonb_open(value);

	if (scim_rule(rules, attr, SCIM_RULE_SINGLE) && list->val.array.nElems > 1)
		scim_raise(SCIM_E_INVALID_VALUE, "\"%s\" has at most one value here", attr->path);
	if (scim_rule(rules, attr, SCIM_RULE_PRIMARY))
		check_primary(attr, list);
	for (int i = 0; attr->type == SCIM_TYPE_COMPLEX && i < list->val.array.nElems; i++)
		scim_rules_check(rules, attr, &list->val.array.elems[i]);
}

SCIM_NORETURN static void raise_required(const ScimRules *rules, const ScimAttribute *attr);

/* Names what is required below a singular complex attribute rather than the attribute itself. */
static void
raise_required(const ScimRules *rules, const ScimAttribute *attr)
{
	for (int i = 0; i < attr->nsubs && !attr->multi_valued; i++)
		if (scim_rule(rules, attr->subs[i], SCIM_RULE_REQUIRED))
			raise_required(rules, attr->subs[i]);
	scim_raise(SCIM_E_INVALID_VALUE, "\"%s\" is required", attr->path);
}

void
scim_rules_check(const ScimRules *rules, const ScimAttribute *root, const JsonbValue *doc)
{
	if (rules == NULL || rules->any == 0)
		return;
	for (int i = 0; i < root->nsubs; i++)
	{
		const ScimAttribute *attr = root->subs[i];
		const JsonbValue *value = scim_jsonb_get(doc, attr->name);

		if (scim_rule(rules, attr, SCIM_RULE_REQUIRED) && is_blank(value))
			raise_required(rules, attr);
		if (value != NULL && scim_jsonb_is_array(value))
			check_list(rules, attr, value);
		else if (value != NULL && scim_jsonb_is_object(value))
			scim_rules_check(rules, attr, value);
	}
}
