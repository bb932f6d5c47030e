/*-------------------------------------------------------------------------
 *
 * test_etag.c
 *	  Entity tags, RFC 9110 sections 8.8.3 and 13.1.
 *
 *-------------------------------------------------------------------------
 */
#include "tap.h"

#include "core/etag.h"

/* Against version 3. */
static const char *const matching[] = {
	"W/\"3\"", "\"3\"", "3", "W/3", "*", " * ", "\t\"3\"\t", "\"2\",\"3\"", "W/\"2\" , W/\"3\"",
	"\"3\",\"4\"", ",,\"3\",,", ", \"3\"", "2,3", "\"2,4\",3",
};

static const char *const different[] = {
	"W/\"4\"", "\"33\"", "\"03\"", "\"\"", "W/\"\"", "4", "W/4", "\"*\"", "\"w/3\"", "\"3,\"", "W",
	"+3", "-3", "\"2\",\"4\",", "\"\xC3\xA5!#~\"", "w/3", "3.0",
};

static const char *const malformed[] = {
	"", " ", ",", " , ", "\"", "\"3", "3\"", "W/", "W/\"", "W/\"3", "\"3\"\"3\"", "\"3\" \"3\"",
	"3 3", "\"3\"x", "*,\"3\"", "\"3\",*", "* 3", "**", "\"3 \"", "\"\t3\"", "\"3\x7F\"", "\"3\"\n",
	"W/ \"3\"", "\"3\",\"", "w/\"3\"",
};

static void
test_list(const char *const *fields, size_t nfields, ScimEtagMatch expected)
{
	for (size_t i = 0; i < nfields; i++)
		is_int(scim_etag_match(exact_copy(scim_slice(fields[i])), 3), expected, fields[i]);
}

/* A version prints to a tag that matches it, and no other. */
static void
test_print(int64 version, const char *expected)
{
	char		buf[SCIM_ETAG_SIZE];

	scim_etag_print(version, buf);
	is_text(scim_slice(buf), expected, expected);
	is_int(scim_etag_match(scim_slice(buf), version), SCIM_ETAG_MATCH, "... matches");
	is_int(scim_etag_match(scim_slice(buf), version / 2 + 7), SCIM_ETAG_NO_MATCH, "... no other");
}

int
main(void)
{
	test_list(matching, lengthof(matching), SCIM_ETAG_MATCH);
	test_list(different, lengthof(different), SCIM_ETAG_NO_MATCH);
	test_list(malformed, lengthof(malformed), SCIM_ETAG_MALFORMED);
	is_int(scim_etag_match(BYTES("\"3\0\""), 3), SCIM_ETAG_MALFORMED, "a NUL");
	is_int(scim_etag_match(scim_slice(NULL), 3), SCIM_ETAG_MALFORMED, "NULL");
	test_print(1, "W/\"1\"");
	test_print(PG_INT64_MAX, "W/\"9223372036854775807\"");
	test_print(PG_INT64_MIN, "W/\"-9223372036854775808\"");
	return done_testing();
}
