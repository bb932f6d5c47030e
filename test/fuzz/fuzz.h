/*-------------------------------------------------------------------------
 *
 * fuzz.h
 *	  What a fuzz target of core/ is made of.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SCIM_TEST_FUZZ_H
#define SCIM_TEST_FUZZ_H

#include "core/core.h"

/* One input; each target defines it.  What it pallocs is freed afterwards. */
extern void fuzz(ScimSlice input);

/* Ends the run with a report when a property does not hold. */
#define HOLDS(property) \
	((property) ? (void) 0 : fuzz_broken(#property, __FILE__, __LINE__))

extern void fuzz_broken(const char *property, const char *file, int line);

/* Is it a failure as a parser reports them: this code, offset in the input, text for a person? */
extern bool is_proper_failure(const ScimError *err, ScimErrorCode code, ScimSlice input);

/* Does the part lie within the whole? */
extern bool is_within(ScimSlice part, ScimSlice whole);

#endif							/* SCIM_TEST_FUZZ_H */
