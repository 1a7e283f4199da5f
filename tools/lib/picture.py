"""Terminal sessions as SVG, from what programs print."""

import html
import re

import pages

COLOURS = {
    31: "#ff7b72", 32: "#7ee787", 33: "#e3b341", 34: "#79c0ff", 35: "#d2a8ff", 36: "#56d4dd",
    90: "#8b949e", 91: "#ff7b72", 92: "#7ee787", 93: "#e3b341", 94: "#79c0ff",
}
STYLE = """\
  text { font: 13px ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace; fill: #e6edf3;
    white-space: pre }
  .b { font-weight: bold } .d { fill: #8b949e }
"""
ADVANCE, LINE, MARGIN = 7.83, 18, 14
SGR = re.compile(r"\x1b\[([\d;]*)m")


def plain(line):
    return SGR.sub("", line)


def _spans(line):
    """The line as tspan elements, one for each run of a style."""
    out, bold, dim, colour = [], False, False, None
    pieces = SGR.split(line)
    for index, piece in enumerate(pieces):
        if index % 2:
            for code in map(int, filter(None, piece.split(";") if piece else ["0"])):
                if code == 0:
                    bold = dim = False
                    colour = None
                elif code == 1:
                    bold = True
                elif code == 2:
                    dim = True
                elif code == 22:
                    bold = dim = False
                elif code == 39:
                    colour = None
                else:
                    colour = COLOURS.get(code, colour)
        elif piece:
            classes = " ".join(name for name, on in (("b", bold), ("d", dim)) if on)
            attributes = f' class="{classes}"' if classes else ""
            attributes += f' fill="{colour}"' if colour else ""
            out.append(f"<tspan{attributes}>{html.escape(piece, quote=False)}</tspan>")
    return "".join(out)


def draw(lines):
    """The SVG of a session: lines with SGR sequences."""
    width = 2 * MARGIN + ADVANCE * max(len(plain(line)) for line in lines)
    height = 2 * MARGIN + LINE * len(lines)
    rows = "".join(
        f'  <text x="{MARGIN}" y="{MARGIN + LINE * index + 13}" xml:space="preserve">'
        f"{_spans(line)}</text>\n"
        for index, line in enumerate(lines))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:.0f}" height="{height}" '
        f'viewBox="0 0 {width:.0f} {height}">\n<style>\n{STYLE}</style>\n'
        f'  <rect width="100%" height="100%" rx="8" fill="#0d1117"/>\n{rows}</svg>\n')


def text(svg):
    """The lines that a picture shows."""
    rows = re.findall(r"<text [^>]*>(.*?)</text>", svg)
    return [html.unescape(re.sub(r"<[^>]+>", "", row)).rstrip() for row in rows]


def numberless(lines):
    """A picture has no '…': how often something happened may differ."""
    return [re.sub(r"\d+", "0", plain(line)) for line in lines]


def compare(path, played, folder, update):
    """Checks the pictures of a page, or draws them. Returns the lines that say what is wrong."""
    sessions = {}
    for step, real in played:
        if step.name:
            prompt = "\x1b[90m$\x1b[0m \x1b[1m" + step.text + "\x1b[0m"
            sessions.setdefault(step.name, []).extend([prompt, *real])
    wrong = []
    for name, lines in sessions.items():
        target = folder / name
        if update:
            folder.mkdir(exist_ok=True)
            target.write_text(draw(lines))
        elif not target.is_file():
            wrong.append(f"{path.name}: {name} is missing (tools/docs --update pictures)")
        elif not pages.matches(*map(numberless, (text(target.read_text()), lines))):
            wrong.append(f"{path.name}: {name} shows something else (tools/docs --update pictures)")
            wrong += [f"        {plain(line)}" for line in lines]
    return wrong
