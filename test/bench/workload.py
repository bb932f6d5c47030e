"""A file of test/bench/workloads: what to run, against what, and the bars.

  -- D1 get by id
  -- rate: 0.65
  -- cpu: 1.6
  -- plain
  SELECT ...
  -- scim
  SELECT ... FROM scim_http(...)

The first line has the title. Scripts are of pgbench; under "-- wrk" stands one of wrk, in Lua, which goes
through the bridge. The other side is called "plain" where it is plain PostgreSQL and "other" where it is
another request. A script of pgbench says :name for a value of bench.variable and :column@ for a column of
bench.target; in Lua these are bench.name and bench.targets.

Bars:

  rate     least ratio of the rates, scim to the other
  cpu      most ratio of the CPU times of one request
  us       most CPU time of one request, in microseconds
  extra    most CPU time of one request beyond the other's, in microseconds
  bridge   most CPU time of the bridge for one request, in microseconds
  p99      most ratio of the 99th percentile of the latency to the median

Other words of the head:

  clients  connections (16), or those of scim and those of the other side
  per      how many requests one run of the script of scim is (1)
  against  the same for the other script (1)
  plain    the workload whose plain script it has
  plot     its name in the plot of cost against size
  size     least SIZE at which it is run
  options  PGOPTIONS for both
  filter   a filter on users whose scim_explain() has to show an index
"""
import os
import random
import re

BARS = ("rate", "cpu", "us", "extra", "bridge", "p99")
NUMBERS = BARS + ("per", "against", "size")


class Workload:
    """The parts of one file."""

    def __init__(self, path):
        self.head = {"clients": "16", "per": 1, "against": 1, "size": 0}
        self.title, self.script, self.kind = None, {}, {}
        side = None
        with open(path, encoding="utf-8") as lines:
            for line in lines:
                mark = re.match(r"-- (plain|other|scim|wrk)$", line)
                word = re.match(r"-- (\w+): (.*)$", line)
                if mark:
                    side = "other" if mark.group(1) in ("plain", "other") else "scim"
                    self.script[side] = ""
                    self.kind[side] = "wrk" if mark.group(1) == "wrk" else "pgbench"
                elif side:
                    self.script[side] += line
                elif word:
                    self.head[word.group(1)] = word.group(2)
                elif not self.title:
                    self.title = line[3:].strip()
        for name in NUMBERS:
            if name in self.head:
                self.head[name] = float(self.head[name])
        if "plain" in self.head:
            source = Workload(os.path.join(os.path.dirname(path), self.head["plain"]))
            self.script["other"], self.kind["other"] = source.script["other"], source.kind["other"]
        for part in (self.script, self.kind):       # the same from another number of connections
            part.setdefault("other", part["scim"])

    def bars(self):
        """The words of the head that are bars, with their limits."""
        return {name: self.head[name] for name in BARS if name in self.head}

    def clients(self, side):
        """Connections of a side."""
        numbers = self.head["clients"].split()
        return int(numbers[0 if side == "scim" else -1])

    def count(self, side):
        """How many requests one run of a script is."""
        return self.head["per" if side == "scim" else "against"]


def fill(text, values):
    """A script as statements for psql: pgbench's \\set done here, every :name a literal."""
    values = dict(values)
    statements = []
    for line in text.splitlines():
        drawn = re.match(r"\\set (\w+) random\((\S+), *(\S+)\)", line)
        if drawn:
            low, high = (int(values[x[1:]] if x[0] == ":" else x) for x in drawn.groups()[1:])
            values[drawn.group(1)] = random.randint(low, high)
        else:
            statements.append(line)
    return re.sub(r"(?<!:):([a-z_]\w*@?)", lambda m: literal(values[m.group(1).rstrip("@")]),
                  "\n".join(statements))


def literal(value):
    """A value as SQL."""
    return str(value) if isinstance(value, int) else "'%s'" % str(value).replace("'", "''")
