/*-------------------------------------------------------------------------
 *
 * tap.h
 *	  Test Anything Protocol for the unit tests of core/.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SCIM_TEST_TAP_H
#define SCIM_TEST_TAP_H

#include "core/core.h"

/* Reports one test; the description is a printf format. */
extern void ok(bool passed, const char *fmt,...) pg_attribute_printf(2, 3);

/* Reports whether two texts are the same, and shows both if not. */
extern void is_text(ScimSlice got, const char *expected, const char *name);

/* Reports whether two numbers are the same, and shows both if not. */
extern void is_int(int64 got, int64 expected, const char *name);

/* Prints the plan; the exit status of main(). */
extern int	done_testing(void);

/* A slice over a string literal that may hold NULs. */
#define BYTES(literal) scim_slice_of(literal, sizeof(literal) - 1)

/* count copies of text, one after the other, palloc'd. */
extern ScimSlice repeat(const char *text, size_t count);

/*
 * A copy that ends where its allocation ends, so that a sanitizer or valgrind sees
 * every read behind it.
 */
extern ScimSlice exact_copy(ScimSlice text);

#endif							/* SCIM_TEST_TAP_H */
