/*-------------------------------------------------------------------------
 *
 * http_row.c
 *	  The row that scim_http() returns.
 *
 * A page of a hundred users is 150 kB, and the kernel clears memory of that size anew for
 * each request: a quarter of the time of a list.  So body and row are made in memory that is
 * kept from one answer to the next, unless it is very much or there is a request within a request.
 * A row is kept only for FROM scim_http(), which copies it at once: an expression may hold several.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/pg_type.h"
#include "funcapi.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "http/http_int.h"

#define KEPT_SIZE (1024 * 1024)
#define NCOLUMNS 3

static StringInfo kept_body = NULL;
static StringInfo kept_row = NULL;

/* A buffer that outlives the transaction. */
static StringInfo
new_buffer(void)
{
	MemoryContext old = MemoryContextSwitchTo(TopMemoryContext);
	StringInfo	buffer = makeStringInfo();

	MemoryContextSwitchTo(old);
	return buffer;
}

static void
drop_buffer(StringInfo buffer)
{
	pfree(buffer->data);
	pfree(buffer);
}

StringInfo
scim_body_take(void)
{
	StringInfo	body = kept_body != NULL ? kept_body : new_buffer();

	kept_body = NULL;
	return body;
}

void
scim_body_give_back(StringInfo body)
{
	if (kept_body == NULL && body->maxlen <= KEPT_SIZE)
		kept_body = body;
	else
		drop_buffer(body);
}

/* The row type of the answer, made once: looking it up costs as much as an index look-up. */
static TupleDesc
row_type(void)
{
	static TupleDesc type = NULL;
	MemoryContext old;
	TupleDesc	fresh;

	if (type != NULL)
		return type;
	old = MemoryContextSwitchTo(TopMemoryContext);
	fresh = CreateTemplateTupleDesc(NCOLUMNS);
	TupleDescInitEntry(fresh, 1, "status", INT4OID, -1, 0);
	TupleDescInitEntry(fresh, 2, "headers", TEXTARRAYOID, -1, 0);
	TupleDescInitEntry(fresh, 3, "body", TEXTOID, -1, 0);
	type = BlessTupleDesc(fresh);
	MemoryContextSwitchTo(old);
	return type;
}

/* As heap_form_tuple() does, but in memory that the caller has. */
static Datum
fill_row(char *memory, Size length, TupleDesc type, const Datum *values, const bool *nulls)
{
	HeapTupleHeader row = (HeapTupleHeader) memory;
	Size		offset = MAXALIGN(SizeofHeapTupleHeader);

	memset(memory, 0, length);
	HeapTupleHeaderSetDatumLength(row, length);
	HeapTupleHeaderSetTypeId(row, type->tdtypeid);
	HeapTupleHeaderSetTypMod(row, type->tdtypmod);
	HeapTupleHeaderSetNatts(row, NCOLUMNS);
	row->t_hoff = offset;
	heap_fill_tuple(type, (Datum *) values, (bool *) nulls, memory + offset, length - offset,
					&row->t_infomask, NULL);
	return PointerGetDatum(row);
}

/* Memory for a row: kept for an ordinary one that is copied. */
static char *
row_memory(Size length, bool is_copied)
{
	if (length > KEPT_SIZE || !is_copied)
		return palloc_extended(length, MCXT_ALLOC_HUGE);
	if (kept_row == NULL)
		kept_row = new_buffer();
	resetStringInfo(kept_row);
	enlargeStringInfo(kept_row, (int) length);
	return kept_row->data;
}

static Datum
header_array(const ScimAnswer *answer)
{
	Datum		elements[2 * SCIM_MAX_ANSWER_HEADERS];

	for (int i = 0; i < answer->nheaders; i++)
	{
		ScimHeader	header = answer->headers[i];

		elements[2 * i] = PointerGetDatum(cstring_to_text_with_len(header.name.data, header.name.len));
		elements[2 * i + 1] = PointerGetDatum(cstring_to_text_with_len(header.value.data,
																	   header.value.len));
	}
	return PointerGetDatum(construct_array(elements, 2 * answer->nheaders, TEXTOID, -1, false,
										   TYPALIGN_INT));
}

Datum
scim_row_make(const ScimAnswer *answer, bool is_copied)
{
	TupleDesc	type = row_type();
	Datum		values[NCOLUMNS];
	bool		nulls[NCOLUMNS] = {false};
	Size		length;

	SET_VARSIZE(answer->body->data, answer->body->len);
	values[0] = Int32GetDatum(answer->status);
	values[1] = header_array(answer);
	values[2] = PointerGetDatum(answer->body->data);
	length = MAXALIGN(SizeofHeapTupleHeader) + heap_compute_data_size(type, values, nulls);
	return fill_row(row_memory(length, is_copied), length, type, values, nulls);
}
