/*-------------------------------------------------------------------------
 *
 * scim.c
 *	  Module load: magic block and settings.
 *
 * Behaviour of one directory belongs in its row; only what concerns the whole
 * server is a setting.  Limits are for superusers, since they protect everybody.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <limits.h>

#include "compat.h"
#include "scim.h"

SCIM_MODULE_MAGIC(SCIM_VERSION);

ScimLimits	scim_limits = SCIM_LIMITS_DEFAULT;
char	   *scim_directory_name = NULL;
char	   *scim_base_url = NULL;
int			scim_password_cost = 8;
int			scim_max_failures = 300;

extern PGDLLEXPORT void _PG_init(void);

typedef struct ScimLimitSetting
{
	const char *name;
	const char *description;
	int		   *variable;
	int			maximum;
	int			flags;
} ScimLimitSetting;

static const ScimLimitSetting limit_settings[] = {
	{"scim.max_body_size", "Largest request body; a larger one is answered with 413.",
		&scim_limits.body_bytes, 256 * 1024 * 1024, GUC_UNIT_BYTE},
	{"scim.max_json_depth", "Deepest nesting of a request body.",
		&scim_limits.json_depth, 256, 0},
	{"scim.max_values", "Most values of one multi-valued attribute in a request.",
		&scim_limits.values, 10000000, 0},
	{"scim.max_name_length", "Longest attribute name or schema URN in a request.",
		&scim_limits.name_bytes, 65536, GUC_UNIT_BYTE},
	{"scim.max_filter_length", "Longest filter or PATCH path.",
		&scim_limits.filter_bytes, 1024 * 1024, GUC_UNIT_BYTE},
	{"scim.max_filter_depth", "Deepest nesting of a filter.",
		&scim_limits.filter_depth, 256, 0},
	{"scim.max_filter_terms", "Most comparisons and connectives of a filter.",
		&scim_limits.filter_nodes, 4096, 0},
	{"scim.max_patch_operations", "Most operations of one PATCH request.",
		&scim_limits.patch_operations, 1000000, 0},
	{"scim.max_bulk_operations", "Most operations of one bulk request; more are answered with 413.",
		&scim_limits.bulk_operations, 1000000, 0}
};

/* Refuses a base URL that would give wrong locations: it must be scheme://host with no trailing slash. */
static bool
check_base_url(char **value, void **extra, GucSource source)
{
	size_t		len = strlen(*value);

	if (len == 0)
		return true;
	if ((strncmp(*value, "https://", 8) == 0 || strncmp(*value, "http://", 7) == 0) &&
		(*value)[len - 1] != '/')
		return true;
	GUC_check_errdetail("A base URL begins with http:// or https:// and has no trailing slash.");
	return false;
}

void
_PG_init(void)
{
	DefineCustomStringVariable("scim.directory",
							   "Directory of SQL calls that name none.", NULL,
							   &scim_directory_name, "", PGC_USERSET, 0, NULL, NULL, NULL);
	DefineCustomStringVariable("scim.base_url",
							   "What meta.location begins with outside HTTP.",
							   "Over HTTP the bridge says it (scim_base_url).",
							   &scim_base_url, "", PGC_USERSET, 0, check_base_url, NULL, NULL);
	DefineCustomIntVariable("scim.password_cost",
							"Cost of the hash of a user's password.",
							"bcrypt rounds as a power of two; each step doubles the time of a write that sets a password.",
							&scim_password_cost, 8, 4, 16, PGC_SUSET, 0, NULL, NULL, NULL);
	DefineCustomIntVariable("scim.max_failures",
							"Failed authentications of one address in a minute before it is told to wait.",
							"Then failures are answered with 429; what succeeds is served. 0 counts none.",
							&scim_max_failures, 300, 0, 1000000, PGC_SUSET, 0, NULL, NULL, NULL);
	for (size_t i = 0; i < lengthof(limit_settings); i++)
	{
		const ScimLimitSetting *limit = &limit_settings[i];

		DefineCustomIntVariable(limit->name, limit->description, NULL, limit->variable,
								*limit->variable, 1, limit->maximum, PGC_SUSET, limit->flags,
								NULL, NULL, NULL);
	}
	scim_reserve_guc_prefix("scim");
}
