/*-------------------------------------------------------------------------
 *
 * filter_int.h
 *	  What the filter's lexer, its parser and the PATCH path parser share.
 *
 *-------------------------------------------------------------------------
 */
#ifndef SCIM_FILTER_INT_H
#define SCIM_FILTER_INT_H

#include "core/filter.h"

typedef enum ScimLexKind
{
	SCIM_LEX_END,
	SCIM_LEX_WORD,				/* name, keyword, operator, number, .sub */
	SCIM_LEX_STRING,
	SCIM_LEX_PAREN_OPEN,
	SCIM_LEX_PAREN_CLOSE,
	SCIM_LEX_BRACKET_OPEN,
	SCIM_LEX_BRACKET_CLOSE
} ScimLexKind;

/*
 * The lexer and its current token.  token is the token as written; of a string, the
 * decoded and palloc'd value.  The token spans [offset, pos) of text; glued tells
 * that no blank stands before it.
 */
typedef struct ScimLexer
{
	ScimSlice	text;
	size_t		pos;
	ScimLexKind kind;
	ScimSlice	token;
	size_t		offset;
	bool		glued;
	ScimError  *err;
} ScimLexer;

/* How much of the input a message quotes. */
#define SCIM_QUOTE_MAX 60

/* Reads the next token; false (INVALID_FILTER) when there is none to be read. */
extern bool scim_lex_next(ScimLexer *lex);

/* Is the current token this word, in any case? */
extern bool scim_lex_is_word(const ScimLexer *lex, const char *word);

/*
 * Parses the [filter] that begins at *pos of a longer text, and moves *pos behind the
 * bracket that closes it.  text must be valid UTF-8 without NUL.
 */
extern bool scim_filter_parse_value(ScimSlice text, size_t *pos, const ScimLimits *limits,
									ScimFilter **filter, ScimError *err);

#endif							/* SCIM_FILTER_INT_H */
