"""Everything an expert wants to know of a run, in blocks: what -v adds to the end."""

from __future__ import annotations

import math
from collections.abc import Iterator

from gdcli.escape import visible
from gdcli.render import Look
from gdcli.render.text.descend.head import (
    DRAWS,
    by_formula,
    derivatives,
    intercept,
    no_L,
    raw_condition,
    risk,
    shape,
    start,
    step_size,
    target,
)
from gdcli.render.text.descend.layout import entry
from gdcli.render.text.descend.numbers import count, gap, known_to, number_of
from gdcli.render.text.descend.parameters import parameters
from gdcli.results.descend import RunReport
from gdcli.results.findings import Averaged, Bound, Kinks

COLUMN = 14
ROOM = 34
"""Columns that a bound's condition needs, to stand beside it."""
Entries = Iterator[tuple[str, str]]


def details(result: RunReport, look: Look) -> list[str]:
    """The blocks, each with its title."""
    blocks = {
        "Data": _block(_data(result), look),
        "Risk": _block(_risk(result), look),
        "Optimum and certificate": _block(_optimum(result), look),
        "Constants": _block(_constants(result), look),
        "Bounds": _bounds(result.bounds, look),
        "Run": _block(_run(result), look),
        "Parameters, in the file's units": parameters(result, look),
    }
    return [line for title, lines in blocks.items() if lines for line in ("", look.paint(title, "bold"), *lines)]


def _block(entries: Entries, look: Look) -> list[str]:
    return [line for label, text in entries for line in entry(label, text, look, COLUMN, indent=2)]


def _data(result: RunReport) -> Entries:
    head, data = result.head, result.head.data
    yield "source", visible(data.data, 4096)
    yield "sha256", data.sha256
    yield "shape", f"{shape(data)}, {target(head)}"
    rest = " (of the rows that are not separated)" if 0 < head.optimum.separated_count < data.rows else ""
    yield "rank", f"{head.constants.rank} of {number_of(len(result.theta), 'parameter')}{rest}{_deficient(result)}"
    if data.standardised:
        moved = "mean 0 and root mean square 1" if data.intercept else "root mean square 1, not centred"
        yield "scaling", f"standardised: {moved} (means and scales: --json)"
    else:
        yield "scaling", "raw, as in the file"


def _deficient(result: RunReport) -> str:
    """Rank is decided by rounding, and R* rests on it."""
    return (
        "; dependent to rounding counts as dependent" if (result.head.constants.rank or 0) < len(result.theta) else ""
    )


def _risk(result: RunReport) -> Entries:
    head = result.head
    yield "R(theta)", risk(head)
    yield "loss", head.loss
    for shown in derivatives(head):
        name, _, formula = shown.partition(" = ")
        yield name, formula.removeprefix("dphi/dp = ")
    if head.convexity is not None:
        yield "convexity", head.convexity
    yield "model", head.model if by_formula(head) else f"{head.model}, {intercept(head)}"
    if head.l1:
        yield "lambda_1", f"{head.l1:g} (in the coordinates as optimised)"
    if head.l2 or not head.l1:
        yield "lambda", f"{head.l2:g}" + (" (in the coordinates as optimised)" if head.l2 else ", no penalty")


def _optimum(result: RunReport) -> Entries:
    optimum = result.head.optimum
    if optimum.lowest is not None:
        what = "a local minimum" if optimum.status == "local" else "the lowest risk found, not converged"
        yield "R_loc", f"{optimum.lowest:.12g}, {what}: no R* is claimed"
    else:
        yield "R*", f"{known_to(optimum.risk_optimum or 0.0, optimum.gap_floor)}, {optimum.status}"
    yield "method", optimum.method
    yield "because", optimum.reason
    if optimum.newton_decrement is not None and math.isfinite(optimum.newton_decrement):
        yield "nu", f"{optimum.newton_decrement:.3g}, the Newton decrement at theta_hat"
    if optimum.lambda_min is not None:
        yield "lambda_min", f"{optimum.lambda_min:.4g}, the least eigenvalue of the Hessian in theta there"
    if optimum.concordance is not None:
        yield "S", f"{optimum.concordance:.4g}, the constant of self-concordance"
    if math.isfinite(optimum.omega):
        yield "omega", f"{optimum.omega:.3g} >= R(theta_hat) - R*"
    if math.isfinite(result.gap_floor):
        yield "floor", f"{result.gap_floor:.3g}: a gap below it cannot be told from 0"
    if math.isfinite(result.gap_upper) and result.above_local is None:
        yield "gap", f"{result.gap!r} in [{result.gap_lower!r}, {result.gap_upper!r}]"


def _constants(result: RunReport) -> Entries:
    head, constants = result.head, result.head.constants
    where = ", on the level set of theta_0" if constants.local else ", everywhere"
    yield "L", f"{constants.L:.10g}{where}" if math.isfinite(constants.L) else no_L(head)
    if math.isfinite(constants.L_max):
        yield "L_max", f"{constants.L_max:.10g}, of the worst single row"
    yield "mu", f"{constants.mu:.10g}" if constants.mu > 0.0 else "0: strong convexity is not proven"
    if constants.kappa is not None and math.isfinite(constants.kappa):
        yield "kappa", f"{constants.kappa:.6g} = L/mu"
    if constants.lipschitz is not None:
        yield "sup |phi'|", f"{constants.lipschitz:g}"
    if constants.G is not None:
        yield "G", f"{constants.G:.10g} >= ||subgradient of a row||"
    yield from _condition(result)
    if constants.sigma2 is not None:
        yield "sigma*^2", f"{constants.sigma2:.6g}, the mean of ||grad phi_i(theta*)||^2"
    if constants.distance is not None:
        yield "D", f"{constants.distance:.6g} = ||theta_0 - theta*||, in the coordinates as optimised"


def _condition(result: RunReport) -> Entries:
    """cond(X^T X) before and after scaling."""
    before, after = raw_condition(result.head.constants), result.condition
    if before and not result.head.data.standardised:
        yield "cond X^T X", before
    elif before and after is not None:
        scaled = f"{after:.4g}" if math.isfinite(after) else "infinite to rounding"
        yield "cond X^T X", f"{before} raw, {scaled} as optimised"
    elif before:
        yield "cond X^T X", f"{before} raw"


def _bounds(bounds: tuple[Bound, ...], look: Look) -> list[str]:
    """A table: what each theorem promises, how many times the measured gap that is, and under which condition."""
    if not bounds:
        return []
    width = max(len(bound.name) for bound in bounds) + 2
    titles = f"  {'theorem':{width}}{'gap <=':>10}{'/measured':>11}  condition"
    lines = [titles if len(titles) <= look.width else titles.removesuffix("  condition")]
    for bound in bounds:
        value = "-" if bound.value is None else f"{bound.value:.4g}"
        ratio = "-" if bound.ratio is None else f"{bound.ratio:.3g}"
        label = f"{bound.name:{width}}{value:>10}{ratio:>11}  "
        whose = "" if bound.of in bound.condition else f"; {bound.of}"
        condition = bound.condition + whose if bound.met else f"not met: {bound.why} (needs {bound.condition})"
        if look.width - len(label) >= ROOM:
            lines += entry(label, condition, look, len(label), indent=2)
        else:
            lines += [f"  {label.rstrip()}", *entry("", condition, look, 2, indent=4)]
    return lines


def _run(result: RunReport) -> Entries:
    head = result.head
    yield "method", f"{head.method}: {head.update}"
    yield "step size", step_size(head) + _until(head.eta, result.eta_last)
    if head.h is not None and result.h_last is not None:
        yield "h = eta L", f"{head.h:.6g}" + _until(head.h, result.h_last)
    yield "start", start(head.theta0)
    if head.sampling is not None:
        yield "sampling", f"{head.sampling} ({DRAWS[head.sampling]}), batch {head.batch}, seed {head.seed}"
        yield "averaging", head.averaging or "none"
    yield "steps", f"{count(result.step)} of at most {count(head.steps)}; {number_of(result.epoch, 'epoch')}"
    yield "row gradients", count(result.row_gradients)
    yield "target gap", f"{head.gap_target:.6g}"
    yield "|grad R|", f"{result.gradient_norm:.6g}"
    if result.averaged is not None:
        yield "average", averaged(result.averaged)
    if result.kinks is not None:
        yield "kinks", kinks(result.kinks)
        if result.kinks.least_norm is not None:
            yield "subgradients", f"the shortest at theta_T has norm {result.kinks.least_norm:.6g}"
        elif result.risk_optimum is None and result.kinks.rows:
            yield "subgradients", "an element of each row's: their mean is possibly none of Clarke's for R"
    times = result.times
    if times.reading is not None and times.preparing is not None:
        prepared = f"{times.preparing:.3f} s preparing (R*, its proof, the constants)"
        yield "time", f"{times.reading:.3f} s reading, {prepared}, {times.descent:.3f} s descent"
    if result.row_gradients_per_second is not None:
        yield "speed", f"{result.row_gradients_per_second:.3g} row gradients/s"


def averaged(found: Averaged) -> str:
    """The gap of the averaged iterate."""
    return f"the averaged iterate's gap: {gap(found.gap, found.gap_lower, found.gap_upper, 6)}"


def kinks(found: Kinks) -> str:
    """How many rows sit at a kink, between which slopes, and whether 0 is a subgradient at the optimum."""
    sides = ""
    if found.left is not None and found.right is not None:
        sides = f", one-sided derivatives in [{found.left:g}, {found.right:g}]{_taken(found)}"
    proof = "; 0 is proven to be a subgradient at the optimum" if found.proven_zero else ""
    return f"{number_of(found.rows, 'row')} at a kink of the loss{sides}{proof}"


def _taken(found: Kinks) -> str:
    """The slopes of least norm that the descent took there."""
    if found.used is None:
        return ""
    low, high = found.used
    return f", {low:g} taken" if low == high else f", of which {low:g} to {high:g} taken"


def _until(first: float, last: float) -> str:
    """, 0.5 at the last step; nothing where it is as it was at the first."""
    return "" if first == last or math.isnan(last) else f", {last:.6g} at the last step"
