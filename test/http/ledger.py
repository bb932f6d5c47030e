#!/usr/bin/env python3
"""Write beside one another, keep a ledger of what was answered, and compare it with the store.

  ledger.py --base URL --token T [--psql PSQL]

Clients on connections of their own begin each trial at the same moment. Every trial says what its answers
and what it leaves must be; all of them together must leave the totals and tables that the ledger tells
(test/invariants.sql), and no answer may be an error of the server, 503 included. Users and groups are
left behind, since a directory of its own counts them. LEDGER_SIZE=10 is ten times as much. Prints TAP.
"""
import argparse
import itertools
import os
import random
import sys
import threading

from service import Connection, broken_promises, print_tap, query

CLIENTS, SIZE = 16, int(os.environ.get("LEDGER_SIZE", "1"))
USER, GROUP = ("urn:ietf:params:scim:schemas:core:2.0:" + name for name in ("User", "Group"))
BULK, PATCH = ("urn:ietf:params:scim:api:messages:2.0:" + name for name in ("BulkRequest", "PatchOp"))
ATTRIBUTES = ["title", "nickName", "profileUrl", "userType", "preferredLanguage", "locale", "timezone",
              "externalId", "displayName", "name.familyName", "name.givenName", "name.middleName",
              "name.formatted", "name.honorificPrefix", "name.honorificSuffix",
              "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department"]


def user(name, **attributes):
    return {"schemas": [USER], "userName": name, "emails": [{"value": name + "@Ledger.Example"}], **attributes}


def group(name, members=()):
    return {"schemas": [GROUP], "displayName": name, "members": values(members)}


def values(ids):
    return [{"value": i} for i in ids]


def patch(op, path, value=None):
    return {"schemas": [PATCH], "Operations": [{"op": op, "path": path, **({} if value is None else {"value": value})}]}


def one_member(member):
    return 'members[value eq "%s"]' % member


class Ledger:
    """Sends, and writes down what was answered."""

    def __init__(self, args):
        self.connections = [Connection(args.base, args.token) for _ in range(CLIENTS)]
        self.lock, self.names = threading.Lock(), itertools.count()
        self.created, self.removed = {"Users": set(), "Groups": set()}, {"Users": set(), "Groups": set()}
        self.sent, self.failures, self.results = 0, [], []

    def name(self, kind):
        return "%s-%d" % (kind, next(self.names))

    def send(self, client, method, path, body=None, **headers):
        """Status and document of a request of one client."""
        status, doc = self.connections[client].send(method, path, body, **headers)
        with self.lock:
            self.sent += 1
            if status == 0 or status >= 500 or status == 429:
                self.failures.append("%s %s: %d %s" % (method, path, status, doc))
            elif path == "/Bulk":
                for done in doc["Operations"]:
                    self.book(done["method"], done.get("location", path), int(done["status"]))
            else:
                self.book(method, doc["meta"]["location"] if status == 201 else path, status)
        return status, doc

    def book(self, method, location, status):
        endpoint, number = location.split("/")[-2:]
        if method == "POST" and status == 201:
            self.created[endpoint].add(number)
        elif method == "DELETE" and status == 204:
            self.removed[endpoint].add(number)

    def beside(self, *tasks):
        """Runs each task (a function of a client's number) on a client of its own, all at once."""
        answers, broken, barrier = [None] * len(tasks), [], threading.Barrier(len(tasks))

        def run(client):
            barrier.wait()
            try:
                answers[client] = tasks[client](client)
            except (KeyError, TypeError) as error:          # an answer without what the next step needs
                broken.append(error)
        threads = [threading.Thread(target=run, args=(n,)) for n in range(len(tasks))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if broken:
            raise broken[0]
        return answers

    def request(self, *request, **headers):
        """A task that sends one request."""
        return lambda client: self.send(client, *request, **headers)

    def make(self, endpoint, doc):
        return self.send(0, "POST", endpoint, doc)[1]["id"]

    def users(self, count):
        """The ids of new users."""
        names = [self.name("user") for _ in range(count)]
        made = self.beside(*(lambda client: [self.send(client, "POST", "/Users", user(name))[1]["id"]
                                             for name in names[client::CLIENTS]] for _ in range(CLIENTS)))
        return list(itertools.chain(*made))

    def get(self, path):
        return self.send(0, "GET", path)[1]

    def members(self, group_id):
        return sorted(m["value"] for m in self.get("/Groups/" + group_id).get("members", []))

    def check(self, name, is_so, detail=""):
        self.results.append((name, bool(is_so), detail))


def version(doc):
    return int(doc["meta"]["version"].strip('W/"'))


def statuses(answers):
    return sorted(status for status, _ in answers)


def same_name(ledger):
    """Many create one name, in any case: one of them does."""
    bad = []
    for _ in range(10 * SIZE):
        name = ledger.name("Same")
        for path, make in (("/Users", user), ("/Groups", group)):
            answers = ledger.beside(*(ledger.request("POST", path, make(random.choice([name, name.upper(), name.lower()])))
                                      for _ in range(CLIENTS)))
            if statuses(answers) != [201] + [409] * (CLIENTS - 1) or any(
                    doc["scimType"] != "uniqueness" for status, doc in answers if status == 409):
                bad.append(answers)
    ledger.check("of %d creates of one name one is answered 201 and the others 409" % CLIENTS, not bad, bad[:1])


def members(ledger):
    """Members come and go, one by one, each at its own client."""
    ids, count = ledger.users(160 * SIZE), 80 * SIZE
    place = "/Groups/" + ledger.make("/Groups", group(ledger.name("members")))

    def change(turns):
        """turns: (operation of a PATCH, member); each client takes those of its number"""
        return ledger.beside(*(lambda client: [ledger.send(client, "PATCH", place, patch(*turn))[0]
                                               for turn in turns[client::CLIENTS]] for _ in range(CLIENTS)))
    answers = change([("add", "members", values([i])) for i in ids[:count]])
    stored, after_adds = ledger.members(place[8:]), version(ledger.get(place))
    ledger.check("of %d members added to one group in parallel none is lost" % count,
                 stored == sorted(ids[:count]), (answers, len(stored)))
    turns = [("add", "members", values([i])) for i in ids[count:]] + [("remove", one_member(i)) for i in ids[:count]]
    random.shuffle(turns)
    change(turns)
    stored, after_all = ledger.members(place[8:]), version(ledger.get(place))
    ledger.check("members added while others are removed: all of both", stored == sorted(ids[count:]), len(stored))
    change([("add", "members", values([i])) for i in ids[count:]])
    ledger.check("each change of members is one version, and what changes nothing is none",
                 [after_adds, after_all, version(ledger.get(place))] == [1 + count, 1 + 3 * count, 1 + 3 * count],
                 (after_adds, after_all))


def value_at(doc, path):
    """What a document has at an attribute's full name."""
    urn, _, name = path.rpartition(":")
    for step in ([urn] if urn else []) + name.split("."):
        doc = doc.get(step, {})
    return doc


def attributes(ledger):
    """Each client has an attribute of its own of one user, and changes it again and again."""
    turns = 5 * SIZE
    path = "/Users/" + ledger.make("/Users", user(ledger.name("attributes")))
    texts = ["https://x.example/%d" % turn for turn in range(turns)]

    def change(client):
        return [ledger.send(client, "PATCH", path, patch("replace", ATTRIBUTES[client], text))[0] for text in texts]
    answers = ledger.beside(*[change] * CLIENTS)
    doc = ledger.get(path)
    lost = [a for a in ATTRIBUTES[:CLIENTS] if value_at(doc, a) != texts[-1]]
    ledger.check("PATCHes of different attributes of one user: none is lost", not lost, (lost, answers))
    ledger.check("each of them is one version", version(doc) == 1 + CLIENTS * turns, doc)


def stale(ledger):
    """Writers that saw the same version: one wins, by whatever method."""
    name, bad = ledger.name("stale"), []
    path = "/Users/" + ledger.make("/Users", user(name))
    for turn in range(10 * SIZE):
        tag = ledger.get(path)["meta"]["version"]
        tasks = [ledger.request("PATCH", path, patch("replace", "title", "p%d.%d" % (turn, n)), if_match=tag)
                 if n % 2 else ledger.request("PUT", path, user(name, title="r%d.%d" % (turn, n)), if_match=tag)
                 for n in range(CLIENTS)]
        answers, doc = ledger.beside(*tasks), ledger.get(path)
        won = [answer for status, answer in answers if status == 200]
        if statuses(answers) != [200] + [412] * (CLIENTS - 1) or won != [doc]:
            bad.append((answers, doc))
    ledger.check("of %d writers with one If-Match one wins, the others get 412" % CLIENTS, not bad, bad[:1])


def increments(ledger):
    """Read, add one, write if it is still what was read; else again."""
    path, turns = "/Users/" + ledger.make("/Users", user(ledger.name("counter"), title="0")), 2 * SIZE

    def add(client):
        for _ in range(turns):
            status = 412
            while status == 412:
                doc = ledger.send(client, "GET", path)[1]
                status, _ = ledger.send(client, "PATCH", path, patch("replace", "title", str(int(doc["title"]) + 1)),
                                        if_match=doc["meta"]["version"])
    ledger.beside(*[add] * CLIENTS)
    ledger.check("%d clients that count by If-Match miss nothing" % CLIENTS,
                 ledger.get(path)["title"] == str(CLIENTS * turns), ledger.get(path))


def member_deleted(ledger):
    """A member is deleted while a group with it is created, or is pushed as a whole."""
    bad, half = [], CLIENTS // 2
    for turn in range(10 * SIZE):
        ids = ledger.users(half)
        pushed = ledger.make("/Groups", group(ledger.name("pushed"), ids[:2]))
        push = [ledger.request("POST", "/Groups", group(ledger.name("made"), ids)) if n % 2 else
                ledger.request("PUT", "/Groups/" + pushed, group("pushed again %d" % turn, ids)) for n in range(half)]
        answers = ledger.beside(*push, *(ledger.request("DELETE", "/Users/" + i) for i in ids))
        groups = [pushed] + [doc["id"] for status, doc in answers[:half] if status == 201]
        wrong = [a for a in answers[:half] if a[0] not in (200, 201) and a[1].get("scimType") != "invalidValue"]
        if wrong or statuses(answers[half:]) != [204] * half or any(map(ledger.members, groups)):
            bad.append((wrong, answers[half:]))
    ledger.check("members deleted while groups are made and pushed: none stays, and groups that come late are "
                 "refused", not bad, bad[:1])


def bulk(operations):
    return {"schemas": [BULK], "Operations": operations}


def bulks_of_changes(ledger):
    """The same users changed by every bulk, each in its own order, one of them deleted on the way."""
    turns, bad, ids = 3 * SIZE, [], ledger.users(20)
    for _ in range(turns):
        gone = ledger.users(1)[0]
        ledger.make("/Groups", group(ledger.name("of bulk"), [gone, ids[0]]))
        tasks = []
        for n in range(CLIENTS):
            order = sorted(ids, reverse=n % 2 == 1) if n < 4 else random.sample(ids, len(ids))
            operations = [{"method": "PATCH", "path": "/Users/" + i, "data": patch("replace", "title", "b%d" % n)}
                          for i in order]
            operations.insert(random.randrange(20), {"method": "DELETE", "path": "/Users/" + gone})
            tasks.append(ledger.request("POST", "/Bulk", bulk(operations)))
        answers = ledger.beside(*tasks)
        done = sorted(o["status"] for _, doc in answers for o in doc.get("Operations", []))
        titles = {ledger.get("/Users/" + i)["title"] for i in ids}
        if done != ["200"] * 20 * CLIENTS + ["204"] + ["404"] * (CLIENTS - 1) or len(titles) != 1:
            bad.append((done, titles))
    versions = [version(ledger.get("/Users/" + i)) for i in ids]
    ledger.check("%d bulks that write the same users in any order take turns" % CLIENTS, not bad, bad[:1])
    ledger.check("each of their operations is one version", set(versions) == {1 + CLIENTS * turns}, versions)


def bulks_of_creates(ledger):
    """The same new names in every bulk, each in its own order."""
    bad = []
    for _ in range(2 * SIZE):
        names = [ledger.name("bulk") for _ in range(10)]
        orders = [sorted(names, reverse=n % 2 == 1) if n < 4 else random.sample(names, 10) for n in range(CLIENTS)]
        answers = ledger.beside(*(ledger.request("POST", "/Bulk", bulk(
            [{"method": "POST", "path": "/Users", "bulkId": n, "data": user(n)} for n in order])) for order in orders))
        done = sorted(o["status"] for _, doc in answers for o in doc.get("Operations", []))
        if done != ["201"] * 10 + ["409"] * 10 * (CLIENTS - 1):
            bad.append(done)
    ledger.check("%d bulks that create the same users in any order: each is created once" % CLIENTS,
                 not bad, bad[:1])


def circles(ledger):
    """A ring of groups, each put into the next at the same moment: one of them is refused."""
    bad = []
    for turn in range(10 * SIZE):
        size = 2 if turn % 2 else CLIENTS // 2
        ring = [ledger.make("/Groups", group(ledger.name("ring"))) for _ in range(size)]
        answers = ledger.beside(*(ledger.request("PATCH", "/Groups/" + ring[n - 1], patch("add", "members", values([ring[n]])))
                                  for n in range(size)))
        held = [ledger.members(g) for g in ring]
        if statuses(answers) != [200] * (size - 1) + [400] or sum(map(len, held)) != size - 1:
            bad.append((answers, held))
    ledger.check("groups put into one another in parallel close no circle", not bad, bad[:1])


def groups_deleted(ledger):
    """Groups, nested in others, are deleted while users that are in them are listed."""
    ids, count = ledger.users(20), 8 * SIZE
    half = CLIENTS // 2
    doomed = []
    for _ in range(count):
        inner = ledger.make("/Groups", group(ledger.name("inner"), ids))
        doomed += [inner, ledger.make("/Groups", group(ledger.name("outer"), [inner]))]
    random.shuffle(doomed)

    def delete(client):
        return [ledger.send(client, "DELETE", "/Groups/" + i) for i in doomed[client::half]]

    def read(client):
        path = "/Users?attributes=groups&count=100&filter=groups%20pr" if client % 2 else "/Users/" + ids[client]
        return [ledger.send(client, "GET", path) for _ in range(2 * count)]
    answers = list(itertools.chain(*ledger.beside(*[delete] * half, *[read] * half)[half:]))
    shown = [g for status, doc in answers for r in doc.get("Resources", [doc]) for g in r.get("groups", [])]
    bad = [g for g in shown if not g["display"] or g["type"] not in ("direct", "indirect") or g["value"] not in g["$ref"]]
    left = [i for i in ids if ledger.get("/Users/" + i).get("groups")]
    ledger.check("users that are listed while their groups are deleted show whole groups, and in the end none",
                 shown and not bad and not left and statuses(answers) == [200] * len(answers), (bad[:3], left))


def storm(ledger):
    """Everything at once, each client with users of its own in groups that all share."""
    shared = [ledger.make("/Groups", group(ledger.name("shared"))) for _ in range(4)]
    wanted = [{} for _ in range(CLIENTS)]                   # client: {id: (title, groups)}

    def act(client):
        own, chance = wanted[client], random.Random(client)
        for turn in range(25 * SIZE):
            ledger.send(client, "GET", "/Users?count=3&startIndex=%d" % chance.randrange(1, 100))
            if len(own) < 3 or chance.random() < 0.2:
                name = ledger.name("storm")
                own[ledger.send(client, "POST", "/Users", user(name))[1]["id"]] = (None, frozenset())
                continue
            member, place = chance.choice(list(own)), chance.choice(shared)
            title, groups = own[member]
            what = chance.randrange(4)
            if what == 0:
                own[member] = ("t%d" % turn, groups)
                ledger.send(client, "PATCH", "/Users/" + member, patch("replace", "title", "t%d" % turn))
            elif what == 1:
                own[member] = (title, groups | {place})
                ledger.send(client, "PATCH", "/Groups/" + place, patch("add", "members", values([member])))
            elif what == 2:
                own[member] = (title, groups - {place})
                ledger.send(client, "PATCH", "/Groups/" + place, patch("remove", one_member(member)))
            else:
                del own[member]
                ledger.send(client, "DELETE", "/Users/" + member)
    ledger.beside(*[act] * CLIENTS)
    every = {i: want for own in wanted for i, want in own.items()}
    lost = [i for i, (title, groups) in every.items() for doc in [ledger.get("/Users/" + i)]
            if doc.get("title") != title or {g["value"] for g in doc.get("groups", [])} != groups]
    held = {g: ledger.members(g) for g in shared}
    ledger.check("after a storm of all of it every user is as it was answered", not lost, lost)
    ledger.check("and so is every group", all(held[g] == sorted(i for i, (_, groups) in every.items() if g in groups)
                                              for g in shared), held)


def walk(ledger, endpoint, count):
    """The ids of all pages, and the totals that they told."""
    ids, totals = [], set()
    while not totals or len(ids) < max(totals):
        doc = ledger.get("/%s?attributes=id&count=%d&startIndex=%d" % (endpoint, count, len(ids) + 1))
        totals.add(doc["totalResults"])
        ids += [r["id"] for r in doc.get("Resources", [])]
        if not doc.get("Resources"):
            break
    return ids, totals


def totals(ledger):
    for endpoint in "Users", "Groups":
        alive = ledger.created[endpoint] - ledger.removed[endpoint]
        told = ledger.get("/%s?count=0" % endpoint)["totalResults"]
        ledger.check("the total of %s is that of the ledger" % endpoint, told == len(alive), (told, len(alive)))
        ids, told = walk(ledger, endpoint, 7)
        ledger.check("pages of seven show each of the %s once, in order" % endpoint,
                     sorted(alive) == ids and told == {len(alive)}, (len(ids), told, len(alive)))
        ledger.check("and so do pages of hundred", walk(ledger, endpoint, 100) == (sorted(alive), {len(alive)}))


def tables(ledger, psql):
    """What the tables say, which no answer does."""
    counts = query(psql, "-c", "SELECT t.name, sum(c.created), sum(c.removed) FROM scim.resource_count c"
                   " JOIN scim.directory d USING (directory_id) JOIN scim.resource_type t USING (type_id)"
                   " WHERE d.name = 'ledger' GROUP BY 1 ORDER BY 1")
    wanted = [[name[:-1], str(len(ledger.created[name])), str(len(ledger.removed[name]))] for name in ("Groups", "Users")]
    ledger.check("counters tell how many were ever created and removed", counts == wanted, (counts, wanted))
    broken = broken_promises(psql)
    ledger.check("tables agree with documents and with one another", not broken, broken[:10])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--base", required=True)
    parser.add_argument("--token", required=True)
    parser.add_argument("--psql", default="psql")
    args = parser.parse_args()
    ledger = Ledger(args)
    for trial in (same_name, members, attributes, stale, increments, member_deleted, bulks_of_changes,
                  bulks_of_creates, circles, groups_deleted, storm, totals):
        try:
            trial(ledger)
        except (KeyError, TypeError) as error:
            ledger.check("%s came to its end" % trial.__name__, False, repr(error))
    tables(ledger, args.psql)
    ledger.check("%d requests, and none is answered with an error of the server" % ledger.sent,
                 not ledger.failures, ledger.failures[:5])
    return print_tap(ledger.results)


if __name__ == "__main__":
    sys.exit(main())
