/*-------------------------------------------------------------------------
 *
 * test_error.c
 *	  errors.def, ScimError and slices.
 *
 *-------------------------------------------------------------------------
 */
#include "tap.h"

/* RFC 7644 section 3.12: every scimType and the status it goes with. */
static void
test_infos(void)
{
	const ScimErrorInfo *filter = scim_error_info(SCIM_E_INVALID_FILTER);
	const ScimErrorInfo *last = scim_error_info(SCIM_E_NOT_IMPLEMENTED);

	is_text(scim_slice(filter->sqlstate), "SCT01", "SQLSTATE of the first code");
	is_int(filter->http, 400, "status of the first code");
	is_text(scim_slice(filter->scim_type), "invalidFilter", "scimType of the first code");
	is_int(last->http, 501, "status of the last code");
	ok(last->scim_type == NULL, "a plain status has no scimType");
	is_int(scim_error_info(SCIM_E_UNIQUENESS)->http, 409, "uniqueness is a conflict");

	for (int code = SCIM_OK + 1; code <= SCIM_E_NOT_IMPLEMENTED; code++)
	{
		const char *sqlstate = scim_error_info((ScimErrorCode) code)->sqlstate;

		ok(strlen(sqlstate) == 5 && strncmp(sqlstate, "SC", 2) == 0 &&
		   (int) scim_error_from_sqlstate(sqlstate) == code, "%s leads back to its code", sqlstate);
	}
	is_int(scim_error_from_sqlstate("23505"), SCIM_OK, "a foreign SQLSTATE is none of ours");
	is_int(scim_error_from_sqlstate("SC499"), SCIM_OK, "nor is an unlisted one");
	is_int(scim_error_from_sqlstate("SCT0"), SCIM_OK, "nor is a beginning");
	is_int(scim_error_from_sqlstate(""), SCIM_OK, "nor is nothing");
}

/* Messages keep whole characters when clipped. */
static void
test_set(void)
{
	ScimError	err;
	ScimSlice	euros = repeat("\xE2\x82\xAC", 100);
	ScimSlice	letters = repeat("x", 300);

	ok(!scim_error_set(&err, SCIM_E_NOT_FOUND, 7, "No %s.", "such thing"), "set returns false");
	is_int(err.code, SCIM_E_NOT_FOUND, "code kept");
	is_int((int64) err.offset, 7, "offset kept");
	is_text(scim_slice(err.message), "No such thing.", "message formatted");

	scim_error_set(&err, SCIM_E_NOT_FOUND, 0, "%.*s", 255, letters.data);
	is_int((int64) strlen(err.message), 255, "255 bytes fit");
	scim_error_set(&err, SCIM_E_NOT_FOUND, 0, "%.*s", 256, letters.data);
	is_int((int64) strlen(err.message), 255, "256 bytes are clipped");
	scim_error_set(&err, SCIM_E_NOT_FOUND, 0, "%.*s", (int) euros.len, euros.data);
	is_int((int64) strlen(err.message), 255, "85 whole characters of three bytes stay");
	scim_error_set(&err, SCIM_E_NOT_FOUND, 0, "x%.*s", (int) euros.len, euros.data);
	is_int((int64) strlen(err.message), 253, "a character is not cut after its second byte");
	scim_error_set(&err, SCIM_E_NOT_FOUND, 0, "x%.*s", 255, euros.data);
	is_int((int64) strlen(err.message), 253, "not even by one byte too many");
	scim_error_set(&err, SCIM_E_NOT_FOUND, 0, "xx%.*s", (int) euros.len, euros.data);
	is_int((int64) strlen(err.message), 254, "nor after its first");
}

static void
test_equal(void)
{
	ok(scim_slice_equal(scim_slice("a"), BYTES("a")), "equal");
	ok(!scim_slice_equal(scim_slice("a"), scim_slice("A")), "equal minds the case");
	ok(scim_slice_equal(scim_slice(NULL), scim_slice("")), "NULL is an empty slice");
	ok(scim_slice_equal_ci(scim_slice("AbZ[@`{"), scim_slice("aBz[@`{")), "case of letters only");
	ok(!scim_slice_equal_ci(scim_slice("@"), scim_slice("`")), "@ is no capital `");
	ok(!scim_slice_equal_ci(scim_slice("ab"), scim_slice("abc")), "lengths differ");
	ok(scim_slice_equal_ci(scim_slice(NULL), scim_slice(NULL)), "two empty slices");
	ok(!scim_slice_equal_ci(BYTES("a\0b"), BYTES("a\0c")), "a NUL does not end the comparison");
	ok(!scim_slice_equal_ci(scim_slice("\xC4"), scim_slice("\xE4")), "bytes over 0x7f keep apart");
}

static void
test_clip(void)
{
	const char *emoji = "x\xF0\x9F\x98\x80";

	is_text(scim_slice_clip(scim_slice("abc"), 3), "abc", "what fits stays");
	is_text(scim_slice_clip(scim_slice("abc"), 2), "ab", "what does not is cut");
	is_text(scim_slice_clip(scim_slice("abc"), 0), "", "down to nothing");
	for (size_t max = 1; max < 5; max++)
		is_int((int64) scim_slice_clip(scim_slice(emoji), max).len, 1, "no half emoji");
	is_int((int64) scim_slice_clip(scim_slice(emoji), 5).len, 5, "a whole one");
	is_int((int64) scim_slice_clip(scim_slice("\xE2\x82\xAC"), 2).len, 0,
		   "half a character is nothing");
	is_int((int64) scim_slice_whole(BYTES("\x80\x80\x80\x80\x80")).len, 5,
		   "bytes that begin no character stay");
	is_text(scim_slice(scim_slice_dup(BYTES("abc"))), "abc", "dup");
	is_text(scim_slice(scim_slice_dup(scim_slice(NULL))), "", "dup of nothing");
}

int
main(void)
{
	test_infos();
	test_set();
	test_equal();
	test_clip();
	return done_testing();
}
