/*-------------------------------------------------------------------------
 *
 * test_uri.c
 *	  Request targets, percent-encoding, URIs, UTF-8 and forms.
 *
 *-------------------------------------------------------------------------
 */
#include "tap.h"

#include "lib/stringinfo.h"

#include "core/form.h"
#include "core/uri.h"

typedef struct TargetCase
{
	const char *text;
	const char *path;
	const char *query;
	const char *segments;		/* decoded, each followed by '|' */
	const char *prefixes;		/* path up to the end of each, followed by '|' */
} TargetCase;

static const TargetCase targets[] = {
	{"/", "/", "", "", ""},
	{"/Users", "/Users", "", "Users|", "/Users|"},
	{"/Users/", "/Users/", "", "Users|", "/Users|"},
	{"/scim/v2/Users/1?a=b?c", "/scim/v2/Users/1", "a=b?c", "scim|v2|Users|1|",
	"/scim|/scim/v2|/scim/v2/Users|/scim/v2/Users/1|"},
	{"/?", "/", "", "", ""},
	{"//", "//", "", "|", "/|"},
	{"//a//", "//a//", "", "|a||", "/|//a|//a/|"},
	{"/a%2Fb/%C3%A5%7e", "/a%2Fb/%C3%A5%7e", "", "a/b|\xC3\xA5~|", "/a%2Fb|/a%2Fb/%C3%A5%7e|"},
	{"/a+b", "/a+b", "", "a+b|", "/a+b|"},
	{"/%2525", "/%2525", "", "%25|", "/%2525|"},
	{"/Users?filter=a%20eq", "/Users", "filter=a%20eq", "Users|", "/Users|"},
	{"/Users?%zz", "/Users", "%zz", "Users|", "/Users|"},
	{"http://host/a?b", "/a", "b", "a|", "/a|"},
	{"HTTPS://host:1/a", "/a", "", "a|", "/a|"},
	{"http://host", "/", "", "", ""},
	{"http://host?q=/", "/", "q=/", "", ""},
	{"/http://host", "/http://host", "", "http:||host|", "/http:|/http:/|/http://host|"},
	{"/1/2/3/4/5/6/7/8/9/0/1/2/3/4/5/6/", "/1/2/3/4/5/6/7/8/9/0/1/2/3/4/5/6/", "",
	"1|2|3|4|5|6|7|8|9|0|1|2|3|4|5|6|", NULL},
};

static const char *const bad_targets[] = {
	"", "*", "Users", "?a", "http:/a", "http://", "ftp://host/a", "/%", "/%4", "/%4/", "/%zz",
	"/%g0", "/%00", "/%C3", "/\xC3", "/%ED%A0%80", "/%C0%80", "/%F5%80%80%80",
	"/1/2/3/4/5/6/7/8/9/0/1/2/3/4/5/6/7", " /",
};

static void
test_target(const TargetCase *c)
{
	ScimTarget	target;
	ScimError	err;
	StringInfoData segments;
	StringInfoData prefixes;

	initStringInfo(&segments);
	initStringInfo(&prefixes);
	if (!scim_target_parse(exact_copy(scim_slice(c->text)), &target, &err))
	{
		is_text(scim_slice(err.message), "", c->text);
		return;
	}
	for (int i = 0; i < target.nsegments; i++)
	{
		appendStringInfo(&segments, "%.*s|", (int) target.segments[i].len,
						 target.segments[i].data);
		appendStringInfo(&prefixes, "%.*s|", (int) target.ends[i], target.path.data);
	}
	is_text(target.path, c->path, c->text);
	is_text(target.query, c->query, "... query");
	is_text(scim_slice(segments.data), c->segments, "... segments");
	if (c->prefixes != NULL)
		is_text(scim_slice(prefixes.data), c->prefixes, "... ends");
}

static void
test_targets(void)
{
	ScimTarget	target;
	ScimError	err;

	for (size_t i = 0; i < lengthof(targets); i++)
		test_target(&targets[i]);
	for (size_t i = 0; i < lengthof(bad_targets); i++)
	{
		ok(!scim_target_parse(exact_copy(scim_slice(bad_targets[i])), &target, &err) &&
		   err.code == SCIM_E_BAD_REQUEST, "no target: %s", bad_targets[i]);
	}
	ok(!scim_target_parse(BYTES("/a\0b"), &target, &err), "no target: one with a NUL");
	is_int((int64) err.offset, 1, "... offset of the segment");
}

static void
test_decode(void)
{
	ScimSlice	plain = scim_slice("plain");
	ScimSlice	out;

	ok(scim_percent_decode(plain, true, &out) && out.data == plain.data, "plain text stays");
	ok(scim_percent_decode(scim_slice("a+b%2b"), true, &out), "form text");
	is_text(out, "a b+", "... decoded");
	ok(scim_percent_decode(scim_slice("a+b%2B"), false, &out), "path text");
	is_text(out, "a+b+", "... decoded");
	ok(scim_percent_decode(scim_slice("%30%39%4a%4f%4A%4F%0a"), false, &out), "all kinds of digits");
	is_text(out, "09JOJO\n", "... decoded");
	ok(scim_percent_decode(scim_slice(NULL), true, &out) && out.len == 0, "nothing");
	ok(!scim_percent_decode(exact_copy(scim_slice("%")), true, &out), "a lone %%");
	ok(!scim_percent_decode(exact_copy(scim_slice("%4")), true, &out), "half an escape");
	ok(!scim_percent_decode(scim_slice("%4%41"), true, &out), "an escape cut by another");
	ok(!scim_percent_decode(scim_slice("%-1"), true, &out), "no hex digits");
	ok(!scim_percent_decode(scim_slice("+%00"), true, &out), "an encoded NUL");
	ok(!scim_percent_decode(scim_slice("%E2%82"), true, &out), "a character cut short");
	ok(!scim_percent_decode(scim_slice("\xFF"), true, &out), "a bad byte as such");
}

static void
test_encode(void)
{
	is_text(scim_slice(scim_uri_encode_segment(scim_slice("azAZ09-._~"))), "azAZ09-._~",
			"unreserved characters stay");
	is_text(scim_slice(scim_uri_encode_segment(scim_slice("a/b c%\xC3\xA5\x01"))),
			"a%2Fb%20c%25%C3%A5%01", "others are encoded");
	is_text(scim_slice(scim_uri_encode_segment(scim_slice(NULL))), "", "nothing");
}

static void
test_uris(void)
{
	static const char *const good[] = {
		"", "https://example.com/~babs?x=1#y", "../Users/2819c223", "urn:a:b", "mailto:a@b",
		"http://[::1]/", "a%C3%A5", "%00", "!$&'()*+,;=",
	};
	static const char *const bad[] = {
		"a b", " ", "a\t", "a\n", "\x7F", "\xC3\xA5", "%", "%4", "%zz", "a\"b", "<a>", "a\\b",
		"a^b", "a`b", "{a}", "a|b",
	};

	for (size_t i = 0; i < lengthof(good); i++)
		ok(scim_uri_is_valid(exact_copy(scim_slice(good[i]))), "URI: %s", good[i]);
	for (size_t i = 0; i < lengthof(bad); i++)
		ok(!scim_uri_is_valid(exact_copy(scim_slice(bad[i]))), "no URI: number %zu", i);
	ok(!scim_uri_is_valid(BYTES("a\0b")), "no URI: one with a NUL");
}

static void
test_utf8(void)
{
	static const char *const good[] = {
		"", "a", "\x7F", "\xC2\x80", "\xDF\xBF", "\xE0\xA0\x80", "\xED\x9F\xBF", "\xEE\x80\x80",
		"\xEF\xBF\xBF", "\xF0\x90\x80\x80", "\xF4\x8F\xBF\xBF",
	};
	static const char *const bad[] = {
		"\x80", "\xBF", "\xC0\x80", "\xC1\xBF", "\xC2", "\xC2-", "\xE0\x9F\xBF", "\xE2\x82",
		"\xED\xA0\x80", "\xED\xBF\xBF", "\xF0\x8F\xBF\xBF", "\xF0\x90\x80", "\xF4\x90\x80\x80",
		"\xF5\x80\x80\x80", "\xF8\x88\x80\x80\x80", "\xFE", "\xFF", "a\xCC",
	};

	for (size_t i = 0; i < lengthof(good); i++)
		ok(scim_utf8_is_valid(exact_copy(scim_slice(good[i]))), "UTF-8: number %zu", i);
	for (size_t i = 0; i < lengthof(bad); i++)
		ok(!scim_utf8_is_valid(exact_copy(scim_slice(bad[i]))), "not UTF-8: number %zu", i);
	ok(!scim_utf8_is_valid(BYTES("\0")), "no NUL");
}

static void
test_forms(void)
{
	ScimForm	form;
	ScimError	err;
	int			count;

	ok(scim_form_parse(exact_copy(scim_slice("&a=1&b&&c=x=y&a=%26+2&=v&d%3D=")), &form, &err),
	   "form");
	is_int(form.nfields, 6, "fields");
	is_text(*scim_form_get(&form, "a", &count), "1", "the first of two values");
	is_int(count, 2, "... counted");
	is_text(form.fields[3].value, "& 2", "the second, decoded");
	is_text(*scim_form_get(&form, "b", &count), "", "no equals sign means an empty value");
	is_int(count, 1, "... counted");
	is_text(*scim_form_get(&form, "c", NULL), "x=y", "only the first equals sign splits");
	is_text(*scim_form_get(&form, "", NULL), "v", "a name may be empty");
	is_text(*scim_form_get(&form, "d=", NULL), "", "names are decoded");
	ok(scim_form_get(&form, "A", &count) == NULL, "names mind the case");
	is_int(count, 0, "... counted");
	ok(scim_form_parse(scim_slice(NULL), &form, &err) && form.nfields == 0, "no text, no field");
	ok(scim_form_parse(scim_slice("&&&"), &form, &err) && form.nfields == 0, "nor in & alone");
	ok(!scim_form_parse(scim_slice("a=1&b=%zz"), &form, &err), "bad escape in a value");
	is_int(err.code, SCIM_E_BAD_REQUEST, "... code");
	is_int((int64) err.offset, 4, "... offset of the field");
	ok(!scim_form_parse(scim_slice("%=1"), &form, &err), "bad escape in a name");
	ok(!scim_form_parse(scim_slice("a=%00"), &form, &err), "NUL");
	ok(!scim_form_parse(BYTES("a\0=1"), &form, &err), "NUL as such");
	ok(!scim_form_parse(scim_slice("a=\xC3"), &form, &err), "bad UTF-8");
	ok(scim_form_parse(repeat("&a=1", 63), &form, &err) && form.nfields == 63, "63 fields");
	ok(scim_form_parse(repeat("a=1&", 64), &form, &err) && form.nfields == 64, "64 fields");
	ok(!scim_form_parse(repeat("a=1&", 65), &form, &err), "65 fields");
}

int
main(void)
{
	test_targets();
	test_decode();
	test_encode();
	test_uris();
	test_utf8();
	test_forms();
	return done_testing();
}
