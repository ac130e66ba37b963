"""A run for people: what runs, a line a step whose columns keep their place, and what came of it."""

from __future__ import annotations

import math
import textwrap
from decimal import ROUND_CEILING, ROUND_FLOOR, Context

from gdcli.escape import visible
from gdcli.render import Look
from gdcli.results.descend import Bound, Constants, RunHead, RunReport, StepReport

FULL = (
    ("step", 9),
    ("R(theta)", 15),
    ("gap R - R*", 12),
    ("bound", 10),
    ("|grad R|", 10),
    ("eta", 10),
    ("time", 9),
)
# A stochastic run shows the averaged iterate beside the last one: the bound is for the average.
STOCHASTIC = (
    ("step", 9),
    ("epoch", 8),
    ("R(theta)", 13),
    ("gap R - R*", 12),
    ("avg. gap", 10),
    ("its bound", 10),
    ("eta", 9),
    ("time", 9),
)


def head(head: RunHead, look: Look) -> str:
    """Data, risk, method and constants in a few lines, then the table's header."""
    lines = [
        *_data(head, look),
        _risk(head),
        _constants(head.constants),
        *_method(head),
        *_convexity(head),
        _optimum(head),
    ]
    if look.verbose:
        lines += [f"  {choice}" for choice in head.data.choices]
        lines += [f"  phi'' = {head.loss_second}", f"  sha256 {head.data.sha256}"]
    columns = FULL if head.sampling is None else STOCHASTIC
    title = "".join(_named(name, head).rjust(width) for name, width in columns)
    return "\n".join([*_wrapped(lines, look), "", look.paint(title, "bold"), ""])


def _named(column: str, head: RunHead) -> str:
    """Where no R* is claimed the gap's column is the distance to the local minimum."""
    return "R - R_loc" if column == "gap R - R*" and head.optimum.status == "local" else column


def step(step: StepReport, look: Look) -> str:
    """One line of the table."""
    shown = {
        "step": str(step.step),
        "epoch": f"{step.epoch:.3g}",
        "R(theta)": f"{step.risk:.8g}",
        "gap R - R*": gap(step.gap, step.gap_lower, step.gap_upper)
        if step.above_local is None
        else f"{step.above_local:.4g}",
        "avg. gap": "-" if step.averaged_gap is None else f"{step.averaged_gap:.3g}",
        "|grad R|": f"{step.gradient_norm:.3g}",
        "eta": f"{step.eta:.3g}",
        "time": f"{step.seconds:.2f} s",
    }
    shown["bound"] = shown["its bound"] = "-" if step.bound is None else f"{step.bound:.3g}"
    columns = FULL if step.averaged_gap is None else STOCHASTIC
    return "".join(shown[name].rjust(width) for name, width in columns) + "\n"


def result(result: RunReport, look: Look) -> str:
    """The certified gap, R*, the bound, why it stopped, and theta in the file's units."""
    lines = [
        "",
        look.paint(_headline(result), "bold"),
        f"R(theta_T) = {result.risk:.12g}   {_reference(result)}",
        *_averaged(result),
        *[_bound(bound) for bound in (result.bounds if look.verbose else result.bounds[:1])],
        _work(result),
        "theta (in the file's units):  "
        + "   ".join(f"{visible(name)} {value:.6g}" for name, value in result.theta.items()),
    ]
    return "\n".join(_wrapped(lines, look)) + "\n"


def _work(result: RunReport) -> str:
    counts = ((result.step, "step"), (result.epoch, "epoch"), (result.row_gradients, "row gradient"))
    done = ", ".join(_number_of(number, noun) for number, noun in counts)
    return f"{done}, {result.seconds:.2f} s; stopped: {result.stopped}"


def gap(value: float, lower: float, upper: float) -> str:
    """The gap with the digits that are certain; `< floor` where the interval is all that is known, `~` if unproven."""
    if not math.isfinite(value):
        return str(value)
    if not math.isfinite(upper):
        return f"~ {value:.2g}"
    if upper - lower > 0.5 * value:
        return f"< {upper:.1e}"
    return f"{value:.4g}"


def _headline(result: RunReport) -> str:
    if result.above_local is not None:
        return f"R(theta_T) - R_loc  =  {result.above_local:.3g}   (no R* is claimed, and nothing is certified)"
    if not math.isfinite(result.gap_upper):
        return f"Risk gap  R(theta_T) - R*  =  {result.gap:.3g}   (nothing is certified)"
    shown = _interval_digits(result.gap, result.gap_lower, result.gap_upper)
    lower, upper = _rounded(result.gap_lower, shown, ROUND_FLOOR), _rounded(result.gap_upper, shown, ROUND_CEILING)
    interval = f"[{lower:.{shown}e}, {upper:.{shown}e}]"
    return f"Risk gap  R(theta_T) - R*  =  {_gap_digits(result, shown)}   certified in {interval}"


def _rounded(value: float, digits: int, direction: str) -> float:
    """`value` to so many digits behind the point, rounded outwards: what is printed is certified, too."""
    return float(Context(prec=digits + 1, rounding=direction).create_decimal(value))


def _gap_digits(result: RunReport, shown: int) -> str:
    short = gap(result.gap, result.gap_lower, result.gap_upper)
    return short if short.startswith("<") else f"{result.gap:.{max(shown - 1, 2)}e}"


def _interval_digits(value: float, lower: float, upper: float) -> int:
    """As many digits as it takes to tell the ends of the interval apart, 3 to 12."""
    if value <= 0.0 or upper <= lower:
        return 3
    return min(12, max(3, math.ceil(-math.log10((upper - lower) / value)) + 1))


def _reference(result: RunReport) -> str:
    optimum = result.head.optimum
    if optimum.local_minimum is not None:
        return f"R_loc = {optimum.local_minimum:.12g}, a local minimum by {optimum.method} ({optimum.reason})"
    shown = f"R* = {result.risk_optimum:.12g}"
    if optimum.status == "attained":
        return f"{shown} by {optimum.method}, proven to {optimum.omega:.1e}"
    what = "infimum, not attained" if optimum.status == "infimum" else "not proven"
    return f"{shown} ({what}; {optimum.method})"


def _averaged(result: RunReport) -> list[str]:
    if result.averaged is None:
        return []
    averaged = result.averaged
    shown = gap(averaged.gap, averaged.gap_lower, averaged.gap_upper)
    return [f"averaged iterate: gap {shown} ({result.head.averaging})"]


def _bound(bound: Bound) -> str:
    ratio = "" if bound.ratio is None else f", {bound.ratio:.3g} times the measured gap of the {bound.of}"
    verdict = "" if bound.ratio is None else ("; it holds" if bound.ratio >= 1.0 else "; this run lies above it")
    return f"theory, {bound.name}: gap <= {bound.value:.3g} ({bound.condition}){ratio}{verdict}"


def _data(head: RunHead, look: Look) -> list[str]:
    data = head.data
    parts = [head.loss + " loss", head.model + " model"]
    parts += ["intercept" if data.intercept else "no intercept"]
    parts += ["standardised" if data.standardised else "raw features"]
    parts += [f"l2 = {head.l2:g}"] if head.l2 else []
    target = f'target "{visible(data.target)}"'
    if data.labels is not None and head.signs:
        target += f" ({visible(data.labels[0])} -> -1, {visible(data.labels[1])} -> +1)"
    name = look.paint(visible(data.data, 4096), "bold")
    shape = f"{_number_of(data.rows, 'row')} x {_number_of(data.features, 'feature')}"
    return [f"{name}  {shape}, {target}  |  {', '.join(parts)}"]


def _risk(head: RunHead) -> str:
    penalty = f" + {head.l2:g}/2 ||theta||^2" if head.l2 else ""
    formula = head.loss_formula
    return (
        f"R(theta) = (1/{head.data.rows}) sum {formula}{penalty},  p = theta.x     d loss/dp = {head.loss_derivative}"
    )


def _constants(constants: Constants) -> str:
    kappa = "" if constants.kappa is None else f"  kappa = L/mu = {constants.kappa:.3g}"
    if constants.kappa_raw is not None:
        raw = f"{constants.kappa_raw:.2g}" if math.isfinite(constants.kappa_raw) else "infinite to rounding"
        kappa += f" ({raw} raw)" if kappa else f"  cond X^T X = {raw} raw"
    if constants.local:
        L = f"L = {constants.L:.6g} on the level set of theta_0" if math.isfinite(constants.L) else "no L known"
        return f"{L} (phi'' is not bounded)  mu = {constants.mu:.4g}{kappa}"
    return f"L = {constants.L:.6g}  mu = {constants.mu:.4g}{kappa}  L_max = {constants.L_max:.4g}"


def _method(head: RunHead) -> list[str]:
    eta = (
        f"eta = {head.schedule} = {head.eta:.4g}"
        if head.sampling is None
        else f"eta_t = {head.schedule}, eta_0 = {head.eta:.4g}"
    )
    lines = [f"{head.method.upper()}: {head.update};  {eta}, theta_0 = 0"]
    if head.sampling is not None:
        draws = {"uniform": "i uniform in 1..N, with replacement", "shuffle": "rows shuffled each epoch"}[head.sampling]
        lines.append(f"{draws}, batch {head.batch}, seed {head.seed};  at most {_count(head.steps)} steps")
    return lines


def _convexity(head: RunHead) -> list[str]:
    return [] if head.convexity is None else [f"phi'' = {head.loss_second};  phi is {head.convexity}"]


def _optimum(head: RunHead) -> str:
    optimum = head.optimum
    if optimum.local_minimum is not None:
        return (
            f"local minimum R_loc = {optimum.local_minimum:.12g} ({optimum.method}; {optimum.reason}); no R* is claimed"
        )
    status = {"attained": "", "infimum": ", not attained", "unproven": ", not proven"}[optimum.status]
    return f"R* = {optimum.risk_optimum:.12g}{status} ({optimum.method}; {optimum.reason})"


def _wrapped(lines: list[str], look: Look) -> list[str]:
    """Long lines folded between words; nothing is cut."""
    folded: list[str] = []
    for line in lines:
        folded += textwrap.wrap(line, look.width, subsequent_indent="    ", break_long_words=False) or [""]
    return folded


def _count(number: int) -> str:
    return f"{number:,}".replace(",", " ")


def _number_of(number: float, noun: str) -> str:
    """1 row, 2 rows, 0.5 epochs."""
    shown = _count(number) if isinstance(number, int) else _amount(number)
    return f"{shown} {noun}" if number == 1 else f"{shown} {noun}s"


def _amount(number: float) -> str:
    return _count(round(number)) if number >= 100 else f"{number:.3g}"
