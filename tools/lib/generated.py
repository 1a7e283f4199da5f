"""The parts of the documentation that are made from the sources and from tools/matrix's results.

A page holds '<!-- generated: NAME -->' and '<!-- end -->'; what is between them is ours.
"""

import json
import re
import tomllib
from collections import Counter
from pathlib import Path

import performance

ROOT = Path(__file__).resolve().parents[2]
PART = re.compile(r"(<!-- generated: ([\w-]+) -->\n)(.*?)(<!-- end -->)", re.DOTALL)
FAMILIES = {
    "C": "Configuration", "D": "Doctor", "L": "The library's start", "R": "`coexist-inspect run`",
    "T": "Targets of `coexist-inspect`", "W": "Warnings at run time",
}


def messages(_):
    """All codes, from the .def files that the tool itself is built of."""
    entries = {}
    for path in ROOT.glob("Sources/**/*.def"):
        for code, rest in re.findall(
                r'COEXIST_DIAGNOSTIC\(\s*"([A-Z]\d+)",(.*?)"\)\n', path.read_text(), re.DOTALL):
            texts = re.split(r'",\s*"', rest.strip().lstrip('"'))
            entries[code] = [re.sub(r'"\s*"', "", text).replace('\\"', '"') for text in texts]
    lines = []
    for family, title in FAMILIES.items():
        lines += [f"## {family}: {title}", "", "| code | | what you can do |", "|---|---|---|"]
        for code in sorted(code for code in entries if code[0] == family):
            head, *_, remedy = entries[code]
            lines.append(f"| {code} | {cell(head)} | {cell(remedy)} |")
        lines.append("")
    return "\n".join(lines)


def cell(text):
    return text.replace("|", "\\|").replace("<", "\\<")


def recorded():
    """Each case of matrix.toml: what it is, its checks, and how many of them fail bare."""
    document = tomllib.loads((ROOT / "Tests/Runtimes/matrix.toml").read_text())
    for name, case in document["case"].items():
        fails, crashes = case.get("fail", {}), case.get("crash", {})
        yield name, case["what"], len(case.get("pass", [])) + len(fails) + len(crashes), len(fails)


def support(results, shown=""):
    """The support matrix. Without results the last column stays as the page shows it; a case that
    is new or has changed is 'not recorded' until tools/docs --update --matrix FILE."""
    verdicts = {}
    for check in results["checks"] if results else []:
        verdicts.setdefault(check["case"], Counter())[check["verdict"]] += 1
    # A page's row without its last column, and the last column.
    before = {row.rpartition(" | ")[0]: row.rpartition(" | ")[2] for row in shown.splitlines()}
    lines = ["| case | runtimes | checks | bare, fail | under coexist |", "|---|---|---|---|---|"]
    for name, what, checks, fails in recorded():
        row = f"| `{name}` | {cell(what)} | {checks} | {fails}"
        if name in verdicts:
            counts = verdicts[name]
            text = f"{counts.pop('ok', 0)} pass"
            known = counts.pop("known", 0)
            text += f", {known} known limits" if known else ""
            text += f", {sum(counts.values())} fail" if counts else ""
            last = text + " |"
        else:
            last = before.get(row, "not recorded |")
        lines.append(f"{row} | {last}")
    return "\n".join(lines) + "\n"


def every_pair():
    """The table of tools/matrix --every-pair: a row for the runtime that was loaded first."""
    run = json.loads((ROOT / "Tests/Runtimes/pairs.json").read_text())
    names, pairs = run["runtimes"], run["pairs"]
    lines = ["| first \\ second | " + " | ".join(names) + " |", "|---" * (len(names) + 1) + "|"]
    for first in names:
        boxes = []
        for second in names:
            counts = pairs.get(f"{first},{second}")
            boxes.append("" if counts is None else box(counts))
        lines.append(f"| {first} | " + " | ".join(boxes) + " |")
    total = {key: sum(c[key] for c in pairs.values()) for key in ("checks", "bare", "coexist")}
    reasons = {}
    for entry in run["differing"]:
        if entry["state"] == "known":
            reasons.setdefault(entry["why"], set()).add(entry["pair"])
    lines += ["", f"{run['date']}: of {total['checks']} checks in {len(pairs)} ordered pairs "
              f"{total['bare']} pass bare and {total['coexist']} under coexist.", ""]
    lines += [f"- {' and '.join(sorted(pairs))}: {why}." for why, pairs in sorted(reasons.items())]
    return "\n".join(lines) + "\n"


def box(counts):
    text = f"{counts['bare']}→{counts['coexist']}"
    return text if counts["coexist"] == counts["checks"] else f"{text} of {counts['checks']}"


def render(text, results):
    """The page's text with its generated parts made anew."""

    def part(match):
        makers = {"support": lambda: support(results, match[3]),
                  "messages": lambda: messages(results), "pairs": every_pair, **performance.PARTS}
        return match[1] + makers[match[2]]() + match[4]

    return PART.sub(part, text)


def check(path, update, matrix):
    """What is wrong with the generated parts of a page; --update mends it."""
    text = path.read_text()
    results = json.loads(Path(matrix).read_text()) if matrix else None
    made = render(text, results)
    if update and made != text:
        path.write_text(made)
    if made != text and not update:
        return [f"{path.name}: its generated part is old (tools/docs --update {path.stem})"]
    if path.stem == performance.PAGE.stem:
        return performance.check(update)
    return []
