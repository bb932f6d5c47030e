/*-------------------------------------------------------------------------
 *
 * ngx_http_scim_metrics.c
 *	  Counters of all workers, in shared memory.
 *
 * A scrape reaches any one worker, so each must know the sums. Counters are added to
 * atomically. Gauges are written by one worker only, to its own slot, and set to zero when a
 * worker starts: one that was killed leaves nothing behind. A reload begins anew, which
 * Prometheus takes for the restart that it is.
 *
 *-------------------------------------------------------------------------
 */
#include "ngx_http_scim.h"

#define NO_BOUND ((ngx_msec_t) -1)

const ngx_msec_t scim_metrics_bounds[SCIM_LATENCY_BUCKETS] = {
    1, 2, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10000, NO_BOUND};

const char *const scim_metrics_event_names[SCIM_EVENT_COUNT] = {
#define SCIM_EVENT(symbol, name) name,
    SCIM_EVENTS(SCIM_EVENT)
#undef SCIM_EVENT
};

/* nginx has mapped the memory, zeroed; the slab pool at its beginning stays as it is. */
static ngx_int_t
init_zone(ngx_shm_zone_t *zone, void *old)
{
	ScimMainConf *main = zone->data;
	ScimPool **pools = main->pools.elts;
	ScimCounters *counters = ngx_slab_calloc((ngx_slab_pool_t *) zone->shm.addr,
	                                         main->pools.nelts * sizeof(ScimCounters));

	if (counters == NULL)
		return NGX_ERROR;
	for (ngx_uint_t i = 0; i < main->pools.nelts; i++)
		pools[i]->counters = &counters[i];
	return NGX_OK;
}

ngx_int_t
scim_metrics_add_zone(ngx_conf_t *cf, ScimMainConf *main)
{
	ngx_str_t name = ngx_string("scim_bridge");
	ngx_shm_zone_t *zone;
	/* twice: the slab allocator wants whole pages in a row, and some for itself */
	const size_t size = 2 * main->pools.nelts * sizeof(ScimCounters) + 8 * ngx_pagesize;

	if (main->pools.nelts == 0)
		return NGX_OK;
	zone = ngx_shared_memory_add(cf, &name, ngx_align(size, ngx_pagesize), &ngx_http_scim_module);
	if (zone == NULL)
		return NGX_ERROR;
	zone->init = init_zone;
	zone->data = main;
	zone->noreuse = 1;
	return NGX_OK;
}

void
scim_metrics_init_worker(ScimPool *pool)
{
	ngx_memzero(&pool->counters->gauges[ngx_worker], sizeof(ScimGauges));
}

/* Adds one to a counter. */
static void
count(ngx_atomic_t *counter)
{
	(void) ngx_atomic_fetch_add(counter, 1);
}

void
scim_metrics_event(ScimPool *pool, ScimEvent event)
{
	count(&pool->counters->events[event]);
}

void
scim_metrics_answer(ScimPool *pool, ngx_uint_t status, ngx_msec_t took)
{
	ScimCounters *counters = pool->counters;
	ngx_uint_t i = 0;

	while (scim_metrics_bounds[i] < took)
		i++;
	count(&counters->latency[i]);
	(void) ngx_atomic_fetch_add(&counters->latency_sum, took);
	if (status / 100 < sizeof(counters->status) / sizeof(counters->status[0]))
		count(&counters->status[status / 100]);
}

/* Publishes this worker's part of the pool. */
void
scim_metrics_gauge(ScimPool *pool)
{
	ScimGauges *gauges = &pool->counters->gauges[ngx_worker];

	for (ngx_uint_t i = 0; i < SCIM_CONN_STATES; i++)
		gauges->count[i] = pool->count[i];
	gauges->waiting = pool->nwaiting;
}

/* Adds up all workers' parts. */
ScimGauges
scim_metrics_sum(ScimPool *pool)
{
	ScimGauges sum = {{0}, 0};

	for (ngx_uint_t worker = 0; worker < NGX_MAX_PROCESSES; worker++)
	{
		const ScimGauges *gauges = &pool->counters->gauges[worker];

		for (ngx_uint_t i = 0; i < SCIM_CONN_STATES; i++)
			sum.count[i] += gauges->count[i];
		sum.waiting += gauges->waiting;
	}
	return sum;
}
