/*-------------------------------------------------------------------------
 *
 * ngx_http_scim_outcome.c
 *	  The retry table: from what the server said to what the client gets.
 *
 * A request may run again when it is certain that the first run left nothing behind: the
 * server said so with an error before ReadyForQuery, or the request reads only. A write
 * whose connection ended without a word may have been committed; it is never repeated, and
 * the client, who knows what it sent, gets 503 and decides.
 *
 * Expected outcomes (404, 409, 412 ...) are rows and never come here.
 *
 *-------------------------------------------------------------------------
 */
#include "ngx_http_scim.h"

#define BUSY "the service is busy, try again"
#define TOO_LONG "the request took too long"
#define RESTARTED "the database ended the request, nothing was changed"
#define BAD_TEXT "the request holds a character that cannot be stored"
#define UNKNOWN "the connection to the database was lost, the outcome is unknown"
#define FAILED "the request failed, the server's log says why"
#define WRONG_INSTALLATION                                                                         \
	"wrong installation: pg_catalog.scim_http is missing, or the bridge's role may not call it"

static const ScimOutcome outcomes[] = {
    /* SQLSTATE, repeats of reads and writes, pool, status */
    {"40001", 2, 2, SCIM_KEEP_POOL, 503, NULL, BUSY, NULL},
    {"40P01", 2, 2, SCIM_KEEP_POOL, 503, NULL, BUSY, NULL},
    /* the primary became a standby: look for the new one */
    {"25006", 0, 1, SCIM_DROP_POOL, 503, NULL, BUSY, NULL},
    /* statement_timeout or an administrator; lock_timeout */
    {"57014", 0, 0, SCIM_KEEP_POOL, 503, NULL, TOO_LONG, NULL},
    {"55P03", 0, 0, SCIM_KEEP_POOL, 503, NULL, BUSY, NULL},
    /* the server is going down, or this backend was told to */
    {"57P01", 1, 0, SCIM_KEEP_POOL, 503, NULL, RESTARTED, NULL},
    {"57P02", 1, 0, SCIM_KEEP_POOL, 503, NULL, RESTARTED, NULL},
    /* NUL or bytes that are not UTF-8 */
    {"22021", 0, 0, SCIM_KEEP_POOL, 400, "invalidSyntax", BAD_TEXT, NULL},
    {"22P05", 0, 0, SCIM_KEEP_POOL, 400, "invalidSyntax", BAD_TEXT, NULL},
    /* prepared statements are gone (DISCARD ALL) or stale (the function was replaced) */
    {"26000", 1, 1, SCIM_DROP_POOL, 500, NULL, FAILED, NULL},
    {"0A000", 1, 1, SCIM_DROP_POOL, 500, NULL, FAILED, NULL},
    {"42501", 0, 0, SCIM_KEEP_POOL, 500, NULL, FAILED, WRONG_INSTALLATION},
    {"42883", 0, 0, SCIM_KEEP_POOL, 500, NULL, FAILED, WRONG_INSTALLATION},
    {"3F000", 0, 0, SCIM_KEEP_POOL, 500, NULL, FAILED, WRONG_INSTALLATION},
};

static const ScimOutcome anything_else = {.status = 500, .detail = FAILED};

/* No word from the server: a read can be repeated, a write has an unknown outcome. */
static const ScimOutcome lost = {.read_repeats = 1, .status = 503, .detail = UNKNOWN};

const ScimOutcome *
scim_outcome_of(const ScimResult *result, ngx_flag_t reading)
{
	if (result->sqlstate[0] == '\0')
		return result->lost ? &lost : NULL;
	for (size_t i = 0; i < sizeof(outcomes) / sizeof(outcomes[0]); i++)
	{
		const ScimOutcome *outcome = &outcomes[i];

		if (ngx_strcmp(outcome->sqlstate, result->sqlstate) != 0)
			continue;
		if (reading && outcome->read_repeats < outcome->write_repeats)
			return &anything_else; /* 25006: a read tried to write, which is no switch-over */
		return outcome;
	}
	return &anything_else;
}
