/*-------------------------------------------------------------------------
 *
 * ngx_http_scim_status.c
 *	  scim_status: the counters as JSON, or as Prometheus reads them.
 *
 * Prometheus gets its text because it asks for text/plain; ?format= and the directive's
 * argument override that. Pools are named database@host: never a user, never a secret.
 *
 *-------------------------------------------------------------------------
 */
#include "ngx_http_scim.h"

#define PER_POOL 8192 /* more than either form takes, names aside */
#define PER_NAME 80   /* how often a pool's name occurs at most, with room to spare */

static const char *const state_names[SCIM_CONN_STATES] = {"closed", "connecting", "idle", "busy"};

/* Where the text ends at present, and where it must. */
typedef struct
{
	u_char *at;
	u_char *end;
} Text;

/* Appends, like printf with nginx's conversions. */
#define PUT(text, ...) ((text)->at = ngx_slprintf((text)->at, (text)->end, __VA_ARGS__))

/* One pool as a JSON object. */
static void
put_json_pool(Text *text, ScimPool *pool)
{
	const ScimCounters *counters = pool->counters;
	const ScimGauges now = scim_metrics_sum(pool);

	PUT(text, "{\"name\":\"%V\",\"connections\":{", &pool->name);
	for (ngx_uint_t i = SCIM_CONN_CONNECTING; i < SCIM_CONN_STATES; i++)
		PUT(text, "%s\"%s\":%uA", i > SCIM_CONN_CONNECTING ? "," : "", state_names[i],
		    now.count[i]);
	PUT(text, "},\"queue\":%uA,\"answers\":{", now.waiting);
	for (ngx_uint_t i = 2; i <= 5; i++)
		PUT(text, "%s\"%uixx\":%uA", i > 2 ? "," : "", i, counters->status[i]);
	PUT(text, "},\"events\":{");
	for (ngx_uint_t i = 0; i < SCIM_EVENT_COUNT; i++)
		PUT(text, "%s\"%s\":%uA", i > 0 ? "," : "", scim_metrics_event_names[i],
		    counters->events[i]);
	PUT(text, "},\"milliseconds\":{\"sum\":%uA,\"up_to\":{", counters->latency_sum);
	for (ngx_uint_t i = 0; i < SCIM_LATENCY_BUCKETS - 1; i++)
		PUT(text, "%s\"%M\":%uA", i > 0 ? "," : "", scim_metrics_bounds[i], counters->latency[i]);
	PUT(text, "},\"longer\":%uA}}", counters->latency[SCIM_LATENCY_BUCKETS - 1]);
}

/* All pools as JSON. */
static void
put_json(Text *text, ScimPool **pools, ngx_uint_t n)
{
	PUT(text, "{\"pools\":[");
	for (ngx_uint_t i = 0; i < n; i++)
	{
		if (i > 0)
			PUT(text, ",");
		put_json_pool(text, pools[i]);
	}
	PUT(text, "]}\n");
}

/* The type line that goes before the samples of a metric. */
static void
put_type(Text *text, const char *metric, const char *type)
{
	PUT(text, "# TYPE scim_bridge_%s %s\n", metric, type);
}

/* Connections and queue of one pool. */
static void
put_gauges(Text *text, ScimPool *pool)
{
	const ScimGauges now = scim_metrics_sum(pool);

	for (ngx_uint_t i = SCIM_CONN_CONNECTING; i < SCIM_CONN_STATES; i++)
		PUT(text, "scim_bridge_connections{pool=\"%V\",state=\"%s\"} %uA\n", &pool->name,
		    state_names[i], now.count[i]);
	PUT(text, "scim_bridge_connections{pool=\"%V\",state=\"waiting\"} %uA\n", &pool->name,
	    now.waiting);
}

/* Answers of one pool by class. */
static void
put_answers(Text *text, ScimPool *pool)
{
	for (ngx_uint_t i = 2; i <= 5; i++)
		PUT(text, "scim_bridge_answers_total{pool=\"%V\",code=\"%uixx\"} %uA\n", &pool->name, i,
		    pool->counters->status[i]);
}

/* Events of one pool. */
static void
put_events(Text *text, ScimPool *pool)
{
	for (ngx_uint_t i = 0; i < SCIM_EVENT_COUNT; i++)
		PUT(text, "scim_bridge_events_total{pool=\"%V\",event=\"%s\"} %uA\n", &pool->name,
		    scim_metrics_event_names[i], pool->counters->events[i]);
}

/* The histogram of one pool: cumulative, in seconds, as Prometheus wants it. */
static void
put_latency(Text *text, ScimPool *pool)
{
	static const char metric[] = "scim_bridge_request_seconds";
	const ScimCounters *counters = pool->counters;
	ngx_atomic_uint_t total = 0;

	for (ngx_uint_t i = 0; i < SCIM_LATENCY_BUCKETS; i++)
	{
		const ngx_msec_t bound = scim_metrics_bounds[i];

		total += counters->latency[i];
		if (i < SCIM_LATENCY_BUCKETS - 1)
			PUT(text, "%s_bucket{pool=\"%V\",le=\"%M.%03M\"} %uA\n", metric, &pool->name,
			    bound / 1000, bound % 1000, total);
	}
	PUT(text, "%s_bucket{pool=\"%V\",le=\"+Inf\"} %uA\n", metric, &pool->name, total);
	PUT(text, "%s_sum{pool=\"%V\"} %uA.%03uA\n", metric, &pool->name, counters->latency_sum / 1000,
	    counters->latency_sum % 1000);
	PUT(text, "%s_count{pool=\"%V\"} %uA\n", metric, &pool->name, total);
}

/* All pools in Prometheus' text format, which wants the samples of a metric together. */
static void
put_prometheus(Text *text, ScimPool **pools, ngx_uint_t n)
{
	static const struct
	{
		const char *metric;
		const char *type;
		void (*put)(Text *text, ScimPool *pool);
	} metrics[] = {
	    {"connections", "gauge", put_gauges},
	    {"answers_total", "counter", put_answers},
	    {"events_total", "counter", put_events},
	    {"request_seconds", "histogram", put_latency},
	};

	for (size_t i = 0; i < sizeof(metrics) / sizeof(metrics[0]); i++)
	{
		put_type(text, metrics[i].metric, metrics[i].type);
		for (ngx_uint_t k = 0; k < n; k++)
			metrics[i].put(text, pools[k]);
	}
}

/* Does the client want Prometheus' format? */
static ngx_int_t
wants_prometheus(ngx_http_request_t *http)
{
	static ngx_str_t accept_name = ngx_string("http_accept");
	const ScimConf *conf = ngx_http_get_module_loc_conf(http, ngx_http_scim_module);
	ngx_http_variable_value_t *accept;
	ngx_str_t format;

	if (conf->status_format != SCIM_STATUS_NEGOTIATED)
		return conf->status_format == SCIM_STATUS_PROMETHEUS;
	if (ngx_http_arg(http, (u_char *) "format", sizeof("format") - 1, &format) == NGX_OK)
		return format.len == sizeof("prometheus") - 1 &&
		       ngx_strncmp(format.data, "prometheus", format.len) == 0;
	accept =
	    ngx_http_get_variable(http, &accept_name, ngx_hash_key(accept_name.data, accept_name.len));
	return accept != NULL && !accept->not_found &&
	       ngx_strlcasestrn(accept->data, accept->data + accept->len, (u_char *) "text/plain",
	                        sizeof("text/plain") - 2) != NULL;
}

/* Content handler of a location with scim_status. */
ngx_int_t
scim_status_handler(ngx_http_request_t *http)
{
	const ScimMainConf *main = ngx_http_get_module_main_conf(http, ngx_http_scim_module);
	ScimPool **pools = main->pools.elts;
	const ngx_uint_t n = main->pools.nelts;
	const ngx_int_t prometheus = wants_prometheus(http);
	size_t size = PER_POOL;
	ngx_str_t body;
	Text text;
	ngx_int_t rc;

	if (!(http->method & (NGX_HTTP_GET | NGX_HTTP_HEAD)))
		return NGX_HTTP_NOT_ALLOWED;
	rc = ngx_http_discard_request_body(http);
	if (rc != NGX_OK)
		return rc;

	for (ngx_uint_t i = 0; i < n; i++)
		size += PER_POOL + PER_NAME * pools[i]->name.len;
	text.at = body.data = ngx_pnalloc(http->pool, size);
	if (body.data == NULL)
		return NGX_HTTP_INTERNAL_SERVER_ERROR;
	text.end = body.data + size;
	(prometheus ? put_prometheus : put_json)(&text, pools, n);
	body.len = text.at - body.data;
	return scim_answer_text(http, NGX_HTTP_OK,
	                        prometheus ? "text/plain; version=0.0.4" : "application/json", body);
}
