/*-------------------------------------------------------------------------
 *
 * test_path.c
 *	  Attribute notation (RFC 7644 section 3.10) and PATCH paths (3.5.2).
 *
 *-------------------------------------------------------------------------
 */
#include "tap.h"

#include "core/filter.h"

static const ScimLimits limits = SCIM_LIMITS_DEFAULT;

static const char *const good_names[] = {
	"a", "Z", "userName", "x509Certificates", "a-b_c$d1", "$ref", "$a$",
};

static const char *const bad_names[] = {
	"", "$", "$$", "$1", "1a", "-a", "_a", "a.b", "a b", " a", "a ", "a:b", "a[", "a/b", "\xC3\xA5",
	"a\xC3\xA5", "\xD0\xB0", "a\t",
};

typedef struct Notation
{
	const char *text;
	const char *urn;
	const char *name;
	const char *sub;
} Notation;

/* A URN's last part may not be a name: then only the schema can tell what it is. */
static const Notation notations[] = {
	{"userName", "", "userName", ""},
	{"name.familyName", "", "name", "familyName"},
	{"members.$ref", "", "members", "$ref"},
	{"urn", "", "urn", ""},
	{"urna.b", "", "urna", "b"},
	{"urn:ietf:params:scim:schemas:core:2.0:User:name.givenName",
	"urn:ietf:params:scim:schemas:core:2.0:User", "name", "givenName"},
	{"URN:IETF:x:User:userName", "URN:IETF:x:User", "userName", ""},
	{"urn:ietf:params:scim:schemas:core:2.0:User",
	"urn:ietf:params:scim:schemas:core:2.0", "User", ""},
	{"urn:x:ext:2.0", "urn:x:ext", "", ""},
	{"urn:x:ext:1abc", "urn:x:ext", "", ""},
	{"urn:x:ext:a.b.c", "urn:x:ext", "", ""},
	{"urn:x:ext:a.", "urn:x:ext", "", ""},
	{"urn:x:a", "urn:x", "a", ""},
	{"urn:x-y:a/b~c@d!e$f&g'h*i+j,k;l=m%20:n", "urn:x-y:a/b~c@d!e$f&g'h*i+j,k;l=m%20", "n", ""},
};

static const char *const bad_notations[] = {
	"", ".", ".a", "a.", "a..b", "a.b.c", "a b", " a", "a ", "a:b", "x:y:a", "urn:", "urn::",
	"urn::a", "urn:a", "urn:a:", "urn:a:b:", "urn:a:b(c):d", "urn:a:b c:d", "urn:a:b[c",
	"urn:a:\xC3\xA5:b",
	"/name/familyName", "name/familyName", "emails[0]", "emails.0", "\"a\"", "a,b", "*", "\xD0\xB0",
};

static void
test_names(void)
{
	for (size_t i = 0; i < lengthof(good_names); i++)
		ok(scim_attr_name_is_valid(exact_copy(scim_slice(good_names[i]))), "name: %s",
		   good_names[i]);
	for (size_t i = 0; i < lengthof(bad_names); i++)
		ok(!scim_attr_name_is_valid(exact_copy(scim_slice(bad_names[i]))), "no name: %s",
		   bad_names[i]);
	ok(!scim_attr_name_is_valid(BYTES("a\0")), "no name: one with a NUL");
	ok(!scim_attr_name_is_valid(scim_slice(NULL)), "no name: NULL");
}

static void
test_notations(void)
{
	ScimAttrName name;
	ScimError	err;

	for (size_t i = 0; i < lengthof(notations); i++)
	{
		const Notation *n = &notations[i];

		if (!scim_attr_name_parse(exact_copy(scim_slice(n->text)), &name, &err))
		{
			is_text(scim_slice(err.message), "", n->text);
			continue;
		}
		is_text(name.text, n->text, n->text);
		is_text(name.urn, n->urn, "... URN");
		is_text(name.name, n->name, "... name");
		is_text(name.sub, n->sub, "... sub-attribute");
		is_int((int64) name.offset, 0, "... offset");
	}
	for (size_t i = 0; i < lengthof(bad_notations); i++)
	{
		ok(!scim_attr_name_parse(exact_copy(scim_slice(bad_notations[i])), &name, &err) &&
		   err.code == SCIM_E_INVALID_PATH, "no notation: %s", bad_notations[i]);
	}
	ok(!scim_attr_name_parse(BYTES("urn:a:b\0:c"), &name, &err), "no notation: a URN with a NUL");
	ok(!scim_attr_name_parse(scim_slice(NULL), &name, &err), "no notation: NULL");
	is_text(scim_slice(err.message), "expected an attribute name", "... says so");
	scim_attr_name_parse(repeat("\xE2\x82\xAC", 100), &name, &err);
	is_int((int64) strlen(err.message), 60 + strlen("\"\" is not an attribute name"),
		   "long input is quoted in part");
}

typedef struct PathCase
{
	const char *text;
	const char *attr;
	const char *filter;			/* printed; NULL when there is none */
	const char *sub;
} PathCase;

static const PathCase paths[] = {
	{"members", "members", NULL, ""},
	{"name.familyName", "name.familyName", NULL, ""},
	{"members[value eq \"x\"].display", "members", "value eq \"x\"", "display"},
	{"members[value eq \"x\"]", "members", "value eq \"x\"", ""},
	{"members[value eq \"x\"].$ref", "members", "value eq \"x\"", "$ref"},
	{"addresses[not (type eq \"work\")]", "addresses", "not (type eq \"work\")", ""},
	{"emails[ type eq\"]\" or primary eq true ].value", "emails",
	"type eq \"]\" or primary eq true", "value"},
	{"urn:ietf:params:scim:schemas:core:2.0:User:emails[a pr].b",
	"urn:ietf:params:scim:schemas:core:2.0:User:emails", "a pr", "b"},
	{"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.value",
	"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.value", NULL, ""},
};

typedef struct BadPath
{
	const char *text;
	ScimErrorCode code;
	size_t		offset;
} BadPath;

static const BadPath bad_paths[] = {
	{"", SCIM_E_INVALID_PATH, 0},
	{" members", SCIM_E_INVALID_PATH, 0},
	{"members ", SCIM_E_INVALID_PATH, 0},
	{"members [a pr]", SCIM_E_INVALID_PATH, 0},
	{"members[a pr] ", SCIM_E_INVALID_PATH, 13},
	{"members[a pr].", SCIM_E_INVALID_PATH, 13},
	{"members[a pr].b.c", SCIM_E_INVALID_PATH, 13},
	{"members[a pr]. b", SCIM_E_INVALID_PATH, 13},
	{"members[a pr]b", SCIM_E_INVALID_PATH, 13},
	{"members[a pr]\"", SCIM_E_INVALID_PATH, 13},
	{"members[a pr][b pr]", SCIM_E_INVALID_PATH, 13},
	{"members[a pr].b eq 1", SCIM_E_INVALID_PATH, 13},
	{"name..familyName", SCIM_E_INVALID_PATH, 0},
	{"/name/familyName", SCIM_E_INVALID_PATH, 0},
	{"[a pr]", SCIM_E_INVALID_PATH, 0},
	{"a]", SCIM_E_INVALID_PATH, 0},
	{"a eq 1", SCIM_E_INVALID_PATH, 0},
	{"\xC3", SCIM_E_INVALID_PATH, 0},
	{"emails[0].value", SCIM_E_INVALID_FILTER, 7},
	{"emails[]", SCIM_E_INVALID_FILTER, 7},
	{"emails[", SCIM_E_INVALID_FILTER, 7},
	{"emails[\t", SCIM_E_INVALID_FILTER, 7},
	{"emails[type eq \"work\".value", SCIM_E_INVALID_FILTER, 21},
	{"emails[type zz \"work\"]", SCIM_E_INVALID_FILTER, 12},
	{"emails[a[b pr]]", SCIM_E_INVALID_FILTER, 8},
	{"emails[a pr)", SCIM_E_INVALID_FILTER, 11},
};

static void
test_path(const PathCase *c)
{
	ScimPath	path;
	ScimError	err;
	StringInfoData out;

	if (!scim_path_parse(exact_copy(scim_slice(c->text)), &limits, &path, &err))
	{
		is_text(scim_slice(err.message), "", c->text);
		return;
	}
	is_text(path.attr.text, c->attr, c->text);
	is_text(path.sub, c->sub, "... sub-attribute");
	ok((path.filter != NULL) == (c->filter != NULL), "... filter or none");
	if (path.filter == NULL || c->filter == NULL)
		return;
	initStringInfo(&out);
	scim_filter_print(&out, path.filter);
	is_text(scim_slice(out.data), c->filter, "... filter");
}

static void
test_bad_paths(void)
{
	ScimPath	path;
	ScimError	err;

	for (size_t i = 0; i < lengthof(bad_paths); i++)
	{
		ok(!scim_path_parse(exact_copy(scim_slice(bad_paths[i].text)), &limits, &path, &err),
		   "no path: %s", bad_paths[i].text);
		is_int(err.code, bad_paths[i].code, "... code");
		is_int((int64) err.offset, (int64) bad_paths[i].offset, "... offset");
	}
	ok(!scim_path_parse(BYTES("a\0"), &limits, &path, &err), "no path: one with a NUL");
}

static void
test_limits(void)
{
	ScimLimits	l = {.filter_bytes = 14, .filter_depth = 2, .filter_nodes = 1};
	ScimPath	path;
	ScimError	err;

	ok(scim_path_parse(scim_slice("emails[(a pr)]"), &l, &path, &err), "at every limit");
	ok(!scim_path_parse(scim_slice("emails[(ab pr)]"), &l, &path, &err), "too long");
	is_int(err.code, SCIM_E_INVALID_PATH, "... code");
	ok(!scim_path_parse(scim_slice("emai[((a pr))]"), &l, &path, &err), "too deep");
	is_int(err.code, SCIM_E_INVALID_FILTER, "... code");
	ok(!scim_path_parse(scim_slice("e[not (a pr)]"), &l, &path, &err), "too many nodes");
}

int
main(void)
{
	test_names();
	test_notations();
	for (size_t i = 0; i < lengthof(paths); i++)
		test_path(&paths[i]);
	test_bad_paths();
	test_limits();
	return done_testing();
}
