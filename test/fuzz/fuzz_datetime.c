/*-------------------------------------------------------------------------
 *
 * fuzz_datetime.c
 *	  dateTime: text to microseconds to text to microseconds.
 *
 *-------------------------------------------------------------------------
 */
#include "fuzz.h"

#include "core/datetime.h"

#define FIRST INT64CONST(-62135596800000000)
#define SPAN INT64CONST(315537897600000000)

/* Does an instant survive being printed? */
static void
check_instant(int64 micros)
{
	char		buf[SCIM_DATETIME_SIZE];
	int			len = scim_datetime_print(micros, buf);
	int64		again;

	HOLDS(len < SCIM_DATETIME_SIZE && (size_t) len == strlen(buf));
	HOLDS(scim_datetime_parse(scim_slice(buf), &again));
	HOLDS(again == micros);
}

void
fuzz(ScimSlice input)
{
	int64		micros;
	uint64		any = 0;

	if (scim_datetime_parse(input, &micros))
	{
		HOLDS(micros >= FIRST && micros < FIRST + SPAN);
		check_instant(micros);
	}
	if (input.len >= sizeof(any))
	{
		memcpy(&any, input.data, sizeof(any));
		check_instant(FIRST + (int64) (any % (uint64) SPAN));
	}
}
