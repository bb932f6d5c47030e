"""The servers under measurement: queries, load, and the CPU time they take for it."""
import json
import os
import re
import subprocess
import tempfile
import time

SECONDS = int(os.environ.get("BENCH_SECONDS", "2"))
TICK = os.sysconf("SC_CLK_TCK")
THREADS = 2


class Failure(Exception):
    """A request or a load that does not do what it should."""


def psql(statements, **options):
    """Output and notices of statements."""
    return subprocess.run(["psql", "-XqAt", "-v", "ON_ERROR_STOP=1"], input=statements, check=True,
                          capture_output=True, text=True, **options)


def query(statement):
    """The one value of a statement, which is JSON."""
    return json.loads(psql(statement).stdout)


def stat_of(pid):
    """What /proc/PID/stat has after the name; None if the process has just ended."""
    try:
        with open("/proc/%d/stat" % pid, encoding="ascii", errors="replace") as stat:
            return stat.read().rpartition(")")[2].split()
    except OSError:
        return None


def children_of(root):
    """The pids of the children of a process."""
    stats = {int(pid): stat_of(int(pid)) for pid in os.listdir("/proc") if pid.isdigit()}
    return [pid for pid, stat in stats.items() if stat and int(stat[1]) == root]


def cpu_seconds(root):
    """CPU time that a process, its children and those it has reaped have used so far."""
    total = sum(int(x) for x in stat_of(root)[11:15])
    for stat in map(stat_of, children_of(root)):
        total += sum(int(x) for x in stat[11:13]) if stat else 0
    return total / TICK


def wait_for_end(before):
    """Waits until PostgreSQL has only these children: the time of one that has ended is known when it is reaped."""
    for _ in range(100):
        if set(children_of(pid_of("postgres"))) <= before:
            return
        time.sleep(0.02)
    raise Failure("backends do not end")


def pid_of(name):
    """The pid of the postmaster or of nginx' master."""
    run = os.environ["PGHOST"]
    path = {"postgres": os.path.join(run, "..", "data", "postmaster.pid"),
            "nginx": os.path.join(run, "nginx.pid")}[name]
    with open(path, encoding="ascii") as pid_file:
        return int(pid_file.readline())


def scripts_of(text, targets, folder):
    """pgbench's -f arguments: the script, or one for each target."""
    copies = range(1, len(targets) + 1) if "@" in re.sub(r"'[^']*'", "", text) else [0]
    arguments = []
    for n in copies:
        path = os.path.join(folder, "%d.sql" % n)
        with open(path, "w", encoding="utf-8") as script:
            script.write(re.sub(r"(:[a-z_]+)@", r"\g<1>%d" % n, text))
        arguments += ["-f", path]
    return arguments


def run_pgbench(text, clients, values, options=""):
    """Runs of a script a second, and microseconds of CPU of PostgreSQL for one."""
    variables, targets = values
    defines = ["%s=%s" % pair for pair in variables.items()]
    for n, row in enumerate(targets, 1):
        defines += ["%s%d=%s" % (name, n, value) for name, value in row.items()]
    defines = [x for define in defines for x in ("-D", define)]
    with tempfile.TemporaryDirectory() as folder:
        children, before = set(children_of(pid_of("postgres"))), cpu_seconds(pid_of("postgres"))
        done = subprocess.run(
            ["pgbench", "-n", "-M", "prepared", "-c", str(clients), "-j", str(min(THREADS, clients)),
             "-T", str(SECONDS)] + defines + scripts_of(text, targets, folder),
            env=dict(os.environ, PGOPTIONS=options), capture_output=True, text=True)
        wait_for_end(children)
        spent = cpu_seconds(pid_of("postgres")) - before
    failed = re.search(r"failed transactions: (\d+)", done.stdout)
    if done.returncode != 0 or (failed and failed.group(1) != "0"):
        raise Failure("pgbench reports failures:\n" + done.stdout + done.stderr)
    number = int(re.search(r"actually processed: (\d+)", done.stdout).group(1))
    return {"rate": float(re.search(r"tps = ([0-9.]+)", done.stdout).group(1)),
            "us": spent / number * 1e6}


def run_wrk(text, clients, values, origin):
    """Requests a second, microseconds of CPU for one, how much of that is the bridge's, and how much
    slower than the median the slowest hundredth is."""
    variables, targets = values
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        script.write("bench = %s\n%s%s" % (lua(dict(variables, targets=targets)), text, PERCENTILES))
        script.flush()
        before = {name: cpu_seconds(pid_of(name)) for name in ("postgres", "nginx")}
        out = subprocess.run(
            ["wrk", "-t", str(min(THREADS, clients)), "-c", str(clients), "-d", "%ds" % SECONDS,
             "-s", script.name, origin], check=True, capture_output=True, text=True).stdout
        spent = {name: cpu_seconds(pid_of(name)) - before[name] for name in before}
    if "Non-2xx" in out or "Socket errors" in out:
        raise Failure("wrk reports failures:\n" + out)
    number = int(re.search(r"(\d+) requests in", out).group(1))
    return {"requests": number, "rate": float(re.search(r"Requests/sec: +([0-9.]+)", out).group(1)),
            "us": sum(spent.values()) / number * 1e6, "bridge": spent["nginx"] / number * 1e6,
            "p99": float(re.search(r"p99/p50 ([0-9.]+)", out).group(1))}


PERCENTILES = """
function done(summary, latency)
    io.write(string.format("p99/p50 %.2f\\n", latency:percentile(99) / latency:percentile(50)))
end
"""


def lua(value):
    """A Lua literal."""
    if isinstance(value, dict):
        return "{" + ", ".join("%s = %s" % (k, lua(v)) for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "{" + ", ".join(lua(v) for v in value) + "}"
    return json.dumps(str(value))
