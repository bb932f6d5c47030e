/*-------------------------------------------------------------------------
 *
 * ngx_http_scim_request.c
 *	  The life of one request: body, parameters, transaction, answer.
 *
 *		handler -> (nginx reads the body) -> begin -> queue -> send -> done -> answer
 *								  400, 413, 500, 503 <-+		  +-> queue again (retry table)
 *
 * Everything of a request lives in nginx's request pool. If nginx ends the request early,
 * the clean-up handler takes it out of the queue, or leaves its connection to finish alone.
 *
 *-------------------------------------------------------------------------
 */
#include "ngx_http_scim.h"

#define TEXT_OID 25
#define TEXT_ARRAY_OID 1009
#define BYTEA_OID 17
#define BINARY 1
#define PARAMETERS 4

#define CALL "scim_call"
#define BEFORE_READ "scim_before_read"
#define BEFORE_WRITE "scim_before_write"

static const char call_sql[] = "SELECT * FROM pg_catalog.scim_http($1, $2, $3, $4)";

/*
 * The settings end with the transaction. Inside the called function they would come too
 * late: the statement's timer is set before it starts.
 */
static const char before_read_sql[] =
    "SELECT pg_catalog.set_config('statement_timeout', $1, true), "
    "pg_catalog.set_config('transaction_read_only', 'on', true)";
static const char before_write_sql[] =
    "SELECT pg_catalog.set_config('statement_timeout', $1, true)";

/*
 * Queues the Prepares of a fresh connection. The call comes first: if the function is
 * missing, nothing is prepared, and the next job on the connection may try again.
 */
ngx_int_t
scim_request_prepare(PGconn *pg)
{
	static const Oid call_types[PARAMETERS] = {TEXT_OID, TEXT_OID, TEXT_ARRAY_OID, BYTEA_OID};
	static const Oid settings_types[] = {TEXT_OID};

	return PQsendPrepare(pg, CALL, call_sql, PARAMETERS, call_types) &&
	       PQsendPrepare(pg, BEFORE_READ, before_read_sql, 1, settings_types) &&
	       PQsendPrepare(pg, BEFORE_WRITE, before_write_sql, 1, settings_types);
}

/* Queues settings and call. libpq copies the parameters, so the client may go away. */
static int
request_send(ScimJob *job, PGconn *pg)
{
	const ScimRequest *request = (const ScimRequest *) job;
	const ngx_http_request_t *http = request->http;
	const ngx_str_t *parameters[PARAMETERS] = {&http->method_name, &http->unparsed_uri,
	                                           &request->headers, &request->body};
	const char *values[PARAMETERS];
	int lengths[PARAMETERS];
	static const int formats[PARAMETERS] = {BINARY, BINARY, BINARY, BINARY};
	u_char timeout[NGX_INT64_LEN + 1];
	const char *settings[] = {(const char *) timeout};

	for (int i = 0; i < PARAMETERS; i++)
	{
		values[i] = parameters[i]->len > 0 ? (const char *) parameters[i]->data : "";
		lengths[i] = (int) parameters[i]->len;
	}
	ngx_sprintf(timeout, "%M%Z", request->conf->statement_timeout);
	return PQsendQueryPrepared(pg, request->reading ? BEFORE_READ : BEFORE_WRITE, 1, settings, NULL,
	                           NULL, BINARY) &&
	       PQsendQueryPrepared(pg, CALL, PARAMETERS, values, lengths, formats, BINARY);
}

/* Counts and ends a request whose answer has been handed to nginx. */
static void
conclude(ScimRequest *request, ngx_int_t rc)
{
	ngx_http_request_t *http = request->http;

	scim_metrics_answer(request->job.pool, http->headers_out.status,
	                    ngx_current_msec - request->started);
	ngx_http_finalize_request(http, rc);
}

/* The same from the event loop, where nobody else runs what nginx has posted. */
static void
conclude_event(ScimRequest *request, ngx_int_t rc)
{
	ngx_connection_t *connection = request->http->connection;

	conclude(request, rc);
	ngx_http_run_posted_requests(connection);
}

/* May the request run once more? Then it is in the queue again. */
static ngx_int_t
repeat(ScimRequest *request, const ScimOutcome *outcome)
{
	const ngx_uint_t allowed = request->reading ? outcome->read_repeats : outcome->write_repeats;

	if (request->repeats >= allowed)
		return 0;
	request->repeats++;
	scim_metrics_event(request->job.pool, SCIM_EVENT_REPEATED);
	scim_queue_submit_first(&request->job);
	return 1;
}

/* Applies the retry table. */
static void
request_failed(ScimRequest *request, const ScimOutcome *outcome)
{
	ScimPool *pool = request->job.pool;

	if (outcome->alarm != NULL)
		ngx_log_error(NGX_LOG_ALERT, ngx_cycle->log, 0, "scim: request %V: %s", &request->id,
		              outcome->alarm);
	if (outcome->pool == SCIM_DROP_POOL)
		scim_pool_drop(pool);
	if (!repeat(request, outcome))
		conclude_event(request, scim_answer_error(request->http, outcome->status,
		                                          outcome->scim_type, outcome->detail,
		                                          outcome->status == NGX_HTTP_SERVICE_UNAVAILABLE
		                                              ? scim_pool_retry_after(pool)
		                                              : 0));
}

/* The transaction is over, or nobody knows. */
static void
request_done(ScimJob *job, ScimResult *result)
{
	ScimRequest *request = (ScimRequest *) job;
	const ScimOutcome *outcome = scim_outcome_of(result, request->reading);
	ngx_int_t rc;

	if (outcome != NULL)
	{
		PQclear(result->row);
		request_failed(request, outcome);
		return;
	}
	rc = scim_answer_row(request->http, result->row);
	if (rc == NGX_DECLINED)
	{
		ngx_log_error(NGX_LOG_ALERT, ngx_cycle->log, 0,
		              "scim: request %V: scim_http returned no valid answer", &request->id);
		scim_metrics_event(job->pool, SCIM_EVENT_BAD_ANSWER);
		rc = scim_answer_error(request->http, NGX_HTTP_INTERNAL_SERVER_ERROR, NULL,
		                       "the request failed, the server's log says why", 0);
	}
	conclude_event(request, rc);
}

/* Overload or outage. */
static ngx_int_t
answer_refused(ScimRequest *request, ScimRefusal why)
{
	return scim_answer_error(request->http, NGX_HTTP_SERVICE_UNAVAILABLE, NULL,
	                         why == SCIM_REFUSED_FULL ? "too many requests are waiting"
	                                                  : "the database did not become free in time",
	                         scim_pool_retry_after(request->job.pool));
}

/* No connection before the deadline. */
static void
request_refuse(ScimJob *job, ScimRefusal why)
{
	ScimRequest *request = (ScimRequest *) job;

	conclude_event(request, answer_refused(request, why));
}

/* What the log calls it. */
static ngx_str_t
request_name(ScimJob *job)
{
	return ((ScimRequest *) job)->id;
}

static const ScimJobKind request_kind = {request_send, request_done, request_refuse, request_name};

/* nginx ends the request, for whatever reason, perhaps before we did. */
static void
cleanup(void *data)
{
	scim_queue_forget(data);
}

/* Copies one piece of the body: from memory, from nginx's temporary file, or a mere end mark. */
static u_char *
copy_piece(u_char *at, ngx_buf_t *piece)
{
	const size_t size = (size_t) ngx_buf_size(piece);

	if (size == 0)
		return at;
	if (ngx_buf_in_memory(piece))
		return ngx_cpymem(at, piece->pos, size);
	if (ngx_read_file(piece->file, at, size, piece->file_pos) != (ssize_t) size)
		return NULL;
	return at + size;
}

/* Makes the body one piece. In the usual case it is one already and nothing is copied. */
static ngx_int_t
collect_body(ngx_http_request_t *http, ngx_str_t *body)
{
	ngx_chain_t *first = http->request_body ? http->request_body->bufs : NULL;
	off_t size = 0;
	u_char *at;

	for (ngx_chain_t *link = first; link != NULL; link = link->next)
		size += ngx_buf_size(link->buf);
	if (size > SCIM_MAX_BODY)
		return NGX_HTTP_REQUEST_ENTITY_TOO_LARGE;
	body->len = (size_t) size;
	if (size == 0)
		return NGX_OK;
	if (first->next == NULL && ngx_buf_in_memory(first->buf))
	{
		body->data = first->buf->pos;
		return NGX_OK;
	}

	at = body->data = ngx_pnalloc(http->pool, body->len);
	for (ngx_chain_t *link = first; at != NULL && link != NULL; link = link->next)
		at = copy_piece(at, link->buf);
	return at != NULL ? NGX_OK : NGX_ERROR;
}

/* Collects the parameters; an HTTP status other than NGX_OK refuses the request. */
static ngx_int_t
collect(ScimRequest *request)
{
	ngx_array_t fields;
	ngx_int_t rc = scim_headers_collect(request, &fields);

	if (rc == NGX_OK)
		rc = scim_params_encode(request->http->pool, fields.elts, fields.nelts, &request->headers);
	return rc == NGX_OK ? collect_body(request->http, &request->body) : rc;
}

/* Allocates a request that cleans up after itself. */
static ScimRequest *
create(ngx_http_request_t *http)
{
	ScimRequest *request = ngx_pcalloc(http->pool, sizeof(ScimRequest));
	ngx_http_cleanup_t *end = ngx_http_cleanup_add(http, 0);

	if (request == NULL || end == NULL)
		return NULL;
	end->handler = cleanup;
	end->data = &request->job;
	request->http = http;
	request->conf = ngx_http_get_module_loc_conf(http, ngx_http_scim_module);
	request->id = scim_headers_request_id(http);
	request->started = ngx_current_msec;
	request->reading = (http->method & (NGX_HTTP_GET | NGX_HTTP_HEAD)) != 0;
	request->job.kind = &request_kind;
	request->job.pool = request->reading ? request->conf->read_pool : request->conf->pool;
	request->job.wait_limit = request->conf->queue_timeout;
	request->job.run_limit = request->conf->statement_timeout + SCIM_GRACE;
	return request;
}

/* Answers a request that does not reach the queue. */
static ngx_int_t
answer_unfit(ScimRequest *request, ngx_int_t rc)
{
	if (rc == NGX_HTTP_BAD_REQUEST)
		return scim_answer_error(request->http, rc, "invalidSyntax",
		                         "a header field is repeated that may occur only once", 0);
	if (rc == NGX_HTTP_REQUEST_ENTITY_TOO_LARGE)
		return scim_answer_error(request->http, rc, NULL, "the request body is too large", 0);
	return scim_answer_error(request->http, NGX_HTTP_INTERNAL_SERVER_ERROR, NULL,
	                         "the request failed, the server's log says why", 0);
}

/* The body has been read: off to the database. */
static void
begin(ngx_http_request_t *http)
{
	ScimRequest *request = create(http);
	ngx_int_t rc;

	if (request == NULL)
	{
		ngx_http_finalize_request(http, NGX_HTTP_INTERNAL_SERVER_ERROR);
		return;
	}
	rc = collect(request);
	if (rc != NGX_OK)
	{
		conclude(request, answer_unfit(request, rc));
		return;
	}
	request->job.bytes = request->headers.len + request->body.len;
	http->read_event_handler = ngx_http_test_reading; /* notices that the client has gone */
	if (scim_queue_submit(&request->job) == NGX_BUSY)
		conclude(request, answer_refused(request, SCIM_REFUSED_FULL));
}

/* Content handler of a location with scim_pass. */
ngx_int_t
scim_request_handler(ngx_http_request_t *http)
{
	ngx_int_t rc;

	if (http->http_version < NGX_HTTP_VERSION_10)
		return NGX_HTTP_BAD_REQUEST; /* 0.9 has no fields: no credential, no status */
	http->request_body_in_single_buf = 1;
	rc = ngx_http_read_client_request_body(http, begin);
	return rc >= NGX_HTTP_SPECIAL_RESPONSE ? rc : NGX_DONE;
}
