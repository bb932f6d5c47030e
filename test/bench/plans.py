"""How PostgreSQL runs the statements of a workload: auto_explain's plans, those within scim included."""
import re

from servers import Failure, psql, query
from workload import fill, literal

WATCH = """
LOAD 'auto_explain';
SET auto_explain.log_min_duration = 0;
SET auto_explain.log_nested_statements = on;
SET auto_explain.log_level = notice;
"""
BIG = r"(?:resource|membership|attr_value)"


def check_script(text, values):
    """Runs scim's script once; its requests have to succeed. Returns what its plans use."""
    done = psql(WATCH + fill(text, values))
    bad = [row for row in done.stdout.splitlines() if not re.match(r"2\d\d\|", row)]
    if bad and "scim_http" in text:
        raise Failure("A request fails: %s\n%s" % (fill(text, values), "\n".join(bad)[:2000]))
    return paths_of(done.stderr)


def check_filter(text):
    """What scim_explain() shows for a filter on users."""
    return paths_of("\n".join(query("SELECT scim_explain('bench', 'User', %s) -> 'plan'" % literal(text))))


def paths_of(plan):
    """How plans reach the big tables: the indexes they use and the scans of all rows."""
    return (set(re.findall(r"(?:using|Bitmap Index Scan on) (%s_\w+)" % BIG, plan)),
            set(re.findall(r"Seq Scan on (%s\b)" % BIG, plan)))
