/*-------------------------------------------------------------------------
 *
 * resource_cursor.c
 *	  Cursors of RFC 9865: where a list goes on, in a form that clients cannot alter.
 *
 *		base64url( version directory query issued total id [key] HMAC-SHA-256/128 )
 *
 * A cursor holds no state in the server, so every backend and standby understands it.  It
 * grants nothing: who uses it is authorised like anybody else.  query is a hash of
 * filter, order and page size, which have to stay the same.
 *
 * A cursor travels in the client's URL, so of a long key only the beginning is in it, and a hash of
 * all.  The next page takes the whole key from the resource that ended the last one.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "common/hashfn.h"
#include "mb/pg_wchar.h"
#include "utils/timestamp.h"

#include "core/base64url.h"
#include "resource/resource_search_int.h"
#include "util/plan.h"
#include "util/throw.h"

#define CURSOR_VERSION 2
#define CURSOR_KEY_BYTES 2000
#define MAC_BYTES 16

/* What stands before the key; written as it lies in memory, since only this server reads it. */
typedef struct CursorHead
{
	int32		version;
	int32		directory_id;
	uint64		query;
	TimestampTz issued;
	int64		total;
	pg_uuid_t	id;
	int32		has_key;
	int32		count;
	uint64		key_hash;
} CursorHead;

static ScimStatement select_secret = {
	"SELECT value FROM scim.secret WHERE name = 'cursor'", 0, {0}
};

static void
compute_mac(const char *data, size_t len, unsigned char mac[EVP_MAX_MD_SIZE])
{
	bytea	   *secret;
	unsigned int size;

	if (scim_query(&select_secret, NULL, NULL) != 1)
		ereport(ERROR, (errcode(ERRCODE_DATA_CORRUPTED), errmsg("scim.secret has no row \"cursor\"")));
	secret = (bytea *) scim_varlena(0, 1, CurrentMemoryContext);
	if (HMAC(EVP_sha256(), VARDATA(secret), VARSIZE(secret) - VARHDRSZ, (const unsigned char *) data,
			 len, mac, &size) == NULL)
		ereport(ERROR, (errcode(ERRCODE_INTERNAL_ERROR), errmsg("could not compute an HMAC")));
}

char *
scim_cursor_write(const ScimContext *context, const ScimCursor *cursor)
{
	CursorHead	head = {
		.version = CURSOR_VERSION, .directory_id = context->directory->id, .query = cursor->query,
		.issued = GetCurrentTimestamp(), .total = cursor->total, .id = cursor->id,
		.has_key = cursor->has_key, .count = cursor->count
	};
	ScimSlice	key = cursor->key;
	unsigned char mac[EVP_MAX_MD_SIZE];
	StringInfoData out;

	initStringInfo(&out);
	if (key.len > CURSOR_KEY_BYTES)
	{
		head.key_hash = hash_bytes_extended((const unsigned char *) key.data, key.len, 0);
		key.len = pg_mbcliplen(key.data, key.len, CURSOR_KEY_BYTES);
	}
	appendBinaryStringInfo(&out, (char *) &head, sizeof(head));
	if (cursor->has_key)
		appendBinaryStringInfo(&out, key.data, key.len);
	compute_mac(out.data, out.len, mac);
	appendBinaryStringInfo(&out, (char *) mac, MAC_BYTES);
	return scim_base64url_encode(out.data, out.len);
}

SCIM_NORETURN static void raise_invalid(void);

/* One answer for forged, foreign and unknown cursors (CUR-13). */
static void
raise_invalid(void)
{
	scim_raise(SCIM_E_INVALID_CURSOR, "the cursor is not one of this list; start again with an empty one");
}

/* Splits text into head and key after checking who made it. */
static void
open_cursor(ScimSlice text, CursorHead *head, ScimSlice *key)
{
	unsigned char mac[EVP_MAX_MD_SIZE];
	char	   *data;
	size_t		len;

	if (!scim_base64url_decode(text, &data, &len) || len < sizeof(CursorHead) + MAC_BYTES)
		raise_invalid();
	len -= MAC_BYTES;
	compute_mac(data, len, mac);
	if (CRYPTO_memcmp(mac, data + len, MAC_BYTES) != 0)
		raise_invalid();
	memcpy(head, data, sizeof(CursorHead));
	*key = scim_slice_of(data + sizeof(CursorHead), len - sizeof(CursorHead));
}

void
scim_cursor_read(const ScimContext *context, ScimSlice text, ScimCursor *cursor)
{
	CursorHead	head;
	ScimSlice	key;
	int			lifetime = context->directory->settings.cursor_timeout;

	open_cursor(text, &head, &key);
	if (head.version != CURSOR_VERSION || head.directory_id != context->directory->id ||
		head.query != cursor->query)
		raise_invalid();
	if (TimestampDifferenceExceeds(head.issued, GetCurrentTimestamp(), lifetime * 1000))
		scim_raise(SCIM_E_EXPIRED_CURSOR, "the cursor is older than %d seconds; start again", lifetime);
	if (head.count != cursor->count)
		scim_raise(SCIM_E_INVALID_COUNT, "\"count\" must stay the same from page to page");
	cursor->total = head.total;
	cursor->id = head.id;
	cursor->has_key = head.has_key != 0;
	cursor->key = key;
	cursor->key_hash = head.key_hash;
}
