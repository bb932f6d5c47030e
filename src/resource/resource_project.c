/*-------------------------------------------------------------------------
 *
 * resource_project.c
 *	  attributes and excludedAttributes (RFC 7644 sections 3.4.2.5 and 3.9).
 *
 * The result is one flag per attribute, decided once per request, so that rendering
 * looks up no names and what is not shown is not even read.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "resource/resource.h"
#include "util/throw.h"

/* The next name of a comma list, blanks dropped; false at the end. */
static bool
next_name(ScimSlice *list, ScimSlice *name)
{
	while (list->len > 0)
	{
		const char *comma = memchr(list->data, ',', list->len);
		size_t		len = comma == NULL ? list->len : (size_t) (comma - list->data);
		size_t		taken = comma == NULL ? len : len + 1;

		*name = scim_slice_of(list->data, len);
		*list = scim_slice_of(list->data + taken, list->len - taken);
		while (name->len > 0 && name->data[0] == ' ')
			*name = scim_slice_of(name->data + 1, name->len - 1);
		while (name->len > 0 && name->data[name->len - 1] == ' ')
			name->len--;
		if (name->len > 0)
			return true;
	}
	return false;
}

/* Unknown names are ignored (ATTS-06): NULL. */
static const ScimAttribute *
find_named(const ScimResourceType *type, ScimSlice text)
{
	ScimAttrName name;
	ScimError	error;

	if (!scim_attr_name_parse(text, &name, &error))
		return NULL;
	return scim_attribute_resolve(type, &name);
}

static void
set_below(bool *flags, const ScimAttribute *attr, bool value)
{
	for (int i = attr->index; i <= attr->last; i++)
		flags[i] = value;
}

/* An attribute that is shown needs its holders. */
static void
set_above(bool *flags, const ScimAttribute *attr)
{
	for (; attr != NULL; attr = attr->parent)
		flags[attr->index] = true;
}

/* Is the attribute always returned, whatever is asked for? id and schemas are (ATTS-07). */
static bool
is_always(const ScimAttribute *attr)
{
	return attr->returned == SCIM_RETURNED_ALWAYS;
}

/* Is it the container of an extension, rather than a complex attribute? */
static bool
is_extension(const ScimAttribute *attr)
{
	return scim_slice_equal(attr->name, attr->urn);
}

static bool *
show_named(const ScimResourceType *type, ScimSlice attributes)
{
	bool	   *shows = palloc0(type->nattributes * sizeof(bool));
	ScimSlice	name;

	while (next_name(&attributes, &name))
	{
		const ScimAttribute *attr = find_named(type, name);

		if (attr == NULL)
			continue;
		set_below(shows, attr, true);
		set_above(shows, attr);
	}
	return shows;
}

static bool *
show_default(const ScimResourceType *type, const bool *written, ScimSlice excluded)
{
	bool	   *shows = palloc0(type->nattributes * sizeof(bool));
	ScimSlice	name;

	for (int i = 0; i < type->nattributes; i++)
		shows[i] = type->attributes[i]->returned == SCIM_RETURNED_DEFAULT ||
			(written != NULL && written[i]);
	while (next_name(&excluded, &name))
	{
		const ScimAttribute *attr = find_named(type, name);

		if (attr != NULL)
			set_below(shows, attr, false);
	}
	return shows;
}

void
scim_projection_check(ScimSlice attributes, ScimSlice excluded)
{
	if (attributes.len > 0 && excluded.len > 0)
		scim_raise(SCIM_E_INVALID_VALUE,
				   "give either \"attributes\" or \"excludedAttributes\", not both");
}

/* written are attributes that are shown by default this time, or NULL. */
static ScimProjection *
make_projection(const ScimResourceType *type, const bool *written, ScimSlice attributes,
				ScimSlice excluded)
{
	ScimProjection *projection = palloc0(sizeof(ScimProjection));
	bool		named = attributes.len > 0;

	scim_projection_check(attributes, excluded);
	projection->is_default = !named && excluded.len == 0;
	if (projection->is_default && type->is_plain)
		return projection;
	projection->shows = named ? show_named(type, attributes) :
		show_default(type, written, excluded);
	for (int i = 0; i < type->nattributes; i++)
	{
		const ScimAttribute *attr = type->attributes[i];

		if (attr->returned == SCIM_RETURNED_NEVER)
			set_below(projection->shows, attr, false);
		else if (is_always(attr) && attr->parent == type->root)
			set_below(projection->shows, attr, true);
		else if (is_always(attr) && attr->parent->parent == type->root && is_extension(attr->parent))
		{
			set_below(projection->shows, attr, true);
			set_above(projection->shows, attr);
		}
		else if (is_always(attr))
			projection->shows[i] = projection->shows[attr->parent->index];
	}
	projection->shows[type->root->index] = true;
	return projection;
}

ScimProjection *
scim_projection_make(const ScimResourceType *type, ScimSlice attributes, ScimSlice excluded)
{
	return make_projection(type, NULL, attributes, excluded);
}

ScimProjection *
scim_projection_of(const ScimResource *resource, ScimSlice attributes, ScimSlice excluded)
{
	return make_projection(resource->type, resource->written, attributes, excluded);
}
