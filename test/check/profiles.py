#!/usr/bin/env python3
"""The table of switches in doc/profiles.md, made from the switches, the stock profiles and the tests.

  profiles.py --write    make all of the table but its last column anew
  profiles.py            fail if the table is not what --write would make, or if a switch has no
                         test or no words about it

Switches are those of src/schema/settings.def, profiles those of sql/30_directory.sql. A step of
test/http names the switches it is about in its member "switch"; a file of test/sql sets them or says "switch: name".
"""
import json
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGE = ROOT / "doc" / "profiles.md"
HEAD = ["| switch | `default` | elsewhere | values | tests | meaning |", "|---|---|---|---|---|---|"]


def switches():
    """Name, default and possible values of each switch."""
    text = (ROOT / "src/schema/settings.def").read_text(encoding="utf-8")
    for kind, name, rest in re.findall(r"^SCIM_(\w+)\((\w+)(?:, (.*))?\)$", text, re.M):
        if kind == "SWITCH":
            value, least, most = (int(part) for part in rest.split(", "))
            flag = (least, most) == (0, 1)
            yield name, bool(value) if flag else value, "boolean" if flag else "%d to %d" % (least, most)
        elif kind == "WORD":
            words = rest.strip('"').split()
            yield name, words[0], ", ".join("`%s`" % word for word in words)
        else:
            yield name, "" if kind == "TEXT" else [], kind.lower()


def profiles():
    """Settings of each stock profile."""
    text = (ROOT / "sql/30_directory.sql").read_text(encoding="utf-8")
    return {name: json.loads(settings)
            for name, settings in re.findall(r"^  \('(\w+)', '(\{.*?\})', true\)[,;]", text, re.M | re.S)}


def tests():
    """Where each switch is tested: a step of each file of cases, and files in SQL."""
    found = {}
    for path in sorted((ROOT / "test/http").glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").split("\n"):
            step = json.loads(line) if line.startswith("{") else {}
            for name in step.get("switch", "").split():
                found.setdefault(name, {}).setdefault(path.stem, step["step"])
    for path in sorted((ROOT / "test/sql").glob("*.sql")):
        for name in set(re.findall(r'(?<=")\w+(?=":)|(?<=switch: )\w+', path.read_text(encoding="utf-8"))):
            found.setdefault(name, {}).setdefault(path.stem, "")
    return found


def show(value):
    if isinstance(value, (bool, int)):
        return json.dumps(value)
    if not value:
        return "none"
    texts = [value] if isinstance(value, str) else value
    return ", ".join("`%s`" % json.dumps(text)[1:-1] for text in texts)


def rows(words):
    """The lines of the table, with the words about each switch."""
    stock, where = profiles(), tests()
    for name, value, values in switches():
        elsewhere = ["`%s`: %s" % (profile, show(settings[name]))
                     for profile, settings in stock.items() if name in settings]
        proof = ["%s:%s" % (file, step) if step else file for file, step in where.get(name, {}).items()]
        yield "| `%s` | %s | %s | %s | %s | %s |" % (
            name, show(value), "; ".join(elsewhere), values, ", ".join(proof), words.get(name, ""))


def main():
    page = PAGE.read_text(encoding="utf-8")
    table = re.search(r"^\| switch \|.*?\n(?=\n)", page, re.M | re.S)
    words = dict(re.findall(r"^\| `(\w+)` \|.*\| ([^|]*) \|$", table.group(0), re.M))
    made = "\n".join(HEAD + list(rows(words))) + "\n"
    if "--write" in sys.argv:
        page = page.replace(table.group(0), made)
        PAGE.write_text(page, encoding="utf-8")
    bad = [] if made in page else ["doc/profiles.md is out of date: run test/check/profiles.py --write"]
    for line in made.splitlines()[2:]:
        cells = line.split(" | ")
        if not cells[4]:
            bad.append("no test names the switch %s" % cells[0])
        if not cells[5].rstrip(" |"):
            bad.append("doc/profiles.md says nothing of the switch %s" % cells[0])
    known = {name for name, _, _ in switches()}
    for profile, settings in profiles().items():
        bad += ["profile %s: there is no switch %s" % (profile, name) for name in settings if name not in known]
    print("\n".join(bad))
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
