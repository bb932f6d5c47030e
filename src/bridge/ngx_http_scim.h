/*-------------------------------------------------------------------------
 *
 * ngx_http_scim.h
 *	  What the rooms of the bridge know of each other.
 *
 *		module, conf, conninfo		directives
 *		request, headers, params	one HTTP request: body, parameters, retries
 *		outcome, answer				SQLSTATE to action, row to HTTP answer
 *		queue, pool, conn			jobs waiting, connections, one connection
 *		metrics, status, ready		what operators and load balancers see
 *
 * The lower rooms (queue, pool, conn) know no HTTP: they carry a ScimJob, something that
 * wants to run one transaction on a connection. A SCIM request is one kind of job, the
 * readiness probe is the other.
 *
 * A worker is one thread and never blocks, so nothing here is locked; only the counters in
 * shared memory are atomic.
 *
 *-------------------------------------------------------------------------
 */
#ifndef NGX_HTTP_SCIM_H
#define NGX_HTTP_SCIM_H

#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_event.h>
#include <ngx_http.h>

#include <libpq-fe.h>

#ifndef LIBPQ_HAS_PIPELINING
#error "the bridge needs libpq 14 or newer (pipeline mode)"
#endif

#define SCIM_MAX_POOL 256                   /* connections per worker and pool */
#define SCIM_MAX_QUEUE 100000               /* waiting requests per worker and pool */
#define SCIM_MAX_BODY 0x3fffffff            /* what one bytea parameter can hold */
#define SCIM_RETIRE_BYTES (4 * 1024 * 1024) /* libpq never shrinks its buffers */
#define SCIM_GRACE 5000 /* ms beyond the statement's own time-out, then the server is lost */

typedef struct ScimPool ScimPool;
typedef struct ScimConn ScimConn;
typedef struct ScimJob ScimJob;
typedef struct ScimCounters ScimCounters;

extern ngx_module_t ngx_http_scim_module;

/* ---- configuration ---- */

typedef struct
{
	ngx_array_t pools;    /* ScimPool *, shared by locations that agree on all of it */
	ngx_int_t request_id; /* index of nginx's $request_id */
} ScimMainConf;

typedef struct
{
	ngx_flag_t in_use; /* some location of this server has scim_pass */
} ScimServerConf;

typedef enum
{
	SCIM_STATUS_NEGOTIATED,
	SCIM_STATUS_JSON,
	SCIM_STATUS_PROMETHEUS
} ScimStatusFormat;

typedef struct
{
	ngx_str_t pass;
	ngx_str_t read_pass;
	ScimPool *pool;
	ScimPool *read_pool; /* pool itself without scim_read_pass */
	ngx_int_t pool_size;
	ngx_int_t queue_size;
	ngx_msec_t queue_timeout;
	ngx_msec_t statement_timeout;
	ngx_http_complex_value_t *base_url;
	ngx_array_t *pass_headers; /* ngx_str_t, lower case, beside the fixed list */
	ngx_uint_t status_format;
} ScimConf;

/* conf.c */
extern void *scim_conf_create_main(ngx_conf_t *cf);
extern void *scim_conf_create_server(ngx_conf_t *cf);
extern void *scim_conf_create(ngx_conf_t *cf);
extern char *scim_conf_merge(ngx_conf_t *cf, void *parent, void *child);
extern char *scim_conf_pass(ngx_conf_t *cf, ngx_command_t *cmd, void *conf);
extern char *scim_conf_read_pass(ngx_conf_t *cf, ngx_command_t *cmd, void *conf);
extern char *scim_conf_base_url(ngx_conf_t *cf, ngx_command_t *cmd, void *conf);
extern char *scim_conf_pass_header(ngx_conf_t *cf, ngx_command_t *cmd, void *conf);
extern char *scim_conf_status(ngx_conf_t *cf, ngx_command_t *cmd, void *conf);
extern char *scim_conf_ready(ngx_conf_t *cf, ngx_command_t *cmd, void *conf);

/* Splits "scheme://host[:port]"; NGX_ERROR when it is anything else. */
extern ngx_int_t scim_conf_split_base_url(ngx_str_t url, ngx_str_t *scheme, ngx_str_t *authority);

/* Is it an RFC 9110 token, the form of every field name? */
extern ngx_int_t scim_conf_is_token(ngx_str_t name);

/* conninfo.c: check logs what is wrong with a string; parse fills the pool from a good one. */
extern ngx_int_t scim_conninfo_check(ngx_conf_t *cf, const ngx_str_t *conninfo);
extern ngx_int_t scim_conninfo_parse(ngx_conf_t *cf, const ngx_str_t *conninfo, ScimPool *pool);

/* ---- jobs and the queue ---- */

typedef enum
{
	SCIM_REFUSED_FULL, /* the queue holds as many as it may */
	SCIM_REFUSED_LATE  /* no connection became free before the deadline */
} ScimRefusal;

/* What came back from the server for one job. */
typedef struct
{
	PGresult *row;    /* result of the call, owned by whoever receives this; or NULL */
	char sqlstate[6]; /* first error, or "" */
	ngx_flag_t lost;  /* the connection ended before ReadyForQuery */
} ScimResult;

/*
 * send	 queues the job's statements (no Sync) on a connection; 0 when libpq refuses
 * done	 takes the result; called from the event loop only
 * refuse	 says that the deadline passed in the queue; called from the event loop only
 * name	 is what the log calls the job: its request id
 */
typedef struct
{
	int (*send)(ScimJob *job, PGconn *pg);
	void (*done)(ScimJob *job, ScimResult *result);
	void (*refuse)(ScimJob *job, ScimRefusal why);
	ngx_str_t (*name)(ScimJob *job);
} ScimJobKind;

struct ScimJob
{
	const ScimJobKind *kind;
	ScimPool *pool;
	ScimConn *conn;   /* while its statement runs */
	ngx_queue_t link; /* while it waits */
	ngx_event_t deadline;
	ngx_msec_t wait_limit; /* in the queue */
	ngx_msec_t run_limit;  /* on the connection, before the server counts as lost */
	size_t bytes;          /* parameters, roughly */
	ngx_flag_t waiting;
};

/* queue.c */
extern void scim_queue_init(ScimPool *pool);
extern ngx_int_t scim_queue_submit(ScimJob *job);  /* NGX_BUSY when the queue is full */
extern void scim_queue_submit_first(ScimJob *job); /* a repeat: never refused, goes first */
extern void scim_queue_forget(ScimJob *job);       /* whoever wanted the result has gone */
extern void scim_queue_run(ScimPool *pool);        /* give waiting jobs to idle connections */

/* ---- pools and connections ---- */

typedef enum
{
	SCIM_CONN_CLOSED,
	SCIM_CONN_CONNECTING,
	SCIM_CONN_IDLE,
	SCIM_CONN_BUSY,
	SCIM_CONN_STATES
} ScimConnState;

struct ScimConn
{
	ScimPool *pool;
	PGconn *pg;
	ngx_connection_t *link; /* nginx's view of libpq's socket; libpq owns the socket */
	ngx_event_t timer;      /* connect time-out, or the run limit of the job */
	ScimJob *job;           /* NULL in a busy connection: the client has gone */
	ScimConnState state;
	ScimResult result;
	ngx_uint_t prepared; /* statements the server has acknowledged */
	ngx_msec_t heard;    /* when the server last ended a transaction */
	ngx_uint_t nulls;    /* NULLs in a row from PQgetResult */
	ngx_flag_t retire;   /* close it when the job is done */
};

struct ScimPool
{
	ngx_str_t conninfo; /* as in the directive */
	ngx_str_t name;     /* database@host, for status and log; never a secret */
	const char **keywords;
	const char ***values; /* one list per host to begin with */
	ngx_uint_t hosts;
	ngx_uint_t host; /* the one to begin with next time */
	ngx_msec_t connect_timeout;
	ngx_uint_t size;
	ngx_uint_t queue_size;

	ScimConn *conns; /* size of them, made in the worker */
	ngx_uint_t count[SCIM_CONN_STATES];
	ngx_queue_t waiting;
	ngx_uint_t nwaiting;
	ngx_uint_t failures;    /* failed connection attempts in a row */
	ngx_event_t retry;      /* back-off; set while no attempt may be made */
	ScimCounters *counters; /* in shared memory */
};

/* pool.c */
extern ScimPool *scim_pool_get(ngx_conf_t *cf, const ngx_str_t *conninfo, ngx_uint_t size,
                               ngx_uint_t queue_size);
extern ngx_int_t scim_pool_init_worker(ngx_cycle_t *cycle);
extern void scim_pool_exit_worker(ngx_cycle_t *cycle);
extern ScimConn *scim_pool_idle(ScimPool *pool); /* a live idle connection, or NULL */
extern void scim_pool_grow(ScimPool *pool); /* connect, if the queue needs it and back-off allows */
extern void scim_pool_connected(ScimPool *pool);
extern void scim_pool_connect_failed(ScimPool *pool);
extern void scim_pool_drop(ScimPool *pool); /* the server changed its role: close all */
extern ngx_uint_t scim_pool_retry_after(ScimPool *pool);

/* conn.c */
extern void scim_conn_open(ScimConn *conn);
extern void scim_conn_close(ScimConn *conn);
extern ngx_int_t scim_conn_alive(ScimConn *conn); /* looks at the socket of an idle connection */
extern void scim_conn_run(ScimConn *conn, ScimJob *job);
extern void scim_conn_set_state(ScimConn *conn, ScimConnState state);

/* Copies server text into a log line: one line, no control characters. */
extern u_char *scim_conn_log_text(u_char *buf, size_t size, const char *text);

/* ---- requests ---- */

typedef struct
{
	ScimJob job; /* first: the job is the request */
	ngx_http_request_t *http;
	ScimConf *conf;
	ngx_str_t id;      /* X-Request-Id */
	ngx_str_t headers; /* text[] in binary */
	ngx_str_t body;
	ngx_msec_t started;
	ngx_uint_t repeats;
	ngx_flag_t reading; /* GET or HEAD */
} ScimRequest;

typedef struct
{
	ngx_str_t name;
	ngx_str_t value;
} ScimField;

/* request.c */
extern ngx_int_t scim_request_handler(ngx_http_request_t *http);
extern ngx_int_t scim_request_prepare(PGconn *pg);
#define SCIM_STATEMENTS 3 /* what scim_request_prepare prepares */

/* headers.c: the request's fields as ScimField; an HTTP status other than NGX_OK refuses. */
extern ngx_int_t scim_headers_collect(ScimRequest *request, ngx_array_t *fields);
extern ngx_int_t scim_headers_is_fixed(ngx_str_t *name);

/* The client's X-Request-Id if there is one good one, else nginx's $request_id. */
extern ngx_str_t scim_headers_request_id(ngx_http_request_t *http);

/* params.c: the binary formats of text[]. */
extern ngx_int_t scim_params_encode(ngx_pool_t *pool, const ScimField *fields, ngx_uint_t n,
                                    ngx_str_t *out);
extern ngx_int_t scim_params_decode(ngx_pool_t *pool, const char *data, int length,
                                    ngx_array_t *fields);

/* outcome.c: the retry table. */
typedef enum
{
	SCIM_KEEP_POOL,
	SCIM_DROP_POOL
} ScimPoolAction;

typedef struct
{
	char sqlstate[6];
	ngx_uint_t read_repeats;  /* how often GET and HEAD may run again */
	ngx_uint_t write_repeats; /* the same for all other methods */
	ScimPoolAction pool;
	ngx_uint_t status; /* answer when it may not run again */
	const char *scim_type;
	const char *detail;
	const char *alarm; /* what the operator must hear, or NULL */
} ScimOutcome;

/* What to do about a result; NULL when there is a row to answer with. */
extern const ScimOutcome *scim_outcome_of(const ScimResult *result, ngx_flag_t reading);

/*
 * answer.c: these send and return what ngx_http_finalize_request wants. The row, which they
 * own from then on, may turn out to be no answer: NGX_DECLINED, and nothing was sent.
 */
extern ngx_int_t scim_answer_row(ngx_http_request_t *http, PGresult *row);
extern ngx_int_t scim_answer_error(ngx_http_request_t *http, ngx_uint_t status,
                                   const char *scim_type, const char *detail,
                                   ngx_uint_t retry_after);
extern ngx_int_t scim_answer_text(ngx_http_request_t *http, ngx_uint_t status,
                                  const char *content_type, ngx_str_t body);
extern ngx_int_t scim_answer_add_header(ngx_http_request_t *http, ngx_str_t name, ngx_str_t value);

/* ---- metrics ---- */

#define SCIM_LATENCY_BUCKETS 14

/* SCIM_EVENT(symbol, name in the status) */
#define SCIM_EVENTS(SCIM_EVENT)                                                                    \
	SCIM_EVENT(QUEUE_FULL, "queue_full")                                                           \
	SCIM_EVENT(QUEUE_TIMEOUT, "queue_timeout")                                                     \
	SCIM_EVENT(CONNECT_FAILED, "connect_failed")                                                   \
	SCIM_EVENT(CONNECTION_LOST, "connection_lost")                                                 \
	SCIM_EVENT(SQL_ERROR, "sql_error")                                                             \
	SCIM_EVENT(BAD_ANSWER, "bad_answer")                                                           \
	SCIM_EVENT(REPEATED, "repeated")                                                               \
	SCIM_EVENT(CLIENT_GONE, "client_gone")

typedef enum
{
#define SCIM_EVENT(symbol, name) SCIM_EVENT_##symbol,
	SCIM_EVENTS(SCIM_EVENT)
#undef SCIM_EVENT
	    SCIM_EVENT_COUNT
} ScimEvent;

/* Gauges are one slot per worker, so that a worker that is killed leaves nothing behind. */
typedef struct
{
	ngx_atomic_t count[SCIM_CONN_STATES];
	ngx_atomic_t waiting;
} ScimGauges;

struct ScimCounters
{
	ngx_atomic_t status[6]; /* answers by first digit */
	ngx_atomic_t events[SCIM_EVENT_COUNT];
	ngx_atomic_t latency[SCIM_LATENCY_BUCKETS];
	ngx_atomic_t latency_sum; /* ms */
	ScimGauges gauges[NGX_MAX_PROCESSES];
};

/* metrics.c */
extern ngx_int_t scim_metrics_add_zone(ngx_conf_t *cf, ScimMainConf *main);
extern void scim_metrics_init_worker(ScimPool *pool);
extern void scim_metrics_event(ScimPool *pool, ScimEvent event);
extern void scim_metrics_answer(ScimPool *pool, ngx_uint_t status, ngx_msec_t took);
extern void scim_metrics_gauge(ScimPool *pool);
extern ScimGauges scim_metrics_sum(ScimPool *pool);
extern const ngx_msec_t scim_metrics_bounds[SCIM_LATENCY_BUCKETS]; /* last: no bound */
extern const char *const scim_metrics_event_names[SCIM_EVENT_COUNT];

/* status.c, ready.c */
extern ngx_int_t scim_status_handler(ngx_http_request_t *http);
extern ngx_int_t scim_ready_handler(ngx_http_request_t *http);

#endif
