/*-------------------------------------------------------------------------
 *
 * schema.h
 *	  Compiled schemas and directories: what the engine knows of attributes.
 *
 * Schemas and resource types are rows (RFC 7643 sections 6 and 7).  For each set of
 * them a backend keeps one compiled form:
 *
 *		ScimResourceType User
 *		 +- root (complex)
 *			 +- schemas, id, externalId, meta ..		common attributes
 *			 +- userName, name (givenName ..), emails (value, type ..) ..
 *			 +- urn:..:enterprise:2.0:User (complex)	an extension is a complex attribute
 *				 +- employeeNumber, manager (value ..) ..
 *
 * Compiled forms live in cache contexts of their own and are found by version numbers
 * that come with the directory's row, so nothing here ever expires by time.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SCIM_SCHEMA_H
#define SCIM_SCHEMA_H

#include "postgres.h"

#include "utils/jsonb.h"

#include "core/fold.h"
#include "core/path.h"
#include "core/slice.h"

typedef enum ScimType
{
	SCIM_TYPE_STRING,
	SCIM_TYPE_BOOLEAN,
	SCIM_TYPE_DECIMAL,
	SCIM_TYPE_INTEGER,
	SCIM_TYPE_DATETIME,
	SCIM_TYPE_REFERENCE,
	SCIM_TYPE_BINARY,
	SCIM_TYPE_COMPLEX
} ScimType;

typedef enum ScimMutability
{
	SCIM_READ_WRITE,
	SCIM_READ_ONLY,
	SCIM_IMMUTABLE,
	SCIM_WRITE_ONLY
} ScimMutability;

typedef enum ScimReturned
{
	SCIM_RETURNED_DEFAULT,
	SCIM_RETURNED_ALWAYS,
	SCIM_RETURNED_NEVER,
	SCIM_RETURNED_REQUEST
} ScimReturned;

typedef enum ScimUniqueness
{
	SCIM_UNIQUE_NONE,
	SCIM_UNIQUE_SERVER,
	SCIM_UNIQUE_GLOBAL
} ScimUniqueness;

/* Where the value of an attribute is kept. */
typedef enum ScimStorage
{
	SCIM_IN_DOC,				/* scim.resource.doc */
	SCIM_IN_SCHEMAS,			/* schemas: computed from type and doc */
	SCIM_IN_ID,					/* scim.resource.id */
	SCIM_IN_META,				/* meta and its sub-attributes: columns */
	SCIM_IN_PASSWORD,			/* scim.resource.password, hashed; writeOnly and returned never */
	SCIM_IN_MEMBERS,			/* rows of scim.membership with this resource as the group */
	SCIM_IN_MEMBER_OF			/* rows of scim.membership with this resource as the member */
} ScimStorage;

/* A column of scim.resource that repeats a value of doc for the sake of an index. */
typedef enum ScimColumn
{
	SCIM_COLUMN_NONE,
	SCIM_COLUMN_USER_NAME,		/* folded, unique */
	SCIM_COLUMN_EXTERNAL_ID,	/* NFC */
	SCIM_COLUMN_DISPLAY_NAME,	/* as sent */
	SCIM_COLUMN_ACTIVE
} ScimColumn;

typedef struct ScimAttribute
{
	ScimSlice	name;			/* in schema spelling; an extension's URN; empty for a root */
	ScimSlice	urn;			/* of the schema it belongs to; empty for common attributes */
	ScimType	type;
	bool		multi_valued;
	bool		required;
	bool		case_exact;
	ScimMutability mutability;
	ScimReturned returned;
	ScimUniqueness uniqueness;
	ScimStorage storage;
	ScimColumn	column;
	int			index;			/* dense within the resource type */
	int			last;			/* largest index below this attribute, itself included */
	const char *path;			/* as an administrator would write it, for messages */
	struct ScimAttribute *parent;	/* NULL for a root */
	int			nsubs;
	struct ScimAttribute **subs;
	struct ScimAttribute *value;	/* sub-attributes with standard meaning (RFC 7643 section 2.4), */
	struct ScimAttribute *primary;	/* or NULL */
} ScimAttribute;

typedef struct ScimResourceType
{
	int16		type_id;
	ScimSlice	name;
	ScimSlice	endpoint;		/* without the slash */
	ScimSlice	urn;			/* core schema */
	ScimAttribute *root;
	int			nattributes;	/* indexes run from 0 to this - 1 */
	ScimAttribute **attributes; /* by index */
	int			nextensions;
	ScimAttribute **extensions; /* among the root's sub-attributes; required says RFC 7643 section 6 */
	ScimAttribute *members;		/* or NULL */
	ScimAttribute *member_of;	/* or NULL */
	ScimAttribute *active;		/* attribute kept in column active, or NULL */
	bool		is_plain;		/* whatever a document of it holds is returned by default */
	Jsonb	   *definition;
} ScimResourceType;

/* A schema as it is told to clients. */
typedef struct ScimSchema
{
	ScimSlice	urn;
	Jsonb	   *definition;
} ScimSchema;

/* All schemas and resource types that a directory sees. */
typedef struct ScimSchemaSet
{
	int64		version;		/* hash key */
	MemoryContext context;
	int			nschemas;
	ScimSchema *schemas;
	int			ntypes;
	ScimResourceType *types;
} ScimSchemaSet;

#define SCIM_SWITCH(name, value, least, most) int name;
typedef struct ScimSettings
{
#include "schema/settings.def"
} ScimSettings;
#undef SCIM_SWITCH

typedef struct ScimDirectory
{
	int32		id;				/* hash key */
	int64		version;
	bool		enabled;
	char		name[64];
	ScimSettings settings;
	const ScimSchemaSet *schemas;
} ScimDirectory;

/* schema_cache.c; between scim_connect() and scim_disconnect() */
extern const ScimDirectory *scim_directory_find(int32 id, int64 version, int64 schema_version);
extern const ScimDirectory *scim_directory_by_name(const char *name);

/* The directory of nobody: built-in schemas and default switches, for open discovery. */
extern const ScimDirectory *scim_directory_builtin(void);

/* schema_compile.c */
extern void scim_resource_type_compile(ScimResourceType *type, const ScimSchemaSet *set,
									   const char *members, const char *member_of,
									   Jsonb *promoted);

/* schema_settings.c */
extern void scim_settings_init(ScimSettings *settings);

/* Applies an object of switches; unknown names and bad values raise INVALID_VALUE. */
extern void scim_settings_apply(ScimSettings *settings, const JsonbValue *object);

/* schema_value.c */

/*
 * A client's value for attr, made canonical: names in schema spelling, lists as lists, tolerated
 * forms (settings) turned into the right ones, readOnly and unknown members gone.  NULL when
 * nothing is assigned.  Raises INVALID_VALUE.  May share memory with value.
 */
extern JsonbValue *scim_value_accept(const ScimSettings *settings, const ScimAttribute *attr,
									 const JsonbValue *value);

/* The same for one element of a multi-valued attribute. */
extern JsonbValue *scim_element_accept(const ScimSettings *settings, const ScimAttribute *attr,
									   const JsonbValue *value);

/* Makes element number keep the only one with primary true; -1 keeps the first. */
extern void scim_keep_one_primary(const ScimAttribute *attr, JsonbValue *list, int keep);

/* Raises INVALID_VALUE when a required attribute at or below parent has no value in object. */
extern void scim_check_required(const ScimAttribute *parent, const JsonbValue *object);

/* Is the value unassigned: NULL, null, an empty list or an empty object? */
extern bool scim_value_is_unassigned(const JsonbValue *value);

/* Does the schemas attribute of a message or resource hold this URN? */
extern bool scim_message_has_schema(const JsonbValue *message, const char *urn);

/* schema_resolve.c */
extern const ScimResourceType *scim_type_by_name(const ScimSchemaSet *set, ScimSlice name);
extern const ScimResourceType *scim_type_by_endpoint(const ScimSchemaSet *set, ScimSlice endpoint);
extern const ScimSchema *scim_schema_find(const ScimSchemaSet *set, ScimSlice urn);

/* Direct sub-attribute by name in any case, or NULL. */
extern ScimAttribute *scim_attribute_sub(const ScimAttribute *parent, ScimSlice name);

/*
 * The attribute that a name in attribute notation means (RFC 7644 section 3.10), or NULL.
 * Without a URN core wins over extensions, and an extension's attribute is found if no
 * other extension has that name (UNQUALIFIED-EXT).  An extension's URN alone is its container.
 */
extern ScimAttribute *scim_attribute_resolve(const ScimResourceType *type,
											 const ScimAttrName *name);

/* How values of this attribute compare. */
extern ScimFoldKind scim_attribute_fold(const ScimAttribute *attr);

#endif							/* SCIM_SCHEMA_H */
