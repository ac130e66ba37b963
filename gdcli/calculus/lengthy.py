"""Partials written out: in full where they are short, else as a tape, and LaTeX only where somebody reads it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sympy

from gdcli.calculus.shared import LONG, shared
from gdcli.errors import ExhaustedError
from gdcli.language.latex import latex
from gdcli.language.text import Writer
from gdcli.results.common import Written

UNREADABLE = 2_000_000
"""Nodes, written out as trees, beyond which nothing is written in full: some 10 MB of text."""


@dataclass(frozen=True)
class Pages:
    """The partials by variable; where they refer to a tape, what each of its names stands for, in order of use."""

    partials: Mapping[str, Written]
    tape: Mapping[str, Written] | None
    long: bool


def pages(partials: Mapping[str, sympy.Expr], taken: Sequence[str], expand: bool, with_latex: bool) -> Pages:
    """Every partial as text and LaTeX.

    Beyond `LONG` nodes LaTeX is left empty unless asked for. Raises ExhaustedError where `expand` asks for more than
    anybody could read.
    """
    found = shared(list(partials.values()), taken)
    if found.nodes > UNREADABLE and (expand or not found.names):
        remedy = "leave --expand out: the tape is short" if found.names else "take fewer variables with --wrt"
        raise ExhaustedError(f"the partials written in full have more than {UNREADABLE} pieces", hint=remedy)
    names = {} if expand else found.names
    long = found.nodes > LONG
    writer = Writer(names)
    shows = with_latex or not long
    written = {
        v: Written(writer.text(g if long else in_our_names(g)), latex(g, names) if shows else "")
        for v, g in partials.items()
    }
    tape = {
        name: Written(writer.definition(piece), latex(piece, names, define=True) if shows else "")
        for piece, name in names.items()
    }
    return Pages(written, tape or None, long)


def in_our_names(expr: sympy.Expr) -> sympy.Expr:
    """Euler's constant, which the language has no name for, as the -polygamma(0, 1) that it is."""
    if not expr.has(sympy.EulerGamma):
        return expr
    return expr.xreplace({sympy.EulerGamma: -sympy.polygamma(0, 1, evaluate=False)})
