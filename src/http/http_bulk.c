/*-------------------------------------------------------------------------
 *
 * http_bulk.c
 *	  Handler of /Bulk (RFC 7644 section 3.7).
 *
 * By default each operation stands for itself, as the RFC wants it.  "Prefer: atomic"
 * (RFC 7240) or the directory's switch atomic_bulk makes them one.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "bulk/bulk.h"
#include "http/http_int.h"
#include "util/throw.h"

#define ATOMIC "atomic"

/* Is the preference, up to its parameters, the one named? */
static bool
is_preference(ScimSlice text, const char *name)
{
	size_t		end = 0;

	while (text.len > 0 && (text.data[0] == ' ' || text.data[0] == '\t'))
		text = scim_slice_of(text.data + 1, text.len - 1);
	while (end < text.len && strchr(" \t;=", text.data[end]) == NULL)
		end++;
	return scim_slice_equal_ci(scim_slice_of(text.data, end), scim_slice(name));
}

/* Does a Prefer field name this preference? There may be several fields, each a list. */
static bool
prefers(const ScimRequest *request, const char *name)
{
	for (int i = 0; i < request->nheaders; i++)
	{
		ScimSlice	list = request->headers[i].value;

		if (!scim_slice_equal(request->headers[i].name, scim_slice("prefer")))
			continue;
		while (list.len > 0)
		{
			const char *comma = memchr(list.data, ',', list.len);
			size_t		len = comma == NULL ? list.len : (size_t) (comma - list.data);
			size_t		taken = comma == NULL ? len : len + 1;

			if (is_preference(scim_slice_of(list.data, len), name))
				return true;
			list = scim_slice_of(list.data + taken, list.len - taken);
		}
	}
	return false;
}

void
scim_handle_bulk(ScimRequest *request, ScimAnswer *answer)
{
	const ScimSettings *settings = &request->context.directory->settings;
	bool		prefers_atomic = prefers(request, ATOMIC);

	if (!settings->offer_bulk)
		scim_raise(SCIM_E_NOT_IMPLEMENTED, "bulk requests are not offered here");
	scim_bulk_check_size(request->body.len);
	scim_bulk_run(answer->body, &request->context, scim_request_json(request),
				  prefers_atomic || settings->atomic_bulk);
	answer->status = 200;
	if (prefers_atomic)
		scim_answer_header(answer, "Preference-Applied", ATOMIC);
}
