"""The calculus: what a formula's derivatives are, and what follows from them.

A formula is a text, one that `parse` has read, or a sympy expression. Symbolic work has `seconds` and `memory` (a size
such as "500MB"), and raises ExhaustedError where they do not suffice. All raise FormulaError, with the span of the
mistake and the remedy, for what cannot be read, and DomainError where f has no value that is needed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol, TypeVar

from gdcli.api.arguments import checked
from gdcli.api.options import Eta, eta_text, listed
from gdcli.api.points import Point, read_point
from gdcli.language import Formula
from gdcli.language.budget import Budget, within
from gdcli.results.chain import ChainReport
from gdcli.results.check import CheckReport
from gdcli.results.curvature import CurvatureReport
from gdcli.results.derive import DeriveReport
from gdcli.results.differentiable import DifferentiabilityReport
from gdcli.results.grad import GradientReport
from gdcli.results.minimize import MinimizeReport
from gdcli.results.steepest import SteepestReport
from gdcli.results.tangent import TangentReport

SECONDS = 10.0
MEMORY = "2GiB"
R = TypeVar("R")


class Symbolic(Protocol):
    """An expression of sympy."""

    @property
    def free_symbols(self) -> object:
        """Its symbols."""


Text = str | Formula | Symbolic


@checked
def parse(text: str, *, variables: str | Sequence[str] | None = None, strict: bool = False) -> Formula:
    """Read a formula: its tree, its variables in order, and notes on how ambiguous notation was read.

    >>> parse("2x1 + x2").variables
    ('x1', 'x2')

    Raises FormulaError with the span of the mistake and the remedy; with `strict` for ambiguous notation too.
    """
    from gdcli.language import parse

    return parse(text, variables=listed(variables), strict=strict)


@checked
def gradient(
    f: Text,
    at: Point | None = None,
    *,
    wrt: str | Sequence[str] | None = None,
    variables: str | Sequence[str] | None = None,
    seconds: float = SECONDS,
    memory: str = MEMORY,
) -> GradientReport:
    """Partial derivatives and gradient, with their values at the point `at`; `to_numpy()` is grad f there, (d,).

    >>> report = gradient("x1**2*x2", at=(1, -2))
    >>> {name: partial.text for name, partial in report.partials.items()}
    {'x1': '2*x1*x2', 'x2': 'x1**2'}
    >>> report.to_numpy()
    array([-4.,  1.])
    """
    from gdcli.calculus.report import gradient_report

    formula = _formula(f, variables)
    return _within(Budget.of(seconds, memory), gradient_report, formula, _point(at, formula), _names(wrt, formula))


@checked
def derivative(
    f: Text,
    at: Point | None = None,
    *,
    wrt: str | Sequence[str] | None = None,
    variables: str | Sequence[str] | None = None,
    seconds: float = SECONDS,
    memory: str = MEMORY,
) -> DeriveReport:
    """The derivative from its definition: lim (f(x0 + h) - f(x0))/h for h -> 0, from both sides, line by line.

    >>> report = derivative("x^2", at=3)
    >>> report.derivations[0].quotients[0].quotient.text
    'h + 6'
    """
    from gdcli.calculus.difference.report import derive_report

    formula = _formula(f, variables)
    return _within(Budget.of(seconds, memory), derive_report, formula, _point(at, formula), _names(wrt, formula))


@checked
def linearize(
    f: Text, at: Point, *, variables: str | Sequence[str] | None = None, seconds: float = SECONDS, memory: str = MEMORY
) -> TangentReport:
    """The best linear approximation f(x0) + grad f(x0)^T (x - x0) at x0 = `at`, its remainder r(h) and that's decay.

    >>> linearize("x^2", at=1).remainder.text
    'h**2'
    """
    from gdcli.calculus.report_tangent import tangent_report

    formula = _formula(f, variables)
    return _within(Budget.of(seconds, memory), tangent_report, formula, read_point(at, formula))


@checked
def chain(
    outer: str,
    inner: str | Sequence[str],
    at: Point,
    *,
    tape: bool = False,
    variables: str | Sequence[str] | None = None,
    seconds: float = SECONDS,
    memory: str = MEMORY,
) -> ChainReport:
    """The chain rule D(g o f)(x0) = Dg(f(x0)) Df(x0): Jacobians (m, k) and (k, d); `to_numpy()` is their product.

    `outer` is a formula or a list "[g1, g2]"; each of several `inner` ones has its name: "u = x^2 + y". `tape` adds
    reverse accumulation.

    >>> chain("u v", ["u = x^2 + y", "v = x y"], at=(1, 2)).to_numpy()
    array([[10.,  5.]])
    """
    from gdcli.calculus.chain.report import chain_report
    from gdcli.language.composition import parse_composition

    parts = [inner] if isinstance(inner, str) else inner
    functions, outputs = parse_composition(outer, parts, variables=listed(variables))
    point = read_point(at, next(iter(functions.values())))
    return _within(Budget.of(seconds, memory), chain_report, functions, outputs, point, tape)


@checked
def steepest(
    f: Text,
    at: Point,
    *,
    along: Sequence[Point] = (),
    variables: str | Sequence[str] | None = None,
    seconds: float = SECONDS,
    memory: str = MEMORY,
) -> SteepestReport:
    """Steepest ascent grad f/|grad f| and descent, and the slopes grad f^T d/|d| in the directions `along`.

    >>> report = steepest("x^2 + y^2", at=(3, 4), along=[(1, 1)])
    >>> report.point.steepest
    (0.6, 0.8)
    >>> report.along[0].slope.exact.text
    '7*sqrt(2)'

    Raises UsageError for a direction 0.
    """
    from gdcli.calculus.steepest.report import steepest_report

    formula = _formula(f, variables)
    directions = [read_point(direction, formula) for direction in along]
    return _within(Budget.of(seconds, memory), steepest_report, formula, read_point(at, formula), directions)


@checked
def differentiable(
    f: Text,
    at: Point,
    *,
    value: str | None = None,
    variables: str | Sequence[str] | None = None,
    seconds: float = SECONDS,
    memory: str = MEMORY,
) -> DifferentiabilityReport:
    """Is f continuous, does it have its partials, is it differentiable at `at`? Yes with a proof, no with a witness.

    `value` is f there, where the formula itself has none.

    >>> differentiable("|x|", at=0).differentiable.answer
    'no'
    """
    from gdcli.calculus.differentiability.report import differentiability_report
    from gdcli.language import parse

    formula = _formula(f, variables)
    given = None if value is None else parse(value, variables=())
    return _within(Budget.of(seconds, memory), differentiability_report, formula, read_point(at, formula), given)


@checked
def curvature(
    f: Text,
    at: Point | None = None,
    *,
    on: str | None = None,
    variables: str | Sequence[str] | None = None,
    seconds: float = SECONDS,
    memory: str = MEMORY,
) -> CurvatureReport:
    """The Hessian (d, d), convexity with proven mu <= lambda_min and L >= lambda_max, and the step size eta = 1/L.

    They hold on the box `on`, such as "x=-2..2, y=0..1" or "-2..2", by default on all of R^d. `to_numpy()` is the
    Hessian at the point `at`.

    >>> report = curvature("x^2 + 3x y + 5y^2", at=(0, 0))
    >>> report.to_numpy()
    array([[ 2.,  3.],
           [ 3., 10.]])
    >>> report.convexity.verdict
    'convex'

    Raises UsageError for an empty box.
    """
    from gdcli.calculus.curvature.report import curvature_report
    from gdcli.calculus.interval.box import parse_box

    formula = _formula(f, variables)
    box = None if on is None else parse_box(on, formula.variables)
    return _within(Budget.of(seconds, memory), curvature_report, formula, _point(at, formula), box)


@checked
def check(
    f: Text,
    grad: str | Sequence[str] | Mapping[str, str],
    *,
    wrt: str | Sequence[str] | None = None,
    variables: str | Sequence[str] | None = None,
    seconds: float = SECONDS,
    memory: str = MEMORY,
) -> CheckReport:
    """Is `grad` the gradient of f? A text, formulas in the order of the variables, or a mapping of names to formulas.

    >>> check("x^2 y", ["2x y", "x^2"]).right
    True
    >>> check("x^2", "3x").partials[0].counterexample.at["x"].exact.text
    '1'

    Raises UsageError for a formula without variables.
    """
    from gdcli.calculus.check.claim import parse_claim
    from gdcli.calculus.check.report import check_report
    from gdcli.errors import UsageError

    formula = _formula(f, variables)
    if not formula.variables:
        raise UsageError("the formula has no variables: it has no gradient", hint="name them: variables=['x']")
    claims = parse_claim(grad, _names(wrt, formula) or formula.variables, formula.variables)
    return _within(Budget.of(seconds, memory), check_report, formula, claims)


@checked
def minimize(
    f: Text,
    start: Point,
    *,
    method: str = "gd",
    eta: Eta | None = None,
    steps: int = 10_000,
    on: str | None = None,
    grad_tol: float = 1e-8,
    gap: float | None = None,
    every: int | None = None,
    variables: str | Sequence[str] | None = None,
    seconds: float = SECONDS,
    memory: str = MEMORY,
) -> MinimizeReport:
    """x_{t+1} = x_t - eta grad f(x_t) from x_0 = `start`, or another method, until |grad f| <= `grad_tol`.

    The step size is 1/L where L is proven, on R^d or on the box `on`; `eta` is a number or a formula in t, T, L and mu.
    `gap` stops at f - min f <= gap, where mu > 0 is proven. `every` so many steps are logged, by default 1, 2, 3, 5,
    10, ...; `to_numpy()` is their path (T, d), `to_frame()` the log.

    >>> report = minimize("x^2 + 10y^2", start=(10, 1))
    >>> report.stopped
    '|grad f| is as small as asked for'
    >>> report.to_numpy()[0]
    array([10.,  1.])

    Raises UsageError for options that do not fit the formula; a run that fails is a report with an `advice`.
    """
    import time

    from gdcli.calculus.interval.box import parse_box
    from gdcli.descent.formula import report
    from gdcli.descent.formula.plan import Options, prepare
    from gdcli.descent.formula.run import Run

    formula = _formula(f, variables)
    box = None if on is None else parse_box(on, formula.variables)
    size = None if eta is None else eta_text(eta)
    options = Options(method, size, steps, grad_tol, gap, every, budget=Budget.of(seconds, memory))
    at = read_point(start, formula) if formula.variables else {}
    plan = prepare(formula, at, box, options)
    run = Run(plan, time.perf_counter)
    return report.run_report(run, [report.step_report(plan, step) for step in run])


def _formula(f: Text, variables: str | Sequence[str] | None) -> Formula:
    """A formula that was read stays as it is, unless its variables are to be others."""
    from gdcli.language import parse

    if isinstance(f, Formula):
        return f if variables is None else parse(f.source, variables=listed(variables))
    return parse(f if isinstance(f, str) else str(f), variables=listed(variables))


def _point(at: Point | None, formula: Formula) -> dict[str, Formula] | None:
    return None if at is None else read_point(at, formula)


def _names(wrt: str | Sequence[str] | None, formula: Formula) -> tuple[str, ...] | None:
    """The variables to differentiate in. Raises UsageError for one that is not in the formula."""
    from gdcli.errors import UsageError
    from gdcli.language import canonical

    given = listed(wrt)
    if given is None:
        return None
    names = tuple(map(canonical, given))
    for name in names:
        if name not in formula.variables:
            hint = f"its variables are {', '.join(formula.variables)}"
            raise UsageError(f"the formula has no variable {name}", hint=hint)
    return names


def _within(budget: Budget, function: Callable[..., R], *args: object) -> R:
    return within(function, *args, budget=budget)
