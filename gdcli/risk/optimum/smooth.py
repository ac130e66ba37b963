"""R* of a smooth loss of a linear model, and the minimiser nearest theta0 (THEORY, section 1)."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from itertools import product

import numpy as np

from gdcli.errors import UsageError
from gdcli.generator import generator
from gdcli.risk.empirical import Vector
from gdcli.risk.models.linear import LinearRisk
from gdcli.risk.optimum.levenberg import from_far, minimise_damped
from gdcli.risk.optimum.linear import LinearOptimum, lowest_point
from gdcli.risk.optimum.newton import NewtonResult, Reduced, minimise
from gdcli.risk.optimum.separation import (
    Rows,
    falls_without_end,
    separated_rows,
    separated_without_cost,
    separates_all,
)
from gdcli.risk.optimum.whiten import Whitening

# How far beyond the edge of the flat part of a hinge its rows are put.
MARGIN = 1e-9
# Random starts where the risk is not known to be convex.
STARTS = 6
# A risk this many times below its start, and no end in sight, has no minimum.
BOTTOMLESS = 1e12
# Of four times as many rows and more, about so many find the start.
PART = 8192
# The share of the largest slope at the start that a loss near its infimum may have.
FLAT = 1e-6
# A risk of this share of the one at the start is as good as its infimum.
NEGLIGIBLE = 1e-30


def find_optimum(risk: LinearRisk, theta0: Vector) -> LinearOptimum:
    """R* by QR for the squared loss, by damped Newton for other smooth convex losses."""
    loss = risk.kernel.loss
    if loss.concordance == 0.0:
        return _least_squares(risk, theta0)
    if loss.target == "real" or not math.isfinite(loss.concordance):
        return _damped(risk, theta0)
    separated = separated_without_cost(risk)
    if separated.all():
        return _nothing_left(risk, np.zeros(risk.width), separated)
    return _newton(risk, theta0, separated)


def _least_squares(risk: LinearRisk, theta0: Vector) -> LinearOptimum:
    """theta0 + A^+ (b - A theta0) with refinements; an L2 term enters as sqrt(N lambda) rows of A.

    Each refinement leaves of the error the share to which the whitening is rounded: two are enough.
    """
    space, theta = risk.whitening, theta0
    for _ in range(3):
        theta = theta + space.basis @ space.project(risk.residual(theta), theta)
    nobody = np.zeros(risk.rows, dtype=bool)
    reason = _rank_note(space, risk) or "the normal equations hold"
    method = "Cholesky with two refinements" if space.left is None else "QR with two refinements"
    return LinearOptimum(risk.value(theta), theta, nobody, space.rank, method, reason, risk)


def _rank_note(space: Whitening, risk: LinearRisk) -> str:
    if space.rank == risk.width:
        return ""
    return f"rank {space.rank} of {risk.width}: the minimiser nearest theta0 is taken"


def _damped(risk: LinearRisk, theta0: Vector) -> LinearOptimum:
    """Losses that are flat in places, where the Hessian may be singular, or far from their target."""
    problem, rank = _reduce(risk, theta0)
    check_start(risk, theta0)
    found = [result for result in map(minimise_damped, _starts(problem)) if not result.stopped]
    result = min(found or [minimise_damped(problem)], key=lambda result: problem.value(result.u))
    theta = problem.theta(result.u)
    check_bounded(risk, theta0, theta)
    if not risk.kernel.loss.convex:
        return lowest_point(risk, problem, result, rank, f"damped Newton from {STARTS + 2} starts")
    nobody = np.zeros(risk.rows, dtype=bool)
    if (
        risk.kernel.loss.target == "signs"
        and not risk.penalty.any()
        and separates_all(risk, theta, risk.predictions(theta))
    ):
        wide = theta * ((1.0 + MARGIN) / float(np.min(risk.y * risk.predictions(theta))))
        if risk.value(wide) == 0.0:
            reason = (
                f"separable: a hyperplane parts all {risk.rows} rows by more than the margin at which the loss is 0"
            )
            return LinearOptimum(0.0, wide, nobody, rank, "all margins wide", reason, risk)
    method = f"damped Newton, {result.steps} steps"
    bottom = _bottom(risk, theta0, theta)
    slack = risk.value(theta) - bottom
    if slack <= NEGLIGIBLE * (risk.value(theta0) - bottom) < math.inf and falls_without_end(risk, theta):
        reason = (
            f"separable: every loss falls for ever as theta grows, and R came within {slack:.1e} of {bottom:g}, "
            "below which no loss goes"
        )
        return LinearOptimum(bottom, theta, ~nobody, rank, method, reason, None, slack)
    lowest = _reaching(risk, theta, bottom)
    if lowest is not None:
        reason = f"every loss is {bottom:g} there, the least that it can be"
        return LinearOptimum(bottom, lowest, nobody, rank, method, reason, None)
    reason = "Newton ended where the Hessian is singular along the gradient"
    if math.isfinite(result.decrement):
        reason = f"the Newton decrement stagnates at {result.decrement:.1e}"
    return LinearOptimum(risk.value(theta), theta, nobody, rank, method, reason, risk)


def _bottom(risk: LinearRisk, theta0: Vector, theta: Vector) -> float:
    """The mean of the least that phi_i can be, from its range over all p; -infinity where R is far from it."""
    if risk.penalty.any() or _steepest(risk, theta) > FLAT * _steepest(risk, theta0):
        return -math.inf
    total = 0.0
    for _, part in risk.parts():
        everywhere = np.full(part.rows, math.inf)
        least = part.kernel.over[0](-everywhere, everywhere, part.y)[0]
        # Outward rounding takes the square of 0 to the least double below it.
        total += np.sum(np.where(np.abs(least) < np.finfo(float).tiny, 0.0, least))
    return float(total / risk.rows)


def _steepest(risk: LinearRisk, theta: Vector) -> float:
    """The largest slope of a row's loss."""
    slopes = (part.kernel.first(part.X @ theta, part.y) for _, part in risk.parts())
    return float(np.max([np.max(np.abs(slope)) for slope in slopes]))


def _reaching(risk: LinearRisk, theta: Vector, bottom: float) -> Vector | None:
    """theta, or twice theta, where R is as low as it can be."""
    return next((wide for wide in (theta, 2.0 * theta) if risk.value(wide) == bottom), None)


def _starts(problem: Reduced) -> list[Reduced]:
    """Where Newton begins: from far for numbers; where nothing is known to be convex, from several places."""
    loss = problem.risk.kernel.loss
    if loss.convex and (warmed := _warmed(problem, _from_far)) is not problem:
        return [warmed]
    far = [from_far(problem)] if loss.target == "real" else [problem]
    if loss.convex:
        return far
    rng = generator(0)
    size = max(1.0, float(np.linalg.norm(far[0].start)))
    anywhere = [replace(problem, start=size * rng.normal(size=len(problem.start))) for _ in range(STARTS)]
    return [*far, problem, *anywhere]


def check_start(risk: LinearRisk, theta0: Vector) -> None:
    """The loss and its derivatives must be numbers in every row where the descent begins."""
    pieces = {"phi": risk.kernel.value, "phi'": risk.kernel.first, "phi''": risk.kernel.second}
    for (name, function), (rows, part) in product(pieces.items(), risk.parts()):
        predictions = part.X @ theta0
        values = np.broadcast_to(function(predictions, part.y), predictions.shape)
        if not np.all(np.isfinite(values)):
            row = int(np.argmin(np.isfinite(values)))
            where = f"at p = {predictions[row]:g}, y = {part.y[row]:g} (data row {rows.start + row + 1})"
            message = (
                f"{name} of the loss {risk.kernel.loss.formula} is {values[row]:g} {where}, where the descent begins"
            )
            raise UsageError(message, hint="take a loss that is defined and smooth for every prediction")


def check_bounded(risk: LinearRisk, theta0: Vector, theta: Vector) -> None:
    """R must not have fallen from theta0 to theta as if it had no end."""
    start, end = risk.value(theta0), risk.value(theta)
    if not end > -BOTTOMLESS * (1.0 + abs(start)):
        message = f"the risk of {risk.kernel.loss.formula} falls to {end:.3g} and on: it seems to have no minimum"
        raise UsageError(message, hint="take a loss that is bounded below")


def _newton(risk: LinearRisk, theta0: Vector, separated: Rows) -> LinearOptimum:
    """Newton on the rows that are not separated; called again with fewer rows where more prove separable."""
    core = _without(risk, separated)
    problem, rank = _reduce(core, theta0)
    found: list[Rows] = []

    def separable(step: int, u: Vector, direction: Vector) -> bool:
        if core.penalty.any():
            return False
        if separates_all(core, problem.theta(u), problem.predictions(u)):
            found.append(np.ones(core.rows, dtype=bool))
        elif step >= 15 and step % 5 == 0:
            rows = separated_rows(core, core.whitening.basis, direction)
            found.extend([] if rows is None else [rows])
        return bool(found)

    result = minimise(_warmed(problem, _by_newton), separable)
    if found:
        more = separated.copy()
        more[np.flatnonzero(~separated)[found[0]]] = True
        return _newton(risk, theta0, more) if not more.all() else _nothing_left(risk, problem.theta(result.u), more)
    return _attained_on_core(risk, core, problem, result, separated, rank)


def _without(risk: LinearRisk, separated: Rows) -> LinearRisk:
    """The other rows, with the penalty of all."""
    if not separated.any():
        return risk
    kept = ~separated
    share = float(np.mean(kept))
    return replace(risk, X=risk.X[kept], y=risk.y[kept], penalty=risk.penalty / share)


def _warmed(problem: Reduced, solve: Callable[[Reduced], NewtonResult]) -> Reduced:
    """Of many rows the problem begun at the minimiser of a part of them, if that lies lower."""
    risk = problem.risk
    every = risk.rows // PART
    if every < 4:
        return problem
    part = replace(risk, X=np.ascontiguousarray(risk.X[::every]), y=risk.y[::every])
    found, _ = _reduce(part, problem.theta0)
    result = solve(found)
    moved = found.theta(result.u) - problem.theta0
    start = risk.whitening.project(risk.predictions(moved), -moved)
    lower = not result.stopped and problem.value(start) < problem.value(problem.start)
    return replace(problem, start=start) if lower else problem


def _by_newton(problem: Reduced) -> NewtonResult:
    """Stopped where the part is separable."""
    free = not problem.risk.penalty.any()
    return minimise(
        problem,
        lambda step, u, _: (
            step > 15 or (free and separates_all(problem.risk, problem.theta(u), problem.predictions(u)))
        ),
    )


def _from_far(problem: Reduced) -> NewtonResult:
    return minimise_damped(from_far(problem))


def _reduce(core: LinearRisk, theta0: Vector) -> tuple[Reduced, int]:
    """The row space of X and of the penalised coordinates, in coordinates where c X^T X + lambda is the identity."""
    move = core.predictions(theta0)
    for rows, part in core.parts():
        move[rows] = prediction(part) - move[rows]
    start = core.whitening.project(move, theta0)
    return Reduced(core, theta0, start), core.whitening.rank


def prediction(core: LinearRisk) -> Vector:
    """The predictions at the start: 0, for counts the logarithm of the count (of 1/2 for none)."""
    if core.kernel.loss.target == "counts":
        return np.asarray(np.log(np.maximum(core.y, 0.5)))
    return np.zeros(core.rows)


def _attained_on_core(
    risk: LinearRisk, core: LinearRisk, problem: Reduced, result: NewtonResult, separated: Rows, rank: int
) -> LinearOptimum:
    theta = problem.theta(result.u)
    optimum = core.value(theta) * (core.rows / risk.rows)
    method = f"damped Newton, {result.steps} steps"
    if not separated.any():
        reason = f"the Newton decrement stagnates at {result.decrement:.1e}"
        return LinearOptimum(optimum, theta, separated, rank, method, reason, core)
    count = int(separated.sum())
    reason = f"quasi-separable: {count} of {risk.rows} rows can be told apart, their losses tend to 0"
    return LinearOptimum(optimum, theta, separated, rank, method, reason, core)


def _nothing_left(risk: LinearRisk, theta: Vector, separated: Rows) -> LinearOptimum:
    reason = f"separable: a hyperplane parts all {risk.rows} rows, so every loss tends to 0 as theta grows"
    rank = risk.whitening.rank
    return LinearOptimum(0.0, theta, separated, rank, "all margins positive", reason, None)
