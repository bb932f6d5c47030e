/*-------------------------------------------------------------------------
 *
 * test_opaque.c
 *	  Preparation of passwords (RFC 8265 section 4.2, I18N-02).
 *
 *-------------------------------------------------------------------------
 */
#include "tap.h"

#include "core/opaque.h"

typedef struct Case
{
	const char *text;
	const char *prepared;		/* NULL: refused */
} Case;

static const Case cases[] = {
	{"secret", "secret"},
	{"Mixed CASE stays", "Mixed CASE stays"},
	{" ", " "},
	{"a\xc2\xa0" "b", "a b"},
	{"a\xe1\x9a\x80" "b", "a b"},
	{"a\xe2\x80\x80\xe2\x80\x8a" "b", "a  b"},
	{"a\xe2\x80\xaf\xe2\x81\x9f\xe3\x80\x80" "b", "a   b"},
	{"a\xe2\x80\x8b" "b", "a\xe2\x80\x8b" "b"},	/* of no width, and no blank */
	{"e\xcc\x81", "\xc3\xa9"},
	{"\xf0\x9f\x94\x91", "\xf0\x9f\x94\x91"},
	{"", NULL},
	{"a\tb", NULL},
	{"a\nb", NULL},
	{"\x7f", NULL},
	{"\xc2\x80", NULL},
	{"\xc2\x9f", NULL}
};

int
main(void)
{
	for (size_t i = 0; i < lengthof(cases); i++)
	{
		ScimSlice	prepared;
		bool		accepted = scim_opaque_string(exact_copy(scim_slice(cases[i].text)), &prepared);

		ok(accepted == (cases[i].prepared != NULL) &&
		   (!accepted || scim_slice_equal(prepared, scim_slice(cases[i].prepared))),
		   "\"%s\"", cases[i].text);
	}
	return done_testing();
}
