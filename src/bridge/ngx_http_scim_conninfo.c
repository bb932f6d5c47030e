/*-------------------------------------------------------------------------
 *
 * ngx_http_scim_conninfo.c
 *	  A libpq connection string, taken apart once when the configuration is read.
 *
 * Three reasons not to hand the string to libpq as it is: a bad one must stop "nginx -t"; a
 * secret must not stand in nginx.conf; and libpq cannot be told to begin with the next host,
 * which the pool wants after a refusal that libpq does not walk past (53300) and after a host
 * that does not answer at all.
 *
 *-------------------------------------------------------------------------
 */
#include "ngx_http_scim.h"

#define DEFAULT_CONNECT_TIMEOUT 5 /* seconds */
#define MAX_CONNECT_TIMEOUT 60

/* What we say before and after the operator's own parameters; of two, libpq takes the last. */
static const char *const before[][2] = {
    {"fallback_application_name", "scim bridge"},
    {"gssencmode", "disable"}, /* looks for a ticket cache, which may block */
};
static const char *const after[][2] = {
    {"client_encoding", "UTF8"}, /* the contract */
};

#define BEFORE (sizeof(before) / sizeof(before[0]))
#define AFTER (sizeof(after) / sizeof(after[0]))

/* Copies a C string to configuration memory. */
static const char *
copy(ngx_conf_t *cf, const char *text)
{
	ngx_str_t string = {ngx_strlen(text) + 1, (u_char *) text};

	return (const char *) ngx_pstrdup(cf->pool, &string);
}

/* Value of a parameter that the operator gave, or NULL. */
static const char *
given(const PQconninfoOption *options, const char *keyword)
{
	for (; options->keyword != NULL; options++)
	{
		if (ngx_strcmp(options->keyword, keyword) == 0)
			return options->val;
	}
	return NULL;
}

/* Elements of a comma-separated list; an absent one has none. */
static ngx_uint_t
list_length(const char *list)
{
	ngx_uint_t n = list != NULL;

	for (; list != NULL && *list != '\0'; list++)
		n += *list == ',';
	return n;
}

/* The same list beginning with its k-th element, so that libpq tries that one first. */
static const char *
rotated(ngx_conf_t *cf, const char *list, ngx_uint_t k)
{
	const size_t length = ngx_strlen(list);
	const char *tail = list;
	u_char *result = ngx_pnalloc(cf->pool, length + 2);

	if (result == NULL || k == 0)
		return copy(cf, list);
	while (k-- > 0)
		tail = ngx_strchr(tail, ',') + 1;
	ngx_sprintf(result, "%s,%*s%Z", tail, (size_t) (tail - list - 1), list);
	return (const char *) result;
}

/* Do we rotate this parameter? A port that stands alone is the port of all hosts. */
static ngx_int_t
is_per_host(const PQconninfoOption *option, ngx_uint_t hosts)
{
	return hosts > 1 && list_length(option->val) == hosts &&
	       (ngx_strcmp(option->keyword, "host") == 0 ||
	        ngx_strcmp(option->keyword, "hostaddr") == 0 ||
	        ngx_strcmp(option->keyword, "port") == 0);
}

/* Writes keywords and the values that begin with host number k. */
static ngx_int_t
fill(ngx_conf_t *cf, const PQconninfoOption *options, ScimPool *pool, ngx_uint_t k)
{
	const char **keyword = pool->keywords;
	const char **value = pool->values[k];

	for (size_t i = 0; i < BEFORE; i++)
	{
		*keyword++ = before[i][0];
		*value++ = before[i][1];
	}
	for (; options->keyword != NULL; options++)
	{
		if (options->val == NULL)
			continue;
		*keyword++ = copy(cf, options->keyword);
		*value++ = is_per_host(options, pool->hosts) ? rotated(cf, options->val, k)
		                                             : copy(cf, options->val);
		if (keyword[-1] == NULL || value[-1] == NULL)
			return NGX_ERROR;
	}
	for (size_t i = 0; i < AFTER; i++)
	{
		*keyword++ = after[i][0];
		*value++ = after[i][1];
	}
	return NGX_OK; /* the arrays end with NULL: they were allocated as zeros */
}

/* Allocates the lists and fills one per host. */
static ngx_int_t
fill_all(ngx_conf_t *cf, const PQconninfoOption *options, ScimPool *pool)
{
	ngx_uint_t n = BEFORE + AFTER + 1;

	for (const PQconninfoOption *option = options; option->keyword != NULL; option++)
		n += option->val != NULL;
	pool->keywords = ngx_pcalloc(cf->pool, n * sizeof(char *));
	pool->values = ngx_pcalloc(cf->pool, pool->hosts * sizeof(char **));
	if (pool->keywords == NULL || pool->values == NULL)
		return NGX_ERROR;
	for (ngx_uint_t k = 0; k < pool->hosts; k++)
	{
		pool->values[k] = ngx_pcalloc(cf->pool, n * sizeof(char *));
		if (pool->values[k] == NULL || fill(cf, options, pool, k) != NGX_OK)
			return NGX_ERROR;
	}
	return NGX_OK;
}

/* database@host, as far as the string says; it becomes a label in status and log. */
static ngx_int_t
name_pool(ngx_conf_t *cf, const PQconninfoOption *options, ScimPool *pool)
{
	const char *database = given(options, "dbname");
	const char *host = given(options, "host");
	const char *port = given(options, "port");

	if (database == NULL)
		database = "";
	if (host == NULL && (host = given(options, "hostaddr")) == NULL)
		host = "local";

	const size_t size =
	    ngx_strlen(database) + ngx_strlen(host) + (port ? ngx_strlen(port) : 0) + sizeof("@:");

	pool->name.data = ngx_pnalloc(cf->pool, size);
	if (pool->name.data == NULL)
		return NGX_ERROR;
	pool->name.len = ngx_snprintf(pool->name.data, size, "%s@%s%s%s", database, host,
	                              port ? ":" : "", port ? port : "") -
	                 pool->name.data;
	return NGX_OK;
}

/* libpq's time-out is for its blocking calls only, so we keep it ourselves. */
static ngx_msec_t
connect_timeout(const PQconninfoOption *options)
{
	const char *text = given(options, "connect_timeout");
	ngx_int_t seconds =
	    text == NULL ? DEFAULT_CONNECT_TIMEOUT : ngx_atoi((u_char *) text, ngx_strlen(text));

	if (seconds <= 0 || seconds > MAX_CONNECT_TIMEOUT) /* 0 is libpq's "for ever" */
		seconds = MAX_CONNECT_TIMEOUT;
	return (ngx_msec_t) seconds * 1000;
}

/* How many hosts the string names; at least the one that libpq supplies. */
static ngx_uint_t
count_hosts(const PQconninfoOption *options)
{
	const ngx_uint_t names = list_length(given(options, "host"));
	const ngx_uint_t addresses = list_length(given(options, "hostaddr"));

	return ngx_max(1, ngx_max(names, addresses));
}

ngx_int_t
scim_conninfo_check(ngx_conf_t *cf, const ngx_str_t *conninfo)
{
	char *error = NULL;
	PQconninfoOption *options = PQconninfoParse((const char *) conninfo->data, &error);
	ngx_int_t rc = NGX_ERROR;

	if (options == NULL)
	{
		u_char text[256];

		ngx_conf_log_error(NGX_LOG_EMERG, cf, 0, "bad connection string: %s",
		                   scim_conn_log_text(text, sizeof(text), error));
	}
	else if (given(options, "password") != NULL || given(options, "sslpassword") != NULL)
		ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
		                   "no password in a connection string here: use passfile=, a file that "
		                   "only the workers' user can read");
	else
		rc = NGX_OK;
	PQconninfoFree(options);
	PQfreemem(error);
	return rc;
}

ngx_int_t
scim_conninfo_parse(ngx_conf_t *cf, const ngx_str_t *conninfo, ScimPool *pool)
{
	PQconninfoOption *options = PQconninfoParse((const char *) conninfo->data, NULL);
	ngx_int_t rc;

	if (options == NULL)
		return NGX_ERROR;
	pool->hosts = count_hosts(options);
	pool->connect_timeout = connect_timeout(options);
	rc = fill_all(cf, options, pool);
	if (rc == NGX_OK)
		rc = name_pool(cf, options, pool);
	PQconninfoFree(options);
	return rc;
}
