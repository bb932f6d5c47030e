#!/usr/bin/env python3
"""Measure the workloads of test/bench/workloads and print each in proportion to plain PostgreSQL.

  measure.py ORIGIN PG_BIN workload...

A .sql workload has a title, a bar and two pgbench scripts:

  -- Get by id
  -- bar: 0.5
  -- plain
  SELECT ...
  -- scim
  SELECT ... FROM scim_http(...)

It is run with pgbench -M prepared from 16 connections, plain and scim in turn. Every variable of
bench.variable is set; where a script says :target@ or :id@ the runner makes one script for each row of
bench.target, and pgbench chooses among them. The bar is the least ratio of the rates.

A .lua workload is a script for wrk, run with 64 connections against the bridge, with the same values
in the global table "bench". Its bar is the most CPU time of the bridge for one request, in
microseconds.

Every figure is the median of the rounds; CPU times are those of all processes of a server, from /proc.
Exit status 1 if a bar is missed.
"""
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile

SECONDS = int(os.environ.get("BENCH_SECONDS", "5"))
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "3"))
TICK = os.sysconf("SC_CLK_TCK")
SQL_CLIENTS, HTTP_CLIENTS, THREADS = 16, 64, 2


def query(statement):
    out = subprocess.run(["psql", "-XqAt", "-c", statement], check=True, capture_output=True, text=True)
    return json.loads(out.stdout)


class Workload:
    """One file: title, bar and the texts of its sections."""

    def __init__(self, path):
        self.path = path
        self.title, self.bar, self.section = None, None, {"": ""}
        name = ""
        with open(path, encoding="utf-8") as lines:
            for line in lines:
                mark = re.match(r"-- (plain|scim)$", line)
                bar = re.match(r"-- bar: ([0-9.]+)$", line)
                if mark:
                    name = mark.group(1)
                    self.section[name] = ""
                elif bar:
                    self.bar = float(bar.group(1))
                elif line.startswith("-- ") and not self.title:
                    self.title = line[3:].strip()
                else:
                    self.section[name] += line


def cpu_seconds(root):
    """CPU time that a process, its children and those it has reaped have used so far."""
    total = 0
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                with open("/proc/%s/stat" % entry, encoding="ascii", errors="replace") as stat:
                    fields = stat.read().rpartition(")")[2].split()
            except OSError:                     # it has just ended
                continue
            if int(entry) == root:
                total += sum(int(x) for x in fields[11:15])
            elif int(fields[1]) == root:
                total += sum(int(x) for x in fields[11:13])
    return total / TICK


def server_pids():
    """The pids of the postmaster and of nginx' master."""
    run = os.environ["PGHOST"]
    with open(os.path.join(run, "..", "data", "postmaster.pid"), encoding="ascii") as pid_file:
        postgres = int(pid_file.readline())
    with open(os.path.join(run, "nginx.pid"), encoding="ascii") as pid_file:
        return postgres, int(pid_file.read())


def scripts_of(text, targets, folder):
    """pgbench's -f arguments: the script, or one for each target."""
    copies = range(1, len(targets) + 1) if "@" in text else [0]
    arguments = []
    for n in copies:
        path = os.path.join(folder, "%d.sql" % n)
        with open(path, "w", encoding="utf-8") as script:
            script.write(text.replace("@", str(n)))
        arguments += ["-f", path]
    return arguments


def run_pgbench(pg_bin, text, variables, targets, postmaster):
    """Transactions a second, and microseconds of CPU of the server for one."""
    defines = []
    for name, value in variables.items():
        defines += ["-D", "%s=%s" % (name, value)]
    for n, row in enumerate(targets, 1):
        defines += ["-D", "target%d=%s" % (n, row["target"]), "-D", "id%d=%s" % (n, row["id"])]
    with tempfile.TemporaryDirectory() as folder:
        before = cpu_seconds(postmaster)
        out = subprocess.run(
            [os.path.join(pg_bin, "pgbench"), "-n", "-M", "prepared", "-c", str(SQL_CLIENTS),
             "-j", str(THREADS), "-T", str(SECONDS)] + defines + scripts_of(text, targets, folder),
            check=True, capture_output=True, text=True).stdout
        spent = cpu_seconds(postmaster) - before
    done = int(re.search(r"actually processed: (\d+)", out).group(1))
    failed = re.search(r"failed transactions: (\d+)", out)
    if failed and failed.group(1) != "0":
        raise SystemExit("pgbench reports failures:\n" + out)
    return float(re.search(r"tps = ([0-9.]+)", out).group(1)), spent / done * 1e6


def measure_sql(workload, pg_bin, variables, targets):
    """Runs plain and scim in turn; the row for the table and whether the bar is met."""
    postmaster = server_pids()[0]
    seen = {"plain": [], "scim": []}
    for _ in range(ROUNDS):
        for side, results in seen.items():
            results.append(run_pgbench(pg_bin, workload.section[side], variables, targets, postmaster))
    ratio = statistics.median(s[0] / p[0] for p, s in zip(seen["plain"], seen["scim"]))
    median = {side: [statistics.median(column) for column in zip(*rows)] for side, rows in seen.items()}
    print("%-44s %9.0f %9.0f %7.2f %6.2f %9.0f %9.0f" % (
        workload.title, median["plain"][0], median["scim"][0], ratio, workload.bar,
        median["plain"][1], median["scim"][1]), flush=True)
    return ratio >= workload.bar


def run_wrk(origin, script, masters):
    """Requests a second, and microseconds of CPU of PostgreSQL and of the bridge for one."""
    before = [cpu_seconds(pid) for pid in masters]
    out = subprocess.run(
        ["wrk", "-t", str(THREADS), "-c", str(HTTP_CLIENTS), "-d", "%ds" % SECONDS, "-s", script, origin],
        check=True, capture_output=True, text=True).stdout
    spent = [cpu_seconds(pid) - b for pid, b in zip(masters, before)]
    if "Non-2xx" in out or "Socket errors" in out:
        raise SystemExit("wrk reports failures:\n" + out)
    done = int(re.search(r"(\d+) requests in", out).group(1))
    return [float(re.search(r"Requests/sec: +([0-9.]+)", out).group(1))] + [s / done * 1e6 for s in spent]


def measure_http(workload, origin, variables, targets):
    """Prints the row; whether the bar is met."""
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        script.write("bench = " + lua(dict(variables, targets=[row["target"] for row in targets])) + "\n")
        script.write(workload.section[""])
        script.flush()
        rows = [run_wrk(origin, script.name, server_pids()) for _ in range(ROUNDS)]
    rate, postgres, bridge = [statistics.median(column) for column in zip(*rows)]
    print("%-44s %9.0f %14.1f %6.1f %21.1f" % (workload.title, rate, bridge, workload.bar, postgres),
          flush=True)
    return bridge <= workload.bar


def lua(value):
    """A Lua literal."""
    if isinstance(value, dict):
        return "{" + ", ".join("%s = %s" % (k, lua(v)) for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "{" + ", ".join(lua(v) for v in value) + "}"
    return json.dumps(str(value))


def main():
    origin, pg_bin, paths = sys.argv[1], sys.argv[2], sys.argv[3:]
    os.environ["PATH"] = pg_bin + ":" + os.environ["PATH"]
    variables = query("SELECT json_object_agg(name, value) FROM bench.variable")
    targets = query("SELECT json_agg(t) FROM bench.target t")
    met = True
    for kind, head in ((".sql", "%-44s %9s %9s %7s %6s %9s %9s" % (
            "workload (pgbench, %d connections)" % SQL_CLIENTS, "plain/s", "scim/s", "ratio", ">= bar",
            "plain us", "scim us")),
                       (".lua", "%-44s %9s %14s %6s %21s" % (
            "workload (wrk, %d connections)" % HTTP_CLIENTS, "rate/s", "bridge us", "<= bar",
            "PostgreSQL us"))):
        chosen = [Workload(path) for path in paths if path.endswith(kind)]
        if chosen:
            print(head)
        for workload in chosen:
            if kind == ".sql":
                met = measure_sql(workload, pg_bin, variables, targets) and met
            else:
                met = measure_http(workload, origin, variables, targets) and met
    print("us is CPU time for one request. %d rounds of %d s, medians." % (ROUNDS, SECONDS))
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
