/*-------------------------------------------------------------------------
 *
 * schema_cache.c
 *	  Directories and schema sets, compiled once per backend and version.
 *
 * A directory's row carries two numbers drawn from a sequence, so that they never
 * come twice, not even after a rollback: version changes with its row or profile,
 * schema_version with the schemas it sees.  Directories without schemas of their
 * own share one schema_version and so one compiled set.
 *
 * Both caches are dropped whole when they reach their bound; that happens only
 * by a look-up that finds nothing, never while a caller holds a pointer: the pointer's
 * life is one call of the public API, and later look-ups of that call find it.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/hsearch.h"
#include "utils/memutils.h"

#include "schema/schema.h"
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

static ScimStatement select_directory = {
	"SELECT d.name, d.enabled, d.own_schemas, p.settings, d.settings"
	" FROM scim.directory d JOIN scim.profile p ON p.name = d.profile"
	" WHERE d.directory_id = $1",
	1, {INT4OID}
};

static ScimStatement select_by_name = {
	"SELECT directory_id, version, schema_version FROM scim.directory"
	" WHERE name = $1",
	1, {TEXTOID}
};

static ScimStatement select_shared_version = {
	"SELECT version FROM scim.schema_version", 0, {0}
};

static HTAB *
make_table(const char *name, Size keysize, Size entrysize)
{
	HASHCTL		ctl = {.keysize = keysize, .entrysize = entrysize, .hcxt = CacheMemoryContext};

	return hash_create(name, 64, &ctl, HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
}

static void
drop_sets(void)
{
	HASH_SEQ_STATUS scan;
	SetEntry   *entry;

	hash_seq_init(&scan, sets);
	while ((entry = hash_seq_search(&scan)) != NULL)
		MemoryContextDelete(entry->set->context);
	hash_destroy(sets);
	sets = NULL;
}

/*
 * Makes the tables at first use, and forgets everything when one is full: directories
 * point into sets, so both go.
 */
static void
make_room(void)
{
	if (directories != NULL && hash_get_num_entries(directories) < MAX_DIRECTORIES &&
		hash_get_num_entries(sets) < MAX_SETS)
		return;
	if (directories != NULL)
	{
		hash_destroy(directories);
		drop_sets();
	}
	directories = make_table("scim directories", sizeof(int32), sizeof(ScimDirectory));
	sets = make_table("scim schema sets", sizeof(int64), sizeof(SetEntry));
}

static void
load_schemas(ScimSchemaSet *set, Datum owner)
{
	set->nschemas = scim_query(&select_schemas, &owner, NULL);
	set->schemas = palloc0(set->nschemas * sizeof(ScimSchema));
	for (int i = 0; i < set->nschemas; i++)
	{
		set->schemas[i].urn = scim_slice(scim_text(i, 1, CurrentMemoryContext));
		set->schemas[i].definition = (Jsonb *) scim_varlena(i, 2, CurrentMemoryContext);
	}
}

static void
load_types(ScimSchemaSet *set, Datum owner)
{
	set->ntypes = scim_query(&select_types, &owner, NULL);
	set->types = palloc0(set->ntypes * sizeof(ScimResourceType));
	for (int i = 0; i < set->ntypes; i++)
	{
		ScimResourceType *type = &set->types[i];

		type->type_id = DatumGetInt16(scim_value(i, 1));
		type->definition = (Jsonb *) scim_varlena(i, 2, CurrentMemoryContext);
		scim_resource_type_compile(type, set, scim_text(i, 3, CurrentMemoryContext),
								   scim_text(i, 4, CurrentMemoryContext),
								   (Jsonb *) scim_varlena(i, 5, CurrentMemoryContext));
	}
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
	set->context = context;
	load_schemas(set, Int32GetDatum(owner));
	load_types(set, Int32GetDatum(owner));
	MemoryContextSwitchTo(old);
	MemoryContextSetParent(context, CacheMemoryContext);
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

/* Reads a directory's row into *directory. */
static void
load_directory(ScimDirectory *directory, int64 schema_version)
{
	Datum		id = Int32GetDatum(directory->id);
	bool		own_schemas;

	if (scim_query(&select_directory, &id, NULL) != 1)
		ereport(ERROR, (errcode(ERRCODE_UNDEFINED_OBJECT),
						errmsg("directory %d is gone", directory->id)));
	strlcpy(directory->name, scim_text(0, 1, CurrentMemoryContext), sizeof(directory->name));
	directory->enabled = DatumGetBool(scim_value(0, 2));
	own_schemas = DatumGetBool(scim_value(0, 3));
	scim_settings_init(&directory->settings);
	for (int column = 4; column <= 5; column++)
		scim_settings_apply(&directory->settings, scim_jsonb_root((Jsonb *)
							scim_varlena(0, column, CurrentMemoryContext)));
	directory->schemas = find_set(schema_version, own_schemas ? directory->id : EVERY_DIRECTORY);
}

const ScimDirectory *
scim_directory_find(int32 id, int64 version, int64 schema_version)
{
	ScimDirectory *entry;
	ScimDirectory fresh = {.id = id, .version = version};

	entry = directories == NULL ? NULL : hash_search(directories, &id, HASH_FIND, NULL);
	if (entry != NULL && entry->version == version && entry->schemas->version == schema_version)
		return entry;
	make_room();
	load_directory(&fresh, schema_version);
	entry = hash_search(directories, &id, HASH_ENTER, NULL);
	*entry = fresh;
	return entry;
}

const ScimDirectory *
scim_directory_by_name(const char *name)
{
	Datum		value = CStringGetTextDatum(name);
	Datum		id;
	Datum		version;

	if (scim_query(&select_by_name, &value, NULL) != 1)
		return NULL;
	id = scim_value(0, 1);
	version = scim_value(0, 2);
	return scim_directory_find(DatumGetInt32(id), DatumGetInt64(version),
							   DatumGetInt64(scim_value(0, 3)));
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
