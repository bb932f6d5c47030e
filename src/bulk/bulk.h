/*-------------------------------------------------------------------------
 *
 * bulk.h
 *	  Many operations in one request (RFC 7644 section 3.7).
 *
 *		bulk.c				envelope, locks, all or nothing
 *		  -> bulk_operation.c		what one operation asks for, and doing it
 *		  -> bulk_reference.c		bulkIds in data and paths become ids
 *		  -> bulk_order.c			what is referred to comes first; circles
 *		  -> bulk_run.c				one operation or circle after the other
 *		  -> bulk_answer.c			the BulkResponse
 *
 * A POST gets its id before anything runs, so that references are ids from the start and
 * only the order, and whether the POST succeeded, is left to look after.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SCIM_BULK_H
#define SCIM_BULK_H

#include "postgres.h"

#include "lib/stringinfo.h"
#include "utils/jsonb.h"

#include "resource/resource.h"

/* Raises TOO_LARGE for a request of more bytes than are published as maxPayloadSize. */
extern void scim_bulk_check_size(size_t bytes);

/*
 * Carries out a BulkRequest, made by scim_json_parse() and changed here, and appends its
 * BulkResponse.  Raises errors of the envelope only: an operation's are part of the answer.
 * atomic undoes all operations when one fails.
 */
extern void scim_bulk_run(StringInfo out, const ScimContext *context, JsonbValue *request,
						  bool atomic);

#endif							/* SCIM_BULK_H */
