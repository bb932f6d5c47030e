/*-------------------------------------------------------------------------
 *
 * filter_sql_pin.c
 *	  The term of a filter that pins few resources down, and how they are found by it.
 *
 * A pin is an eq that must hold for the whole filter to hold and that an index answers: of
 * id, userName, externalId, an indexed attribute, or a member; or an or of such terms.  Its
 * resources are candidates: the rest of the filter is tested on each.  The source is written
 * so that there is but one way to run it, whatever the values and the statistics: an index
 * for the ids, cut at a limit, and the primary key for each of them.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/uuid.h"

#include "filter/filter_sql_int.h"
#include "util/uuid.h"

/* Ways to find resources, the best first. */
typedef enum PinKind
{
	PIN_ID,
	PIN_USER_NAME,
	PIN_EXTERNAL_ID,
	PIN_INDEXED,
	PIN_MEMBER,
	PIN_EITHER,
	PIN_NONE
} PinKind;

static PinKind
kind_of(const ScimCondition *condition)
{
	const ScimAttribute *attr = condition->attr;
	pg_uuid_t	id;

	if (condition->kind == SCIM_FILTER_OR)
		return PIN_EITHER;
	if (attr == NULL || condition->op != SCIM_OP_EQ || condition->operand.is_null)
		return PIN_NONE;
	if (attr->storage == SCIM_IN_ID)
		return scim_uuid_parse(condition->operand.key, &id) ? PIN_ID : PIN_NONE;
	if (attr->storage == SCIM_IN_MEMBERS)
		return attr->parent->value == attr && scim_uuid_parse(condition->operand.key, &id) ?
			PIN_MEMBER : PIN_NONE;
	if (attr->column == SCIM_COLUMN_USER_NAME)
		return PIN_USER_NAME;
	if (attr->column == SCIM_COLUMN_EXTERNAL_ID)
		return PIN_EXTERNAL_ID;
	return scim_find_indexed(condition) != NULL ? PIN_INDEXED : PIN_NONE;
}

static const ScimCondition *
better(const ScimCondition *a, const ScimCondition *b)
{
	if (a == NULL || b == NULL)
		return a == NULL ? b : a;
	return kind_of(a) <= kind_of(b) ? a : b;
}

const ScimCondition *
scim_filter_pin(const ScimCondition *condition)
{
	check_stack_depth();
	switch (condition->kind)
	{
		case SCIM_FILTER_AND:
			return better(scim_filter_pin(condition->left), scim_filter_pin(condition->right));
		case SCIM_FILTER_VALUE_PATH:
			return condition->attr == NULL ? NULL : scim_filter_pin(condition->left);
		case SCIM_FILTER_COMPARE:
			return kind_of(condition) == PIN_NONE ? NULL : condition;
		case SCIM_FILTER_OR:
			return scim_filter_pin(condition->left) != NULL &&
				scim_filter_pin(condition->right) != NULL ? condition : NULL;
		case SCIM_FILTER_NOT:
			break;
	}
	return NULL;
}

bool
scim_filter_is_never(const ScimCondition *condition)
{
	pg_uuid_t	id;

	check_stack_depth();
	switch (condition->kind)
	{
		case SCIM_FILTER_AND:
			return scim_filter_is_never(condition->left) || scim_filter_is_never(condition->right);
		case SCIM_FILTER_OR:
			return scim_filter_is_never(condition->left) && scim_filter_is_never(condition->right);
		case SCIM_FILTER_VALUE_PATH:
			return condition->attr == NULL;
		case SCIM_FILTER_COMPARE:
			if (condition->attr == NULL)
				return !scim_holds_for_none(condition);
			return condition->attr->storage == SCIM_IN_ID && condition->op == SCIM_OP_EQ &&
				!condition->operand.is_null && !scim_uuid_parse(condition->operand.key, &id);
		case SCIM_FILTER_NOT:
			break;
	}
	return false;
}

static int
id_param(ScimSql *sql, const ScimCondition *pin)
{
	pg_uuid_t  *id = palloc(sizeof(pg_uuid_t));

	(void) scim_uuid_parse(pin->operand.key, id);
	return scim_sql_param(sql, UUIDOID, UUIDPGetDatum(id));
}

/* The rows that a comparison finds by an index, of the table that has the index. */
static void
put_rows(ScimSql *sql, const ScimCondition *pin, int16 type_id)
{
	StringInfo	out = &sql->text;

	switch (kind_of(pin))
	{
		case PIN_ID:
			appendStringInfo(out, "scim.resource c WHERE c.directory_id = $1 AND c.id = $%d",
							 id_param(sql, pin));
			break;
		case PIN_USER_NAME:
			appendStringInfo(out, "scim.resource c WHERE c.directory_id = $1 AND c.type_id = $%d",
							 scim_sql_param(sql, INT2OID, Int16GetDatum(type_id)));
			appendStringInfo(out, " AND c.user_name = $%d",
							 scim_sql_text_param(sql, pin->operand.key));
			break;
		case PIN_EXTERNAL_ID:
			appendStringInfo(out, "scim.resource c WHERE c.directory_id = $1 AND c.external_id = $%d",
							 scim_sql_text_param(sql, pin->operand.key));
			break;
		case PIN_INDEXED:
			appendStringInfo(out, "scim.attr_value c WHERE c.directory_id = $1"
							 " AND c.attr_id = %d::pg_catalog.int2 AND c.v = $%d",
							 pin->attr->index_id, scim_sql_text_param(sql, scim_index_key(pin)));
			break;
		case PIN_MEMBER:
			appendStringInfo(out, "scim.membership c WHERE c.directory_id = $1 AND c.member_id = $%d",
							 id_param(sql, pin));
			break;
		case PIN_EITHER:
		case PIN_NONE:
			Assert(false);
	}
}

/* Ids of candidates, not more than limit from each index. */
static void
put_ids(ScimSql *sql, const ScimCondition *pin, int16 type_id, int limit)
{
	StringInfo	out = &sql->text;

	check_stack_depth();
	if (kind_of(pin) == PIN_EITHER)
	{
		appendStringInfoChar(out, '(');
		put_ids(sql, scim_filter_pin(pin->left), type_id, limit);
		appendStringInfoString(out, ") UNION (");
		put_ids(sql, scim_filter_pin(pin->right), type_id, limit);
		appendStringInfoChar(out, ')');
		return;
	}
	appendStringInfo(out, "SELECT %s AS id FROM ",
					 kind_of(pin) == PIN_MEMBER ? "c.group_id" : "c.id");
	put_rows(sql, pin, type_id);
	appendStringInfo(out, " LIMIT %d", limit);
}

/* OFFSET keeps the planner from turning the look-up of each candidate into another kind of join. */
void
scim_pin_to_sql(ScimSql *sql, const ScimCondition *pin, int16 type_id, int limit)
{
	StringInfo	out = &sql->text;

	appendStringInfoChar(out, '(');
	if (kind_of(pin) <= PIN_EXTERNAL_ID)
	{
		appendStringInfoString(out, "SELECT * FROM ");
		put_rows(sql, pin, type_id);
		if (kind_of(pin) == PIN_EXTERNAL_ID)	/* the others are unique */
			appendStringInfo(out, " LIMIT %d", limit);
	}
	else
	{
		put_ids(sql, pin, type_id, limit);
		appendStringInfoString(out, ") AS i CROSS JOIN LATERAL (SELECT * FROM scim.resource c"
							   " WHERE c.directory_id = $1 AND c.id = i.id OFFSET 0");
	}
	appendStringInfoString(out, ") AS r");
}
