/*-------------------------------------------------------------------------
 *
 * bulk_int.h
 *	  Shared by the files of bulk/.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SCIM_BULK_INT_H
#define SCIM_BULK_INT_H

#include "nodes/pg_list.h"

#include "bulk/bulk.h"
#include "core/error.h"
#include "util/uuid.h"

typedef enum ScimBulkMethod
{
	SCIM_BULK_POST,
	SCIM_BULK_PUT,
	SCIM_BULK_PATCH,
	SCIM_BULK_DELETE
} ScimBulkMethod;

typedef struct ScimBulkOperation
{
	/* as sent; empty when absent */
	ScimSlice	method_text;
	ScimSlice	bulk_id;
	ScimSlice	path;
	ScimSlice	if_match;		/* member version */
	JsonbValue *data;			/* NULL when absent */

	/* as understood */
	ScimBulkMethod method;
	const ScimResourceType *type;	/* NULL when the path leads nowhere */
	ScimSlice	id;				/* in the path, bulkId resolved; empty for a POST */
	pg_uuid_t	new_id;			/* of a POST */
	char		new_id_text[SCIM_UUID_SIZE];
	bool		is_ambiguous;	/* a later POST has the same bulkId */
	List	   *references;		/* the POSTs whose ids it uses */

	/* order: see bulk_order.c */
	int			seen;			/* 0 before it was visited */
	int			low;
	int			next_reference;
	List	   *unit;			/* that it runs in; NIL before it is known */

	/* outcome */
	bool		is_processed;
	ScimError	error;			/* SCIM_OK while nothing is wrong */
	int			status;			/* of success */
	int64		version;		/* of the resource afterwards; 0 if it is gone */
} ScimBulkOperation;

typedef struct ScimBulk
{
	const ScimContext *context;
	int			noperations;
	ScimBulkOperation *operations;
	int			max_errors;		/* stop when so many have failed; 0: never */
	List	   *units;			/* lists of operations, in the order to run them */
	MemoryContext scratch;		/* of one operation */

	/* POSTs by bulkId, each once */
	int			nposts;
	ScimBulkOperation **posts;
} ScimBulk;

/* bulk_operation.c */

/* Notes the first thing that is wrong with an operation; returns false. */
extern bool scim_bulk_fail(ScimBulkOperation *operation, ScimErrorCode code, const char *fmt,...)
			pg_attribute_printf(3, 4);

static inline bool
scim_bulk_is_sound(const ScimBulkOperation *operation)
{
	return operation->error.code == SCIM_OK;
}

/* Reads an element of Operations; what is wrong with it becomes its error. */
extern void scim_bulk_read(ScimBulkOperation *operation, const ScimContext *context,
						   const JsonbValue *element);

/* Carries out a sound operation; raises its failure. */
extern void scim_bulk_perform(ScimBulkOperation *operation, const ScimContext *context);

/* bulk_reference.c: gives POSTs their ids and puts these in the place of bulkIds. */
extern void scim_bulk_resolve(ScimBulk *bulk);

/* bulk_order.c: fills units. */
extern void scim_bulk_order(ScimBulk *bulk);

/* bulk_run.c: runs the units; returns the number of operations that failed. */
extern int	scim_bulk_run_units(ScimBulk *bulk);

/* bulk_answer.c */
extern void scim_bulk_answer(StringInfo out, const ScimBulk *bulk);

#endif							/* SCIM_BULK_INT_H */
