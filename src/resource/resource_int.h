/*-------------------------------------------------------------------------
 *
 * resource_int.h
 *	  Shared by the files of resource/.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SCIM_RESOURCE_INT_H
#define SCIM_RESOURCE_INT_H

#include "filter/filter.h"
#include "patch/patch.h"
#include "resource/resource.h"

/* resource_draft.c: a client's body as a draft; old is the stored document when it replaces one. */
extern ScimDraft *scim_draft_from_body(const ScimContext *context, const ScimResourceType *type,
									   const JsonbValue *body);

/* What a replace leaves alone: readOnly and immutable values, active, and so on (RFC 7644 section 3.5.1). */
extern void scim_draft_keep(ScimDraft *draft, const JsonbValue *old);

/* Raises MUTABILITY if an immutable value of old is gone or another one. */
extern void scim_draft_check_immutable(const ScimDraft *draft, const JsonbValue *old);

/* resource_origin.c */

/* Sets three parameters: managed, credential_id and request_id of what the caller makes. */
extern void scim_origin_set(const ScimContext *context, Datum *values, char *nulls, int first);

/*
 * May the caller change the resource, whose row is locked, into the draft, or delete it (NULL)?  Raises
 * CONFLICT for clients and FORBIDDEN for users of the database.
 */
extern void scim_origin_check(const ScimContext *context, const ScimResource *resource,
							  const ScimDraft *draft);

/* Is the caller one who must leave alone what is managed? */
extern bool scim_origin_is_protected(const ScimContext *context);

/* How many managed memberships the resource has, if that matters, and whether it still has them. */
extern int64 scim_origin_memberships(const ScimContext *context, const ScimResource *resource);
extern void scim_origin_check_memberships(const ScimContext *context, const ScimResource *resource,
										  int64 before);

/* resource_rules.c */

/* Gives a user the name that he has here, whatever domain the client appended. */
extern void scim_rules_name_user(ScimDraft *draft);

/* Raises INVALID_VALUE when a client changes more members, or otherwise, than it may. */
extern void scim_rules_check_members(const ScimContext *context, const ScimDraft *draft,
									 bool is_patch);

/* Raises INVALID_FILTER for a client's filter that is not offered; names of users in it become those of here. */
extern void scim_rules_admit_filter(const ScimContext *context, const ScimResourceType *type,
									ScimFilter *filter);

/*
 * resource_written.c: by attribute index, what a POST, PUT or PATCH set of attributes that are
 * returned on request; NULL if the type has none.
 */
extern bool *scim_written_by_body(const ScimResourceType *type, const JsonbValue *body);
extern bool *scim_written_by_patch(const ScimResourceType *type, const JsonbValue *message);

/* resource_read.c */

/* What a statement selects of scim.resource r for scim_read_row(). */
#define SCIM_RESOURCE_COLUMNS "r.id, r.version, r.created, r.last_modified, r.doc"

/* Fills a resource from row number row of the last result, whose columns begin at first. */
extern void scim_read_row(ScimResource *resource, const ScimResourceType *type, uint64 row, int first);

/* As scim_resource_get(), and locks the row against other writers. */
extern ScimResource *scim_resource_lock(const ScimContext *context, const ScimResourceType *type,
										ScimSlice id);

/* resource_store.c */

/* Columns of a draft, ready to be stored. */
typedef struct ScimColumns
{
	Jsonb	   *doc;
	text	   *user_name;		/* NULL when absent, like the others */
	text	   *external_id;
	text	   *display_name;
	int			active;			/* -1 when absent */
	text	   *password;		/* hash */
} ScimColumns;

/* Before a write looks at anything: makes sure that the directory and its indexes stay as they are. */
extern void scim_store_begin(const ScimContext *context);

extern ScimResource *scim_store_insert(const ScimContext *context, const ScimDraft *draft,
										const pg_uuid_t *id);
extern void scim_store_update(const ScimContext *context, ScimResource *resource,
							  const ScimDraft *draft);
extern void scim_store_touch(const ScimContext *context, ScimResource *resource);
extern void scim_store_delete(const ScimContext *context, const ScimResource *resource);

/* resource_count.c */

/* How many resources of a type there ever were, and how many of them are gone. */
typedef struct ScimCount
{
	int64		created;
	int64		removed;
} ScimCount;

/* Counts resources that came and went. */
extern void scim_count_add(const ScimContext *context, const ScimResourceType *type, int64 created,
						   int64 removed);

/*
 * SQL in front of an INSERT of one resource, which counts it with the same statement; parameters 1 and 3
 * are directory and type, shard is scim_backend_number().
 */
#define SCIM_COUNT_WITH(shard) \
	"WITH counted AS (INSERT INTO scim.resource_count AS c (directory_id, type_id, shard, created)" \
	" VALUES ($1, $3, " shard ", 1) ON CONFLICT (directory_id, type_id, shard)" \
	" DO UPDATE SET created = c.created + 1) "

/* Is this the first resource that the transaction counts?  Only then is it counted that way. */
extern bool scim_count_is_first(void);

/* What is counted so far, by this transaction too. */
extern ScimCount scim_count_get(const ScimContext *context, const ScimResourceType *type);

/*
 * resource_values.c: brings the rows of indexed and unique values from those of old to those of new;
 * NULL stands for no document.  Raises UNIQUENESS.
 */
extern void scim_values_store(const ScimContext *context, const ScimResource *resource,
							  const JsonbValue *old, const JsonbValue *new);

/* Adds the rows of one attribute, for a new index. */
extern void scim_values_index(const ScimContext *context, const ScimResource *resource,
							  const JsonbValue *doc, const ScimAttribute *attr);

/* resource_password.c: bcrypt by pgcrypto. */
extern text *scim_password_hash(ScimSlice password);

/* resource_members.c */

/* Carries out the steps on a group whose row is locked; says whether a membership changed. */
extern bool scim_members_apply(const ScimContext *context, const ScimResource *group,
							   List *steps);

/* Keeps others from deleting members-to-be until the transaction ends; before any row is locked. */
extern void scim_members_share(const ScimContext *context);

/* Keeps others from adding members until the transaction ends; before a delete locks any row. */
extern void scim_members_lock(const ScimContext *context);

/* Takes a resource out of every group; it is about to be deleted. */
extern void scim_members_forget(const ScimContext *context, const ScimResource *resource);

/* Appends "members": [..] or nothing if there are none; shows are the projection's flags or NULL. */
extern void scim_members_render(StringInfo out, const ScimContext *context,
								const ScimResource *group, const bool *shows);

/*
 * Appends a reference to another resource: value, $ref, type and display, as far as they are shown.
 * type_text is NULL where the type is that of the resource.
 */
extern void scim_reference_render(StringInfo out, const ScimContext *context,
								  const ScimAttribute *attr, const pg_uuid_t *id, int16 type_id,
								  const char *type_text, const char *display, const bool *shows);

/* resource_groups.c: the groups of the resources of a page, by resource. */
typedef struct ScimGroups ScimGroups;

extern ScimGroups *scim_groups_load(const ScimContext *context, const ScimResource *resources,
									int nresources);
/* The same of one resource, whose direct groups are known; NULL if it has none. */
extern ScimGroups *scim_groups_of(const ScimContext *context, const ScimResource *resource);
extern void scim_groups_render(StringInfo out, const ScimContext *context, ScimGroups *groups,
							   const ScimResource *resource, const bool *shows);

/* resource_render.c: appends "name": , after a comma unless it is the object's first member. */
extern void scim_render_name(StringInfo out, ScimSlice name);

#endif							/* SCIM_RESOURCE_INT_H */
