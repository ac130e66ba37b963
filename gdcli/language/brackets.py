"""Which bracket closes which, found before parsing so that a missing one is shown where it was left open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gdcli.errors import FormulaError
from gdcli.language.bounds import DEPTH, LIMIT_HINT
from gdcli.language.tokens import Token

_CLOSER = {"(": ")", "[": "]", "{": "}", "_{": "}", r"\lvert": r"\rvert", r"\lVert": r"\rVert"}
_CLOSER |= {r"\begin{cases}": r"\end{cases}"}


@dataclass(frozen=True, slots=True)
class Brackets:
    """Token positions: `partner` of each opening bracket, and its `last_comma` (absent: none)."""

    partner: dict[int, int]
    last_comma: dict[int, int]


def pair(source: str, tokens: Sequence[Token]) -> Brackets:
    """Match all brackets; FormulaError at the one left open, closed wrongly, or closing nothing."""
    found = Brackets({}, {})
    opened: list[int] = []
    for position, token in enumerate(tokens):
        if token.kind != "sign":
            continue
        if token.text in _CLOSER:
            opened.append(position)
            if len(opened) > DEPTH:
                raise FormulaError(
                    f"brackets nest deeper than {DEPTH}",
                    source=source,
                    start=token.start,
                    end=token.end,
                    hint=LIMIT_HINT,
                )
        elif token.text == "," and opened:
            found.last_comma[opened[-1]] = position
        elif token.text in _CLOSER.values():
            found.partner[_closes(source, tokens, opened, token)] = position
    if opened:
        left = tokens[opened[-1]]
        raise FormulaError(
            f"this {left.text} is never closed",
            source=source,
            start=left.start,
            end=left.end,
            hint=f"add {_CLOSER[left.text]} where it ends",
        )
    return found


def _closes(source: str, tokens: Sequence[Token], opened: list[int], token: Token) -> int:
    if not opened:
        raise FormulaError(
            f"this {token.text} closes nothing",
            source=source,
            start=token.start,
            end=token.end,
            hint="remove it, or open a bracket before it",
        )
    opener = tokens[opened[-1]]
    if _CLOSER[opener.text] != token.text:
        raise FormulaError(
            f"this {opener.text} is still open where {token.text} comes",
            source=source,
            start=opener.start,
            end=opener.end,
            hint=f"close it with {_CLOSER[opener.text]}",
        )
    return opened.pop()
