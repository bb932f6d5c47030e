/*-------------------------------------------------------------------------
 *
 * resource_render.c
 *	  A resource as the client sees it (RFC 7643 section 3).
 *
 * The stored document is streamed into the answer member by member; what is not in
 * it, schemas, id, meta, members and groups, is made here.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "miscadmin.h"
#include "utils/timestamp.h"

#include "core/datetime.h"
#include "core/etag.h"
#include "resource/resource_int.h"
#include "util/jsonb.h"
#include "util/uuid.h"

/* What the resources of a page have in common when they are shown. */
struct ScimPageView
{
	const ScimContext *context;
	const ScimPage *page;
	ScimProjection **projections;	/* by the type's place; NULL for a type that the page has not */
	ScimGroups *groups;			/* NULL when nothing of them is shown */
};

static bool
is_shown(const bool *shows, const ScimAttribute *attr)
{
	return shows == NULL || shows[attr->index];
}

void
scim_render_name(StringInfo out, ScimSlice name)
{
	if (out->data[out->len - 1] != '{')
		appendStringInfoChar(out, ',');
	scim_json_write_string(out, name);
	appendStringInfoChar(out, ':');
}

static void
render_text(StringInfo out, const char *name, const char *value)
{
	scim_render_name(out, scim_slice(name));
	scim_json_write_string(out, scim_slice(value));
}

char *
scim_resource_location(const ScimContext *context, const ScimResource *resource)
{
	ScimSlice	endpoint = resource->type->endpoint;
	size_t		base_len = strlen(context->base);
	char	   *location = palloc(base_len + endpoint.len + 2 + SCIM_UUID_SIZE);
	char	   *end = location;

	/* twice in every answer: not by psprintf */
	memcpy(end, context->base, base_len);
	end += base_len;
	*end++ = '/';
	memcpy(end, endpoint.data, endpoint.len);
	end += endpoint.len;
	*end++ = '/';
	scim_uuid_print(&resource->id, end);
	return location;
}

/* The core URN, and an extension's where the document has values of it. */
static void
render_schemas(StringInfo out, const ScimResource *resource)
{
	JsonbValue *doc = scim_jsonb_root(resource->doc);

	scim_render_name(out, scim_slice("schemas"));
	appendStringInfoChar(out, '[');
	scim_json_write_string(out, resource->type->urn);
	for (int i = 0; i < resource->type->nextensions; i++)
	{
		ScimSlice	urn = resource->type->extensions[i]->name;

		if (scim_jsonb_get(doc, urn) == NULL)
			continue;
		appendStringInfoChar(out, ',');
		scim_json_write_string(out, urn);
	}
	appendStringInfoChar(out, ']');
}

static void
render_instant(StringInfo out, const char *name, TimestampTz instant)
{
	char		text[SCIM_DATETIME_SIZE];

	scim_datetime_print(instant + (int64) (POSTGRES_EPOCH_JDATE - UNIX_EPOCH_JDATE) * USECS_PER_DAY,
						text);
	render_text(out, name, text);
}

static void
render_meta(StringInfo out, const ScimContext *context, const ScimResource *resource,
			const ScimAttribute *meta, const bool *shows)
{
	char		etag[SCIM_ETAG_SIZE];

	scim_render_name(out, meta->name);
	appendStringInfoChar(out, '{');
	for (int i = 0; i < meta->nsubs; i++)
	{
		const char *name = meta->subs[i]->name.data;

		if (!is_shown(shows, meta->subs[i]))
			continue;
		if (strcmp(name, "resourceType") == 0)
			render_text(out, name, resource->type->name.data);
		else if (strcmp(name, "created") == 0)
			render_instant(out, name, resource->created);
		else if (strcmp(name, "lastModified") == 0)
			render_instant(out, name, resource->last_modified);
		else if (strcmp(name, "location") == 0)
			render_text(out, name, scim_resource_location(context, resource));
		else if (strcmp(name, "version") == 0 && context->directory->settings.offer_etags)
		{
			scim_etag_print(resource->version, etag);
			render_text(out, name, etag);
		}
	}
	appendStringInfoChar(out, '}');
}

/* Are some attributes below attr not shown? */
static bool
is_partial(const ScimAttribute *attr, const bool *shows)
{
	for (int i = attr->index + 1; shows != NULL && i <= attr->last; i++)
		if (!shows[i])
			return true;
	return false;
}

/* Does the text end with an object or list of which nothing is shown? Neither is ever stored. */
static bool
is_empty(const StringInfo out)
{
	const char *end = out->data + out->len;

	return (end[-1] == '}' && end[-2] == '{') || (end[-1] == ']' && end[-2] == '[');
}

static void
take_back(StringInfo out, int len)
{
	out->len = len;
	out->data[len] = '\0';
}

static void render_value(StringInfo out, const ScimAttribute *attr, const JsonbValue *value,
						 const bool *shows);

/* The members of an object whose attributes are shown. */
static void
render_members_of(StringInfo out, const ScimAttribute *parent, const JsonbValue *object,
				  const bool *shows)
{
	const JsonbValue *members = scim_jsonb_open(object);

	for (int i = 0; i < members->val.object.nPairs; i++)
	{
		const JsonbPair *pair = &members->val.object.pairs[i];
		const ScimAttribute *attr = scim_attribute_sub(parent, scim_jsonb_text(&pair->key));
		int			start = out->len;

		if (attr == NULL || !shows[attr->index])
			continue;
		scim_render_name(out, scim_jsonb_text(&pair->key));
		render_value(out, attr, &pair->value, shows);
		if (is_empty(out))
			take_back(out, start);
	}
}

/* A list of which parts are shown; elements of which nothing is left are left out. */
static void
render_list(StringInfo out, const ScimAttribute *attr, const JsonbValue *value, const bool *shows)
{
	const JsonbValue *list = scim_jsonb_open(value);

	appendStringInfoChar(out, '[');
	for (int i = 0; i < list->val.array.nElems; i++)
	{
		int			start = out->len;

		if (out->data[out->len - 1] != '[')
			appendStringInfoChar(out, ',');
		render_value(out, attr, &list->val.array.elems[i], shows);
		if (is_empty(out))
			take_back(out, start);
	}
	appendStringInfoChar(out, ']');
}

static void
render_value(StringInfo out, const ScimAttribute *attr, const JsonbValue *value, const bool *shows)
{
	check_stack_depth();
	if (attr->type != SCIM_TYPE_COMPLEX || !is_partial(attr, shows))
		scim_jsonb_write(out, value);
	else if (scim_jsonb_is_array(value))
		render_list(out, attr, value, shows);
	else
	{
		appendStringInfoChar(out, '{');
		render_members_of(out, attr, value, shows);
		appendStringInfoChar(out, '}');
	}
}

/* The members, as far as the directory tells them. */
static void
render_members(StringInfo out, const ScimContext *context, const ScimResource *resource,
			   const bool *shows, bool in_list)
{
	int			when = context->directory->settings.show_members;

	if (when == SCIM_MEMBERS_NEVER && context->source.is_client)
	{
		scim_render_name(out, resource->type->members->name);
		appendStringInfoString(out, "[]");
	}
	else if (when == SCIM_MEMBERS_ALWAYS || !in_list || !context->source.is_client)
		scim_members_render(out, context, resource, shows);
}

/* One resource; groups may be NULL when nothing of them is shown or there are none. */
static void
render_resource(StringInfo out, const ScimContext *context, const ScimResource *resource,
				const bool *shows, ScimGroups *groups, bool in_list)
{
	const ScimResourceType *type = resource->type;
	char		id[SCIM_UUID_SIZE];

	scim_uuid_print(&resource->id, id);
	appendStringInfoChar(out, '{');
	render_schemas(out, resource);
	render_text(out, "id", id);
	if (shows == NULL)
		scim_jsonb_write_members(out, scim_jsonb_root(resource->doc));
	else
		render_members_of(out, type->root, scim_jsonb_root(resource->doc), shows);
	if (type->members != NULL && is_shown(shows, type->members))
		render_members(out, context, resource, shows, in_list);
	if (groups != NULL)
		scim_groups_render(out, context, groups, resource, shows);
	for (int i = 0; i < type->root->nsubs; i++)
		if (type->root->subs[i]->storage == SCIM_IN_META && is_shown(shows, type->root->subs[i]))
			render_meta(out, context, resource, type->root->subs[i], shows);
	appendStringInfoChar(out, '}');
}

void
scim_resource_render(StringInfo out, const ScimContext *context, const ScimResource *resource,
					 const ScimProjection *projection)
{
	const ScimAttribute *member_of = resource->type->member_of;
	ScimGroups *groups = NULL;

	if (member_of != NULL && is_shown(projection->shows, member_of))
		groups = scim_groups_of(context, resource);
	render_resource(out, context, resource, projection->shows, groups, false);
}

/* The projection of each type of the directory that the page has, by the type's place. */
static ScimProjection **
make_projections(const ScimContext *context, const ScimPage *page, ScimSlice attributes,
				 ScimSlice excluded)
{
	const ScimSchemaSet *schemas = context->directory->schemas;
	ScimProjection **projections = palloc0(schemas->ntypes * sizeof(ScimProjection *));

	for (int i = 0; i < page->nresources; i++)
	{
		const ScimResourceType *type = page->resources[i].type;
		ScimProjection **projection = &projections[type - schemas->types];

		if (*projection == NULL)
			*projection = scim_projection_make(type, attributes, excluded);
	}
	return projections;
}

/* Is something of the groups of this type's resources shown? */
static bool
shows_groups(const ScimResourceType *type, const ScimProjection *projection)
{
	return projection != NULL && type->member_of != NULL && is_shown(projection->shows, type->member_of);
}

ScimPageView *
scim_page_view(const ScimContext *context, const ScimPage *page, ScimSlice attributes,
			   ScimSlice excluded)
{
	const ScimSchemaSet *schemas = context->directory->schemas;
	ScimPageView *view = palloc0(sizeof(ScimPageView));

	view->context = context;
	view->page = page;
	view->projections = make_projections(context, page, attributes, excluded);
	for (int i = 0; i < schemas->ntypes && view->groups == NULL; i++)
		if (shows_groups(&schemas->types[i], view->projections[i]))
			view->groups = scim_groups_load(context, page->resources, page->nresources);
	return view;
}

void
scim_page_view_render(StringInfo out, const ScimPageView *view, int i)
{
	const ScimResource *resource = &view->page->resources[i];
	const ScimProjection *projection =
		view->projections[resource->type - view->context->directory->schemas->types];

	render_resource(out, view->context, resource, projection->shows,
					shows_groups(resource->type, projection) ? view->groups : NULL, true);
}

void
scim_page_render(StringInfo out, const ScimContext *context, const ScimPage *page,
				 ScimSlice attributes, ScimSlice excluded)
{
	ScimPageView *view = scim_page_view(context, page, attributes, excluded);

	for (int i = 0; i < page->nresources; i++)
	{
		CHECK_FOR_INTERRUPTS();
		if (i > 0)
			appendStringInfoChar(out, ',');
		scim_page_view_render(out, view, i);
	}
}
