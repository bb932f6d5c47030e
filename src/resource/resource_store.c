/*-------------------------------------------------------------------------
 *
 * resource_store.c
 *	  Rows of scim.resource: insert, lock, update, delete.
 *
 * Uniqueness is the index's business: no row is looked up first, and its error is told as a
 * conflict.  (ON CONFLICT would look twice; it costs every create a tenth of its time.)  Writers of
 * one resource take turns on its row lock.
 *
 * What a document means depends on the schemas that its writer knew.  So writers share a lock on
 * the directory and one on the table of directories; those who drop a directory, or fill a new index
 * for the documents of one or of all, have it alone.  A writer who waited for them finds that the
 * schema_version is no longer his and writes nothing.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/xact.h"
#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/timestamp.h"

#include "compat.h"
#include "resource/resource_int.h"
#include "util/jsonb.h"
#include "util/plan.h"
#include "util/throw.h"
#include "util/uuid.h"

#define INSERT_RESOURCE \
	"INSERT INTO scim.resource (directory_id, id, type_id, version, created, last_modified," \
	" active, user_name, external_id, display_name, doc, password, managed, credential_id, request_id)" \
	" VALUES ($1, $2, $3, 1, $4, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)"
#define INSERT_TYPES INT4OID, UUIDOID, INT2OID, TIMESTAMPTZOID, BOOLOID, TEXTOID, TEXTOID, TEXTOID, \
	JSONBOID, TEXTOID, BOOLOID, UUIDOID, TEXTOID

static ScimStatement insert_resource = {INSERT_RESOURCE, 13, {INSERT_TYPES}};

static ScimStatement insert_counted = {
	SCIM_COUNT_WITH("$14") INSERT_RESOURCE, 14, {INSERT_TYPES, INT4OID}
};

static ScimStatement update_resource = {
	"UPDATE scim.resource SET version = version + 1, last_modified = $3, active = $4,"
	" user_name = $5, external_id = $6, display_name = $7, doc = $8,"
	" password = CASE WHEN $9 THEN $10 ELSE password END"
	" WHERE directory_id = $1 AND id = $2",
	10, {INT4OID, UUIDOID, TIMESTAMPTZOID, BOOLOID, TEXTOID, TEXTOID, TEXTOID, JSONBOID, BOOLOID,
	TEXTOID}
};

static ScimStatement find_version = {
	"SELECT FROM scim.directory WHERE directory_id = $1 AND schema_version = $2",
	2, {INT4OID, INT8OID}
};

static ScimStatement touch_resource = {
	"UPDATE scim.resource SET version = version + 1, last_modified = $3"
	" WHERE directory_id = $1 AND id = $2",
	3, {INT4OID, UUIDOID, TIMESTAMPTZOID}
};

static ScimStatement delete_resource = {
	"DELETE FROM scim.resource WHERE directory_id = $1 AND id = $2",
	2, {INT4OID, UUIDOID}
};

/* First key of the advisory lock on a directory; scim.lock_directory() has the same. */
#define DIRECTORY_LOCK 1935894894

/*
 * Whoever changed schemas while we waited has told all backends before he let the lock go, so
 * what is current after the wait stays so.
 */
static void
check_schemas(const ScimContext *context)
{
	const ScimDirectory *directory = context->directory;
	Datum		values[2] = {Int32GetDatum(directory->id), Int64GetDatum(directory->schemas->version)};

	if (scim_cache_is_current(directory->generation) ||
		scim_query_fresh(&find_version, values, NULL) == 1)
		return;
	/* The client has done nothing wrong; running the request again helps, and the bridge does so. */
	ereport(ERROR,
			(errcode(ERRCODE_T_R_SERIALIZATION_FAILURE),
			 errmsg("directory \"%s\" changed while the request ran",
					directory->name),
			 errhint("Run it again.")));
}

void
scim_store_begin(const ScimContext *context)
{
	if (IsolationUsesXactSnapshot())
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("writes of scim need the isolation level READ COMMITTED"),
				 errdetail("An older snapshot does not see what the locks that protect references wait for.")));
	DirectFunctionCall2(pg_advisory_xact_lock_shared_int4, Int32GetDatum(DIRECTORY_LOCK),
						Int32GetDatum(context->directory->id));
	scim_cache_hold();
	check_schemas(context);
}

/* The value of the attribute that the type promotes to a column, or NULL. */
static const JsonbValue *
promoted_value(const ScimDraft *draft, ScimColumn column)
{
	for (int i = 0; i < draft->type->root->nsubs; i++)
		if (draft->type->root->subs[i]->column == column)
			return scim_jsonb_get(draft->doc, draft->type->root->subs[i]->name);
	return NULL;
}

static text *
promoted_text(const ScimDraft *draft, ScimColumn column, ScimFoldKind fold)
{
	const JsonbValue *value = promoted_value(draft, column);
	ScimSlice	key;

	if (value == NULL || value->type != jbvString)
		return NULL;
	key = scim_fold(scim_jsonb_text(value), fold);
	return cstring_to_text_with_len(key.data, key.len);
}

static ScimColumns
make_columns(const ScimDraft *draft)
{
	const JsonbValue *active = promoted_value(draft, SCIM_COLUMN_ACTIVE);
	ScimColumns columns = {
		.user_name = promoted_text(draft, SCIM_COLUMN_USER_NAME, SCIM_FOLD_IDENT),
		.external_id = promoted_text(draft, SCIM_COLUMN_EXTERNAL_ID, SCIM_FOLD_EXACT),
		.display_name = promoted_text(draft, SCIM_COLUMN_DISPLAY_NAME, SCIM_FOLD_EXACT),
		.active = active != NULL && active->type == jbvBool ? active->val.boolean : -1
	};

	if (draft->sets_password && draft->password.len > 0)
		columns.password = scim_password_hash(draft->password);
	columns.doc = scim_jsonb_pack(draft->doc);
	return columns;
}

/* A parameter that may be null. */
static void
set_param(Datum *values, char *nulls, int i, void *pointer)
{
	values[i] = PointerGetDatum(pointer);
	nulls[i] = pointer == NULL ? 'n' : ' ';
}

static void
set_columns(Datum *values, char *nulls, int first, const ScimColumns *columns)
{
	values[first] = BoolGetDatum(columns->active == 1);
	nulls[first] = columns->active < 0 ? 'n' : ' ';
	set_param(values, nulls, first + 1, columns->user_name);
	set_param(values, nulls, first + 2, columns->external_id);
	set_param(values, nulls, first + 3, columns->display_name);
	set_param(values, nulls, first + 4, columns->doc);
}

SCIM_NORETURN static void raise_taken(const ScimDraft *draft);

/* Says which name is taken, to those who sent it. */
static void
raise_taken(const ScimDraft *draft)
{
	const JsonbValue *name = promoted_value(draft, SCIM_COLUMN_USER_NAME);
	const char *path = "";

	for (int i = 0; i < draft->type->root->nsubs; i++)
		if (draft->type->root->subs[i]->column == SCIM_COLUMN_USER_NAME)
			path = draft->type->root->subs[i]->path;
	scim_raise(SCIM_E_UNIQUENESS, "another %s has the %s \"%.*s\"", draft->type->name.data, path,
			   name == NULL ? 0 : Min(name->val.string.len, 120),
			   name == NULL ? "" : name->val.string.val);
}

SCIM_NORETURN static void raise_refused(const ScimResourceType *type);

/* A trigger of the application has let the statement do nothing. */
static void
raise_refused(const ScimResourceType *type)
{
	scim_raise(SCIM_E_INVALID_VALUE, "the change of the %s is refused by a rule of the application",
			   type->name.data);
}

/* Runs an insert or update; a unique key that another row has becomes our own error. */
static void
write_row(ScimStatement *statement, const ScimDraft *draft, Datum *values, const char *nulls)
{
	MemoryContext context = CurrentMemoryContext;
	volatile uint64 rows = 0;

	PG_TRY();
	{
		rows = scim_execute(statement, values, nulls);
	}
	PG_CATCH();
	{
		ErrorData  *error;

		MemoryContextSwitchTo(context);
		error = CopyErrorData();
		if (error->sqlerrcode != ERRCODE_UNIQUE_VIOLATION || error->constraint_name == NULL ||
			strcmp(error->constraint_name, "resource_user_name") != 0)
			PG_RE_THROW();
		FlushErrorState();
		raise_taken(draft);
	}
	PG_END_TRY();
	if (rows == 0)
		raise_refused(draft->type);
}

ScimResource *
scim_store_insert(const ScimContext *context, const ScimDraft *draft, const pg_uuid_t *id)
{
	ScimColumns columns = make_columns(draft);
	ScimResource *resource = palloc0(sizeof(ScimResource));
	Datum		values[14];
	char		nulls[14];
	bool		first = scim_count_is_first();

	memset(nulls, ' ', sizeof(nulls));
	resource->id = *id;
	resource->type = draft->type;
	resource->version = 1;
	resource->created = resource->last_modified = GetCurrentTimestamp();
	resource->doc = columns.doc;
	values[0] = Int32GetDatum(context->directory->id);
	values[1] = UUIDPGetDatum(&resource->id);
	values[2] = Int16GetDatum(draft->type->type_id);
	values[3] = TimestampTzGetDatum(resource->created);
	set_columns(values, nulls, 4, &columns);
	set_param(values, nulls, 9, columns.password);
	scim_origin_set(context, values, nulls, 10);
	values[13] = Int32GetDatum(scim_backend_number());
	/* before the row, whose triggers may list what is there */
	if (!first)
		scim_count_add(context, draft->type, 1, 0);
	write_row(first ? &insert_counted : &insert_resource, draft, values, nulls);
	scim_values_store(context, resource, NULL, draft->doc);
	return resource;
}

void
scim_store_update(const ScimContext *context, ScimResource *resource, const ScimDraft *draft)
{
	ScimColumns columns = make_columns(draft);
	const JsonbValue *old = scim_jsonb_root(resource->doc);
	Datum		values[10];
	char		nulls[10];

	memset(nulls, ' ', sizeof(nulls));
	resource->version++;
	resource->last_modified = GetCurrentTimestamp();
	resource->doc = columns.doc;
	values[0] = Int32GetDatum(context->directory->id);
	values[1] = UUIDPGetDatum(&resource->id);
	values[2] = TimestampTzGetDatum(resource->last_modified);
	set_columns(values, nulls, 3, &columns);
	values[8] = BoolGetDatum(draft->sets_password);
	set_param(values, nulls, 9, columns.password);
	write_row(&update_resource, draft, values, nulls);
	scim_values_store(context, resource, old, draft->doc);
}

void
scim_store_touch(const ScimContext *context, ScimResource *resource)
{
	Datum		values[3] = {Int32GetDatum(context->directory->id), UUIDPGetDatum(&resource->id)};

	resource->version++;
	resource->last_modified = GetCurrentTimestamp();
	values[2] = TimestampTzGetDatum(resource->last_modified);
	scim_execute(&touch_resource, values, NULL);
}

void
scim_store_delete(const ScimContext *context, const ScimResource *resource)
{
	Datum		values[2] = {Int32GetDatum(context->directory->id), UUIDPGetDatum(&resource->id)};

	scim_values_store(context, resource, scim_jsonb_root(resource->doc), NULL);
	scim_count_add(context, resource->type, 0, 1);
	if (scim_execute(&delete_resource, values, NULL) == 0)
		raise_refused(resource->type);
}
