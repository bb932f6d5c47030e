/*-------------------------------------------------------------------------
 *
 * http_route.c
 *	  From target and method to a handler (RFC 7644 sections 3.2 and 3.13).
 *
 * Order matters for what an outsider can learn: who calls is settled before anything
 * of the path is looked at, but for the discovery endpoints, which answer everybody
 * in the same way for every directory, whether it exists or not.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "http/http_int.h"
#include "util/plan.h"
#include "util/throw.h"
#include "util/uuid.h"

/* What stands behind the base path. */
typedef enum Place
{
	PLACE_ROOT,					/* nothing */
	PLACE_ROOT_SEARCH,			/* .search */
	PLACE_BULK,
	PLACE_ME,
	PLACE_CONFIG,
	PLACE_TYPES,
	PLACE_TYPE,					/* ResourceTypes/<name> */
	PLACE_SCHEMAS,
	PLACE_SCHEMA,				/* Schemas/<urn> */
	PLACE_COLLECTION,			/* Users */
	PLACE_SEARCH,				/* Users/.search */
	PLACE_RESOURCE,				/* Users/<id> */
	PLACE_HIDDEN,				/* the endpoint of a type that the directory does not offer */
	PLACE_UNKNOWN
} Place;

/* Fixed names behind the base path; a second segment leads to the second place. */
static const struct
{
	const char *name;
	Place		place;
	Place		below;
}			fixed_places[] =
{
	{".search", PLACE_ROOT_SEARCH, PLACE_UNKNOWN},
	{"Bulk", PLACE_BULK, PLACE_UNKNOWN},
	{"Me", PLACE_ME, PLACE_UNKNOWN},
	{"ServiceProviderConfig", PLACE_CONFIG, PLACE_UNKNOWN},
	{"ResourceTypes", PLACE_TYPES, PLACE_TYPE},
	{"Schemas", PLACE_SCHEMAS, PLACE_SCHEMA},
};

/* One row for each method that a place knows. */
typedef struct Route
{
	Place		place;
	const char *method;
	bool		writes;			/* needs the scope write, else read */
	ScimHandler handler;
} Route;

static void
handle_not_offered(ScimRequest *request, ScimAnswer *answer)
{
	scim_raise(SCIM_E_NOT_IMPLEMENTED, "this operation is not offered here");
}

static const Route routes[] = {
	{PLACE_ROOT, "GET", false, scim_handle_list},
	{PLACE_ROOT_SEARCH, "POST", false, scim_handle_search},
	{PLACE_BULK, "POST", true, scim_handle_bulk},
	{PLACE_ME, "GET", false, scim_handle_get},
	{PLACE_ME, "POST", true, handle_not_offered},
	{PLACE_ME, "PUT", true, scim_handle_replace},
	{PLACE_ME, "PATCH", true, scim_handle_patch},
	{PLACE_ME, "DELETE", true, scim_handle_delete},
	{PLACE_CONFIG, "GET", false, scim_handle_config},
	{PLACE_TYPES, "GET", false, scim_handle_types},
	{PLACE_TYPE, "GET", false, scim_handle_type},
	{PLACE_SCHEMAS, "GET", false, scim_handle_schemas},
	{PLACE_SCHEMA, "GET", false, scim_handle_schema},
	{PLACE_COLLECTION, "GET", false, scim_handle_list},
	{PLACE_COLLECTION, "POST", true, scim_handle_create},
	{PLACE_SEARCH, "POST", false, scim_handle_search},
	{PLACE_RESOURCE, "GET", false, scim_handle_get},
	{PLACE_RESOURCE, "PUT", true, scim_handle_replace},
	{PLACE_RESOURCE, "PATCH", true, scim_handle_patch},
	{PLACE_RESOURCE, "DELETE", true, scim_handle_delete},
	{PLACE_HIDDEN, "GET", false, scim_handle_nothing},
	{PLACE_HIDDEN, "POST", true, handle_not_offered},
};

static bool
is_discovery(Place place)
{
	return place >= PLACE_CONFIG && place <= PLACE_SCHEMA;
}

static bool
segment_is(const ScimRequest *request, int i, const char *text)
{
	return i < request->target.nsegments &&
		scim_slice_equal(request->target.segments[i], scim_slice(text));
}

/* Is it "v" and a number, such as v1 or v2.1? */
static bool
is_version(ScimSlice segment)
{
	if (segment.len < 2 || segment.data[0] != 'v')
		return false;
	for (size_t i = 1; i < segment.len; i++)
		if ((segment.data[i] < '0' || segment.data[i] > '9') && segment.data[i] != '.')
			return false;
	return true;
}

/*
 * Reads [/<directory>]/scim[/v2] and sets request->first behind it.  Returns the
 * directory's name, empty if there is none; with data NULL the path is no SCIM path.
 */
static ScimSlice
read_base_path(ScimRequest *request)
{
	ScimSlice	name = scim_slice("");
	int			i = 0;

	if (!segment_is(request, 0, "scim"))
	{
		if (!segment_is(request, 1, "scim"))
			return scim_slice_of(NULL, 0);
		name = request->target.segments[0];
		i = 1;
	}
	i++;
	if (i < request->target.nsegments && is_version(request->target.segments[i]))
	{
		if (!segment_is(request, i, "v2"))
			scim_raise(SCIM_E_INVALID_VERS, "this server speaks version 2 of SCIM: use /scim/v2");
		i++;
	}
	request->first = i;
	return name;
}

/* scheme://authority and the base path as the client wrote it. */
static char *
make_base(const ScimRequest *request)
{
	ScimSlice	scheme = scim_request_header(request, ":scheme");
	ScimSlice	authority = scim_request_header(request, ":authority");
	int			path_len = request->first == 0 ? 0 : request->target.ends[request->first - 1];

	if (authority.len == 0)
		return psprintf("%.*s", path_len, request->target.path.data);
	return psprintf("%.*s://%.*s%.*s", (int) scheme.len, scheme.data, (int) authority.len,
					authority.data, path_len, request->target.path.data);
}

/* Places that need no look at a directory. */
static Place
find_fixed_place(const ScimRequest *request)
{
	int			n = request->target.nsegments - request->first;

	if (n == 0)
		return PLACE_ROOT;
	for (size_t i = 0; i < lengthof(fixed_places) && n <= 2; i++)
		if (segment_is(request, request->first, fixed_places[i].name))
			return n == 1 ? fixed_places[i].place : fixed_places[i].below;
	return PLACE_UNKNOWN;
}

/* Endpoints of the directory's resource types. */
static Place
find_resource_place(ScimRequest *request)
{
	int			n = request->target.nsegments - request->first;

	if (n < 1 || n > 2)
		return PLACE_UNKNOWN;
	request->type = scim_type_by_endpoint(request->context.directory->schemas,
										  request->target.segments[request->first]);
	if (request->type == NULL)
		return PLACE_UNKNOWN;
	if (scim_type_is_hidden(request->context.directory, request->type))
		return n == 1 ? PLACE_HIDDEN : PLACE_UNKNOWN;
	if (n == 1)
		return PLACE_COLLECTION;
	return segment_is(request, request->first + 1, ".search") ? PLACE_SEARCH : PLACE_RESOURCE;
}

static bool
is_method(const ScimRequest *request, const char *method)
{
	/* a HEAD is a GET whose body is not sent (RFC 9110 section 9.3.2) */
	if (scim_slice_equal(request->method, scim_slice("HEAD")))
		return strcmp(method, "GET") == 0;
	return scim_slice_equal(request->method, scim_slice(method));
}

SCIM_NORETURN static void raise_method(ScimAnswer *answer, Place place);

/* 405, with the methods that the place knows. */
static void
raise_method(ScimAnswer *answer, Place place)
{
	StringInfoData allow;

	initStringInfo(&allow);
	for (size_t i = 0; i < lengthof(routes); i++)
		if (routes[i].place == place)
			appendStringInfo(&allow, "%s%s%s", allow.len == 0 ? "" : ", ", routes[i].method,
							 strcmp(routes[i].method, "GET") == 0 ? ", HEAD" : "");
	scim_answer_header(answer, "Allow", allow.data);
	scim_raise(SCIM_E_METHOD_NOT_ALLOWED, "the method is not allowed here; use %s", allow.data);
}

static const Route *
find_route(const ScimRequest *request, ScimAnswer *answer, Place place)
{
	if (place == PLACE_UNKNOWN)
		scim_raise(SCIM_E_NOT_FOUND, "there is no such endpoint");
	for (size_t i = 0; i < lengthof(routes); i++)
		if (routes[i].place == place && is_method(request, routes[i].method))
			return &routes[i];
	raise_method(answer, place);
}

/* Operations that a directory may do without; all of them are about some place. */
static void
check_offered(const ScimSettings *settings, Place place)
{
	bool		is_of_all = place == PLACE_ROOT || place == PLACE_ROOT_SEARCH;
	bool		is_search = is_of_all || place == PLACE_SEARCH;

	if ((place == PLACE_ME && !settings->offer_me) || (is_search && !settings->offer_search) ||
		(is_of_all && settings->resource_types.n > 0))
		scim_raise(SCIM_E_NOT_IMPLEMENTED, "this operation is not offered here");
}

/*
 * Now that the directory is known: some are reached by their name alone, some also without any base path.
 * True if the path is one of the directory's.
 */
static bool
enter_base_path(ScimRequest *request, ScimSlice name)
{
	const ScimDirectory *directory = request->context.directory;

	if (name.data == NULL && request->is_known && directory->settings.base_path == SCIM_BASE_BARE)
	{
		request->first = segment_is(request, 0, directory->name) ? 1 : 0;
		return true;
	}
	return name.data != NULL &&
		(name.len > 0 || !request->is_known || directory->settings.base_path != SCIM_BASE_NAMED);
}

/*
 * Without a token there is discovery of what is built in, the same for every directory, whether it
 * exists or not; only one that has closed it, or shows its own configuration, answers otherwise.
 */
static void
enter_as_nobody(ScimRequest *request, ScimSlice name, Place place)
{
	const ScimDirectory *named = name.len == 0 ? NULL :
		scim_directory_by_name(scim_slice_dup(name));

	if (place == PLACE_CONFIG && named != NULL && named->settings.open_config && named->enabled)
	{
		request->context.directory = named;
		return;
	}
	if (!is_discovery(place) || (named != NULL && !named->settings.open_discovery))
		scim_raise(SCIM_E_UNAUTHORIZED, "send a bearer token");
	request->context.directory = scim_directory_builtin();
}

/* The directory: the token's.  A path that names another one is refused like a bad token. */
static void
find_directory(ScimRequest *request, ScimSlice name, Place place)
{
	if (!request->is_known)
	{
		enter_as_nobody(request, name, place);
		return;
	}
	request->context.directory = request->principal.directory;
	if (name.len > 0 &&
		!scim_slice_equal(name, scim_slice(request->context.directory->name)))
		scim_raise(SCIM_E_UNAUTHORIZED, "the bearer token is not valid");
	if (!request->context.directory->enabled)
		scim_raise(SCIM_E_FORBIDDEN, "the directory is disabled");
	request->context.source = (ScimSource) {
		.is_client = true,
		.credential_id = request->principal.credential_id,
		.request_id = scim_request_header(request, "x-request-id")
	};
}

/* Rights to one resource type reach no further than its endpoint; discovery is for all who have any. */
static void
check_scope(const ScimRequest *request, const Route *route)
{
	if (!request->is_known || (is_discovery(route->place) && request->principal.nrights > 0) ||
		scim_principal_may(&request->principal, route->writes, request->type))
		return;
	scim_raise(SCIM_E_FORBIDDEN, "the credential lacks the scope \"%s\"",
			   route->writes ? "write" : "read");
}

/* A directory may keep its clients from writing for a while. */
static void
check_synchronization(const ScimRequest *request, const Route *route)
{
	if (route->writes && !request->context.directory->settings.synchronization)
		scim_raise(SCIM_E_FORBIDDEN, "synchronization is switched off");
}

/*
 * /Me is another name of the user that the credential is bound to (RFC 7644 section 3.11); every
 * answer, errors too, tells the one it has for good.
 */
static void
enter_me(ScimRequest *request, ScimAnswer *answer)
{
	ScimResource subject = {
		.type = scim_type_by_name(request->context.directory->schemas, scim_slice("User")),
		.id = request->principal.subject
	};
	char	   *id = palloc(SCIM_UUID_SIZE);

	if (!request->principal.has_subject || subject.type == NULL)
		scim_raise(SCIM_E_NOT_IMPLEMENTED, "the credential stands for no user");
	scim_uuid_print(&subject.id, id);
	request->type = subject.type;
	request->id = scim_slice(id);
	scim_answer_header(answer, "Location", scim_resource_location(&request->context, &subject));
}

/* Finds the place, the directory and the handler, in an order that tells outsiders nothing. */
static const Route *
find_handler(ScimRequest *request, ScimAnswer *answer)
{
	ScimSlice	name = read_base_path(request);
	Place		place = name.data == NULL ? PLACE_UNKNOWN : find_fixed_place(request);
	const Route *route;
	bool		is_ours;

	find_directory(request, name, place);
	is_ours = enter_base_path(request, name);
	place = is_ours ? find_fixed_place(request) : PLACE_UNKNOWN;
	request->context.base = make_base(request);
	if (is_ours && place == PLACE_UNKNOWN)
		place = find_resource_place(request);
	check_offered(&request->context.directory->settings, place);
	route = find_route(request, answer, place);
	check_scope(request, route);
	check_synchronization(request, route);
	if (request->target.nsegments - request->first == 2)
		request->id = request->target.segments[request->first + 1];
	if (place == PLACE_ME)
		enter_me(request, answer);
	return route;
}

void
scim_http_handle(ScimRequest *request, ScimAnswer *answer)
{
	ScimError	error;

	scim_connect();
	if (scim_target_parse(request->target_text, &request->target, &error) &&
		scim_handle_oauth(request, answer))
	{
		scim_disconnect();
		return;
	}
	scim_negotiate(request, answer);
	if (!scim_target_parse(request->target_text, &request->target, &error))
		scim_throw(&error);
	(void) scim_authenticate(request);
	if (!scim_form_parse(request->target.query, &request->query, &error))
		scim_throw(&error);
	find_handler(request, answer)->handler(request, answer);
	scim_disconnect();
}
