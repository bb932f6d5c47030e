/*-------------------------------------------------------------------------
 *
 * test_base64.c
 *	  base64url and SCIM binary values (RFC 4648, RFC 7643 section 2.3.6).
 *
 *-------------------------------------------------------------------------
 */
#include "tap.h"

#include "core/base64url.h"

/* RFC 4648 section 10, and both special characters. */
static const char *const vectors[][2] = {
	{"", ""}, {"f", "Zg"}, {"fo", "Zm8"}, {"foo", "Zm9v"}, {"foob", "Zm9vYg"}, {"fooba", "Zm9vYmE"},
	{"foobar", "Zm9vYmFy"}, {"\xFB\xFF\xFE", "-__-"},
};

static const char *const bad_decodes[] = {
	"A", "AAAAA", "Zg==", "Zm8=", "Zm9v\n", " Zm9v", "Zm 9v", "Zm+v", "Zm/v", "Zh", "Z_", "Zm9",
	"=", 	"Zm9\xC3", "Zm9vYm\xFF\xFF",
};

static const char *const good_values[] = {
	"", "AQIDBA==", "AQIDBA", "AQID", "AQI=", "AQI", "+/+/", "-_-_", "+/8=", "-_8=",
};

static const char *const bad_values[] = {
	"A", "=", "==", "====", "A=", "A==", "A===", "AA=", "AAA==", "AAAA=", "AAAA====", "AA===",
	"=AAA", "A=AA", "AA==AA==", "AAAAA", "+_AA", "/-AA", "AA AA", "AAAA\n", " AAAA", "AA*A",
	"AA\xC3\xA5",
};

int
main(void)
{
	char	   *data;
	size_t		len;
	char		all[256];

	for (size_t i = 0; i < lengthof(vectors); i++)
	{
		ScimSlice	plain = scim_slice(vectors[i][0]);
		ScimSlice	text = exact_copy(scim_slice(vectors[i][1]));

		is_text(scim_slice(scim_base64url_encode(plain.data, plain.len)), vectors[i][1],
				vectors[i][1]);
		ok(scim_base64url_decode(text, &data, &len), "... decodes");
		is_text(scim_slice_of(data, len), vectors[i][0], "... to what it was");
		ok(scim_base64_is_valid(text), "... and is a binary value");
	}
	for (size_t i = 0; i < sizeof(all); i++)
		all[i] = (char) i;
	for (size_t size = 253; size <= sizeof(all); size++)
	{
		char	   *text = scim_base64url_encode(all, size);

		ok(scim_base64url_decode(exact_copy(scim_slice(text)), &data, &len) && len == size &&
		   memcmp(data, all, size) == 0, "%zu bytes of all values", size);
	}
	ok(scim_base64url_decode(scim_slice(NULL), &data, &len) && len == 0, "nothing decodes");
	for (size_t i = 0; i < lengthof(bad_decodes); i++)
		ok(!scim_base64url_decode(exact_copy(scim_slice(bad_decodes[i])), &data, &len),
		   "not base64url: %s", bad_decodes[i]);
	ok(!scim_base64url_decode(BYTES("AA\0A"), &data, &len), "not base64url: with a NUL");

	for (size_t i = 0; i < lengthof(good_values); i++)
		ok(scim_base64_is_valid(exact_copy(scim_slice(good_values[i]))), "binary value: %s",
		   good_values[i]);
	for (size_t i = 0; i < lengthof(bad_values); i++)
		ok(!scim_base64_is_valid(exact_copy(scim_slice(bad_values[i]))), "no binary value: %s",
		   bad_values[i]);
	ok(!scim_base64_is_valid(BYTES("AA\0A")), "no binary value: with a NUL");
	return done_testing();
}
