/*-------------------------------------------------------------------------
 *
 * bulk_reference.c
 *	  bulkIds (RFC 7644 section 3.7.2): "bulkId:x" in data and paths becomes an id.
 *
 * Any string of data that is a reference as a whole is one, at any depth and in
 * extensions too; so is a literal of the filter in the path of a PATCH.  One that means no POST of the request, or two, fails its operation:
 * a guess could put the wrong user into a group.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "miscadmin.h"

#include "bulk/bulk_int.h"
#include "util/jsonb.h"

#define PREFIX "bulkId:"
#define PREFIX_LEN (sizeof(PREFIX) - 1)

/* Any total order does: it is for looking bulkIds up. */
static int
compare_text(ScimSlice a, ScimSlice b)
{
	if (a.len != b.len)
		return a.len < b.len ? -1 : 1;
	return memcmp(a.data, b.data, a.len);
}

/* Orders POSTs by bulkId, those of the same in the order of the request. */
static int
compare_posts(const void *a, const void *b)
{
	const ScimBulkOperation *left = *(ScimBulkOperation *const *) a;
	const ScimBulkOperation *right = *(ScimBulkOperation *const *) b;
	int			order = compare_text(left->bulk_id, right->bulk_id);

	return order != 0 ? order : left < right ? -1 : left > right;
}

/* Gives every POST with a bulkId its id, even one that will fail: references to it say so. */
static void
collect_posts(ScimBulk *bulk)
{
	bulk->posts = palloc(bulk->noperations * sizeof(ScimBulkOperation *));
	for (int i = 0; i < bulk->noperations; i++)
	{
		ScimBulkOperation *operation = &bulk->operations[i];

		if (!scim_slice_equal_ci(operation->method_text, scim_slice("POST")) ||
			operation->bulk_id.len == 0)
			continue;
		scim_uuid_make(&operation->new_id);
		scim_uuid_print(&operation->new_id, operation->new_id_text);
		bulk->posts[bulk->nposts++] = operation;
	}
	qsort(bulk->posts, bulk->nposts, sizeof(ScimBulkOperation *), compare_posts);
}

/* A bulkId belongs to the first POST that has it. */
static void
refuse_repeated(ScimBulk *bulk)
{
	int			kept = 0;

	for (int i = 0; i < bulk->nposts; i++)
	{
		ScimBulkOperation *first = kept == 0 ? NULL : bulk->posts[kept - 1];

		if (first == NULL || compare_text(first->bulk_id, bulk->posts[i]->bulk_id) != 0)
		{
			bulk->posts[kept++] = bulk->posts[i];
			continue;
		}
		first->is_ambiguous = true;
		scim_bulk_fail(bulk->posts[i], SCIM_E_INVALID_VALUE,
					   "an earlier operation of this request has the same \"bulkId\"");
	}
	bulk->nposts = kept;
}

/* The first POST with the bulkId, or NULL. */
static ScimBulkOperation *
find_post(const ScimBulk *bulk, ScimSlice bulk_id)
{
	int			low = 0;
	int			high = bulk->nposts;

	while (low < high)
	{
		int			middle = low + (high - low) / 2;
		int			order = compare_text(bulk->posts[middle]->bulk_id, bulk_id);

		if (order == 0)
			return bulk->posts[middle];
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

/* Puts the id in the place of a reference; other text stays. */
static void
resolve_text(ScimBulk *bulk, ScimBulkOperation *operation, ScimSlice *text)
{
	ScimSlice	bulk_id;
	ScimSlice	quoted;
	ScimBulkOperation *target;

	if (text->len < PREFIX_LEN || memcmp(text->data, PREFIX, PREFIX_LEN) != 0)
		return;
	bulk_id = scim_slice_of(text->data + PREFIX_LEN, text->len - PREFIX_LEN);
	quoted = scim_slice_clip(bulk_id, 80);
	target = find_post(bulk, bulk_id);
	if (target == NULL)
		scim_bulk_fail(operation, SCIM_E_CONFLICT, "no POST of this request has the bulkId \"%.*s\"",
					   (int) quoted.len, quoted.data);
	else if (target->is_ambiguous)
		scim_bulk_fail(operation, SCIM_E_CONFLICT,
					   "more than one POST of this request has the bulkId \"%.*s\"",
					   (int) quoted.len, quoted.data);
	else
	{
		*text = scim_slice(target->new_id_text);
		operation->references = lappend(operation->references, target);
	}
}

/* Puts ids in the place of references that are literals of the filter in a PATCH path. */
static void
resolve_path(ScimBulk *bulk, ScimBulkOperation *operation, JsonbValue *path)
{
	ScimSlice	text = scim_jsonb_text(path);
	StringInfoData out;

	initStringInfo(&out);
	for (size_t i = 0; i < text.len; i++)
	{
		const char *end = text.data[i] != '"' ? NULL :
			memchr(text.data + i + 1, '"', text.len - i - 1);
		ScimSlice	literal;

		appendStringInfoChar(&out, text.data[i]);
		if (end == NULL)
			continue;
		literal = scim_slice_of(text.data + i + 1, end - text.data - i - 1);
		i += literal.len + 1;
		resolve_text(bulk, operation, &literal);
		appendStringInfo(&out, "%.*s\"", (int) literal.len, literal.data);
	}
	path->val.string.val = out.data;
	path->val.string.len = out.len;
}

/* The same for every string of a value. */
static void
resolve_value(ScimBulk *bulk, ScimBulkOperation *operation, JsonbValue *value)
{
	check_stack_depth();
	CHECK_FOR_INTERRUPTS();
	if (value->type == jbvString)
	{
		ScimSlice	text = scim_jsonb_text(value);

		resolve_text(bulk, operation, &text);
		value->val.string.val = unconstify(char *, text.data);
		value->val.string.len = text.len;
	}
	else if (value->type == jbvArray)
	{
		for (int i = 0; i < value->val.array.nElems; i++)
			resolve_value(bulk, operation, &value->val.array.elems[i]);
	}
	else if (value->type == jbvObject)
	{
		for (int i = 0; i < value->val.object.nPairs; i++)
		{
			JsonbPair  *pair = &value->val.object.pairs[i];

			if (operation->method == SCIM_BULK_PATCH && pair->value.type == jbvString &&
				scim_slice_equal_ci(scim_jsonb_text(&pair->key), scim_slice("path")))
				resolve_path(bulk, operation, &pair->value);
			else
				resolve_value(bulk, operation, &pair->value);
		}
	}
}

void
scim_bulk_resolve(ScimBulk *bulk)
{
	collect_posts(bulk);
	refuse_repeated(bulk);
	for (int i = 0; i < bulk->noperations; i++)
	{
		ScimBulkOperation *operation = &bulk->operations[i];

		if (!scim_bulk_is_sound(operation))
			continue;
		resolve_text(bulk, operation, &operation->id);
		if (operation->data != NULL)
			resolve_value(bulk, operation, operation->data);
		if (!scim_bulk_is_sound(operation))
			operation->references = NIL;	/* it will not run, so it waits for nothing */
	}
}
