/*-------------------------------------------------------------------------
 *
 * resource_rules.c
 *	  Switches of a directory that concern whole requests: names of users, members, filters.
 *
 * What they say of single attributes is schema_rules.c's.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "filter/filter.h"
#include "resource/resource_int.h"
#include "util/jsonb.h"
#include "util/throw.h"

#define MAX_PLAIN_NAME 64

/* The name without "@" and what follows, which some clients append and others do not. */
static ScimSlice
local_part(ScimSlice name)
{
	for (size_t i = name.len; i > 1; i--)
		if (name.data[i - 1] == '@')
			return scim_slice_of(name.data, i - 1);
	return name;
}

static bool
is_plain(ScimSlice name)
{
	static const char plain[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";

	for (size_t i = 0; i < name.len; i++)
		if (memchr(plain, name.data[i], sizeof(plain) - 1) == NULL)
			return false;
	return name.len > 0 && name.len <= MAX_PLAIN_NAME;
}

/* A user's name as the directory has it. */
static ScimSlice
own_name(const ScimSettings *settings, ScimSlice name)
{
	ScimSlice	domain = settings->user_domain;

	if (settings->strip_user_domain)
		name = local_part(name);
	if (domain.len == 0 || local_part(name).len < name.len)
		return name;
	return scim_slice(psprintf("%.*s@%.*s", (int) name.len, name.data, (int) domain.len, domain.data));
}

void
scim_rules_name_user(ScimDraft *draft)
{
	const ScimSettings *settings = draft->settings;
	const ScimAttribute *attr = NULL;
	const JsonbValue *value;
	ScimSlice	name;

	if (!settings->strip_user_domain && !settings->plain_user_names && settings->user_domain.len == 0)
		return;
	for (int i = 0; i < draft->type->root->nsubs; i++)
		if (draft->type->root->subs[i]->column == SCIM_COLUMN_USER_NAME)
			attr = draft->type->root->subs[i];
	value = attr == NULL ? NULL : scim_jsonb_get(draft->doc, attr->name);
	if (value == NULL)
		return;
	name = own_name(settings, scim_jsonb_text(value));
	if (settings->plain_user_names && !is_plain(local_part(name)))
		scim_raise(SCIM_E_INVALID_VALUE,
				   "\"%s\" has up to %d letters, digits, dots, underscores and hyphens", attr->path,
				   MAX_PLAIN_NAME);
	scim_jsonb_put(draft->doc, attr->name, scim_jsonb_new_string(name));
}

void
scim_rules_check_members(const ScimContext *context, const ScimDraft *draft, bool is_patch)
{
	ListCell   *cell;
	int			n = 0;

	if (!context->source.is_client)
		return;
	foreach(cell, draft->member_steps)
	{
		const ScimMemberStep *step = lfirst(cell);

		if (is_patch && step->action == SCIM_MEMBERS_REPLACE && !draft->settings->offer_member_replace)
			scim_raise(SCIM_E_INVALID_VALUE, "all of \"%s\" cannot be replaced or removed at once here",
					   draft->type->members->path);
		n += step->action == SCIM_MEMBERS_REMOVE_WHERE ? 1 : step->nids;
	}
	if (draft->settings->max_members_per_request > 0 && n > draft->settings->max_members_per_request)
		scim_raise(SCIM_E_INVALID_VALUE, "a request changes at most %d members",
				   draft->settings->max_members_per_request);
}

/* Names of users in a filter, as the directory has them. */
static void
name_users(const ScimContext *context, const ScimResourceType *type, ScimFilter *filter)
{
	const ScimAttribute *attr;

	if (filter->left != NULL)
		name_users(context, type, filter->left);
	if (filter->right != NULL)
		name_users(context, type, filter->right);
	if (filter->kind != SCIM_FILTER_COMPARE || filter->op != SCIM_OP_EQ ||
		filter->literal.kind != SCIM_LITERAL_STRING)
		return;
	attr = scim_attribute_resolve(type, &filter->attr);
	if (attr != NULL && attr->column == SCIM_COLUMN_USER_NAME)
		filter->literal.text = own_name(&context->directory->settings, filter->literal.text);
}

#define MAX_TERMS 8

/* The attributes that eq terms joined by "and" compare with texts; false if there is anything else. */
static bool
collect_terms(const ScimCondition *condition, const ScimAttribute **terms, int *nterms)
{
	if (condition->kind == SCIM_FILTER_AND)
		return collect_terms(condition->left, terms, nterms) &&
			collect_terms(condition->right, terms, nterms);
	if (condition->kind != SCIM_FILTER_COMPARE || condition->op != SCIM_OP_EQ ||
		condition->source->literal.text.len == 0 || *nterms == MAX_TERMS)
		return false;
	terms[(*nterms)++] = condition->attr;
	return true;
}

/* Are the terms the attributes of the form, each once? */
static bool
fits(const ScimFilterForm *form, const ScimAttribute **terms, int nterms)
{
	for (int i = 0; i < form->nattributes; i++)
	{
		bool		found = false;

		for (int k = 0; k < nterms && !found; k++)
			found = terms[k] == form->attributes[i];
		if (!found)
			return false;
	}
	return nterms == form->nattributes;
}

static void
check_form(const ScimRules *rules, const ScimResourceType *type, const ScimFilter *filter)
{
	const ScimAttribute *terms[MAX_TERMS];
	int			nterms = 0;

	if (collect_terms(scim_filter_resolve(type, filter), terms, &nterms))
		for (int i = 0; i < rules->nforms; i++)
			if (fits(&rules->forms[i], terms, nterms))
				return;
	scim_raise(SCIM_E_INVALID_FILTER,
			   "the filter is not supported here: only eq, joined by and, on certain attributes");
}

void
scim_rules_admit_filter(const ScimContext *context, const ScimResourceType *type, ScimFilter *filter)
{
	const ScimRules *rules = type == NULL ? NULL : scim_rules_of(context->directory, type);

	if (type == NULL || filter == NULL || !context->source.is_client)
		return;
	if (context->directory->settings.strip_user_domain ||
		context->directory->settings.user_domain.len > 0)
		name_users(context, type, filter);
	if (rules != NULL && rules->nforms > 0)
		check_form(rules, type, filter);
}
