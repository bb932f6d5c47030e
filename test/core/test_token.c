/*-------------------------------------------------------------------------
 *
 * test_token.c
 *	  The written form of bearer tokens.
 *
 *-------------------------------------------------------------------------
 */
#include "tap.h"

#include "core/token.h"

/* Every byte of a token is checked: exchanging any one makes it another or none. */
static void
test_damage(const char *token)
{
	for (size_t i = 0; i < SCIM_TOKEN_LEN; i++)
	{
		char	   *damaged = scim_slice_dup(scim_slice(token));

		damaged[i] = damaged[i] == 'x' ? 'y' : 'x';
		ok(!scim_token_is_wellformed(scim_slice(damaged)), "byte %zu exchanged", i);
	}
}

int
main(void)
{
	uint8		digits[SCIM_TOKEN_RANDOM_LEN];
	char		token[SCIM_TOKEN_LEN + 1];
	ScimSlice	text = {token, SCIM_TOKEN_LEN};

	memset(digits, 0, sizeof(digits));
	scim_token_format(digits, token);
	is_int((int64) strlen(token), SCIM_TOKEN_LEN, "length");
	is_int(memcmp(token, "scim_0000000000000000000000000000000000000000000", 48), 0, "all zeros");
	ok(scim_token_is_wellformed(exact_copy(text)), "... well-formed");

	for (size_t i = 0; i < sizeof(digits); i++)
		digits[i] = (uint8) (i * 7 % 62);
	scim_token_format(digits, token);
	is_text(text, "scim_07ELSZgnu18FMTahov29GNUbipw3AHOVcjqx4BIPWdk3ltzh4",
			"the form is fixed, scanners rely on it");
	ok(scim_token_is_wellformed(exact_copy(text)), "... well-formed");
	test_damage(token);

	ok(!scim_token_is_wellformed(scim_slice(NULL)), "nothing");
	ok(!scim_token_is_wellformed(scim_slice("scim_")), "the prefix alone");
	ok(!scim_token_is_wellformed(scim_slice_of(token, SCIM_TOKEN_LEN - 1)), "one byte short");
	ok(!scim_token_is_wellformed(scim_slice_of(token, SCIM_TOKEN_LEN + 1)), "a NUL too many");
	ok(!scim_token_is_wellformed(scim_slice_of(token + 1, SCIM_TOKEN_LEN)), "shifted");
	token[20] = '-';
	ok(!scim_token_is_wellformed(text), "outside the alphabet");
	token[20] = '\0';
	ok(!scim_token_is_wellformed(text), "a NUL inside");
	return done_testing();
}
