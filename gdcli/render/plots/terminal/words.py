"""The words of a figure in a terminal: LaTeX read aloud in plain characters, foreign text made visible."""

from __future__ import annotations

import re
from collections.abc import Sequence

from gdcli.escape import visible
from gdcli.render import Look
from gdcli.results.figure import pieces

LONGEST = 48
SAID = {
    r"\|": "||",
    r"\cdot": "*",
    r"\leq": "<=",
    r"\geq": ">=",
    r"\le": "<=",
    r"\ge": ">=",
    r"\left": "",
    r"\right": "",
}


def plain(text: str, look: Look, limit: int = LONGEST) -> str:
    """A label in words: LaTeX without its backslashes and braces, in ASCII where the terminal has no more."""
    shown = "".join(_said(part) if is_math else visible(part, limit) for part, is_math in pieces(text))
    return shown if look.unicode else shown.encode("ascii", "backslashreplace").decode("ascii")


def folded(parts: Sequence[str], width: int, between: str) -> list[str]:
    """The parts side by side, as many in a line as there is room for; a part that is longer than a line is broken."""
    lines: list[str] = []
    for part in parts:
        if lines and len(lines[-1]) + len(between) + len(part) <= width:
            lines[-1] += between + part
        else:
            lines += [part[k : k + width] for k in range(0, len(part), width)]
    return lines


def _said(latex: str) -> str:
    r"""`\nabla f(x_{1})` is said nabla f(x_1)."""
    for command, word in SAID.items():
        ends = r"(?![a-zA-Z])" if command[-1].isalpha() else ""
        latex = re.sub(re.escape(command) + ends, word, latex)
    bare = re.sub(r"\s+", " ", re.sub(r"[\\{}]", "", latex)).strip()
    return visible(bare.replace("^*", "*"), LONGEST)
