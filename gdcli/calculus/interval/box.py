"""Boxes: `x=-2..2, y=0..inf`, or one range `-2..2` for every variable. Reading them needs no sympy."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NoReturn

from gdcli.errors import FormulaError, UsageError
from gdcli.language import Formula, canonical, parse
from gdcli.suggest import nearest

End = Formula | None
"""A number as a formula without variables; None where the range has no end on that side."""

_UNBOUNDED = {"-inf": -1, "-infinity": -1, "-oo": -1, "inf": 1, "+inf": 1, "infinity": 1, "oo": 1}
_HINT = 'write a range for each variable, "x=-2..2, y=0..inf", or one for all, "-2..2"'


@dataclass(frozen=True, slots=True)
class Ranges:
    """What was asked for: `source` as typed, and (low, high) of every variable."""

    source: str
    ends: Mapping[str, tuple[End, End]]


def everywhere(variables: Sequence[str]) -> Ranges:
    """All of R^n."""
    return Ranges("", dict.fromkeys(variables, (None, None)))


def parse_box(text: str, variables: Sequence[str]) -> Ranges:
    """The ranges of a box for `variables`.

    Raises FormulaError, its span in `text`, where a range is unreadable, missing, unknown or given twice.
    """
    pieces = list(_pieces(text))
    if len(pieces) == 1 and "=" not in pieces[0][0]:
        ends = _range(text, *pieces[0])
        return Ranges(text, dict.fromkeys(variables, ends))
    found: dict[str, tuple[End, End]] = {}
    for piece, start in pieces:
        name, equals, rest = piece.partition("=")
        if not equals:
            _fail("a range without its variable", text, start, len(piece), _HINT)
        variable = _variable(text, name, start, variables)
        if variable in found:
            _fail(f"{variable} is given twice", text, start, len(name), "give each variable one range")
        found[variable] = _range(text, rest, start + len(name) + 1)
    missing = [name for name in variables if name not in found]
    if missing:
        _fail(f"no range for {', '.join(missing[:10])}", text, 0, len(text), _HINT)
    return Ranges(text, {name: found[name] for name in variables})


def _pieces(text: str) -> Iterator[tuple[str, int]]:
    """The parts between commas outside brackets, with their places."""
    depth = start = 0
    for position, letter in enumerate(text):
        depth += (letter in "([{") - (letter in ")]}")
        if letter == "," and depth == 0:
            yield text[start:position], start
            start = position + 1
    yield text[start:], start


def _variable(text: str, name: str, start: int, variables: Sequence[str]) -> str:
    try:
        variable = canonical(name)
    except UsageError as error:
        _fail(error.message, text, start, len(name), error.hint)
    if variable not in variables:
        meant = nearest(variable, variables)
        hint = f"did you mean {meant}?" if meant else f"the variables are {', '.join(variables)}"
        _fail(f"there is no variable {variable}", text, start, len(name), hint)
    return variable


def _range(text: str, piece: str, start: int) -> tuple[End, End]:
    parts = re.split(r"\.\.\.?", piece)
    if len(parts) != 2:
        _fail("not a range", text, start, len(piece), _HINT)
    low, high = parts
    second = start + len(piece) - len(high)
    return _end(text, low, start, -1), _end(text, high, second, 1)


def _end(text: str, piece: str, start: int, side: int) -> End:
    sign = _UNBOUNDED.get(piece.replace(" ", ""))
    if sign is not None:
        if sign != side:
            _fail(f"{piece.strip()} on the wrong side of a range", text, start, len(piece), "write -inf..inf")
        return None
    try:
        return parse(piece, variables=())
    except FormulaError as error:
        raise FormulaError(
            error.message, source=text, start=error.start + start, end=error.end + start, hint=error.hint
        ) from None


def _fail(cause: str, text: str, start: int, length: int, hint: str | None) -> NoReturn:
    raise FormulaError(cause, source=text, start=start, end=start + max(length, 1), hint=hint)
