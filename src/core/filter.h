/*-------------------------------------------------------------------------
 *
 * filter.h
 *	  The filter language of RFC 7644 section 3.4.2.2 as a tree.
 *
 *		userName sw "b" and not (emails[type eq "work" and value pr])
 *
 *		AND
 *		 +- COMPARE userName SW "b"
 *		 +- NOT
 *			 +- VALUE_PATH emails
 *				 +- AND
 *					 +- COMPARE type EQ "work"
 *					 +- COMPARE value PR
 *
 * The tree is untyped: names are as written, filter/ resolves them against a
 * schema.  attr[filter].sub op value (ruling VALUEPATH-SUBATTR) is parsed as
 * attr[(filter) and sub op value].  Chains of and/or lean to the left.  No tree has
 * more than limits->filter_nodes nodes, so a consumer may recurse.  All nodes and
 * decoded strings are palloc'd; names point into the input.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SCIM_FILTER_CORE_H
#define SCIM_FILTER_CORE_H

#include "core/core.h"
#include "core/limits.h"
#include "core/path.h"
#include "lib/stringinfo.h"

typedef enum ScimOperator
{
	SCIM_OP_EQ,
	SCIM_OP_NE,
	SCIM_OP_CO,
	SCIM_OP_SW,
	SCIM_OP_EW,
	SCIM_OP_GT,
	SCIM_OP_GE,
	SCIM_OP_LT,
	SCIM_OP_LE,
	SCIM_OP_PR
} ScimOperator;

typedef enum ScimLiteralKind
{
	SCIM_LITERAL_NONE,			/* of pr */
	SCIM_LITERAL_STRING,
	SCIM_LITERAL_NUMBER,
	SCIM_LITERAL_TRUE,
	SCIM_LITERAL_FALSE,
	SCIM_LITERAL_NULL
} ScimLiteralKind;

/* text: a string decoded to UTF-8 (no NUL, no surrogate), or a number as written. */
typedef struct ScimLiteral
{
	ScimLiteralKind kind;
	ScimSlice	text;
	size_t		offset;
} ScimLiteral;

typedef enum ScimFilterKind
{
	SCIM_FILTER_AND,
	SCIM_FILTER_OR,
	SCIM_FILTER_NOT,
	SCIM_FILTER_COMPARE,
	SCIM_FILTER_VALUE_PATH
} ScimFilterKind;

typedef struct ScimFilter
{
	ScimFilterKind kind;
	struct ScimFilter *left;	/* AND, OR; the only child of NOT and VALUE_PATH */
	struct ScimFilter *right;	/* AND, OR */
	ScimAttrName attr;			/* COMPARE, VALUE_PATH */
	ScimOperator op;			/* COMPARE */
	ScimLiteral literal;		/* COMPARE */
} ScimFilter;

/* Parses a whole filter; on failure *err is INVALID_FILTER with offset and sentence. */
extern bool scim_filter_parse(ScimSlice text, const ScimLimits *limits, ScimFilter **filter,
							  ScimError *err);

/* Prints a tree so that parsing the text gives an equal tree. */
extern void scim_filter_print(StringInfo out, const ScimFilter *filter);

/* "eq", "ne", ... */
extern const char *scim_operator_name(ScimOperator op);

#endif							/* SCIM_FILTER_CORE_H */
