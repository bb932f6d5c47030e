#!/usr/bin/env python3
"""doc/conformance.md: every rule of the checklist, and the tests that name it.

  conformance.py --write    make the page anew
  conformance.py            fail if the page is not what --write would make, or if a rule
                            that is more than a MAY has neither a test nor a reason

The rules are test/cases/checklist.tsv; a test names a rule by its ID anywhere in its text.
test/cases/untested.tsv holds the reasons, by ID or by an ID's prefix and an asterisk.
"""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGE = ROOT / "doc" / "conformance.md"
TESTS = ["test/http/*.jsonl", "test/sql/*.sql", "test/specs/*.spec", "test/t/*.pl",
         "test/core/*.c", "test/cases/run.py", "test/traffic/README.md", "test/http/*.py"]
HEAD = """# Conformance

Every rule of RFC 7643, RFC 7644 and RFC 9865 that concerns a service provider, with our rulings where
the RFCs leave a gap, and the tests that prove it. Made by `test/check/conformance.py --write` from
`test/cases/checklist.tsv` and the tests themselves; the style checks fail when the page is out of date.
A rule without a test says why. Sections are of RFC 7644 unless another number stands before them.

"""


def table(path):
    lines = (ROOT / path).read_text(encoding="utf-8").splitlines()[1:]
    return [line.split("\t") for line in lines if line]


def tests_by_rule(ids):
    found = {rule: [] for rule in ids}
    for pattern in TESTS:
        for path in sorted(ROOT.glob(pattern)):
            for rule in set(re.findall(r"[A-Z0-9]+-\d+", path.read_text(encoding="utf-8"))):
                if rule in found:
                    found[rule].append(str(path.relative_to(ROOT)))
    return found


def reason_for(rule, reasons):
    for key, why in reasons:
        if key == rule or (key.endswith("*") and rule.startswith(key[:-1])):
            return why
    return None


def main():
    rules = table("test/cases/checklist.tsv")
    reasons = [(row[0], row[1]) for row in table("test/cases/untested.tsv")]
    found = tests_by_rule([rule[0] for rule in rules])
    lines, naked, tested = [], [], 0
    for rule, level, text, section in rules:
        why = reason_for(rule, reasons)
        if found[rule]:
            proof = ", ".join("`%s`" % name for name in sorted(found[rule]))
            tested += 1
        else:
            proof = why or "-"
            if why is None and level != "MAY":
                naked.append(rule)
        lines.append("| %s | %s | %s | %s | %s |" % (rule, level, text, section, proof))
    page = HEAD + "%d rules, %d with a test.\n\n" % (len(rules), tested)
    page += "| Rule | Level | Requirement | Section | Tests, or why there is none |\n|---|---|---|---|---|\n"
    page += "\n".join(lines) + "\n"
    if "--write" in sys.argv:
        PAGE.write_text(page, encoding="utf-8")
    stale = not PAGE.exists() or PAGE.read_text(encoding="utf-8") != page
    if stale:
        print("doc/conformance.md is out of date: run test/check/conformance.py --write")
    for rule in naked:
        print("no test names %s, and test/cases/untested.tsv gives no reason" % rule)
    return 1 if naked or stale else 0


if __name__ == "__main__":
    sys.exit(main())
