/*-------------------------------------------------------------------------
 *
 * core.h
 *	  What every file of core/ may know about its surroundings.
 *
 * core/ is pure C: no ereport, no SPI, no Datum.  It compiles against the
 * server (memory from the current context) and, with -DFRONTEND, against
 * libpgcommon for fuzzers and unit tests.  Parsers never raise: they return
 * false and fill a ScimError; the caller drops the memory.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SCIM_CORE_H
#define SCIM_CORE_H

#ifdef FRONTEND
#include "postgres_fe.h"
#else
#include "postgres.h"
#endif

#include "core/error.h"
#include "core/slice.h"

#endif							/* SCIM_CORE_H */
