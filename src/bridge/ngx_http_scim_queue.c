/*-------------------------------------------------------------------------
 *
 * ngx_http_scim_queue.c
 *	  Jobs that wait for a connection, in order of arrival.
 *
 * The queue is bounded in number and each job in time, so that overload becomes an answer
 * and not a pile. A job leaves the queue in one of four ways: a connection takes it, its
 * deadline passes, its client goes away, or it never entered because the queue was full.
 *
 *-------------------------------------------------------------------------
 */
#include "ngx_http_scim.h"

/* Prepares an empty queue. */
void
scim_queue_init(ScimPool *pool)
{
	ngx_queue_init(&pool->waiting);
	pool->nwaiting = 0;
}

/* Takes a job out of the queue. */
static void
leave(ScimJob *job)
{
	ngx_queue_remove(&job->link);
	job->waiting = 0;
	job->pool->nwaiting--;
	scim_metrics_gauge(job->pool);
	if (job->deadline.timer_set)
		ngx_del_timer(&job->deadline);
}

/* No connection in time. */
static void
deadline_passed(ngx_event_t *event)
{
	ScimJob *job = event->data;

	leave(job);
	scim_metrics_event(job->pool, SCIM_EVENT_QUEUE_TIMEOUT);
	job->kind->refuse(job, SCIM_REFUSED_LATE);
}

/* Puts a job before the given place; its clock starts now. */
static void
enter(ScimJob *job, ngx_queue_t *place)
{
	ngx_queue_insert_tail(place, &job->link);
	job->waiting = 1;
	job->pool->nwaiting++;
	job->deadline.handler = deadline_passed;
	job->deadline.data = job;
	job->deadline.log = ngx_cycle->log;
	ngx_add_timer(&job->deadline, job->wait_limit);
	scim_metrics_gauge(job->pool);
}

/* The common case, a connection being idle, touches neither queue nor timer. */
ngx_int_t
scim_queue_submit(ScimJob *job)
{
	ScimPool *pool = job->pool;
	ScimConn *conn = pool->nwaiting == 0 ? scim_pool_idle(pool) : NULL;

	if (conn != NULL)
	{
		scim_conn_run(conn, job);
		return NGX_OK;
	}
	if (pool->nwaiting >= pool->queue_size)
	{
		scim_metrics_event(pool, SCIM_EVENT_QUEUE_FULL);
		return NGX_BUSY;
	}
	enter(job, &pool->waiting);
	scim_queue_run(pool);
	return NGX_OK;
}

void
scim_queue_submit_first(ScimJob *job)
{
	enter(job, ngx_queue_next(&job->pool->waiting));
	scim_queue_run(job->pool);
}

/*
 * A job whose statement runs is left to finish without its owner: cancelling could undo a
 * write that the client was told nothing about, or hit the next statement.
 */
void
scim_queue_forget(ScimJob *job)
{
	if (job->waiting)
		leave(job);
	else if (job->conn != NULL)
	{
		job->conn->job = NULL;
		job->conn = NULL;
	}
	else
		return;
	scim_metrics_event(job->pool, SCIM_EVENT_CLIENT_GONE);
}

void
scim_queue_run(ScimPool *pool)
{
	while (!ngx_queue_empty(&pool->waiting))
	{
		ScimConn *conn = scim_pool_idle(pool);
		ScimJob *job;

		if (conn == NULL)
		{
			scim_pool_grow(pool);
			return;
		}
		job = ngx_queue_data(ngx_queue_head(&pool->waiting), ScimJob, link);
		leave(job);
		scim_conn_run(conn, job);
	}
}
