/*-------------------------------------------------------------------------
 *
 * jsonb.c
 *	  JSON values in memory: reading, editing, packing.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/numeric.h"

#include "util/jsonb.h"

/* Arrays of elements and pairs grow by doubling from this. */
#define FIRST_CAPACITY 4

JsonbValue *
scim_jsonb_root(Jsonb *doc)
{
	JsonbValue *value = palloc(sizeof(JsonbValue));

	value->type = jbvBinary;
	value->val.binary.data = &doc->root;
	value->val.binary.len = VARSIZE_ANY_EXHDR(doc);
	return value;
}

bool
scim_jsonb_is_object(const JsonbValue *value)
{
	return value->type == jbvObject ||
		(value->type == jbvBinary && JsonContainerIsObject(value->val.binary.data));
}

bool
scim_jsonb_is_array(const JsonbValue *value)
{
	return value->type == jbvArray ||
		(value->type == jbvBinary && JsonContainerIsArray(value->val.binary.data));
}

ScimSlice
scim_jsonb_text(const JsonbValue *string)
{
	Assert(string->type == jbvString);
	return scim_slice_of(string->val.string.val, string->val.string.len);
}

int
scim_jsonb_size(const JsonbValue *container)
{
	if (container->type == jbvArray)
		return container->val.array.nElems;
	if (container->type == jbvObject)
		return container->val.object.nPairs;
	return JsonContainerSize(container->val.binary.data);
}

/* Index of the pair with this key in an object in memory, or -1. */
static int
find_pair(const JsonbValue *object, ScimSlice key)
{
	for (int i = 0; i < object->val.object.nPairs; i++)
		if (scim_slice_equal(scim_jsonb_text(&object->val.object.pairs[i].key), key))
			return i;
	return -1;
}

JsonbValue *
scim_jsonb_get(const JsonbValue *object, ScimSlice key)
{
	int			i;

	if (object->type == jbvBinary)
	{
		if (!JsonContainerIsObject(object->val.binary.data))
			return NULL;
		return getKeyJsonValueFromContainer(object->val.binary.data, key.data, key.len, NULL);
	}
	if (object->type != jbvObject)
		return NULL;
	i = find_pair(object, key);
	return i < 0 ? NULL : &object->val.object.pairs[i].value;
}

JsonbValue *
scim_jsonb_get_ci(const JsonbValue *object, const char *name)
{
	const JsonbValue *members;

	if (!scim_jsonb_is_object(object))
		return NULL;
	members = scim_jsonb_open(object);
	for (int i = 0; i < members->val.object.nPairs; i++)
		if (scim_slice_equal_ci(scim_jsonb_text(&members->val.object.pairs[i].key), scim_slice(name)))
			return &members->val.object.pairs[i].value;
	return NULL;
}

const JsonbValue *
scim_jsonb_open(const JsonbValue *container)
{
	JsonbIterator *it;
	JsonbIteratorToken token;
	JsonbValue	value;
	JsonbValue	key = {.type = jbvNull};
	JsonbValue *result;

	if (container->type != jbvBinary)
		return container;
	result = JsonContainerIsArray(container->val.binary.data) ? scim_jsonb_new_array() :
		scim_jsonb_new_object();
	it = JsonbIteratorInit(container->val.binary.data);
	JsonbIteratorNext(&it, &value, true);
	while ((token = JsonbIteratorNext(&it, &value, true)) != WJB_DONE)
	{
		if (token == WJB_KEY)
			key = value;
		else if (token == WJB_ELEM)
			scim_jsonb_append(result, &value);
		else if (token == WJB_VALUE)
			scim_jsonb_add(result, scim_jsonb_text(&key), &value);
	}
	return result;
}

JsonbValue *
scim_jsonb_thaw(const JsonbValue *value)
{
	const JsonbValue *shallow;
	JsonbValue *result;

	check_stack_depth();
	if (scim_jsonb_is_object(value))
	{
		shallow = scim_jsonb_open(value);
		result = scim_jsonb_new_object();
		for (int i = 0; i < shallow->val.object.nPairs; i++)
			scim_jsonb_add(result, scim_jsonb_text(&shallow->val.object.pairs[i].key),
						   scim_jsonb_thaw(&shallow->val.object.pairs[i].value));
		return result;
	}
	if (scim_jsonb_is_array(value))
	{
		shallow = scim_jsonb_open(value);
		result = scim_jsonb_new_array();
		for (int i = 0; i < shallow->val.array.nElems; i++)
			scim_jsonb_append(result, scim_jsonb_thaw(&shallow->val.array.elems[i]));
		return result;
	}
	result = palloc(sizeof(JsonbValue));
	*result = *value;
	return result;
}

/* Every element of a has its own equal at the same place of b. */
static bool
arrays_equal(const JsonbValue *a, const JsonbValue *b)
{
	a = scim_jsonb_open(a);
	b = scim_jsonb_open(b);
	if (a->val.array.nElems != b->val.array.nElems)
		return false;
	for (int i = 0; i < a->val.array.nElems; i++)
		if (!scim_jsonb_equal(&a->val.array.elems[i], &b->val.array.elems[i]))
			return false;
	return true;
}

static bool
objects_equal(const JsonbValue *a, const JsonbValue *b)
{
	a = scim_jsonb_open(a);
	if (a->val.object.nPairs != scim_jsonb_size(b))
		return false;
	for (int i = 0; i < a->val.object.nPairs; i++)
	{
		JsonbValue *other = scim_jsonb_get(b, scim_jsonb_text(&a->val.object.pairs[i].key));

		if (other == NULL || !scim_jsonb_equal(&a->val.object.pairs[i].value, other))
			return false;
	}
	return true;
}

bool
scim_jsonb_equal(const JsonbValue *a, const JsonbValue *b)
{
	check_stack_depth();
	if (scim_jsonb_is_object(a))
		return scim_jsonb_is_object(b) && objects_equal(a, b);
	if (scim_jsonb_is_array(a))
		return scim_jsonb_is_array(b) && arrays_equal(a, b);
	if (a->type != b->type)
		return false;
	if (a->type == jbvString)
		return scim_slice_equal(scim_jsonb_text(a), scim_jsonb_text(b));
	if (a->type == jbvBool)
		return a->val.boolean == b->val.boolean;
	if (a->type == jbvNumeric)
		return DatumGetBool(DirectFunctionCall2(numeric_eq, NumericGetDatum(a->val.numeric),
												NumericGetDatum(b->val.numeric)));
	return true;
}

bool
scim_jsonb_to_int(const JsonbValue *value, int64 *integer)
{
	char	   *text;
	char	   *end;

	if (value->type != jbvNumeric)
		return false;
	text = DatumGetCString(DirectFunctionCall1(numeric_out, NumericGetDatum(value->val.numeric)));
	*integer = strtoll(text, &end, 10);
	return *end == '\0';
}

JsonbValue *
scim_jsonb_new_object(void)
{
	JsonbValue *value = palloc0(sizeof(JsonbValue));

	value->type = jbvObject;
	value->val.object.pairs = palloc(FIRST_CAPACITY * sizeof(JsonbPair));
	return value;
}

JsonbValue *
scim_jsonb_new_array(void)
{
	JsonbValue *value = palloc0(sizeof(JsonbValue));

	value->type = jbvArray;
	value->val.array.elems = palloc(FIRST_CAPACITY * sizeof(JsonbValue));
	return value;
}

JsonbValue *
scim_jsonb_new_string(ScimSlice text)
{
	JsonbValue *value = palloc0(sizeof(JsonbValue));

	value->type = jbvString;
	value->val.string.val = unconstify(char *, text.data);
	value->val.string.len = text.len;
	return value;
}

JsonbValue *
scim_jsonb_new_bool(bool boolean)
{
	JsonbValue *value = palloc0(sizeof(JsonbValue));

	value->type = jbvBool;
	value->val.boolean = boolean;
	return value;
}

/* Is n a capacity that FIRST_CAPACITY reaches by doubling, so that one more needs room? */
static bool
is_full(int n)
{
	return n >= FIRST_CAPACITY && (n & (n - 1)) == 0;
}

void
scim_jsonb_add(JsonbValue *object, ScimSlice key, const JsonbValue *value)
{
	int			n = object->val.object.nPairs;
	JsonbPair  *pair;

	if (is_full(n))
		object->val.object.pairs = repalloc_huge(object->val.object.pairs,
												 2 * (Size) n * sizeof(JsonbPair));
	pair = &object->val.object.pairs[object->val.object.nPairs++];
	pair->key.type = jbvString;
	pair->key.val.string.val = unconstify(char *, key.data);
	pair->key.val.string.len = key.len;
	pair->value = *value;
	pair->order = n;
}

void
scim_jsonb_put(JsonbValue *object, ScimSlice key, const JsonbValue *value)
{
	int			i = find_pair(object, key);

	if (i >= 0)
		object->val.object.pairs[i].value = *value;
	else
		scim_jsonb_add(object, key, value);
}

void
scim_jsonb_remove(JsonbValue *object, ScimSlice key)
{
	int			i = find_pair(object, key);
	JsonbPair  *pairs = object->val.object.pairs;

	if (i < 0)
		return;
	memmove(&pairs[i], &pairs[i + 1], (object->val.object.nPairs - i - 1) * sizeof(JsonbPair));
	object->val.object.nPairs--;
}

void
scim_jsonb_append(JsonbValue *array, const JsonbValue *value)
{
	int			n = array->val.array.nElems;

	if (is_full(n))
		array->val.array.elems = repalloc_huge(array->val.array.elems,
											   2 * (Size) n * sizeof(JsonbValue));
	array->val.array.elems[array->val.array.nElems++] = *value;
}

void
scim_jsonb_remove_at(JsonbValue *array, int index)
{
	JsonbValue *elems = array->val.array.elems;

	memmove(&elems[index], &elems[index + 1],
			(array->val.array.nElems - index - 1) * sizeof(JsonbValue));
	array->val.array.nElems--;
}

/* jsonb's own order of keys: by length, then by bytes. */
static int
compare_pairs(const void *a, const void *b)
{
	const JsonbValue *left = &((const JsonbPair *) a)->key;
	const JsonbValue *right = &((const JsonbPair *) b)->key;

	if (left->val.string.len != right->val.string.len)
		return left->val.string.len < right->val.string.len ? -1 : 1;
	return memcmp(left->val.string.val, right->val.string.val, left->val.string.len);
}

/* Sorts every object of the tree, and opens windows, which a stored jsonb cannot hold. */
static void
seal(JsonbValue *value)
{
	check_stack_depth();
	if (value->type == jbvBinary)
		*value = *scim_jsonb_thaw(value);
	if (value->type == jbvArray)
		for (int i = 0; i < value->val.array.nElems; i++)
			seal(&value->val.array.elems[i]);
	if (value->type != jbvObject)
		return;
	qsort(value->val.object.pairs, value->val.object.nPairs, sizeof(JsonbPair), compare_pairs);
	for (int i = 0; i < value->val.object.nPairs; i++)
		seal(&value->val.object.pairs[i].value);
}

Jsonb *
scim_jsonb_pack(JsonbValue *value)
{
	seal(value);
	return JsonbValueToJsonb(value);
}
