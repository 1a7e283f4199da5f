"""Curves as SVG: a panel each, bare and under coexist; light or dark as the reader's system is."""

import html
import math

WIDTH, HEIGHT, LEFT, TOP, RIGHT, BOTTOM = 300, 190, 54, 34, 16, 34
COLUMNS = 3
STYLE = """\
  :root { color-scheme: light dark }
  text { font: 12px system-ui, sans-serif; fill: #24292f } .title { font-weight: 600 }
  .small { fill: #57606a; font-size: 11px } .grid { stroke: #8883 }
  .bare { stroke: #8c959f; fill: #8c959f } .coexist { stroke: #0969da; fill: #0969da }
  polyline { fill: none !important; stroke-width: 2 } circle { stroke: none }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3 } .small { fill: #8b949e }
    .bare { stroke: #6e7681; fill: #6e7681 } .coexist { stroke: #58a6ff; fill: #58a6ff }
  }
"""
NAMES = {"bare": "bare", "coexist": "under coexist"}
UNITS = {"us": "µs"}


def ceiling(value):
    """The next round number: 1, 2 or 5 with zeros."""
    power = 10 ** math.floor(math.log10(value))
    return next(step * power for step in (1, 2, 5, 10) if step * power >= value)


def number(value):
    return f"{value:.1f}" if value < 10 else f"{value:,.0f}".replace(",", " ")


def panel(curve, left, top):
    """One curve; its axes begin at zero, and what grows is on a scale of powers."""
    places, points = curve["places"], curve["points"]
    most = ceiling(1.1 * max(max(values) for values in points.values()))
    inner = (WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM)

    def x(place):
        share = math.log(place / places[0]) / math.log(places[-1] / places[0])
        return left + LEFT + share * inner[0]

    def y(value):
        return top + TOP + (1 - value / most) * inner[1]

    title = html.escape(curve["title"])
    out = [f'<text class="title" x="{left + 8}" y="{top + 18}">{title}</text>']
    for part in (0, 0.5, 1):
        at = y(most * part)
        out.append(f'<line class="grid" x1="{left + LEFT}" x2="{left + WIDTH - RIGHT}" '
                   f'y1="{at:.1f}" y2="{at:.1f}"/>')
        label = number(most * part) if part else "0"
        unit = UNITS.get(curve["unit"], curve["unit"])
        text = f"{label} {unit}" if part == 1 else label
        out.append(f'<text class="small" text-anchor="end" x="{left + LEFT - 5}" '
                   f'y="{at + 4:.1f}">{text}</text>')
    for place in places:
        out.append(f'<text class="small" text-anchor="middle" x="{x(place):.1f}" '
                   f'y="{top + HEIGHT - 14}">{place}</text>')
    for name, values in points.items():
        line = " ".join(f"{x(p):.1f},{y(v):.1f}" for p, v in zip(places, values))
        out.append(f'<polyline class="{name}" points="{line}"/>')
        for place, value in zip(places, values):
            out.append(f'<circle class="{name}" cx="{x(place):.1f}" cy="{y(value):.1f}" r="3">'
                       f"<title>{NAMES[name]}, {place}: {number(value)}</title></circle>")
    return out


def draw(growing, curves):
    """The picture of all curves over one thing that grows."""
    columns = min(COLUMNS, len(curves))
    rows = -(-len(curves) // columns)
    width, height = max(columns, 2) * WIDTH, rows * HEIGHT + 28
    body = []
    for index, curve in enumerate(curves):
        body += panel(curve, index % columns * WIDTH, 24 + index // columns * HEIGHT)
    names = [name for name in NAMES if any(name in curve["points"] for curve in curves)]
    at = 8
    for name in names:
        body.append(f'<circle class="{name}" cx="{at + 4}" cy="12" r="4"/>')
        body.append(f'<text x="{at + 14}" y="16">{NAMES[name]}</text>')
        at += 24 + 7 * len(NAMES[name])
    body.append(f'<text class="small" x="{at + 10}" y="16">over the number of {growing}</text>')
    lines = "\n".join(f"  {one}" for one in body)
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" '
            f'aria-label="Costs over the number of {growing}">\n  <style>\n{STYLE}  </style>\n'
            f"{lines}\n</svg>\n")
