/*-------------------------------------------------------------------------
 *
 * schema_compile.c
 *	  Schema definitions (RFC 7643 section 7, as jsonb) to attribute trees.
 *
 * Memory: everything goes to the current context, which is that of the schema set.
 * Definitions were checked when they were registered; what is missing here has the
 * defaults of RFC 7643 section 2.2.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "miscadmin.h"

#include "schema/schema_int.h"
#include "util/jsonb.h"

const char *const scim_type_names[] = {
	"string", "boolean", "decimal", "integer", "dateTime", "reference", "binary", "complex", NULL
};
const char *const scim_mutability_names[] = {
	"readWrite", "readOnly", "immutable", "writeOnly", NULL
};
const char *const scim_returned_names[] = {"default", "always", "never", "request", NULL};
const char *const scim_uniqueness_names[] = {"none", "server", "global", NULL};

/* Columns that a resource type's row may promote an attribute to. */
static const char *const column_names[] = {
	"", "user_name", "external_id", "display_name", "active", NULL
};

/* Position of text among names; 0, the default of every enumeration here, if it is none of them. */
static int
find_name(ScimSlice text, const char *const *names)
{
	for (int i = 0; names[i] != NULL; i++)
		if (scim_slice_equal_ci(text, scim_slice(names[i])))
			return i;
	return 0;
}

static ScimAttribute *
new_attribute(ScimResourceType *type, ScimAttribute *parent, ScimSlice name)
{
	ScimAttribute *attr = palloc0(sizeof(ScimAttribute));

	attr->name = scim_slice(scim_slice_dup(name));
	attr->parent = parent;
	attr->index = attr->last = type->nattributes++;
	return attr;
}

/* How an administrator writes the attribute: sub-attributes with a dot, extensions with a colon. */
static const char *
make_path(const ScimAttribute *attr)
{
	const ScimAttribute *parent = attr->parent;

	if (parent->parent == NULL)
		return attr->name.data;
	if (scim_slice_equal(parent->name, parent->urn))
		return psprintf("%s:%s", parent->path, attr->name.data);
	return psprintf("%s.%s", parent->path, attr->name.data);
}

static void
read_characteristics(ScimAttribute *attr, const JsonbValue *definition)
{
	attr->type = find_name(scim_member_text(definition, "type"), scim_type_names);
	attr->multi_valued = scim_member_flag(definition, "multiValued");
	attr->required = scim_member_flag(definition, "required");
	attr->case_exact = scim_member_flag(definition, "caseExact") || attr->type == SCIM_TYPE_REFERENCE ||
		attr->type == SCIM_TYPE_BINARY;
	attr->mutability = find_name(scim_member_text(definition, "mutability"), scim_mutability_names);
	attr->returned = find_name(scim_member_text(definition, "returned"), scim_returned_names);
	attr->uniqueness = find_name(scim_member_text(definition, "uniqueness"), scim_uniqueness_names);
}

/* Adds the attributes of a definition's list below parent. */
static void
add_attributes(ScimResourceType *type, ScimAttribute *parent, const JsonbValue *list, ScimSlice urn)
{
	const JsonbValue *definitions;
	int			room;

	check_stack_depth();
	if (list == NULL)
		return;
	definitions = scim_jsonb_open(list);
	room = parent->nsubs + definitions->val.array.nElems;
	parent->subs = parent->subs == NULL ? palloc(room * sizeof(ScimAttribute *)) :
		repalloc(parent->subs, room * sizeof(ScimAttribute *));
	for (int i = 0; i < definitions->val.array.nElems; i++)
	{
		const JsonbValue *definition = &definitions->val.array.elems[i];
		ScimAttribute *attr = new_attribute(type, parent, scim_member_text(definition, "name"));

		attr->urn = urn;
		attr->path = make_path(attr);
		read_characteristics(attr, definition);
		parent->subs[parent->nsubs++] = attr;
		add_attributes(type, attr, scim_jsonb_get(definition, scim_slice("subAttributes")), urn);
		attr->value = scim_attribute_sub(attr, scim_slice("value"));
		attr->primary = scim_attribute_sub(attr, scim_slice("primary"));
		attr->last = type->nattributes - 1;
	}
}

/* Adds the attributes of a schema below parent. */
static void
add_schema(ScimResourceType *type, const ScimSchemaSet *set, ScimAttribute *parent, ScimSlice urn)
{
	const ScimSchema *schema = scim_schema_find(set, urn);

	if (schema == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_OBJECT),
				 errmsg("resource type \"%s\" names the schema \"%s\", which is not registered",
						type->name.data, urn.data)));
	add_attributes(type, parent, scim_jsonb_get(scim_jsonb_root(schema->definition),
												scim_slice("attributes")), schema->urn);
}

/* Makes a complex attribute of each extension, named by its URN. */
static void
add_extensions(ScimResourceType *type, const ScimSchemaSet *set, const JsonbValue *list)
{
	ScimAttribute *root = type->root;
	const JsonbValue *extensions;
	int			n;

	if (list == NULL)
		return;
	extensions = scim_jsonb_open(list);
	n = extensions->val.array.nElems;
	type->extensions = palloc(n * sizeof(ScimAttribute *));
	root->subs = repalloc(root->subs, (root->nsubs + n) * sizeof(ScimAttribute *));
	for (int i = 0; i < n; i++)
	{
		ScimSlice	urn = scim_member_text(&extensions->val.array.elems[i], "schema");
		ScimAttribute *extension = new_attribute(type, root, urn);

		extension->type = SCIM_TYPE_COMPLEX;
		extension->urn = extension->name;
		extension->path = extension->name.data;
		extension->required = scim_member_flag(&extensions->val.array.elems[i], "required");
		add_schema(type, set, extension, extension->name);
		extension->last = type->nattributes - 1;
		root->subs[root->nsubs++] = type->extensions[type->nextensions++] = extension;
	}
}

/* Attributes to which the RFC gives a place of their own (7643 section 3 and 3.1). */
static void
mark_common(ScimResourceType *type)
{
	static const struct
	{
		const char *name;
		ScimStorage storage;
	}			places[] = {
		{"schemas", SCIM_IN_SCHEMAS}, {"id", SCIM_IN_ID}, {"meta", SCIM_IN_META}
	};
	ScimAttribute *attr;

	for (size_t i = 0; i < lengthof(places); i++)
	{
		attr = scim_attribute_sub(type->root, scim_slice(places[i].name));
		for (int k = attr->index; k <= attr->last; k++)
			type->attributes[k]->storage = places[i].storage;
	}
	attr = scim_attribute_sub(type->root, scim_slice("externalId"));
	attr->column = SCIM_COLUMN_EXTERNAL_ID;
}

/* Gives attr and everything below it a storage; NULL is allowed and ignored. */
static ScimAttribute *
mark_membership(ScimResourceType *type, const char *name, ScimStorage storage)
{
	ScimAttribute *attr = name == NULL ? NULL : scim_attribute_sub(type->root, scim_slice(name));

	for (int i = attr == NULL ? 0 : attr->index; attr != NULL && i <= attr->last; i++)
		type->attributes[i]->storage = storage;
	return attr;
}

/* Attributes that the type's row promotes to columns: {"userName": "user_name", ..}. */
static void
mark_columns(ScimResourceType *type, Jsonb *promoted)
{
	const JsonbValue *pairs = scim_jsonb_open(scim_jsonb_root(promoted));

	for (int i = 0; i < pairs->val.object.nPairs; i++)
	{
		const JsonbPair *pair = &pairs->val.object.pairs[i];
		ScimAttribute *attr = scim_attribute_sub(type->root, scim_jsonb_text(&pair->key));

		if (attr == NULL || pair->value.type != jbvString)
			continue;
		attr->column = find_name(scim_jsonb_text(&pair->value), column_names);
		if (attr->column == SCIM_COLUMN_ACTIVE)
			type->active = attr;
	}
}

/* password is kept as a hash, in a column of its own (RFC 7643 section 4.1.1). */
static void
mark_password(ScimResourceType *type)
{
	ScimAttribute *attr = scim_attribute_sub(type->root, scim_slice("password"));

	if (attr != NULL && attr->mutability == SCIM_WRITE_ONLY && attr->type == SCIM_TYPE_STRING &&
		!attr->multi_valued)
		attr->storage = SCIM_IN_PASSWORD;
}

/* Is there nothing that a plain answer would leave out? A password is not even read. */
static bool
is_plain(const ScimResourceType *type)
{
	for (int i = 0; i < type->nattributes; i++)
		if (type->attributes[i]->storage != SCIM_IN_PASSWORD &&
			type->attributes[i]->returned >= SCIM_RETURNED_NEVER)
			return false;
	return true;
}

bool
scim_attribute_can_be_key(const ScimAttribute *attr)
{
	return attr->storage == SCIM_IN_DOC && attr->type != SCIM_TYPE_COMPLEX &&
		attr->type != SCIM_TYPE_BOOLEAN && attr->mutability != SCIM_WRITE_ONLY;
}

bool
scim_attribute_is_unique(const ScimResourceType *type, const ScimAttribute *attr)
{
	if (type->members != NULL && attr->column == SCIM_COLUMN_DISPLAY_NAME)
		return true;
	return attr->uniqueness != SCIM_UNIQUE_NONE && attr->column != SCIM_COLUMN_USER_NAME &&
		scim_attribute_can_be_key(attr);
}

void
scim_resource_type_index(ScimResourceType *type, ScimSlice path, int16 index_id)
{
	for (int i = 0; i < type->nattributes; i++)
		if (scim_attribute_can_be_key(type->attributes[i]) &&
			scim_slice_equal_ci(scim_slice(type->attributes[i]->path), path))
			type->attributes[i]->index_id = index_id;
}

void
scim_resource_type_finish(ScimResourceType *type)
{
	type->keyed = palloc(type->nattributes * sizeof(ScimAttribute *));
	for (int i = 0; i < type->nattributes; i++)
		if (type->attributes[i]->index_id != 0 || scim_attribute_is_unique(type, type->attributes[i]))
			type->keyed[type->nkeyed++] = type->attributes[i];
}

/* Fills the index of attributes by number. */
static void
index_attributes(ScimResourceType *type, ScimAttribute *attr)
{
	type->attributes[attr->index] = attr;
	for (int i = 0; i < attr->nsubs; i++)
		index_attributes(type, attr->subs[i]);
}

void
scim_resource_type_compile(ScimResourceType *type, const ScimSchemaSet *set, const char *members,
						   const char *member_of, Jsonb *promoted)
{
	JsonbValue *definition = scim_jsonb_root(type->definition);
	ScimSlice	endpoint = scim_member_text(definition, "endpoint");

	type->name = scim_slice(scim_slice_dup(scim_member_text(definition, "name")));
	type->endpoint = scim_slice(scim_slice_dup(scim_slice_of(endpoint.data + 1, endpoint.len - 1)));
	type->urn = scim_slice(scim_slice_dup(scim_member_text(definition, "schema")));
	type->root = new_attribute(type, NULL, scim_slice(""));
	type->root->type = SCIM_TYPE_COMPLEX;
	type->root->path = "";
	add_schema(type, set, type->root, scim_slice(""));
	add_schema(type, set, type->root, type->urn);
	add_extensions(type, set, scim_jsonb_get(definition, scim_slice("schemaExtensions")));
	type->root->last = type->nattributes - 1;
	type->attributes = palloc(type->nattributes * sizeof(ScimAttribute *));
	index_attributes(type, type->root);
	mark_common(type);
	mark_password(type);
	mark_columns(type, promoted);
	type->members = mark_membership(type, members, SCIM_IN_MEMBERS);
	type->member_of = mark_membership(type, member_of, SCIM_IN_MEMBER_OF);
	type->is_plain = is_plain(type);
}
