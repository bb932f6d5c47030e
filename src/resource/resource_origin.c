/*-------------------------------------------------------------------------
 *
 * resource_origin.c
 *	  Where resources and memberships come from, and who may therefore change them.
 *
 * A resource is managed when a client made it or took it over, else it is local.  Switches of the
 * directory decide what clients may do to local ones, and users of the database to managed ones;
 * only directories with such a switch look at the row for it.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"

#include "resource/resource_int.h"
#include "util/jsonb.h"
#include "util/plan.h"
#include "util/throw.h"

#define MAX_REQUEST_ID 128

static ScimStatement find_managed = {
	"SELECT FROM scim.resource WHERE directory_id = $1 AND id = $2 AND managed",
	2, {INT4OID, UUIDOID}
};

static ScimStatement adopt_resource = {
	"UPDATE scim.resource SET managed = $3, credential_id = $4, request_id = $5"
	" WHERE directory_id = $1 AND id = $2",
	5, {INT4OID, UUIDOID, BOOLOID, UUIDOID, TEXTOID}
};

/* Managed memberships of the resource, as a group or as a member. */
static ScimStatement count_managed = {
	"SELECT (SELECT pg_catalog.count(*) FROM scim.membership"
	" WHERE directory_id = $1 AND group_id = $2 AND managed)"
	" + (SELECT pg_catalog.count(*) FROM scim.membership"
	" WHERE directory_id = $1 AND member_id = $2 AND managed)",
	2, {INT4OID, UUIDOID}
};

void
scim_origin_set(const ScimContext *context, Datum *values, char *nulls, int first)
{
	const ScimSource *source = &context->source;
	ScimSlice	request = scim_slice_clip(source->request_id, MAX_REQUEST_ID);
	bool		has_request = source->is_client && request.len > 0;

	values[first] = BoolGetDatum(source->is_client);
	values[first + 1] = UUIDPGetDatum(&source->credential_id);
	nulls[first + 1] = source->is_client ? ' ' : 'n';
	values[first + 2] = has_request ?
		PointerGetDatum(cstring_to_text_with_len(request.data, request.len)) : (Datum) 0;
	nulls[first + 2] = has_request ? ' ' : 'n';
}

static bool
is_managed(const ScimContext *context, const ScimResource *resource)
{
	Datum		values[2] = {Int32GetDatum(context->directory->id), UUIDPGetDatum(&resource->id)};

	return scim_execute(&find_managed, values, NULL) == 1;
}

static void
adopt(const ScimContext *context, const ScimResource *resource)
{
	Datum		values[5] = {Int32GetDatum(context->directory->id), UUIDPGetDatum(&resource->id)};
	char		nulls[5] = {' ', ' ', ' ', ' ', ' '};

	scim_origin_set(context, values, nulls, 2);
	scim_execute(&adopt_resource, values, nulls);
}

/* A client writes: it may have to leave what is local alone, or take it over. */
static void
check_client(const ScimContext *context, const ScimResource *resource)
{
	int			action = context->directory->settings.unmanaged_action;

	if (action == SCIM_UNMANAGED_WRITE || is_managed(context, resource))
		return;
	if (action == SCIM_UNMANAGED_REFUSE)
		scim_raise(SCIM_E_CONFLICT, "the %s is not managed by synchronization; delete it and push it again",
				   resource->type->name.data);
	adopt(context, resource);
}

/* Does the draft differ from what is stored in more than active, which stays in local hands? */
static bool
differs(const ScimResource *resource, const ScimDraft *draft)
{
	const ScimAttribute *active = resource->type->active;
	JsonbValue *old = scim_jsonb_thaw(scim_jsonb_root(resource->doc));
	JsonbValue *value = active == NULL ? NULL : scim_jsonb_get(draft->doc, active->name);

	if (value != NULL)
		scim_jsonb_put(old, active->name, value);
	else if (active != NULL)
		scim_jsonb_remove(old, active->name);
	return draft->member_steps != NIL || !scim_jsonb_equal(old, draft->doc);
}

bool
scim_origin_is_protected(const ScimContext *context)
{
	const ScimSettings *settings = &context->directory->settings;

	return !context->source.is_client && settings->protect_managed && settings->synchronization;
}

void
scim_origin_check(const ScimContext *context, const ScimResource *resource, const ScimDraft *draft)
{
	if (context->source.is_client)
		check_client(context, resource);
	else if (scim_origin_is_protected(context) && is_managed(context, resource) &&
			 (draft == NULL || differs(resource, draft)))
		scim_raise(SCIM_E_FORBIDDEN, "the %s is managed by synchronization; switch that off first",
				   resource->type->name.data);
}

int64
scim_origin_memberships(const ScimContext *context, const ScimResource *resource)
{
	Datum		values[2] = {Int32GetDatum(context->directory->id), UUIDPGetDatum(&resource->id)};

	if (!scim_origin_is_protected(context))
		return 0;
	scim_execute(&count_managed, values, NULL);
	return DatumGetInt64(scim_value(0, 1));
}

void
scim_origin_check_memberships(const ScimContext *context, const ScimResource *resource, int64 before)
{
	if (scim_origin_memberships(context, resource) < before)
		scim_raise(SCIM_E_FORBIDDEN, "a membership is managed by synchronization; switch that off first");
}
