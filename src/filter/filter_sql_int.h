/*-------------------------------------------------------------------------
 *
 * filter_sql_int.h
 *	  Shared by the files that translate conditions to SQL.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SCIM_FILTER_SQL_INT_H
#define SCIM_FILTER_SQL_INT_H

#include "filter/filter.h"

typedef struct Translation
{
	ScimSql    *sql;
	const ScimSchemaSet *schemas;
	const ScimResourceType *type;
	const char *base;			/* what locations begin with */
	const ScimCondition *pin;	/* what r was found by, so that no index is of use; or NULL */
} Translation;

/* filter_sql.c: a whole subtree. */
extern void scim_put_condition(Translation *t, const ScimCondition *condition);

/* Does a comparison hold where the attribute has no value? */
extern bool scim_holds_for_none(const ScimCondition *comparison);

/* filter_sql_column.c: comparisons that columns of scim.resource r answer. */
extern bool scim_has_column(const ScimCondition *condition);
extern void scim_put_column(Translation *t, const ScimCondition *condition);
extern void scim_put_id(Translation *t, const ScimCondition *condition);
extern void scim_put_meta(Translation *t, const ScimCondition *condition);
extern void scim_put_schemas(Translation *t, const ScimCondition *condition);

/* The comparison of a text expression that holds comparison keys in collation "C". */
extern void scim_put_text(Translation *t, const ScimCondition *condition, const char *expression);

/* filter_sql_members.c: conditions on members and on groups. */
extern void scim_put_members(Translation *t, const ScimCondition *condition);

/* filter_sql_index.c: conditions that scim.attr_value helps with. */

/* Is there a term below condition that must hold and that an index finds? */
extern const ScimCondition *scim_find_indexed(const ScimCondition *condition);

/* The operand of a comparison as the index holds values of its attribute. */
extern ScimSlice scim_index_key(const ScimCondition *comparison);

/* Is it true for all that the index finds? */
extern bool scim_index_is_exact(const ScimCondition *comparison);

/* Appends "the resource is among those that the index finds". */
extern void scim_put_indexed(Translation *t, const ScimCondition *indexed);

/* Small pieces. */
extern void scim_put_bool(Translation *t, bool value);
extern int	scim_sql_text_param(ScimSql *sql, ScimSlice text);

#endif							/* SCIM_FILTER_SQL_INT_H */
