/*-------------------------------------------------------------------------
 *
 * token.c
 *	  Bearer tokens as text: scim_<43 x base62><CRC-32C as 6 x base62>.
 *
 * The checksum covers the prefix and the random part.  It is no secret and proves
 * nothing: only the hash that is stored does.
 *
 *-------------------------------------------------------------------------
 */
#include "core/core.h"

#include "port/pg_crc32c.h"

#include "core/token.h"

#define BASE 62
#define PREFIX_LEN 5
#define CHECKED_LEN (PREFIX_LEN + SCIM_TOKEN_RANDOM_LEN)

static const char alphabet[BASE + 1] =
"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

StaticAssertDecl(sizeof(SCIM_TOKEN_PREFIX) - 1 == PREFIX_LEN, "prefix and token length disagree");

/* Writes the checksum of the first CHECKED_LEN bytes, highest digit first. */
static void
write_checksum(const char *text, char out[SCIM_TOKEN_LEN - CHECKED_LEN])
{
	pg_crc32c	crc;

	INIT_CRC32C(crc);
	COMP_CRC32C(crc, text, CHECKED_LEN);
	FIN_CRC32C(crc);
	for (int i = SCIM_TOKEN_LEN - CHECKED_LEN - 1; i >= 0; i--)
	{
		out[i] = alphabet[crc % BASE];
		crc /= BASE;
	}
}

void
scim_token_format(const uint8 digits[SCIM_TOKEN_RANDOM_LEN], char out[SCIM_TOKEN_LEN + 1])
{
	memcpy(out, SCIM_TOKEN_PREFIX, PREFIX_LEN);
	for (int i = 0; i < SCIM_TOKEN_RANDOM_LEN; i++)
	{
		Assert(digits[i] < BASE);
		out[PREFIX_LEN + i] = alphabet[digits[i]];
	}
	write_checksum(out, out + CHECKED_LEN);
	out[SCIM_TOKEN_LEN] = '\0';
}

bool
scim_token_is_wellformed(ScimSlice text)
{
	char		checksum[SCIM_TOKEN_LEN - CHECKED_LEN];

	if (text.len != SCIM_TOKEN_LEN || memcmp(text.data, SCIM_TOKEN_PREFIX, PREFIX_LEN) != 0)
		return false;
	for (size_t i = PREFIX_LEN; i < CHECKED_LEN; i++)
	{
		if (memchr(alphabet, text.data[i], BASE) == NULL)
			return false;
	}
	write_checksum(text.data, checksum);
	return memcmp(checksum, text.data + CHECKED_LEN, sizeof(checksum)) == 0;
}
