"""What the pages of gdcli rate say, whatever the format."""

from __future__ import annotations

import math

from gdcli.render.text.descend.numbers import number_of
from gdcli.results.findings import Bound
from gdcli.results.rate import Contraction, CurveRate, MethodRate, RateReport, Reach, Slope

AXIS = {"evaluations": "passes", "steps": "steps", "time": "seconds"}


def reached(reach: Reach, at: str) -> list[str]:
    """eps, steps, passes (or seconds), growth and its power as cells."""
    growth = "-" if reach.growth is None else f"x{reach.growth:.3g}"
    power = "-" if reach.power is None else f"{reach.power:.2f}"
    if reach.step is None:
        return [f"{reach.eps:.0e}", "-", "-", growth, power]
    beside = reach.seconds if at == "time" else reach.passes
    return [f"{reach.eps:.0e}", f"{'~' if reach.interpolated else ''}{reach.step}", f"{beside:.4g}", growth, power]


def gap(value: float | None, *, below: bool) -> str:
    """A gap of the comparison, - for none."""
    if value is None:
        return "-"
    return f"< {value:.1e}" if below else f"{value:.4g}"


def is_average(curve: CurveRate) -> bool:
    """Whether it is the averaged iterate's."""
    return curve.of != "last iterate"


def name(method: MethodRate, curve: CurveRate) -> str:
    """A curve in a word or two."""
    return f"{method.method} avg." if is_average(curve) else method.method


def step_size(method: MethodRate) -> str:
    """eta = 1/L = 1, or the formula in t with its first value."""
    if method.eta is None:
        return f"eta_t is {method.schedule}"
    if method.schedule.replace(".", "", 1).isdigit():
        return f"eta = {method.schedule}"
    if method.stochastic:
        return f"eta_t = {method.schedule}, eta_0 = {method.eta:.4g}"
    return f"eta = {method.schedule} = {method.eta:.4g}"


def slope(found: Slope, at: str, seeds: int) -> str:
    """The slope with its interval, or why there is none, and where it was taken."""
    if found.value is None or found.first is None or found.last is None:
        return f"no slope: {found.reason}"
    shown = f"slope {found.value:.3f}"
    if found.lower is not None and found.upper is not None:
        shown += f" in [{found.lower:.3f}, {found.upper:.3f}] (95 %, jackknife over {seeds} seeds)"
    shown += f", {found.first:.3g} to {found.last:.4g} {AXIS[at]}"
    if found.left_out:
        shown += f"; {found.left_out} points at the floor of the gap are left out"
    return shown if found.reason is None else f"{shown}; no interval: {found.reason}"


def contraction(found: Contraction) -> str:
    """rho as measured, beside the theory's."""
    parts = [] if found.measured is None else [f"measured {found.measured:.4g} a step"]
    if found.theory is not None:
        parts.append(f"max(|1 - eta mu|, |1 - eta L|) = {found.theory:.4g}")
    return ", ".join(parts)


def bound(found: Bound | None) -> str:
    """The best bound at T, and whether it holds."""
    if found is None:
        return "none is known for this method"
    if not found.met or found.value is None:
        return f"none applies: {found.why}"
    left = "E gap" if found.expected else "gap"
    whose = "" if found.of == "last iterate" else f" of the {found.of}"
    shown = f"{left}{whose} <= {found.value:.3g} ({found.name})"
    if found.ratio is None:
        return shown
    verdict = {True: "it holds", False: "IT DOES NOT HOLD", None: "both are below the rounding of R"}[found.holds]
    return f"{shown}, {found.ratio:.3g} times the measured one: {verdict}"


def runs(method: MethodRate) -> str:
    """What ran."""
    steps = f"at most {number_of(method.steps, 'step')}"
    if not method.stochastic:
        return steps
    drawn = "with replacement" if method.sampling == "uniform" else "shuffled"
    return f"{number_of(method.seeds, 'seed')}, {steps}, batch {method.batch} {drawn}"


def risk(result: RateReport) -> list[str]:
    """The constants of R."""
    parts = [f"L = {result.L:.6g}" if math.isfinite(result.L) else "no L", f"mu = {result.mu:.4g}"]
    parts += [f"L_max = {result.L_max:.4g}"] if math.isfinite(result.L_max) else []
    return parts if result.distance is None else [*parts, f"D = {result.distance:.4g}"]


def optimum(result: RateReport) -> str:
    """R* and where the runs begin."""
    status = {"attained": "", "infimum": ", not attained", "unproven": ", not proven"}[result.optimum]
    return f"R* = {result.risk_optimum:.8g}{status} ({result.optimum_method}); R(theta_0) - R* = {result.gap0:.4g}"
