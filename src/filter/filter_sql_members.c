/*-------------------------------------------------------------------------
 *
 * filter_sql_members.c
 *	  Conditions on members of a group and on groups of a user, and the order by them: rows of
 *	  scim.membership.
 *
 * An element is a pair of rows: e, the other resource, and for groups whether it is
 * reached directly.  Its sub-attributes are expressions over them:
 *
 *		members		value e.id, display e.display_name, type by e.type_id
 *		groups		the same, but type says whether the membership is direct
 *
 * Groups are found downwards: first the groups that the condition names, then all that
 * is below them; so a look at one group costs its size and not the directory's.  Only where
 * r is one of few candidates they are found upwards, from r.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/uuid.h"

#include "filter/filter_sql_int.h"
#include "util/throw.h"
#include "util/uuid.h"

/* An expression that is a name per resource type, as a comparison key. */
static char *
by_type(Translation *t, const ScimAttribute *sub, bool endpoint)
{
	StringInfoData out;

	initStringInfo(&out);
	appendStringInfoString(&out, "CASE e.type_id");
	for (int i = 0; i < t->schemas->ntypes; i++)
	{
		const ScimResourceType *type = &t->schemas->types[i];
		ScimSlice	name = endpoint ? type->endpoint : scim_fold(type->name, scim_attribute_fold(sub));

		appendStringInfo(&out, " WHEN %d THEN $%d", type->type_id, scim_sql_text_param(t->sql, name));
	}
	appendStringInfoString(&out, " END");
	return out.data;
}

/* The comparison key of a sub-attribute of an element. */
static const char *
element_key(Translation *t, const ScimAttribute *sub)
{
	if (sub == sub->parent->value)
		return "e.id::pg_catalog.text COLLATE \"C\"";
	if (scim_slice_equal(sub->name, scim_slice("display")))
		return "scim.fold(e.display_name) COLLATE \"C\"";
	if (scim_slice_equal(sub->name, scim_slice("$ref")))
		return psprintf("($%d || '/' || %s || '/' || e.id::pg_catalog.text) COLLATE \"C\"",
						scim_sql_text_param(t->sql, scim_slice(t->base)), by_type(t, sub, true));
	if (!scim_slice_equal(sub->name, scim_slice("type")))
		scim_raise(SCIM_E_INVALID_FILTER, "\"%s\" cannot be searched", sub->path);
	if (sub->storage == SCIM_IN_MEMBER_OF)
		return "CASE WHEN e.direct THEN 'direct' ELSE 'indirect' END COLLATE \"C\"";
	return psprintf("(%s) COLLATE \"C\"", by_type(t, sub, false));
}

/* A comparison of one element. */
static void
put_element_compare(Translation *t, const ScimCondition *condition)
{
	const ScimAttribute *attr = condition->attr;
	pg_uuid_t  *id;

	if (attr->type == SCIM_TYPE_COMPLEX)
		scim_put_bool(t, true); /* an element is there */
	else if (condition->operand.is_null)
		appendStringInfo(&t->sql->text, "%s IS %s NULL", element_key(t, attr),
						 condition->op == SCIM_OP_EQ ? "" : "NOT");
	else if (attr == attr->parent->value && condition->op == SCIM_OP_EQ)
	{
		id = palloc(sizeof(pg_uuid_t));
		if (scim_uuid_parse(condition->operand.key, id))
			appendStringInfo(&t->sql->text, "e.id = $%d",
							 scim_sql_param(t->sql, UUIDOID, UUIDPGetDatum(id)));
		else
			scim_put_bool(t, false);
	}
	else
		scim_put_text(t, condition, element_key(t, attr));
}

/* What must hold for one and the same element. */
static void
put_element(Translation *t, const ScimCondition *condition)
{
	check_stack_depth();
	switch (condition->kind)
	{
		case SCIM_FILTER_AND:
		case SCIM_FILTER_OR:
			appendStringInfoChar(&t->sql->text, '(');
			put_element(t, condition->left);
			appendStringInfoString(&t->sql->text,
								   condition->kind == SCIM_FILTER_AND ? " AND " : " OR ");
			put_element(t, condition->right);
			appendStringInfoChar(&t->sql->text, ')');
			break;
		case SCIM_FILTER_NOT:
			appendStringInfoChar(&t->sql->text, '(');
			put_element(t, condition->left);
			appendStringInfoString(&t->sql->text, ") IS NOT TRUE");
			break;
		case SCIM_FILTER_COMPARE:
			put_element_compare(t, condition);
			break;
		case SCIM_FILTER_VALUE_PATH:
			Assert(false);		/* the grammar does not nest them */
			break;
	}
}

/* Does the condition look at how a group was reached? */
static bool
asks_for_type(const ScimCondition *condition)
{
	if (condition->kind == SCIM_FILTER_COMPARE)
		return scim_slice_equal(condition->attr->name, scim_slice("type"));
	return asks_for_type(condition->left) ||
		(condition->right != NULL && asks_for_type(condition->right));
}

/* Appends the part of a condition that can be tested before it is known how a group is reached. */
static void
put_early(Translation *t, const ScimCondition *condition)
{
	if (!asks_for_type(condition))
		put_element(t, condition);
	else if (condition->kind == SCIM_FILTER_AND)
	{
		appendStringInfoChar(&t->sql->text, '(');
		put_early(t, condition->left);
		appendStringInfoString(&t->sql->text, " AND ");
		put_early(t, condition->right);
		appendStringInfoChar(&t->sql->text, ')');
	}
	else
		scim_put_bool(t, true);
}

/* Does any element satisfy the condition? */
static bool
asks_for_presence(const ScimCondition *condition)
{
	const ScimAttribute *attr = condition->attr;

	if (condition->kind != SCIM_FILTER_COMPARE)
		return false;
	if (attr->type == SCIM_TYPE_COMPLEX)
		return true;
	return attr == attr->parent->value &&
		condition->op == (condition->operand.is_null ? SCIM_OP_NE : SCIM_OP_PR);
}

/* r is a group, and e one of its members. */
static void
put_some_member(Translation *t, const ScimCondition *condition)
{
	appendStringInfoString(&t->sql->text,
						   "EXISTS (SELECT FROM scim.membership m JOIN scim.resource e"
						   " ON e.directory_id = $1 AND e.id = m.member_id"
						   " WHERE m.directory_id = $1 AND m.group_id = r.id AND ");
	put_element(t, condition);
	appendStringInfoChar(&t->sql->text, ')');
}

/* The groups that r is in (true), and those above them (false). */
#define GROUPS_ABOVE_R \
	"WITH RECURSIVE u(id, direct) AS (SELECT m.group_id, true FROM scim.membership m" \
	" WHERE m.directory_id = $1 AND m.member_id = r.id" \
	" UNION SELECT m.group_id, false FROM u JOIN scim.membership m" \
	" ON m.directory_id = $1 AND m.member_id = u.id)"

/* r, a candidate, is below e. OFFSET keeps the planner from reading all resources to find the groups. */
static void
put_some_group_above(Translation *t, const ScimCondition *condition)
{
	appendStringInfoString(&t->sql->text,
						   "EXISTS (" GROUPS_ABOVE_R
						   " SELECT FROM (SELECT u.id, pg_catalog.bool_or(u.direct) AS direct"
						   " FROM u GROUP BY u.id) AS a CROSS JOIN LATERAL (SELECT g.id, g.type_id,"
						   " g.display_name, a.direct FROM scim.resource g"
						   " WHERE g.directory_id = $1 AND g.id = a.id OFFSET 0) AS e WHERE ");
	put_element(t, condition);
	appendStringInfoChar(&t->sql->text, ')');
}

/* Appends the types that have members. */
static void
put_group_types(Translation *t)
{
	const char *separator = "";

	for (int i = 0; i < t->schemas->ntypes; i++)
		if (t->schemas->types[i].members != NULL)
		{
			appendStringInfo(&t->sql->text, "%s%d", separator, t->schemas->types[i].type_id);
			separator = ", ";
		}
}

/*
 * r is below e.  A condition that does not ask how e was reached chooses the groups to
 * start from; one that does is tested on the pairs that come out.
 */
static void
put_some_group(Translation *t, const ScimCondition *condition)
{
	StringInfo	out = &t->sql->text;
	bool		late = asks_for_type(condition);

	appendStringInfoString(out,
						   "r.id IN (WITH RECURSIVE d(top, id, direct) AS ("
						   "SELECT e.id, m.member_id, true FROM scim.resource e JOIN scim.membership m"
						   " ON m.directory_id = $1 AND m.group_id = e.id"
						   " WHERE e.directory_id = $1 AND e.type_id IN (");
	put_group_types(t);
	appendStringInfoString(out, ") AND ");
	put_early(t, condition);
	appendStringInfoString(out,
						   " UNION SELECT d.top, m.member_id, false FROM d JOIN scim.membership m"
						   " ON m.directory_id = $1 AND m.group_id = d.id) ");
	if (!late)
	{
		appendStringInfoString(out, "SELECT d.id FROM d)");
		return;
	}
	appendStringInfoString(out,
						   "SELECT e.below FROM (SELECT d.id AS below, g.id, g.type_id, g.display_name,"
						   " pg_catalog.bool_or(d.direct) AS direct FROM d JOIN scim.resource g"
						   " ON g.directory_id = $1 AND g.id = d.top"
						   " GROUP BY d.id, g.id, g.type_id, g.display_name) AS e WHERE ");
	put_element(t, condition);
	appendStringInfoChar(out, ')');
}

/* Some element satisfies the condition. */
static void
put_some(Translation *t, const ScimAttribute *attr, const ScimCondition *condition)
{
	if (asks_for_presence(condition))
		appendStringInfo(&t->sql->text, "EXISTS (SELECT FROM scim.membership m"
						 " WHERE m.directory_id = $1 AND m.%s = r.id)",
						 attr->storage == SCIM_IN_MEMBERS ? "group_id" : "member_id");
	else if (attr->storage == SCIM_IN_MEMBERS)
		put_some_member(t, condition);
	else if (t->pin != NULL)
		put_some_group_above(t, condition);
	else
		put_some_group(t, condition);
}

/*
 * Outside brackets a comparison holds if it does for some value; ne also if there is
 * none, and null asks for that.
 */
void
scim_put_members(Translation *t, const ScimCondition *condition)
{
	const ScimAttribute *attr = condition->attr;
	ScimCondition assigned = *condition;	/* some element has a value at all */
	ScimCondition differs = {.kind = SCIM_FILTER_AND, .left = &assigned,
	.right = unconstify(ScimCondition *, condition)};
	StringInfo	out = &t->sql->text;

	if (condition->kind == SCIM_FILTER_VALUE_PATH)
	{
		put_some(t, attr, condition->left);
		return;
	}
	if (attr->parent->parent != NULL)
		attr = attr->parent;
	assigned.op = SCIM_OP_NE;
	assigned.operand.is_null = true;
	appendStringInfoChar(out, '(');
	if (condition->operand.is_null)
	{
		appendStringInfoString(out, condition->op == SCIM_OP_EQ ? "NOT " : "");
		put_some(t, attr, &assigned);
	}
	else if (condition->op == SCIM_OP_NE)
	{
		put_some(t, attr, &differs);
		appendStringInfoString(out, " OR NOT ");
		put_some(t, attr, &assigned);
	}
	else
		put_some(t, attr, condition);
	appendStringInfoChar(out, ')');
}

/* r's first member in the order in which members are told. */
static void
put_first_member(Translation *t, const ScimAttribute *sub)
{
	appendStringInfo(&t->sql->text,
					 "(SELECT %s FROM scim.membership m JOIN scim.resource e"
					 " ON e.directory_id = $1 AND e.id = m.member_id"
					 " WHERE m.directory_id = $1 AND m.group_id = r.id ORDER BY m.member_id LIMIT 1)",
					 element_key(t, sub));
}

/* The first of the groups that r is in, directly or through others. */
static void
put_first_group(Translation *t, const ScimAttribute *sub)
{
	appendStringInfo(&t->sql->text,
					 "(" GROUPS_ABOVE_R
					 " SELECT %s FROM (SELECT g.id, g.type_id, g.display_name, u.direct"
					 " FROM u JOIN scim.resource g ON g.directory_id = $1 AND g.id = u.id"
					 " ORDER BY g.id, u.direct DESC LIMIT 1) AS e)",
					 element_key(t, sub));
}

void
scim_sort_members_to_sql(ScimSql *sql, const ScimSchemaSet *schemas, const ScimAttribute *sub,
						 const char *base)
{
	Translation t = {.sql = sql, .schemas = schemas, .base = base};

	if (sub->storage == SCIM_IN_MEMBERS)
		put_first_member(&t, sub);
	else
		put_first_group(&t, sub);
}
