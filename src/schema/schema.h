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

#include "lib/stringinfo.h"
#include "utils/jsonb.h"
#include "utils/numeric.h"

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
	int16		index_id;		/* attr_id of its rows in scim.attr_value; 0 if it has none */
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
	int			nkeyed;
	ScimAttribute **keyed;		/* whose values have rows of their own: indexed or unique */
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
	int			nschemas;
	ScimSchema *schemas;
	int			ntypes;
	ScimResourceType *types;
} ScimSchemaSet;

/* Words of switches, in the order of settings.def. */
typedef enum ScimBasePath
{
	SCIM_BASE_ANY,				/* [/<directory>]/scim/v2 */
	SCIM_BASE_NAMED,			/* /<directory>/scim/v2 alone */
	SCIM_BASE_BARE				/* any, or nothing at all */
} ScimBasePath;

typedef enum ScimShowMembers
{
	SCIM_MEMBERS_ALWAYS,
	SCIM_MEMBERS_SINGLE,		/* not in lists */
	SCIM_MEMBERS_NEVER
} ScimShowMembers;

typedef enum ScimUnmanagedAction
{
	SCIM_UNMANAGED_WRITE,		/* clients write local resources like any */
	SCIM_UNMANAGED_ADOPT,		/* and make them managed so */
	SCIM_UNMANAGED_REFUSE
} ScimUnmanagedAction;

typedef enum ScimDeleteAction
{
	SCIM_DELETE_DELETE,
	SCIM_DELETE_DEACTIVATE
} ScimDeleteAction;

typedef struct ScimTexts
{
	int			n;
	ScimSlice  *texts;
} ScimTexts;

#define SCIM_SWITCH(name, value, least, most) int name;
#define SCIM_WORD(name, words) int name;
#define SCIM_TEXT(name) ScimSlice name;
#define SCIM_LIST(name) ScimTexts name;
typedef struct ScimSettings
{
#include "schema/settings.def"
} ScimSettings;
#undef SCIM_SWITCH
#undef SCIM_WORD
#undef SCIM_TEXT
#undef SCIM_LIST

/* What the lists of a directory's switches say of an attribute, as bits. */
typedef enum ScimRule
{
	SCIM_RULE_IGNORED = 1 << 0, /* accepted and not stored */
	SCIM_RULE_REFUSED = 1 << 1,
	SCIM_RULE_REQUIRED = 1 << 2,
	SCIM_RULE_SINGLE = 1 << 3,	/* a list of at most one value */
	SCIM_RULE_PRIMARY = 1 << 4, /* each value is the primary one */
	SCIM_RULE_PATCHABLE = 1 << 5,
	SCIM_RULE_PATCH_ONCE = 1 << 6
} ScimRule;

/* Attributes that a filter may use together, and all of them. */
typedef struct ScimFilterForm
{
	int			nattributes;
	const ScimAttribute **attributes;
} ScimFilterForm;

/* The lists of a directory's switches, as far as they are about one resource type. */
typedef struct ScimRules
{
	bool		is_hidden;		/* the type is not offered */
	int			nflags;
	uint8	   *flags;			/* by attribute index, of ScimRule */
	uint8		any;			/* what some attribute has */
	int			nunique;
	const ScimAttribute **unique;
	int			nforms;
	ScimFilterForm *forms;		/* of filters; none: any filter */
} ScimRules;

typedef struct ScimDirectory
{
	int32		id;				/* hash key */
	uint64		generation;		/* of the cache when it was read */
	bool		enabled;
	char		name[64];
	MemoryContext context;		/* of what settings and rules point to */
	ScimSettings settings;
	const ScimSchemaSet *schemas;
	const ScimRules *rules;		/* one for each type of schemas; NULL when no switch makes any */
} ScimDirectory;

/* schema_cache.c; between scim_connect() and scim_disconnect(); NULL when there is no such directory */
extern const ScimDirectory *scim_directory_by_id(int32 id);
extern const ScimDirectory *scim_directory_by_name(const char *name);

/*
 * The generation of what backends know by heart of scim.directory, scim.profile and scim.credential: it
 * rises when one of them is written.  What was read in an earlier one is old; 0 is old always.
 */
extern uint64 scim_cache_generation(void);

/* Stands for the extension that directories were last read from: another one after it was dropped and made anew. */
extern Oid	scim_cache_extension(void);

/* Is what was read in that generation still true? */
extern bool scim_cache_is_current(uint64 read_in);

/* Waits for those who change what documents of all directories mean, and keeps them out for this transaction. */
extern void scim_cache_hold(void);

/* The directory of nobody: built-in schemas and default switches, for open discovery. */
extern const ScimDirectory *scim_directory_builtin(void);

/* schema_lookup.c: the same for one type of a directory, by ids; raises NOT_FOUND. */
extern const ScimResourceType *scim_type_by_id(int32 directory_id, int16 type_id);

/* schema_compile.c */
extern void scim_resource_type_compile(ScimResourceType *type, const ScimSchemaSet *set,
									   const char *members, const char *member_of,
									   Jsonb *promoted);

/* Can values of attr be in scim.attr_value or scim.unique_value? */
extern bool scim_attribute_can_be_key(const ScimAttribute *attr);

/* Do values of attr have rows in scim.unique_value, those of a group's name where a setting says so? */
extern bool scim_attribute_is_unique(const ScimResourceType *type, const ScimAttribute *attr);

/* schema_rules.c */

/*
 * Compiles the lists among the switches; NULL if they are all empty.  A name that the schemas do not have
 * is skipped or, when strict, raises INVALID_VALUE.
 */
extern const ScimRules *scim_rules_compile(const ScimSettings *settings, const ScimSchemaSet *set,
										   bool strict);

/* The rules for a type, which may be an older form of one of the directory's; NULL if there are none. */
extern const ScimRules *scim_rules_of(const ScimDirectory *directory, const ScimResourceType *type);

/* Does the directory keep the type to itself? */
static inline bool
scim_type_is_hidden(const ScimDirectory *directory, const ScimResourceType *type)
{
	const ScimRules *rules = scim_rules_of(directory, type);

	return rules != NULL && rules->is_hidden;
}

/* Does rules, which may be NULL, say this of the attribute? */
static inline bool
scim_rule(const ScimRules *rules, const ScimAttribute *attr, ScimRule rule)
{
	return rules != NULL && attr->index < rules->nflags && (rules->flags[attr->index] & rule) != 0;
}

/* Raises INVALID_VALUE when a client's value for attr holds something that is refused. */
extern void scim_rules_check_refused(const ScimRules *rules, const ScimAttribute *attr,
									 const JsonbValue *value);

/* Raises INVALID_VALUE when a document breaks what the rules want of it. */
extern void scim_rules_check(const ScimRules *rules, const ScimAttribute *root,
							 const JsonbValue *doc);

/* schema_settings.c: the values of profile "default" */
extern JsonbValue *scim_settings_default(void);
extern void scim_settings_init(ScimSettings *settings);

/* Applies an object of switches; unknown names and bad values raise INVALID_VALUE. */
extern void scim_settings_apply(ScimSettings *settings, const JsonbValue *object);

/* The value of a switch that is a boolean, a number or, by its place, a word; INVALID_VALUE for another name. */
extern int	scim_settings_get(const ScimSettings *settings, ScimSlice name);

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

/* Is it the same value, or element, as a filter would see it? Case counts only where it does for attr. */
extern bool scim_value_same(const ScimAttribute *attr, const JsonbValue *a, const JsonbValue *b);

/* The element of a list that says the same: altogether, or with its value and type (RFC 7643 section 2.4); or NULL. */
extern JsonbValue *scim_find_same(const ScimAttribute *attr, JsonbValue *list,
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

/* Is it, or what it belongs to, never told: writeOnly, or returned never? Then nothing may depend on it. */
extern bool scim_attribute_is_secret(const ScimAttribute *attr);

/* How values of this attribute compare. */
extern ScimFoldKind scim_attribute_fold(const ScimAttribute *attr);

/* schema_key.c: values as text that sorts by bytes as they do, for scim.attr_value and scim.unique_value */
#define SCIM_KEY_BYTES 1000
#define SCIM_WHOLE_KEY_BYTES (SCIM_KEY_BYTES - 4)	/* a longer key may be what was left of a value, cut between characters */

/* folded is what scim_fold() made of the text as scim_attribute_fold() says. */
extern ScimSlice scim_key_of_text(ScimSlice folded);
extern ScimSlice scim_key_of_number(Numeric number);

/* Microseconds since 1970. */
extern ScimSlice scim_key_of_instant(int64 instant);

/* False if the key may have been cut to SCIM_KEY_BYTES and so stand for other values too. */
extern bool scim_key_is_whole(ScimSlice key);

/* The key of a value of attr; false for a value that has none. */
extern bool scim_value_key(const ScimAttribute *attr, const JsonbValue *value, ScimSlice *key);

/*
 * schema_discovery.c: what the service tells of itself (RFC 7643 sections 5 to 7), as JSON text.
 * base is what locations begin with, without a trailing slash.
 */
extern void scim_discovery_config(StringInfo out, const ScimDirectory *directory, const char *base);
extern void scim_discovery_type(StringInfo out, const ScimResourceType *type, const char *base);
extern void scim_discovery_schema(StringInfo out, const ScimSchema *schema, const char *base);

#endif							/* SCIM_SCHEMA_H */
