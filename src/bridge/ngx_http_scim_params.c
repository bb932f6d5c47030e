/*-------------------------------------------------------------------------
 *
 * ngx_http_scim_params.c
 *	  PostgreSQL's binary format of text[], both ways.
 *
 * Binary, because it carries lengths: nothing to quote, and a NUL in a value reaches the
 * server, which refuses it (22021), instead of cutting the value short. All integers are
 * four bytes in network order:
 *
 *		dimensions (1, or 0 when empty)   has NULLs   element type (25, text)
 *		elements   lower bound (1)        then per element: length, bytes
 *
 *-------------------------------------------------------------------------
 */
#include "ngx_http_scim.h"

#define TEXT_OID 25
#define ARRAY_HEAD 5 /* integers before the first element */

/* Appends an integer. */
static u_char *
put_int(u_char *at, uint32_t value)
{
	const uint32_t network = htonl(value);

	return ngx_cpymem(at, &network, sizeof(network));
}

/* Appends an element. */
static u_char *
put_text(u_char *at, const ngx_str_t *text)
{
	at = put_int(at, (uint32_t) text->len);
	return ngx_cpymem(at, text->data, text->len);
}

/* Encodes fields as alternating names and values. */
ngx_int_t
scim_params_encode(ngx_pool_t *pool, const ScimField *fields, ngx_uint_t n, ngx_str_t *out)
{
	size_t size = ARRAY_HEAD * sizeof(uint32_t);
	u_char *at;

	for (ngx_uint_t i = 0; i < n; i++)
		size += 2 * sizeof(uint32_t) + fields[i].name.len + fields[i].value.len;
	at = out->data = ngx_pnalloc(pool, size);
	if (at == NULL)
		return NGX_ERROR;
	out->len = size;

	at = put_int(at, 1);
	at = put_int(at, 0);
	at = put_int(at, TEXT_OID);
	at = put_int(at, (uint32_t) (2 * n));
	at = put_int(at, 1);
	for (ngx_uint_t i = 0; i < n; i++)
	{
		at = put_text(at, &fields[i].name);
		at = put_text(at, &fields[i].value);
	}
	return NGX_OK;
}

/* What is left of a value that is being decoded. */
typedef struct
{
	const u_char *at;
	size_t left;
} Reader;

/* Takes an integer; false at the end. */
static ngx_int_t
take_int(Reader *reader, int32_t *value)
{
	uint32_t network;

	if (reader->left < sizeof(network))
		return 0;
	ngx_memcpy(&network, reader->at, sizeof(network));
	*value = (int32_t) ntohl(network);
	reader->at += sizeof(network);
	reader->left -= sizeof(network);
	return 1;
}

/* Takes an element; false at the end and for NULL. The bytes stay where they are. */
static ngx_int_t
take_text(Reader *reader, ngx_str_t *text)
{
	int32_t length;

	if (!take_int(reader, &length) || length < 0 || (size_t) length > reader->left)
		return 0;
	text->data = (u_char *) reader->at;
	text->len = (size_t) length;
	reader->at += length;
	reader->left -= (size_t) length;
	return 1;
}

/* Takes the array's head and how many elements follow; false if it is no plain list of text. */
static ngx_int_t
take_head(Reader *reader, int32_t *count)
{
	int32_t dimensions, nulls, type, bound;

	*count = 0;
	if (!take_int(reader, &dimensions) || !take_int(reader, &nulls) || !take_int(reader, &type) ||
	    type != TEXT_OID)
		return 0;
	if (dimensions == 0)
		return 1;
	return dimensions == 1 && take_int(reader, count) && take_int(reader, &bound) && *count >= 0 &&
	       (size_t) *count <= reader->left / sizeof(uint32_t);
}

/* Decodes alternating names and values; NGX_ERROR unless they are complete pairs. */
ngx_int_t
scim_params_decode(ngx_pool_t *pool, const char *data, int length, ngx_array_t *fields)
{
	Reader reader = {(const u_char *) data, (size_t) length};
	int32_t count;

	if (!take_head(&reader, &count) || count % 2 != 0 ||
	    ngx_array_init(fields, pool, ngx_max(count / 2, 1), sizeof(ScimField)) != NGX_OK)
		return NGX_ERROR;
	for (int32_t i = 0; i < count / 2; i++)
	{
		ScimField *field = ngx_array_push(fields);

		if (field == NULL || !take_text(&reader, &field->name) ||
		    !take_text(&reader, &field->value))
			return NGX_ERROR;
	}
	return NGX_OK;
}
