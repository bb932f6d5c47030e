/*-------------------------------------------------------------------------
 *
 * ngx_http_scim_pool.c
 *	  The connections of one worker to one database: how many, when, and when not.
 *
 * Connections are opened when a job finds none idle, up to the pool's size, and stay open.
 * They belong to the worker: the master never connects, and a reload's old worker closes
 * its own. After a failed attempt one connection at a time is tried, after a delay that
 * grows by half each time; so an outage is noticed to be over after at most about a third
 * of its length, and a server that is down for long is asked twice a minute.
 *
 *-------------------------------------------------------------------------
 */
#include "ngx_http_scim.h"

#define BACKOFF_FIRST 100 /* ms */
#define BACKOFF_LAST 30000
#define DRAIN_LIMIT 10000 /* ms that a fast exit may wait; a master that stops waits less */

/* Finds or makes the pool of a connection string; locations that agree share one. */
ScimPool *
scim_pool_get(ngx_conf_t *cf, const ngx_str_t *conninfo, ngx_uint_t size, ngx_uint_t queue_size)
{
	ScimMainConf *main = ngx_http_conf_get_module_main_conf(cf, ngx_http_scim_module);
	ScimPool **pools = main->pools.elts;
	ScimPool *pool;

	for (ngx_uint_t i = 0; i < main->pools.nelts; i++)
	{
		if (pools[i]->size == size && pools[i]->queue_size == queue_size &&
		    pools[i]->conninfo.len == conninfo->len &&
		    ngx_memcmp(pools[i]->conninfo.data, conninfo->data, conninfo->len) == 0)
			return pools[i];
	}

	pools = ngx_array_push(&main->pools);
	pool = ngx_pcalloc(cf->pool, sizeof(ScimPool));
	if (pools == NULL || pool == NULL)
		return NULL;
	*pools = pool;
	pool->conninfo = *conninfo;
	pool->size = size;
	pool->queue_size = queue_size;
	return scim_conninfo_parse(cf, conninfo, pool) == NGX_OK ? pool : NULL;
}

/* The back-off is over. */
static void
retry(ngx_event_t *event)
{
	scim_queue_run(event->data);
}

/* Gives one pool its worker's half. */
static ngx_int_t
init_pool(ngx_cycle_t *cycle, ScimPool *pool)
{
	pool->conns = ngx_pcalloc(cycle->pool, pool->size * sizeof(ScimConn));
	if (pool->conns == NULL)
		return NGX_ERROR;
	for (ngx_uint_t i = 0; i < pool->size; i++)
		pool->conns[i].pool = pool;
	pool->count[SCIM_CONN_CLOSED] = pool->size;
	pool->retry.handler = retry;
	pool->retry.data = pool;
	pool->retry.log = cycle->log;
	pool->retry.cancelable = 1; /* does not keep an old worker alive */
	scim_queue_init(pool);
	scim_metrics_init_worker(pool);
	return NGX_OK;
}

/* All pools of this configuration; none when it has no http{}. */
static ngx_array_t *
all_pools(ngx_cycle_t *cycle)
{
	ScimMainConf *main = ngx_http_cycle_get_module_main_conf(cycle, ngx_http_scim_module);

	return main ? &main->pools : NULL;
}

/* Called by nginx in each new worker. */
ngx_int_t
scim_pool_init_worker(ngx_cycle_t *cycle)
{
	ngx_array_t *pools = all_pools(cycle);

	if (ngx_process == NGX_PROCESS_HELPER)
		return NGX_OK; /* the cache manager is no worker */
	for (ngx_uint_t i = 0; pools != NULL && i < pools->nelts; i++)
	{
		if (init_pool(cycle, ((ScimPool **) pools->elts)[i]) != NGX_OK)
			return NGX_ERROR;
	}
	return NGX_OK;
}

/* Is a statement of a client that is still there running anywhere? */
static ngx_int_t
any_in_flight(ngx_array_t *pools)
{
	for (ngx_uint_t i = 0; i < pools->nelts; i++)
	{
		const ScimPool *pool = ((ScimPool **) pools->elts)[i];

		for (ngx_uint_t k = 0; k < pool->size; k++)
		{
			if (pool->conns[k].job != NULL)
				return 1;
		}
	}
	return 0;
}

/*
 * Called by nginx before a worker exits. A graceful exit has nothing in flight by now. A
 * fast one (SIGTERM) may: the statements get the moment that the master allows, a good
 * second, because an answer in time spares the client an unknown outcome.
 */
void
scim_pool_exit_worker(ngx_cycle_t *cycle)
{
	ngx_array_t *pools = all_pools(cycle);
	const ngx_msec_t until = ngx_current_msec + DRAIN_LIMIT;

	if (pools == NULL || ngx_process == NGX_PROCESS_HELPER)
		return;
	if (any_in_flight(pools))
	{
		ngx_close_listening_sockets(cycle);
		ngx_exiting = 1; /* no keep-alive after these answers */
	}
	while (any_in_flight(pools) && (ngx_msec_int_t) (until - ngx_current_msec) > 0)
		ngx_process_events_and_timers(cycle);

	for (ngx_uint_t i = 0; i < pools->nelts; i++)
		scim_pool_drop(((ScimPool **) pools->elts)[i]);
}

/*
 * The lowest idle connection, so that a quiet pool uses few. One that the server closed
 * meanwhile is found out here, before anything is sent on it: that costs one recv(), which
 * is spared where the server was heard in this turn of the loop, and makes any method safe
 * to send on another connection.
 */
ScimConn *
scim_pool_idle(ScimPool *pool)
{
	for (ngx_uint_t i = 0; pool->count[SCIM_CONN_IDLE] > 0 && i < pool->size; i++)
	{
		ScimConn *conn = &pool->conns[i];

		if (conn->state != SCIM_CONN_IDLE)
			continue;
		if (conn->heard == ngx_current_msec || scim_conn_alive(conn))
			return conn;
		scim_conn_close(conn);
	}
	return NULL;
}

/* First closed slot; the caller knows that there is one. */
static ScimConn *
closed_slot(ScimPool *pool)
{
	ScimConn *conn = pool->conns;

	while (conn->state != SCIM_CONN_CLOSED)
		conn++;
	return conn;
}

void
scim_pool_grow(ScimPool *pool)
{
	while (!pool->retry.timer_set && pool->count[SCIM_CONN_CLOSED] > 0 &&
	       pool->count[SCIM_CONN_CONNECTING] < (pool->failures > 0 ? 1 : pool->nwaiting))
		scim_conn_open(closed_slot(pool));
}

void
scim_pool_connected(ScimPool *pool)
{
	if (pool->failures > 0)
		ngx_log_error(NGX_LOG_NOTICE, ngx_cycle->log, 0, "scim: connected to \"%V\" again",
		              &pool->name);
	pool->failures = 0;
	scim_queue_run(pool);
}

/* Next host, and a delay with jitter: many workers must not come back in step. */
void
scim_pool_connect_failed(ScimPool *pool)
{
	ngx_msec_t delay = BACKOFF_FIRST;

	for (ngx_uint_t i = 0; i < pool->failures && delay < BACKOFF_LAST; i++)
		delay += delay / 2;
	delay = ngx_min(delay, BACKOFF_LAST);
	delay -= (ngx_msec_t) ngx_random() % (delay / 2);

	pool->failures++;
	pool->host = (pool->host + 1) % pool->hosts;
	scim_metrics_event(pool, SCIM_EVENT_CONNECT_FAILED);
	if (!pool->retry.timer_set)
		ngx_add_timer(&pool->retry, delay);
}

/* Idle connections are closed now, busy ones when their job is done. */
void
scim_pool_drop(ScimPool *pool)
{
	for (ngx_uint_t i = 0; i < pool->size; i++)
	{
		ScimConn *conn = &pool->conns[i];

		if (conn->state == SCIM_CONN_IDLE)
			scim_conn_close(conn);
		else if (conn->state == SCIM_CONN_BUSY)
			conn->retire = 1;
	}
}

/* Seconds after which a client does well to come back: after the next attempt to connect. */
ngx_uint_t
scim_pool_retry_after(ScimPool *pool)
{
	ngx_msec_int_t left = 0;

	if (pool->retry.timer_set)
		left = (ngx_msec_int_t) (pool->retry.timer.key - ngx_current_msec);
	return 1 + (ngx_uint_t) ngx_max(left, 0) / 1000;
}
