/*-------------------------------------------------------------------------
 *
 * resource_password.c
 *	  Passwords of users: bcrypt by pgcrypto, nothing in clear is kept.
 *
 * pgcrypto may live in any schema, and before PostgreSQL 16 an install script cannot
 * name it, so its schema is looked up when the statement is prepared.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "resource/resource_int.h"
#include "scim.h"
#include "util/plan.h"

static ScimStatement select_schema = {
	"SELECT n.nspname::pg_catalog.text FROM pg_catalog.pg_extension e"
	" JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace WHERE e.extname = 'pgcrypto'",
	0, {0}
};

static ScimStatement hash_password = {NULL, 2, {TEXTOID, INT4OID}};

/* Builds the statement with pgcrypto's schema in it, for the life of the backend. */
static void
make_statement(void)
{
	const char *schema;

	if (scim_query(&select_schema, NULL, NULL) != 1)
		ereport(ERROR, (errcode(ERRCODE_UNDEFINED_OBJECT),
						errmsg("extension \"pgcrypto\" is not installed")));
	schema = quote_identifier(scim_text(0, 1, CurrentMemoryContext));
	hash_password.sql = MemoryContextStrdup(TopMemoryContext,
											psprintf("SELECT %s.crypt($1, %s.gen_salt('bf', $2))",
													 schema, schema));
}

text *
scim_password_hash(ScimSlice password)
{
	Datum		values[2] = {
		PointerGetDatum(cstring_to_text_with_len(password.data, password.len)),
		Int32GetDatum(scim_password_cost)
	};

	if (hash_password.sql == NULL)
		make_statement();
	scim_execute(&hash_password, values, NULL);
	return (text *) scim_varlena(0, 1, CurrentMemoryContext);
}
