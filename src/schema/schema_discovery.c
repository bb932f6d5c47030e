/*-------------------------------------------------------------------------
 *
 * schema_discovery.c
 *	  What the service tells of itself (RFC 7643 sections 5 to 7), as JSON text.
 *
 * Schemas and resource types are told as they were registered, with meta added.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "schema/schema.h"
#include "scim.h"
#include "util/jsonb.h"

/* A registered definition with its meta as last member. */
static void
put_definition(StringInfo out, Jsonb *definition, const char *type, const char *location)
{
	JsonbToCString(out, &definition->root, VARSIZE_ANY_EXHDR(definition));
	out->data[--out->len] = '\0';	/* reopen the object */
	appendStringInfo(out, ",\"meta\":{\"resourceType\":\"%s\",\"location\":", type);
	scim_json_write_string(out, scim_slice(location));
	appendStringInfoString(out, "}}");
}

void
scim_discovery_type(StringInfo out, const ScimResourceType *type, const char *base)
{
	put_definition(out, type->definition, "ResourceType",
				   psprintf("%s/ResourceTypes/%s", base, type->name.data));
}

void
scim_discovery_schema(StringInfo out, const ScimSchema *schema, const char *base)
{
	put_definition(out, schema->definition, "Schema",
				   psprintf("%s/Schemas/%s", base, schema->urn.data));
}

static const char *
flag(bool value)
{
	return value ? "true" : "false";
}

/* Can some type's password be set? */
static bool
stores_passwords(const ScimDirectory *directory)
{
	for (int i = 0; i < directory->schemas->ntypes; i++)
	{
		const ScimResourceType *type = &directory->schemas->types[i];

		for (int k = 0; k < type->root->nsubs; k++)
			if (type->root->subs[k]->storage == SCIM_IN_PASSWORD &&
				!scim_rule(scim_rules_of(directory, type), type->root->subs[k], SCIM_RULE_IGNORED))
				return true;
	}
	return false;
}

void
scim_discovery_config(StringInfo out, const ScimDirectory *directory, const char *base)
{
	const ScimSettings *settings = &directory->settings;

	appendStringInfo(out,
					 "{\"schemas\":[\"urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig\"],"
					 "\"patch\":{\"supported\":true},"
					 "\"bulk\":{\"supported\":%s,\"maxOperations\":%d,\"maxPayloadSize\":%d},"
					 "\"filter\":{\"supported\":true,\"maxResults\":%d},"
					 "\"changePassword\":{\"supported\":%s},"
					 "\"sort\":{\"supported\":%s},"
					 "\"etag\":{\"supported\":%s},"
					 "\"pagination\":{\"cursor\":%s,\"index\":%s,"
					 "\"defaultPaginationMethod\":\"%s\",\"defaultPageSize\":%d,"
					 "\"maxPageSize\":%d,\"cursorTimeout\":%d},"
					 "\"authenticationSchemes\":[{\"type\":\"oauthbearertoken\","
					 "\"name\":\"OAuth Bearer Token\","
					 "\"description\":\"A token in the Authorization header, issued by the administrator of the directory\","
					 "\"specUri\":\"https://www.rfc-editor.org/info/rfc6750\",\"primary\":true}],"
					 "\"meta\":{\"resourceType\":\"ServiceProviderConfig\",\"location\":",
					 flag(settings->offer_bulk), scim_limits.bulk_operations, scim_limits.body_bytes,
					 settings->max_page_size, flag(stores_passwords(directory)),
					 flag(settings->offer_sort), flag(settings->offer_etags),
					 flag(settings->offer_cursors), flag(settings->offer_index_paging),
					 settings->offer_index_paging || !settings->offer_cursors ? "index" : "cursor",
					 Min(settings->default_page_size, settings->max_page_size),
					 settings->max_page_size, settings->cursor_timeout);
	scim_json_write_string(out, scim_slice(psprintf("%s/ServiceProviderConfig", base)));
	appendStringInfoString(out, "}}");
}
