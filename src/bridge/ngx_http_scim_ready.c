/*-------------------------------------------------------------------------
 *
 * ngx_http_scim_ready.c
 *	  scim_ready: can this worker serve requests? For load balancers.
 *
 * 200 if each pool reaches a database in which scim_http exists and may be called by the
 * bridge's role, 503 otherwise. The probe is a job like any other but waits at the head of
 * the queue and not for long. A pool whose connections are all busy is alive; it is not
 * probed, because an overload that takes nodes out of service makes itself worse.
 *
 *-------------------------------------------------------------------------
 */
#include "ngx_http_scim.h"

#define PROBE_WAIT 2000 /* ms for a connection */
#define PROBE_RUN 5000  /* ms for the statement */

static const char probe_sql[] = "SELECT 1 WHERE pg_catalog.has_function_privilege("
                                "'pg_catalog.scim_http(text,text,text[],bytea)', 'EXECUTE')";

typedef struct
{
	ScimJob job; /* first: the job is the probe */
	ngx_http_request_t *http;
	ngx_uint_t next; /* pool to look at next */
} Probe;

/* Sends the verdict. */
static ngx_int_t
answer(ngx_http_request_t *http, ngx_flag_t ready)
{
	static const ngx_str_t yes = ngx_string("{\"ready\":true}\n");
	static const ngx_str_t no = ngx_string("{\"ready\":false}\n");

	return scim_answer_text(http, ready ? NGX_HTTP_OK : NGX_HTTP_SERVICE_UNAVAILABLE,
	                        "application/json", ready ? yes : no);
}

/* The same from the event loop. */
static void
answer_event(Probe *probe, ngx_flag_t ready)
{
	ngx_connection_t *connection = probe->http->connection;

	ngx_http_finalize_request(probe->http, answer(probe->http, ready));
	ngx_http_run_posted_requests(connection);
}

/* Queues the probe's statement. */
static int
probe_send(ScimJob *job, PGconn *pg)
{
	return PQsendQueryParams(pg, probe_sql, 0, NULL, NULL, NULL, NULL, 0);
}

/* Sends the probe to the next pool that is not busy; false when there is none left. */
static ngx_flag_t
probe_next(Probe *probe)
{
	const ScimMainConf *main = ngx_http_get_module_main_conf(probe->http, ngx_http_scim_module);
	ScimPool **pools = main->pools.elts;

	while (probe->next < main->pools.nelts)
	{
		ScimPool *pool = pools[probe->next++];

		if (pool->count[SCIM_CONN_BUSY] == pool->size)
			continue;
		probe->job.pool = pool;
		scim_queue_submit_first(&probe->job);
		return 1;
	}
	return 0;
}

/* One pool has answered. */
static void
probe_done(ScimJob *job, ScimResult *result)
{
	Probe *probe = (Probe *) job;
	const ngx_flag_t good = !result->lost && result->sqlstate[0] == '\0' && result->row != NULL &&
	                        PQntuples(result->row) == 1;

	PQclear(result->row);
	if (!good)
		answer_event(probe, 0);
	else if (!probe_next(probe))
		answer_event(probe, 1);
}

/* No connection in time. */
static void
probe_refuse(ScimJob *job, ScimRefusal why)
{
	answer_event((Probe *) job, 0);
}

/* What the log calls it. */
static ngx_str_t
probe_name(ScimJob *job)
{
	static const ngx_str_t name = ngx_string("scim_ready");

	return name;
}

static const ScimJobKind probe_kind = {probe_send, probe_done, probe_refuse, probe_name};

/* The load balancer has gone. */
static void
cleanup(void *data)
{
	scim_queue_forget(data);
}

/* Content handler of a location with scim_ready. */
ngx_int_t
scim_ready_handler(ngx_http_request_t *http)
{
	ngx_http_cleanup_t *end;
	Probe *probe;
	ngx_int_t rc;

	if (!(http->method & (NGX_HTTP_GET | NGX_HTTP_HEAD)))
		return NGX_HTTP_NOT_ALLOWED;
	rc = ngx_http_discard_request_body(http);
	if (rc != NGX_OK)
		return rc;

	probe = ngx_pcalloc(http->pool, sizeof(Probe));
	end = ngx_http_cleanup_add(http, 0);
	if (probe == NULL || end == NULL)
		return NGX_HTTP_INTERNAL_SERVER_ERROR;
	end->handler = cleanup;
	end->data = &probe->job;
	probe->http = http;
	probe->job.kind = &probe_kind;
	probe->job.wait_limit = PROBE_WAIT;
	probe->job.run_limit = PROBE_RUN;
	if (!probe_next(probe))
		return answer(http, 1);
	http->read_event_handler = ngx_http_test_reading;
	http->main->count++;
	return NGX_DONE;
}
