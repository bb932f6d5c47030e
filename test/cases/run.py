#!/usr/bin/env python3
"""Run the filter and PATCH case files against a directory with profile strict.

  run.py --base URL --token T --extension DIRECTORY [--driver tcp|sql] filter|patch

filter: creates the users of filter-users.json and runs every line of filter-cases.tsv, where the tag
"schema" marks a filter that only the schema refuses. patch: runs patch-cases.json as its own "about"
says. The driver sql calls scim_http() instead, see test/http/run.py. The extension schema of filter-users.json
is registered in DIRECTORY, which must be the token's. That, and the driver sql, go through psql with
PGHOST, PGPORT, PGDATABASE and PGUSER.

EXCEPTIONS names cases that are not expected to pass yet, a case's name, a tab and the reason on each
line; one that passes is a failure. A failing case is printed with what was sent, what was expected and
what came. Standard library only; closes with "N passed, M failed[, K skipped]".
"""
import argparse
import datetime
import json
import os
import re
import subprocess
import sys
import urllib.parse

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "..", "http"), os.path.join(HERE, "..", "traffic")]
import replay  # noqa: E402
from run import SqlClient  # noqa: E402  (test/http/run.py)

CONTENT = {"Content-Type": "application/scim+json", "Accept": "application/scim+json"}
DRIVERS = {"tcp": replay.Client, "sql": SqlClient}


def register(directory, schema):
    """Registers the extension schema of User through psql."""
    subprocess.run(["psql", "-Xq", "-v", "ON_ERROR_STOP=1", "-v", "directory=" + directory,
                    "-v", "schema=" + json.dumps(schema)], check=True, encoding="utf-8",
                   input="SELECT FROM scim_register_schema(:'directory', :'schema', 'User') \\g /dev/null\n")


class Service:
    """Requests below one base URL."""

    def __init__(self, base, token, driver):
        self.base, self.client = base.rstrip("/"), DRIVERS[driver](60, False)
        self.headers = dict(CONTENT, Authorization="Bearer " + token)

    def send(self, method, path, body=None):
        data = None if body is None else json.dumps(body, ensure_ascii=False).encode()
        status, headers, answer = self.client.send(method, self.base + path, self.headers, data)
        return status, headers, json.loads(answer) if answer.strip() else None

    def create(self, path, resource):
        status, _, doc = self.send("POST", path, resource)
        if status != 201:
            raise SystemExit("cannot create %s: %d %s" % (resource, status, doc))
        return doc

    def delete(self, path):
        status, _, doc = self.send("DELETE", path)
        if status != 204:
            raise SystemExit("cannot delete %s: %d %s" % (path, status, doc))


class Report:
    """Counts and prints outcomes, exceptions the other way round."""

    def __init__(self, prefix):
        self.passed = self.failed = 0
        self.skipped = {}
        self.exceptions = {}
        with open(os.path.join(HERE, "EXCEPTIONS"), encoding="utf-8") as lines:
            for line in lines:
                if line.startswith(prefix + " "):
                    name, reason = line.rstrip("\n").split("\t")
                    self.exceptions[name] = reason

    def skip(self, reason):
        self.skipped[reason] = self.skipped.get(reason, 0) + 1

    def outcome(self, name, problem):
        reason = self.exceptions.pop(name, None)
        if reason and problem:
            self.skip(reason)
        elif reason:
            self.failed += 1
            print("FAIL %s passes; take it off the list of exceptions" % name)
        elif problem:
            self.failed += 1
            print("FAIL %s\n  %s" % (name, problem))
        else:
            self.passed += 1

    def close(self):
        for name in self.exceptions:
            self.failed += 1
            print("FAIL the list of exceptions names %s, which does not exist" % name)
        for reason, count in self.skipped.items():
            print("skip %d: %s" % (count, reason))
        tail = ", %d skipped" % sum(self.skipped.values()) if self.skipped else ""
        print("%d passed, %d failed%s" % (self.passed, self.failed, tail))
        return 1 if self.failed or not self.passed else 0


def read_json(name):
    with open(os.path.join(HERE, name), encoding="utf-8") as source:
        return json.load(source)


def fill(value, ids):
    """Replaces {{id:NAME}} and {{self}}, as far as the id is known."""
    def one(match):
        return ids.get(match.group(1), match.group(0))
    if isinstance(value, str):
        return re.sub(r"\{\{(?:id:)?([^}]+)\}\}", one, value)
    if isinstance(value, list):
        return [fill(v, ids) for v in value]
    if isinstance(value, dict):
        return {k: fill(v, ids) for k, v in value.items()}
    return value


# --- filters ------------------------------------------------------------------------------------

def filter_problem(service, text, validity, wanted):
    """Why the answer to a filter is wrong, or None."""
    status, _, doc = service.send(
        "GET", "/Users?count=100&attributes=userName&filter=" + urllib.parse.quote(text, safe=""))
    if validity == "invalid":
        if status == 400 and doc.get("scimType") == "invalidFilter":
            return None
        return "wanted 400 invalidFilter\n  got    %d %s" % (status, json.dumps(doc))
    if status != 200:
        return "wanted %s\n  got    %d %s" % (wanted, status, json.dumps(doc))
    found = sorted(user["userName"].lower() for user in doc["Resources"])
    names = [] if wanted == "-" else sorted(name.lower() for name in wanted.split(","))
    if found != names or doc["totalResults"] != len(names):
        return "wanted %s\n  got    %s, totalResults %s" % (names, found, doc["totalResults"])
    return None


def run_filters(service, report):
    ids = {}
    users = read_json("filter-users.json")["users"]
    for user in users:
        ids[user["userName"]] = service.create("/Users", fill(user, ids))["id"]
    for user in users:  # some name a user that came after them
        status, _, doc = service.send("PUT", "/Users/" + ids[user["userName"]], fill(user, ids))
        if status != 200:
            raise SystemExit("cannot replace %s: %d %s" % (user["userName"], status, doc))
    with open(os.path.join(HERE, "filter-cases.tsv"), encoding="utf-8", newline="\n") as lines:
        for line in list(lines)[1:]:
            text, validity, wanted, _ = line.rstrip("\n").split("\t")
            report.outcome("filter " + text, filter_problem(service, fill(text, ids), validity, wanted))
    for ident in ids.values():
        service.delete("/Users/" + ident)


# --- PATCH --------------------------------------------------------------------------------------

def canonical(value, key=""):
    """A form in which two representations of one state are equal, see "about" in patch-cases.json."""
    if isinstance(value, list):
        if key.lower() == "members":
            value = [{"value": v["value"]} for v in value]
        return sorted((canonical(v, key) for v in value), key=lambda v: json.dumps(v, sort_keys=True))
    if isinstance(value, dict):
        if key.lower() == "manager":
            value = {"value": value.get("value")}
        parts = {k: canonical(v, k) for k, v in value.items()}
        return {k: v for k, v in parts.items()
                if v not in (None, [], {}) and not (k == "primary" and v is False)}
    if isinstance(value, str) and re.match(r"\d{4}-\d\d-\d\dT\d\d:", value):
        return datetime.datetime.fromisoformat(value.replace("Z", "+00:00")).timestamp()
    return value


def comparable(resource):
    state = canonical({k: v for k, v in resource.items() if k not in ("id", "meta", "password")})
    state["schemas"] = [s for s in state["schemas"] if ":core:" in s or s in state]
    return state


def without_added_display(got, wanted):
    """A display that the server adds to an element is ignored."""
    if isinstance(got, dict) and isinstance(wanted, dict):
        return {k: without_added_display(v, wanted.get(k)) for k, v in got.items()
                if k != "display" or k in wanted}
    if isinstance(got, list) and isinstance(wanted, list) and len(got) == len(wanted):
        return [without_added_display(g, w) for g, w in zip(got, wanted)]
    return got


def patch_problem(service, case, path, ids):
    """Why the answer to a PATCH, or the state after it, is wrong, or None."""
    _, _, before = service.send("GET", path)
    status, _, doc = service.send("PATCH", path, fill(case["request"], ids))
    _, _, after = service.send("GET", path)
    expected = case["expected"]
    if expected["status"] == 200:
        if status not in (200, 204):
            return "wanted 200\n  got    %d %s" % (status, doc)
        wanted = comparable(fill(expected["resource"], ids))
        for name, got in (("answer", doc), ("state", after)):
            got = without_added_display(comparable(got), wanted) if got else wanted
            if got != wanted:
                return "wanted %s\n  got    %s (%s)" % (json.dumps(wanted), json.dumps(got), name)
        if expected.get("unchanged") and before["meta"] != after["meta"]:
            return "wanted %s\n  got    %s" % (before["meta"], after["meta"])
        return None
    if status != expected["status"] or doc.get("scimType") not in expected["scimType"]:
        return "wanted %s %s\n  got    %d %s" % (
            expected["status"], " or ".join(map(str, expected["scimType"])), status, json.dumps(doc))
    return None if before == after else "wanted %s\n  got    %s" % (
        json.dumps(before), json.dumps(after))


def run_patches(service, report):
    book = read_json("patch-cases.json")
    core = "urn:ietf:params:scim:schemas:core:2.0:"
    ids = {}
    for name in book["about"]["fixtures"]["users"]:
        ids[name] = service.create(
            "/Users", {"schemas": [core + "User"], "userName": name, "active": True})["id"]
    for name in book["about"]["fixtures"]["groups"]:
        ids["group:" + name] = service.create(
            "/Groups", {"schemas": [core + "Group"], "displayName": name})["id"]
    for case in book["cases"]:
        endpoint = "/%ss/" % case["resourceType"]
        ids["self"] = service.create(endpoint[:-1], fill(case["initial"], ids))["id"]
        problem = patch_problem(service, case, endpoint + ids["self"], ids)
        report.outcome("patch " + case["id"], problem and "%s\n  sent   %s\n  %s" % (
            case["title"], json.dumps(case["request"]["Operations"], ensure_ascii=False), problem))
        service.delete(endpoint + ids.pop("self"))
    for name, ident in ids.items():
        service.delete(("/Groups/" if name.startswith("group:") else "/Users/") + ident)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--base", required=True)
    parser.add_argument("--token", required=True)
    parser.add_argument("--driver", choices=sorted(DRIVERS), default="tcp")
    parser.add_argument("--extension", metavar="DIRECTORY", required=True)
    parser.add_argument("cases", choices=("filter", "patch"))
    args = parser.parse_args()
    service, report = Service(args.base, args.token, args.driver), Report(args.cases)
    register(args.extension, read_json("filter-users.json")["extensionSchema"])
    run = run_filters if args.cases == "filter" else run_patches
    run(service, report)
    return report.close()


if __name__ == "__main__":
    sys.exit(main())
