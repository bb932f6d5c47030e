/*-------------------------------------------------------------------------
 *
 * schema_check.c
 *	  Definitions that are registered at run time (RFC 7643 sections 2, 6 and 7).
 *
 * A checked definition says every characteristic, so that discovery tells them all and the
 * compiler needs no default.  A definition that replaces another one may add attributes and
 * change what is told about them, but nothing that stored documents and keys rest on.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "schema/schema_int.h"
#include "util/jsonb.h"
#include "util/throw.h"

#define MAX_ATTRIBUTES 500
#define MAX_NAME_BYTES 128

#define MESSAGE_URN "urn:ietf:params:scim:api:"
#define SCHEMA_URN "urn:ietf:params:scim:schemas:core:2.0:Schema"
#define RESOURCE_TYPE_URN "urn:ietf:params:scim:schemas:core:2.0:ResourceType"

static const ScimMember schema_members[] = {
	{"schemas", SCIM_MEMBER_IGNORED},
	{"id", SCIM_MEMBER_TEXT},
	{"name", SCIM_MEMBER_TEXT},
	{"description", SCIM_MEMBER_TEXT},
	{"attributes", SCIM_MEMBER_OBJECTS},
	{"meta", SCIM_MEMBER_IGNORED},
	{NULL}
};

static const ScimMember attribute_members[] = {
	{"name", SCIM_MEMBER_TEXT},
	{"type", SCIM_MEMBER_WORD, scim_type_names},
	{"description", SCIM_MEMBER_TEXT},
	{"multiValued", SCIM_MEMBER_FLAG},
	{"required", SCIM_MEMBER_FLAG},
	{"caseExact", SCIM_MEMBER_FLAG},
	{"mutability", SCIM_MEMBER_WORD, scim_mutability_names},
	{"returned", SCIM_MEMBER_WORD, scim_returned_names},
	{"uniqueness", SCIM_MEMBER_WORD, scim_uniqueness_names},
	{"canonicalValues", SCIM_MEMBER_TEXTS},
	{"referenceTypes", SCIM_MEMBER_TEXTS},
	{"subAttributes", SCIM_MEMBER_OBJECTS},
	{NULL}
};

static const ScimMember type_members[] = {
	{"schemas", SCIM_MEMBER_IGNORED},
	{"id", SCIM_MEMBER_IGNORED},
	{"name", SCIM_MEMBER_TEXT},
	{"description", SCIM_MEMBER_TEXT},
	{"endpoint", SCIM_MEMBER_TEXT},
	{"schema", SCIM_MEMBER_TEXT},
	{"schemaExtensions", SCIM_MEMBER_OBJECTS},
	{"meta", SCIM_MEMBER_IGNORED},
	{NULL}
};

static const ScimMember extension_members[] = {
	{"schema", SCIM_MEMBER_TEXT},
	{"required", SCIM_MEMBER_FLAG},
	{NULL}
};

/* First segments of URLs that are not resources of ours to give away, and built-in endpoints. */
static const char *const reserved_endpoints[] = {
	"ServiceProviderConfig", "ResourceTypes", "Schemas", "Bulk", "Me", ".search", "Users", "Groups"
};

/* Attributes of every resource; no schema says them anew (RFC 7643 section 3.1). */
static const char *const common_attributes[] = {"schemas", "id", "externalId", "meta"};

static bool
is_among(ScimSlice text, const char *const *names, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (scim_slice_equal_ci(text, scim_slice(names[i])))
			return true;
	return false;
}

static void
set_text(JsonbValue *object, const char *name, const char *text)
{
	scim_jsonb_put(object, scim_slice(name), scim_jsonb_new_string(scim_slice(text)));
}

static void
default_text(JsonbValue *object, const char *name, const char *text)
{
	if (scim_jsonb_get(object, scim_slice(name)) == NULL)
		set_text(object, name, text);
}

static bool
text_is(const JsonbValue *object, const char *name, const char *text)
{
	return scim_slice_equal(scim_member_text(object, name), scim_slice(text));
}

static void
set_flag(JsonbValue *object, const char *name, bool flag)
{
	scim_jsonb_put(object, scim_slice(name), scim_jsonb_new_bool(flag));
}

/*
 * Writes the defaults of RFC 7643 section 2.2, and what other sections make sure of: references
 * and binary values are case-exact (2.3.6, 2.3.7), and what is writeOnly is never returned (7).
 */
static void
complete(JsonbValue *attr)
{
	default_text(attr, "type", "string");
	set_flag(attr, "multiValued", scim_member_flag(attr, "multiValued"));
	set_flag(attr, "required", scim_member_flag(attr, "required"));
	set_flag(attr, "caseExact", scim_member_flag(attr, "caseExact") ||
			 text_is(attr, "type", "reference") || text_is(attr, "type", "binary"));
	default_text(attr, "mutability", "readWrite");
	default_text(attr, "returned", "default");
	if (text_is(attr, "mutability", "writeOnly"))
		set_text(attr, "returned", "never");
	default_text(attr, "uniqueness", "none");
}

/* Characteristics that contradict one another. */
static void
check_consistent(const JsonbValue *attr, const char *where, bool is_sub)
{
	bool		is_complex = text_is(attr, "type", "complex");
	bool		has_subs = scim_jsonb_get(attr, scim_slice("subAttributes")) != NULL;

	if (is_complex && is_sub)
		scim_raise(SCIM_E_INVALID_VALUE, "%s: a sub-attribute cannot be complex", where);
	if (is_complex != has_subs)
		scim_raise(SCIM_E_INVALID_VALUE, is_complex ? "%s: a complex attribute needs \"subAttributes\"" :
				   "%s: only a complex attribute has \"subAttributes\"", where);
	if (!text_is(attr, "type", "reference") &&
		scim_jsonb_get(attr, scim_slice("referenceTypes")) != NULL)
		scim_raise(SCIM_E_INVALID_VALUE, "%s: only a reference has \"referenceTypes\"", where);
	if (!text_is(attr, "uniqueness", "none") && (is_complex || text_is(attr, "type", "boolean") ||
												 text_is(attr, "mutability", "writeOnly")))
		scim_raise(SCIM_E_INVALID_VALUE,
				   "%s: a complex, boolean or writeOnly attribute cannot be unique", where);
}

static void
check_name(const JsonbValue *list, ScimSlice name, const char *where)
{
	if (name.len > MAX_NAME_BYTES || !scim_attr_name_is_valid(name))
		scim_raise(SCIM_E_INVALID_VALUE,
				   "%s: \"%.*s\" is no attribute name: a letter, then letters, digits, \"$\", \"-\" or \"_\"",
				   where, (int) Min(name.len, 80), name.data);
	for (int i = 0; i < list->val.array.nElems; i++)
		if (scim_slice_equal_ci(scim_member_text(&list->val.array.elems[i], "name"), name))
			scim_raise(SCIM_E_INVALID_VALUE, "%s: there are two attributes \"%s\"", where,
					   scim_slice_dup(name));
}

/* The list of attributes of a schema, or of sub-attributes if is_sub; count runs over all of them. */
static JsonbValue *
check_attributes(const JsonbValue *definitions, const char *where, bool is_sub, int *count)
{
	JsonbValue *result = scim_jsonb_new_array();
	const JsonbValue *list = scim_jsonb_open(definitions);

	for (int i = 0; i < list->val.array.nElems; i++)
	{
		JsonbValue *attr = scim_members_read(&list->val.array.elems[i], attribute_members, where);
		ScimSlice	name = scim_member_text(attr, "name");
		char	   *path = psprintf(is_sub ? "%s.%.*s" : "%s: %.*s", where, (int) Min(name.len, 80),
									name.data);
		JsonbValue *subs;

		check_name(result, name, where);
		if (!is_sub && is_among(name, common_attributes, lengthof(common_attributes)))
			scim_raise(SCIM_E_INVALID_VALUE, "%s: every resource has that attribute already", path);
		if (++*count > MAX_ATTRIBUTES)
			scim_raise(SCIM_E_INVALID_VALUE, "%s: more than %d attributes", where, MAX_ATTRIBUTES);
		complete(attr);
		check_consistent(attr, path, is_sub);
		subs = scim_jsonb_get(attr, scim_slice("subAttributes"));
		if (subs != NULL)
			scim_jsonb_put(attr, scim_slice("subAttributes"),
						   check_attributes(subs, path, true, count));
		scim_jsonb_append(result, attr);
	}
	return result;
}

JsonbValue *
scim_schema_check(const JsonbValue *definition)
{
	JsonbValue *schema = scim_members_read(definition, schema_members, "the schema");
	ScimSlice	urn = scim_member_text(schema, "id");
	const JsonbValue *attributes = scim_jsonb_get(schema, scim_slice("attributes"));
	JsonbValue *schemas = scim_jsonb_new_array();
	int			count = 0;

	if (!scim_urn_is_valid(urn))
		scim_raise(SCIM_E_INVALID_VALUE,
				   "the schema: \"id\" must be a URN such as \"urn:example:params:scim:schemas:extension:acme:2.0:User\"");
	if (urn.len >= strlen(MESSAGE_URN) &&
		scim_slice_equal_ci(scim_slice_of(urn.data, strlen(MESSAGE_URN)), scim_slice(MESSAGE_URN)))
		scim_raise(SCIM_E_INVALID_VALUE, "the schema: \"%s...\" is for messages", MESSAGE_URN);
	if (scim_member_text(schema, "name").len == 0)
		scim_raise(SCIM_E_INVALID_VALUE, "the schema: \"name\" is missing");
	if (attributes == NULL)
		scim_raise(SCIM_E_INVALID_VALUE, "the schema: \"attributes\" is missing");
	scim_jsonb_put(schema, scim_slice("attributes"),
				   check_attributes(attributes, scim_slice_dup(urn), false, &count));
	scim_jsonb_append(schemas, scim_jsonb_new_string(scim_slice(SCHEMA_URN)));
	scim_jsonb_put(schema, scim_slice("schemas"), schemas);
	return schema;
}

/* The attribute of that very name in a list of definitions, or NULL. */
static const JsonbValue *
find_attribute(const JsonbValue *list, ScimSlice name)
{
	for (int i = 0; i < list->val.array.nElems; i++)
		if (scim_slice_equal(scim_member_text(&list->val.array.elems[i], "name"), name))
			return &list->val.array.elems[i];
	return NULL;
}

static bool
is_secret(const JsonbValue *attr)
{
	return text_is(attr, "mutability", "writeOnly");
}

/* What documents and keys rest on: how a value looks, compares and where it is kept. */
static void
check_attribute_change(const JsonbValue *old, const JsonbValue *new, const char *where)
{
	static const char *const fixed_words[] = {"type", "uniqueness"};
	static const char *const fixed_flags[] = {"multiValued", "caseExact"};

	for (size_t i = 0; i < lengthof(fixed_words); i++)
		if (!scim_slice_equal_ci(scim_member_text(old, fixed_words[i]),
								 scim_member_text(new, fixed_words[i])))
			scim_raise(SCIM_E_MUTABILITY, "%s: \"%s\" of a registered attribute cannot change", where,
					   fixed_words[i]);
	for (size_t i = 0; i < lengthof(fixed_flags); i++)
		if (scim_member_flag(old, fixed_flags[i]) != scim_member_flag(new, fixed_flags[i]))
			scim_raise(SCIM_E_MUTABILITY, "%s: \"%s\" of a registered attribute cannot change", where,
					   fixed_flags[i]);
	if (is_secret(old) != is_secret(new))
		scim_raise(SCIM_E_MUTABILITY, "%s: a registered attribute cannot become or cease to be writeOnly",
				   where);
}

static void
check_list_change(const JsonbValue *replaced, const JsonbValue *definitions, const char *where)
{
	const JsonbValue *old;
	const JsonbValue *new;

	if (replaced == NULL || definitions == NULL)
		return;
	old = scim_jsonb_open(replaced);
	new = scim_jsonb_open(definitions);
	for (int i = 0; i < old->val.array.nElems; i++)
	{
		const JsonbValue *attr = &old->val.array.elems[i];
		ScimSlice	name = scim_member_text(attr, "name");
		const JsonbValue *found = find_attribute(new, name);
		char	   *path = psprintf("%s: %s", where, scim_slice_dup(name));

		if (found == NULL)
			scim_raise(SCIM_E_MUTABILITY, "%s: a registered attribute cannot be removed", path);
		check_attribute_change(attr, found, path);
		check_list_change(scim_jsonb_get(attr, scim_slice("subAttributes")),
						  scim_jsonb_get(found, scim_slice("subAttributes")), path);
	}
}

void
scim_schema_check_change(const JsonbValue *replaced, const JsonbValue *definition)
{
	check_list_change(scim_jsonb_get(replaced, scim_slice("attributes")),
					  scim_jsonb_get(definition, scim_slice("attributes")),
					  scim_slice_dup(scim_member_text(definition, "id")));
}

/* The extensions of a resource type, each with its flag. */
static JsonbValue *
check_extensions(const JsonbValue *definitions, ScimSlice core)
{
	JsonbValue *result = scim_jsonb_new_array();
	const JsonbValue *list = scim_jsonb_open(definitions);

	for (int i = 0; i < list->val.array.nElems; i++)
	{
		JsonbValue *extension = scim_members_read(&list->val.array.elems[i], extension_members,
												  "the resource type: schemaExtensions");
		ScimSlice	urn = scim_member_text(extension, "schema");

		if (!scim_urn_is_valid(urn) || scim_slice_equal_ci(urn, core))
			scim_raise(SCIM_E_INVALID_VALUE,
					   "the resource type: an extension needs a \"schema\" other than that of the type");
		for (int k = 0; k < i; k++)
			if (scim_slice_equal_ci(scim_member_text(&result->val.array.elems[k], "schema"), urn))
				scim_raise(SCIM_E_INVALID_VALUE, "the resource type: \"%s\" extends it twice",
						   scim_slice_dup(urn));
		set_flag(extension, "required", scim_member_flag(extension, "required"));
		scim_jsonb_append(result, extension);
	}
	return result;
}

/* "/Things", also when it was given as "Things". */
static char *
check_endpoint(ScimSlice endpoint)
{
	ScimSlice	name = endpoint;

	if (name.len > 0 && name.data[0] == '/')
		name = scim_slice_of(endpoint.data + 1, endpoint.len - 1);
	if (is_among(name, reserved_endpoints, lengthof(reserved_endpoints)))
		scim_raise(SCIM_E_INVALID_VALUE, "the resource type: the endpoint \"%s\" is taken",
				   scim_slice_dup(endpoint));
	if (name.len > MAX_NAME_BYTES || memchr(name.data, '$', name.len) != NULL ||
		!scim_attr_name_is_valid(name))
		scim_raise(SCIM_E_INVALID_VALUE, "the resource type: \"endpoint\" must look like \"/Things\"");
	return psprintf("/%s", scim_slice_dup(name));
}

JsonbValue *
scim_resource_type_check(const JsonbValue *definition)
{
	JsonbValue *type = scim_members_read(definition, type_members, "the resource type");
	ScimSlice	name = scim_member_text(type, "name");
	ScimSlice	urn = scim_member_text(type, "schema");
	const JsonbValue *extensions = scim_jsonb_get(type, scim_slice("schemaExtensions"));
	JsonbValue *schemas = scim_jsonb_new_array();

	if (name.len > MAX_NAME_BYTES || memchr(name.data, '$', name.len) != NULL ||
		!scim_attr_name_is_valid(name))
		scim_raise(SCIM_E_INVALID_VALUE, "the resource type: \"name\" must look like \"Thing\"");
	if (!scim_urn_is_valid(urn))
		scim_raise(SCIM_E_INVALID_VALUE, "the resource type: \"schema\" must be the URN of its schema");
	set_text(type, "endpoint", check_endpoint(scim_member_text(type, "endpoint")));
	if (extensions != NULL)
		scim_jsonb_put(type, scim_slice("schemaExtensions"), check_extensions(extensions, urn));
	scim_jsonb_put(type, scim_slice("id"), scim_jsonb_new_string(name));
	scim_jsonb_append(schemas, scim_jsonb_new_string(scim_slice(RESOURCE_TYPE_URN)));
	scim_jsonb_put(type, scim_slice("schemas"), schemas);
	return type;
}
