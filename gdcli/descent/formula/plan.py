"""From a formula and options to everything a descent on it needs: kernel, constants, method and step sizes."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from gdcli.calculus.interval.box import Ranges
from gdcli.descent.formula.asked import Field
from gdcli.descent.formula.facts import Facts, facts
from gdcli.descent.method import Matrix, Method, Vector, find
from gdcli.descent.schedules import ARGUMENTS, Schedule, schedule, written_out
from gdcli.errors import DomainError, UsageError
from gdcli.kernels.derived import Derived
from gdcli.kernels.interpret import scalars
from gdcli.language import Formula, parse
from gdcli.language.budget import USUAL, Budget, within
from gdcli.language.tree import Variable, walk

STEPS = 10_000
GRADIENT = 1e-8
# What a step size may rest on only where there are rows.
ON_DATA = ("D", "G")
HALVINGS = 60


@dataclass(frozen=True, slots=True)
class Options:
    """What a user may choose; None leaves the choice to the formula or the method."""

    method: str = "gd"
    eta: str | None = None
    steps: int = STEPS
    gradient: float = GRADIENT
    gap: float | None = None
    every: int | None = None
    keep_path: bool = False
    budget: Budget = USUAL


@dataclass(frozen=True)
class Plan:
    """A descent before its first step. `field` gives (f, grad f) at x; `eta_reason` says where the step comes from."""

    formula: Formula
    options: Options
    facts: Facts
    field: Field
    bends: Callable[[Vector], Matrix]
    method: Method
    schedule: Schedule
    eta_reason: str

    @property
    def start(self) -> Vector:
        """x0."""
        return np.array(self.facts.start)

    @property
    def eta0(self) -> float:
        """The first step size, not a number where the method finds it itself."""
        return math.nan if self.method.sized else float(self.schedule.etas(0, 1)[0])


def prepare(formula: Formula, at: Mapping[str, Formula], on: Ranges | None, options: Options) -> Plan:
    """Read the options against the formula; whatever cannot be done is an error here, before the first step."""
    method = find(options.method, whole=True)
    _check(formula, method, options)
    known = within(facts, formula, at, on, "hessian" in method.asks, budget=options.budget)
    if "coordinates" in method.asks and not (known.L or 0.0) > 0.0:
        message = f"{options.method} needs L, and none is known on {known.region}"
        raise UsageError(message, hint="give a box with --on, or use --method armijo")
    field = _field(known)
    start = np.array(known.start)
    value, slope = field(start)
    if not (math.isfinite(value) and np.all(np.isfinite(slope))):
        what = "f has no value" if not math.isfinite(value) else "f has no gradient"
        raise DomainError(f"{what} at the starting point", hint="start at a point inside the domain, off the kinks")
    if options.gap is not None and not known.mu > 0.0:
        raise UsageError(
            f"--gap needs strong convexity, and no mu > 0 is proven on {known.region}",
            hint="give a box on which f is strongly convex with --on, or stop by --grad-tol",
        )
    sizes, reason = _step_sizes(known, field, method, options)
    sizes.etas(0, 1)
    return Plan(formula, options, known, field, _bends(known), method, sizes, reason)


def _check(formula: Formula, method: Method, options: Options) -> None:
    if not formula.variables:
        raise DomainError("f is a constant: there is nothing to minimise", hint="give a formula with a variable")
    if method.draws:
        raise UsageError(f"{options.method} draws rows of data, and a formula has none", hint="use --method gd")
    if "optimum" in method.asks:
        raise UsageError(f"{options.method} needs min f, which is not known", hint="use --method armijo")
    if options.eta is not None and method.sized:
        raise UsageError(f"{options.method} finds its step sizes itself", hint="leave --eta away")
    for name, value in (("--grad-tol", options.gradient), ("--gap", options.gap)):
        if value is not None and not 0.0 <= value < math.inf:
            raise UsageError(f"{name} is {value}", hint=f"{name} takes a finite number that is not negative")


def _field(known: Facts) -> Field:
    """(f, grad f) at x: nan outside the domain, infinite beyond the doubles."""
    numbers = _numbers(known.kernel, 1 + len(known.start))

    def field(x: Vector) -> tuple[float, Vector]:
        found = numbers(x)
        return float(found[0]), found[1:]

    return field


def _bends(known: Facts) -> Callable[[Vector], Matrix]:
    """H at x."""
    size = len(known.start)
    numbers = None if known.bends is None else _numbers(known.bends, size * size)

    def bends(x: Vector) -> Matrix:
        assert numbers is not None  # derived for the methods that ask for it
        return numbers(x).reshape(size, size)

    return bends


def _numbers(kernel: Derived, count: int) -> Callable[[Vector], Vector]:
    """The kernel's numbers at x, all nan outside the domain, all infinite beyond the doubles."""
    (function,) = scalars(kernel)

    def numbers(x: Vector) -> Vector:
        try:
            found = function(*x.tolist())
        except OverflowError:
            return np.full(count, math.inf)
        except (ValueError, ZeroDivisionError):
            return np.full(count, math.nan)
        if any(isinstance(number, complex) for number in found):
            return np.full(count, math.nan)
        return np.array(found, dtype=np.float64)

    return numbers


def _step_sizes(known: Facts, field: Field, method: Method, options: Options) -> tuple[Schedule, str]:
    """--eta; else the method's own schedule where L is known; else a constant found at x0."""
    eta0, halvings = _first_step(known, field)
    L = math.nan if known.L is None or known.L == 0.0 else known.L
    values = {"L": L, "L_max": L, "mu": known.mu, "N": 1.0, "T": float(options.steps), "eta0": eta0}
    values |= dict.fromkeys(ON_DATA, math.nan)
    if options.eta is not None:
        _check_names(options.eta, known)
        return schedule(options.eta, 1, values, budget=options.budget), f"as given by --eta {options.eta}"
    if method.sized:
        return schedule("1", 1, values), f"chosen by {options.method} at every step"
    own = _own_schedule(method, L)
    if own is not None:
        reason = f"L proven on {known.region}" if "L" in own else f"the default of {options.method}"
        return schedule(own, 1, values, budget=options.budget), f"{own}, {reason}"
    base = "1/||H(x0)||" if _norm(known) > 0.0 else "1, for want of a curvature at x0"
    count = "once" if halvings == 1 else f"{halvings} times"
    times = "" if halvings == 0 else f", halved {count} until f fell"
    return schedule(repr(eta0), 1, values), f"{base}{times}: a guess, no L > 0 is known on {known.region}"


def _own_schedule(method: Method, L: float) -> str | None:
    """The first of the method's schedules whose constants are known of a formula."""
    unknown = {"D", "G", "L_max", *(() if L > 0.0 else ("L",))}
    fitting = (formula for formula in method.schedules if unknown.isdisjoint(_names(formula)))
    return next(fitting, None)


def _names(formula: str) -> set[str]:
    return {node.name for node, _ in walk(parse(formula, variables=ARGUMENTS).tree) if isinstance(node, Variable)}


def _first_step(known: Facts, field: Field) -> tuple[float, int]:
    """1/||H(x0)||, halved until f(x0 - eta g) <= f(x0) - eta ||g||^2/4; 1 where H(x0) is 0 or does not exist."""
    norm = _norm(known)
    eta = 1.0 / norm if norm > 0.0 else 1.0
    start = np.array(known.start)
    value, slope = field(start)
    fall = float(slope @ slope) / 4.0
    for halvings in range(HALVINGS):
        if field(start - eta * slope)[0] <= value - eta * fall:
            return eta, halvings
        eta /= 2.0
    return eta, HALVINGS


def _norm(known: Facts) -> float:
    """||H(x0)||, 0 where it does not exist in doubles."""
    if known.hessian is None or not np.all(np.isfinite(known.hessian)):
        return 0.0
    return float(np.linalg.norm(np.array(known.hessian), 2))


def _check_names(eta: str, known: Facts) -> None:
    """A step size in L or mu needs them to be known; D and G are known of data alone."""
    used = _names(written_out(eta))
    for name in sorted(used & set(ON_DATA)):
        hint = "give a number, or a formula in t, T, L and mu"
        raise UsageError(f"--eta {eta} needs {name}, which is known for a descent on data only", hint=hint)
    if used & {"L", "L_max"} and not (known.L or 0.0) > 0.0:
        hint = "give a box with --on, or a number: --eta 0.01"
        raise UsageError(f"--eta {eta} needs L, and none is known on {known.region}", hint=hint)
    if "mu" in used and not known.mu > 0.0:
        raise UsageError(f"--eta {eta} needs mu > 0, and none is proven on {known.region}", hint="use --eta 1/L")
