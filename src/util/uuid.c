/*-------------------------------------------------------------------------
 *
 * uuid.c
 *	  Ids of resources: time-ordered UUIDs (RFC 9562 version 7).
 *
 *		48 bits milliseconds | version | 12 bits fraction of it | variant | 62 bits random
 *
 * Time order keeps the primary key dense and makes "by id" the order of creation.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/array.h"
#include "utils/timestamp.h"

#include "util/uuid.h"

/* Where the hyphens stand. */
static bool
is_hyphen(size_t i)
{
	return i == 8 || i == 13 || i == 18 || i == 23;
}

/* Microseconds since 1970, never the same twice and never backwards in this backend. */
static uint64
next_instant(void)
{
	static uint64 last = 0;
	uint64		now = GetCurrentTimestamp() +
		(uint64) (POSTGRES_EPOCH_JDATE - UNIX_EPOCH_JDATE) * USECS_PER_DAY;

	last = now > last ? now : last + 1;
	return last;
}

void
scim_uuid_make(pg_uuid_t *id)
{
	uint64		instant = next_instant();
	uint64		millis = instant / 1000;
	uint32		fraction = (instant % 1000) * 4096 / 1000;

	if (!pg_strong_random(id->data + 8, 8))
		ereport(ERROR, (errcode(ERRCODE_INTERNAL_ERROR), errmsg("could not get random values")));
	for (int i = 0; i < 6; i++)
		id->data[i] = millis >> (8 * (5 - i));
	id->data[6] = 0x70 | fraction >> 8;
	id->data[7] = fraction;
	id->data[8] = 0x80 | (id->data[8] & 0x3F);
}

static int
hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return -1;
}

bool
scim_uuid_parse(ScimSlice text, pg_uuid_t *id)
{
	int			nibble = 0;

	if (text.len != SCIM_UUID_SIZE - 1)
		return false;
	for (size_t i = 0; i < text.len; i++)
	{
		int			digit = hex_digit(text.data[i]);

		if (is_hyphen(i) != (text.data[i] == '-'))
			return false;
		if (is_hyphen(i))
			continue;
		if (digit < 0)
			return false;
		if (nibble % 2 == 0)
			id->data[nibble / 2] = digit << 4;
		else
			id->data[nibble / 2] |= digit;
		nibble++;
	}
	return true;
}

void
scim_uuid_print(const pg_uuid_t *id, char buf[SCIM_UUID_SIZE])
{
	static const char digits[] = "0123456789abcdef";
	int			nibble = 0;

	for (size_t i = 0; i < SCIM_UUID_SIZE - 1; i++)
	{
		unsigned char byte = id->data[nibble / 2];

		if (is_hyphen(i))
			buf[i] = '-';
		else
			buf[i] = digits[nibble++ % 2 == 0 ? byte >> 4 : byte & 15];
	}
	buf[SCIM_UUID_SIZE - 1] = '\0';
}

Datum
scim_uuid_array(Datum *ids, int nids)
{
	return PointerGetDatum(construct_array(ids, nids, UUIDOID, UUID_LEN, false, TYPALIGN_CHAR));
}
