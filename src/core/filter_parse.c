/*-------------------------------------------------------------------------
 *
 * filter_parse.c
 *	  RFC 7644 section 3.4.2.2 filter text to ScimFilter tree.
 *
 * One function per production, lowest precedence first:
 *		or -> and -> term -> (not group | group | attribute)
 *		attribute -> comparison | value path
 *
 * Each returns a tree, the lexer being on the token behind it, or NULL.  Never raises:
 * on NULL the error holds code, byte offset and a sentence, and the caller drops the
 * memory.  Chains of and/or are loops that build left-deep trees; only groups and
 * brackets recurse, filter_depth bounds them, filter_nodes bounds the tree.
 *
 *-------------------------------------------------------------------------
 */
#include "core/core.h"

#include "core/filter_int.h"
#include "core/uri.h"

typedef struct Parser
{
	ScimLexer	lex;
	const ScimLimits *limits;
	int			depth;
	int			nodes;
	bool		in_brackets;
} Parser;

static const char *const operator_names[] = {
	[SCIM_OP_EQ] = "eq",
	[SCIM_OP_NE] = "ne",
	[SCIM_OP_CO] = "co",
	[SCIM_OP_SW] = "sw",
	[SCIM_OP_EW] = "ew",
	[SCIM_OP_GT] = "gt",
	[SCIM_OP_GE] = "ge",
	[SCIM_OP_LT] = "lt",
	[SCIM_OP_LE] = "le",
	[SCIM_OP_PR] = "pr",
};

static ScimFilter *parse_or(Parser *p);

const char *
scim_operator_name(ScimOperator op)
{
	return operator_names[op];
}

/* Reports that something else than the current token was expected. */
static bool
fail_expected(Parser *p, const char *expected)
{
	const ScimLexer *lex = &p->lex;
	ScimSlice	found = scim_slice_clip(lex->token, SCIM_QUOTE_MAX);

	if (lex->kind == SCIM_LEX_END)
		return scim_error_set(lex->err, SCIM_E_INVALID_FILTER, lex->offset,
							  "expected %s, but the text ends here", expected);
	return scim_error_set(lex->err, SCIM_E_INVALID_FILTER, lex->offset,
						  "expected %s, found \"%.*s\"", expected, (int) found.len, found.data);
}

/* A tree node, counted against the limit. */
static ScimFilter *
new_node(Parser *p, ScimFilterKind kind, ScimFilter *left, ScimFilter *right)
{
	ScimFilter *node;

	if (p->nodes >= p->limits->filter_nodes)
	{
		scim_error_set(p->lex.err, SCIM_E_INVALID_FILTER, p->lex.offset,
					   "the filter has more than %d comparisons and connectives",
					   p->limits->filter_nodes);
		return NULL;
	}
	p->nodes++;
	node = palloc0(sizeof(ScimFilter));
	node->kind = kind;
	node->left = left;
	node->right = right;
	return node;
}

/* Reads an attribute name as the filter's: its errors are INVALID_FILTER and have its offset. */
static bool
read_name(Parser *p, ScimSlice text, size_t offset, ScimAttrName *name)
{
	if (!scim_attr_name_parse(text, name, p->lex.err))
	{
		p->lex.err->code = SCIM_E_INVALID_FILTER;
		p->lex.err->offset += offset;
		return false;
	}
	name->offset = offset;
	return true;
}

/* Moves *c behind a run of digits; false when there is none. */
static bool
skip_digits(const char **c, const char *end)
{
	const char *first = *c;

	while (*c < end && **c >= '0' && **c <= '9')
		(*c)++;
	return *c > first;
}

/* Moves *c behind one of chars; false when there is none. */
static bool
skip_any(const char **c, const char *end, const char *chars)
{
	if (*c == end || strchr(chars, **c) == NULL)
		return false;
	(*c)++;
	return true;
}

/* Is text a number by RFC 8259 section 6: no leading zeros, no bare dot, no plus sign? */
static bool
is_json_number(ScimSlice text)
{
	const char *c = text.data;
	const char *end = text.data + text.len;
	const char *first;

	skip_any(&c, end, "-");
	first = c;
	if (!skip_digits(&c, end) || (*first == '0' && c - first > 1))
		return false;
	if (skip_any(&c, end, ".") && !skip_digits(&c, end))
		return false;
	if (skip_any(&c, end, "eE"))
	{
		skip_any(&c, end, "+-");
		if (!skip_digits(&c, end))
			return false;
	}
	return c == end;
}

/* Is the current token a literal, and of what kind?  SCIM_LITERAL_NONE if it is none. */
static ScimLiteralKind
literal_kind(const ScimLexer *lex)
{
	if (lex->kind == SCIM_LEX_STRING)
		return SCIM_LITERAL_STRING;
	if (lex->kind != SCIM_LEX_WORD)
		return SCIM_LITERAL_NONE;
	if (scim_lex_is_word(lex, "true"))
		return SCIM_LITERAL_TRUE;
	if (scim_lex_is_word(lex, "false"))
		return SCIM_LITERAL_FALSE;
	if (scim_lex_is_word(lex, "null"))
		return SCIM_LITERAL_NULL;
	return is_json_number(lex->token) ? SCIM_LITERAL_NUMBER : SCIM_LITERAL_NONE;
}

/* Reads the value of a comparison. */
static bool
read_literal(Parser *p, ScimOperator op, ScimLiteral *literal)
{
	ScimSlice	found = scim_slice_clip(p->lex.token, SCIM_QUOTE_MAX);

	literal->kind = literal_kind(&p->lex);
	literal->text = p->lex.token;
	literal->offset = p->lex.offset;
	if (literal->kind != SCIM_LITERAL_NONE)
		return scim_lex_next(&p->lex);
	if (p->lex.kind != SCIM_LEX_WORD)
		return scim_error_set(p->lex.err, SCIM_E_INVALID_FILTER, p->lex.offset,
							  "expected a comparison value after \"%s\"",
							  scim_operator_name(op));
	return scim_error_set(p->lex.err, SCIM_E_INVALID_FILTER, p->lex.offset,
						  "\"%.*s\" is not a comparison value; expected a string in double "
						  "quotes, a number, true, false or null",
						  (int) found.len, found.data);
}

/* Reads the operator that follows an attribute. */
static bool
read_operator(Parser *p, const ScimAttrName *attr, ScimOperator *op)
{
	ScimSlice	name = scim_slice_clip(attr->text, SCIM_QUOTE_MAX);
	ScimSlice	found = scim_slice_clip(p->lex.token, SCIM_QUOTE_MAX);

	for (size_t i = 0; i < lengthof(operator_names); i++)
	{
		if (scim_lex_is_word(&p->lex, operator_names[i]))
		{
			*op = (ScimOperator) i;
			return scim_lex_next(&p->lex);
		}
	}
	if (p->lex.kind != SCIM_LEX_WORD)
		return scim_error_set(p->lex.err, SCIM_E_INVALID_FILTER, p->lex.offset,
							  "expected an operator after \"%.*s\"", (int) name.len, name.data);
	return scim_error_set(p->lex.err, SCIM_E_INVALID_FILTER, p->lex.offset,
						  "\"%.*s\" is not an operator; expected eq, ne, co, sw, ew, gt, ge, lt, "
						  "le or pr", (int) found.len, found.data);
}

/* comparison = operator value | "pr", for the attribute just read */
static ScimFilter *
parse_comparison(Parser *p, const ScimAttrName *attr)
{
	ScimOperator op = SCIM_OP_PR;
	ScimLiteral literal = {.kind = SCIM_LITERAL_NONE};
	ScimFilter *node;

	if (!read_operator(p, attr, &op))
		return NULL;
	if (op != SCIM_OP_PR && !read_literal(p, op, &literal))
		return NULL;
	node = new_node(p, SCIM_FILTER_COMPARE, NULL, NULL);
	if (node == NULL)
		return NULL;
	node->attr = *attr;
	node->op = op;
	node->literal = literal;
	return node;
}

/*
 * A filter between the current token and its counterpart close; stays on close, as what
 * follows a bracket in a PATCH path is not a filter's token.
 */
static ScimFilter *
parse_enclosed(Parser *p, ScimLexKind close)
{
	ScimFilter *filter;

	if (p->depth >= p->limits->filter_depth)
	{
		scim_error_set(p->lex.err, SCIM_E_INVALID_FILTER, p->lex.offset,
					   "the filter is nested deeper than %d levels", p->limits->filter_depth);
		return NULL;
	}
	p->depth++;
	filter = scim_lex_next(&p->lex) ? parse_or(p) : NULL;
	p->depth--;
	if (filter != NULL && p->lex.kind != close)
	{
		fail_expected(p, close == SCIM_LEX_PAREN_CLOSE ? "\"and\", \"or\" or \")\"" :
					  "\"and\", \"or\" or \"]\"");
		return NULL;
	}
	return filter;
}

/* group = "(" filter ")" */
static ScimFilter *
parse_group(Parser *p)
{
	ScimFilter *filter = parse_enclosed(p, SCIM_LEX_PAREN_CLOSE);

	return filter != NULL && scim_lex_next(&p->lex) ? filter : NULL;
}

/* The .sub op value behind "]": a further condition on the same element. */
static ScimFilter *
parse_sub_comparison(Parser *p, ScimFilter *filter)
{
	ScimSlice	token = p->lex.token;
	ScimSlice	sub = scim_slice_of(token.data + 1, token.len - 1);
	ScimAttrName attr = {.text = sub, .name = sub, .offset = p->lex.offset + 1};
	ScimFilter *comparison;

	if (!scim_attr_name_is_valid(sub))
	{
		fail_expected(p, "a sub-attribute after \"]\"");
		return NULL;
	}
	if (!scim_lex_next(&p->lex))
		return NULL;
	comparison = parse_comparison(p, &attr);
	return comparison != NULL ? new_node(p, SCIM_FILTER_AND, filter, comparison) : NULL;
}

/* valuePath = attribute "[" filter "]" [.sub comparison]; no value filter within another. */
static ScimFilter *
parse_value_path(Parser *p, const ScimAttrName *attr)
{
	ScimFilter *filter;
	ScimFilter *node;

	if (p->in_brackets)
	{
		scim_error_set(p->lex.err, SCIM_E_INVALID_FILTER, p->lex.offset,
					   "a value filter cannot hold another value filter");
		return NULL;
	}
	p->in_brackets = true;
	filter = parse_enclosed(p, SCIM_LEX_BRACKET_CLOSE);
	p->in_brackets = false;
	if (filter == NULL || !scim_lex_next(&p->lex))
		return NULL;
	if (p->lex.kind == SCIM_LEX_WORD && p->lex.glued && p->lex.token.data[0] == '.')
		filter = parse_sub_comparison(p, filter);
	node = filter != NULL ? new_node(p, SCIM_FILTER_VALUE_PATH, filter, NULL) : NULL;
	if (node != NULL)
		node->attr = *attr;
	return node;
}

/* attribute = name (comparison | value path); the bracket must touch the name. */
static ScimFilter *
parse_attribute(Parser *p)
{
	ScimAttrName attr;

	if (p->lex.kind != SCIM_LEX_WORD)
	{
		fail_expected(p, "an attribute name");
		return NULL;
	}
	if (!read_name(p, p->lex.token, p->lex.offset, &attr) || !scim_lex_next(&p->lex))
		return NULL;
	if (p->lex.kind == SCIM_LEX_BRACKET_OPEN && p->lex.glued)
		return parse_value_path(p, &attr);
	return parse_comparison(p, &attr);
}

/* term = ["not"] group | attribute */
static ScimFilter *
parse_term(Parser *p)
{
	ScimFilter *filter;

	if (p->lex.kind == SCIM_LEX_PAREN_OPEN)
		return parse_group(p);
	if (!scim_lex_is_word(&p->lex, "not"))
		return parse_attribute(p);
	if (!scim_lex_next(&p->lex))
		return NULL;
	if (p->lex.kind != SCIM_LEX_PAREN_OPEN)
	{
		fail_expected(p, "\"(\" after \"not\"");
		return NULL;
	}
	filter = parse_group(p);
	return filter != NULL ? new_node(p, SCIM_FILTER_NOT, filter, NULL) : NULL;
}

/* and = term *("and" term) */
static ScimFilter *
parse_and(Parser *p)
{
	ScimFilter *left = parse_term(p);

	while (left != NULL && scim_lex_is_word(&p->lex, "and"))
	{
		ScimFilter *right = scim_lex_next(&p->lex) ? parse_term(p) : NULL;

		left = right != NULL ? new_node(p, SCIM_FILTER_AND, left, right) : NULL;
	}
	return left;
}

/* or = and *("or" and) */
static ScimFilter *
parse_or(Parser *p)
{
	ScimFilter *left = parse_and(p);

	while (left != NULL && scim_lex_is_word(&p->lex, "or"))
	{
		ScimFilter *right = scim_lex_next(&p->lex) ? parse_and(p) : NULL;

		left = right != NULL ? new_node(p, SCIM_FILTER_OR, left, right) : NULL;
	}
	return left;
}

bool
scim_filter_parse(ScimSlice text, const ScimLimits *limits, ScimFilter **filter, ScimError *err)
{
	Parser		p = {.lex = {.text = text, .err = err}, .limits = limits};

	if (text.len > (size_t) limits->filter_bytes)
		return scim_error_set(err, SCIM_E_INVALID_FILTER, (size_t) limits->filter_bytes,
							  "the filter is longer than %d bytes", limits->filter_bytes);
	if (!scim_utf8_is_valid(text))
		return scim_error_set(err, SCIM_E_INVALID_FILTER, 0, "the filter is not valid UTF-8");

	*filter = scim_lex_next(&p.lex) ? parse_or(&p) : NULL;
	if (*filter != NULL && p.lex.kind != SCIM_LEX_END)
		return fail_expected(&p, "\"and\", \"or\" or the end");
	return *filter != NULL;
}

bool
scim_filter_parse_value(ScimSlice text, size_t *pos, const ScimLimits *limits,
						ScimFilter **filter, ScimError *err)
{
	Parser		p = {
		.lex = {.text = text, .pos = *pos, .err = err},
		.limits = limits,
		.in_brackets = true,
	};

	*filter = scim_lex_next(&p.lex) ? parse_enclosed(&p, SCIM_LEX_BRACKET_CLOSE) : NULL;
	*pos = p.lex.pos;
	return *filter != NULL;
}
