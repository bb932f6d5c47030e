/*-------------------------------------------------------------------------
 *
 * resource_write.c
 *	  Create, replace, patch and delete: the only ways a resource changes.
 *
 * Each locks the row first, checks the conditions on its version under the lock, and writes nothing
 * when nothing changes, so that version and lastModified tell the truth
 * (RFC 7644 section 3.5.2.1).
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "core/etag.h"
#include "resource/resource_int.h"
#include "util/jsonb.h"
#include "util/throw.h"
#include "util/uuid.h"

/* Is the version among the entity tags of a field? */
static bool
is_listed(const ScimResource *resource, ScimSlice tags, const char *field)
{
	ScimEtagMatch result = scim_etag_match(tags, resource->version);

	if (result == SCIM_ETAG_MALFORMED)
		scim_raise(SCIM_E_BAD_REQUEST, "%s holds no list of entity tags", field);
	return result == SCIM_ETAG_MATCH;
}

void
scim_conditions_check(const ScimResource *resource, ScimConditions conditions)
{
	if (conditions.if_match.len > 0 && !is_listed(resource, conditions.if_match, "If-Match"))
		scim_raise(SCIM_E_PRECONDITION_FAILED,
				   "the resource has changed since the version in If-Match");
	if (conditions.if_none_match.len > 0 &&
		is_listed(resource, conditions.if_none_match, "If-None-Match"))
		scim_raise(SCIM_E_PRECONDITION_FAILED, "the resource is there in a version of If-None-Match");
}

/* What must hold after every write. */
static void
check_draft(const ScimContext *context, ScimDraft *draft, bool is_patch)
{
	scim_rules_name_user(draft);
	scim_check_required(draft->type->root, draft->doc);
	scim_rules_check(draft->rules, draft->type->root, draft->doc);
	scim_rules_check_members(context, draft, is_patch);
}

ScimResource *
scim_resource_create(const ScimContext *context, const ScimResourceType *type,
					 const JsonbValue *body)
{
	pg_uuid_t	id;

	scim_uuid_make(&id);
	return scim_resource_create_as(context, type, &id, body);
}

ScimResource *
scim_resource_create_as(const ScimContext *context, const ScimResourceType *type,
						const pg_uuid_t *id, const JsonbValue *body)
{
	ScimDraft  *draft = scim_draft_from_body(context, type, body);
	ScimResource *resource;

	check_draft(context, draft, false);
	scim_store_begin(context);
	resource = scim_store_insert(context, draft, id);
	scim_members_apply(context, resource, draft->member_steps);
	resource->written = scim_written_by_body(type, body);
	return resource;
}

/* Stores a draft over a locked resource if anything differs. */
static void
store_changes(const ScimContext *context, ScimResource *resource, const ScimDraft *draft)
{
	bool		members_changed;
	int64		managed = scim_origin_memberships(context, resource);

	scim_origin_check(context, resource, draft);
	members_changed = scim_members_apply(context, resource, draft->member_steps);
	scim_origin_check_memberships(context, resource, managed);
	if (draft->sets_password || !scim_jsonb_equal(draft->doc, scim_jsonb_root(resource->doc)))
		scim_store_update(context, resource, draft);
	else if (members_changed)
		scim_store_touch(context, resource);
}

/* A replace without members empties a group (RFC 7644 section 3.5.1). */
static void
empty_omitted_members(ScimDraft *draft)
{
	if (draft->type->members != NULL && draft->member_steps == NIL)
		scim_draft_members(draft, SCIM_MEMBERS_REPLACE, NULL);
}

/* Takes the locks that come before those of rows; a group may be about to get members. */
static void
begin_change(const ScimContext *context, const ScimResourceType *type)
{
	scim_store_begin(context);
	if (type->members != NULL)
		scim_members_share(context);
}

ScimResource *
scim_resource_replace(const ScimContext *context, const ScimResourceType *type, ScimSlice id,
					  const JsonbValue *body, ScimConditions conditions)
{
	ScimDraft  *draft;
	ScimResource *resource;

	if (context->source.is_client && type->members != NULL &&
		!context->directory->settings.offer_group_replace)
		scim_raise(SCIM_E_NOT_IMPLEMENTED, "a %s is changed by PATCH alone here", type->name.data);
	draft = scim_draft_from_body(context, type, body);

	begin_change(context, type);
	resource = scim_resource_lock(context, type, id);
	scim_conditions_check(resource, conditions);
	draft->id = id;
	empty_omitted_members(draft);
	scim_draft_keep(draft, scim_jsonb_root(resource->doc));
	check_draft(context, draft, false);
	store_changes(context, resource, draft);
	resource->written = scim_written_by_body(type, body);
	return resource;
}

ScimResource *
scim_resource_patch(const ScimContext *context, const ScimResourceType *type, ScimSlice id,
					const JsonbValue *message, ScimConditions conditions)
{
	ScimDraft	draft = {
		.settings = &context->directory->settings, .type = type, .id = id,
		.rules = scim_rules_of(context->directory, type)
	};
	ScimResource *resource;

	scim_patch_check(message);
	begin_change(context, type);
	resource = scim_resource_lock(context, type, id);
	scim_conditions_check(resource, conditions);
	draft.doc = scim_jsonb_thaw(scim_jsonb_root(resource->doc));
	scim_patch_apply(&draft, message);
	scim_draft_check_immutable(&draft, scim_jsonb_root(resource->doc));
	check_draft(context, &draft, true);
	store_changes(context, resource, &draft);
	resource->written = scim_written_by_patch(type, message);
	return resource;
}

/* What a directory may do instead when a client deletes. */
static void
deactivate(const ScimContext *context, ScimResource *resource)
{
	ScimDraft	draft = {
		.settings = &context->directory->settings, .type = resource->type,
		.doc = scim_jsonb_thaw(scim_jsonb_root(resource->doc))
	};

	scim_jsonb_put(draft.doc, resource->type->active->name, scim_jsonb_new_bool(false));
	store_changes(context, resource, &draft);
}

void
scim_resource_delete(const ScimContext *context, const ScimResourceType *type, ScimSlice id,
					 ScimConditions conditions)
{
	ScimResource *resource;
	int64		managed;

	scim_store_begin(context);
	scim_members_lock(context);
	resource = scim_resource_lock(context, type, id);
	scim_conditions_check(resource, conditions);
	if (context->source.is_client && type->active != NULL &&
		context->directory->settings.delete_action == SCIM_DELETE_DEACTIVATE)
	{
		deactivate(context, resource);
		return;
	}
	scim_origin_check(context, resource, NULL);
	managed = scim_origin_memberships(context, resource);
	scim_members_forget(context, resource);
	scim_origin_check_memberships(context, resource, managed);
	scim_store_delete(context, resource);
}
