"""Memory of the bridge's worker (H4): under a big answer, with many connections, over many requests."""
import os
import statistics
import urllib.request

from servers import children_of, pid_of, run_wrk

CLIENTS = 64
RUNS = 5
GET = """
local headers = { Authorization = bench.bench_authorization }

function request()
    return wrk.format("GET", bench.targets[math.random(#bench.targets)].target, headers)
end
"""


def resident(field="VmRSS"):
    """Resident memory of the worker in bytes: now, or for VmHWM the most there was."""
    with open("/proc/%d/status" % worker(), encoding="ascii") as lines:
        return next(int(line.split()[1]) * 1024 for line in lines if line.startswith(field + ":"))


def worker():
    """The pid of nginx' worker."""
    return children_of(pid_of("nginx"))[0]


def under_answer(origin, values):
    """How much the worker grows for an answer with 10,000 members, in sizes of that answer."""
    before = resident()
    with open("/proc/%d/clear_refs" % worker(), "w", encoding="ascii") as clear:
        clear.write("5")                        # starts VmHWM anew
    request = urllib.request.Request(origin + "/scim/v2/Groups/" + values[0]["group10000"],
                                     headers={"Authorization": values[0]["bench_authorization"]})
    with urllib.request.urlopen(request) as answer:
        size = len(answer.read())
    return (resident("VmHWM") - before) / size


def measure_memory(values, origin):
    """Title, what was seen and most there may be, one after the other."""
    yield "H4 worker with 10,000 members, in sizes of the answer", under_answer(origin, values), 2
    run_wrk(GET, CLIENTS, values, origin)
    before = resident()
    yield "H4 worker with %d connections, MB" % CLIENTS, before / 1e6, 10
    requests = sum(run_wrk(GET, CLIENTS, values, origin)["requests"] for _ in range(RUNS))
    yield "H4 growth in a million requests, MB", (resident() - before) / requests, 1
