#!/usr/bin/env python3
"""Run HTTP cases against a SCIM server, over TCP or by calling scim_http() in SQL.

  run.py --base URL --token T [--driver tcp|sql] [--exceptions FILE]
         [--profile NAME=URL,T]... [--hook PROG] file.jsonl...

The files are in the format of test/traffic/README.md and run by test/traffic/replay.py. Added here:

  hex       a step's body as hexadecimal digits, for what is no text
  big       a step's body that is too long to write down: {"before", "open", "times", "inner",
            "close", "after"} is before + open * times + inner + close * times + after
  {{long}}, {{long_id}}, {{noise}}
            40,000 and 4,000 letters x, and 9,000 letters that do not compress
  needs     may name the one driver, tcp or sql, that a step is for: the other leaves it out.
            Anything else that a step needs and has not is a failure
  switch    names of the switches that a step is about, for test/check/profiles.py

and every answer below the base URL must have the form of part 1 of the protocol: 204 and 304 are
empty, all others are JSON labelled as such, errors are SCIM errors, and none is a 500.

The SQL driver hands scim_http() what the bridge would: the percent-encoded target, the headers that
the bridge lets through with lower-case names, and the body. It goes through a psql that stays open
and takes its connection from PGHOST, PGPORT, PGDATABASE and PGUSER.

A file whose first line names a profile given by --profile runs against that address with that token.

An exceptions file names steps that are not expected to pass yet, one a line: "file:step reason". They
run all the same and are reported as skipped; one that passes is a failure, so that the list
shrinks. Standard library only; closes with "N passed, M failed[, K skipped]".
"""
import argparse
import contextlib
import io
import json
import os
import random
import re
import subprocess
import sys
import urllib.parse

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "traffic"))
import replay  # noqa: E402

LONG_VALUES = {
    "long": "x" * 40000,
    "long_id": "x" * 4000,
    "noise": "".join(random.Random(7643).choices("abcdefghijklmnopqrstuvwxyz0123456789", k=9000)),
}

# What the bridge passes on to scim_http().
PASSED_ON = ("authorization", "content-type", "accept", "if-match", "if-none-match", "prefer",
             "user-agent", "x-request-id", "cookie")

RESULT = re.compile(r"^(ok  |FAIL) .*?([^/ ]+\.jsonl):\d+ (\S+)$|^SKIP (\S+) (\S+) (.*)$")


def body_of(step):
    """Body bytes of the members that replay.py does not know, or None."""
    if "hex" in step:
        return bytes.fromhex(step["hex"])
    if "big" in step:
        big = step["big"]
        times = big["times"]
        return (big.get("before", "") + big.get("open", "") * times + big.get("inner", "")
                + big.get("close", "") * times + big.get("after", "")).encode()
    return None


def build(step, flow, env, token, plain=replay.build):
    """replay.build for the added members as well."""
    body = body_of(step)
    if body is None:
        return plain(step, flow, env, token)
    url, headers, _ = plain(dict(step, raw=""), flow, env, token)
    return url, headers, body


def verify(step, env, status, headers, data, plain=replay.verify):
    """replay.verify, and what holds for every answer."""
    bad = plain(step, env, status, headers, data)
    if not step["path"].startswith(("^", "http", "{{token_url}}")) and step["method"] != "HEAD":
        bad += [why for why in form(status, headers, data) if why not in bad]
    return bad


def form(status, headers, data):
    """What is wrong with the form of an answer."""
    if status in (204, 304):
        return ["status %d with a body" % status] if data else []
    bad = []
    if not re.match(r"application/(scim\+)?json *(;|$)", headers.get("content-type", "")):
        bad.append("Content-Type is %s" % headers.get("content-type"))
    try:
        doc = json.loads(data)
    except ValueError:
        return bad + ["body is not JSON"]
    if status >= 400:
        why = replay.same(doc, {
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"],
            "status": str(status), "detail": {"$regex": "."}})
        if why:
            bad.append("no SCIM error: " + why)
    if status == 500:
        bad.append("internal error")
    return bad


class SqlClient:
    """Stands in for replay.Client: one psql, one statement a request."""

    def __init__(self, timeout, insecure):
        self.psql = subprocess.Popen(
            ["psql", "-XqAt", "-v", "ON_ERROR_STOP=0", "-v", "VERBOSITY=verbose"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            encoding="utf-8", env=dict(os.environ, PGCLIENTENCODING="UTF8"))

    def send(self, method, url, headers, body):
        parts = urllib.parse.urlsplit(url)
        target = parts.path + ("?" + parts.query if parts.query else "")
        pairs = [":scheme", parts.scheme, ":authority", parts.netloc, ":peer", "127.0.0.1"]
        for name, value in headers.items():
            if name.lower() in PASSED_ON:
                pairs += [name.lower(), value]
        # In hexadecimal, as psql leaves out what it takes for invalid characters.
        status, answered, text = json.loads(bytes.fromhex(self.query(
            "SELECT encode(convert_to(json_build_array(status, headers, body)::text, 'UTF8'), 'hex')"
            " FROM scim_http(%s, %s, %s, %s)" % (
                quote(method), quote(target),
                "ARRAY[" + ",".join(quote(x) for x in pairs) + "]",
                "decode('%s', 'hex')" % (body or b"").hex()))))
        got = {k.lower(): v for k, v in zip(answered[::2], answered[1::2])}
        return status, got, (text or "").encode()

    def query(self, statement):
        """The one line that a statement prints. An error is reported as no response."""
        self.psql.stdin.write(statement + ";\n\\echo = :ERROR\n")
        self.psql.stdin.flush()
        lines = []
        for line in self.psql.stdout:
            if line.startswith("= "):
                if line != "= false\n":
                    raise OSError("scim_http raised: " + " ".join(lines))
                return "".join(lines)
            lines.append(line.rstrip("\n"))
        raise OSError("psql ended: " + " ".join(lines))


def quote(text):
    return "'" + text.replace("'", "''") + "'"


def read_exceptions(path):
    """Reasons by "file:step"."""
    reasons = {}
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            if line.strip() and not line.startswith("#"):
                name, reason = line.split(None, 1)
                reasons[name] = reason.strip()
    return reasons


def run_file(path, args, client, reasons, totals):
    """Runs one file, prints its failures and adds to the totals."""
    heard = io.StringIO()
    counts = {"p": 0, "f": 0, "s": 0}
    with open(path, encoding="utf-8") as lines:
        profile = json.loads(lines.readline()).get("profile")
    args.base, args.token = args.profiles.get(profile, args.default)
    with contextlib.redirect_stdout(heard):
        replay.run_file(path, args, client, counts)
    blocks = re.split(r"\n(?=ok   |FAIL |SKIP )", heard.getvalue())
    blocks[-1], summary = blocks[-1].rstrip("\n").rsplit("\n", 1)
    for block in blocks:
        judge(block, reasons, totals)
    print(summary)


def judge(block, reasons, totals):
    """Counts the outcome of one step, an exception the other way round."""
    match = RESULT.match(block.split("\n", 1)[0])
    if not match:
        totals["f"] += 1
        print("FAIL not understood: " + block)
    elif match.group(4):
        if match.group(6) not in ("(needs tcp)", "(needs sql)"):
            totals["f"] += 1
            print("FAIL %s:%s did not run %s" % match.group(4, 5, 6))
    else:
        step = "%s:%s" % match.group(2, 3)
        ok, reason = match.group(1) == "ok  ", reasons.pop(step, None)
        if reason is None:
            totals["p" if ok else "f"] += 1
            if not ok:
                print(block)
        elif ok:
            totals["f"] += 1
            print("FAIL %s passes; take it off the list of exceptions" % step)
        else:
            totals["s"] += 1
            print("skip %s: %s" % (step, reason))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--base", required=True)
    parser.add_argument("--token", default="")
    parser.add_argument("--driver", choices=("tcp", "sql"), default="tcp")
    parser.add_argument("--exceptions")
    parser.add_argument("--var", action="append", default=[], metavar="NAME=VALUE")
    parser.add_argument("--profile", action="append", default=[], metavar="NAME=URL,TOKEN")
    parser.add_argument("--hook", help="program for the hooks of test/traffic/README.md")
    parser.add_argument("files", nargs="+")
    args = parser.parse_args()
    args.default = args.base, args.token
    args.profiles = {name: tuple(rest.split(",")) for name, rest in
                     (profile.split("=", 1) for profile in args.profile)}
    args.vars = dict(v.split("=", 1) for v in args.var)
    args.vars.update(LONG_VALUES)
    args.vars[args.driver] = "yes"
    args.timeout, args.insecure = 60, False
    args.stop, args.clip, args.verbose = False, 600, True
    reasons = read_exceptions(args.exceptions) if args.exceptions else {}
    client = (SqlClient if args.driver == "sql" else replay.Client)(args.timeout, args.insecure)
    replay.build, replay.verify = build, verify
    totals = {"p": 0, "f": 0, "s": 0}
    for path in args.files:
        run_file(path, args, client, reasons, totals)
    for name in reasons:
        totals["f"] += 1
        print("FAIL the list of exceptions names %s, which does not exist" % name)
    tail = ", %d skipped" % totals["s"] if totals["s"] else ""
    print("%d passed, %d failed%s" % (totals["p"], totals["f"], tail))
    return 1 if totals["f"] or not totals["p"] else 0


if __name__ == "__main__":
    sys.exit(main())
