/*-------------------------------------------------------------------------
 *
 * auth_rights.c
 *	  What a credential may do (read, write, read:User ..) and where it may be used from.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include <arpa/inet.h>
#include <sys/socket.h>

#include "catalog/pg_type.h"
#include "fmgr.h"
#include "utils/builtins.h"

#include "auth/auth_int.h"
#include "compat.h"
#include "core/slice.h"

/* Is the right among them? */
static bool
has_right(const ScimPrincipal *principal, const char *wanted)
{
	for (int i = 0; i < principal->nrights; i++)
		if (strcmp(principal->rights[i], wanted) == 0)
			return true;
	return false;
}

void
scim_principal_fill(ScimPrincipal *principal, ArrayType *rights, ArrayType *networks,
					MemoryContext context)
{
	MemoryContext old = MemoryContextSwitchTo(context);
	Datum	   *elements;
	int			n = 0;

	if (rights != NULL)
		deconstruct_array(rights, TEXTOID, -1, false, TYPALIGN_INT, &elements, NULL, &n);
	principal->nrights = n;
	principal->rights = palloc(n * sizeof(char *) + 1);
	for (int i = 0; i < n; i++)
		principal->rights[i] = TextDatumGetCString(elements[i]);
	principal->can_read = has_right(principal, "read");
	principal->can_write = has_right(principal, "write");
	n = 0;
	if (networks != NULL)
		deconstruct_array(networks, CIDROID, -1, false, TYPALIGN_INT, &elements, NULL, &n);
	principal->nnetworks = n;
	principal->networks = palloc(n * sizeof(inet *) + 1);
	for (int i = 0; i < n; i++)
		principal->networks[i] = (inet *) PG_DETOAST_DATUM_COPY(elements[i]);
	MemoryContextSwitchTo(old);
}

bool
scim_principal_may(const ScimPrincipal *principal, bool writes, const ScimResourceType *type)
{
	const char *right = writes ? "write" : "read";

	if (writes ? principal->can_write : principal->can_read)
		return true;
	return type != NULL &&
		has_right(principal, psprintf("%s:%.*s", right, (int) type->name.len, type->name.data));
}

inet *
scim_peer_address(ScimSlice peer)
{
	static const unsigned char mapped[] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
	char	   *text = scim_slice_dup(scim_slice_clip(peer, INET6_ADDRSTRLEN));
	inet	   *address = palloc0(sizeof(inet));
	unsigned char bytes[16];
	bool		is_v6 = strchr(text, ':') != NULL;

	if (pg_inet_net_pton(is_v6 ? PGSQL_AF_INET6 : PGSQL_AF_INET, text, bytes, sizeof(bytes)) !=
		(is_v6 ? 128 : 32))
		return NULL;
	/* what a socket for both families calls an IPv4 address */
	if (is_v6 && memcmp(bytes, mapped, sizeof(mapped)) == 0)
	{
		memmove(bytes, bytes + sizeof(mapped), 4);
		is_v6 = false;
	}
	ip_family(address) = is_v6 ? PGSQL_AF_INET6 : PGSQL_AF_INET;
	ip_bits(address) = is_v6 ? 128 : 32;
	memcpy(ip_addr(address), bytes, is_v6 ? 16 : 4);
	SET_INET_VARSIZE(address);
	return address;
}

bool
scim_principal_is_near(const ScimPrincipal *principal, ScimSlice peer)
{
	inet	   *address;

	if (principal->nnetworks == 0)
		return true;
	address = scim_peer_address(peer);
	for (int i = 0; i < principal->nnetworks && address != NULL; i++)
		if (DatumGetBool(DirectFunctionCall2(network_subeq, InetPGetDatum(address),
											 InetPGetDatum(principal->networks[i]))))
			return true;
	return false;
}
