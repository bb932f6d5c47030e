/*-------------------------------------------------------------------------
 *
 * bulk_operation.c
 *	  One operation of a bulk request: reading it and carrying it out.
 *
 * It fails as the same HTTP request would, so errors here are those of http_route.c
 * and of the resource functions.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <stdarg.h>

#include "bulk/bulk_int.h"
#include "core/uri.h"
#include "util/jsonb.h"
#include "util/plan.h"

/* How much of a client's text a message quotes. */
#define QUOTED 80

static const char *const method_names[] = {
	[SCIM_BULK_POST] = "POST",
	[SCIM_BULK_PUT] = "PUT",
	[SCIM_BULK_PATCH] = "PATCH",
	[SCIM_BULK_DELETE] = "DELETE"
};

bool
scim_bulk_fail(ScimBulkOperation *operation, ScimErrorCode code, const char *fmt,...)
{
	char		message[sizeof(operation->error.message) * 2];
	va_list		args;

	if (!scim_bulk_is_sound(operation))
		return false;
	va_start(args, fmt);
	vsnprintf(message, sizeof(message), fmt, args);
	va_end(args);
	return scim_error_set(&operation->error, code, 0, "%s", message);
}

/* A text member; empty when it is absent or null. */
static ScimSlice
read_text(ScimBulkOperation *operation, const JsonbValue *element, const char *name)
{
	const JsonbValue *value = scim_jsonb_get_ci(element, name);

	if (value == NULL || value->type == jbvNull)
		return scim_slice("");
	if (value->type == jbvString)
		return scim_jsonb_text(value);
	scim_bulk_fail(operation, SCIM_E_INVALID_SYNTAX, "\"%s\" must be a string", name);
	return scim_slice("");
}

/* Methods are taken in any case, as values of a message are, and told in capitals. */
static bool
read_method(ScimBulkOperation *operation)
{
	ScimSlice	text = scim_slice_clip(operation->method_text, QUOTED);

	for (size_t i = 0; i < lengthof(method_names); i++)
		if (scim_slice_equal_ci(operation->method_text, scim_slice(method_names[i])))
		{
			operation->method = i;
			operation->method_text = scim_slice(method_names[i]);
			return true;
		}
	return scim_bulk_fail(operation, SCIM_E_INVALID_SYNTAX,
						  "\"method\" must be POST, PUT, PATCH or DELETE, not \"%.*s\"",
						  (int) text.len, text.data);
}

/* Says that the path leads to no resource type. */
static bool
fail_path(ScimBulkOperation *operation, ScimSlice endpoint)
{
	ScimSlice	path = scim_slice_clip(operation->path, QUOTED);

	if (scim_slice_equal(endpoint, scim_slice("Bulk")))
		return scim_bulk_fail(operation, SCIM_E_INVALID_SYNTAX,
							  "a bulk request cannot hold another one");
	return scim_bulk_fail(operation, SCIM_E_NOT_FOUND,
						  "\"%.*s\" is no path of a resource type or resource",
						  (int) path.len, path.data);
}

/* The resource type, and for all but a POST the resource, that the path leads to. */
static bool
read_target(ScimBulkOperation *operation, const ScimContext *context)
{
	ScimTarget	target;
	bool		is_post = operation->method == SCIM_BULK_POST;
	ScimSlice	endpoint;

	if (operation->path.len == 0 || operation->path.data[0] != '/')
		return scim_bulk_fail(operation, SCIM_E_INVALID_SYNTAX,
							  "an operation needs a \"path\", such as \"/Users\"");
	if (!scim_target_parse(operation->path, &target, &operation->error))
		return false;
	endpoint = target.nsegments > 0 ? target.segments[0] : scim_slice("");
	operation->type = scim_type_by_endpoint(context->directory->schemas, endpoint);
	if (operation->type == NULL || target.nsegments > 2 ||
		(context->source.is_client && scim_type_is_hidden(context->directory, operation->type)))
		return fail_path(operation, endpoint);
	if (target.nsegments != (is_post ? 1 : 2))
		return scim_bulk_fail(operation, SCIM_E_METHOD_NOT_ALLOWED, is_post ?
							  "a POST needs the path of a resource type, such as \"/%s\"" :
							  "this method needs the path of one resource, such as \"/%s/<id>\"",
							  operation->type->endpoint.data);
	if (!is_post)
		operation->id = target.segments[1];
	return true;
}

/* What each method asks for besides its path. */
static bool
read_data(ScimBulkOperation *operation, const JsonbValue *element)
{
	if (operation->method == SCIM_BULK_POST && operation->bulk_id.len == 0)
		return scim_bulk_fail(operation, SCIM_E_INVALID_SYNTAX, "a POST needs a \"bulkId\"");
	operation->data = scim_jsonb_get_ci(element, "data");
	if (operation->method != SCIM_BULK_DELETE &&
		(operation->data == NULL || operation->data->type == jbvNull))
		return scim_bulk_fail(operation, SCIM_E_INVALID_SYNTAX, "a %s needs \"data\"",
							  method_names[operation->method]);
	return true;
}

void
scim_bulk_read(ScimBulkOperation *operation, const ScimContext *context, const JsonbValue *element)
{
	if (!scim_jsonb_is_object(element))
	{
		scim_bulk_fail(operation, SCIM_E_INVALID_SYNTAX, "each of \"Operations\" must be an object");
		return;
	}
	operation->method_text = read_text(operation, element, "method");
	operation->bulk_id = read_text(operation, element, "bulkId");
	operation->path = read_text(operation, element, "path");
	operation->if_match = read_text(operation, element, "version");
	if (scim_bulk_is_sound(operation) && read_method(operation) && read_target(operation, context))
		read_data(operation, element);
}

void
scim_bulk_perform(ScimBulkOperation *operation, const ScimContext *context)
{
	const ScimResourceType *type = operation->type;
	ScimConditions conditions = {.if_match = operation->if_match};
	ScimResource *resource = NULL;

	switch (operation->method)
	{
		case SCIM_BULK_POST:
			resource = scim_resource_create_as(context, type, &operation->new_id, operation->data);
			operation->status = 201;
			break;
		case SCIM_BULK_PUT:
			resource = scim_resource_replace(context, type, operation->id, operation->data,
											 conditions);
			operation->status = 200;
			break;
		case SCIM_BULK_PATCH:
			resource = scim_resource_patch(context, type, operation->id, operation->data,
										   conditions);
			operation->status = scim_resource_is_large(context, resource) ? 204 : 200;
			break;
		case SCIM_BULK_DELETE:
			scim_resource_delete(context, type, operation->id, conditions);
			operation->status = 204;
			break;
	}
	operation->version = resource == NULL ? 0 : resource->version;
}
