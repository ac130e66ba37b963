"""The reasons of a verdict in sentences."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import sympy

from gdcli.calculus.definition import Side
from gdcli.calculus.differentiability.oscillation import INFINITE, Oscillation
from gdcli.calculus.differentiability.paths import Path
from gdcli.calculus.differentiability.proof import Bound
from gdcli.calculus.differentiability.rounding import decimal_up
from gdcli.calculus.differentiability.verdict import Finding, Partial, Verdict
from gdcli.calculus.differentiability.witness import Witness
from gdcli.calculus.words import reason as slope_reason
from gdcli.calculus.words import side as side_words
from gdcli.language.text import text

SMOOTH = "every piece of the formula is smooth at the point"


def continuity(verdict: Verdict, names: Sequence[str], start: Sequence[sympy.Expr]) -> tuple[str, ...]:
    """Why f is continuous there, or is not."""
    finding = verdict.continuous
    if finding.how == "smooth":
        return (f"{SMOOTH}.",)
    if finding.bound is not None:
        return (inequality("f(x0 + h) - f(x0)", finding.bound, len(names)) + ".",)
    if finding.witness is not None:
        return (_value(finding.witness, names, start),)
    if finding.how == "limit":
        return ("the one-sided limits of f are f(x0), on each side on which f is defined.",)
    if finding.how == "differentiable":
        return ("f is differentiable there.",)
    return ("no bound of f(x0 + h) - f(x0) was found, and no path on which it does not go to 0.",)


def existence(verdict: Verdict) -> tuple[str, ...]:
    """Why the partials exist, or do not; where one is missing its own line says so."""
    finding = verdict.partials_exist
    if finding.how == "smooth":
        return (f"{SMOOTH}.",)
    if finding.how == "differentiable":
        return ("f is differentiable there.",)
    if finding.how == "limit":
        return ("the difference quotient along each axis has the same limit from both sides.",)
    return ()


def differentiability(verdict: Verdict, names: Sequence[str], start: Sequence[sympy.Expr]) -> tuple[str, ...]:
    """Why f is differentiable there, or is not."""
    finding = verdict.differentiable
    match finding.how:
        case "smooth":
            return (f"{SMOOTH}, so the partials are continuous around it.",)
        case "bound" if finding.bound is not None:
            return _proven(finding.bound, len(names))
        case "limit":
            return ("for one variable that is the limit of the difference quotient, and it exists.",)
        case "edge" if finding.witness is not None:
            where = path(finding.witness.path, names, start)
            need = "a derivative needs f on a whole neighbourhood of the point."
            return (f"f is not defined on {where}, however small t > 0 is: {need}", *_one_sided(verdict, names))
        case "discontinuous":
            so = "the partials exist, but " if verdict.gradient is not None else ""
            return (f"{so}a differentiable function is continuous, and f is not.",)
        case "partials":
            return ("a differentiable function has every partial derivative.",)
        case "witness" if finding.witness is not None:
            return _kink(finding, names, start)
        case _:
            return (
                "no bound |r(h)| <= C ||h||^p with p > 1 was found, and no path on which r(h)/||h|| stays away from 0.",
            )


def inequality(of: str, bound: Bound, d: int) -> str:
    """|r(h)| <= 2 ||h||^2 for ||h|| <= 1/4."""
    norm = "|h|" if d == 1 else "||h||"
    constant = decimal_up(bound.constant)
    if not constant:
        return f"{of} = 0 for {norm} <= {bound.radius}"
    factor = "" if constant == 1 else f"{constant:g} "
    return f"|{of}| <= {factor}{norm}{_exponent(bound.order)} for {norm} <= {bound.radius}"


def _exponent(order: Fraction) -> str:
    if order == 1:
        return ""
    return f"^{order}" if order.denominator == 1 else f"^({order})"


def _proven(bound: Bound, d: int) -> tuple[str, ...]:
    norm = "|h|" if d == 1 else "||h||"
    linear = "f'(x0) h" if d == 1 else "grad f(x0)^T h"
    return (
        f"r(h) = f(x0 + h) - f(x0) - {linear}:",
        f"{inequality('r(h)', bound, d)}, so r(h)/{norm} -> 0.",
    )


def path(along: Path, names: Sequence[str], start: Sequence[sympy.Expr]) -> str:
    """x = t, y = t**2."""
    places = (text(a + step) for a, step in zip(start, along.steps(), strict=True))
    return ", ".join(f"{name} = {place}" for name, place in zip(names, places, strict=True))


def number(value: sympy.Expr | None) -> str:
    """A limit: exact, with decimals where it is no integer or fraction."""
    if value is None:
        return "no limit"
    if value in INFINITE:
        return "+infinity" if value == sympy.oo else "-infinity"
    return text(value) if value.is_Rational else f"{text(value)} ~ {float(value):.6g}"


def _value(witness: Witness, names: Sequence[str], start: Sequence[sympy.Expr]) -> str:
    where = f"along {path(witness.path, names, start)} with t -> 0+"
    if witness.wave is not None:
        return f"{where} f has no limit: {oscillates(witness.wave, 'f')}."
    return f"{where}, f -> {number(witness.found)}, but f(x0) = {number(witness.expected)}."


def _kink(finding: Finding, names: Sequence[str], start: Sequence[sympy.Expr]) -> tuple[str, ...]:
    witness = finding.witness
    assert witness is not None
    where = f"along {path(witness.path, names, start)} with t -> 0+ the quotient (f - f(x0))/t"
    tangent = f"({', '.join(map(text, witness.path.tangent))})"
    promise = f"a differentiable f would give grad f . {tangent} = {number(witness.expected)}"
    if witness.wave is not None:
        return (f"{where} has no limit: {oscillates(witness.wave, 'it')}.", f"{promise}.")
    return (
        f"{where} -> {number(witness.found)}, where {promise}.",
        f"So r(h)/||h|| -> {number(witness.ratio)} there, not 0.",
    )


def oscillates(wave: Oscillation, what: str) -> str:
    """it -> 0 where 1/t = 2 pi n, -> 1 where 1/t = pi/2 + 2 pi n."""
    pieces = []
    for phase, found in (wave.first, wave.second):
        turns = "2*pi*n" if phase == 0 else f"{text(phase)} + 2*pi*n"
        pieces.append(f"-> {number(found)} where {text(wave.angle)} = {turns}")
    return f"{what} {', '.join(pieces)} (n -> infinity)"


def slope(partial: Partial) -> str:
    """Why there is no partial."""
    if partial.wave is not None:
        return f"no derivative: {oscillates(partial.wave, 'the quotient')}"
    return slope_reason(partial.slope)


def _one_sided(verdict: Verdict, names: Sequence[str]) -> tuple[str, ...]:
    """On the line, the slope on the side on which f is defined."""
    if len(names) > 1:
        return ()
    (partial,) = verdict.partials
    sides: tuple[tuple[str, Side | None], ...] = (("right", partial.slope.right), ("left", partial.slope.left))
    defined = [(name, side) for name, side in sides if side is not None and side.kind in ("value", "infinite")]
    return tuple(f"from the {name} the slope is {side_words(side)}." for name, side in defined)
