/*-------------------------------------------------------------------------
 *
 * filter_lex.c
 *	  Filter text to tokens.
 *
 * A word is a run of anything but blanks, controls, quotes, parentheses and
 * brackets; what it means (name, operator, number) is the parser's business.  So a
 * blank is needed only where two words would run together: eq"x" and not(..) are
 * fine.  U+0020 is the only blank.  Strings are JSON strings (RFC 8259 section 7).
 *
 *-------------------------------------------------------------------------
 */
#include "core/core.h"

#include "mb/pg_wchar.h"

#include "core/filter_int.h"

/* The longest thing an escape can decode to. */
#define UTF8_MAX 4

/* Reports a lexical error at byte offset at. */
static bool
fail(ScimLexer *lex, size_t at, const char *message)
{
	return scim_error_set(lex->err, SCIM_E_INVALID_FILTER, at, "%s", message);
}

/* The token that a single character makes, SCIM_LEX_WORD if it belongs to a word. */
static ScimLexKind
classify(unsigned char c)
{
	switch (c)
	{
		case '(':
			return SCIM_LEX_PAREN_OPEN;
		case ')':
			return SCIM_LEX_PAREN_CLOSE;
		case '[':
			return SCIM_LEX_BRACKET_OPEN;
		case ']':
			return SCIM_LEX_BRACKET_CLOSE;
		case '"':
			return SCIM_LEX_STRING;
		default:
			return c > ' ' && c != 0x7F ? SCIM_LEX_WORD : SCIM_LEX_END;
	}
}

/* Reads the four hex digits of an escape at pos; false when they are not there. */
static bool
read_hex4(const ScimLexer *lex, size_t pos, pg_wchar *code)
{
	if (lex->text.len - pos < 4)
		return false;
	*code = 0;
	for (size_t i = pos; i < pos + 4; i++)
	{
		unsigned char c = pg_ascii_tolower((unsigned char) lex->text.data[i]);

		if (c >= '0' && c <= '9')
			*code = *code * 16 + (c - '0');
		else if (c >= 'a' && c <= 'f')
			*code = *code * 16 + (c - 'a' + 10);
		else
			return false;
	}
	return true;
}

/*
 * Decodes \uXXXX, pos being on the backslash; surrogate pairs are joined.  Lone
 * surrogates and U+0000 are refused, as no text in the database can hold them.
 */
static bool
read_unicode_escape(ScimLexer *lex, char **out)
{
	size_t		start = lex->pos;
	pg_wchar	code;
	pg_wchar	low;

	if (!read_hex4(lex, start + 2, &code))
		return fail(lex, start, "expected four hexadecimal digits after \"\\u\"");
	lex->pos += 6;

	if (code >= 0xD800 && code <= 0xDBFF)
	{
		if (lex->text.len - lex->pos < 2 || memcmp(lex->text.data + lex->pos, "\\u", 2) != 0 ||
			!read_hex4(lex, lex->pos + 2, &low) || low < 0xDC00 || low > 0xDFFF)
			return fail(lex, start, "a high surrogate must be followed by a low surrogate");
		lex->pos += 6;
		code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
	}
	else if (code >= 0xDC00 && code <= 0xDFFF)
		return fail(lex, start, "a low surrogate must follow a high surrogate");
	else if (code == 0)
		return fail(lex, start, "a string cannot hold the character U+0000");

	unicode_to_utf8(code, (unsigned char *) *out);
	*out += pg_utf_mblen((const unsigned char *) *out);
	return true;
}

/* Decodes one escape, pos being on the backslash. */
static bool
read_escape(ScimLexer *lex, char **out)
{
	static const char letters[] = "\"\\/bfnrtu";
	static const char values[] = "\"\\/\b\f\n\r\t";
	const char *found;

	if (lex->text.len - lex->pos < 2)
		return fail(lex, lex->pos, "the string ends within an escape");
	found = memchr(letters, lex->text.data[lex->pos + 1], sizeof(letters) - 1);
	if (found == NULL)
		return fail(lex, lex->pos, "a backslash must begin one of the escapes of JSON");
	if (*found == 'u')
		return read_unicode_escape(lex, out);
	*(*out)++ = values[found - letters];
	lex->pos += 2;
	return true;
}

/* Where the closing quote can be at the latest: bounds what a string's value may take. */
static size_t
raw_string_length(const ScimLexer *lex)
{
	size_t		pos = lex->pos;

	while (pos < lex->text.len && lex->text.data[pos] != '"')
		pos += lex->text.data[pos] == '\\' ? 2 : 1;
	return Min(pos, lex->text.len) - lex->pos;
}

/* Reads a string, pos being behind the opening quote; decoded it is never longer than raw. */
static bool
read_string(ScimLexer *lex)
{
	char	   *value = palloc(raw_string_length(lex) + UTF8_MAX);
	char	   *out = value;

	while (lex->pos < lex->text.len)
	{
		unsigned char c = (unsigned char) lex->text.data[lex->pos];

		if (c == '"')
		{
			lex->pos++;
			lex->token = scim_slice_of(value, out - value);
			return true;
		}
		if (c < ' ')
			return fail(lex, lex->pos, "a control character in a string must be escaped");
		if (c == '\\')
		{
			if (!read_escape(lex, &out))
				return false;
		}
		else
		{
			*out++ = (char) c;
			lex->pos++;
		}
	}
	return fail(lex, lex->offset, "the string has no closing quotation mark");
}

bool
scim_lex_next(ScimLexer *lex)
{
	const char *data = lex->text.data;
	size_t		start = lex->pos;

	while (lex->pos < lex->text.len && data[lex->pos] == ' ')
		lex->pos++;
	lex->offset = lex->pos;
	lex->glued = lex->pos == start;
	lex->kind = SCIM_LEX_END;
	lex->token = scim_slice_of(data + lex->offset, 0);
	if (lex->pos == lex->text.len)
		return true;

	lex->kind = classify((unsigned char) data[lex->pos]);
	if (lex->kind == SCIM_LEX_END)
		return fail(lex, lex->pos, "only blanks may separate words; found a control character");
	lex->pos++;
	if (lex->kind == SCIM_LEX_STRING)
		return read_string(lex);
	while (lex->kind == SCIM_LEX_WORD && lex->pos < lex->text.len &&
		   classify((unsigned char) data[lex->pos]) == SCIM_LEX_WORD)
		lex->pos++;
	lex->token.len = lex->pos - lex->offset;
	return true;
}

bool
scim_lex_is_word(const ScimLexer *lex, const char *word)
{
	return lex->kind == SCIM_LEX_WORD && scim_slice_equal_ci(lex->token, scim_slice(word));
}
