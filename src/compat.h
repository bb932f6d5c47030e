/*-------------------------------------------------------------------------
 *
 * compat.h
 *	  PostgreSQL 13 to 18: every difference between versions lives here.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SCIM_COMPAT_H
#define SCIM_COMPAT_H

#include "common/jsonapi.h"
#include "fmgr.h"
#include "funcapi.h"
#include "mb/pg_wchar.h"
#include "utils/guc.h"

#if PG_VERSION_NUM >= 160000
#include "varatt.h"
#endif

#if PG_VERSION_NUM >= 170000
#include "storage/procnumber.h"
#else
#include "storage/backendid.h"
#endif

#if PG_VERSION_NUM >= 180000
#define SCIM_MODULE_MAGIC(version_text) PG_MODULE_MAGIC_EXT(.name = "scim", .version = version_text)
#else
#define SCIM_MODULE_MAGIC(version_text) PG_MODULE_MAGIC
#endif

#if PG_VERSION_NUM >= 150000
#define scim_reserve_guc_prefix(prefix) MarkGUCPrefixReserved(prefix)
#else
#define scim_reserve_guc_prefix(prefix) EmitWarningsOnPlaceholders(prefix)
#endif

/* Before a declaration: the function does not come back. */
#ifdef pg_noreturn
#define SCIM_NORETURN pg_noreturn
#else
#define SCIM_NORETURN pg_attribute_noreturn()
#endif

/* JSON callbacks answer nothing before 16, JSON_SUCCESS since. */
#if PG_VERSION_NUM >= 160000
typedef JsonParseErrorType ScimJsonResult;
#define SCIM_JSON_OK return JSON_SUCCESS
#else
typedef void ScimJsonResult;
#define SCIM_JSON_OK return
#endif

/* A lexer over text that yields unescaped strings. */
static inline JsonLexContext *
scim_json_lexer(char *text, int len)
{
#if PG_VERSION_NUM >= 170000
	return makeJsonLexContextCstringLen(NULL, text, len, PG_UTF8, true);
#else
	return makeJsonLexContextCstringLen(text, len, PG_UTF8, true);
#endif
}

#if PG_VERSION_NUM >= 160000
#define SCIM_FUNCTION(name) PG_FUNCTION_INFO_V1(name)
#else
#define SCIM_FUNCTION(name) extern PGDLLEXPORT Datum name(PG_FUNCTION_ARGS); PG_FUNCTION_INFO_V1(name)
#endif

/* The digest, to be kept by the caller: before OpenSSL 3 it is a constant, since then a look-up. */
#if OPENSSL_VERSION_NUMBER >= 0x30000000L
#define scim_fetch_sha256() EVP_MD_fetch(NULL, "SHA256", NULL)
#else
#define scim_fetch_sha256() EVP_sha256()
#endif

/* A number that no other live backend has. */
#if PG_VERSION_NUM >= 170000
#define scim_backend_number() MyProcNumber
#else
#define scim_backend_number() MyBackendId
#endif

/* Prepares a set-returning function that fills rsinfo->setResult. */
#if PG_VERSION_NUM >= 150000
#define scim_materialize(fcinfo) InitMaterializedSRF(fcinfo, 0)
#else
extern void scim_materialize(FunctionCallInfo fcinfo);
#endif

#endif							/* SCIM_COMPAT_H */
