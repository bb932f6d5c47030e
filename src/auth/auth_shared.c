/*-------------------------------------------------------------------------
 *
 * auth_shared.c
 *	  What requests note without writing a row: when a credential was last used, and how often
 *	  authentication has failed.
 *
 * A few kilobytes of shared memory, taken from the room that the server keeps for such use, so that no
 * preloading is needed.  Both tables have a fixed size and forget the oldest; both start empty with
 * the server, on a standby as well.  If there is no room, nothing is noted and nothing fails.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <sys/socket.h>

#include "fmgr.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "port/atomics.h"
#include "storage/lwlock.h"
#include "storage/shmem.h"
#include "storage/spin.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"
#include "utils/tuplestore.h"

#include "auth/auth_int.h"
#include "compat.h"
#include "scim.h"

#define USE_SLOTS 1024
#define USE_WAYS 4				/* slots that one credential may be in */
#define USE_INTERVAL (60 * USECS_PER_SEC)

#define FAILURE_SLOTS 256
#define FAILURE_SECONDS 60
#define FAILURE_NAME 56

SCIM_FUNCTION(scim_last_used);
SCIM_FUNCTION(scim_auth_failures);

/* Written without a lock: a lost note of a use is no loss. */
typedef struct UseSlot
{
	pg_atomic_uint64 key;		/* of database and credential; 0: free */
	pg_atomic_uint64 time;		/* TimestampTz */
} UseSlot;

/* An address, or "/" and the name of a directory, and its failures within the window. */
typedef struct FailureSlot
{
	Oid			database;
	int32		count;
	TimestampTz since;
	char		name[FAILURE_NAME];
} FailureSlot;

typedef struct Shared
{
	slock_t		lock;			/* of failures */
	UseSlot		uses[USE_SLOTS];
	FailureSlot failures[FAILURE_SLOTS];
} Shared;

/* Attaches to the memory, or makes it; NULL if there is no room. */
static Shared *
attach(void)
{
	static Shared *shared = NULL;
	static bool tried = false;
	MemoryContext context = CurrentMemoryContext;
	bool		found;

	if (tried)
		return shared;
	tried = true;
	LWLockAcquire(AddinShmemInitLock, LW_EXCLUSIVE);
	PG_TRY();
	{
		Shared	   *made = ShmemInitStruct("scim auth", sizeof(Shared), &found);

		if (!found)
		{
			memset(made, 0, sizeof(Shared));
			SpinLockInit(&made->lock);
			for (int i = 0; i < USE_SLOTS; i++)
			{
				pg_atomic_init_u64(&made->uses[i].key, 0);
				pg_atomic_init_u64(&made->uses[i].time, 0);
			}
		}
		shared = made;
	}
	PG_CATCH();
	{
		/* it holds nothing when it fails */
		MemoryContextSwitchTo(context);
		FlushErrorState();
	}
	PG_END_TRY();
	LWLockRelease(AddinShmemInitLock);
	return shared;
}

/* What a credential is found by; credentials of all databases share the table. */
static uint64
use_key(const pg_uuid_t *id)
{
	uint64		halves[2];

	memcpy(halves, id->data, sizeof(halves));
	return (halves[0] ^ (halves[1] * UINT64CONST(0x9E3779B97F4A7C15)) ^ MyDatabaseId) | 1;
}

/* The slot of the key, or the one to take for it: free, or the longest unused. */
static UseSlot *
find_use(Shared *shared, uint64 key)
{
	UseSlot    *first = &shared->uses[(key >> 8) % (USE_SLOTS / USE_WAYS) * USE_WAYS];
	UseSlot    *oldest = first;

	for (UseSlot *slot = first; slot < first + USE_WAYS; slot++)
	{
		if (pg_atomic_read_u64(&slot->key) == key)
			return slot;
		if (pg_atomic_read_u64(&slot->time) < pg_atomic_read_u64(&oldest->time))
			oldest = slot;
	}
	return oldest;
}

void
scim_note_use(const pg_uuid_t *credential_id)
{
	Shared	   *shared = attach();
	uint64		key = use_key(credential_id);
	TimestampTz now = GetCurrentTimestamp();
	UseSlot    *slot;

	if (shared == NULL)
		return;
	slot = find_use(shared, key);
	if (pg_atomic_read_u64(&slot->key) == key &&
		now - (TimestampTz) pg_atomic_read_u64(&slot->time) < USE_INTERVAL)
		return;
	pg_atomic_write_u64(&slot->time, now);
	pg_atomic_write_u64(&slot->key, key);
}

/* scim.last_used(uuid) */
Datum
scim_last_used(PG_FUNCTION_ARGS)
{
	Shared	   *shared = attach();
	uint64		key = use_key(PG_GETARG_UUID_P(0));
	UseSlot    *slot;

	if (shared == NULL)
		PG_RETURN_NULL();
	slot = find_use(shared, key);
	if (pg_atomic_read_u64(&slot->key) != key)
		PG_RETURN_NULL();
	PG_RETURN_TIMESTAMPTZ((TimestampTz) pg_atomic_read_u64(&slot->time));
}

/* The address as it is counted: of IPv6 the network of 64 bits, which is what one caller has. */
static void
name_peer(ScimSlice peer, char name[FAILURE_NAME])
{
	inet	   *address = scim_peer_address(peer);
	const unsigned char *bytes;

	if (address == NULL || ip_family(address) == PGSQL_AF_INET)
	{
		strlcpy(name, address == NULL ? scim_slice_dup(scim_slice_clip(peer, FAILURE_NAME - 1)) :
				TextDatumGetCString(DirectFunctionCall1(network_host, InetPGetDatum(address))),
				FAILURE_NAME);
		return;
	}
	bytes = ip_addr(address);
	snprintf(name, FAILURE_NAME, "%x:%x:%x:%x::/64", bytes[0] << 8 | bytes[1],
			 bytes[2] << 8 | bytes[3], bytes[4] << 8 | bytes[5], bytes[6] << 8 | bytes[7]);
}

/* The slot of a name within its window, or one to begin a window in; with the lock held. */
static FailureSlot *
find_failure(Shared *shared, const char *name, TimestampTz now)
{
	FailureSlot *oldest = shared->failures;

	for (FailureSlot *slot = shared->failures; slot < shared->failures + FAILURE_SLOTS; slot++)
	{
		if (slot->database == MyDatabaseId && strcmp(slot->name, name) == 0)
		{
			oldest = slot;
			break;
		}
		if (slot->since < oldest->since)
			oldest = slot;
	}
	if (oldest->database != MyDatabaseId || strcmp(oldest->name, name) != 0 ||
		now - oldest->since >= FAILURE_SECONDS * USECS_PER_SEC)
	{
		oldest->database = MyDatabaseId;
		oldest->count = 0;
		oldest->since = now;
		strlcpy(oldest->name, name, FAILURE_NAME);
	}
	return oldest;
}

/* Adds to the failures of a name; how many seconds are left of the window if they are too many. */
static int
count_failure(const char *name, int more)
{
	Shared	   *shared = attach();
	TimestampTz now = GetCurrentTimestamp();
	FailureSlot slot;

	if (shared == NULL || scim_max_failures == 0)
		return 0;
	SpinLockAcquire(&shared->lock);
	find_failure(shared, name, now)->count += more;
	slot = *find_failure(shared, name, now);
	SpinLockRelease(&shared->lock);
	if (slot.count <= scim_max_failures)
		return 0;
	return FAILURE_SECONDS - (int) ((now - slot.since) / USECS_PER_SEC);
}

int
scim_auth_failed(ScimSlice peer, ScimSlice directory)
{
	char		name[FAILURE_NAME];

	if (directory.len > 0)
	{
		snprintf(name, sizeof(name), "/%.*s", (int) Min(directory.len, FAILURE_NAME - 2),
				 directory.data);
		(void) count_failure(name, 1);
	}
	if (peer.len == 0)
		return 0;
	name_peer(peer, name);
	return count_failure(name, 1);
}

int
scim_auth_wait(ScimSlice peer)
{
	char		name[FAILURE_NAME];

	if (peer.len == 0)
		return 0;
	name_peer(peer, name);
	return count_failure(name, 0);
}

/* scim_auth_failures(): the failures of the last minute in this database. */
Datum
scim_auth_failures(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	Shared	   *shared = attach();
	FailureSlot *copy = palloc(sizeof(shared->failures));
	TimestampTz now = GetCurrentTimestamp();

	scim_materialize(fcinfo);
	if (shared == NULL)
		return (Datum) 0;
	SpinLockAcquire(&shared->lock);
	memcpy(copy, shared->failures, sizeof(shared->failures));
	SpinLockRelease(&shared->lock);
	for (FailureSlot *slot = copy; slot < copy + FAILURE_SLOTS; slot++)
	{
		Datum		values[3] = {CStringGetTextDatum(slot->name), Int32GetDatum(slot->count),
		TimestampTzGetDatum(slot->since)};
		bool		nulls[3] = {false};

		if (slot->database == MyDatabaseId && slot->count > 0 &&
			now - slot->since < FAILURE_SECONDS * USECS_PER_SEC)
			tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
	}
	return (Datum) 0;
}
