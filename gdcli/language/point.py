"""Points: `x1=1, x2=-2`, or `1,-2` in the order of the variables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NoReturn

from gdcli.errors import FormulaError, UsageError
from gdcli.language.brackets import pair
from gdcli.language.formula import Formula, declared, parse
from gdcli.language.lexer import tokenize
from gdcli.language.names import canonical
from gdcli.language.tokens import Token
from gdcli.suggest import nearest

Piece = tuple[str | None, int, int]


def parse_point(text: str, variables: Sequence[str]) -> dict[str, Formula]:
    """One formula without variables for each of `variables`, in their order.

    FormulaError (its span in `text`) where a coordinate is unreadable, missing, superfluous, unknown or double.
    """
    known = declared(variables)
    pieces = list(_pieces(text))
    named = [name for name, _, _ in pieces if name is not None]
    if named and len(named) < len(pieces):
        _, start, end = next(piece for piece in pieces if piece[0] is None)
        _fail("a coordinate without its name", text, start, end, "name all coordinates or none: x=1, y=2")
    if not named:
        return _in_order(text, pieces, known)
    point: dict[str, Formula] = {}
    for name, start, end in pieces:
        _check_name(text, str(name), start, end, known, point)
        point[str(name)] = _coordinate(text, start, end)
    missing = [name for name in known if name not in point]
    if missing:
        _fail(f"no value for {_some(missing)}", text, 0, len(text), "give every variable: x=1, y=2")
    return {name: point[name] for name in known}


def _in_order(text: str, pieces: list[Piece], known: tuple[str, ...]) -> dict[str, Formula]:
    if len(pieces) != len(known):
        given = f"{len(pieces)} coordinate{'s' if len(pieces) > 1 else ''}"
        cause = f"{given} for {len(known)} variable{'s' if len(known) != 1 else ''} ({_some(known)})"
        _fail(cause, text, 0, len(text), "give one each, separated by commas; decimals have a point")
    return {name: _coordinate(text, start, end) for name, (_, start, end) in zip(known, pieces, strict=True)}


def _some(names: Sequence[str]) -> str:
    return ", ".join(names[:10]) + (", ..." if len(names) > 10 else "")


def _check_name(text: str, name: str, start: int, end: int, known: tuple[str, ...], point: dict[str, Formula]) -> None:
    if name not in known:
        found = nearest(name, known)
        hint = f"did you mean {found}?" if found else f"the variables are {_some(known)}"
        _fail(f"there is no variable {name}", text, start, end, hint)
    if name in point:
        _fail(f"{name} is given twice", text, start, end, "give each variable once")


def _coordinate(text: str, start: int, end: int) -> Formula:
    try:
        return parse(text[start:end], variables=())
    except FormulaError as error:
        raise FormulaError(
            error.message, source=text, start=error.start + start, end=error.end + start, hint=error.hint
        ) from None


def _pieces(text: str) -> Iterator[Piece]:
    """(name or None, start, end) of each coordinate; one pair of brackets around them all is allowed."""
    tokens = tokenize(text)
    brackets = pair(text, tokens)
    first, last = 0, len(tokens) - 1
    if brackets.partner.get(0) == last - 1 and (0 in brackets.last_comma):
        first, last = 1, last - 1
    begin = position = first
    while position <= last:
        if position == last or tokens[position].text == ",":
            yield _piece(text, tokens, begin, position)
            begin = position + 1
        position = brackets.partner.get(position, position) + 1


def _piece(text: str, tokens: list[Token], begin: int, stop: int) -> Piece:
    if begin == stop:
        _fail("a coordinate is missing", text, tokens[stop].start, tokens[stop].end, "write x=1, y=2 or 1, 2")
    equals = next((k for k in range(begin, stop) if tokens[k].text == "="), None)
    if equals is None:
        return None, tokens[begin].start, tokens[stop - 1].end
    left = text[tokens[begin].start : tokens[equals].start]
    if equals + 1 == stop:
        _fail(f"the value of {left.strip()} is missing", text, tokens[equals].start, tokens[equals].end, "write x=1")
    try:
        name = canonical(left)
    except UsageError as error:
        _fail(error.message, text, tokens[begin].start, tokens[equals].end, error.hint)
    return name, tokens[equals + 1].start, tokens[stop - 1].end


def _fail(cause: str, text: str, start: int, end: int, hint: str | None) -> NoReturn:
    raise FormulaError(cause, source=text, start=start, end=end, hint=hint)
