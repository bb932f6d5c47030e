/*-------------------------------------------------------------------------
 *
 * ngx_http_scim_answer.c
 *	  From a row, or from an error of the bridge's own, to an HTTP answer.
 *
 * What SQL returns is checked as if a stranger had sent it: a header value with a line
 * break would let whoever stored it write the rest of the answer.
 *
 *-------------------------------------------------------------------------
 */
#include "ngx_http_scim.h"

#define INT4_OID 23
#define TEXT_OID 25
#define TEXT_ARRAY_OID 1009

enum
{
	COLUMN_STATUS,
	COLUMN_HEADERS,
	COLUMN_BODY,
	COLUMNS
};

/* Fields that nginx writes itself, or that the request id filter does. */
static const ngx_str_t own_fields[] = {
    ngx_string("connection"), ngx_string("content-length"),
    ngx_string("date"),       ngx_string("keep-alive"),
    ngx_string("server"),     ngx_string("te"),
    ngx_string("trailer"),    ngx_string("transfer-encoding"),
    ngx_string("upgrade"),    ngx_string("x-request-id"),
};

/* Are these field names the same, whatever their case? */
static ngx_int_t
is_named(const ngx_str_t *name, const ngx_str_t *wanted)
{
	return name->len == wanted->len && ngx_strncasecmp(name->data, wanted->data, wanted->len) == 0;
}

/* Is it a field that SQL cannot set? */
static ngx_int_t
is_own(const ngx_str_t *name)
{
	for (size_t i = 0; i < sizeof(own_fields) / sizeof(own_fields[0]); i++)
	{
		if (is_named(name, &own_fields[i]))
			return 1;
	}
	return 0;
}

/* Field values have no control characters but tab (RFC 9110, section 5.5). */
static ngx_int_t
is_field_value(const ngx_str_t *value)
{
	for (size_t i = 0; i < value->len; i++)
	{
		if ((value->data[i] < ' ' && value->data[i] != '\t') || value->data[i] == 0x7f)
			return 0;
	}
	return 1;
}

ngx_int_t
scim_answer_add_header(ngx_http_request_t *http, ngx_str_t name, ngx_str_t value)
{
	ngx_table_elt_t *field = ngx_list_push(&http->headers_out.headers);

	if (field == NULL)
		return NGX_ERROR;
	ngx_memzero(field, sizeof(*field));
	field->hash = 1;
	field->key = name;
	field->value = value;
	field->lowcase_key = ngx_pnalloc(http->pool, name.len);
	if (field->lowcase_key == NULL)
	{
		field->hash = 0; /* leaves the field out */
		return NGX_ERROR;
	}
	ngx_strlow(field->lowcase_key, name.data, name.len);
	return NGX_OK;
}

/* Content types go to nginx's own place, where gzip and charset look for them. */
static void
set_content_type(ngx_http_request_t *http, ngx_str_t type)
{
	const u_char *end = ngx_strlchr(type.data, type.data + type.len, ';');

	http->headers_out.content_type = type;
	http->headers_out.content_type_len = end ? (size_t) (end - type.data) : type.len;
	http->headers_out.content_type_lowcase = NULL;
}

/* May an answer of this status have a body? */
static ngx_int_t
has_body(const ngx_http_request_t *http, ngx_uint_t status)
{
	return status != NGX_HTTP_NO_CONTENT && status != NGX_HTTP_NOT_MODIFIED &&
	       !(http->method & NGX_HTTP_HEAD);
}

/* Sends status, the fields added so far, and the body. */
static ngx_int_t
send_answer(ngx_http_request_t *http, ngx_uint_t status, ngx_str_t body)
{
	ngx_int_t rc;
	ngx_buf_t *buf;
	ngx_chain_t out;

	http->headers_out.status = status;
	/* nginx would compare If-Match with the ETag of the answer: after a PATCH, the new one */
	http->disable_not_modified = 1;
	http->header_only = !has_body(http, status);
	if (body.len > 0 || !http->header_only)
		http->headers_out.content_length_n = (off_t) body.len;
	if (status == NGX_HTTP_NO_CONTENT || status == NGX_HTTP_NOT_MODIFIED)
		http->headers_out.content_length_n = -1;

	rc = ngx_http_send_header(http);
	if (rc == NGX_ERROR || rc > NGX_OK || http->header_only)
		return rc;

	buf = ngx_calloc_buf(http->pool);
	if (buf == NULL)
		return NGX_ERROR;
	if (body.len > 0)
	{
		buf->pos = buf->start = body.data;
		buf->last = buf->end = body.data + body.len;
		buf->memory = 1;
	}
	buf->last_buf = http == http->main;
	buf->last_in_chain = 1;
	out.buf = buf;
	out.next = NULL;
	return ngx_http_output_filter(http, &out);
}

/* Removes what a refused answer has added. */
static void
forget_headers(ngx_http_request_t *http)
{
	ngx_http_clean_header(http);
	ngx_str_null(&http->headers_out.content_type);
	http->headers_out.content_type_len = 0;
}

/* Adds the fields of the row; NGX_DECLINED when one of them is none. */
static ngx_int_t
add_fields(ngx_http_request_t *http, const ngx_array_t *fields)
{
	static const ngx_str_t content_type = ngx_string("content-type");
	const ScimField *field = fields->elts;

	for (const ScimField *end = field + fields->nelts; field < end; field++)
	{
		if (!scim_conf_is_token(field->name) || !is_field_value(&field->value))
			return NGX_DECLINED;
		if (is_named(&field->name, &content_type))
			set_content_type(http, field->value);
		else if (!is_own(&field->name) &&
		         scim_answer_add_header(http, field->name, field->value) != NGX_OK)
			return NGX_ERROR;
	}
	return NGX_OK;
}

/* The row's status; 0 when it is none that can be final. */
static ngx_uint_t
row_status(const PGresult *row)
{
	uint32_t network;

	if (PQgetisnull(row, 0, COLUMN_STATUS) || PQgetlength(row, 0, COLUMN_STATUS) != sizeof(network))
		return 0;
	ngx_memcpy(&network, PQgetvalue(row, 0, COLUMN_STATUS), sizeof(network));

	const uint32_t status = ntohl(network);

	return status >= 200 && status <= 599 ? status : 0;
}

/* Is it the one row of the contract? */
static ngx_int_t
has_contract_form(const PGresult *row)
{
	return row != NULL && PQntuples(row) == 1 && PQnfields(row) == COLUMNS &&
	       PQftype(row, COLUMN_STATUS) == INT4_OID &&
	       PQftype(row, COLUMN_HEADERS) == TEXT_ARRAY_OID && PQftype(row, COLUMN_BODY) == TEXT_OID;
}

/* The row lives as long as the request: nginx sends from it without a copy. */
static ngx_int_t
keep_row(ngx_http_request_t *http, PGresult *row)
{
	ngx_pool_cleanup_t *end = ngx_pool_cleanup_add(http->pool, 0);

	if (end == NULL)
	{
		PQclear(row);
		return NGX_ERROR;
	}
	end->handler = (ngx_pool_cleanup_pt) PQclear;
	end->data = row;
	return NGX_OK;
}

ngx_int_t
scim_answer_row(ngx_http_request_t *http, PGresult *row)
{
	ngx_array_t fields = {0};
	ngx_str_t body = ngx_null_string;
	ngx_uint_t status;
	ngx_int_t rc;

	if (keep_row(http, row) != NGX_OK)
		return NGX_ERROR;
	if (!has_contract_form(row) || (status = row_status(row)) == 0)
		return NGX_DECLINED;
	if (!PQgetisnull(row, 0, COLUMN_HEADERS) &&
	    scim_params_decode(http->pool, PQgetvalue(row, 0, COLUMN_HEADERS),
	                       PQgetlength(row, 0, COLUMN_HEADERS), &fields) != NGX_OK)
		return NGX_DECLINED;

	rc = add_fields(http, &fields);
	if (rc != NGX_OK)
	{
		forget_headers(http);
		return rc;
	}
	body.data = (u_char *) PQgetvalue(row, 0, COLUMN_BODY);
	body.len = (size_t) PQgetlength(row, 0, COLUMN_BODY);
	return send_answer(http, status, body);
}

ngx_int_t
scim_answer_text(ngx_http_request_t *http, ngx_uint_t status, const char *content_type,
                 ngx_str_t body)
{
	const ngx_str_t type = {ngx_strlen(content_type), (u_char *) content_type};

	set_content_type(http, type);
	return send_answer(http, status, body);
}

/* Adds Retry-After in whole seconds, which every client understands. */
static ngx_int_t
add_retry_after(ngx_http_request_t *http, ngx_uint_t seconds)
{
	static const ngx_str_t name = ngx_string("Retry-After");
	ngx_str_t value;

	value.data = ngx_pnalloc(http->pool, NGX_INT_T_LEN);
	if (value.data == NULL)
		return NGX_ERROR;
	value.len = ngx_sprintf(value.data, "%ui", seconds) - value.data;
	return scim_answer_add_header(http, name, value);
}

ngx_int_t
scim_answer_error(ngx_http_request_t *http, ngx_uint_t status, const char *scim_type,
                  const char *detail, ngx_uint_t retry_after)
{
	static const char form[] = "{\"schemas\":[\"urn:ietf:params:scim:api:messages:2.0:Error\"],"
	                           "\"status\":\"%ui\",%s%s%s\"detail\":\"%s\"}";
	const size_t size = sizeof(form) + NGX_INT_T_LEN + ngx_strlen(detail) +
	                    (scim_type ? sizeof("\"scimType\":\"\",") + ngx_strlen(scim_type) : 0);
	ngx_str_t body;

	body.data = ngx_pnalloc(http->pool, size);
	if (body.data == NULL || (retry_after > 0 && add_retry_after(http, retry_after) != NGX_OK))
		return NGX_HTTP_INTERNAL_SERVER_ERROR;
	body.len = ngx_snprintf(body.data, size, form, status, scim_type ? "\"scimType\":\"" : "",
	                        scim_type ? scim_type : "", scim_type ? "\"," : "", detail) -
	           body.data;
	return scim_answer_text(http, status, "application/scim+json", body);
}
