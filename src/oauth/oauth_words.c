/*-------------------------------------------------------------------------
 *
 * oauth_words.c
 *	  Lists of words: scopes and redirect URIs, in columns and in parameters.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"

#include "oauth/oauth_int.h"

/* Words stand apart by blanks (RFC 6749 section 3.3); each is taken once. */
ScimWords
scim_words_split(ScimSlice text)
{
	ScimWords	list = {0, palloc((text.len / 2 + 1) * sizeof(ScimSlice))};
	size_t		start = 0;

	for (size_t i = 0; i <= text.len; i++)
	{
		ScimSlice	word = scim_slice_of(text.data + start, i - start);

		if (i < text.len && text.data[i] != ' ')
			continue;
		if (word.len > 0 && !scim_words_have(list, word))
			list.words[list.n++] = word;
		start = i + 1;
	}
	return list;
}

ScimWords
scim_words_of(ArrayType *array)
{
	ScimWords	list;
	Datum	   *elements;

	deconstruct_array(array, TEXTOID, -1, false, TYPALIGN_INT, &elements, NULL, &list.n);
	list.words = palloc(list.n * sizeof(ScimSlice) + 1);
	for (int i = 0; i < list.n; i++)
		list.words[i] = scim_slice(TextDatumGetCString(elements[i]));
	return list;
}

Datum
scim_words_array(ScimWords list)
{
	Datum	   *elements = palloc(list.n * sizeof(Datum) + 1);

	for (int i = 0; i < list.n; i++)
		elements[i] = PointerGetDatum(cstring_to_text_with_len(list.words[i].data, list.words[i].len));
	return PointerGetDatum(construct_array(elements, list.n, TEXTOID, -1, false, TYPALIGN_INT));
}

bool
scim_words_have(ScimWords list, ScimSlice word)
{
	for (int i = 0; i < list.n; i++)
		if (scim_slice_equal(list.words[i], word))
			return true;
	return false;
}

ScimWords
scim_words_common(ScimWords a, ScimWords b)
{
	ScimWords	common = {0, palloc(a.n * sizeof(ScimSlice) + 1)};

	for (int i = 0; i < a.n; i++)
		if (scim_words_have(b, a.words[i]))
			common.words[common.n++] = a.words[i];
	return common;
}

char *
scim_words_join(ScimWords list)
{
	StringInfoData out;

	initStringInfo(&out);
	for (int i = 0; i < list.n; i++)
		appendStringInfo(&out, "%s%.*s", i == 0 ? "" : " ", (int) list.words[i].len,
						 list.words[i].data);
	return out.data;
}
