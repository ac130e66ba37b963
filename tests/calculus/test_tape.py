"""Long partials: a tape that says the same as the partials in full, and is short where they are not."""

from __future__ import annotations

from itertools import pairwise

import mpmath
import pytest
import sympy

from gdcli.calculus import lengthy
from gdcli.calculus.numeric import Numeric
from gdcli.calculus.report import gradient_report
from gdcli.calculus.shared import LONG, shared
from gdcli.errors import ExhaustedError
from gdcli.language import parse
from gdcli.results.grad import GradientReport


def chain(depth: int) -> str:
    text = "x"
    for k in range(depth):
        text = (f"sin({text})", f"exp(-({text})/2)", f"(1 + ({text})^2)/2")[k % 3]
    return text


def value(report: GradientReport, name: str, place: dict[str, mpmath.mpf]) -> mpmath.mpf:
    """A partial read back from its text, the lines of the tape before it."""
    known = dict(place)
    for line, piece in (report.tape or {}).items():
        known[line] = Numeric(parse(piece.text).tree).at(known)
    return Numeric(parse(report.partials[name].text).tree).at(known)


FORMULAS = [
    chain(54),
    "+".join(f"softplus(-({k}*x/17 + y/{k} + sin(x*y)))" for k in range(1, 80)),
    "(sin(x*y)+cos(x-y))^7*exp(sin(x*y)+cos(x-y))" + "".join(f"*(x^2+y^2+{k})" for k in range(1, 16)),
    "max(x, y)" + "".join(f"*(1+softplus(x*y+{k}))" for k in range(1, 20)),
]


@pytest.mark.parametrize("formula", FORMULAS)
def test_the_tape_says_what_the_partials_in_full_say(formula: str) -> None:
    taped = gradient_report(parse(formula), None, None)
    full = gradient_report(parse(formula), None, None, expand=True)
    assert taped.tape
    assert full.tape is None
    with mpmath.workdps(40):
        place = {"x": mpmath.mpf(3) / 7, "y": mpmath.mpf(-5) / 11}
        for name in taped.partials:
            truth = value(full, name, place)
            assert abs(value(taped, name, place) - truth) <= mpmath.mpf(10) ** -33 * (1 + abs(truth))
    lines = [*taped.tape.values(), *taped.partials.values()]
    assert sum(len(line.text) for line in lines) < sum(len(partial.text) for partial in full.partials.values())


def test_every_name_stands_after_those_it_needs() -> None:
    tape = gradient_report(parse(chain(54)), None, None).tape or {}
    known = {"x"}
    for name, piece in tape.items():
        assert set(parse(piece.text).variables) <= known
        known.add(name)


def test_short_partials_have_no_tape() -> None:
    report = gradient_report(parse("sin(x*y)^2 + cos(x*y)"), None, None)
    assert report.tape is None
    assert "tape" not in report.as_json()


def test_names_of_the_formula_are_not_used_again() -> None:
    text = chain(54).replace("(x)", "(t1)")
    tape = gradient_report(parse(text), None, None).tape or {}
    assert tape
    assert all(name.startswith("s") for name in tape)


def test_latex_of_long_partials_is_written_where_it_is_asked_for() -> None:
    formula = parse(chain(54))
    report = gradient_report(formula, None, None)
    assert report.as_json()["latex"] is None
    assert report.as_json()["latex_reason"]
    asked = gradient_report(formula, None, None, with_latex=True)
    assert asked.as_json()["latex"]["partials"]["x"]
    assert all(piece.latex for piece in (asked.tape or {}).values())
    assert asked.symbols["t1"] == "t_{1}"


def test_what_nobody_can_read_is_refused_in_full(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lengthy, "UNREADABLE", 2000)
    assert gradient_report(parse(chain(54)), None, None).tape
    with pytest.raises(ExhaustedError, match="in full"):
        gradient_report(parse(chain(54)), None, None, expand=True)


def test_what_shares_little_is_written_in_full() -> None:
    x = sympy.symbols("x1:400", real=True)
    found = shared([sympy.Add(*(v**2 * w for v, w in pairwise(x)))])
    assert found.nodes > LONG
    assert not found.names
