/*-------------------------------------------------------------------------
 *
 * patch.h
 *	  PATCH (RFC 7644 section 3.5.2) on a document in memory.
 *
 * Operations change the draft in place and in order; the caller stores it or, after an
 * error, drops it, so all or nothing comes by itself.  Members are not part of a
 * document: what is to happen to them is collected as a list of steps.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SCIM_PATCH_H
#define SCIM_PATCH_H

#include "postgres.h"

#include "nodes/bitmapset.h"
#include "nodes/pg_list.h"
#include "utils/jsonb.h"

#include "filter/filter.h"
#include "schema/schema.h"

typedef enum ScimMemberAction
{
	SCIM_MEMBERS_ADD,			/* these as well */
	SCIM_MEMBERS_ADD_WHERE,		/* the one that the condition describes; no ids if it describes none */
	SCIM_MEMBERS_REMOVE,		/* not these */
	SCIM_MEMBERS_REMOVE_WHERE,	/* none for which the condition holds */
	SCIM_MEMBERS_REPLACE,		/* just these */
	SCIM_MEMBERS_REPLACE_WHERE	/* this one in place of those for which the condition holds */
} ScimMemberAction;

/* One step on the members of a group. */
typedef struct ScimMemberStep
{
	ScimMemberAction action;
	int			nids;
	ScimSlice  *ids;			/* as sent */
	ScimCondition *where;
} ScimMemberStep;

/* A state of a resource that is not stored yet. */
typedef struct ScimDraft
{
	const ScimSettings *settings;
	const ScimResourceType *type;
	const ScimRules *rules;		/* of the directory for the type, or NULL */
	ScimSlice	id;				/* empty before it has one */
	JsonbValue *doc;			/* canonical, in memory */
	bool		clears_active;	/* null was sent for it; a replace that leaves it out keeps it */
	bool		sets_password;	/* else the stored one stays */
	ScimSlice	password;		/* in clear; empty unassigns */
	List	   *member_steps;	/* of ScimMemberStep, in order */
	Bitmapset  *patched_once;	/* indexes of attributes that no other operation may name */
} ScimDraft;

/* Applies a PatchOp message; raises the errors of RFC 7644 section 3.12. */
extern void scim_patch_apply(ScimDraft *draft, const JsonbValue *message);

/* Checks the message without a resource: a bad one is refused before the id is looked up. */
extern void scim_patch_check(const JsonbValue *message);

/* patch_members.c: turns a client's list into a step. */
extern void scim_draft_members(ScimDraft *draft, ScimMemberAction action, const JsonbValue *list);

/* Reads a password into the draft; NULL unassigns it. */
extern void scim_draft_password(ScimDraft *draft, const JsonbValue *value);

/* Raises INVALID_VALUE if a URN in the list of schemas is none of the type's, unless unknown ones are ignored. */
extern void scim_draft_schemas(const ScimDraft *draft, const JsonbValue *list, bool ignore_unknown);

#endif							/* SCIM_PATCH_H */
