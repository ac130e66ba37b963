"""R* against the fastest exact solvers of scikit-learn and scipy on the same matrix, in alternation.

    python tests/benchmarks/bench_optimum.py [rows ...]

Prints for each loss both best times, their ratio, and by how much their risk lies above ours (below 0: below). The
figure to hold: at most 3 times the peer, whose risk is no lower. The certificate, which no peer has, is timed beside.
Then absolute and hinge loss with their certificates at 5000 rows, where the figure to hold is 100 ms.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

import numpy as np
import scipy.linalg
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression, PoissonRegressor

from gdcli.risk.certificate.smooth import certify
from gdcli.risk.losses import LOSSES, compile_loss
from gdcli.risk.models.linear import LinearRisk
from gdcli.risk.optimum.smooth import find_optimum
from gdcli.risk.truth import establish
from tests.oracles.polyhedral import build, sample

ROWS = (5_000, 100_000)
FEATURES = 20
ROUNDS = 5
KINKED_ROWS, LIMIT = 5_000, 0.1
Vector = np.ndarray


def problem(name: str, rows: int) -> LinearRisk:
    """Gaussian features with an intercept, and a target from the loss's own model (Student's t for numbers)."""
    rng = np.random.default_rng(0)
    X = np.column_stack([rng.normal(size=(rows, FEATURES)), np.ones(rows)])
    signal = X @ rng.normal(size=FEATURES + 1) / 4
    kind = LOSSES[name].target
    if kind == "signs":
        y = np.where(rng.uniform(size=rows) < 1 / (1 + np.exp(-signal)), 1.0, -1.0)
    else:
        y = rng.poisson(np.exp(signal / 2)).astype(float) if kind == "counts" else signal + rng.standard_t(3, rows)
    return LinearRisk(X, y, compile_loss(LOSSES[name]), np.zeros(FEATURES + 1))


def lstsq(risk: LinearRisk) -> Vector:
    """scipy.linalg.lstsq by its default driver."""
    return np.asarray(scipy.linalg.lstsq(risk.X, risk.y)[0])


def cholesky(risk: LinearRisk) -> Vector:
    """The normal equations, with one step of refinement."""
    factor = scipy.linalg.cho_factor(risk.X.T @ risk.X)
    theta = scipy.linalg.cho_solve(factor, risk.X.T @ risk.y)
    return np.asarray(theta + scipy.linalg.cho_solve(factor, risk.X.T @ (risk.y - risk.X @ theta)))


def newton_cholesky(risk: LinearRisk) -> Vector:
    """scikit-learn's own Newton method for the logistic and the Poisson loss."""
    if risk.loss.name == "logistic":
        model = LogisticRegression(C=np.inf, solver="newton-cholesky", tol=1e-10, fit_intercept=False)
    else:
        model = PoissonRegressor(alpha=0, solver="newton-cholesky", tol=1e-10, fit_intercept=False)
    return np.ravel(model.fit(risk.X, risk.y).coef_)


def by_scipy(method: str) -> Callable[[LinearRisk], Vector]:
    """scipy.optimize.minimize with the gradient, and the Hessian where the method takes one."""

    def solve(risk: LinearRisk) -> Vector:
        more = {} if method == "BFGS" else {"hess": risk.curvature}
        found = minimize(
            risk.value_and_gradient, np.zeros(risk.width), jac=True, method=method, options={"gtol": 1e-9}, **more
        )
        return np.asarray(found.x)

    return solve


SCIPY = {"BFGS": by_scipy("BFGS"), "trust-exact": by_scipy("trust-exact")}
PEERS: dict[str, dict[str, Callable[[LinearRisk], Vector]]] = {
    "squared": {"lstsq": lstsq, "cholesky": cholesky},
    "logistic": {"newton-cholesky": newton_cholesky},
    "poisson": {"newton-cholesky": newton_cholesky},
    **dict.fromkeys(("huber", "logcosh", "squared_hinge", "exponential"), SCIPY),
}


def seconds(work: Callable[[], object]) -> float:
    """The wall time of one run."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def measure(name: str, rows: int) -> None:
    """Best of ROUNDS, each round running ours and every peer once: other loads on the machine only add."""
    risk = problem(name, rows)
    zero, parts = np.zeros(risk.width), (risk.X, risk.y, risk.kernel, risk.penalty)
    ours, proof = [], []
    theirs: dict[str, list[float]] = {peer: [] for peer in PEERS[name]}
    for _ in range(ROUNDS):
        # A new risk each time: what one has factorised it keeps.
        ours.append(seconds(lambda: find_optimum(LinearRisk(*parts), zero)))
        for peer, solve in PEERS[name].items():
            theirs[peer].append(seconds(lambda: solve(risk)))  # noqa: B023
    found = find_optimum(risk, zero)
    proof.append(seconds(lambda: certify(risk, found)))
    for peer, times in theirs.items():
        above = risk.value(PEERS[name][peer](risk)) / found.risk_optimum - 1
        ratio = min(ours) / min(times)
        print(
            f"{name:14}{rows:8d} x {FEATURES}  {1e3 * min(ours):8.1f} ms  {peer:16}{1e3 * min(times):8.1f} ms"
            f"  ratio {ratio:5.2f}  above {above:9.1e}  proof {1e3 * min(proof):7.1f} ms",
            flush=True,
        )


def measure_kinked(name: str, l2: float) -> None:
    """Best of ROUNDS for R* and its proof of a loss with one kink a row."""
    X, y = sample(name, "normal", KINKED_ROWS, FEATURES)
    times = []
    for _ in range(ROUNDS):
        risk = build(name, X, y, l2)
        times.append(seconds(lambda: establish(risk, np.zeros(risk.width))))  # noqa: B023
    verdict = "holds" if min(times) < LIMIT else "is missed"
    print(
        f"{name:14}{KINKED_ROWS:8d} x {FEATURES}  l2 {l2:<5g}{1e3 * min(times):8.1f} ms  limit 100 ms {verdict}",
        flush=True,
    )


def main() -> None:
    """Measure every loss at every size."""
    for rows in map(int, sys.argv[1:] or ROWS):
        for name in PEERS:
            measure(name, rows)
    for name in ("absolute", "hinge"):
        for l2 in (0.0, 0.01):
            measure_kinked(name, l2)


if __name__ == "__main__":
    main()
