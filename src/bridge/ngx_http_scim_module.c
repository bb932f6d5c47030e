/*-------------------------------------------------------------------------
 *
 * ngx_http_scim_module.c
 *	  The module's face: directives, the variable $scim_request_id, start and end of a worker,
 *	  and the header filter that puts X-Request-Id on every answer.
 *
 * The bridge hands each request to one SQL function,
 *
 *		scim_http(method text, target text, headers text[], body bytea)
 *			returns (status int, headers text[], body text)
 *
 * and sends its row as the answer. It knows no SCIM; doc/bridge.md describes it for operators.
 *
 *-------------------------------------------------------------------------
 */
#include "ngx_http_scim.h"

static ngx_http_output_header_filter_pt next_header_filter;

#define SCIM_ANYWHERE (NGX_HTTP_MAIN_CONF | NGX_HTTP_SRV_CONF | NGX_HTTP_LOC_CONF)
#define SCIM_LOCATION (NGX_HTTP_LOC_CONF | NGX_HTTP_LIF_CONF)

static ngx_conf_num_bounds_t pool_bounds = {ngx_conf_check_num_bounds, 1, SCIM_MAX_POOL};
static ngx_conf_num_bounds_t queue_bounds = {ngx_conf_check_num_bounds, 1, SCIM_MAX_QUEUE};

static ngx_command_t commands[] = {
    {ngx_string("scim_pass"), SCIM_LOCATION | NGX_CONF_TAKE1, scim_conf_pass,
     NGX_HTTP_LOC_CONF_OFFSET, 0, NULL},
    {ngx_string("scim_read_pass"), SCIM_LOCATION | NGX_CONF_TAKE1, scim_conf_read_pass,
     NGX_HTTP_LOC_CONF_OFFSET, 0, NULL},
    {ngx_string("scim_pool"), SCIM_ANYWHERE | NGX_CONF_TAKE1, ngx_conf_set_num_slot,
     NGX_HTTP_LOC_CONF_OFFSET, offsetof(ScimConf, pool_size), &pool_bounds},
    {ngx_string("scim_queue"), SCIM_ANYWHERE | NGX_CONF_TAKE1, ngx_conf_set_num_slot,
     NGX_HTTP_LOC_CONF_OFFSET, offsetof(ScimConf, queue_size), &queue_bounds},
    {ngx_string("scim_queue_timeout"), SCIM_ANYWHERE | NGX_CONF_TAKE1, ngx_conf_set_msec_slot,
     NGX_HTTP_LOC_CONF_OFFSET, offsetof(ScimConf, queue_timeout), NULL},
    {ngx_string("scim_statement_timeout"), SCIM_ANYWHERE | NGX_CONF_TAKE1, ngx_conf_set_msec_slot,
     NGX_HTTP_LOC_CONF_OFFSET, offsetof(ScimConf, statement_timeout), NULL},
    {ngx_string("scim_base_url"), SCIM_ANYWHERE | NGX_CONF_TAKE1, scim_conf_base_url,
     NGX_HTTP_LOC_CONF_OFFSET, 0, NULL},
    {ngx_string("scim_pass_header"), SCIM_ANYWHERE | NGX_CONF_TAKE1, scim_conf_pass_header,
     NGX_HTTP_LOC_CONF_OFFSET, 0, NULL},
    {ngx_string("scim_status"), NGX_HTTP_LOC_CONF | NGX_CONF_NOARGS | NGX_CONF_TAKE1,
     scim_conf_status, NGX_HTTP_LOC_CONF_OFFSET, 0, NULL},
    {ngx_string("scim_ready"), NGX_HTTP_LOC_CONF | NGX_CONF_NOARGS, scim_conf_ready,
     NGX_HTTP_LOC_CONF_OFFSET, 0, NULL},
    ngx_null_command,
};

/* Value of $scim_request_id: the id that the answer carries, for logs and error pages. */
static ngx_int_t
request_id_variable(ngx_http_request_t *http, ngx_http_variable_value_t *value, uintptr_t data)
{
	const ngx_str_t id = scim_headers_request_id(http);

	value->len = id.len;
	value->data = id.data;
	value->valid = id.len > 0;
	value->not_found = id.len == 0;
	value->no_cacheable = 0;
	return NGX_OK;
}

/* Declares the variable before the configuration that may use it is read. */
static ngx_int_t
add_variable(ngx_conf_t *cf)
{
	ngx_str_t name = ngx_string("scim_request_id");
	ngx_http_variable_t *variable = ngx_http_add_variable(cf, &name, 0);

	if (variable == NULL)
		return NGX_ERROR;
	variable->get_handler = request_id_variable;
	return NGX_OK;
}

/*
 * Adds X-Request-Id to every answer of a server that has a scim_pass, nginx's own errors
 * included: those are the ones an operator is asked about.
 */
static ngx_int_t
request_id_filter(ngx_http_request_t *http)
{
	static const ngx_str_t name = ngx_string("X-Request-Id");
	const ScimServerConf *server = ngx_http_get_module_srv_conf(http, ngx_http_scim_module);

	if (server->in_use && http == http->main)
	{
		const ngx_str_t id = scim_headers_request_id(http);

		if (id.len > 0 && scim_answer_add_header(http, name, id) != NGX_OK)
			return NGX_ERROR;
	}
	return next_header_filter(http);
}

/* Installs the filter, and the counters now that the number of pools is known. */
static ngx_int_t
finish_configuration(ngx_conf_t *cf)
{
	ngx_str_t name = ngx_string("request_id");
	ScimMainConf *main = ngx_http_conf_get_module_main_conf(cf, ngx_http_scim_module);

	main->request_id = ngx_http_get_variable_index(cf, &name);
	if (main->request_id == NGX_ERROR || scim_metrics_add_zone(cf, main) != NGX_OK)
		return NGX_ERROR;

	next_header_filter = ngx_http_top_header_filter;
	ngx_http_top_header_filter = request_id_filter;
	return NGX_OK;
}

static ngx_http_module_t context = {
    add_variable, finish_configuration, scim_conf_create_main, NULL, scim_conf_create_server,
    NULL,         scim_conf_create,     scim_conf_merge,
};

ngx_module_t ngx_http_scim_module = {
    NGX_MODULE_V1,         &context, commands, NGX_HTTP_MODULE,       NULL, NULL,
    scim_pool_init_worker, NULL,     NULL,     scim_pool_exit_worker, NULL, NGX_MODULE_V1_PADDING,
};
