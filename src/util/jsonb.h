/*-------------------------------------------------------------------------
 *
 * jsonb.h
 *	  JSON values in memory: PostgreSQL's JsonbValue as a tree that can be edited.
 *
 * A value is either in memory (jbvObject, jbvArray and scalars) or a window on a
 * stored jsonb (jbvBinary).  The readers take both; the editors only the first,
 * made by scim_json_parse(), scim_jsonb_new_*() or scim_jsonb_thaw().
 *
 * Objects in memory keep the order of arrival; scim_jsonb_pack() sorts them as
 * jsonb wants them.  Everything is allocated in the current memory context.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SCIM_UTIL_JSONB_H
#define SCIM_UTIL_JSONB_H

#include "postgres.h"

#include "lib/stringinfo.h"
#include "utils/jsonb.h"

#include "core/limits.h"
#include "core/slice.h"

/*
 * Reads JSON text.  Raises INVALID_SYNTAX for what is no JSON in UTF-8, for NUL, lone
 * surrogates, names that occur twice in one object (in any letter case) and nesting over the limit;
 * INVALID_VALUE for numbers out of any use.
 */
extern JsonbValue *scim_json_parse(ScimSlice text, const ScimLimits *limits);

/* Readers.  An absent value is NULL. */
extern JsonbValue *scim_jsonb_root(Jsonb *doc);
extern bool scim_jsonb_is_object(const JsonbValue *value);
extern bool scim_jsonb_is_array(const JsonbValue *value);
extern ScimSlice scim_jsonb_text(const JsonbValue *string);
extern JsonbValue *scim_jsonb_get(const JsonbValue *object, ScimSlice key);

/* The same for a name in any letter case, as members of messages are (RFC 7643 section 2.1). */
extern JsonbValue *scim_jsonb_get_ci(const JsonbValue *object, const char *name);

/* One level of a container in memory: the value itself unless it is a window. */
extern const JsonbValue *scim_jsonb_open(const JsonbValue *container);

/* Number of elements or pairs of a container. */
extern int	scim_jsonb_size(const JsonbValue *container);

/* Scalars by value, containers member by member; objects in any order. */
extern bool scim_jsonb_equal(const JsonbValue *a, const JsonbValue *b);

/* Is it a number without fraction? Then integer is it, or the nearest one there is. */
extern bool scim_jsonb_to_int(const JsonbValue *value, int64 *integer);

/* Makers and editors. */
extern JsonbValue *scim_jsonb_new_object(void);
extern JsonbValue *scim_jsonb_new_array(void);
extern JsonbValue *scim_jsonb_new_string(ScimSlice text);
extern JsonbValue *scim_jsonb_new_bool(bool value);
extern JsonbValue *scim_jsonb_thaw(const JsonbValue *value);

/* Adds a member whose name the object is known not to have. */
extern void scim_jsonb_add(JsonbValue *object, ScimSlice key, const JsonbValue *value);

/* Sets a member, in place of the one of that name if there is one. */
extern void scim_jsonb_put(JsonbValue *object, ScimSlice key, const JsonbValue *value);
extern void scim_jsonb_remove(JsonbValue *object, ScimSlice key);
extern void scim_jsonb_append(JsonbValue *array, const JsonbValue *value);
extern void scim_jsonb_remove_at(JsonbValue *array, int index);
extern Jsonb *scim_jsonb_pack(JsonbValue *value);

/* Writers of JSON text (jsonb_write.c). */
extern void scim_jsonb_write(StringInfo out, const JsonbValue *value);

/* The members of an object that is a window, into an object of which some members may be written. */
extern void scim_jsonb_write_members(StringInfo out, const JsonbValue *window);
extern void scim_json_write_string(StringInfo out, ScimSlice text);

#endif							/* SCIM_UTIL_JSONB_H */
