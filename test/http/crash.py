#!/usr/bin/env python3
"""Kill the bridge and PostgreSQL under load and compare a ledger of acknowledged writes with the store.

  crash.py --base URL --token T --dir DIR [--psql PSQL]

Four clients create users while workers of nginx, backends and the postmaster of the service in DIR are
ended by SIGKILL, one after every 25 acknowledged writes. Afterwards every acknowledged user must be there
as it was sent, no user that nobody sent, and tables must agree (test/invariants.sql). Nobody helps the service: its supervisor does. Prints TAP.
"""
import argparse
import itertools
import os
import signal
import sys
import threading
import time

from service import Connection, broken_promises, print_tap

CLIENTS, PER_CLIENT, KILL_EVERY = 4, 75, 25
GIVE_UP = 120                                   # seconds without a write: the service is gone
USER = "urn:ietf:params:scim:schemas:core:2.0:User"


def user(name):
    return {"schemas": [USER], "userName": name, "displayName": "Display " + name,
            "emails": [{"value": name + "@crash.example", "type": "work"}]}


class Ledger:
    """What was sent and what was acknowledged, and whom to kill when."""

    def __init__(self, directory):
        self.lock, self.sent, self.acknowledged, self.refused = threading.Lock(), set(), {}, []
        self.last_write, self.kills = time.monotonic(), 0
        self.victims = itertools.cycle([
            lambda: children_of(pid_in(directory + "/run/nginx.pid")),
            lambda: children_of(pid_in(directory + "/data/postmaster.pid")),
            lambda: [pid_in(directory + "/data/postmaster.pid")],
            lambda: [pid_in(directory + "/run/nginx.pid")]])

    def record(self, name, status, doc):
        with self.lock:
            if status == 201:
                self.last_write = time.monotonic()
                self.acknowledged[name] = doc["id"]
                if len(self.acknowledged) % KILL_EVERY == 0:
                    self.kill_next()
            elif status not in (0, 502, 503, 504):
                self.refused.append("%s: %d %s" % (name, status, doc))

    def kill_next(self):
        for pid in next(self.victims)()[:2]:
            try:
                os.kill(pid, signal.SIGKILL)
                self.kills += 1
            except ProcessLookupError:          # it fell together with an earlier one
                pass


def pid_in(path):
    with open(path, encoding="ascii") as pid_file:
        return int(pid_file.readline())


def children_of(parent):
    """Pids of the children of a process, the newest first."""
    found = []
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                with open("/proc/%s/stat" % entry, encoding="ascii", errors="replace") as stat:
                    if int(stat.read().rpartition(")")[2].split()[1]) == parent:
                        found.append(int(entry))
            except OSError:                     # it has just ended
                pass
    return sorted(found, reverse=True)


def write(args, ledger, client):
    """Creates users until enough are acknowledged; each try has a name of its own."""
    connection, done = Connection(args.base, args.token), 0
    for attempt in itertools.count():
        if done == PER_CLIENT or ledger.refused or time.monotonic() - ledger.last_write > GIVE_UP:
            return
        name = "crash-%d-%d" % (client, attempt)
        with ledger.lock:
            ledger.sent.add(name)
        status, doc = connection.send("POST", "/Users", user(name))
        ledger.record(name, status, doc)
        if status == 201:
            done += 1
        else:
            time.sleep(0.1)                     # do not hammer a service that is coming back


def persist(connection, *request):
    """The document of an answer below 300, while the service may still be coming back."""
    deadline, lost = time.monotonic() + GIVE_UP, False
    while True:
        status, doc = connection.send(*request)
        if 200 <= status < 300 or lost and request[0] == "DELETE" and status == 404:
            return doc                          # where an answer was lost, the deed may be done
        lost = lost or status in (0, 503)       # 503 is said of an answer lost behind the bridge too
        if status not in (0, 502, 503, 504) or time.monotonic() > deadline:
            raise SystemExit("%s: %d %s" % (request, status, doc))
        time.sleep(0.1)


def stored_users(connection):
    """All users of the directory by name."""
    found, start = {}, 1
    while True:
        doc = persist(connection, "GET", "/Users?count=100&startIndex=%d" % start)
        for resource in doc["Resources"]:
            found[resource["userName"]] = resource
        start += doc["itemsPerPage"]
        if start > doc["totalResults"]:
            return found


def is_whole(resource):
    wanted = user(resource["userName"])
    return all(resource.get(k) == v for k, v in wanted.items())


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--base", required=True)
    parser.add_argument("--token", required=True)
    parser.add_argument("--dir", required=True)
    parser.add_argument("--psql", default="psql")
    args = parser.parse_args()
    ledger = Ledger(args.dir)
    threads = [threading.Thread(target=write, args=(args, ledger, n)) for n in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    connection = Connection(args.base, args.token)
    stored = stored_users(connection)
    broken = broken_promises(args.psql)
    lost = [n for n, i in ledger.acknowledged.items() if stored.get(n, {}).get("id") != i]
    results = [
        ("the service came back after %d kills" % ledger.kills,
         len(ledger.acknowledged) == CLIENTS * PER_CLIENT and ledger.kills >= 8, len(ledger.acknowledged)),
        ("every acknowledged write is there", not lost, lost),
        ("nothing is there that was not sent", not stored.keys() - ledger.sent,
         sorted(stored.keys() - ledger.sent)),
        ("no write is there by half", all(map(is_whole, stored.values())),
         [n for n, r in stored.items() if not is_whole(r)]),
        ("tables agree with documents and with one another", not broken, broken[:10]),
        ("outages are answered with 503 or not at all", not ledger.refused, ledger.refused[:5]),
    ]
    for resource in stored.values():
        persist(connection, "DELETE", "/Users/" + resource["id"])
    return print_tap(results)


if __name__ == "__main__":
    sys.exit(main())
