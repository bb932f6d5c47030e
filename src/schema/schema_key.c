/*-------------------------------------------------------------------------
 *
 * schema_key.c
 *	  Values as keys of scim.attr_value and scim.unique_value.
 *
 * A key is text whose order by bytes is the order of the values:
 *
 *		string, reference, binary	scim_fold()
 *		dateTime					microseconds since 1970, as 20 digits, the sign bit flipped
 *		0							0
 *		0.d1d2d3 * 10^e				1, e + 50000 as five digits, d1d2d3
 *		-0.d1d2d3 * 10^e			-, 50000 - e as five digits, 9 less each digit, ~
 *
 * Keys are cut to what an index row holds, so a long one stands for all that begin with it.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "lib/stringinfo.h"
#include "utils/builtins.h"

#include "core/datetime.h"
#include "schema/schema.h"
#include "util/jsonb.h"

#define EXPONENT_BIAS 50000

ScimSlice
scim_key_of_text(ScimSlice folded)
{
	return scim_slice_clip(folded, SCIM_KEY_BYTES);
}

bool
scim_key_is_whole(ScimSlice key)
{
	return key.len <= SCIM_WHOLE_KEY_BYTES;
}

ScimSlice
scim_key_of_instant(int64 instant)
{
	unsigned long long key = (uint64) instant ^ (PG_UINT64_MAX / 2 + 1);

	return scim_slice(psprintf("%020llu", key));
}

ScimSlice
scim_key_of_number(Numeric number)
{
	char	   *text = DatumGetCString(DirectFunctionCall1(numeric_out, NumericGetDatum(number)));
	bool		is_negative = text[0] == '-';
	char	   *first = text + (is_negative ? 1 : 0);
	int			exponent = strcspn(first, ".");
	char	   *end = first + strlen(first);
	StringInfoData key;

	if (first[exponent] == '.')
	{
		memmove(first + exponent, first + exponent + 1, strlen(first + exponent));
		end--;
	}
	for (; *first == '0'; first++)
		exponent--;
	while (end > first && end[-1] == '0')
		end--;
	if (first == end)
		return scim_slice("0");
	initStringInfo(&key);
	appendStringInfo(&key, "%c%05d", is_negative ? '-' : '1',
					 EXPONENT_BIAS + (is_negative ? -exponent : exponent));
	for (; first < end; first++)
		appendStringInfoChar(&key, is_negative ? '0' + '9' - *first : *first);
	if (is_negative)
		appendStringInfoChar(&key, '~');
	return scim_key_of_text(scim_slice_of(key.data, key.len));
}

bool
scim_value_key(const ScimAttribute *attr, const JsonbValue *value, ScimSlice *key)
{
	int64		instant;

	switch (attr->type)
	{
		case SCIM_TYPE_STRING:
		case SCIM_TYPE_REFERENCE:
		case SCIM_TYPE_BINARY:
			if (value->type != jbvString)
				return false;
			*key = scim_key_of_text(scim_fold(scim_jsonb_text(value), scim_attribute_fold(attr)));
			return true;
		case SCIM_TYPE_INTEGER:
		case SCIM_TYPE_DECIMAL:
			if (value->type != jbvNumeric)
				return false;
			*key = scim_key_of_number(value->val.numeric);
			return true;
		case SCIM_TYPE_DATETIME:
			if (value->type != jbvString || !scim_datetime_parse(scim_jsonb_text(value), &instant))
				return false;
			*key = scim_key_of_instant(instant);
			return true;
		case SCIM_TYPE_BOOLEAN:
		case SCIM_TYPE_COMPLEX:
			break;
	}
	return false;
}
