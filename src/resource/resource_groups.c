/*-------------------------------------------------------------------------
 *
 * resource_groups.c
 *	  The groups that resources are members of, directly and through other groups
 *	  (RFC 7643 section 4.1.2, "groups").
 *
 * Those of a whole page are read together: pairs of member and group first, then what is said of
 * each group, once however many members of the page it has.  Only where one of these groups
 * is a member itself are the pairs read again, upwards to the top.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/array.h"
#include "utils/builtins.h"

#include "resource/resource_int.h"
#include "util/jsonb.h"
#include "util/plan.h"
#include "util/uuid.h"

static ScimStatement select_direct = {
	"SELECT m.member_id, m.group_id, true FROM scim.membership m"
	" WHERE m.directory_id = $1 AND m.member_id = ANY ($2)",
	2, {INT4OID, UUIDARRAYOID}
};

/* Direct groups (true) and those above them (false); direct wins. */
static ScimStatement select_up = {
	"WITH RECURSIVE up(member_id, group_id, direct) AS ("
	" SELECT m.member_id, m.group_id, true FROM scim.membership m"
	" WHERE m.directory_id = $1 AND m.member_id = ANY ($2)"
	" UNION SELECT u.member_id, m.group_id, false FROM up u CROSS JOIN LATERAL"
	" (SELECT group_id FROM scim.membership WHERE directory_id = $1 AND member_id = u.group_id OFFSET 0) AS m)"
	" SELECT u.member_id, u.group_id, pg_catalog.bool_or(u.direct) FROM up u"
	" GROUP BY u.member_id, u.group_id",
	2, {INT4OID, UUIDARRAYOID}
};

/* What is said of groups, and whether they are members themselves. */
static ScimStatement select_groups = {
	"SELECT r.id, r.type_id, r.display_name, EXISTS"
	" (SELECT FROM scim.membership m WHERE m.directory_id = $1 AND m.member_id = r.id OFFSET 0)"
	" FROM scim.resource r WHERE r.directory_id = $1 AND r.id = ANY ($2) ORDER BY r.id",
	2, {INT4OID, UUIDARRAYOID}
};

typedef struct GroupEntry
{
	pg_uuid_t	id;
	int16		type_id;
	char	   *display;		/* NULL when absent */
	const ScimAttribute *attr;	/* that text was made for */
	StringInfo	text[2];		/* the reference, indirect and direct; NULL until it is needed */
} GroupEntry;

/* That a member belongs to a group. */
typedef struct Pair
{
	pg_uuid_t	member;
	pg_uuid_t	group;
	bool		direct;
} Pair;

struct ScimGroups
{
	uint64		npairs;
	Pair	   *pairs;			/* in the order of members, then groups */
	uint64		ngroups;
	GroupEntry	   *groups;			/* in the order of ids */
};

static int
compare_ids(const void *a, const void *b)
{
	return memcmp(a, b, UUID_LEN);
}

/* Members, then groups, as they follow one another in a pair. */
static int
compare_pairs(const void *a, const void *b)
{
	return memcmp(a, b, 2 * UUID_LEN);
}

/* Most often the rows come in order, as the index has them, which the planner does not know. */
static void
sort_pairs(ScimGroups *groups)
{
	for (uint64 i = 1; i < groups->npairs; i++)
		if (compare_pairs(&groups->pairs[i - 1], &groups->pairs[i]) > 0)
		{
			qsort(groups->pairs, groups->npairs, sizeof(Pair), compare_pairs);
			return;
		}
}

static void
read_pairs(ScimGroups *groups, ScimStatement *statement, Datum *values)
{
	groups->npairs = scim_query(statement, values, NULL);
	groups->pairs = palloc_extended((groups->npairs + 1) * sizeof(Pair), MCXT_ALLOC_HUGE);
	for (uint64 row = 0; row < groups->npairs; row++)
	{
		groups->pairs[row].member = *DatumGetUUIDP(scim_value(row, 1));
		groups->pairs[row].group = *DatumGetUUIDP(scim_value(row, 2));
		groups->pairs[row].direct = DatumGetBool(scim_value(row, 3));
	}
	sort_pairs(groups);
}

/* The ids of the groups of all pairs, each once. */
static Datum
group_ids(const ScimGroups *groups)
{
	pg_uuid_t  *ids = palloc_extended((groups->npairs + 1) * sizeof(pg_uuid_t), MCXT_ALLOC_HUGE);
	Datum	   *elements = palloc_extended((groups->npairs + 1) * sizeof(Datum), MCXT_ALLOC_HUGE);
	uint64		n = 0;

	for (uint64 i = 0; i < groups->npairs; i++)
		ids[i] = groups->pairs[i].group;
	qsort(ids, groups->npairs, sizeof(pg_uuid_t), compare_ids);
	for (uint64 i = 0; i < groups->npairs; i++)
		if (n == 0 || compare_ids(&ids[i], DatumGetUUIDP(elements[n - 1])) != 0)
			elements[n++] = UUIDPGetDatum(&ids[i]);
	return scim_uuid_array(elements, (int) n);
}

/* Reads what is said of the groups of all pairs; true if one of them is a member itself. */
static bool
read_groups(ScimGroups *groups, Datum *values)
{
	bool		is_nested = false;

	values[1] = group_ids(groups);
	groups->ngroups = scim_query(&select_groups, values, NULL);
	groups->groups = palloc_extended((groups->ngroups + 1) * sizeof(GroupEntry),
									 MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
	for (uint64 row = 0; row < groups->ngroups; row++)
	{
		groups->groups[row].id = *DatumGetUUIDP(scim_value(row, 1));
		groups->groups[row].type_id = DatumGetInt16(scim_value(row, 2));
		groups->groups[row].display = scim_text(row, 3, CurrentMemoryContext);
		is_nested |= DatumGetBool(scim_value(row, 4));
	}
	return is_nested;
}

/* Reads the groups of these members, and all above them if one is a member itself. */
static void
complete(ScimGroups *groups, const ScimContext *context, Datum members)
{
	Datum		values[2] = {Int32GetDatum(context->directory->id)};

	if (groups->npairs == 0 || !read_groups(groups, values))
		return;
	values[1] = members;
	read_pairs(groups, &select_up, values);
	(void) read_groups(groups, values);
}

ScimGroups *
scim_groups_of(const ScimContext *context, const ScimResource *resource)
{
	ScimGroups *groups;
	Datum		member = UUIDPGetDatum(&resource->id);
	Datum	   *ids;
	int			n;

	if (resource->group_ids == NULL || ARR_NDIM(resource->group_ids) == 0)
		return NULL;
	deconstruct_array(resource->group_ids, UUIDOID, UUID_LEN, false, TYPALIGN_CHAR, &ids, NULL, &n);
	groups = palloc0(sizeof(ScimGroups));
	groups->pairs = palloc_extended(n * sizeof(Pair), MCXT_ALLOC_HUGE);
	for (int i = 0; i < n; i++)
		groups->pairs[groups->npairs++] = (Pair) {resource->id, *DatumGetUUIDP(ids[i]), true};
	sort_pairs(groups);
	complete(groups, context, scim_uuid_array(&member, 1));
	return groups;
}

ScimGroups *
scim_groups_load(const ScimContext *context, const ScimResource *resources, int nresources)
{
	ScimGroups *groups = palloc0(sizeof(ScimGroups));
	Datum	   *ids = palloc(nresources * sizeof(Datum));
	Datum		values[2] = {Int32GetDatum(context->directory->id)};

	for (int i = 0; i < nresources; i++)
		ids[i] = UUIDPGetDatum(&resources[i].id);
	values[1] = scim_uuid_array(ids, nresources);
	read_pairs(groups, &select_direct, values);
	complete(groups, context, values[1]);
	return groups;
}

/* The first pair of this member, or where it would be. */
static uint64
first_pair(const ScimGroups *groups, const pg_uuid_t *member)
{
	uint64		low = 0;
	uint64		high = groups->npairs;

	while (low < high)
	{
		uint64		middle = low + (high - low) / 2;

		if (compare_ids(&groups->pairs[middle].member, member) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* The reference to a group, which all members of the page share; NULL if it has just been deleted. */
static StringInfo
reference_text(const ScimContext *context, const ScimGroups *groups, const Pair *pair,
			   const ScimAttribute *attr, const bool *shows)
{
	GroupEntry	   *group = bsearch(&pair->group, groups->groups, groups->ngroups, sizeof(GroupEntry),
								compare_ids);

	if (group == NULL)
		return NULL;
	if (group->attr != attr)	/* members of another type */
		group->text[false] = group->text[true] = NULL;
	group->attr = attr;
	if (group->text[pair->direct] == NULL)
	{
		group->text[pair->direct] = makeStringInfo();
		scim_reference_render(group->text[pair->direct], context, attr, &group->id, group->type_id,
							  pair->direct ? "direct" : "indirect", group->display, shows);
	}
	return group->text[pair->direct];
}

void
scim_groups_render(StringInfo out, const ScimContext *context, ScimGroups *groups,
				   const ScimResource *resource, const bool *shows)
{
	const ScimAttribute *attr = resource->type->member_of;
	int			shown = 0;

	for (uint64 i = first_pair(groups, &resource->id);
		 i < groups->npairs && compare_ids(&groups->pairs[i].member, &resource->id) == 0; i++)
	{
		StringInfo	text = reference_text(context, groups, &groups->pairs[i], attr, shows);

		if (text == NULL)
			continue;
		if (shown++ == 0)
		{
			scim_render_name(out, attr->name);
			appendStringInfoChar(out, '[');
		}
		else
			appendStringInfoChar(out, ',');
		appendBinaryStringInfo(out, text->data, text->len);
	}
	if (shown > 0)
		appendStringInfoChar(out, ']');
}
