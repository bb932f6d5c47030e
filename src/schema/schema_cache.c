/*-------------------------------------------------------------------------
 *
 * schema_cache.c
 *	  Directories and schema sets, compiled once per backend.
 *
 * A schema set is found by schema_version of the directory's row, a number drawn from a
 * sequence, so that it never comes twice, not even after a rollback.  Directories
 * without schemas of their own share one schema_version and so one compiled set.
 *
 * A directory is found by its id alone, so that a request needs no look at its row.  A
 * statement that writes to scim.directory, scim.profile or scim.credential invalidates the relcache
 * entry of the first (trigger directory_changed), which reaches every backend, also of a standby, before its next
 * look at any table; what was read before that is read again.
 *
 * Both caches are forgotten together when one reaches its bound.  Their memory lives on to the end of
 * the transaction, for those further up the stack who hold pointers into it.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/xact.h"
#include "catalog/namespace.h"
#include "catalog/pg_type.h"
#include "storage/lmgr.h"
#include "utils/builtins.h"
#include "utils/hsearch.h"
#include "utils/inval.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"

#include "schema/schema_int.h"
#include "util/jsonb.h"
#include "util/plan.h"

#define MAX_DIRECTORIES 4096
#define MAX_SETS 64

/* The directory_id of rows that every directory sees. */
#define EVERY_DIRECTORY 0

typedef struct SetEntry
{
	int64		version;		/* hash key */
	ScimSchemaSet *set;
} SetEntry;

/* Counts invalidations of scim.directory, from 1; a directory that was read in an earlier generation is old. */
static uint64 generation = 1;
static uint64 watched_generation = 0;	/* in which directory_relid was looked up */
static Oid	directory_relid = InvalidOid;

static MemoryContext cache = NULL;	/* of both tables and of all sets; NULL when there are none */
static HTAB *directories = NULL;
static HTAB *sets = NULL;

static ScimStatement select_schemas = {
	"SELECT DISTINCT ON (urn) urn, definition FROM scim.schema"
	" WHERE directory_id IN (0, $1) ORDER BY urn, directory_id DESC",
	1, {INT4OID}
};

static ScimStatement select_types = {
	"SELECT DISTINCT ON (type_id) type_id, definition, members_attribute, member_of_attribute, promoted"
	" FROM scim.resource_type WHERE directory_id IN (0, $1) ORDER BY type_id, directory_id DESC",
	1, {INT4OID}
};

/* Extensions that were registered for a type besides those of its definition. */
static ScimStatement select_extensions = {
	"SELECT DISTINCT ON (type_id, urn) type_id, urn, required FROM scim.resource_type_extension"
	" WHERE directory_id IN (0, $1) ORDER BY type_id, urn, directory_id DESC",
	1, {INT4OID}
};

static ScimStatement select_indexes = {
	"SELECT DISTINCT ON (type_id, path) type_id, path, attr_id FROM scim.attribute_index"
	" WHERE directory_id IN (0, $1) ORDER BY type_id, path, directory_id DESC",
	1, {INT4OID}
};

static ScimStatement select_directory = {
	"SELECT d.name, d.enabled, d.own_schemas, p.settings, d.settings, d.schema_version"
	" FROM scim.directory d JOIN scim.profile p ON p.name = d.profile"
	" WHERE d.directory_id = $1",
	1, {INT4OID}
};

static ScimStatement select_by_name = {
	"SELECT directory_id FROM scim.directory WHERE name = $1", 1, {TEXTOID}
};

static ScimStatement select_shared_version = {
	"SELECT version FROM scim.schema_version", 0, {0}
};

static HTAB *
make_table(MemoryContext context, const char *name, Size keysize, Size entrysize)
{
	HASHCTL		ctl = {.keysize = keysize, .entrysize = entrysize, .hcxt = context};

	return hash_create(name, 64, &ctl, HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
}

/* Forgets everything; pointers into it stay good until the transaction ends. */
static void
let_go(void)
{
	if (cache != NULL)
		MemoryContextSetParent(cache, TopTransactionContext);
	cache = NULL;
}

/* Makes the tables at first use, and new ones when one is full. */
static void
make_room(void)
{
	MemoryContext context;

	if (cache != NULL && hash_get_num_entries(directories) < MAX_DIRECTORIES &&
		hash_get_num_entries(sets) < MAX_SETS)
		return;
	let_go();
	context = AllocSetContextCreate(CacheMemoryContext, "scim schema cache", ALLOCSET_SMALL_SIZES);
	directories = make_table(context, "scim directories", sizeof(int32), sizeof(ScimDirectory));
	sets = make_table(context, "scim schema sets", sizeof(int64), sizeof(SetEntry));
	cache = context;
}

static void
load_schemas(ScimSchemaSet *set, Datum owner)
{
	set->nschemas = scim_query_fresh(&select_schemas, &owner, NULL);
	set->schemas = palloc0(set->nschemas * sizeof(ScimSchema));
	for (int i = 0; i < set->nschemas; i++)
	{
		set->schemas[i].urn = scim_slice(scim_text(i, 1, CurrentMemoryContext));
		set->schemas[i].definition = (Jsonb *) scim_varlena(i, 2, CurrentMemoryContext);
	}
}

/* What a row of scim.resource_type says besides the definition. */
typedef struct TypeRow
{
	char	   *members;
	char	   *member_of;
	Jsonb	   *promoted;
} TypeRow;

/* Position of a type in the set, or -1. */
static int
find_type(const ScimSchemaSet *set, int16 type_id)
{
	for (int i = 0; i < set->ntypes; i++)
		if (set->types[i].type_id == type_id)
			return i;
	return -1;
}

/* A definition with one more extension. */
static Jsonb *
add_extension(Jsonb *definition, const char *urn, bool required)
{
	JsonbValue *type = scim_jsonb_thaw(scim_jsonb_root(definition));
	JsonbValue *extension = scim_jsonb_new_object();
	ScimSlice	key = scim_slice("schemaExtensions");

	scim_jsonb_add(extension, scim_slice("schema"), scim_jsonb_new_string(scim_slice(urn)));
	scim_jsonb_add(extension, scim_slice("required"), scim_jsonb_new_bool(required));
	if (scim_jsonb_get(type, key) == NULL)
		scim_jsonb_put(type, key, scim_jsonb_new_array());
	scim_jsonb_append(scim_jsonb_get(type, key), extension);
	return scim_jsonb_pack(type);
}

static void
load_extensions(ScimSchemaSet *set, Datum owner)
{
	uint64		n = scim_query_fresh(&select_extensions, &owner, NULL);

	for (uint64 row = 0; row < n; row++)
	{
		int			i = find_type(set, DatumGetInt16(scim_value(row, 1)));

		if (i >= 0)
			set->types[i].definition = add_extension(set->types[i].definition,
													 scim_text(row, 2, CurrentMemoryContext),
													 DatumGetBool(scim_value(row, 3)));
	}
}

/* A row without attr_id takes back, for one directory, an index that all have. */
static void
load_indexes(ScimSchemaSet *set, Datum owner)
{
	uint64		n = scim_query_fresh(&select_indexes, &owner, NULL);

	for (uint64 row = 0; row < n; row++)
	{
		int			i = find_type(set, DatumGetInt16(scim_value(row, 1)));
		bool		is_off;
		Datum		index_id = scim_column(row, 3, &is_off);

		if (i >= 0 && !is_off)
			scim_resource_type_index(&set->types[i], scim_slice(scim_text(row, 2, CurrentMemoryContext)),
									 DatumGetInt16(index_id));
	}
}

static void
load_types(ScimSchemaSet *set, Datum owner)
{
	TypeRow    *rows;

	set->ntypes = scim_query_fresh(&select_types, &owner, NULL);
	set->types = palloc0(set->ntypes * sizeof(ScimResourceType));
	rows = palloc(set->ntypes * sizeof(TypeRow));
	for (int i = 0; i < set->ntypes; i++)
	{
		set->types[i].type_id = DatumGetInt16(scim_value(i, 1));
		set->types[i].definition = (Jsonb *) scim_varlena(i, 2, CurrentMemoryContext);
		rows[i].members = scim_text(i, 3, CurrentMemoryContext);
		rows[i].member_of = scim_text(i, 4, CurrentMemoryContext);
		rows[i].promoted = (Jsonb *) scim_varlena(i, 5, CurrentMemoryContext);
	}
	load_extensions(set, owner);
	for (int i = 0; i < set->ntypes; i++)
		scim_resource_type_compile(&set->types[i], set, rows[i].members, rows[i].member_of,
								   rows[i].promoted);
	load_indexes(set, owner);
	for (int i = 0; i < set->ntypes; i++)
		scim_resource_type_finish(&set->types[i]);
}

/*
 * Compiles the schemas that owner sees.  The context hangs below the caller's until
 * all is well, so that an error leaves nothing behind.
 */
static ScimSchemaSet *
build_set(int64 version, int32 owner)
{
	MemoryContext context = AllocSetContextCreate(CurrentMemoryContext, "scim schema set",
												  ALLOCSET_DEFAULT_SIZES);
	MemoryContext old = MemoryContextSwitchTo(context);
	ScimSchemaSet *set = palloc0(sizeof(ScimSchemaSet));

	set->version = version;
	load_schemas(set, Int32GetDatum(owner));
	load_types(set, Int32GetDatum(owner));
	MemoryContextSwitchTo(old);
	MemoryContextSetParent(context, cache);
	return set;
}

static const ScimSchemaSet *
find_set(int64 version, int32 owner)
{
	SetEntry   *entry = hash_search(sets, &version, HASH_FIND, NULL);
	ScimSchemaSet *set;

	if (entry != NULL)
		return entry->set;
	set = build_set(version, owner);
	entry = hash_search(sets, &version, HASH_ENTER, NULL);
	entry->set = set;
	return set;
}

/* A write to scim.directory, or a reset of all caches: whatever was read before is old. */
static void
directory_changed(Datum arg, Oid relid)
{
	if (relid == InvalidOid || relid == directory_relid)
		generation++;
}

/* Begins to listen, and forgets what an extension that was dropped and made anew had. */
static void
watch_directories(void)
{
	static bool watching = false;
	Oid			relid;

	AcceptInvalidationMessages();
	if (watching && watched_generation == generation)
		return;
	relid = get_relname_relid("directory", get_namespace_oid("scim", false));

	if (relid != directory_relid)
	{
		/* another extension of the same name, whose versions begin anew */
		generation++;
		let_go();
	}
	directory_relid = relid;
	if (!watching)
		CacheRegisterRelcacheCallback(directory_changed, (Datum) 0);
	watching = true;
	watched_generation = generation;
}

void
scim_cache_hold(void)
{
	watch_directories();
	LockRelationOid(directory_relid, RowShareLock);
}

uint64
scim_cache_generation(void)
{
	watch_directories();
	/* an old snapshot must not fill what others read later */
	return IsolationUsesXactSnapshot() ? 0 : generation;
}

Oid
scim_cache_extension(void)
{
	return directory_relid;
}

bool
scim_cache_is_current(uint64 read_in)
{
	return read_in != 0 && read_in == scim_cache_generation();
}

/*
 * Reads the switches from the row, those of the profile before those of the directory.  What they point to is in a
 * context of its own, which hangs below the caller's until all is well.
 */
static void
load_settings(ScimDirectory *directory)
{
	MemoryContext old;

	directory->context = AllocSetContextCreate(CurrentMemoryContext, "scim directory",
											   ALLOCSET_SMALL_SIZES);
	old = MemoryContextSwitchTo(directory->context);
	scim_settings_init(&directory->settings);
	for (int column = 4; column <= 5; column++)
		scim_settings_apply(&directory->settings, scim_jsonb_root((Jsonb *)
							scim_varlena(0, column, old)));
	MemoryContextSwitchTo(old);
}

static void
load_rules(ScimDirectory *directory)
{
	MemoryContext old = MemoryContextSwitchTo(directory->context);

	directory->rules = scim_rules_compile(&directory->settings, directory->schemas, false);
	MemoryContextSwitchTo(old);
	MemoryContextSetParent(directory->context, cache);
}

/*
 * Reads a directory's row into *directory; false when there is none.  The snapshot is a fresh one: that
 * of the calling statement may be older than an invalidation that has come since.
 */
static bool
load_directory(ScimDirectory *directory)
{
	Datum		id = Int32GetDatum(directory->id);
	bool		own_schemas;

	directory->generation = scim_cache_generation();
	if (scim_query_fresh(&select_directory, &id, NULL) != 1)
		return false;
	strlcpy(directory->name, scim_text(0, 1, CurrentMemoryContext), sizeof(directory->name));
	directory->enabled = DatumGetBool(scim_value(0, 2));
	own_schemas = DatumGetBool(scim_value(0, 3));
	load_settings(directory);
	directory->schemas = find_set(DatumGetInt64(scim_value(0, 6)),
								  own_schemas ? directory->id : EVERY_DIRECTORY);
	load_rules(directory);
	return true;
}

const ScimDirectory *
scim_directory_by_id(int32 id)
{
	ScimDirectory *entry = cache == NULL ? NULL : hash_search(directories, &id, HASH_FIND, NULL);
	ScimDirectory fresh = {.id = id};
	bool		is_known;

	if (entry != NULL && scim_cache_is_current(entry->generation))
		return entry;
	make_room();
	if (!load_directory(&fresh))
		return NULL;
	entry = hash_search(directories, &id, HASH_ENTER, &is_known);
	if (is_known)				/* what it pointed to may be in use further up the stack */
		MemoryContextSetParent(entry->context, TopTransactionContext);
	*entry = fresh;
	return entry;
}

const ScimDirectory *
scim_directory_by_name(const char *name)
{
	Datum		value = CStringGetTextDatum(name);

	if (scim_query(&select_by_name, &value, NULL) != 1)
		return NULL;
	return scim_directory_by_id(DatumGetInt32(scim_value(0, 1)));
}

const ScimDirectory *
scim_directory_builtin(void)
{
	ScimDirectory *directory = palloc0(sizeof(ScimDirectory));

	make_room();
	scim_settings_init(&directory->settings);
	directory->enabled = true;
	if (scim_query(&select_shared_version, NULL, NULL) != 1)
		ereport(ERROR, (errcode(ERRCODE_DATA_CORRUPTED), errmsg("scim.schema_version has no row")));
	directory->schemas = find_set(DatumGetInt64(scim_value(0, 1)), EVERY_DIRECTORY);
	return directory;
}
