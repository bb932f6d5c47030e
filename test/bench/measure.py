#!/usr/bin/env python3
"""Measure the workloads of test/bench/workloads and print each in proportion to what it is held against.

  measure.py ORIGIN PG_BIN RESULTS workload...

workload.py says what is in the files. A script is run with pgbench -M prepared or wrk, the two of a workload
in turn. Every figure is the median of the rounds; CPU times are those of all processes of the servers,
from /proc. Before that each request is run once and has to succeed without a scan of a big table. The
figures are added to the file RESULTS. Exit status 1 if a bar is missed.
"""
import json
import os
import statistics
import sys

import memory
import plans
from servers import Failure, SECONDS, query, run_pgbench, run_wrk
from workload import Workload

ROUNDS = int(os.environ.get("BENCH_ROUNDS", "3"))
MICROSECONDS = ("us", "extra", "bridge")
ROW = "%-58s %9s %9s  %-6s  %-40s %s"


def run_side(workload, side, values, origin):
    """Rate and CPU time of a side, for one request."""
    text, clients, count = workload.script[side], workload.clients(side), workload.count(side)
    if workload.kind[side] == "wrk":
        seen = run_wrk(text, clients, values, origin)
    else:
        seen = run_pgbench(text, clients, values, workload.head.get("options", ""))
    seen["rate"] *= count
    for name in ("us", "bridge"):
        if name in seen:
            seen[name] /= count
    return seen


def figures(workload, values, origin):
    """Medians over the rounds, the two sides run in turn."""
    rounds = []
    for _ in range(ROUNDS):
        other, scim = (run_side(workload, side, values, origin) for side in ("other", "scim"))
        rounds.append(dict(scim, rate=scim["rate"] / other["rate"], cpu=scim["us"] / other["us"],
                           other=other["us"], extra=scim["us"] - other["us"]))
    return {name: statistics.median(seen[name] for seen in rounds) for name in rounds[0]}


def keeps(name, seen, bar):
    """Is a bar met?"""
    return seen >= bar if name == "rate" else seen <= bar


def describe(bars, seen):
    """The bars with what was seen."""
    texts = []
    for name, bar in bars.items():
        sign = (">=" if name == "rate" else "<=") if keeps(name, seen[name], bar) else "not"
        texts.append("%s %.*f %s %g" % (name, 0 if name in MICROSECONDS else 2, seen[name], sign, bar))
    return ", ".join(texts)


def check_plans(workload, values):
    """What the request's plans use, as text, and whether no big table is scanned."""
    used, scanned = set(), set()
    if workload.kind["scim"] == "pgbench":
        used, scanned = plans.check_script(workload.script["scim"], values)
    if "filter" in workload.head:
        indexes, scans = plans.check_filter(workload.head["filter"])
        used, scanned = used | indexes, scanned | scans if indexes else {"everything"}
    return " ".join(["SCANS " + name for name in sorted(scanned)] + sorted(used)), not scanned


def measure(workload, values, origin):
    """Prints a row of the table and returns it."""
    row = {"title": workload.title, "plot": workload.head.get("plot"), "bars": workload.bars(), "met": False}
    try:
        paths, fine = check_plans(workload, dict(values[0], **values[1][0]))
        row["seen"] = seen = figures(workload, values, origin)
    except Failure as failure:
        print("%-58s FAILED\n%s" % (workload.title, failure), flush=True)
        return row
    row["scans"] = not fine
    row["met"] = fine and all(keeps(name, seen[name], bar) for name, bar in row["bars"].items())
    print(ROW % (workload.title, "%.0f" % seen["other"], "%.0f" % seen["us"], "met" if row["met"] else "MISSED",
                 describe(row["bars"], seen), paths), flush=True)
    return row


def measure_memory(values, origin):
    """The same for the memory of the bridge."""
    for title, seen, bar in memory.measure_memory(values, origin):
        row = {"title": title, "bars": {"most": bar}, "seen": {"most": seen}, "met": seen <= bar}
        print(ROW % (title, "", "", "met" if row["met"] else "MISSED", describe(row["bars"], row["seen"]), ""),
              flush=True)
        yield row


def save(path, rows):
    """Puts rows into a file of results, in the place of those of the same titles."""
    kept = {}
    if os.path.exists(path):
        with open(path, encoding="utf-8") as results:
            kept = {row["title"]: row for row in json.load(results)}
    kept.update((row["title"], row) for row in rows)
    with open(path, "w", encoding="utf-8") as results:
        json.dump(sorted(kept.values(), key=lambda row: row["title"]), results, indent=1)


def main():
    """All workloads in the order of their names, then memory."""
    origin, pg_bin, results, paths = sys.argv[1], sys.argv[2], sys.argv[3], sorted(sys.argv[4:])
    os.environ["PATH"] = pg_bin + ":" + os.environ["PATH"]
    values = (query("SELECT json_object_agg(name, value) FROM bench.variable"),
              query("SELECT json_agg(t) FROM bench.target t"))
    size = int(values[0]["size"])
    chosen = [w for w in map(Workload, paths) if w.head["size"] <= size]
    print(ROW % ("%d users" % size, "other us", "scim us", "", "bars", "indexes"))
    rows = [measure(workload, values, origin) for workload in chosen]
    if "BENCH_ONLY" not in os.environ:
        rows += measure_memory(values, origin)
    print("us is CPU time of the servers for one request. %d rounds of %d s, medians." % (ROUNDS, SECONDS))
    print("%d of %d bars met." % (sum(row["met"] for row in rows), len(rows)))
    save(results, rows)
    return 0 if all(row["met"] for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
