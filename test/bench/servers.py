"""The servers under measurement: queries, load, and the CPU time they take for it."""
import json
import os
import re
import subprocess
import tempfile

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
    """Runs of a script a second, and microseconds of CPU of PostgreSQL for one. The first second, in which
    backends start and plan, does not count, nor the last, in which they end."""
    variables, targets = values
    defines = ["%s=%s" % pair for pair in variables.items()]
    for n, row in enumerate(targets, 1):
        defines += ["%s%d=%s" % (name, n, value) for name, value in row.items()]
    defines = [x for define in defines for x in ("-D", define)]
    with tempfile.TemporaryDirectory() as folder:
        command = ["pgbench", "-n", "-M", "prepared", "-P", "1", "-c", str(clients),
                   "-j", str(min(THREADS, clients)), "-T", str(SECONDS + 2)]
        with subprocess.Popen(command + defines + scripts_of(text, targets, folder), text=True,
                              env=dict(os.environ, PGOPTIONS=options), stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE) as pgbench:
            points, other = watch(pgbench.stderr, SECONDS + 1.5)
            out = pgbench.stdout.read()
    failed = re.search(r"failed transactions: (\d+)", out)
    if pgbench.returncode != 0 or (failed and failed.group(1) != "0") or len(points) < 2:
        raise Failure("pgbench reports failures:\n" + out + other)
    number = sum(done for _, _, done in points[1:])
    return {"rate": number / (points[-1][0] - points[0][0]),
            "us": (points[-1][1] - points[0][1]) / max(number, 1) * 1e6}


def watch(progress, end):
    """For each report of pgbench: when, CPU seconds of PostgreSQL so far, and transactions since the last; and
    all that is no report. Reports after the end are left out."""
    points, other, last = [], "", 0.0
    for line in progress:
        report = re.match(r"progress: ([0-9.]+) s, ([0-9.]+) tps", line)
        if report and float(report.group(1)) < end:
            now, rate = float(report.group(1)), float(report.group(2))
            points.append((now, cpu_seconds(pid_of("postgres")), rate * (now - last)))
            last = now
        elif not report:
            other += line
    return points, other


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
