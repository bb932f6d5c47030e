/*-------------------------------------------------------------------------
 *
 * throw.c
 *	  The one place where a ScimError becomes a PostgreSQL error.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <stdarg.h>

#include "mb/pg_wchar.h"
#include "util/throw.h"

void
scim_throw(const ScimError *err)
{
	const char *state = scim_error_info(err->code)->sqlstate;

	ereport(ERROR,
			(errcode(MAKE_SQLSTATE(state[0], state[1], state[2], state[3], state[4])),
			 errmsg("%s", err->message)));
	pg_unreachable();
}

/*
 * Puts a question mark for each byte that is not part of a whole character: a value that was
 * clipped for the message may end within one.
 */
static void
mend(char *message)
{
	int			left = strlen(message);

	for (char *at = message; left > 0;)
	{
		int			len = pg_utf_mblen((unsigned char *) at);

		if (len > left || !pg_utf8_islegal((unsigned char *) at, len))
		{
			*at = '?';
			len = 1;
		}
		at += len;
		left -= len;
	}
}

void
scim_raise(ScimErrorCode code, const char *fmt,...)
{
	ScimError	err = {.code = code};
	char		message[1024];
	va_list		args;

	va_start(args, fmt);
	vsnprintf(message, sizeof(message), fmt, args);
	va_end(args);
	mend(message);
	strlcpy(err.message, message, pg_mbcliplen(message, strlen(message), sizeof(err.message) - 1) + 1);
	scim_throw(&err);
}
