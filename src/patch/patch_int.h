/*-------------------------------------------------------------------------
 *
 * patch_int.h
 *	  Shared by the files of patch/.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SCIM_PATCH_INT_H
#define SCIM_PATCH_INT_H

#include "patch/patch.h"

typedef enum ScimPatchKind
{
	SCIM_PATCH_ADD,
	SCIM_PATCH_REMOVE,
	SCIM_PATCH_REPLACE
} ScimPatchKind;

typedef struct ScimPatchOperation
{
	ScimPatchKind kind;
	bool		is_spelled;		/* op is in lower case, as the RFC writes it */
	bool		has_path;
	ScimSlice	path;
	const JsonbValue *value;	/* NULL when the member is missing */
} ScimPatchOperation;

/* patch_message.c: operation number i of a checked message. */
extern ScimPatchOperation scim_patch_operation(const JsonbValue *operations, int i);
extern const JsonbValue *scim_patch_operations(const JsonbValue *message);

/* patch_attribute.c: one operation on an attribute named without a filter. */
extern void scim_patch_attribute(ScimDraft *draft, ScimPatchKind kind, const ScimAttribute *attr,
								 const JsonbValue *value);

/* patch_elements.c: one operation on the elements that a value filter chooses, or on sub of them. */
extern void scim_patch_elements(ScimDraft *draft, ScimPatchKind kind, const ScimAttribute *attr,
								const ScimFilter *filter, const ScimAttribute *sub,
								const JsonbValue *value);

/* Sets a sub-attribute of an object in memory; immutable ones only once. Returns nothing to unassign with NULL. */
extern void scim_patch_set_sub(const ScimSettings *settings, JsonbValue *object,
							   const ScimAttribute *sub, const JsonbValue *value);

/* Merges the members of a client's object into object; lists grow by add and are replaced by replace. */
extern void scim_patch_merge(const ScimSettings *settings, ScimPatchKind kind,
							 const ScimAttribute *attr, JsonbValue *object,
							 const JsonbValue *value);

/* Is an element marked as the primary one? */
extern bool scim_patch_is_primary(const ScimAttribute *attr, const JsonbValue *element);

/* patch_members.c: the same two for members, which are rows. */
extern void scim_patch_members(ScimDraft *draft, ScimPatchKind kind, const JsonbValue *value);
extern void scim_patch_members_where(ScimDraft *draft, ScimPatchKind kind, const ScimFilter *filter,
									 const ScimAttribute *sub, const JsonbValue *value);

/*
 * patch_elements.c: the element that the eq terms of a filter describe (ADD-NOMATCH), or NULL when the
 * filter has other terms.
 */
extern JsonbValue *scim_patch_element_from(const ScimCondition *condition);

#endif							/* SCIM_PATCH_INT_H */
