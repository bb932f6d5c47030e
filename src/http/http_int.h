/*-------------------------------------------------------------------------
 *
 * http_int.h
 *	  Shared by the files of http/.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SCIM_HTTP_INT_H
#define SCIM_HTTP_INT_H

#include "core/error.h"
#include "http/http.h"

typedef void (*ScimHandler) (ScimRequest *request, ScimAnswer *answer);

/* http_request.c */

/* A header's value; empty when it is absent. */
extern ScimSlice scim_request_header(const ScimRequest *request, const char *name);

/* A query parameter's value; empty when it is absent or empty. */
extern ScimSlice scim_request_param(const ScimRequest *request, const char *name);

/* An integer parameter (PAGE-05); fallback when it is absent. */
extern int64 scim_request_int(const ScimRequest *request, const char *name, int64 fallback);

/* Decides the answer's media type; raises NOT_ACCEPTABLE when neither is wanted. */
extern void scim_negotiate(const ScimRequest *request, ScimAnswer *answer);

/* The JSON body; raises for a wrong media type, a body that is too large, or no JSON. */
extern JsonbValue *scim_request_json(const ScimRequest *request);

/* Finds out who calls: true with a principal, false without credentials; raises for bad ones. */
extern bool scim_authenticate(ScimRequest *request);

/* http_respond.c */

/* Makes the body empty. */
extern void scim_answer_clear(ScimAnswer *answer);

/* Sets a header; one of that name is replaced. */
extern void scim_answer_header(ScimAnswer *answer, const char *name, const char *value);

/* One resource with Location and ETag, shaped by attributes and excludedAttributes. */
extern void scim_answer_resource(ScimAnswer *answer, const ScimRequest *request, int status,
								 const ScimResource *resource);

/* No body, but the headers of the resource. */
extern void scim_answer_empty(ScimAnswer *answer, const ScimRequest *request, int status,
							  const ScimResource *resource);

/* The SCIM error body of RFC 7644 section 3.12. */
extern void scim_answer_error(ScimAnswer *answer, const ScimRequest *request, ScimErrorCode code,
							  const char *detail);

/* Appends the fixed part of a ListResponse up to its resources, and its end. */
extern void scim_list_begin(StringInfo out, int64 total, int64 start_index, int nresources);
extern void scim_list_begin_cursor(StringInfo out, int64 total, const char *next_cursor,
								   int nresources);
extern void scim_list_end(StringInfo out);

/* http_row.c */

/* An empty body, in memory that is kept until the next answer; to be given back after the row is made. */
extern StringInfo scim_body_take(void);
extern void scim_body_give_back(StringInfo body);

/* The answer as scim_http() returns it; good until the next call if the caller copies it at once. */
extern Datum scim_row_make(const ScimAnswer *answer, bool is_copied);

/* http_resource.c */
extern void scim_handle_create(ScimRequest *request, ScimAnswer *answer);
extern void scim_handle_get(ScimRequest *request, ScimAnswer *answer);
extern void scim_handle_replace(ScimRequest *request, ScimAnswer *answer);
extern void scim_handle_patch(ScimRequest *request, ScimAnswer *answer);
extern void scim_handle_delete(ScimRequest *request, ScimAnswer *answer);
extern void scim_handle_list(ScimRequest *request, ScimAnswer *answer);
extern void scim_handle_search(ScimRequest *request, ScimAnswer *answer);

/* An empty list. */
extern void scim_handle_nothing(ScimRequest *request, ScimAnswer *answer);

/* http_bulk.c */
extern void scim_handle_bulk(ScimRequest *request, ScimAnswer *answer);

/* http_oauth.c: answers a request of OAuth; false if the path is none of OAuth's */
extern bool scim_handle_oauth(ScimRequest *request, ScimAnswer *answer);

/* http_discovery.c */
extern void scim_handle_config(ScimRequest *request, ScimAnswer *answer);
extern void scim_handle_types(ScimRequest *request, ScimAnswer *answer);
extern void scim_handle_type(ScimRequest *request, ScimAnswer *answer);
extern void scim_handle_schemas(ScimRequest *request, ScimAnswer *answer);
extern void scim_handle_schema(ScimRequest *request, ScimAnswer *answer);

#endif							/* SCIM_HTTP_INT_H */
