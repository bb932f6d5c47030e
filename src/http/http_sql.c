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
#include "utils/array.h"
#include "utils/builtins.h"

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

/* Runs the request and makes the row of its answer. */
static Datum
make_row(ScimRequest *request, ScimAnswer *answer, bool is_copied)
{
	scim_answer_clear(answer);
	answer_request(request, answer);
	if (answer->body->len > VARHDRSZ)
		scim_answer_header(answer, "Content-Type", answer->content_type != NULL ? answer->content_type :
						   answer->wants_json ? "application/json" : "application/scim+json");
	return scim_row_make(answer, is_copied);
}

Datum
scim_http(PG_FUNCTION_ARGS)
{
	ScimRequest request = {
		.method = slice_of_varlena(PG_GETARG_VARLENA_PP(0)),
		.target_text = slice_of_varlena(PG_GETARG_VARLENA_PP(1)),
		.body = slice_of_varlena(PG_GETARG_VARLENA_PP(3))
	};
	ScimAnswer	answer = {.body = scim_body_take()};
	Datum		row = (Datum) 0;

	PG_TRY();
	{
		read_headers(&request, PG_GETARG_ARRAYTYPE_P(2));
		row = make_row(&request, &answer, fcinfo->resultinfo != NULL);
	}
	PG_FINALLY();
	{
		scim_body_give_back(answer.body);
	}
	PG_END_TRY();
	PG_RETURN_DATUM(row);
}
