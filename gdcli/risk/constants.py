"""Constants of R that step sizes and bounds rest on, as certified bounds (THEORY, section 3)."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from gdcli.risk.empirical import EmpiricalRisk, Matrix


@dataclass(frozen=True, slots=True)
class Smoothness:
    """L >= lambda_max(Hessian) everywhere, L_max the same for the worst single row, mu <= lambda_min."""

    L: float
    L_max: float
    mu: float


def smoothness(risk: EmpiricalRisk) -> Smoothness:
    """L = c lambda_max(X^T X)/N + lambda and L_max = c max ||x_i||^2 + lambda, with c = sup phi''.

    mu is lambda_min of the Hessian for squared loss (a constant matrix), else the least penalty (0 where some
    coordinate is not penalised).
    """
    c = risk.kernel.loss.curvature
    gram = c * (risk.X.T @ risk.X) / risk.rows + np.diag(risk.penalty)
    eigenvalues = np.linalg.eigvalsh(gram)
    top = certify_above(gram, float(eigenvalues[-1]))
    worst_row = c * float(np.max(np.einsum("ij,ij->i", risk.X, risk.X))) + float(risk.penalty.max())
    quadratic = risk.kernel.loss.concordance == 0.0
    least = float(eigenvalues[0]) if quadratic else float(risk.penalty.min())
    # A lambda_min at the noise of the eigenvalue solver proves nothing: it may be 0.
    noise = len(gram) * np.finfo(float).eps * top
    return Smoothness(top, worst_row * (1 + 1e-12), max(0.0, least - noise) if least > 2 * noise else 0.0)


def certify_above(matrix: Matrix, estimate: float) -> float:
    """A tau >= lambda_max(matrix), proven by a Cholesky factorisation of tau I - matrix that succeeds."""
    identity = np.eye(len(matrix))
    scale = max(abs(estimate), np.finfo(float).tiny)
    excess = 1e-13
    while True:
        tau = estimate + excess * scale
        try:
            np.linalg.cholesky(tau * identity - matrix)
        except np.linalg.LinAlgError:
            excess *= 4.0
        else:
            return tau


def condition_number(X: Matrix) -> float:
    """sigma_max/sigma_min of X (N, k) over its row space's dimension min(N, k); inf for a deficient rank."""
    singular = np.linalg.svd(X, compute_uv=False)
    return float(singular[0]) / float(singular[-1]) if singular[-1] > 0 else math.inf
