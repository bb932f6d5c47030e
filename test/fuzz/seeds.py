#!/usr/bin/env python3
"""Writes the seed corpora of the fuzz targets, one file an input, into a folder.

    seeds.py CASES FOLDER

Filters and PATCH paths come from the case files in CASES; seeds/*.txt adds more, one input
a line.
"""
import json
import pathlib
import sys

cases, folder = map(pathlib.Path, sys.argv[1:])
rows = (cases / "filter-cases.tsv").read_text(encoding="utf-8").splitlines()[1:]
patches = json.loads((cases / "patch-cases.json").read_text(encoding="utf-8"))["cases"]
operations = [o for case in patches for o in case["request"].get("Operations", [])]

inputs = {
    "filter": [row.split("\t")[0] for row in rows],
    "path": sorted({o["path"] for o in operations if isinstance(o, dict) and isinstance(o.get("path"), str)}),
}
for file in pathlib.Path(__file__).parent.glob("seeds/*.txt"):
    inputs.setdefault(file.stem, []).extend(file.read_text(encoding="utf-8").splitlines())

for target, texts in inputs.items():
    (folder / target).mkdir(parents=True, exist_ok=True)
    for number, text in enumerate(texts):
        (folder / target / f"seed-{number:03}").write_text(text, encoding="utf-8")
