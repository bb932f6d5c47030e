/*-------------------------------------------------------------------------
 *
 * schema_members.c
 *	  Definitions of schemas and resource types, member by member.
 *
 * What a definition may hold is a table of ScimMember, ended by an empty name.  Names and keywords
 * are taken in any letter case (RFC 7643 section 2.1) and stored in the RFC's.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "schema/schema_int.h"
#include "util/jsonb.h"
#include "util/throw.h"

#define MAX_URN_BYTES 256

SCIM_NORETURN static void refuse(const char *where, const char *name, const char *wanted);

static void
refuse(const char *where, const char *name, const char *wanted)
{
	scim_raise(SCIM_E_INVALID_VALUE, "%s: \"%s\" must be %s", where, name, wanted);
}

/* The word as we spell it. */
static JsonbValue *
read_word(const JsonbValue *value, const ScimMember *member, const char *where)
{
	StringInfoData words;

	initStringInfo(&words);
	for (int i = 0; member->words[i] != NULL; i++)
	{
		if (value->type == jbvString &&
			scim_slice_equal_ci(scim_jsonb_text(value), scim_slice(member->words[i])))
			return scim_jsonb_new_string(scim_slice(member->words[i]));
		appendStringInfo(&words, "%s%s", i == 0 ? "one of " : ", ", member->words[i]);
	}
	refuse(where, member->name, words.data);
}

/* A list whose elements all pass is_right; an empty one counts as left out. */
static const JsonbValue *
read_list(const JsonbValue *value, const ScimMember *member, const char *where,
		  bool (*is_right) (const JsonbValue *), const char *wanted)
{
	const JsonbValue *list;

	if (!scim_jsonb_is_array(value))
		refuse(where, member->name, wanted);
	list = scim_jsonb_open(value);
	for (int i = 0; i < list->val.array.nElems; i++)
		if (!is_right(&list->val.array.elems[i]))
			refuse(where, member->name, wanted);
	return list->val.array.nElems == 0 ? NULL : value;
}

static bool
is_text(const JsonbValue *value)
{
	return value->type == jbvString;
}

/* The value if it fits the member's kind; NULL if it counts as left out. */
static const JsonbValue *
read_member(const JsonbValue *value, const ScimMember *member, const char *where)
{
	if (value->type == jbvNull)
		return NULL;
	switch (member->kind)
	{
		case SCIM_MEMBER_TEXT:
			if (value->type != jbvString)
				refuse(where, member->name, "a string");
			return value;
		case SCIM_MEMBER_FLAG:
			if (value->type != jbvBool)
				refuse(where, member->name, "true or false");
			return value;
		case SCIM_MEMBER_WORD:
			return read_word(value, member, where);
		case SCIM_MEMBER_TEXTS:
			return read_list(value, member, where, is_text, "a list of strings");
		case SCIM_MEMBER_OBJECTS:
			return read_list(value, member, where, scim_jsonb_is_object, "a list of objects");
		case SCIM_MEMBER_IGNORED:
			break;
	}
	return NULL;
}

static const ScimMember *
find_member(const ScimMember *members, ScimSlice name, const char *where)
{
	for (; members->name != NULL; members++)
		if (scim_slice_equal_ci(name, scim_slice(members->name)))
			return members;
	scim_raise(SCIM_E_INVALID_VALUE, "%s: there is no characteristic \"%.*s\"", where,
			   (int) Min(name.len, 80), name.data);
}

JsonbValue *
scim_members_read(const JsonbValue *object, const ScimMember *members, const char *where)
{
	JsonbValue *result = scim_jsonb_new_object();
	const JsonbValue *pairs;

	if (!scim_jsonb_is_object(object))
		scim_raise(SCIM_E_INVALID_VALUE, "%s must be a JSON object", where);
	pairs = scim_jsonb_open(object);
	for (int i = 0; i < pairs->val.object.nPairs; i++)
	{
		const JsonbPair *pair = &pairs->val.object.pairs[i];
		const ScimMember *member = find_member(members, scim_jsonb_text(&pair->key), where);
		const JsonbValue *value = read_member(&pair->value, member, where);

		if (scim_jsonb_get(result, scim_slice(member->name)) != NULL)
			scim_raise(SCIM_E_INVALID_VALUE, "%s: \"%s\" is there twice", where, member->name);
		if (value != NULL)
			scim_jsonb_add(result, scim_slice(member->name), value);
	}
	return result;
}

ScimSlice
scim_member_text(const JsonbValue *object, const char *name)
{
	JsonbValue *value = scim_jsonb_get(object, scim_slice(name));

	return value != NULL && value->type == jbvString ? scim_jsonb_text(value) : scim_slice("");
}

bool
scim_member_flag(const JsonbValue *object, const char *name)
{
	JsonbValue *value = scim_jsonb_get(object, scim_slice(name));

	return value != NULL && value->type == jbvBool && value->val.boolean;
}

/* "urn:", a namespace of letters, digits and hyphens, a colon and something more (RFC 8141). */
bool
scim_urn_is_valid(ScimSlice urn)
{
	ScimAttrName name;
	ScimError	error;
	size_t		colon = 4;

	if (urn.len > MAX_URN_BYTES || !scim_attr_name_parse(urn, &name, &error) || name.urn.len == 0)
		return false;
	while (colon < urn.len && urn.data[colon] != ':')
	{
		if (strchr("._", urn.data[colon]) != NULL)
			return false;
		colon++;
	}
	return colon > 4 && colon + 1 < urn.len;
}
