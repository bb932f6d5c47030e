/*-------------------------------------------------------------------------
 *
 * bulk_order.c
 *	  What is referred to runs first; all else keeps the order of the request.
 *
 * Tarjan's search for strongly connected components, visiting operations in the order of
 * the request: a component is complete after all that it refers to, so components come out
 * in the order to run them.  One of several operations is a circle (RFC 7644 section
 * 3.7.1).  References lead to POSTs only, so a PUT, PATCH or DELETE is never moved before
 * an earlier operation on the same resource.
 *
 * The path is a list and not the C stack, since a chain of references may be as long as
 * the request.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "miscadmin.h"

#include "bulk/bulk_int.h"

typedef struct Search
{
	ScimBulk   *bulk;
	int			count;			/* operations seen */
	List	   *path;			/* from the first one down to the one being visited */
	List	   *open;			/* seen, in no unit yet */
} Search;

/* Goes down to an operation. */
static void
enter(Search *search, ScimBulkOperation *operation)
{
	operation->seen = operation->low = ++search->count;
	search->path = lappend(search->path, operation);
	search->open = lappend(search->open, operation);
}

/* Operations lie in the order of the request. */
static int
compare_operations(const ListCell *a, const ListCell *b)
{
	const ScimBulkOperation *left = lfirst(a);
	const ScimBulkOperation *right = lfirst(b);

	return left < right ? -1 : left > right;
}

/* Everything that was opened since the operation is one unit. */
static void
close_unit(Search *search, ScimBulkOperation *operation)
{
	List	   *unit = NIL;
	ScimBulkOperation *last;
	ListCell   *cell;

	do
	{
		last = llast(search->open);
		search->open = list_delete_last(search->open);
		unit = lappend(unit, last);
	} while (last != operation);
	list_sort(unit, compare_operations);
	foreach(cell, unit)
		((ScimBulkOperation *) lfirst(cell))->unit = unit;
	search->bulk->units = lappend(search->bulk->units, unit);
}

/* Leaves an operation whose references are done. */
static void
leave(Search *search, ScimBulkOperation *operation)
{
	search->path = list_delete_last(search->path);
	if (search->path != NIL)
	{
		ScimBulkOperation *above = llast(search->path);

		above->low = Min(above->low, operation->low);
	}
	if (operation->low == operation->seen)
		close_unit(search, operation);
}

/* Visits an operation and whatever it refers to. */
static void
visit(Search *search, ScimBulkOperation *first)
{
	enter(search, first);
	while (search->path != NIL)
	{
		ScimBulkOperation *operation = llast(search->path);
		ScimBulkOperation *target;

		CHECK_FOR_INTERRUPTS();
		if (operation->next_reference == list_length(operation->references))
		{
			leave(search, operation);
			continue;
		}
		target = list_nth(operation->references, operation->next_reference++);
		if (target->seen == 0)
			enter(search, target);
		else if (target->unit == NIL)
			operation->low = Min(operation->low, target->seen);
	}
}

void
scim_bulk_order(ScimBulk *bulk)
{
	Search		search = {.bulk = bulk};

	for (int i = 0; i < bulk->noperations; i++)
		if (bulk->operations[i].seen == 0)
			visit(&search, &bulk->operations[i]);
}
