/*-------------------------------------------------------------------------
 *
 * resource_members.c
 *	  Memberships: rows of scim.membership, read and written by set.
 *
 * A group's members are never read to change some of them, so that a change costs
 * the same in a group of ten and of a hundred thousand.  Member rows are written in
 * the order of ids and below the lock of the group's row.
 *
 * Statements are kept with a generic plan, and a planner that does not know how many rows a list
 * of ids or a group has would read all of scim.resource for some.  A look-up by LATERAL with
 * OFFSET 0 and a NOT IN have one plan only, which is right for any number.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/memutils.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"

#include "resource/resource_int.h"
#include "util/jsonb.h"
#include "util/plan.h"
#include "util/throw.h"
#include "util/uuid.h"

/*
 * Advisory locks per directory, first keys.  Adding members shares MEMBERSHIP_LOCK and deleting a
 * resource has it alone, so that no membership survives its member; a lock on each member's
 * row would say the same at twenty times the write-ahead log.  Both are taken before rows.
 */
#define MEMBERSHIP_LOCK 1935894892
#define NESTING_LOCK 1935894893

/* A member that is not there (null) or, failing that, one that is a group. */
static ScimStatement find_special = {
	"SELECT m.id, r.type_id FROM pg_catalog.unnest($2) AS m(id) LEFT JOIN LATERAL"
	" (SELECT type_id FROM scim.resource WHERE directory_id = $1 AND id = m.id OFFSET 0) AS r ON true"
	" WHERE r.type_id IS NULL OR r.type_id = $3 ORDER BY r.type_id NULLS FIRST LIMIT 1",
	3, {INT4OID, UUIDARRAYOID, INT2OID}
};

static ScimStatement insert_members = {
	"INSERT INTO scim.membership (directory_id, group_id, member_id, member_type,"
	" managed, credential_id, request_id)"
	" SELECT $1, $2, m.id, r.type_id, $4, $5, $6 FROM (SELECT pg_catalog.unnest($3) AS id ORDER BY 1) AS m"
	" CROSS JOIN LATERAL"
	" (SELECT type_id FROM scim.resource WHERE directory_id = $1 AND id = m.id OFFSET 0) AS r"
	" ON CONFLICT DO NOTHING",
	6, {INT4OID, UUIDOID, UUIDARRAYOID, BOOLOID, UUIDOID, TEXTOID}
};

static ScimStatement delete_members = {
	"DELETE FROM scim.membership WHERE directory_id = $1 AND group_id = $2 AND member_id = ANY ($3)",
	3, {INT4OID, UUIDOID, UUIDARRAYOID}
};

static ScimStatement delete_but = {
	"DELETE FROM scim.membership WHERE directory_id = $1 AND group_id = $2 AND member_id = ANY ($3)"
	" AND member_id <> ALL ($4)",
	4, {INT4OID, UUIDOID, UUIDARRAYOID, UUIDARRAYOID}
};

static ScimStatement delete_others = {
	"DELETE FROM scim.membership WHERE directory_id = $1 AND group_id = $2"
	" AND member_id NOT IN (SELECT pg_catalog.unnest($3))",
	3, {INT4OID, UUIDOID, UUIDARRAYOID}
};

static ScimStatement count_members = {
	"SELECT pg_catalog.count(*) FROM (SELECT FROM scim.membership"
	" WHERE directory_id = $1 AND group_id = $2 LIMIT $3) AS m",
	3, {INT4OID, UUIDOID, INT8OID}
};

/* Is the group reachable downwards from one of these members? Then they would close a circle. */
static ScimStatement find_circle = {
	"WITH RECURSIVE below(id) AS (SELECT pg_catalog.unnest($3) UNION"
	" SELECT m.member_id FROM below b CROSS JOIN LATERAL (SELECT member_id FROM scim.membership"
	" WHERE directory_id = $1 AND group_id = b.id AND member_type = $4 OFFSET 0) AS m)"
	" SELECT FROM below WHERE id = $2",
	4, {INT4OID, UUIDOID, UUIDARRAYOID, INT2OID}
};

static ScimStatement select_members = {
	"SELECT m.member_id, m.member_type, r.display_name FROM scim.membership m CROSS JOIN LATERAL"
	" (SELECT display_name FROM scim.resource WHERE directory_id = $1 AND id = m.member_id OFFSET 0) AS r"
	" WHERE m.directory_id = $1 AND m.group_id = $2 ORDER BY m.member_id",
	2, {INT4OID, UUIDOID}
};

/* The same of these members alone. */
static ScimStatement select_some = {
	"SELECT m.member_id, m.member_type, r.display_name FROM scim.membership m"
	" JOIN scim.resource r ON r.directory_id = $1 AND r.id = m.member_id"
	" WHERE m.directory_id = $1 AND m.group_id = $2 AND m.member_id = ANY ($3)",
	3, {INT4OID, UUIDOID, UUIDARRAYOID}
};

static ScimStatement touch_groups = {
	"UPDATE scim.resource SET version = version + 1, last_modified = pg_catalog.clock_timestamp()"
	" WHERE directory_id = $1 AND id = ANY (ARRAY(SELECT g.id FROM"
	" (SELECT group_id FROM scim.membership WHERE directory_id = $1 AND member_id = $2 ORDER BY group_id) AS m"
	" CROSS JOIN LATERAL (SELECT id FROM scim.resource WHERE directory_id = $1 AND id = m.group_id"
	" FOR NO KEY UPDATE OFFSET 0) AS g))",
	2, {INT4OID, UUIDOID}
};

static ScimStatement forget_member = {
	"DELETE FROM scim.membership WHERE directory_id = $1 AND member_id = $2", 2, {INT4OID, UUIDOID}
};

static ScimStatement forget_group = {
	"DELETE FROM scim.membership WHERE directory_id = $1 AND group_id = $2", 2, {INT4OID, UUIDOID}
};

SCIM_NORETURN static void raise_missing(const ScimResource *group, ScimSlice id);

static void
raise_missing(const ScimResource *group, ScimSlice id)
{
	scim_raise(SCIM_E_INVALID_VALUE, "\"%s\": there is no resource with the id \"%.*s\"",
			   group->type->members->path, (int) Min(id.len, 80), id.data);
}

/* Ids as sent to an array; one that is no id of ours is skipped or, with must_exist, refused. */
static Datum
read_ids(const ScimResource *group, const ScimMemberStep *step, bool must_exist)
{
	Datum	   *ids = palloc((step->nids + 1) * sizeof(Datum));
	int			n = 0;

	for (int i = 0; i < step->nids; i++)
	{
		pg_uuid_t  *id = palloc(sizeof(pg_uuid_t));

		if (scim_uuid_parse(step->ids[i], id))
			ids[n++] = UUIDPGetDatum(id);
		else if (must_exist)
			raise_missing(group, step->ids[i]);
	}
	return scim_uuid_array(ids, n);
}

/* Refuses members that hold the group, directly or further down. */
static void
check_circle(const ScimContext *context, const ScimResource *group, Datum ids)
{
	Datum		directory = Int32GetDatum(context->directory->id);
	Datum		values[4] = {directory, UUIDPGetDatum(&group->id), ids,
	Int16GetDatum(group->type->type_id)};

	/* one at a time per directory: two could close a circle that neither sees */
	DirectFunctionCall2(pg_advisory_xact_lock_int4, Int32GetDatum(NESTING_LOCK), directory);
	if (scim_execute(&find_circle, values, NULL) > 0)
		scim_raise(SCIM_E_INVALID_VALUE, "\"%s\": a group cannot be a member of itself, not even through others",
				   group->type->members->path);
}

/* Members must exist in this directory: the same answer for an id of another one. */
static void
check_members(const ScimContext *context, const ScimResource *group, Datum ids)
{
	Datum		values[3] = {Int32GetDatum(context->directory->id), ids,
	Int16GetDatum(group->type->type_id)};
	char		text[SCIM_UUID_SIZE];
	bool		is_missing;

	if (scim_execute(&find_special, values, NULL) == 0)
		return;
	(void) scim_column(0, 2, &is_missing);
	scim_uuid_print(DatumGetUUIDP(scim_value(0, 1)), text);
	if (is_missing)
		raise_missing(group, scim_slice(text));
	check_circle(context, group, ids);
}

static bool
add_members(const ScimContext *context, const ScimResource *group, Datum ids)
{
	Datum		values[6] = {Int32GetDatum(context->directory->id), UUIDPGetDatum(&group->id), ids};
	char		nulls[6] = {' ', ' ', ' ', ' ', ' ', ' '};

	scim_members_share(context);
	check_members(context, group, ids);
	scim_origin_set(context, values, nulls, 3);
	return scim_execute(&insert_members, values, nulls) > 0;
}

static bool
remove_members(const ScimContext *context, const ScimResource *group, Datum ids,
			   ScimStatement *statement)
{
	Datum		values[3] = {Int32GetDatum(context->directory->id), UUIDPGetDatum(&group->id), ids};

	return scim_execute(statement, values, NULL) > 0;
}

static const ScimResourceType *
find_type(const ScimContext *context, int16 type_id)
{
	const ScimSchemaSet *schemas = context->directory->schemas;

	for (int i = 0; i < schemas->ntypes; i++)
		if (schemas->types[i].type_id == type_id)
			return &schemas->types[i];
	return NULL;
}

/* A member as the object that a value filter sees. */
static JsonbValue *
member_value(const ScimContext *context, const ScimAttribute *attr, uint64 row)
{
	JsonbValue *member = scim_jsonb_new_object();
	char	   *id = palloc(SCIM_UUID_SIZE);
	char	   *display = scim_text(row, 3, CurrentMemoryContext);
	const ScimResourceType *type = find_type(context, DatumGetInt16(scim_value(row, 2)));

	scim_uuid_print(DatumGetUUIDP(scim_value(row, 1)), id);
	scim_jsonb_put(member, attr->value->name, scim_jsonb_new_string(scim_slice(id)));
	if (type != NULL)
	{
		scim_jsonb_put(member, scim_slice("type"), scim_jsonb_new_string(type->name));
		scim_jsonb_put(member, scim_slice("$ref"),
					   scim_jsonb_new_string(scim_slice(psprintf("%s/%s/%s", context->base,
																 type->endpoint.data, id))));
	}
	if (display != NULL)
		scim_jsonb_put(member, scim_slice("display"), scim_jsonb_new_string(scim_slice(display)));
	return member;
}

/* The term `value eq "id"` if all that the filter chooses must satisfy it; then no other member is looked at. */
static const ScimCondition *
find_named(const ScimAttribute *attr, const ScimCondition *where)
{
	const ScimCondition *named = NULL;

	if (where->kind == SCIM_FILTER_AND)
	{
		named = find_named(attr, where->left);
		return named != NULL ? named : find_named(attr, where->right);
	}
	if (where->kind == SCIM_FILTER_COMPARE && where->op == SCIM_OP_EQ && where->attr == attr->value &&
		!where->operand.is_null)
		named = where;
	return named;
}

/* Ids of the members for which a condition holds. */
static Datum
select_where(const ScimContext *context, const ScimResource *group, const ScimCondition *where)
{
	const ScimAttribute *attr = group->type->members;
	const ScimCondition *named = find_named(attr, where);
	Datum		values[3] = {Int32GetDatum(context->directory->id), UUIDPGetDatum(&group->id)};
	Datum	   *ids;
	Datum		result;
	uint64		n;
	int			found = 0;

	if (named != NULL)
	{
		ScimMemberStep step = {.nids = 1, .ids = unconstify(ScimSlice *, &named->operand.key)};

		values[2] = read_ids(group, &step, false);
	}
	n = scim_execute(named != NULL ? &select_some : &select_members, values, NULL);
	ids = palloc((n + 1) * sizeof(Datum));
	for (uint64 row = 0; row < n; row++)
		if (scim_filter_matches(where, member_value(context, attr, row)))
			ids[found++] = scim_value(row, 1);
	result = scim_uuid_array(ids, found);
	SPI_freetuptable(SPI_tuptable);
	return result;
}

/* Ids to remove: `value eq "id"` needs no look at all, whether it is a member or not. */
static Datum
select_removed(const ScimContext *context, const ScimResource *group, const ScimMemberStep *step)
{
	ScimMemberStep lone = {.nids = 1, .ids = &step->where->operand.key};

	if (find_named(group->type->members, step->where) == step->where)
		return read_ids(group, &lone, false);
	return select_where(context, group, step->where);
}

/* Ids of the members for which a condition holds; there is at least one. */
static Datum
select_some_where(const ScimContext *context, const ScimResource *group, const ScimCondition *where)
{
	Datum		ids = select_where(context, group, where);

	if (ARR_NDIM(DatumGetArrayTypeP(ids)) == 0)
		scim_raise(SCIM_E_NO_TARGET, "no value of \"%s\" matches the filter",
				   group->type->members->path);
	return ids;
}

/* Adds the member that a filter describes; it must then be as described. */
static bool
add_described(const ScimContext *context, const ScimResource *group, const ScimMemberStep *step)
{
	bool		added = step->nids > 0 && add_members(context, group, read_ids(group, step, true));

	(void) select_some_where(context, group, step->where);
	if (step->nids == 0)
		scim_raise(SCIM_E_MUTABILITY, "\"%s\" can be added and removed, not changed",
				   group->type->members->path);
	return added;
}

/* Puts one member in place of those that a filter chooses; it may be among them. */
static bool
replace_chosen(const ScimContext *context, const ScimResource *group, const ScimMemberStep *step)
{
	Datum		ids = read_ids(group, step, true);
	Datum		values[4] = {Int32GetDatum(context->directory->id), UUIDPGetDatum(&group->id),
		select_some_where(context, group, step->where), ids};
	bool		removed = scim_execute(&delete_but, values, NULL) > 0;

	return add_members(context, group, ids) || removed;
}

static bool
apply_step(const ScimContext *context, const ScimResource *group, const ScimMemberStep *step)
{
	Datum		ids;
	bool		removed;

	switch (step->action)
	{
		case SCIM_MEMBERS_ADD:
			return add_members(context, group, read_ids(group, step, true));
		case SCIM_MEMBERS_ADD_WHERE:
			return add_described(context, group, step);
		case SCIM_MEMBERS_REMOVE:
			return remove_members(context, group, read_ids(group, step, false), &delete_members);
		case SCIM_MEMBERS_REMOVE_WHERE:
			return remove_members(context, group, select_removed(context, group, step),
								  &delete_members);
		case SCIM_MEMBERS_REPLACE:
			ids = read_ids(group, step, true);
			removed = remove_members(context, group, ids, &delete_others);
			return add_members(context, group, ids) || removed;
		case SCIM_MEMBERS_REPLACE_WHERE:
			return replace_chosen(context, group, step);
	}
	return false;
}

bool
scim_members_apply(const ScimContext *context, const ScimResource *group, List *steps)
{
	ListCell   *cell;
	bool		changed = false;

	foreach(cell, steps)
	{
		MemoryContext step = AllocSetContextCreate(CurrentMemoryContext, "scim member step",
												   ALLOCSET_SMALL_SIZES);
		MemoryContext caller = MemoryContextSwitchTo(step);

		CHECK_FOR_INTERRUPTS();
		changed |= apply_step(context, group, lfirst(cell));
		MemoryContextSwitchTo(caller);
		MemoryContextDelete(step);
	}
	return changed;
}

void
scim_members_share(const ScimContext *context)
{
	DirectFunctionCall2(pg_advisory_xact_lock_shared_int4, Int32GetDatum(MEMBERSHIP_LOCK),
						Int32GetDatum(context->directory->id));
}

void
scim_members_lock(const ScimContext *context)
{
	DirectFunctionCall2(pg_advisory_xact_lock_int4, Int32GetDatum(MEMBERSHIP_LOCK),
						Int32GetDatum(context->directory->id));
}

void
scim_members_forget(const ScimContext *context, const ScimResource *resource)
{
	Datum		values[2] = {Int32GetDatum(context->directory->id), UUIDPGetDatum(&resource->id)};

	scim_execute(&touch_groups, values, NULL);
	scim_execute(&forget_member, values, NULL);
	if (resource->type->members != NULL)
		scim_execute(&forget_group, values, NULL);
}

void
scim_reference_render(StringInfo out, const ScimContext *context, const ScimAttribute *attr,
				 const pg_uuid_t *id, int16 type_id, const char *type_text, const char *display,
				 const bool *shows)
{
	char		text[SCIM_UUID_SIZE];
	const ScimResourceType *type = find_type(context, type_id);

	scim_uuid_print(id, text);
	appendStringInfoChar(out, '{');
	for (int i = 0; i < attr->nsubs; i++)
	{
		const char *name = attr->subs[i]->name.data;
		const char *value = NULL;

		if (shows != NULL && !shows[attr->subs[i]->index])
			continue;
		if (attr->subs[i] == attr->value)
			value = text;
		else if (strcmp(name, "$ref") == 0 && type != NULL)
			value = psprintf("%s/%s/%s", context->base, type->endpoint.data, text);
		else if (strcmp(name, "type") == 0)
			value = type_text != NULL ? type_text : type == NULL ? NULL : type->name.data;
		else if (strcmp(name, "display") == 0)
			value = display;
		if (value == NULL)
			continue;
		scim_render_name(out, attr->subs[i]->name);
		scim_json_write_string(out, scim_slice(value));
	}
	appendStringInfoChar(out, '}');
}

/* Counts no further than it must. */
bool
scim_resource_is_large(const ScimContext *context, const ScimResource *resource)
{
	int			limit = context->directory->settings.answer_group_patch;
	Datum		values[3] = {Int32GetDatum(context->directory->id), UUIDPGetDatum(&resource->id),
							 Int64GetDatum(limit)};

	if (resource->type->members == NULL)
		return false;
	(void) scim_query(&count_members, values, NULL);
	return DatumGetInt64(scim_value(0, 1)) == limit;
}

void
scim_members_render(StringInfo out, const ScimContext *context, const ScimResource *group,
					const bool *shows)
{
	const ScimAttribute *attr = group->type->members;
	Datum		values[2] = {Int32GetDatum(context->directory->id), UUIDPGetDatum(&group->id)};
	uint64		n = scim_query(&select_members, values, NULL);

	if (n == 0)
		return;
	scim_render_name(out, attr->name);
	appendStringInfoChar(out, '[');
	for (uint64 row = 0; row < n; row++)
	{
		if (row > 0)
			appendStringInfoChar(out, ',');
		scim_reference_render(out, context, attr, DatumGetUUIDP(scim_value(row, 1)),
							  DatumGetInt16(scim_value(row, 2)), NULL,
							  scim_text(row, 3, CurrentMemoryContext), shows);
	}
	appendStringInfoChar(out, ']');
}
