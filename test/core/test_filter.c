/*-------------------------------------------------------------------------
 *
 * test_filter.c
 *	  The filter language, RFC 7644 section 3.4.2.2: syntax, limits, printing.
 *
 *-------------------------------------------------------------------------
 */
#include "tap.h"

#include "core/filter.h"

#define CASES_FILE "../cases/filter-cases.tsv"

static const ScimLimits limits = SCIM_LIMITS_DEFAULT;

/* What a filter prints as: keywords in lower case, groups only where needed. */
static const char *const prints[][2] = {
	{"a eq \"x\"", "a eq \"x\""},
	{"A EQ \"x\"", "A eq \"x\""},
	{"  a   eq   1  ", "a eq 1"},
	{"a eq\"x\"", "a eq \"x\""},
	{"a pr", "a pr"},
	{"a eq TRUE", "a eq true"},
	{"a eq False", "a eq false"},
	{"a ne NULL", "a ne null"},
	{"a ne 1 and b co \"c\" and c sw \"d\"", "a ne 1 and b co \"c\" and c sw \"d\""},
	{"a ew \"1\" or b gt 1 or c ge 1", "a ew \"1\" or b gt 1 or c ge 1"},
	{"a lt 1 or b le 1 and c pr", "a lt 1 or b le 1 and c pr"},
	{"(a pr or b pr) and c pr", "(a pr or b pr) and c pr"},
	{"a pr and (b pr or c pr)", "a pr and (b pr or c pr)"},
	{"a pr and (b pr and c pr)", "a pr and (b pr and c pr)"},
	{"a pr or (b pr or c pr)", "a pr or (b pr or c pr)"},
	{"(a pr and b pr) and c pr", "a pr and b pr and c pr"},
	{"(a pr or b pr) or c pr", "a pr or b pr or c pr"},
	{"(a pr and b pr) or (c pr and d pr)", "a pr and b pr or c pr and d pr"},
	{"((a pr))", "a pr"},
	{"( a pr )", "a pr"},
	{"not(a pr)", "not (a pr)"},
	{"not (a pr)", "not (a pr)"},
	{"NOT   ( a pr ) AND b pr", "not (a pr) and b pr"},
	{"not (not (a pr or b pr))", "not (not (a pr or b pr))"},
	{"(a pr)and(b pr)or(c pr)", "a pr and b pr or c pr"},
	{"and pr and or pr or eq eq \"pr\"", "and pr and or pr or eq eq \"pr\""},
	{"true eq true", "true eq true"},
	{"e[a eq 1]", "e[a eq 1]"},
	{"e[ a eq 1 or not (b pr) ]", "e[a eq 1 or not (b pr)]"},
	{"e[a eq 1].b eq 2", "e[a eq 1 and b eq 2]"},
	{"e[a eq 1 or b pr].c pr and d pr", "e[(a eq 1 or b pr) and c pr] and d pr"},
	{"e[a pr] and f[b pr]", "e[a pr] and f[b pr]"},
	{"members[$ref pr].$ref co \"x\"", "members[$ref pr and $ref co \"x\"]"},
	{"e.b[a pr]", "e.b[a pr]"},
	{"a.$ref pr and a-b_c$1.x pr", "a.$ref pr and a-b_c$1.x pr"},
	{"urn:x:y:2.0:User:a.b eq 1", "urn:x:y:2.0:User:a.b eq 1"},
	{"URN:x:y:2.0:User:a[b pr]", "URN:x:y:2.0:User:a[b pr]"},
	{"urn:x:y:2.0 pr", "urn:x:y:2.0 pr"},
	{"a eq 0", "a eq 0"},
	{"a eq -0", "a eq -0"},
	{"a eq 1e5", "a eq 1e5"},
	{"a eq -10.50E+07", "a eq -10.50E+07"},
	{"a eq 1E-9", "a eq 1E-9"},
	{"a eq 123456789012345678901234567890", "a eq 123456789012345678901234567890"},
	{"a eq \"\"", "a eq \"\""},
	{"a eq \"(b) and [c] or not\"", "a eq \"(b) and [c] or not\""},
	{"a eq \"\\\"\\\\\\/\\b\\f\\n\\r\\t\"",
	"a eq \"\\\"\\\\/\\u0008\\u000c\\u000a\\u000d\\u0009\""},
	{"a eq \"\\u0041\\u00e5\\u20AC\"", "a eq \"A\xC3\xA5\xE2\x82\xAC\""},
	{"a eq \"\\uD83d\\uDe00\"", "a eq \"\xF0\x9F\x98\x80\""},
	{"a eq \"\\ud800\\udc00\\udbff\\udfff\"", "a eq \"\xF0\x90\x80\x80\xF4\x8F\xBF\xBF\""},
	{"a eq \"\xC3\xA5\x7F\"", "a eq \"\xC3\xA5\x7F\""},
};

typedef struct Refusal
{
	const char *text;
	size_t		offset;
	const char *message;
} Refusal;

/* What is refused, where, and what an administrator reads. */
static const Refusal refusals[] = {
	{"", 0, "expected an attribute name, but the text ends here"},
	{"   ", 3, "expected an attribute name, but the text ends here"},
	{"a", 1, "expected an operator after \"a\""},
	{"a (", 2, "expected an operator after \"a\""},
	{"a eq", 4, "expected a comparison value after \"eq\""},
	{"a Eq )", 5, "expected a comparison value after \"eq\""},
	{"a eq b", 5, "\"b\" is not a comparison value; expected a string in double quotes, a number, "
	"true, false or null"},
	{"a = 1", 2, "\"=\" is not an operator; expected eq, ne, co, sw, ew, gt, ge, lt, le or pr"},
	{"a eq 1 b", 7, "expected \"and\", \"or\" or the end, found \"b\""},
	{"a pr \"x\"", 5, "expected \"and\", \"or\" or the end, found \"x\""},
	{"a eq \"b\"c", 8, "expected \"and\", \"or\" or the end, found \"c\""},
	{"a eq 1)", 6, "expected \"and\", \"or\" or the end, found \")\""},
	{"(a eq 1", 7, "expected \"and\", \"or\" or \")\", but the text ends here"},
	{"(a eq 1]", 7, "expected \"and\", \"or\" or \")\", found \"]\""},
	{"e[a eq 1", 8, "expected \"and\", \"or\" or \"]\", but the text ends here"},
	{"e[a eq 1)", 8, "expected \"and\", \"or\" or \"]\", found \")\""},
	{"e[]", 2, "expected an attribute name, found \"]\""},
	{"e [a pr]", 2, "expected an operator after \"e\""},
	{"[a pr]", 0, "expected an attribute name, found \"[\""},
	{"e[a pr] .b pr", 8, "expected \"and\", \"or\" or the end, found \".b\""},
	{"e[a pr]b pr", 7, "expected \"and\", \"or\" or the end, found \"b\""},
	{"e[a pr].", 7, "expected a sub-attribute after \"]\", found \".\""},
	{"e[a pr].b.c pr", 7, "expected a sub-attribute after \"]\", found \".b.c\""},
	{"e[a pr].b", 9, "expected an operator after \"b\""},
	{"e[a pr].b\t", 9, "only blanks may separate words; found a control character"},
	{"e[a pr][b pr]", 7, "expected \"and\", \"or\" or the end, found \"[\""},
	{"e[f[a pr]]", 3, "a value filter cannot hold another value filter"},
	{"e[a pr and (f[a pr])]", 13, "a value filter cannot hold another value filter"},
	{"not", 3, "expected \"(\" after \"not\", but the text ends here"},
	{"not a pr", 4, "expected \"(\" after \"not\", found \"a\""},
	{"not pr", 4, "expected \"(\" after \"not\", found \"pr\""},
	{"not \t", 4, "only blanks may separate words; found a control character"},
	{"()", 1, "expected an attribute name, found \")\""},
	{"\"a\" eq 1", 0, "expected an attribute name, found \"a\""},
	{"a pr and", 8, "expected an attribute name, but the text ends here"},
	{"a pr or \x01", 8, "only blanks may separate words; found a control character"},
	{"a pr and \x7f", 9, "only blanks may separate words; found a control character"},
	{"a\tpr", 1, "only blanks may separate words; found a control character"},
	{"a pr\n", 4, "only blanks may separate words; found a control character"},
	{"a.b.c eq 1", 0, "\"a.b.c\" is not an attribute name"},
	{"a pr and 1b pr", 9, "\"1b\" is not an attribute name"},
	{"\xC3\xA5 pr", 0, "\"\xC3\xA5\" is not an attribute name"},
	{"urn: pr", 0, "\"urn:\" is not an attribute name"},
	{"urn:x:{} pr", 0, "\"urn:x:{}\" is not an attribute name"},
	{"a eq \"b", 5, "the string has no closing quotation mark"},
	{"a eq \"", 5, "the string has no closing quotation mark"},
	{"a eq \"b\\", 7, "the string ends within an escape"},
	{"a eq \"\\x41\"", 6, "a backslash must begin one of the escapes of JSON"},
	{"a eq \"\\U0041\"", 6, "a backslash must begin one of the escapes of JSON"},
	{"a eq \"\\u\"", 6, "expected four hexadecimal digits after \"\\u\""},
	{"a eq \"\\u00g1\"", 6, "expected four hexadecimal digits after \"\\u\""},
	{"a eq \"\\u004", 6, "expected four hexadecimal digits after \"\\u\""},
	{"a eq \"\\u0000\"", 6, "a string cannot hold the character U+0000"},
	{"a eq \"\\ud83d\"", 6, "a high surrogate must be followed by a low surrogate"},
	{"a eq \"\\ud83dx\\ude00\"", 6, "a high surrogate must be followed by a low surrogate"},
	{"a eq \"\\ud83d\\ud83d\"", 6, "a high surrogate must be followed by a low surrogate"},
	{"a eq \"\\ud83d\\u00e5\"", 6, "a high surrogate must be followed by a low surrogate"},
	{"a eq \"\\ud83d\\ue000\"", 6, "a high surrogate must be followed by a low surrogate"},
	{"a eq \"\\ud83d\\", 6, "a high surrogate must be followed by a low surrogate"},
	{"a eq \"\\ude00\"", 6, "a low surrogate must follow a high surrogate"},
	{"a eq \"\\udfff\"", 6, "a low surrogate must follow a high surrogate"},
	{"a eq \"\\udc00\"", 6, "a low surrogate must follow a high surrogate"},
	{"a eq \"x\ty\"", 7, "a control character in a string must be escaped"},
	{"a eq \"\xC3\"", 0, "the filter is not valid UTF-8"},
	{"a eq \"\xED\xA0\x80\"", 0, "the filter is not valid UTF-8"},
	{"a eq \"\xC0\x80\"", 0, "the filter is not valid UTF-8"},
};

/* Words that look like numbers but are none in JSON. */
static const char *const no_numbers[] = {
	"01", "-01", "+5", ".5", "5.", "-", "--1", "1e", "1e+", "1.e5", "0x10", "1_000", "1,5", "NaN",
	"Infinity", "1a", "1.5.2", "e5", "nul", "truee", "'x'",
};

/* Do two trees say the same?  Offsets differ once a tree was printed. */
static bool
tree_equal(const ScimFilter *a, const ScimFilter *b)
{
	if (a == NULL || b == NULL)
		return a == b;
	return a->kind == b->kind && a->op == b->op &&
		scim_slice_equal(a->attr.text, b->attr.text) &&
		scim_slice_equal(a->attr.urn, b->attr.urn) &&
		scim_slice_equal(a->attr.name, b->attr.name) &&
		scim_slice_equal(a->attr.sub, b->attr.sub) &&
		a->literal.kind == b->literal.kind &&
		(a->literal.kind > SCIM_LITERAL_NUMBER ||
		 scim_slice_equal(a->literal.text, b->literal.text)) &&
		tree_equal(a->left, b->left) && tree_equal(a->right, b->right);
}

static ScimSlice
print(const ScimFilter *filter)
{
	StringInfoData out;

	initStringInfo(&out);
	scim_filter_print(&out, filter);
	return scim_slice_of(out.data, (size_t) out.len);
}

/* Does the text parse, and does printing and parsing again give the same tree? */
static bool
round_trip(ScimSlice text, ScimError *err)
{
	ScimFilter *first;
	ScimFilter *second;

	return scim_filter_parse(exact_copy(text), &limits, &first, err) &&
		scim_filter_parse(print(first), &limits, &second, err) && tree_equal(first, second);
}

static void
test_prints(void)
{
	for (size_t i = 0; i < lengthof(prints); i++)
	{
		ScimSlice	text = exact_copy(scim_slice(prints[i][0]));
		ScimFilter *filter;
		ScimError	err;

		if (!scim_filter_parse(text, &limits, &filter, &err))
			is_text(scim_slice(err.message), "", prints[i][0]);
		else
			is_text(print(filter), prints[i][1], prints[i][0]);
		ok(round_trip(text, &err), "... and back");
	}
}

static void
is_refused(ScimSlice text, size_t offset, const char *message)
{
	ScimFilter *filter;
	ScimError	err = {SCIM_OK, 0, ""};
	char		name[80];

	snprintf(name, sizeof(name), "refused: %.*s", (int) Min(text.len, 50), text.data);
	for (char *c = name; *c != '\0'; c++)
	{
		if (*c < ' ')
			*c = '?';
	}
	ok(!scim_filter_parse(exact_copy(text), &limits, &filter, &err) &&
	   err.code == SCIM_E_INVALID_FILTER, "%s", name);
	is_text(scim_slice(err.message), message, "... with its sentence");
	is_int((int64) err.offset, (int64) offset, "... at its offset");
}

static void
test_refusals(void)
{
	for (size_t i = 0; i < lengthof(refusals); i++)
		is_refused(scim_slice(refusals[i].text), refusals[i].offset, refusals[i].message);
	is_refused(BYTES("a pr\0"), 0, "the filter is not valid UTF-8");
	is_refused(BYTES("a eq \"\0\""), 0, "the filter is not valid UTF-8");
}

static void
test_numbers(void)
{
	for (size_t i = 0; i < lengthof(no_numbers); i++)
	{
		char		text[40];
		ScimFilter *filter;
		ScimError	err;

		snprintf(text, sizeof(text), "a eq %s", no_numbers[i]);
		ok(!scim_filter_parse(exact_copy(scim_slice(text)), &limits, &filter, &err) &&
		   err.offset == 5, "%s is no value", no_numbers[i]);
	}
}

/* The tree itself: names, offsets, decoded values, left-deep chains. */
static void
test_tree(void)
{
	const char *text = "urn:a:b:c:User:x.y eq \"\\u0041\" and e[f pr].g ge -1.5 and h pr";
	ScimFilter *filter;
	ScimError	err;

	if (!scim_filter_parse(scim_slice(text), &limits, &filter, &err))
	{
		ok(false, "the filter parses: %s", err.message);
		return;
	}
	is_int(filter->kind, SCIM_FILTER_AND, "the last and is the root");
	is_text(filter->right->attr.name, "h", "with the last comparison at its right");
	is_int(filter->right->literal.kind, SCIM_LITERAL_NONE, "pr has no literal");
	is_int((int64) filter->right->attr.offset, 57, "offset of a name");

	ScimFilter *comparison = filter->left->left;
	is_text(comparison->attr.urn, "urn:a:b:c:User", "URN");
	is_text(comparison->attr.name, "x", "name");
	is_text(comparison->attr.sub, "y", "sub-attribute");
	is_text(comparison->literal.text, "A", "decoded value");
	is_int((int64) comparison->literal.offset, 22, "offset of a value");

	ScimFilter *path = filter->left->right;
	is_int(path->kind, SCIM_FILTER_VALUE_PATH, "value path");
	is_text(path->attr.name, "e", "its attribute");
	is_int(path->left->kind, SCIM_FILTER_AND, "joined with its sub-attribute's condition");
	is_text(path->left->left->attr.name, "f", "the filter comes first");
	is_text(path->left->right->attr.name, "g", "then the sub-attribute");
	is_int((int64) path->left->right->attr.offset, 43, "at its offset");
	is_text(path->left->right->literal.text, "-1.5", "number as written");
}

/* Is text accepted under these limits? */
static bool
accepted(ScimSlice text, int bytes, int depth, int nodes)
{
	ScimLimits	l = {.filter_bytes = bytes, .filter_depth = depth, .filter_nodes = nodes};
	ScimFilter *filter;
	ScimError	err;
	bool		parsed = scim_filter_parse(exact_copy(text), &l, &filter, &err);

	if (!parsed && err.code != SCIM_E_INVALID_FILTER)
		ok(false, "a limit gives INVALID_FILTER");
	return parsed;
}

/* FLT-12: each limit at n - 1, n and n + 1. */
static void
test_limits(void)
{
	ScimSlice	nested = scim_slice("(not (e[a pr]))");
	ScimSlice	chain = scim_slice("a pr and b pr or not (c[d pr].e pr)");

	ok(accepted(scim_slice("abc pr"), 6, 9, 9), "as long as the limit");
	ok(accepted(scim_slice("ab pr"), 6, 9, 9), "shorter");
	ok(!accepted(scim_slice("abcd pr"), 6, 9, 9), "longer");
	ok(accepted(nested, 99, 3, 9), "as deep as the limit");
	ok(accepted(nested, 99, 4, 9), "less deep");
	ok(!accepted(nested, 99, 2, 9), "deeper");
	ok(accepted(scim_slice("(a pr) and (b pr) and (c[d pr])"), 99, 2, 9), "side by side");
	ok(accepted(chain, 99, 9, 9), "as many nodes as the limit");
	ok(accepted(chain, 99, 9, 10), "fewer");
	for (int nodes = 0; nodes < 9; nodes++)
		ok(!accepted(chain, 99, 9, nodes), "%d nodes are too few", nodes);
}

/* Hostile sizes under the default limits, and a chain that must not recurse. */
static void
test_hostile(void)
{
	ScimSlice	parens = repeat("(", 8192);
	ScimSlice	nots = repeat("not(", 2048);
	ScimSlice	chain = repeat("a pr and ", 20000);
	ScimSlice	quotes = repeat("\\\"", 4000);
	char	   *text;

	ok(!accepted(parens, 8192, 32, 256), "8192 parentheses");
	ok(!accepted(nots, 8192, 32, 256), "2048 times not");
	ok(!accepted(repeat("e[", 4096), 8192, 32, 256), "4096 brackets");
	ok(!accepted(repeat(" ", 8192), 8192, 32, 256), "8192 blanks");
	ok(!accepted(repeat("\"", 8192), 8192, 32, 256), "8192 quotes");
	ok(!accepted(repeat("a", 8192), 8192, 32, 256), "a name of 8192 bytes alone");
	ok(!accepted(repeat("a pr and ", 910), 8192, 32, 256), "910 comparisons");

	text = scim_slice_dup(chain);
	text[chain.len - strlen(" and ")] = '\0';
	ok(accepted(scim_slice(text), 1000000, 1, 1000000), "a chain of 20,000 costs no depth");
	text = psprintf("a eq \"%.*s\"", (int) quotes.len, quotes.data);
	ok(accepted(scim_slice(text), 8192, 1, 1), "4000 escaped quotes");
}

/*
 * Every row of the case file: filter, "valid" or "invalid", matches, tags, with tabs between them. Rows with
 * the tag "schema" are well-formed and fail by type or schema only.
 */
static void
test_case_file(void)
{
	FILE	   *file = fopen(CASES_FILE, "r");
	char		line[4096];
	int			rows = 0;
	int			resolvers = 0;

	if (file == NULL || fgets(line, sizeof(line), file) == NULL)
	{
		ok(false, "%s can be read", CASES_FILE);
		return;
	}
	while (fgets(line, sizeof(line), file) != NULL)
	{
		char	   *validity = strchr(line, '\t') + 1;
		ScimFilter *filter;
		ScimError	err;

		validity[-1] = '\0';
		rows++;
		if (strstr(strrchr(validity, '\t'), "schema") != NULL)
			resolvers++;
		else if (strncmp(validity, "invalid", 7) == 0)
		{
			ok(!scim_filter_parse(exact_copy(scim_slice(line)), &limits, &filter, &err),
			   "refused: %s", line);
			continue;
		}
		ok(round_trip(scim_slice(line), &err), "%s", line);
	}
	fclose(file);
	ok(rows > 250, "the case file has its %d rows", rows);
	ok(resolvers > 30, "%d of them are for the resolver", resolvers);
}

int
main(void)
{
	for (ScimOperator op = SCIM_OP_EQ; op <= SCIM_OP_PR; op++)
		is_int((int64) strlen(scim_operator_name(op)), 2, scim_operator_name(op));
	test_prints();
	test_refusals();
	test_numbers();
	test_tree();
	test_limits();
	test_hostile();
	test_case_file();
	return done_testing();
}
