/*-------------------------------------------------------------------------
 *
 * http_resource.c
 *	  Handlers of resource endpoints (RFC 7644 sections 3.3 to 3.6).
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "core/etag.h"
#include "http/http_int.h"
#include "util/jsonb.h"
#include "util/throw.h"

#define SEARCH_URN "urn:ietf:params:scim:api:messages:2.0:SearchRequest"

void
scim_handle_create(ScimRequest *request, ScimAnswer *answer)
{
	ScimResource *resource = scim_resource_create(&request->context, request->type,
												  scim_request_json(request));

	scim_answer_resource(answer, request, 201, resource);
}

static ScimConditions
conditions_of(const ScimRequest *request)
{
	return (ScimConditions) {
		.if_match = scim_request_header(request, "if-match"),
		.if_none_match = scim_request_header(request, "if-none-match")
	};
}

/* If-None-Match is no failure here: 304 says that the client has the resource already. */
void
scim_handle_get(ScimRequest *request, ScimAnswer *answer)
{
	ScimResource *resource = scim_resource_get(&request->context, request->type, request->id);
	ScimConditions conditions = conditions_of(request);
	ScimSlice	known = conditions.if_none_match;

	conditions.if_none_match = scim_slice("");
	scim_conditions_check(resource, conditions);
	if (known.len > 0 && scim_etag_match(known, resource->version) == SCIM_ETAG_MATCH)
		scim_answer_empty(answer, request, 304, resource);
	else
		scim_answer_resource(answer, request, 200, resource);
}

void
scim_handle_replace(ScimRequest *request, ScimAnswer *answer)
{
	JsonbValue *body = scim_request_json(request);
	ScimResource *resource = scim_resource_replace(&request->context, request->type, request->id,
												   body, conditions_of(request));

	scim_answer_resource(answer, request, 200, resource);
}

/* Does the client want certain attributes, which an answer without a body would not have? */
static bool
names_attributes(const ScimRequest *request)
{
	return request->context.directory->settings.offer_projection &&
		scim_request_param(request, "attributes").len > 0;
}

/*
 * The PATCH of a group with many members answers 204; attributes asks for the resource
 * (RFC 7644 section 3.5.2).
 */
void
scim_handle_patch(ScimRequest *request, ScimAnswer *answer)
{
	JsonbValue *body = scim_request_json(request);
	ScimResource *resource = scim_resource_patch(&request->context, request->type, request->id,
												 body, conditions_of(request));

	if (!names_attributes(request) && scim_resource_is_large(&request->context, resource))
		scim_answer_empty(answer, request, 204, resource);
	else
		scim_answer_resource(answer, request, 200, resource);
}

void
scim_handle_delete(ScimRequest *request, ScimAnswer *answer)
{
	scim_resource_delete(&request->context, request->type, request->id, conditions_of(request));
	answer->status = 204;
}

/* Leaves out of a query what the directory does not offer. */
static void
restrict_query(const ScimSettings *settings, ScimQuery *query)
{
	if (!settings->offer_index_paging)
		query->start_index = 1;
	if (!settings->offer_cursors)
		query->has_cursor = false;
	if (!settings->offer_sort)
	{
		query->sort_by = scim_slice("");
		query->descending = false;
	}
}

/* Runs a query and lists its page. */
static void
answer_query(ScimRequest *request, ScimAnswer *answer, ScimQuery *query,
			 ScimSlice attributes, ScimSlice excluded)
{
	const ScimSettings *settings = &request->context.directory->settings;
	ScimPage   *page;

	restrict_query(settings, query);
	if (!settings->offer_projection)
		attributes = excluded = scim_slice("");
	scim_projection_check(attributes, excluded);
	page = scim_resource_search(&request->context, request->type, query);
	answer->status = 200;
	if (page->is_cursor)
		scim_list_begin_cursor(answer->body, settings->tell_cursor_total ? page->total : -1,
							   page->next_cursor, page->nresources);
	else
		scim_list_begin(answer->body, page->total, page->start_index, page->nresources);
	scim_page_render(answer->body, &request->context, page, attributes, excluded);
	scim_list_end(answer->body);
}

/* ascending, which is the default, or descending (SORT-02, SORT-07). */
static bool
is_descending(ScimSlice order)
{
	if (order.len == 0 || scim_slice_equal_ci(order, scim_slice("ascending")))
		return false;
	if (!scim_slice_equal_ci(order, scim_slice("descending")))
		scim_raise(SCIM_E_INVALID_VALUE, "\"sortOrder\" is ascending or descending");
	return true;
}

void
scim_handle_list(ScimRequest *request, ScimAnswer *answer)
{
	int64		count = scim_request_int(request, "count", -1);
	ScimQuery	query = {
		.filter = scim_request_param(request, "filter"),
		.start_index = scim_request_int(request, "startIndex", 1),
		.count = scim_request_param(request, "count").len == 0 ? -1 : Max(count, 0),
		.sort_by = scim_request_param(request, "sortBy"),
		.descending = is_descending(scim_request_param(request, "sortOrder")),
		.has_cursor = scim_form_get(&request->query, "cursor", NULL) != NULL,
		.cursor = scim_request_param(request, "cursor")
	};

	answer_query(request, answer, &query, scim_request_param(request, "attributes"),
				 scim_request_param(request, "excludedAttributes"));
}

/* A type that is not offered is told to have nothing, since some clients try every endpoint first. */
void
scim_handle_nothing(ScimRequest *request, ScimAnswer *answer)
{
	answer->status = 200;
	scim_list_begin(answer->body, 0, 1, 0);
	scim_list_end(answer->body);
}

/* null is the same as absent (RFC 7643 section 2.5). */
static bool
is_given(const JsonbValue *message, const char *name)
{
	const JsonbValue *value = scim_jsonb_get_ci(message, name);

	return value != NULL && value->type != jbvNull;
}

/* A text member of a search message; empty when it is absent. */
static ScimSlice
message_text(const JsonbValue *message, const char *name)
{
	const JsonbValue *value = scim_jsonb_get_ci(message, name);

	if (value == NULL || value->type == jbvNull)
		return scim_slice("");
	if (value->type != jbvString)
		scim_raise(SCIM_E_INVALID_SYNTAX, "\"%s\" must be a string", name);
	return scim_jsonb_text(value);
}

/* An integer member of a search message; fallback when it is absent. */
static int64
message_int(const JsonbValue *message, const char *name, int64 fallback)
{
	const JsonbValue *value = scim_jsonb_get_ci(message, name);
	int64		number;

	if (value == NULL || value->type == jbvNull)
		return fallback;
	if (!scim_jsonb_to_int(value, &number) || number == PG_INT64_MAX || number == PG_INT64_MIN)
		scim_raise(SCIM_E_INVALID_VALUE, "\"%s\" must be an integer", name);
	return number;
}

/* A list of names as the comma list that GET has; a lone string is taken as one. */
static ScimSlice
message_names(const JsonbValue *message, const char *name)
{
	const JsonbValue *value = scim_jsonb_get_ci(message, name);
	const JsonbValue *list;
	StringInfoData out;

	if (value == NULL || !scim_jsonb_is_array(value))
		return message_text(message, name);
	initStringInfo(&out);
	list = scim_jsonb_open(value);
	for (int i = 0; i < list->val.array.nElems; i++)
	{
		const JsonbValue *element = &list->val.array.elems[i];

		if (element->type != jbvString)
			scim_raise(SCIM_E_INVALID_SYNTAX, "\"%s\" must be a list of attribute names", name);
		appendStringInfo(&out, "%s%.*s", i == 0 ? "" : ",", element->val.string.len,
						 element->val.string.val);
	}
	return scim_slice_of(out.data, out.len);
}

/* POST .search (RFC 7644 section 3.4.3): the parameters of a GET, in a message. */
void
scim_handle_search(ScimRequest *request, ScimAnswer *answer)
{
	JsonbValue *message = scim_request_json(request);
	ScimQuery	query = {.count = -1};

	if (!scim_jsonb_is_object(message))
		scim_raise(SCIM_E_INVALID_SYNTAX, "the body must be a JSON object");
	if (!scim_message_has_schema(message, SEARCH_URN))
		scim_raise(SCIM_E_INVALID_SYNTAX, "\"schemas\" must hold \"%s\"", SEARCH_URN);
	query.filter = message_text(message, "filter");
	query.start_index = message_int(message, "startIndex", 1);
	query.sort_by = message_text(message, "sortBy");
	query.descending = is_descending(message_text(message, "sortOrder"));
	query.has_cursor = is_given(message, "cursor");
	query.cursor = message_text(message, "cursor");
	if (is_given(message, "count"))
		query.count = Max(message_int(message, "count", 0), 0);
	answer_query(request, answer, &query, message_names(message, "attributes"),
				 message_names(message, "excludedAttributes"));
}
