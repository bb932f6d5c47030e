/*-------------------------------------------------------------------------
 *
 * schema_int.h
 *	  Shared by the files of schema/.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SCIM_SCHEMA_INT_H
#define SCIM_SCHEMA_INT_H

#include "schema/schema.h"

/* Spelling of the enumerations, in the order of their C types; NULL ends each. */
extern const char *const scim_type_names[];
extern const char *const scim_mutability_names[];
extern const char *const scim_returned_names[];
extern const char *const scim_uniqueness_names[];

/* schema_compile.c: after the tree is made, which attributes are indexed, then what follows from that. */
extern void scim_resource_type_index(ScimResourceType *type, ScimSlice path, int16 index_id);
extern void scim_resource_type_finish(ScimResourceType *type);

/* schema_settings.c: is some switch a list that is not empty? */
extern bool scim_settings_has_lists(const ScimSettings *settings);

/*
 * schema_check.c: a definition as it is stored, with every characteristic spelled out.  Raises
 * INVALID_VALUE, or MUTABILITY where it does not agree with the one that it replaces.
 */
extern JsonbValue *scim_schema_check(const JsonbValue *definition);
extern void scim_schema_check_change(const JsonbValue *replaced, const JsonbValue *definition);

/* The same for a resource type, without a look at other rows. */
extern JsonbValue *scim_resource_type_check(const JsonbValue *definition);

/* schema_members.c: the members of a definition, by their names and kinds. */
typedef enum ScimMemberKind
{
	SCIM_MEMBER_TEXT,
	SCIM_MEMBER_FLAG,
	SCIM_MEMBER_WORD,			/* one of words, in any letter case */
	SCIM_MEMBER_TEXTS,			/* a list of strings */
	SCIM_MEMBER_OBJECTS,		/* a list of objects */
	SCIM_MEMBER_IGNORED			/* clients send back what they read */
} ScimMemberKind;

typedef struct ScimMember
{
	const char *name;
	ScimMemberKind kind;
	const char *const *words;
} ScimMember;

/* A copy with names and words in our spelling and nulls left out; raises INVALID_VALUE, naming where. */
extern JsonbValue *scim_members_read(const JsonbValue *object, const ScimMember *members,
									 const char *where);

/* A text member; empty when it is missing. */
extern ScimSlice scim_member_text(const JsonbValue *object, const char *name);
extern bool scim_member_flag(const JsonbValue *object, const char *name);

/* Is text a URN that attribute notation can carry? */
extern bool scim_urn_is_valid(ScimSlice urn);

#endif							/* SCIM_SCHEMA_INT_H */
