#!/usr/bin/env python3
"""Fill empty directories through the bridge, as the first run of an identity provider does.

  sync.py ORIGIN PG_BIN WORKLOAD USERS

USERS users and a group of 500 members for each hundred of them, from 1, 16 and 64 connections, then the users
by Bulk. The rate of users is held against that of the plain script of WORKLOAD from as many connections.
"""
import os
import statistics
import sys
from urllib.parse import urlsplit

from client import post, send_all
from memory import resident
from servers import children_of, pid_of, psql, query, run_pgbench
from workload import Workload

MEMBERS, OPERATIONS = 500, 100
CLIENTS = (1, 16, 64)
ROW = "%-16s %9s %9s %7s %9s %9s %9s %9s %9s %9s %9s"
SIZES = ("SELECT json_build_object('table', sum(pg_table_size(c)), 'index', sum(pg_indexes_size(c)),"
         " 'wal', pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0'))"
         " FROM unnest(ARRAY['scim.resource', 'scim.attr_value', 'scim.membership']::regclass[]) c")
BULK = '{"schemas":["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],"Operations":[%s]}'
OPERATION = '{"method":"POST","path":"/Users","bulkId":"%d","data":%s}'
GROUP = '{"schemas":["urn:ietf:params:scim:schemas:core:2.0:Group"],"displayName":"Group %d","members":[%s]}'


def new_directory(name):
    """Authorization for an empty directory."""
    return "Bearer " + psql("SELECT FROM scim_create_directory('%s') \\g /dev/null\n"
                            "SELECT scim_issue_token('%s', 'sync')" % (name, name)).stdout.strip()


def users(variables, number):
    """Bodies of users."""
    for n in range(number):
        yield variables["head"] + "sync%d@example.com" % n + variables["tail"]


def user_requests(variables, number, authorization):
    """One request for each user."""
    return [post("/scim/v2/Users", authorization, body) for body in users(variables, number)]


def bulk_requests(variables, number, authorization):
    """A request for a hundred users."""
    operations = [OPERATION % (n, body) for n, body in enumerate(users(variables, number))]
    return [post("/scim/v2/Bulk", authorization, BULK % ",".join(operations[n:n + OPERATIONS]))
            for n in range(0, number, OPERATIONS)]


def group_requests(name, number, authorization):
    """Groups, each with users that follow one another."""
    ids = query("SELECT json_agg(r.id ORDER BY r.id) FROM scim.resource r JOIN scim.directory d"
                " USING (directory_id) WHERE d.name = '%s'" % name)
    for n in range(number // 100):
        members = (ids[(n * 100 + i) % len(ids)] for i in range(min(MEMBERS, len(ids))))
        yield post("/scim/v2/Groups", authorization,
                   GROUP % (n, ",".join('{"value":"%s"}' % member for member in members)))


def private_memory(pid):
    """Memory of a process that is its own, in MB."""
    with open("/proc/%d/status" % pid, encoding="ascii") as lines:
        return next(int(line.split()[1]) / 1e3 for line in lines if line.startswith("RssAnon:"))


def memory_used():
    """MB of the largest backend and of the bridge's worker."""
    return max(map(private_memory, children_of(pid_of("postgres")))), resident() / 1e6


def percentile(latencies):
    """The 99th, in milliseconds."""
    return statistics.quantiles(latencies, n=100)[98] if len(latencies) > 1 else latencies[0]


def fill(address, title, clients, make, number, variables, plain):
    """Fills a directory and prints what it took."""
    name = "sync-" + title.replace(" ", "-")
    authorization = new_directory(name)
    requests = make(variables, number, authorization)
    before = query(SIZES)
    seconds, latencies = send_all(address, clients, requests)
    after = query(SIZES)
    per_user = {part: (after[part] - before[part]) / number for part in before}
    group_seconds, _ = send_all(address, clients, group_requests(name, number, authorization))
    print(ROW % ((title, "%.0f" % (number / seconds), "%.0f" % plain, "%.2f" % (number / seconds / plain),
                  "%.1f" % percentile(latencies), "%.0f" % (number // 100 / group_seconds))
                 + tuple("%.0f" % per_user[part] for part in ("table", "index", "wal"))
                 + tuple("%.1f" % mb for mb in memory_used())), flush=True)


def main():
    """All numbers of connections, and Bulk."""
    address = urlsplit(sys.argv[1])
    os.environ["PATH"] = sys.argv[2] + ":" + os.environ["PATH"]
    text, number = Workload(sys.argv[3]).script["other"], int(sys.argv[4])
    variables = query("SELECT json_object_agg(name, value) FROM bench.variable")
    print(ROW % ("%d users" % number, "users/s", "plain/s", "ratio", "p99 ms", "groups/s", "table B", "index B",
                 "WAL B", "backend", "worker"))
    for clients in CLIENTS:
        plain = run_pgbench(text, clients, (variables, []))["rate"]
        fill((address.hostname, address.port), "%d" % clients, clients, user_requests, number, variables, plain)
        if clients == 1:
            fill((address.hostname, address.port), "1 bulk", 1, bulk_requests, number, variables, plain)
    print("Bytes of table, index and WAL for a user; MB of the largest backend and of the bridge's worker.")


if __name__ == "__main__":
    main()
