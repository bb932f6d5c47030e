#!/usr/bin/env python3
"""Measure the workloads of test/bench/workloads and print each in proportion to what it is held against.

  measure.py ORIGIN PG_BIN workload...

workload.py says what is in the files. A script is run with pgbench -M prepared or wrk, the two of a workload
in turn. Every figure is the median of the rounds; CPU times are those of all processes of the servers,
from /proc. Before that each request is run once and has to succeed without a scan of a big table. Exit
status 1 if a bar is missed.
"""
import os
import statistics
import sys

import plans
from servers import Failure, SECONDS, query, run_pgbench, run_wrk
from workload import Workload

ROUNDS = int(os.environ.get("BENCH_ROUNDS", "3"))


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
                           base=other["us"], extra=scim["us"] - other["us"]))
    return {name: statistics.median(seen[name] for seen in rounds) for name in rounds[0]}


def verdict(bars, seen):
    """The bars with what was seen, as text, and whether all are met."""
    texts, met = [], True
    for name, bar in bars.items():
        keeps = seen[name] >= bar if name == "rate" else seen[name] <= bar
        texts.append("%s %.*f %s %g" % (name, 0 if name in ("us", "extra", "bridge") else 2, seen[name],
                                        ("<", ">=")[keeps] if name == "rate" else (">", "<=")[keeps], bar))
        met = met and keeps
    return ", ".join(texts), met


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
    """Prints a row of the table; whether the bars are met."""
    try:
        paths, fine = check_plans(workload, dict(values[0], **values[1][0]))
        seen = figures(workload, values, origin)
    except Failure as failure:
        print("%-52s FAILED\n%s" % (workload.title, failure), flush=True)
        return False
    text, met = verdict(workload.bars(), seen)
    print("%-52s %9.0f %9.0f  %-6s  %-34s %s" % (
        workload.title, seen["base"], seen["us"], "met" if met and fine else "MISSED", text, paths),
        flush=True)
    return met and fine


def main():
    """All workloads, in the order of their names."""
    os.environ["PATH"] = sys.argv[2] + ":" + os.environ["PATH"]
    values = (query("SELECT json_object_agg(name, value) FROM bench.variable"),
              query("SELECT json_agg(t) FROM bench.target t"))
    chosen = [Workload(path) for path in sorted(sys.argv[3:])]
    print("%-52s %9s %9s  %-6s  %-34s %s" % (
        "%s users" % values[0]["size"], "other us", "scim us", "", "bars", "indexes"))
    met = [measure(w, values, sys.argv[1]) for w in chosen if w.head["size"] <= int(values[0]["size"])]
    print("us is CPU time of the servers for one request. %d rounds of %d s, medians." % (ROUNDS, SECONDS))
    return 0 if all(met) else 1


if __name__ == "__main__":
    sys.exit(main())
