"""A figure as one page that needs nothing else: the picture, light or dark as its reader is, and the numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html import escape

from gdcli.render.plots import styles, svg
from gdcli.render.plots.words import unadorned
from gdcli.results.figure import Arrows, Band, Curve, Field, Figure, Mark, Numbers, Panel, Points

# Longer tables are thinned evenly, and say so.
ROWS = 200
_NAMES = {colour: f"--c{k}" for k, colour in enumerate(styles.DARK)}


def draw(figure: Figure) -> bytes:
    """The bytes of the file."""
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{escape(svg.summary(figure))}</title>
<style>
{_sheet()}
</style>
</head>
<body>
<main>
<h1>{escape(unadorned(figure.title))}</h1>
{_formula(figure)}<figure>
{_picture(figure)}
</figure>
{"".join(f"<p>{escape(unadorned(note))}</p>{chr(10)}" for note in figure.notes)}{"".join(_tables(figure))}</main>
</body>
</html>
""".encode()


def _formula(figure: Figure) -> str:
    return f"<p><code>{escape(unadorned(figure.text))}</code></p>\n" if figure.text else ""


def _sheet() -> str:
    light = " ".join(f"{name}: {colour};" for colour, name in _NAMES.items())
    dark = " ".join(f"{name}: {styles.DARK[colour]};" for colour, name in _NAMES.items())
    ink, paper, rule = (f"var({_NAMES[colour]})" for colour in (styles.INK, styles.PAPER, styles.RULE))
    return f""":root {{ {light} }}
@media (prefers-color-scheme: dark) {{ :root {{ {dark} }} }}
@media print {{ :root {{ {light} }} details {{ display: none; }} }}
body {{ margin: 0; background: {paper}; color: {ink}; font: 16px/1.5 system-ui, sans-serif; }}
main {{ max-width: 62rem; margin: 0 auto; padding: 1.5rem; }}
h1 {{ font-size: 1.4rem; overflow-wrap: anywhere; }}
code {{ overflow-wrap: anywhere; }}
figure {{ margin: 1.5rem 0; }}
figure svg {{ width: 100%; height: auto; }}
.scroll {{ overflow-x: auto; }}
table {{ border-collapse: collapse; font-size: .85rem; font-variant-numeric: tabular-nums; }}
caption {{ text-align: left; }}
th, td {{ padding: .1rem .8rem .1rem 0; text-align: right; border-bottom: 1px solid {rule}; }}"""


def _picture(figure: Figure) -> str:
    """The SVG without its prologue, its colours turned into the page's."""
    picture = svg.draw(figure).decode()
    picture = picture[picture.index("<svg ") :]
    return re.sub(r"#[0-9a-f]{6}\b", lambda found: _colour(found.group()), picture)


def _colour(found: str) -> str:
    return f"var({_NAMES[found]})" if found in _NAMES else found


def _tables(figure: Figure) -> Iterator[str]:
    yield "<details>\n<summary>The numbers</summary>\n"
    for panel in figure.panels:
        for mark in panel.marks:
            if not isinstance(mark, Field):
                yield _table(panel, mark)
    yield "</details>\n"


def _table(panel: Panel, mark: Mark) -> str:
    heads, columns = _columns(panel, mark)
    count = len(columns[0])
    stride = max(1, -(-count // ROWS))
    rows = ["".join(f"<td>{_cell(column[i])}</td>" for column in columns) for i in range(0, count, stride)]
    thinned = f", every {stride}th of {count} points" if stride > 1 else ""
    caption = escape(f"{unadorned(mark.label) or mark.role}{thinned}")
    head = "".join(f'<th scope="col">{escape(unadorned(name))}</th>' for name in heads)
    body = "\n".join(f"<tr>{row}</tr>" for row in rows)
    return f'<div class="scroll"><table>\n<caption>{caption}</caption>\n<tr>{head}</tr>\n{body}\n</table></div>\n'


def _columns(panel: Panel, mark: Mark) -> tuple[list[str], Sequence[Numbers]]:
    x, y = panel.x.title or "x", panel.y.title or "height"
    if isinstance(mark, Band):
        return [x, "from", "to"], (mark.x, mark.lower, mark.upper)
    if isinstance(mark, Arrows):
        return [x, y, f"along {x}", f"along {y}"], (mark.x, mark.y, mark.u, mark.v)
    assert isinstance(mark, Curve | Points)
    height = panel.z.title or "height" if panel.z is not None else ""
    return ([x, y, height], (mark.x, mark.y, mark.z)) if mark.z is not None else ([x, y], (mark.x, mark.y))


def _cell(number: float | None) -> str:
    return "" if number is None else f"{number:.6g}"
