/*-------------------------------------------------------------------------
 *
 * tap.c
 *	  Test Anything Protocol for the unit tests of core/.
 *
 *-------------------------------------------------------------------------
 */
#include "tap.h"

static int	ntests;
static int	nfailed;

void
ok(bool passed, const char *fmt,...)
{
	va_list		args;

	ntests++;
	if (!passed)
		nfailed++;
	printf("%sok %d - ", passed ? "" : "not ", ntests);
	va_start(args, fmt);
	vprintf(fmt, args);
	va_end(args);
	printf("\n");
}

void
is_text(ScimSlice got, const char *expected, const char *name)
{
	bool		same = scim_slice_equal(got, scim_slice(expected));

	ok(same, "%s", name);
	if (!same)
		printf("#      got: %.*s\n# expected: %s\n", (int) got.len, got.data, expected);
}

void
is_int(int64 got, int64 expected, const char *name)
{
	ok(got == expected, "%s", name);
	if (got != expected)
		printf("#      got: " INT64_FORMAT "\n# expected: " INT64_FORMAT "\n", got, expected);
}

int
done_testing(void)
{
	printf("1..%d\n", ntests);
	return nfailed > 0 ? 1 : 0;
}

ScimSlice
repeat(const char *text, size_t count)
{
	size_t		len = strlen(text);
	char	   *data = palloc(len * count + 1);

	for (size_t i = 0; i < count; i++)
		memcpy(data + i * len, text, len);
	return scim_slice_of(data, len * count);
}

ScimSlice
exact_copy(ScimSlice text)
{
	char	   *data = palloc(text.len);

	if (text.len > 0)
		memcpy(data, text.data, text.len);
	return scim_slice_of(data, text.len);
}
