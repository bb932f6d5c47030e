/*-------------------------------------------------------------------------
 *
 * http_sql.c
 *	  scim_http(method, target, headers, body): the entry point of the bridge.
 *
 * A failed request is an answer, not an exception: each runs in scim_try(), which
 * undoes what it wrote.  What is no error of the client's (cancel, shutdown, out of
 * memory, deadlock, bugs) goes on to the bridge, which knows what to repeat.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "funcapi.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "compat.h"
#include "http/http_int.h"
#include "util/try.h"

SCIM_FUNCTION(scim_http);

static ScimSlice
slice_of_varlena(struct varlena *value)
{
	return scim_slice_of(VARDATA_ANY(value), VARSIZE_ANY_EXHDR(value));
}

/* Headers arrive as a flat list of names and values. */
static void
read_headers(ScimRequest *request, ArrayType *array)
{
	Datum	   *elements;
	int			n;

	deconstruct_array(array, TEXTOID, -1, false, TYPALIGN_INT, &elements, NULL, &n);
	request->nheaders = n / 2;
	request->headers = palloc((n / 2 + 1) * sizeof(ScimHeader));
	for (int i = 0; i < n / 2; i++)
	{
		request->headers[i].name = slice_of_varlena(DatumGetTextPP(elements[2 * i]));
		request->headers[i].value = slice_of_varlena(DatumGetTextPP(elements[2 * i + 1]));
	}
}

/* What scim_try() runs, and for whom. */
typedef struct Exchange
{
	ScimRequest *request;
	ScimAnswer *answer;
} Exchange;

/* For scim_try(). */
static void
handle(void *arg)
{
	Exchange   *exchange = arg;

	scim_http_handle(exchange->request, exchange->answer);
}

/* Runs the handler and turns its failure into an answer. */
static void
answer_request(ScimRequest *request, ScimAnswer *answer)
{
	Exchange	exchange = {request, answer};
	char	   *detail;
	ScimErrorCode code = scim_try(handle, &exchange, &detail);

	if (code != SCIM_OK)
		scim_answer_error(answer, request, code, detail);
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

/* The row type of the answer, made once: looking it up costs as much as an index look-up. */
static TupleDesc
answer_type(void)
{
	static TupleDesc type = NULL;
	MemoryContext old;
	TupleDesc	fresh;

	if (type != NULL)
		return type;
	old = MemoryContextSwitchTo(TopMemoryContext);
	fresh = CreateTemplateTupleDesc(3);
	TupleDescInitEntry(fresh, 1, "status", INT4OID, -1, 0);
	TupleDescInitEntry(fresh, 2, "headers", TEXTARRAYOID, -1, 0);
	TupleDescInitEntry(fresh, 3, "body", TEXTOID, -1, 0);
	type = BlessTupleDesc(fresh);
	MemoryContextSwitchTo(old);
	return type;
}

/* What is kept of a buffer from one answer to the next; a longer one is given back. */
#define KEPT_BUFFER_SIZE (1024 * 1024)

static StringInfo kept_buffer = NULL;

/*
 * An empty buffer for a body. A long answer grows its buffer by memory that the kernel clears page by
 * page, a quarter of the time of a list; so the buffer is kept, unless this is a request within a request.
 */
static StringInfo
take_buffer(void)
{
	MemoryContext old = MemoryContextSwitchTo(TopMemoryContext);
	StringInfo	buffer = kept_buffer != NULL ? kept_buffer : makeStringInfo();

	MemoryContextSwitchTo(old);
	kept_buffer = NULL;
	return buffer;
}

static void
give_back(StringInfo buffer)
{
	if (kept_buffer == NULL && buffer->maxlen <= KEPT_BUFFER_SIZE)
	{
		kept_buffer = buffer;
		return;
	}
	pfree(buffer->data);
	pfree(buffer);
}

/* The body where it is, as a text. */
static Datum
body_text(const ScimAnswer *answer)
{
	SET_VARSIZE(answer->body->data, answer->body->len);
	return PointerGetDatum(answer->body->data);
}

static Datum
make_row(ScimRequest *request, ScimAnswer *answer)
{
	Datum		values[3];
	bool		nulls[3] = {false};

	scim_answer_clear(answer);
	answer_request(request, answer);
	if (answer->body->len > VARHDRSZ)
		scim_answer_header(answer, "Content-Type", answer->wants_json ? "application/json" :
						   "application/scim+json");
	values[0] = Int32GetDatum(answer->status);
	values[1] = header_array(answer);
	values[2] = body_text(answer);
	return HeapTupleGetDatum(heap_form_tuple(answer_type(), values, nulls));
}

Datum
scim_http(PG_FUNCTION_ARGS)
{
	ScimRequest request = {
		.method = slice_of_varlena(PG_GETARG_VARLENA_PP(0)),
		.target_text = slice_of_varlena(PG_GETARG_VARLENA_PP(1)),
		.body = slice_of_varlena(PG_GETARG_VARLENA_PP(3))
	};
	ScimAnswer	answer = {.body = take_buffer()};
	Datum		row = (Datum) 0;

	PG_TRY();
	{
		read_headers(&request, PG_GETARG_ARRAYTYPE_P(2));
		row = make_row(&request, &answer);
	}
	PG_FINALLY();
	{
		give_back(answer.body);
	}
	PG_END_TRY();
	PG_RETURN_DATUM(row);
}
