/*-------------------------------------------------------------------------
 *
 * test_fold.c
 *	  Comparison keys, RFC 7644 section 7.8 and RFC 8265 section 3.3.
 *
 *-------------------------------------------------------------------------
 */
#include "tap.h"

#include "core/fold.h"

#define A_RING "\xC3\x85"		/* U+00C5 */
#define A_RING_SMALL "\xC3\xA5" /* U+00E5 */
#define RING "\xCC\x8A"			/* U+030A, combining */
#define ACUTE "\xCC\x81"		/* U+0301, combining */
#define DOT_BELOW "\xCC\xA3"	/* U+0323, combining */

typedef struct FoldCase
{
	const char *text;
	const char *exact;
	const char *folded;
	const char *ident;
} FoldCase;

static const FoldCase cases[] = {
	{"", "", "", ""},
	{"bjensen", "bjensen", "bjensen", "bjensen"},
	{"BJensen@Example.COM", "BJensen@Example.COM", "bjensen@example.com", "bjensen@example.com"},
	{"@[`{AZaz", "@[`{AZaz", "@[`{azaz", "@[`{azaz"},
	{"1234567Z", "1234567Z", "1234567z", "1234567z"},
	{"12345678Z", "12345678Z", "12345678z", "12345678z"},
	{A_RING "SA", A_RING "SA", A_RING_SMALL "sa", A_RING_SMALL "sa"},
	/* composed, decomposed and Angstrom sign are one letter */
	{"A" RING, A_RING, A_RING_SMALL, A_RING_SMALL},
	{"\xE2\x84\xAB", A_RING, A_RING_SMALL, A_RING_SMALL},
	{"\xE2\x84\xAA", "K", "k", "k"},
	{"A" RING "A" RING "x", A_RING A_RING "x", A_RING_SMALL A_RING_SMALL "x",
	A_RING_SMALL A_RING_SMALL "x"},
	/* marks are ordered before they compose */
	{"a" ACUTE DOT_BELOW, "\xE1\xBA\xA1" ACUTE, "\xE1\xBA\xA1" ACUTE, "\xE1\xBA\xA1" ACUTE},
	/* H with a line below has no composed form, h has one */
	{"H\xCC\xB1", "H\xCC\xB1", "\xE1\xBA\x96", "\xE1\xBA\x96"},
	/* sigma, its final form, Cyrillic, Georgian, Deseret beyond the BMP */
	{"\xCE\xA3\xCF\x82\xCF\x83", "\xCE\xA3\xCF\x82\xCF\x83", "\xCF\x83\xCF\x83\xCF\x83",
	"\xCF\x83\xCF\x83\xCF\x83"},
	{"\xD0\x96", "\xD0\x96", "\xD0\xB6", "\xD0\xB6"},
	{"\xE1\xB2\x90", "\xE1\xB2\x90", "\xE1\x83\x90", "\xE1\x83\x90"},
	{"\xF0\x90\x90\x80", "\xF0\x90\x90\x80", "\xF0\x90\x90\xA8", "\xF0\x90\x90\xA8"},
	/* simple folding: capital sharp s folds, sharp s does not become ss, nor dotted I an i */
	{"\xE1\xBA\x9E\xC3\x9F", "\xE1\xBA\x9E\xC3\x9F", "\xC3\x9F\xC3\x9F", "\xC3\x9F\xC3\x9F"},
	{"\xC4\xB0\xC4\xB1", "\xC4\xB0\xC4\xB1", "\xC4\xB0\xC4\xB1", "\xC4\xB0\xC4\xB1"},
	/* every second letter of a row: capital I with macron and its small letter */
	{"\xC4\xAA\xC4\xAB", "\xC4\xAA\xC4\xAB", "\xC4\xAB\xC4\xAB", "\xC4\xAB\xC4\xAB"},
	/* full-width letters and blank, half-width kana with its sound mark */
	{"\xEF\xBC\xA1\xEF\xBD\x82\xE3\x80\x80", "\xEF\xBC\xA1\xEF\xBD\x82\xE3\x80\x80",
	"\xEF\xBD\x81\xEF\xBD\x82\xE3\x80\x80", "ab "},
	{"\xEF\xBD\xB6\xEF\xBE\x9E", "\xEF\xBD\xB6\xEF\xBE\x9E", "\xEF\xBD\xB6\xEF\xBE\x9E",
	"\xE3\x82\xAC"},
	/* what has no case and no marks stays: CJK, emoji, compatibility characters */
	{"\xE5\xB1\xB1\xE7\x94\xB0\xF0\x9F\x98\x80", "\xE5\xB1\xB1\xE7\x94\xB0\xF0\x9F\x98\x80",
	"\xE5\xB1\xB1\xE7\x94\xB0\xF0\x9F\x98\x80", "\xE5\xB1\xB1\xE7\x94\xB0\xF0\x9F\x98\x80"},
	{"\xEF\xAC\x81\xC2\xB2", "\xEF\xAC\x81\xC2\xB2", "\xEF\xAC\x81\xC2\xB2",
	"\xEF\xAC\x81\xC2\xB2"},
	/* Hangul from its letters, and a character that decomposes to two (exclusion) */
	{"\xE1\x84\x92\xE1\x85\xA1\xE1\x86\xAB", "\xED\x95\x9C", "\xED\x95\x9C", "\xED\x95\x9C"},
	{"\xE0\xA5\x98", "\xE0\xA4\x95\xE0\xA4\xBC", "\xE0\xA4\x95\xE0\xA4\xBC",
	"\xE0\xA4\x95\xE0\xA4\xBC"},
	/* a mark without a base, and the last code point */
	{ACUTE "x\xF4\x8F\xBF\xBF", ACUTE "x\xF4\x8F\xBF\xBF", ACUTE "x\xF4\x8F\xBF\xBF",
	ACUTE "x\xF4\x8F\xBF\xBF"},
	/* homoglyphs stay apart: Cyrillic a */
	{"\xD0\xB0", "\xD0\xB0", "\xD0\xB0", "\xD0\xB0"},
};

static void
test_cases(void)
{
	for (size_t i = 0; i < lengthof(cases); i++)
	{
		ScimSlice	text = exact_copy(scim_slice(cases[i].text));

		is_text(scim_fold(text, SCIM_FOLD_EXACT), cases[i].exact, cases[i].text);
		is_text(scim_fold(text, SCIM_FOLD_CASE), cases[i].folded, "... folded");
		is_text(scim_fold(text, SCIM_FOLD_IDENT), cases[i].ident, "... as an identifier");
	}
}

/* ASCII that needs no change costs no memory. */
static void
test_no_copy(void)
{
	ScimSlice	lower = scim_slice("lower case, @[`{ 1234567890");
	ScimSlice	upper = scim_slice("UPPER");

	ok(scim_fold(lower, SCIM_FOLD_CASE).data == lower.data, "lower case is not copied");
	ok(scim_fold(upper, SCIM_FOLD_EXACT).data == upper.data, "nor is exact");
	ok(scim_fold(upper, SCIM_FOLD_CASE).data != upper.data, "a folded one is");
	is_int((int64) scim_fold(scim_slice(NULL), SCIM_FOLD_IDENT).len, 0, "nothing");
}

/* Every ASCII letter at every place of a machine word, and its neighbours. */
static void
test_ascii(void)
{
	bool		right = true;

	for (int c = 1; c < 0x80; c++)
	{
		for (size_t place = 0; place < 17; place++)
		{
			char		text[18] = "-----------------";
			ScimSlice	key;

			text[place] = (char) c;
			key = scim_fold(scim_slice(text), SCIM_FOLD_CASE);
			text[place] = c >= 'A' && c <= 'Z' ? (char) (c + 32) : (char) c;
			right &= scim_slice_equal(key, scim_slice(text));
		}
	}
	ok(right, "every ASCII character at every place");
}

/* Runs of marks that PostgreSQL would order in quadratic time. */
static void
test_marks(void)
{
	ScimSlice	run63 = repeat(ACUTE, 63);
	ScimSlice	run64 = repeat(ACUTE, 64);
	ScimSlice	flood = repeat(ACUTE DOT_BELOW, 500000);
	char	   *text = psprintf("e%.*s", (int) run63.len, run63.data);

	is_int((int64) scim_fold(scim_slice(text), SCIM_FOLD_EXACT).len, 2 + 62 * 2,
		   "63 marks: the first composes");
	text = psprintf("e%.*s", (int) run64.len, run64.data);
	is_text(scim_fold(scim_slice(text), SCIM_FOLD_EXACT), text, "64 marks: left alone");
	ok(scim_slice_equal(scim_fold(flood, SCIM_FOLD_CASE), flood), "a million marks: left alone");

	/* A decomposition in the run makes the text longer: the buffer grows. */
	ScimSlice	qa = repeat("\xE0\xA5\x98x", 500);
	is_int((int64) scim_fold(qa, SCIM_FOLD_EXACT).len, 500 * 7, "500 decompositions");
}

static void
test_compare(void)
{
	ok(scim_key_compare(scim_slice("a"), scim_slice("b")) < 0, "a before b");
	ok(scim_key_compare(scim_slice("b"), scim_slice("a")) > 0, "b behind a");
	is_int(scim_key_compare(scim_slice("a"), scim_slice("a")), 0, "a is a");
	ok(scim_key_compare(scim_slice("a"), scim_slice("aa")) < 0, "a beginning comes first");
	ok(scim_key_compare(scim_slice("aa"), scim_slice("a")) > 0, "... from both sides");
	ok(scim_key_compare(scim_slice("z"), scim_slice("\xC3\xA5")) < 0, "by code point");
	ok(scim_key_compare(scim_slice("\xEF\xBF\xBF"), scim_slice("\xF0\x90\x80\x80")) < 0,
	   "beyond the BMP too");
	is_int(scim_key_compare(scim_slice(NULL), scim_slice("")), 0, "nothing is nothing");
	ok(scim_key_compare(scim_slice(NULL), scim_slice("a")) < 0, "nothing comes first");
}

int
main(void)
{
	test_cases();
	test_no_copy();
	test_ascii();
	test_marks();
	test_compare();
	return done_testing();
}
