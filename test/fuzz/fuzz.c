/*-------------------------------------------------------------------------
 *
 * fuzz.c
 *	  libFuzzer's entry point, and palloc() for it.
 *
 * Every palloc is a malloc, so that the address sanitizer sees its borders, and
 * hangs in a list that is freed after each input.  These functions stand in for
 * libpgcommon's, whose memory would never come back.
 *
 *-------------------------------------------------------------------------
 */
#include "fuzz.h"

#include "core/uri.h"

typedef struct Chunk
{
	struct Chunk *next;
	struct Chunk *previous;
} Chunk;

static Chunk chunks = {&chunks, &chunks};

extern int	LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

void *
palloc(Size size)
{
	Chunk	   *chunk = malloc(sizeof(Chunk) + size);

	HOLDS(chunk != NULL);
	chunk->next = chunks.next;
	chunk->previous = &chunks;
	chunks.next->previous = chunk;
	chunks.next = chunk;
	return chunk + 1;
}

void *
palloc0(Size size)
{
	return memset(palloc(size), 0, size);
}

void
pfree(void *pointer)
{
	Chunk	   *chunk = (Chunk *) pointer - 1;

	chunk->next->previous = chunk->previous;
	chunk->previous->next = chunk->next;
	free(chunk);
}

void *
repalloc(void *pointer, Size size)
{
	Chunk	   *chunk = realloc((Chunk *) pointer - 1, sizeof(Chunk) + size);

	HOLDS(chunk != NULL);
	chunk->next->previous = chunk;
	chunk->previous->next = chunk;
	return chunk + 1;
}

void
fuzz_broken(const char *property, const char *file, int line)
{
	fprintf(stderr, "%s:%d: this does not hold: %s\n", file, line, property);
	abort();
}

bool
is_proper_failure(const ScimError *err, ScimErrorCode code, ScimSlice input)
{
	ScimSlice	message = scim_slice(err->message);

	return err->code == code && err->offset <= input.len && message.len > 0 &&
		scim_utf8_is_valid(message);
}

bool
is_within(ScimSlice part, ScimSlice whole)
{
	return part.len == 0 ||
		(part.data >= whole.data && part.data + part.len <= whole.data + whole.len);
}

/* libFuzzer's copy of the input ends where its allocation ends. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	fuzz(scim_slice_of((const char *) data, size));
	while (chunks.next != &chunks)
		pfree(chunks.next + 1);
	return 0;
}
