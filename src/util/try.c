/*-------------------------------------------------------------------------
 *
 * try.c
 *	  From a PostgreSQL error back to an answer: the counterpart of throw.c.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "access/xact.h"
#include "utils/resowner.h"

#include "util/jsonb.h"
#include "util/try.h"

/* The error code that a caught error is for the client; SCIM_OK if it is none of the client's business. */
static ScimErrorCode
classify(const ErrorData *error)
{
	switch (error->sqlerrcode)
	{
		case ERRCODE_UNIQUE_VIOLATION:
			return SCIM_E_UNIQUENESS;
		case ERRCODE_FOREIGN_KEY_VIOLATION:
			return SCIM_E_CONFLICT;
		case ERRCODE_CHECK_VIOLATION:
			return SCIM_E_INVALID_VALUE;
		default:
			return scim_error_from_sqlstate(unpack_sql_state(error->sqlerrcode));
	}
}

/* Constraints of the application speak of tables; a client gets a sentence instead. */
static char *
detail_of(const ErrorData *error)
{
	switch (error->sqlerrcode)
	{
		case ERRCODE_UNIQUE_VIOLATION:
			return "a value that must be unique is taken";
		case ERRCODE_FOREIGN_KEY_VIOLATION:
			return "the resource is still in use by the application";
		case ERRCODE_CHECK_VIOLATION:
			return "a value is refused by a rule of the application";
		default:
			return error->message;
	}
}

ScimErrorCode
scim_try(void (*callback) (void *), void *arg, char **detail)
{
	MemoryContext context = CurrentMemoryContext;
	ResourceOwner owner = CurrentResourceOwner;
	volatile ScimErrorCode code = SCIM_OK;

	BeginInternalSubTransaction(NULL);
	MemoryContextSwitchTo(context);
	PG_TRY();
	{
		callback(arg);
		ReleaseCurrentSubTransaction();
		MemoryContextSwitchTo(context);
		CurrentResourceOwner = owner;
	}
	PG_CATCH();
	{
		ErrorData  *error;

		MemoryContextSwitchTo(context);
		error = CopyErrorData();
		FlushErrorState();
		RollbackAndReleaseCurrentSubTransaction();
		MemoryContextSwitchTo(context);
		CurrentResourceOwner = owner;
		code = classify(error);
		if (code == SCIM_OK)
			ReThrowError(error);
		*detail = detail_of(error);
	}
	PG_END_TRY();
	return code;
}

void
scim_error_write(StringInfo out, ScimErrorCode code, const char *detail)
{
	const ScimErrorInfo *info = scim_error_info(code);

	appendStringInfo(out, "{\"schemas\":[\"urn:ietf:params:scim:api:messages:2.0:Error\"],"
					 "\"status\":\"%d\"", info->http);
	if (info->scim_type != NULL)
		appendStringInfo(out, ",\"scimType\":\"%s\"", info->scim_type);
	appendStringInfoString(out, ",\"detail\":");
	scim_json_write_string(out, scim_slice(detail));
	appendStringInfoChar(out, '}');
}
