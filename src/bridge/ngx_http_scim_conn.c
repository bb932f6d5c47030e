/*-------------------------------------------------------------------------
 *
 * ngx_http_scim_conn.c
 *	  One libpq connection on nginx's event loop.
 *
 *		CLOSED -> CONNECTING -> IDLE <-> BUSY		(any of them -> CLOSED)
 *
 * The socket is watched level-triggered: PQconsumeInput reads once, not until EAGAIN. While
 * connecting libpq may close it and open another with the same number, so it is unwatched
 * before each PQconnectPoll and watched anew after it.
 *
 * A job's transaction is its statements and one Sync. It is over at ReadyForQuery and not
 * at the row: with a deferred constraint or synchronous replication the row comes first.
 * Whatever ends the connection before that leaves the outcome to outcome.c as "lost".
 *
 *-------------------------------------------------------------------------
 */
#include "ngx_http_scim.h"

#define LOG_TEXT 512

u_char *
scim_conn_log_text(u_char *buf, size_t size, const char *text)
{
	size_t n = 0;

	for (; text != NULL && text[n] != '\0' && n < size - 1; n++)
		buf[n] = (u_char) text[n] < ' ' || text[n] == 0x7f ? ' ' : (u_char) text[n];
	while (n > 0 && buf[n - 1] == ' ')
		n--;
	buf[n] = '\0';
	return buf;
}

/* Server messages that answer no statement go to the log. */
static void
log_notice(void *arg, const char *message)
{
	const ScimConn *conn = arg;
	u_char text[LOG_TEXT];

	ngx_log_error(NGX_LOG_INFO, ngx_cycle->log, 0, "scim: \"%V\": %s", &conn->pool->name,
	              scim_conn_log_text(text, sizeof(text), message));
}

/* Logs what libpq says is wrong with the connection. */
static void
log_failure(const ScimConn *conn, const char *what)
{
	u_char text[LOG_TEXT];

	ngx_log_error(NGX_LOG_ERR, ngx_cycle->log, 0, "scim: \"%V\": %s: %s", &conn->pool->name, what,
	              scim_conn_log_text(text, sizeof(text), PQerrorMessage(conn->pg)));
}

void
scim_conn_set_state(ScimConn *conn, ScimConnState state)
{
	conn->pool->count[conn->state]--;
	conn->state = state;
	conn->pool->count[state]++;
	if (conn->link != NULL)
		conn->link->idle = state == SCIM_CONN_IDLE; /* a graceful exit closes these */
	scim_metrics_gauge(conn->pool);
}

static void on_socket(ngx_event_t *event);

/* Makes nginx's view of the socket that libpq has at the moment. */
static ngx_int_t
link_socket(ScimConn *conn)
{
	conn->link = ngx_get_connection(PQsocket(conn->pg), ngx_cycle->log);
	if (conn->link == NULL)
		return NGX_ERROR; /* worker_connections is too small; nginx has logged it */
	conn->link->data = conn;
	conn->link->read->handler = on_socket;
	conn->link->write->handler = on_socket;
	conn->link->read->log = ngx_cycle->log;
	conn->link->write->log = ngx_cycle->log;
	return NGX_OK;
}

/* Forgets the socket. With NGX_CLOSE_EVENT the kernel is left to notice the close itself. */
static void
unlink_socket(ScimConn *conn, ngx_uint_t flags)
{
	ngx_connection_t *link = conn->link;

	if (link == NULL)
		return;
	conn->link = NULL;
	if (link->read->active)
		ngx_del_event(link->read, NGX_READ_EVENT, flags);
	if (link->write->active)
		ngx_del_event(link->write, NGX_WRITE_EVENT, flags);
	if (link->read->posted)
	{ /* nginx's macros can be several statements */
		ngx_delete_posted_event(link->read);
	}
	if (link->write->posted)
	{
		ngx_delete_posted_event(link->write);
	}
	link->idle = 0;
	ngx_free_connection(link);
	link->fd = (ngx_socket_t) -1;
}

/* Turns level-triggered interest in one direction on or off. */
static ngx_int_t
watch(ngx_event_t *event, ngx_int_t direction, ngx_uint_t wanted)
{
	if (wanted && !event->active)
		return ngx_add_event(event, direction, NGX_LEVEL_EVENT);
	if (!wanted && event->active)
		return ngx_del_event(event, direction, 0);
	return NGX_OK;
}

void
scim_conn_close(ScimConn *conn)
{
	if (conn->timer.timer_set)
		ngx_del_timer(&conn->timer);
	unlink_socket(conn, NGX_CLOSE_EVENT);
	PQfinish(conn->pg);
	conn->pg = NULL;
	conn->prepared = 0;
	conn->retire = 0;
	scim_conn_set_state(conn, SCIM_CONN_CLOSED);
}

/* Gives up an attempt to connect. */
static void
connect_failed(ScimConn *conn, const char *what)
{
	log_failure(conn, what);
	scim_conn_close(conn);
	scim_pool_connect_failed(conn->pool);
}

/* The server has accepted us. Statements are prepared with the first job, in its flush. */
static void
connected(ScimConn *conn)
{
	ngx_del_timer(&conn->timer);
	if (PQsetnonblocking(conn->pg, 1) != 0 || PQenterPipelineMode(conn->pg) != 1 ||
	    watch(conn->link->read, NGX_READ_EVENT, 1) != NGX_OK ||
	    watch(conn->link->write, NGX_WRITE_EVENT, 0) != NGX_OK)
	{
		connect_failed(conn, "cannot use the connection");
		return;
	}
	scim_conn_set_state(conn, SCIM_CONN_IDLE);
	scim_pool_connected(conn->pool);
}

/* Watches libpq's present socket for what PQconnectPoll asked for. */
static void
await(ScimConn *conn, PostgresPollingStatusType wanted)
{
	if (link_socket(conn) != NGX_OK ||
	    watch(conn->link->read, NGX_READ_EVENT, wanted != PGRES_POLLING_WRITING) != NGX_OK ||
	    watch(conn->link->write, NGX_WRITE_EVENT, wanted == PGRES_POLLING_WRITING) != NGX_OK)
		connect_failed(conn, "cannot watch the connection");
	else if (wanted == PGRES_POLLING_OK)
		connected(conn);
}

/* One step of connecting. */
static void
poll_connect(ScimConn *conn)
{
	PostgresPollingStatusType wanted;

	unlink_socket(conn, 0);
	wanted = PQconnectPoll(conn->pg);
	if (wanted == PGRES_POLLING_FAILED)
		connect_failed(conn, "cannot connect");
	else
		await(conn, wanted);
}

static void on_timer(ngx_event_t *event);

void
scim_conn_open(ScimConn *conn)
{
	ScimPool *pool = conn->pool;

	conn->timer.handler = on_timer;
	conn->timer.data = conn;
	conn->timer.log = ngx_cycle->log;
	scim_conn_set_state(conn, SCIM_CONN_CONNECTING);
	conn->pg = PQconnectStartParams(pool->keywords, pool->values[pool->host], 0);
	if (conn->pg == NULL || PQstatus(conn->pg) == CONNECTION_BAD)
	{
		connect_failed(conn, "cannot connect");
		return;
	}
	PQsetNoticeProcessor(conn->pg, log_notice, conn);
	ngx_add_timer(&conn->timer, pool->connect_timeout);
	await(conn, PGRES_POLLING_WRITING);
}

/*
 * Something may have come on an idle connection: a parameter change or a notice, which
 * libpq digests, or the end. Two looks, as the last words of a server precede its close.
 */
ngx_int_t
scim_conn_alive(ScimConn *conn)
{
	for (int look = 0; look < 2; look++)
	{
		char byte;
		const ssize_t n = recv(PQsocket(conn->pg), &byte, 1, MSG_PEEK | MSG_DONTWAIT);

		if (n < 0 && (ngx_socket_errno == NGX_EAGAIN || ngx_socket_errno == NGX_EINTR))
			return 1;
		if (n <= 0 || !PQconsumeInput(conn->pg))
			return 0;
		(void) PQisBusy(conn->pg); /* digests */
	}
	return 0;
}

/*
 * Is the connection not worth keeping? A message larger than SCIM_RETIRE_BYTES left libpq
 * with buffers of that size for good; half of the statements prepared cannot be continued;
 * and a worker that is on its way out keeps none.
 */
static ngx_int_t
is_used_up(const ScimConn *conn, const ScimResult *result)
{
	const PGresult *row = result->row;

	return result->lost || conn->retire || conn->prepared % SCIM_STATEMENTS != 0 ||
	       (row != NULL && PQntuples(row) == 1 &&
	        PQgetlength(row, 0, PQnfields(row) - 1) > SCIM_RETIRE_BYTES) ||
	       (ngx_exiting && conn->pool->nwaiting == 0);
}

/* Ends a job: the connection is settled first, so that the job's owner may use the pool. */
static void
finish(ScimConn *conn)
{
	ScimPool *pool = conn->pool;
	ScimJob *job = conn->job;
	ScimResult result = conn->result;

	conn->job = NULL;
	ngx_memzero(&conn->result, sizeof(ScimResult));
	if (result.lost)
		scim_metrics_event(pool, SCIM_EVENT_CONNECTION_LOST);
	if (is_used_up(conn, &result))
		scim_conn_close(conn);
	else
	{
		ngx_del_timer(&conn->timer);
		conn->heard = ngx_current_msec;
		scim_conn_set_state(conn, SCIM_CONN_IDLE);
	}

	if (job != NULL)
	{
		job->conn = NULL;
		job->kind->done(job, &result);
	}
	else
		PQclear(result.row);
	scim_queue_run(pool);
}

/* Ends a job whose connection is of no use any more. */
static void
finish_lost(ScimConn *conn, const char *what)
{
	log_failure(conn, what);
	conn->result.lost = 1;
	finish(conn);
}

/* Sends what libpq has buffered, as far as the socket takes it. */
static ngx_int_t
flush(ScimConn *conn)
{
	const int left = PQflush(conn->pg);

	return left < 0 ? NGX_ERROR : watch(conn->link->write, NGX_WRITE_EVENT, left > 0);
}

/* Queues statements and the Sync. */
static ngx_int_t
send_all(ScimConn *conn, ScimJob *job)
{
	if (conn->prepared < SCIM_STATEMENTS && !scim_request_prepare(conn->pg))
		return NGX_ERROR;
	if (!job->kind->send(job, conn->pg) || !PQpipelineSync(conn->pg))
		return NGX_ERROR;
	return flush(conn);
}

/* Runs a job on an idle connection. A failure to send comes back by way of the event loop. */
void
scim_conn_run(ScimConn *conn, ScimJob *job)
{
	conn->job = job;
	job->conn = conn;
	conn->nulls = 0;
	if (job->bytes > SCIM_RETIRE_BYTES)
		conn->retire = 1;
	scim_conn_set_state(conn, SCIM_CONN_BUSY);
	ngx_add_timer(&conn->timer, send_all(conn, job) == NGX_OK ? job->run_limit : 0);
}

/* The first error is the cause, later ones are its consequences. */
static void
take_error(ScimConn *conn, PGresult *error)
{
	const char *sqlstate = PQresultErrorField(error, PG_DIAG_SQLSTATE);
	u_char text[LOG_TEXT];
	ngx_str_t name = ngx_string("-");

	if (sqlstate == NULL || conn->result.sqlstate[0] != '\0')
		return; /* libpq's own words on a lost connection have no SQLSTATE */
	ngx_cpystrn((u_char *) conn->result.sqlstate, (u_char *) sqlstate,
	            sizeof(conn->result.sqlstate));
	scim_metrics_event(conn->pool, SCIM_EVENT_SQL_ERROR);
	if (conn->job != NULL)
		name = conn->job->kind->name(conn->job);
	ngx_log_error(
	    NGX_LOG_ERR, ngx_cycle->log, 0, "scim: request %V: SQLSTATE %s: %s", &name, sqlstate,
	    scim_conn_log_text(text, sizeof(text), PQresultErrorField(error, PG_DIAG_MESSAGE_PRIMARY)));
}

/* Takes one result; the last row set is the call's. */
static void
take(ScimConn *conn, PGresult *result)
{
	switch (PQresultStatus(result))
	{
		case PGRES_TUPLES_OK:
			PQclear(conn->result.row);
			conn->result.row = result;
			return;
		case PGRES_COMMAND_OK:
			conn->prepared++; /* only Prepare has no rows */
			break;
		case PGRES_FATAL_ERROR:
			take_error(conn, result);
			break;
		default:
			break; /* aborted by the error before */
	}
	PQclear(result);
}

/* Takes the results that have come whole. True at ReadyForQuery. */
static ngx_int_t
take_results(ScimConn *conn)
{
	while (!PQisBusy(conn->pg) && conn->nulls < 2)
	{
		PGresult *result = PQgetResult(conn->pg);

		if (result == NULL)
		{
			conn->nulls++; /* one ends each statement; two mean that nothing is due */
			continue;
		}
		conn->nulls = 0;
		if (PQresultStatus(result) == PGRES_PIPELINE_SYNC)
		{
			PQclear(result);
			return 1;
		}
		take(conn, result);
	}
	return 0;
}

/* A busy connection can be written to, or has something for us. */
static void
run_busy(ScimConn *conn)
{
	int readable;

	if (conn->link->write->active && flush(conn) != NGX_OK)
	{
		finish_lost(conn, "cannot send");
		return;
	}
	readable = PQconsumeInput(conn->pg);
	if (take_results(conn))
		finish(conn);
	else if (!readable || conn->nulls >= 2)
		finish_lost(conn, "connection lost");
}

/* Whatever happens on the socket. */
static void
on_socket(ngx_event_t *event)
{
	ngx_connection_t *link = event->data;
	ScimConn *conn = link->data;

	switch (conn->state)
	{
		case SCIM_CONN_CONNECTING:
			poll_connect(conn);
			break;
		case SCIM_CONN_BUSY:
			run_busy(conn);
			break;
		case SCIM_CONN_IDLE:
			if (link->close || !scim_conn_alive(conn))
			{
				scim_conn_close(conn);
				scim_queue_run(conn->pool);
			}
			break;
		case SCIM_CONN_CLOSED:
		case SCIM_CONN_STATES:
			break;
	}
}

/* The server is silent for too long, or a job could not be sent. */
static void
on_timer(ngx_event_t *event)
{
	ScimConn *conn = event->data;

	if (conn->state == SCIM_CONN_CONNECTING)
		connect_failed(conn, "no connection in time");
	else
		finish_lost(conn, "no answer in time");
}
