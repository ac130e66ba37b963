"""Constants of R that step sizes and bounds rest on, as certified bounds (THEORY, section 3)."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from gdcli.kernels.cache import derived
from gdcli.kernels.interpret import arrays
from gdcli.risk.empirical import EmpiricalRisk, Matrix, Vector
from gdcli.risk.losses import Growth
from gdcli.risk.models.linear import LinearRisk
from gdcli.risk.models.softmax import SoftmaxRisk


@dataclass(frozen=True, slots=True)
class Smoothness:
    """L >= lambda_max(Hessian) everywhere, L_max the same for the worst single row, mu <= lambda_min.

    Where phi'' is unbounded L_max is infinite, and `local` says that L holds on {R <= R(theta0)} only, if it is finite.
    """

    L: float
    L_max: float
    mu: float
    local: bool = False


def smoothness(risk: EmpiricalRisk, theta0: Vector) -> Smoothness:
    """The constants of the kind of risk at hand."""
    if isinstance(risk, LinearRisk):
        return _linear(risk, theta0)
    if isinstance(risk, SoftmaxRisk):
        return _softmax(risk)
    raise TypeError(f"no constants for {type(risk).__name__}")


def _linear(risk: LinearRisk, theta0: Vector) -> Smoothness:
    """L = c lambda_max(X^T X)/N + lambda and L_max = c max ||x_i||^2 + lambda, with c = sup phi''.

    mu is lambda_min of the Hessian for squared loss (a constant matrix), else the least penalty (0 where some
    coordinate is not penalised).
    """
    loss = risk.kernel.loss
    if not math.isfinite(loss.curvature):
        L = math.inf if loss.growth is None else _sublevel(risk, theta0, loss.growth)
        return Smoothness(L, math.inf, _least_penalty(risk), local=True)
    c = loss.curvature
    gram = c * (risk.X.T @ risk.X) / risk.rows + np.diag(risk.penalty)
    eigenvalues = np.linalg.eigvalsh(gram)
    top = certify_above(gram, float(eigenvalues[-1]))
    least = float(eigenvalues[0]) if loss.concordance == 0.0 else _least_penalty(risk)
    # A lambda_min at the noise of the eigenvalue solver proves nothing: it may be 0.
    noise = len(gram) * np.finfo(float).eps * top
    mu = max(0.0, least - noise) if least > 2 * noise else 0.0
    return Smoothness(top, (c * _longest_row(risk) + float(risk.penalty.max())) * (1 + 1e-12), mu)


def _softmax(risk: SoftmaxRisk) -> Smoothness:
    """L = lambda_max(X^T X)/(2 N) + lambda and L_max = max ||x_i||^2/2 + lambda; mu is the least penalty.

    The covariance matrix of a vector of 0 and 1 has no eigenvalue above 1/2, so the classes add no factor.
    """
    gram = risk.X.T @ risk.X / (2.0 * risk.rows) + np.diag(risk.ridge)
    top = certify_above(gram, float(np.linalg.eigvalsh(gram)[-1]))
    longest = float(np.max(np.einsum("ij,ij->i", risk.X, risk.X)))
    return Smoothness(top, (longest / 2.0 + float(risk.ridge.max())) * (1 + 1e-12), float(risk.ridge.min()))


def _sublevel(risk: LinearRisk, theta0: Vector, growth: Growth) -> float:
    """L on {R <= R(theta0)}: with phi'' <= a phi + b(y), lambda_max(H) is at most
    max ||x_i||^2 (a R(theta0) + mean b) + lambda.

    GD with eta < 2/L from theta0 never leaves that set: on the way to the next iterate R falls as long as it is in it.
    """
    offset = arrays(derived(growth.offset, ("y",)))[0](risk.y)
    level = growth.factor * risk.value(theta0) + float(np.mean(offset))
    return (_longest_row(risk) * level + float(risk.penalty.max())) * (1 + 1e-12)


def _longest_row(risk: LinearRisk) -> float:
    """max ||x_i||^2."""
    return float(np.max(np.einsum("ij,ij->i", risk.X, risk.X)))


def _least_penalty(risk: LinearRisk) -> float:
    return float(risk.penalty.min())


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


def squared_condition(X: Matrix) -> float:
    """cond(X^T X) of X (N, k); infinite where the least singular value of X is no more than rounding."""
    condition = condition_number(X)
    return condition * condition if condition * max(X.shape) * float(np.finfo(float).eps) < 1.0 else math.inf
