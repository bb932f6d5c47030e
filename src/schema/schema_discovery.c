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

void
scim_discovery_config(StringInfo out, const ScimDirectory *directory, const char *base)
{
	appendStringInfo(out,
					 "{\"schemas\":[\"urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig\"],"
					 "\"patch\":{\"supported\":true},"
					 "\"bulk\":{\"supported\":%s,\"maxOperations\":%d,\"maxPayloadSize\":%d},"
					 "\"filter\":{\"supported\":true,\"maxResults\":%d},"
					 "\"changePassword\":{\"supported\":true},"
					 "\"sort\":{\"supported\":true},"
					 "\"etag\":{\"supported\":true},"
					 "\"pagination\":{\"cursor\":true,\"index\":true,"
					 "\"defaultPaginationMethod\":\"index\",\"defaultPageSize\":%d,"
					 "\"maxPageSize\":%d,\"cursorTimeout\":%d},"
					 "\"authenticationSchemes\":[{\"type\":\"oauthbearertoken\","
					 "\"name\":\"OAuth Bearer Token\","
					 "\"description\":\"A token in the Authorization header, issued by the administrator of the directory\","
					 "\"specUri\":\"https://www.rfc-editor.org/info/rfc6750\",\"primary\":true}],"
					 "\"meta\":{\"resourceType\":\"ServiceProviderConfig\",\"location\":",
					 directory->settings.offer_bulk ? "true" : "false",
					 scim_limits.bulk_operations, scim_limits.body_bytes,
					 directory->settings.max_page_size,
					 Min(directory->settings.default_page_size, directory->settings.max_page_size),
					 directory->settings.max_page_size, directory->settings.cursor_timeout);
	scim_json_write_string(out, scim_slice(psprintf("%s/ServiceProviderConfig", base)));
	appendStringInfoString(out, "}}");
}
