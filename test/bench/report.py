#!/usr/bin/env python3
"""Write a table and a plot of what "make bench" has seen at different sizes.

  report.py FOLDER

FOLDER has SIZE.json for each size; results.md and cost.svg are written beside them.
"""
import json
import math
import os
import sys

WIDTH, HEIGHT, LEFT, TOP, RIGHT, BOTTOM = 870, 520, 80, 20, 260, 50
COLOURS = ("#1b6ca8", "#c0392b", "#2e8b57", "#8e44ad", "#d35400", "#16a085", "#7f8c8d", "#b7950b", "#34495e",
           "#e84393", "#6c5ce7", "#00838f", "#795548", "#558b2f", "#ad1457")


def load(folder):
    """Results by size, each by title."""
    sizes = sorted(int(name[:-5]) for name in os.listdir(folder) if name[:-5].isdigit())
    results = {}
    for size in sizes:
        with open(os.path.join(folder, "%d.json" % size), encoding="utf-8") as rows:
            results[size] = {row["title"]: row for row in json.load(rows)}
    return results


def cell(row):
    """What was seen of a workload's bars; bold if one is missed."""
    if row is None:
        return ""
    if "seen" not in row:
        return "**failed**"
    digits = {"us": 0, "extra": 0, "bridge": 0}
    text = " / ".join("%.*f" % (digits.get(name, 2), row["seen"][name]) for name in row["bars"])
    text += " scan" if row.get("scans") else ""
    return text if row["met"] else "**%s**" % text


def table(results):
    """One line for each workload, one column for each size."""
    titles = sorted({title for rows in results.values() for title in rows},
                    key=lambda title: (title[0], int("".join(c for c in title.split()[0] if c.isdigit()) or 0), title))
    lines = ["| workload | bar | " + " | ".join("{:,}".format(size) for size in results) + " |",
             "|---|---|" + "---|" * len(results)]
    for title in titles:
        rows = [rows.get(title) for rows in results.values()]
        bars = next(row for row in rows if row)["bars"]
        bar = " / ".join("%s %s %g" % (name, ">=" if name == "rate" else "<=", bar) for name, bar in bars.items())
        lines.append("| %s | %s | %s |" % (title, bar, " | ".join(map(cell, rows))))
    return "\n".join(lines) + "\n"


class Scale:
    """A logarithmic axis: values from low to high onto places from start to end."""

    def __init__(self, values, start, end):
        self.low, self.high = (round_out(math.log10(f(values)), f) for f in (min, max))
        self.start, self.end = start, end

    def place(self, value):
        """Where a value is drawn."""
        share = (math.log10(value) - self.low) / max(self.high - self.low, 1)
        return self.start + share * (self.end - self.start)

    def ticks(self):
        """The powers of ten."""
        return [10 ** n for n in range(self.low, self.high + 1)]


def round_out(value, which):
    """Down for min, up for max."""
    return math.floor(value + 1e-9) if which is min else math.ceil(value - 1e-9)


def text(x, y, words, anchor="start", colour="#333"):
    """A label."""
    return '<text x="%.1f" y="%.1f" text-anchor="%s" fill="%s">%s</text>' % (x, y, anchor, colour, words)


def axes(across, up):
    """Grid and labels."""
    for value in up.ticks():
        y = up.place(value)
        yield '<path d="M%d %.1fH%d" stroke="#ddd"/>' % (LEFT, y, WIDTH - RIGHT)
        yield text(LEFT - 6, y + 4, "{:,}".format(value), "end")
    for value in across.ticks():
        yield text(across.place(value), HEIGHT - BOTTOM + 18, "{:,}".format(value), "middle")
    yield text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 8, "users in the directory", "middle")
    yield text(LEFT, TOP - 6, "CPU time of one request, microseconds")


def spread(places, gap=15):
    """Places for labels, in the order of the lines' ends and apart from each other."""
    order = sorted(range(len(places)), key=places.__getitem__)
    result, last = [0] * len(places), -gap
    for n in order:
        last = result[n] = max(places[n], last + gap)
    return result


def plot(results):
    """The SVG: a line for each workload that has a name in the plot."""
    lines = {}
    for size, rows in results.items():
        for row in rows.values():
            if row.get("plot") and "seen" in row:
                lines.setdefault(row["plot"], []).append((size, max(row["seen"]["us"], 1)))
    across = Scale(list(results), LEFT, WIDTH - RIGHT)
    up = Scale([cost for points in lines.values() for _, cost in points], HEIGHT - BOTTOM, TOP)
    ends = spread([up.place(points[-1][1]) for points in lines.values()])
    parts = ['<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" font-family="sans-serif" font-size="12">'
             % (WIDTH, HEIGHT), '<rect width="100%" height="100%" fill="white"/>']
    parts += axes(across, up)
    for n, (name, points) in enumerate(lines.items()):
        colour = COLOURS[n % len(COLOURS)]
        path = "L".join("%.1f %.1f" % (across.place(x), up.place(y)) for x, y in points)
        parts.append('<path d="M%s" fill="none" stroke="%s" stroke-width="2"/>' % (path, colour))
        parts += ['<circle cx="%.1f" cy="%.1f" r="3" fill="%s"/>' % (across.place(x), up.place(y), colour)
                  for x, y in points]
        parts.append(text(WIDTH - RIGHT + 12, ends[n] + 4, name, colour=colour))
    return "\n".join(parts + ["</svg>"]) + "\n"


def main():
    """Both files."""
    folder = sys.argv[1]
    results = load(folder)
    for name, content in (("results.md", table(results)), ("cost.svg", plot(results))):
        with open(os.path.join(folder, name), "w", encoding="utf-8") as out:
            out.write(content)


if __name__ == "__main__":
    main()
