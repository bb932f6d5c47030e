/*-------------------------------------------------------------------------
 *
 * http_discovery.c
 *	  Handlers of /ServiceProviderConfig, /ResourceTypes and /Schemas (RFC 7644 section 4).
 *
 * What they say comes from the schema rows and from what is switched on; sorting and
 * paging parameters are ignored, a filter is refused.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "http/http_int.h"
#include "util/throw.h"

/* Discovery is not searched (RFC 7644 section 4). */
static void
refuse_filter(const ScimRequest *request)
{
	if (scim_request_param(request, "filter").len > 0)
		scim_raise(SCIM_E_FORBIDDEN, "discovery endpoints take no filter");
}

void
scim_handle_config(ScimRequest *request, ScimAnswer *answer)
{
	refuse_filter(request);
	answer->status = 200;
	scim_discovery_config(answer->body, request->context.directory, request->context.base);
}

void
scim_handle_types(ScimRequest *request, ScimAnswer *answer)
{
	const ScimSchemaSet *set = request->context.directory->schemas;

	int			n = 0;

	refuse_filter(request);
	answer->status = 200;
	for (int i = 0; i < set->ntypes; i++)
		n += !scim_type_is_hidden(request->context.directory, &set->types[i]);
	scim_list_begin(answer->body, n, 1, n);
	for (int i = 0; i < set->ntypes; i++)
	{
		if (scim_type_is_hidden(request->context.directory, &set->types[i]))
			continue;
		if (answer->body->data[answer->body->len - 1] != '[')
			appendStringInfoChar(answer->body, ',');
		scim_discovery_type(answer->body, &set->types[i], request->context.base);
	}
	scim_list_end(answer->body);
}

void
scim_handle_type(ScimRequest *request, ScimAnswer *answer)
{
	const ScimResourceType *type = scim_type_by_name(request->context.directory->schemas,
													 request->id);

	refuse_filter(request);
	if (type == NULL || scim_type_is_hidden(request->context.directory, type))
		scim_raise(SCIM_E_NOT_FOUND, "there is no resource type \"%.*s\"",
				   (int) Min(request->id.len, 80), request->id.data);
	answer->status = 200;
	scim_discovery_type(answer->body, type, request->context.base);
}

/* The attributes that every resource has are kept as a schema without a URN; it is not told. */
static bool
is_told(const ScimSchema *schema)
{
	return schema->urn.len > 0;
}

void
scim_handle_schemas(ScimRequest *request, ScimAnswer *answer)
{
	const ScimSchemaSet *set = request->context.directory->schemas;
	int			n = 0;

	refuse_filter(request);
	answer->status = 200;
	for (int i = 0; i < set->nschemas; i++)
		n += is_told(&set->schemas[i]);
	scim_list_begin(answer->body, n, 1, n);
	for (int i = 0; i < set->nschemas; i++)
	{
		if (!is_told(&set->schemas[i]))
			continue;
		if (answer->body->data[answer->body->len - 1] != '[')
			appendStringInfoChar(answer->body, ',');
		scim_discovery_schema(answer->body, &set->schemas[i], request->context.base);
	}
	scim_list_end(answer->body);
}

void
scim_handle_schema(ScimRequest *request, ScimAnswer *answer)
{
	const ScimSchema *schema = scim_schema_find(request->context.directory->schemas, request->id);

	refuse_filter(request);
	if (schema == NULL || !is_told(schema))
		scim_raise(SCIM_E_NOT_FOUND, "there is no schema \"%.*s\"",
				   (int) Min(request->id.len, 120), request->id.data);
	answer->status = 200;
	scim_discovery_schema(answer->body, schema, request->context.base);
}
