/*-------------------------------------------------------------------------
 *
 * filter.h
 *	  Filters with a meaning: typed against a schema, evaluated in C, translated to SQL.
 *
 *		text --core/filter--> ScimFilter --resolve--> ScimCondition --+-- eval (one document)
 *																	  `-- sql (WHERE clause)
 *
 * Meaning (RFC 7644 section 3.4.2.2 and our rulings), the same in both:
 *	- two-valued logic: a comparison on an absent value is false, ne is true
 *	- a multi-valued attribute matches if any of its values does
 *	- all of a value filter holds for one and the same element
 *	- strings compare by scim_fold(), dateTimes by instant, numbers by value
 *
 *-------------------------------------------------------------------------
 */
#ifndef SCIM_FILTER_H
#define SCIM_FILTER_H

#include "postgres.h"

#include "lib/stringinfo.h"
#include "utils/jsonb.h"
#include "utils/numeric.h"

#include "core/filter.h"
#include "schema/schema.h"

/* What a comparison compares with, prepared for the attribute's type. */
typedef struct ScimOperand
{
	bool		is_null;		/* the literal null: eq asks for unassigned, ne for assigned */
	ScimSlice	key;			/* string, reference, binary: comparison key */
	Numeric		number;			/* integer, decimal */
	int64		instant;		/* dateTime: microseconds since 1970 */
	bool		boolean;
} ScimOperand;

typedef struct ScimCondition
{
	ScimFilterKind kind;
	struct ScimCondition *left; /* as in ScimFilter */
	struct ScimCondition *right;
	const ScimAttribute *attr;	/* COMPARE: what is compared; VALUE_PATH: whose elements; NULL: the type lacks it */
	const ScimAttribute *scope; /* COMPARE: attr's values are looked up below a value of this; attr itself for "this value" */
	ScimOperator op;
	ScimOperand operand;
	const ScimFilter *source;	/* the text's tree, for printing */
} ScimCondition;

/* filter_resolve.c */

/* Types a whole filter of a resource type; raises INVALID_FILTER. */
extern ScimCondition *scim_filter_resolve(const ScimResourceType *type, const ScimFilter *filter);

/* The same for a query over several types: an attribute that this type lacks has no value (QRY-08). */
extern ScimCondition *scim_filter_resolve_lenient(const ScimResourceType *type,
												  const ScimFilter *filter);

/* Types the filter between the brackets of attr[..]. */
extern ScimCondition *scim_filter_resolve_elements(const ScimAttribute *attr,
												   const ScimFilter *filter);

/* filter_eval.c */

/* Does the condition hold for a value of condition's scope: a document, or an element of a value filter? */
extern bool scim_filter_matches(const ScimCondition *condition, const JsonbValue *value);

/* Is one string in the relation to the operand that op asks for? */
extern bool scim_compare_text(ScimOperator op, ScimSlice key, ScimSlice operand);

/* Has the value some non-empty node (pr)? */
extern bool scim_value_is_present(const JsonbValue *value);

/* filter_sql.c */

#define SCIM_MAX_FILTER_PARAMS 512

/* A WHERE clause under construction: text and its numbered parameters. */
typedef struct ScimSql
{
	StringInfoData text;
	int			nparams;
	Oid			types[SCIM_MAX_FILTER_PARAMS];
	Datum		values[SCIM_MAX_FILTER_PARAMS];
	bool		has_one_plan;	/* the best way to run it does not depend on the values */
} ScimSql;

/* Adds a parameter and returns its number. */
extern int	scim_sql_param(ScimSql *sql, Oid type, Datum value);

/*
 * Appends the condition over alias r of scim.resource; $1 must be the directory.  The caller
 * says which type r is of.  base is what locations begin with.  pin is the term that r was
 * found by, or NULL; one comparison holds then already.
 */
extern void scim_filter_to_sql(ScimSql *sql, const ScimSchemaSet *schemas,
							   const ScimResourceType *type, const ScimCondition *condition,
							   const ScimCondition *pin, const char *base);

/* filter_sql_pin.c */

/* The term that must hold and by which an index finds what are most often few resources; or NULL. */
extern const ScimCondition *scim_filter_pin(const ScimCondition *condition);

/*
 * filter_sql_hint.c: the attribute whose index would spare the filter reading all resources; NULL
 * if it need not read them, or if no index helps.
 */
extern const ScimAttribute *scim_filter_missing_index(const ScimCondition *condition);

/* Is it false for every resource, whatever there is? */
extern bool scim_filter_is_never(const ScimCondition *condition);

/*
 * Appends what to select from: resources r that a pin finds, of any type; limit or more if they are
 * more.  $1 must be the directory.
 */
extern void scim_pin_to_sql(ScimSql *sql, const ScimCondition *pin, int16 type_id, int limit);

/*
 * filter_sql_members.c: appends the comparison key of a sub-attribute of members or groups, that
 * of the first element; null when there is none.
 */
extern void scim_sort_members_to_sql(ScimSql *sql, const ScimSchemaSet *schemas,
									 const ScimAttribute *sub, const char *base);

#endif							/* SCIM_FILTER_H */
