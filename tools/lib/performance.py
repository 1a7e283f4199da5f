"""The page Performance: its tables and pictures, from what tools/bench --page has recorded."""

import json
from pathlib import Path

import plot

ROOT = Path(__file__).resolve().parents[2]
RECORDED = ROOT / "tools/bench.d/recorded.json"
CATALOGUE = ROOT / "Sources/Coexist/Coexist.docc"
PAGE = CATALOGUE / "Performance.md"


def recorded():
    return json.loads(RECORDED.read_text())


def machine():
    about = recorded()["about"]
    return (f"Measured on {about['date']}: {about['processor']}, {about['cpus']} processors, Linux "
            f"{about['kernel']}, {about['libc']}, in a virtual machine without counters of "
            f"instructions; its load was {about['load']} when it began.\n")


def macro():
    lines = ["| runtime | what it does | bare, CPU | under coexist | middle | half of the pairs |",
             "|---|---|--:|--:|--:|--:|"]
    for entry in recorded()["macro"]:
        half = f"{entry['low']:.3f}–{entry['high']:.3f}"
        lines.append(
            f"| {entry['name']} | {entry['what']} | {entry['cpu_s']:.2f} s | "
            f"{entry['ratio']:.3f}× | {entry['middle']:.3f}× | {half} |")
    bare = sum(entry["cpu_s"] for entry in recorded()["macro"])
    own = sum(entry["cpu_s"] * entry["ratio"] for entry in recorded()["macro"])
    lines.append(f"| all | | {bare:.2f} s | {own / bare:.3f}× | | |")
    return "\n".join(lines) + "\n"


PARTS = {"machine": machine, "macro": macro}


def pictures():
    """Path → SVG."""
    curves = recorded()["curves"]
    growing = dict.fromkeys(curve["growing"] for curve in curves)
    return {CATALOGUE / f"Resources/growing-{name}.svg":
            plot.draw(name, [curve for curve in curves if curve["growing"] == name])
            for name in growing}


def check(update):
    """Which pictures are not those of the record; --update draws them."""
    old = [path for path, made in pictures().items()
           if not path.exists() or path.read_text() != made]
    if update:
        write()
        return []
    return [f"{path.name} is old (tools/docs --update {PAGE.stem})" for path in old]


def write():
    """Draws the pictures and fills the page; returns the paths."""
    import generated  # it uses this module

    made = pictures()
    for path, picture in made.items():
        path.write_text(picture)
    PAGE.write_text(generated.render(PAGE.read_text(), None))
    return [*made, PAGE]
