#!/usr/bin/env python3
"""The table of doc/systems.md: every statement about the four systems, and where it is held to.

  systems.py --write    make the table anew
  systems.py            fail if it is not what --write would make, or a statement is held to nowhere

The statements are test/cases/systems.tsv. A test names one by its ID anywhere in its text; for the
others the file says which page or test is about them, or what is missing.
"""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGE = ROOT / "doc" / "systems.md"
HEAD = ["| statement | what the system does | where |", "|---|---|---|"]
TESTS = ["test/http/*.jsonl", "test/sql/*.sql", "test/specs/*.spec", "test/t/*.pl", "test/traffic/*.jsonl"]


def tests():
    """Files that name each statement."""
    found = {}
    for pattern in TESTS:
        for path in sorted(ROOT.glob(pattern)):
            for name in set(re.findall(r"\bS[0-4]-\d\d\b", path.read_text(encoding="utf-8"))):
                found.setdefault(name, []).append("`%s`" % path.relative_to(ROOT))
    return found


def main():
    page = PAGE.read_text(encoding="utf-8")
    found, bad, lines = tests(), [], list(HEAD)
    for row in (ROOT / "test/cases/systems.tsv").read_text(encoding="utf-8").splitlines()[1:]:
        name, text, where = (row.split("\t") + [""])[:3]
        proof = ", ".join(found.pop(name, [])) or where
        if not proof:
            bad.append("no test names %s, and test/cases/systems.tsv says no place" % name)
        lines.append("| %s | %s | %s |" % (name, text, proof))
    bad += ["test/cases/systems.tsv lacks %s, which a test names" % name for name in found]
    made = "\n".join(lines) + "\n"
    if "--write" in sys.argv:
        page = re.sub(r"^\| statement \|.*?\n(?=\n|\Z)", lambda _: made, page, flags=re.M | re.S)
        PAGE.write_text(page, encoding="utf-8")
    if made not in page:
        bad.append("doc/systems.md is out of date: run test/check/systems.py --write")
    print("\n".join(bad))
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
