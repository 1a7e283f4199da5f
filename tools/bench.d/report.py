"""Verdicts, the table and the JSON."""

import datetime
import json
import os
import platform
import re
from pathlib import Path


def result(row, series):
    """The number that the budget is about."""
    mine = series["coexist"].best
    other = series.get("base" if row.kind == "over" else "bare")
    if row.by == "instructions":
        counts = (series["coexist"].instructions, other.instructions)
        return counts[0] / counts[1] if None not in counts else None
    if row.kind == "ratio":
        return mine / other.best
    return mine if row.kind == "absolute" else mine - other.best


def number(value):
    """Three digits that matter: 1.54, 262, 2 607, 730 000."""
    if value is None:
        return ""
    digits = 2 if abs(value) < 10 else 1 if abs(value) < 100 else 0
    return f"{value:,.{digits}f}".replace(",", " ")


def judged(row, value):
    """What is compared, rounded as it is shown; a flat row may rise by the noise of two runs."""
    if row.kind == "ratio":
        return round(value, 2) <= row.budget
    return value <= (row.budget if row.budget else 20)


def verdict(row, value):
    return "" if None in (row.budget, value) else "met" if judged(row, value) else "NOT MET"


def shown(row, value):
    if value is None:
        return ""
    if row.kind == "ratio":
        return f"{value:.2f}x"
    sign = "+" if row.kind != "absolute" and value >= 0 else ""
    return f"{sign}{number(value)} {row.unit}"


def budget(row):
    if row.budget is None:
        return "-"
    if row.kind == "ratio":
        return f"{row.budget:.2f}x"
    if row.budget == 0:
        return "flat"
    return f"{'' if row.kind == 'absolute' else '+'}{number(row.budget)} {row.unit}"


HEADINGS = ("row", "what", "bare", "libjsig", "coexist", "result", "budget", "", "spread",
            "instructions")
WIDTHS = (24, 50, 9, 9, 9, 12, 12, 8, 7, 0)


def line(cells):
    right = (2, 3, 4, 5, 6, 8)
    parts = (f"{c:>{w}}" if i in right else f"{c:<{w}}"
             for i, (c, w) in enumerate(zip(cells, WIDTHS)))
    return " ".join(parts).rstrip()


def instructions(row, series):
    if series["coexist"].cpu:
        return f"{number(min(series['coexist'].cpu))} ms of CPU"
    names = [n for n in ("bare", "base", "coexist") if n in series]
    if any(series[name].instructions is None for name in names):
        return ""
    text = " > ".join(number(series[name].instructions) for name in names)
    if row.most is None:
        return text
    return f"{text}, {'MORE THAN' if too_many(row, series) else 'at most'} {number(row.most)}"


def too_many(row, series):
    """They hardly vary, so this tells of a change that time hides on a busy machine."""
    count = series["coexist"].instructions
    return None not in (row.most, count) and count > row.most


def table_line(row, series):
    value = result(row, series)
    first = series.get("bare") or series.get("base")
    jsig = series.get("libjsig")
    spread = max(s.spread for s in series.values())
    return line((
        row.name, row.title, number(first.best) if first else "", number(jsig.best) if jsig else "",
        number(series["coexist"].best), shown(row, value), budget(row), verdict(row, value),
        f"{spread:.0%}", instructions(row, series),
    ))


def as_object(row, series):
    value = result(row, series)
    return {
        "name": row.name, "what": row.title, "kind": row.kind, "unit": row.unit,
        "by": row.by, "result": None if value is None else round(value, 4), "budget": row.budget,
        "met": None if None in (row.budget, value) else judged(row, value),
        "most": row.most, "too_many": too_many(row, series),
        "columns": {
            name: {"best": round(s.best, 3), "spread": round(s.spread, 4),
                   "samples": len(s.samples), "instructions": s.instructions,
                   "cpu_ms": min(s.cpu, default=None)}
            for name, s in series.items()
        },
    }


def about():
    """The machine and the day."""
    model = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    return {"about": {
        "date": datetime.date.today().isoformat(), "machine": platform.machine(),
        "processor": model[1] if model else "?", "cpus": os.cpu_count(),
        "kernel": platform.release(), "libc": " ".join(platform.libc_ver()),
        "load": round(os.getloadavg()[0], 1),
    }}


def write_json(path, content):
    with open(path, "w", encoding="utf-8") as file:
        json.dump(content, file, indent=1, ensure_ascii=False)
        file.write("\n")
