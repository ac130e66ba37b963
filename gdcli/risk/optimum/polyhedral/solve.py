"""R* of a loss with one kink a row: interior point, then the face of optima, exactly (THEORY, section 1)."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from gdcli.risk.empirical import Vector
from gdcli.risk.models.linear import LinearRisk
from gdcli.risk.optimum.found import Optimum
from gdcli.risk.optimum.polyhedral.face import Face, Space
from gdcli.risk.optimum.polyhedral.interior import Piecewise, follow
from gdcli.risk.optimum.polyhedral.kinks import Kinks, kinks
from gdcli.risk.optimum.polyhedral.proof import Proof, prove
from gdcli.risk.optimum.polyhedral.search import interpolate, search
from gdcli.risk.optimum.whiten import whiten

# How far beyond its kink a separable hinge loss puts the nearest row.
MARGIN = 1e-9
UNCERTAIN = "to rounding no dual point is certain to be feasible; rows tie, or the labels are nearly separable"


@dataclass(frozen=True)
class FaceOptimum(Optimum):
    """theta_hat to 30 digits with the dual point beside it, and what they prove."""

    face: Face
    proof: Proof


def find_face(risk: LinearRisk, theta0: Vector) -> FaceOptimum:
    """The minimiser; of many one in their middle, and of those with its predictions the nearest theta0."""
    pieces = kinks(risk)
    space = _space(pieces)
    U, W = space.U, space.W
    t0 = risk.X @ theta0 - risk.y
    middle = np.zeros(risk.rows)
    face = interpolate(space, theta0, -(U.T @ t0))
    method = "least squares"
    if face is None:
        slope = W.T @ (pieces.weight * theta0)
        found = follow(Piecewise(U, t0, pieces.low[0], pieces.high[0], slope, space.M))
        face = search(space, theta0, found)
        method = f"interior point, {found.steps} steps, then " + _shape(risk, face)
        if not (pieces.low[0] * pieces.high[0]).all():
            middle = found.middle
    face = _widened(risk, face)
    proof = prove(face, middle)
    theta = face.theta[0]
    optimum = float(np.mean(pieces.phi(face.t))) + 0.5 * float((risk.penalty * theta) @ theta)
    nobody = np.zeros(risk.rows, dtype=bool)
    reason = _reason(risk, face, optimum) if math.isfinite(proof.rest) else UNCERTAIN
    return FaceOptimum(optimum, theta, nobody, U.shape[1], method, reason, face, proof)


def _space(kinks: Kinks) -> Space:
    found = whiten(kinks.X, kinks.weight)
    if found.left is None:
        return Space(kinks, found.basis, kinks.X @ found.basis, (found.basis.T * kinks.weight) @ found.basis)
    U, ridge = np.split(found.left, [len(kinks.X)])
    return Space(kinks, found.basis, U, ridge.T @ ridge)


def _shape(risk: LinearRisk, face: Face) -> str:
    if risk.penalty.any():
        return "the rows on their kink exactly"
    return "a vertex" if face.rank == face.space.U.shape[1] else "the face of minimisers"


def _widened(risk: LinearRisk, face: Face) -> Face:
    """Where a hyperplane parts the labels and nothing is penalised: the same one, with all margins above 1."""
    if risk.kernel.loss.target != "signs" or risk.penalty.any():
        return face
    least = float(np.min(risk.y * (risk.X @ face.theta[0])))
    if not least > 0.0:
        return face
    theta = face.theta[0] * max(1.0, (1.0 + MARGIN) / least)
    pair = (theta, np.zeros_like(theta))
    nobody = np.zeros(risk.rows, dtype=bool)
    t, error = face.space.kinks.distances(pair, nobody)
    return replace(face, theta=pair, a=face.space.kinks.end(t > 0.0), rows=nobody, rank=0, t=t, error=error)


def _reason(risk: LinearRisk, face: Face, optimum: float) -> str:
    """What proves it, in a sentence, and whether the minimiser is known not to be the only one."""
    signs = risk.kernel.loss.target == "signs"
    count, width = int(face.rows.sum()), face.space.U.shape[1]
    if signs and optimum == 0.0 and not count:
        return f"separable: a hyperplane parts all {risk.rows} rows by more than the margin at which the loss is 0"
    where = "lie on the margin" if signs else "fit exactly"
    bounds = "0 <= alpha <= 1" if signs else _bounds(risk)
    said = f"{count} rows of {risk.rows} {where}; {bounds} on them proves it"
    if not risk.penalty.any() and face.rank < width:
        said += "; the minimiser is not the only one"
    if width < risk.width:
        said += f"; rank {width} of {risk.width}: of those with the same predictions the nearest to theta0"
    return said


def _bounds(risk: LinearRisk) -> str:
    low, high = risk.kernel.loss.pieces or (0, 0)
    return f"|alpha| <= {high}" if -low == high else f"{float(low):g} <= alpha <= {float(high):g}"
