/*-------------------------------------------------------------------------
 *
 * ngx_http_scim_headers.c
 *	  Which header fields of a request reach SQL, and the request id.
 *
 * A fixed list, so that what SQL sees does not depend on what clients invent; operators may
 * add to it with scim_pass_header. The scheme and authority come from scim_base_url and not
 * from the client's Host.
 *
 *-------------------------------------------------------------------------
 */
#include "ngx_http_scim.h"

#define MAX_REQUEST_ID 128
#define USUAL_FIELDS 16

typedef struct
{
	ngx_str_t name;
	ngx_flag_t single; /* repeating it is an error, not a list */
} FixedField;

static const FixedField fixed_fields[] = {
    {ngx_string("authorization"), 1}, {ngx_string("content-type"), 1},
    {ngx_string("accept"), 0},        {ngx_string("if-match"), 0},
    {ngx_string("if-none-match"), 0}, {ngx_string("prefer"), 0},
    {ngx_string("user-agent"), 1},    {ngx_string("cookie"), 0},
    {ngx_string("x-request-id"), 1},
};

#define FIXED_FIELDS (sizeof(fixed_fields) / sizeof(fixed_fields[0]))
#define REQUEST_ID (FIXED_FIELDS - 1) /* collected apart: it may not be the client's */

/* Are these lower-case names the same? */
static ngx_int_t
same(const ngx_str_t *name, const u_char *lowcase, size_t length)
{
	return name->len == length && ngx_memcmp(name->data, lowcase, length) == 0;
}

/* Index in the fixed list, or FIXED_FIELDS. */
static ngx_uint_t
find_fixed(const u_char *lowcase, size_t length)
{
	ngx_uint_t i = 0;

	while (i < FIXED_FIELDS && !same(&fixed_fields[i].name, lowcase, length))
		i++;
	return i;
}

ngx_int_t
scim_headers_is_fixed(ngx_str_t *name)
{
	return find_fixed(name->data, name->len) < FIXED_FIELDS;
}

/* Is it a field that scim_pass_header adds? */
static ngx_int_t
is_added(const ScimConf *conf, const u_char *lowcase, size_t length)
{
	const ngx_str_t *names = conf->pass_headers ? conf->pass_headers->elts : NULL;

	for (ngx_uint_t i = 0; names != NULL && i < conf->pass_headers->nelts; i++)
	{
		if (same(&names[i], lowcase, length))
			return 1;
	}
	return 0;
}

/* Next request header field, or NULL; *part and *i are the place. */
static const ngx_table_elt_t *
next_field(const ngx_list_part_t **part, ngx_uint_t *i)
{
	while (*part != NULL && *i >= (*part)->nelts)
	{
		*part = (*part)->next;
		*i = 0;
	}
	return *part ? (const ngx_table_elt_t *) (*part)->elts + (*i)++ : NULL;
}

/* Printable ASCII without spaces, and short: it goes to logs and back to the client. */
static ngx_int_t
is_good_request_id(const ngx_str_t *id)
{
	for (size_t i = 0; i < id->len; i++)
	{
		if (id->data[i] <= ' ' || id->data[i] >= 0x7f)
			return 0;
	}
	return id->len > 0 && id->len <= MAX_REQUEST_ID;
}

ngx_str_t
scim_headers_request_id(ngx_http_request_t *http)
{
	const ScimMainConf *main = ngx_http_get_module_main_conf(http, ngx_http_scim_module);
	const ngx_str_t *name = &fixed_fields[REQUEST_ID].name;
	const ngx_list_part_t *part = &http->headers_in.headers.part;
	const ngx_table_elt_t *field;
	ngx_uint_t i = 0, n = 0;
	ngx_str_t id = ngx_null_string;

	while ((field = next_field(&part, &i)) != NULL)
	{
		if (field->lowcase_key != NULL && same(name, field->lowcase_key, field->key.len))
		{
			id = field->value;
			n++;
		}
	}
	if (n != 1 || !is_good_request_id(&id))
	{
		const ngx_http_variable_value_t *own =
		    ngx_http_get_indexed_variable(http, main->request_id);

		ngx_str_null(&id);
		if (own != NULL && !own->not_found)
		{
			id.len = own->len;
			id.data = own->data;
		}
	}
	return id;
}

/* Appends a field. */
static ngx_int_t
push(ngx_array_t *fields, ngx_str_t name, ngx_str_t value)
{
	ScimField *field = ngx_array_push(fields);

	if (field == NULL)
		return NGX_ERROR;
	field->name = name;
	field->value = value;
	return NGX_OK;
}

/* The pseudo fields, first in the list; they have names that no client can send. */
static ngx_int_t
push_pseudo(ScimRequest *request, ngx_array_t *fields)
{
	static const ngx_str_t scheme_name = ngx_string(":scheme");
	static const ngx_str_t authority_name = ngx_string(":authority");
	static const ngx_str_t peer_name = ngx_string(":peer");
	ngx_str_t url, scheme, authority;

	if (ngx_http_complex_value(request->http, request->conf->base_url, &url) != NGX_OK)
		return NGX_ERROR;
	if (scim_conf_split_base_url(url, &scheme, &authority) != NGX_OK)
	{
		ngx_log_error(NGX_LOG_ERR, ngx_cycle->log, 0,
		              "scim: request %V: scim_base_url is no scheme://host[:port]: \"%V\"",
		              &request->id, &url);
		return NGX_ERROR;
	}
	if (push(fields, scheme_name, scheme) != NGX_OK ||
	    push(fields, authority_name, authority) != NGX_OK)
		return NGX_ERROR;
	return push(fields, peer_name, request->http->connection->addr_text);
}

/* The client's fields, in their order. */
static ngx_int_t
push_passed(ScimRequest *request, ngx_array_t *fields)
{
	const ngx_list_part_t *part = &request->http->headers_in.headers.part;
	const ngx_table_elt_t *field;
	ngx_uint_t seen[FIXED_FIELDS] = {0};
	ngx_uint_t place = 0;

	while ((field = next_field(&part, &place)) != NULL)
	{
		const ngx_uint_t i = find_fixed(field->lowcase_key, field->key.len);
		const ngx_str_t name = {field->key.len, field->lowcase_key};

		if (i == FIXED_FIELDS && !is_added(request->conf, name.data, name.len))
			continue;
		if (i < FIXED_FIELDS && fixed_fields[i].single && seen[i]++ > 0)
			return NGX_HTTP_BAD_REQUEST;
		if (i != REQUEST_ID && push(fields, name, field->value) != NGX_OK)
			return NGX_ERROR;
	}
	return push(fields, fixed_fields[REQUEST_ID].name, request->id);
}

ngx_int_t
scim_headers_collect(ScimRequest *request, ngx_array_t *fields)
{
	if (ngx_array_init(fields, request->http->pool, USUAL_FIELDS, sizeof(ScimField)) != NGX_OK ||
	    push_pseudo(request, fields) != NGX_OK)
		return NGX_ERROR;
	return push_passed(request, fields);
}
