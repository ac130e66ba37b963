"""Constants of R that step sizes and bounds rest on, as certified bounds (THEORY, section 3)."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

import numpy as np

from gdcli.risk.empirical import EmpiricalRisk, Matrix, Vector
from gdcli.risk.extent import Extent, extent
from gdcli.risk.losses import Growth, Loss
from gdcli.risk.models.linear import LinearRisk
from gdcli.risk.models.sparse import SparseRisk
from gdcli.risk.optimum.whiten import scaled_eigenvectors
from gdcli.risk.passes import gram, longest_square, transposed, triangle

if TYPE_CHECKING:
    from gdcli.risk.models.softmax import SoftmaxRisk

# The least ratio of the eigenvalues of X^T X, in columns of one size, from which a condition number has ten digits.
EASY = 1e-4


@dataclass(frozen=True, slots=True)
class Smoothness:
    """L >= lambda_max(Hessian) everywhere, L_max the same for the worst single row, mu <= lambda_min.

    Where phi'' is unbounded L_max is infinite, and `local` says that L holds on {R <= R(theta0)} only, if it is finite.
    G >= ||every subgradient of phi_i(theta) + (lambda/2) ||theta||^2|| for all i, at every theta if lambda = 0, else at
    all that steps eta_t <= 1/lambda lead to from theta0; infinite where phi' is not proven bounded. `nonnegative`: phi
    is proven >= 0 for the targets at hand.
    """

    L: float
    L_max: float
    mu: float
    local: bool = False
    G: float = math.inf
    nonnegative: bool = False


def smoothness(risk: EmpiricalRisk, theta0: Vector) -> Smoothness:
    """The constants of the kind of risk at hand."""
    if isinstance(risk, LinearRisk):
        return linear(risk, theta0, extent(risk))
    from gdcli.risk.apart.risk import ApartRisk
    from gdcli.risk.models.formula import ModelRisk
    from gdcli.risk.models.softmax import SoftmaxRisk

    if isinstance(risk, ApartRisk):
        return linear(risk, theta0, risk.extent)
    if isinstance(risk, SoftmaxRisk):
        return _softmax(risk)
    if isinstance(risk, SparseRisk):
        # Those of the smooth part: proximal steps with eta < 2/L stay in {F <= F(theta0)} as gradient steps do in R's.
        return replace(smoothness(risk.smooth, theta0), G=math.inf)
    if isinstance(risk, ModelRisk):
        # Nothing bounds how the model bends.
        return Smoothness(math.inf, math.inf, 0.0)
    raise TypeError(f"no constants for {type(risk).__name__}")


class Linear(Protocol):
    """A linear model's risk, wherever its rows are."""

    @property
    def loss(self) -> Loss:
        """phi and what is proven of it."""

    @property
    def penalty(self) -> Vector:
        """lambda_j for each parameter, (k,)."""

    @property
    def rows(self) -> int:
        """N."""

    @property
    def squares(self) -> Matrix:
        """X^T X, (k, k)."""

    def value(self, theta: Vector) -> float:
        """R(theta)."""


def linear(risk: Linear, theta0: Vector, found: Extent) -> Smoothness:
    """L = c lambda_max(X^T X)/N + lambda and L_max = c max ||x_i||^2 + lambda, with c = sup phi''.

    mu is lambda_min of the Hessian for squared loss (a constant matrix), else the least penalty (0 where some
    coordinate is not penalised).
    """
    loss = risk.loss
    G = steepest_row(found, risk.penalty, theta0, loss.lipschitz)
    if not math.isfinite(loss.curvature):
        L = math.inf if loss.growth is None else _sublevel(risk, theta0, loss.growth, found)
        return Smoothness(L, math.inf, _least_penalty(risk), local=True, G=G, nonnegative=found.nonnegative)
    c = loss.curvature
    squares = c * risk.squares / risk.rows + np.diag(risk.penalty)
    eigenvalues = np.linalg.eigvalsh(squares)
    top = certify_above(squares, float(eigenvalues[-1]))
    least = float(eigenvalues[0]) if loss.concordance == 0.0 else _least_penalty(risk)
    # A lambda_min at the noise of the eigenvalue solver proves nothing: it may be 0.
    noise = len(squares) * np.finfo(float).eps * top
    mu = max(0.0, least - noise) if least > 2 * noise else 0.0
    L_max = (c * found.square + float(risk.penalty.max())) * (1 + 1e-12)
    return Smoothness(top, L_max, mu, G=G, nonnegative=found.nonnegative)


def steepest_row(found: Extent, penalty: Vector, theta0: Vector, lipschitz: float) -> float:
    """G for rows whose loss has |phi'| <= l: l max ||x_i||, and l max ||v_i|| more with a penalty.

    v_i is the penalised part of x_i. With one lambda > 0, lambda ||v-part of theta_t|| <= l max ||v_i|| carries over to
    theta_{t+1} = (1 - eta lambda) theta_t - eta phi' v_i as long as eta lambda <= 1, so it holds if it does at theta0.
    """
    if not math.isfinite(lipschitz):
        return math.inf
    weight = float(penalty.max())
    if weight == 0.0:
        return lipschitz * found.longest * (1 + 1e-12)
    inside = penalty > 0.0
    if not np.all(penalty[inside] == weight):
        return math.inf
    pull = lipschitz * found.inside
    within = weight * np.linalg.norm(theta0[inside]) <= pull
    return (lipschitz * found.longest + pull) * (1 + 1e-12) if within else math.inf


def _softmax(risk: SoftmaxRisk) -> Smoothness:
    """L = lambda_max(X^T X)/(2 N) + lambda and L_max = max ||x_i||^2/2 + lambda; mu is the least penalty.

    The covariance matrix of a vector of 0 and 1 has no eigenvalue above 1/2, so the classes add no factor.
    """
    squares = gram(risk.X) / (2.0 * risk.rows) + np.diag(risk.ridge)
    top = certify_above(squares, float(np.linalg.eigvalsh(squares)[-1]))
    longest = longest_square(risk.X)
    L_max = (longest / 2.0 + float(risk.ridge.max())) * (1 + 1e-12)
    # A row's slopes s - e_y are no longer than sqrt 2, whatever the classes; G is for no penalty.
    G = math.inf if risk.ridge.any() else math.sqrt(2.0 * longest) * (1 + 1e-12)
    return Smoothness(top, L_max, float(risk.ridge.min()), G=G, nonnegative=True)


def _sublevel(risk: Linear, theta0: Vector, growth: Growth, found: Extent) -> float:
    """L on {R <= R(theta0)}: with phi'' <= a phi + b(y), lambda_max(H) is at most
    max ||x_i||^2 (a R(theta0) + mean b) + lambda.

    GD with eta < 2/L from theta0 never leaves that set: on the way to the next iterate R falls as long as it is in it.
    """
    level = growth.factor * risk.value(theta0) + found.offset / risk.rows
    return (found.square * level + float(risk.penalty.max())) * (1 + 1e-12)


def _least_penalty(risk: Linear) -> float:
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


def squared_condition(X: Matrix, ones: bool = False, squared: Matrix | None = None) -> float:
    """cond(X^T X) of X (N, k), of [X 1] with `ones`; infinite where X's least singular value is no more than rounding.

    X has the singular values of every R with R^T R = X^T X, which is `squared` where it is known.
    """
    with np.errstate(over="ignore", invalid="ignore"):
        R = _root(_squared(X, ones) if squared is None else squared)
        R = triangle(X, ones) if R is None else R
    if not np.all(np.isfinite(R)):
        if ones:
            # Beside a column whose length is no double the ones are nothing.
            return math.inf
        R = triangle(X * 2.0**-600, ones)
    condition = condition_number(R)
    return condition * condition if condition * max(X.shape) * float(np.finfo(float).eps) < 1.0 else math.inf


def _squared(X: Matrix, ones: bool) -> Matrix:
    """X^T X, of [X 1] with `ones`."""
    if not ones:
        return gram(X)
    sums = transposed(X, np.ones(len(X)))
    return np.block([[gram(X), sums[:, None]], [sums, np.float64(len(X))]])


def _root(squared: Matrix) -> Matrix | None:
    """R from X^T X itself, which a QR decomposition of X is several times as dear as; None where that costs digits.

    Rounding moves X^T X, its columns scaled to one size, by some 1e-15: R's singular values by 1e-15/EASY at most.
    """
    found = scaled_eigenvectors(squared, EASY)
    if found is None:
        return None
    D, values, vectors = found
    return np.asarray(np.sqrt(values)[:, None] * vectors.T * D)
