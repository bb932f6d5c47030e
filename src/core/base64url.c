/*-------------------------------------------------------------------------
 *
 * base64url.c
 *	  base64 and base64url (RFC 4648 sections 4 and 5).
 *
 *-------------------------------------------------------------------------
 */
#include "core/core.h"

#include "core/base64url.h"

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/* The six bits of a base64url character, -1 for any other. */
static int
bits_of(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	if (c == '-')
		return 62;
	return c == '_' ? 63 : -1;
}

char *
scim_base64url_encode(const void *data, size_t len)
{
	const unsigned char *in = data;
	char	   *text = palloc(len / 3 * 4 + 5);
	char	   *out = text;
	uint32		pending = 0;
	int			nbits = 0;

	for (size_t i = 0; i < len; i++)
	{
		pending = (pending << 8 | in[i]) & 0xFFFF;
		for (nbits += 8; nbits >= 6; nbits -= 6)
			*out++ = alphabet[pending >> (nbits - 6) & 0x3F];
	}
	if (nbits > 0)
		*out++ = alphabet[pending << (6 - nbits) & 0x3F];
	*out = '\0';
	return text;
}

bool
scim_base64url_decode(ScimSlice text, char **data, size_t *len)
{
	char	   *out;
	uint32		pending = 0;
	int			nbits = 0;

	*data = palloc(text.len / 4 * 3 + 3);
	out = *data;
	for (size_t i = 0; i < text.len; i++)
	{
		int			bits = bits_of(text.data[i]);

		if (bits < 0)
			return false;
		pending = (pending << 6 | (uint32) bits) & 0x3FFF;
		nbits += 6;
		if (nbits >= 8)
		{
			nbits -= 8;
			*out++ = (char) (pending >> nbits & 0xFF);
		}
	}
	*out = '\0';
	*len = (size_t) (out - *data);

	/* Six bits over are a lone character; fewer must be zero, or two texts mean the same. */
	return nbits < 6 && (pending & ((1U << nbits) - 1)) == 0;
}

bool
scim_base64_is_valid(ScimSlice text)
{
	size_t		len = text.len;
	bool		standard = false;
	bool		url = false;

	while (len > 0 && text.data[len - 1] == '=')
		len--;
	for (size_t i = 0; i < len; i++)
	{
		char		c = text.data[i];

		standard |= c == '+' || c == '/';
		url |= c == '-' || c == '_';
		if (bits_of(c) < 0 && c != '+' && c != '/')
			return false;
	}
	if ((standard && url) || len % 4 == 1)
		return false;
	return len == text.len || (text.len % 4 == 0 && text.len - len <= 2);
}
