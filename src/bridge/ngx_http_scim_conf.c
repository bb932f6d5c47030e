/*-------------------------------------------------------------------------
 *
 * ngx_http_scim_conf.c
 *	  Directives: reading, inheriting, refusing.
 *
 * Whatever is wrong is found here, by "nginx -t", with a sentence that names the directive;
 * at run time only a scim_base_url made of variables can still be bad.
 *
 *-------------------------------------------------------------------------
 */
#include "ngx_http_scim.h"

#define DEFAULT_POOL 4
#define DEFAULT_QUEUE 512
#define DEFAULT_QUEUE_TIMEOUT 10000
#define DEFAULT_STATEMENT_TIMEOUT 30000
#define MAX_STATEMENT_TIMEOUT 0x7fffffff /* PostgreSQL keeps it in an int */

/* Fields that frame the HTTP message or belong to the hop; SQL has no business with them. */
static const ngx_str_t hop_fields[] = {
    ngx_string("connection"), ngx_string("content-length"),    ngx_string("expect"),
    ngx_string("host"),       ngx_string("keep-alive"),        ngx_string("te"),
    ngx_string("trailer"),    ngx_string("transfer-encoding"), ngx_string("upgrade"),
};

/* Logs what is wrong with a directive; its return value ends the configuration. */
static char *
refuse(ngx_conf_t *cf, const char *directive, const char *why)
{
	ngx_conf_log_error(NGX_LOG_EMERG, cf, 0, "\"%s\" %s", directive, why);
	return NGX_CONF_ERROR;
}

/* Allocates the module's part of http{}. */
void *
scim_conf_create_main(ngx_conf_t *cf)
{
	ScimMainConf *main = ngx_pcalloc(cf->pool, sizeof(ScimMainConf));

	if (main == NULL || ngx_array_init(&main->pools, cf->pool, 2, sizeof(ScimPool *)) != NGX_OK)
		return NULL;
	return main;
}

/* Allocates the module's part of server{}. */
void *
scim_conf_create_server(ngx_conf_t *cf)
{
	return ngx_pcalloc(cf->pool, sizeof(ScimServerConf));
}

/* Allocates the module's part of location{}, everything unset. */
void *
scim_conf_create(ngx_conf_t *cf)
{
	ScimConf *conf = ngx_pcalloc(cf->pool, sizeof(ScimConf));

	if (conf == NULL)
		return NULL;
	conf->pool_size = NGX_CONF_UNSET;
	conf->queue_size = NGX_CONF_UNSET;
	conf->queue_timeout = NGX_CONF_UNSET_MSEC;
	conf->statement_timeout = NGX_CONF_UNSET_MSEC;
	conf->pass_headers = NGX_CONF_UNSET_PTR;
	return conf;
}

/* Makes a module's function answer for this location, which must have no other yet. */
static char *
take_location(ngx_conf_t *cf, ngx_http_handler_pt handler)
{
	ngx_http_core_loc_conf_t *location =
	    ngx_http_conf_get_module_loc_conf(cf, ngx_http_core_module);

	if (location->handler != NULL)
		return "conflicts with what already answers this location";
	location->handler = handler;
	return NGX_CONF_OK;
}

/* Stores a connection string that libpq understands. */
static char *
set_conninfo(ngx_conf_t *cf, ngx_str_t *conninfo)
{
	const ngx_str_t *args = cf->args->elts;

	if (conninfo->data != NULL)
		return "is duplicate";
	if (args[1].len == 0)
		return "needs a libpq connection string, and this one is empty";
	if (scim_conninfo_check(cf, &args[1]) != NGX_OK)
		return NGX_CONF_ERROR;
	*conninfo = args[1];
	return NGX_CONF_OK;
}

/* scim_pass conninfo */
char *
scim_conf_pass(ngx_conf_t *cf, ngx_command_t *cmd, void *data)
{
	ScimConf *conf = data;
	ScimServerConf *server = ngx_http_conf_get_module_srv_conf(cf, ngx_http_scim_module);
	char *error = set_conninfo(cf, &conf->pass);

	server->in_use = 1;
	return error != NGX_CONF_OK ? error : take_location(cf, scim_request_handler);
}

/* scim_read_pass conninfo */
char *
scim_conf_read_pass(ngx_conf_t *cf, ngx_command_t *cmd, void *data)
{
	ScimConf *conf = data;

	return set_conninfo(cf, &conf->read_pass);
}

/* Characters of host[:port], IPv6 in brackets included: none that could end the authority. */
static ngx_int_t
is_authority(ngx_str_t authority)
{
	if (authority.len == 0)
		return 0;
	for (size_t i = 0; i < authority.len; i++)
	{
		const u_char ch = authority.data[i];

		if (!((ch >= '0' && ch <= '9') || (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z') ||
		      ngx_strchr("-._~:[]", ch) != NULL))
			return 0;
	}
	return 1;
}

ngx_int_t
scim_conf_split_base_url(ngx_str_t url, ngx_str_t *scheme, ngx_str_t *authority)
{
	static const ngx_str_t schemes[] = {ngx_string("https"), ngx_string("http")};

	for (size_t i = 0; i < sizeof(schemes) / sizeof(schemes[0]); i++)
	{
		const size_t start = schemes[i].len + sizeof("://") - 1;

		if (url.len <= start || ngx_strncmp(url.data, schemes[i].data, schemes[i].len) != 0 ||
		    ngx_strncmp(url.data + schemes[i].len, "://", sizeof("://") - 1) != 0)
			continue;
		*scheme = schemes[i];
		authority->data = url.data + start;
		authority->len = url.len - start;
		return is_authority(*authority) ? NGX_OK : NGX_ERROR;
	}
	return NGX_ERROR;
}

/* scim_base_url url: checked now if it holds no variable, at each request otherwise. */
char *
scim_conf_base_url(ngx_conf_t *cf, ngx_command_t *cmd, void *data)
{
	ScimConf *conf = data;
	ngx_str_t *args = cf->args->elts;
	ngx_str_t scheme, authority;
	ngx_http_compile_complex_value_t compile;

	if (conf->base_url != NULL)
		return "is duplicate";

	conf->base_url = ngx_palloc(cf->pool, sizeof(ngx_http_complex_value_t));
	if (conf->base_url == NULL)
		return NGX_CONF_ERROR;
	ngx_memzero(&compile, sizeof(compile));
	compile.cf = cf;
	compile.value = &args[1];
	compile.complex_value = conf->base_url;
	if (ngx_http_compile_complex_value(&compile) != NGX_OK)
		return NGX_CONF_ERROR;

	if (conf->base_url->lengths == NULL &&
	    scim_conf_split_base_url(args[1], &scheme, &authority) != NGX_OK)
		return refuse(cf, "scim_base_url",
		              "must be scheme://host[:port] with http or https and "
		              "no path, as in https://scim.example.com");
	return NGX_CONF_OK;
}

ngx_int_t
scim_conf_is_token(ngx_str_t name)
{
	for (size_t i = 0; i < name.len; i++)
	{
		const u_char ch = name.data[i];

		if (!((ch >= '0' && ch <= '9') || (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z') ||
		      (ch != '\0' && ngx_strchr("!#$%&'*+-.^_`|~", ch) != NULL)))
			return 0;
	}
	return name.len > 0;
}

/* Is the lower-case name one that must not reach SQL? */
static ngx_int_t
is_hop_field(const ngx_str_t *name)
{
	for (size_t i = 0; i < sizeof(hop_fields) / sizeof(hop_fields[0]); i++)
	{
		if (hop_fields[i].len == name->len &&
		    ngx_memcmp(hop_fields[i].data, name->data, name->len) == 0)
			return 1;
	}
	return 0;
}

/* scim_pass_header name */
char *
scim_conf_pass_header(ngx_conf_t *cf, ngx_command_t *cmd, void *data)
{
	ScimConf *conf = data;
	ngx_str_t *args = cf->args->elts;
	ngx_str_t *name;

	if (!scim_conf_is_token(args[1]))
		return refuse(cf, "scim_pass_header", "needs the name of a header field");
	ngx_strlow(args[1].data, args[1].data, args[1].len);
	if (is_hop_field(&args[1]))
		return refuse(cf, "scim_pass_header", "cannot pass a field that frames the message");
	if (scim_headers_is_fixed(&args[1]))
		return refuse(cf, "scim_pass_header", "names a field that is passed in any case");

	if (conf->pass_headers == NGX_CONF_UNSET_PTR)
		conf->pass_headers = ngx_array_create(cf->pool, 2, sizeof(ngx_str_t));
	if (conf->pass_headers == NULL || (name = ngx_array_push(conf->pass_headers)) == NULL)
		return NGX_CONF_ERROR;
	*name = args[1];
	return NGX_CONF_OK;
}

/* scim_status [json | prometheus] */
char *
scim_conf_status(ngx_conf_t *cf, ngx_command_t *cmd, void *data)
{
	ScimConf *conf = data;
	const ngx_str_t *args = cf->args->elts;

	if (cf->args->nelts == 2)
	{
		if (ngx_strcmp(args[1].data, "json") == 0)
			conf->status_format = SCIM_STATUS_JSON;
		else if (ngx_strcmp(args[1].data, "prometheus") == 0)
			conf->status_format = SCIM_STATUS_PROMETHEUS;
		else
			return refuse(cf, "scim_status", "takes \"json\", \"prometheus\" or nothing");
	}
	return take_location(cf, scim_status_handler);
}

/* scim_ready */
char *
scim_conf_ready(ngx_conf_t *cf, ngx_command_t *cmd, void *data)
{
	return take_location(cf, scim_ready_handler);
}

/* if{} and limit_except{} inside a location answer as the location does. */
static void
inherit_pass(ngx_conf_t *cf, const ScimConf *parent, ScimConf *conf)
{
	ngx_http_core_loc_conf_t *location =
	    ngx_http_conf_get_module_loc_conf(cf, ngx_http_core_module);

	if (location->noname && conf->pass.data == NULL && parent->pass.data != NULL &&
	    location->handler == NULL)
	{
		conf->pass = parent->pass;
		location->handler = scim_request_handler;
	}
	if (location->noname && conf->read_pass.data == NULL)
		conf->read_pass = parent->read_pass;
}

/* Checks what can only be seen when all directives of a location are known. */
static char *
check(ngx_conf_t *cf, const ScimConf *conf)
{
	if (conf->queue_timeout == 0)
		return refuse(cf, "scim_queue_timeout", "must be more than 0");
	if (conf->statement_timeout == 0 || conf->statement_timeout > MAX_STATEMENT_TIMEOUT)
		return refuse(cf, "scim_statement_timeout", "must be between 1ms and 24 days");
	if (conf->pass.data == NULL && conf->read_pass.data != NULL)
		return refuse(cf, "scim_read_pass", "needs a scim_pass in the same location");
	if (conf->pass.data != NULL && conf->base_url == NULL)
		return refuse(cf, "scim_pass",
		              "needs a scim_base_url: the address that clients use, as "
		              "in https://scim.example.com");
	return NGX_CONF_OK;
}

char *
scim_conf_merge(ngx_conf_t *cf, void *parent_data, void *child_data)
{
	ScimConf *parent = parent_data;
	ScimConf *conf = child_data;

	ngx_conf_merge_value(conf->pool_size, parent->pool_size, DEFAULT_POOL);
	ngx_conf_merge_value(conf->queue_size, parent->queue_size, DEFAULT_QUEUE);
	ngx_conf_merge_msec_value(conf->queue_timeout, parent->queue_timeout, DEFAULT_QUEUE_TIMEOUT);
	ngx_conf_merge_msec_value(conf->statement_timeout, parent->statement_timeout,
	                          DEFAULT_STATEMENT_TIMEOUT);
	ngx_conf_merge_ptr_value(conf->pass_headers, parent->pass_headers, NULL);
	if (conf->base_url == NULL)
		conf->base_url = parent->base_url;
	inherit_pass(cf, parent, conf);

	if (check(cf, conf) != NGX_CONF_OK)
		return NGX_CONF_ERROR;
	if (conf->pass.data == NULL)
		return NGX_CONF_OK;

	conf->pool = scim_pool_get(cf, &conf->pass, conf->pool_size, conf->queue_size);
	conf->read_pool = conf->read_pass.data == NULL
	                      ? conf->pool
	                      : scim_pool_get(cf, &conf->read_pass, conf->pool_size, conf->queue_size);
	return conf->pool != NULL && conf->read_pool != NULL ? NGX_CONF_OK : NGX_CONF_ERROR;
}
