"""Mehrotra's predictor-corrector method on the box dual of a sum of kinks (Mehrotra, 1992; Portnoy and Koenker, 1997).

    min over u (r,) of  sum_i max(l_i t_i, h_i t_i) + c.u + u.M u/2,    t = t0 + U u

With t = right - left, both >= 0, and a in [l, h], `below` = a - l and `above` = h - a from its ends, an optimum has
U^T a + c + M u = 0 and right above = 0 = left below. A step solves (U^T D^-1 U + M) du = rhs with
D = right/above + left/below. The iterates tend to the middle of the set of optima, where for M = 0 every row has
either t_i != 0 or l_i < a_i < h_i (Goldman and Tucker, 1956).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gdcli.risk.empirical import Matrix, Vector

MOST_STEPS = 60
# Complementarity, relative to the size of t, at which rows on their kink stand clear of the others.
ENOUGH = 1e-15
# The share of the way to the boundary that a step takes.
ALMOST = 0.9995
# Multiplications in one product of matrices: few enough to be done at once, and what they need stays in the cache.
BLOCK, LEAST_ROWS = 200_000, 400
# An a this far from the ends of its interval, relative to their distance, is in its middle.
MIDDLE = 1e-3


@dataclass(frozen=True)
class Piecewise:
    """min sum max(l t, h t) + c.u + u.M u/2 with t = t0 + U u."""

    U: Matrix
    t0: Vector
    low: Vector
    high: Vector
    c: Vector
    M: Matrix


@dataclass(frozen=True)
class Inside:
    """u and a where the method ended, t = t0 + U u there, and the size `scale` of t at the start.

    `above` = h - a and `below` = a - l; `middle` is the last a on the way that kept away from all ends.
    """

    u: Vector
    a: Vector
    above: Vector
    below: Vector
    t: Vector
    scale: float
    steps: int
    middle: Vector


@dataclass(frozen=True)
class _State:
    u: Vector
    a: Vector
    right: Vector
    left: Vector
    above: Vector
    below: Vector

    @property
    def mu(self) -> float:
        """The mean complementarity."""
        return (float(self.right @ self.above) + float(self.left @ self.below)) / (2 * len(self.a))

    def moved(self, step: _State, primal: float, dual: float) -> _State:
        return _State(
            self.u + primal * step.u,
            self.a + dual * step.a,
            self.right + primal * step.right,
            self.left + primal * step.left,
            self.above + dual * step.above,
            self.below + dual * step.below,
        )

    def reach(self, step: _State, tied: bool) -> tuple[float, float]:
        """The longest primal and dual steps that keep everything >= 0; one and the same where M ties them."""
        primal = min(_longest(self.right, step.right), _longest(self.left, step.left))
        dual = min(_longest(self.above, step.above), _longest(self.below, step.below))
        return (min(primal, dual), min(primal, dual)) if tied else (primal, dual)


def follow(problem: Piecewise) -> Inside:
    """The central path to its end, or to where rounding stops it."""
    tied = bool(problem.M.any())
    state, scale = _start(problem)
    best, least = state, np.inf
    middle = state.a
    steps = 0
    with np.errstate(all="ignore"):
        while steps < MOST_STEPS:
            merit = _merit(problem, state, scale)
            if merit < least:
                best, least = state, merit
            if state.mu <= ENOUGH * scale or not merit <= 1e6 * least:
                break
            step = _step(problem, state, tied)
            if step is None:
                break
            state = state.moved(step, *(min(1.0, ALMOST * way) for way in state.reach(step, tied)))
            steps += 1
            if np.all(np.minimum(state.above, state.below) > MIDDLE * (problem.high - problem.low)):
                middle = state.a
    a = np.clip(best.a, problem.low, problem.high)
    return Inside(best.u, a, best.above, best.below, problem.t0 + problem.U @ best.u, scale, steps, middle)


def _start(problem: Piecewise) -> tuple[_State, float]:
    """Least squares (U's columns are orthonormal with the penalty's rows, or short), and a near 0."""
    u = -(problem.U.T @ problem.t0)
    t = problem.t0 + problem.U @ u
    scale = max(float(np.mean(np.abs(t))), 1e-16 * float(np.max(np.abs(problem.t0))), float(np.finfo(float).tiny))
    width = problem.high - problem.low
    a = np.clip(0.0, problem.low + 0.1 * width, problem.high - 0.1 * width)
    right, left = np.maximum(t, 0.0) + scale, np.maximum(-t, 0.0) + scale
    return _State(u, a, right, left, problem.high - a, a - problem.low), scale


def _merit(problem: Piecewise, state: _State, scale: float) -> float:
    """How far from an optimum: complementarity and both residuals."""
    primal = problem.t0 + problem.U @ state.u - state.right + state.left
    dual = problem.c + problem.U.T @ state.a + problem.M @ state.u
    return float(state.mu / scale + np.max(np.abs(primal)) / scale + np.max(np.abs(dual), initial=0.0))


def _step(problem: Piecewise, state: _State, tied: bool) -> _State | None:
    """The corrected Newton step; None where rounding made the system singular."""
    U, M = problem.U, problem.M
    primal = problem.t0 + U @ state.u - state.right + state.left
    dual = problem.c + U.T @ state.a + M @ state.u
    D = state.right / state.above + state.left / state.below
    H = _weighted_gram(U, 1.0 / D) + M
    if not np.all(np.isfinite(H)):
        return None
    H[np.diag_indices_from(H)] *= 1.0 + 1e-14
    try:
        inverse = np.linalg.inv(H)
    except np.linalg.LinAlgError:
        return None

    def towards(right: Vector, left: Vector) -> _State:
        """The step whose products of right and above, left and below change by these amounts."""
        q = primal + left / state.below - right / state.above
        du = -(inverse @ (dual + U.T @ (q / D)))
        da = (U @ du + q) / D
        moved_right, moved_left = (right + state.right * da) / state.above, (left - state.left * da) / state.below
        return _State(du, da, moved_right, moved_left, -da, da)

    right, left = state.right * state.above, state.left * state.below
    affine = towards(-right, -left)
    after = state.moved(affine, *state.reach(affine, tied)).mu
    target = state.mu * (after / state.mu) ** 3
    return towards(target - right - affine.right * affine.above, target - left - affine.left * affine.below)


def _weighted_gram(U: Matrix, weights: Vector) -> Matrix:
    """U^T diag(weights) U, in blocks whose products a busy machine's linear algebra does not hand to other threads."""
    total = np.zeros((U.shape[1], U.shape[1]))
    rows = max(LEAST_ROWS, BLOCK // max(1, total.size))
    for start in range(0, len(U), rows):
        part = U[start : start + rows]
        total += (part * weights[start : start + rows, None]).T @ part
    return total


def _longest(x: Vector, dx: Vector) -> float:
    """The longest step that keeps x + step dx >= 0 for x > 0, up to the one that is shortened to 1."""
    return 1.0 / max(ALMOST, float(np.max(-dx / x)))
