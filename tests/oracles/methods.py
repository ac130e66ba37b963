"""The methods once more, in 50 digits and from their papers: an independent truth for every step.

`REFERENCES[name](problem, T)` returns theta_0, ..., theta_T as lists of mpf. A new method needs an entry here: the
matrix of tests/descent/methods fails without one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import mpmath as mp

Point = list[mp.mpf]
Path = list[Point]


@dataclass(frozen=True)
class Problem:
    """(1/N) sum phi(x_i . theta, y_i) with phi squared or logistic, and a ridge; `draws` are the rows of the steps."""

    X: list[list[mp.mpf]]
    y: list[mp.mpf]
    loss: str
    ridge: mp.mpf
    draws: list[int]
    etas: list[mp.mpf]
    optimum: mp.mpf

    @property
    def N(self) -> int:
        return len(self.y)

    @property
    def k(self) -> int:
        return len(self.X[0])

    def slope(self, p: mp.mpf, y: mp.mpf) -> mp.mpf:
        return p - y if self.loss == "squared" else -y / (1 + mp.exp(y * p))

    def bend(self, p: mp.mpf, y: mp.mpf) -> mp.mpf:
        return mp.mpf(1) if self.loss == "squared" else 1 / ((1 + mp.exp(y * p)) * (1 + mp.exp(-y * p)))

    def phi(self, p: mp.mpf, y: mp.mpf) -> mp.mpf:
        return (p - y) ** 2 / 2 if self.loss == "squared" else mp.log(1 + mp.exp(-y * p))

    def value(self, theta: Point) -> mp.mpf:
        total = mp.fsum(self.phi(dot(x, theta), y) for x, y in zip(self.X, self.y, strict=True))
        return total / self.N + self.ridge / 2 * dot(theta, theta)

    def row(self, theta: Point, i: int) -> Point:
        """The gradient of one row's loss, without the ridge."""
        slope = self.slope(dot(self.X[i], theta), self.y[i])
        return [slope * x for x in self.X[i]]

    def gradient(self, theta: Point) -> Point:
        return plus(self.mean(theta), scaled(self.ridge, theta))

    def mean(self, theta: Point) -> Point:
        """The mean of the rows' gradients."""
        rows = [self.row(theta, i) for i in range(self.N)]
        return [mp.fsum(row[j] for row in rows) / self.N for j in range(self.k)]

    def drawn(self, theta: Point, t: int) -> Point:
        return plus(self.row(theta, self.draws[t]), scaled(self.ridge, theta))

    def hessian(self, theta: Point) -> mp.matrix:
        H = mp.matrix(self.k, self.k)
        for x, y in zip(self.X, self.y, strict=True):
            bend = self.bend(dot(x, theta), y)
            for i in range(self.k):
                for j in range(self.k):
                    H[i, j] += bend * x[i] * x[j] / self.N
        for j in range(self.k):
            H[j, j] += self.ridge
        return H

    def coordinate_bound(self, j: int) -> mp.mpf:
        c = mp.mpf(1) if self.loss == "squared" else mp.mpf(1) / 4
        return c * mp.fsum(x[j] ** 2 for x in self.X) / self.N + self.ridge


def dot(a: Point, b: Point) -> mp.mpf:
    return mp.fsum(x * y for x, y in zip(a, b, strict=True))


def norm(a: Point) -> mp.mpf:
    return mp.sqrt(dot(a, a))


def plus(a: Point, b: Point) -> Point:
    return [x + y for x, y in zip(a, b, strict=True)]


def minus(a: Point, b: Point) -> Point:
    return [x - y for x, y in zip(a, b, strict=True)]


def scaled(c: mp.mpf, a: Point) -> Point:
    return [c * x for x in a]


def zeros(problem: Problem) -> Point:
    return [mp.mpf(0)] * problem.k


def gd(problem: Problem, T: int) -> Path:
    path = [zeros(problem)]
    for t in range(T):
        path.append(minus(path[-1], scaled(problem.etas[t], problem.gradient(path[-1]))))
    return path


def sgd(problem: Problem, T: int) -> Path:
    path = [zeros(problem)]
    for t in range(T):
        path.append(minus(path[-1], scaled(problem.etas[t], problem.drawn(path[-1], t))))
    return path


def averaged_sgd(problem: Problem, T: int) -> Path:
    """The plain means of what SGD passes through after its first step."""
    steps = sgd(problem, T)[1:]
    means = [[mp.fsum(z[j] for z in steps[:t]) / t for j in range(problem.k)] for t in range(1, T + 1)]
    return [zeros(problem), *means]


def heavy_ball(problem: Problem, T: int) -> Path:
    """theta_{t+1} = theta_t - eta g_t + (9/10)(eta_t/eta_{t-1})(theta_t - theta_{t-1})."""
    path = [zeros(problem)]
    for t in range(T):
        here, last = path[-1], path[-2] if t else path[-1]
        share = mp.mpf(9) / 10 * (problem.etas[t] / problem.etas[t - 1] if t else 0)
        path.append(
            plus(
                minus(here, scaled(problem.etas[t], problem.gradient(here))),
                scaled(share, minus(here, last)),
            )
        )
    return path


def nesterov(problem: Problem, T: int) -> Path:
    """FISTA's sequence of momenta, dropped where (y_t - x_{t+1}) . (x_{t+1} - x_t) > 0."""
    path, since, m = [zeros(problem)], 0, mp.mpf(1)
    for t in range(T):
        x = path[-1]
        y = x
        if since:
            before = m
            m = (1 + mp.sqrt(1 + 4 * before**2)) / 2
            y = plus(x, scaled((before - 1) / m, minus(x, path[-2])))
        moved = minus(y, scaled(problem.etas[t], problem.gradient(y)))
        since += 1
        if dot(minus(y, moved), minus(moved, x)) > 0:
            since, m = 0, mp.mpf(1)
        path.append(moved)
    return path


def polyak(problem: Problem, T: int) -> Path:
    path = [zeros(problem)]
    for _ in range(T):
        g = problem.gradient(path[-1])
        eta = (problem.value(path[-1]) - problem.optimum) / dot(g, g)
        path.append(minus(path[-1], scaled(eta, g)))
    return path


def armijo(problem: Problem, T: int) -> Path:
    """A size that was halved is tried again as it is, one that was not is doubled first."""
    path, eta, growth = [zeros(problem)], None, 1
    for _ in range(T):
        here = path[-1]
        g = problem.gradient(here)
        eta = (1 + norm(here)) / norm(g) if eta is None else growth * eta
        growth = 2
        while problem.value(minus(here, scaled(eta, g))) > problem.value(here) - eta * dot(g, g) / 2:
            eta, growth = eta / 2, 1
        path.append(minus(here, scaled(eta, g)))
    return path


def adgd(problem: Problem, T: int) -> Path:
    """Algorithm 1 of the paper, its lambda_0 as our docstring has it."""
    path = [zeros(problem)]
    last, ratio = None, mp.inf
    for _ in range(T):
        here = path[-1]
        g = problem.gradient(here)
        if last is None:
            eta = mp.mpf(1e-6) * (1 + norm(here)) / norm(g)
            path.append(minus(here, scaled(eta, g)))
            last = eta
            continue
        bend = norm(minus(g, problem.gradient(path[-2])))
        eta = min(mp.sqrt(1 + ratio) * last, norm(minus(here, path[-2])) / (2 * bend))
        ratio, last = eta / last, eta
        path.append(minus(here, scaled(eta, g)))
    return path


def adagrad(problem: Problem, T: int) -> Path:
    path, squares = [zeros(problem)], zeros(problem)
    for t in range(T):
        g = problem.drawn(path[-1], t)
        squares = [s + v**2 for s, v in zip(squares, g, strict=True)]
        step = [problem.etas[t] * v / (mp.sqrt(s) + mp.mpf(1e-10)) for s, v in zip(squares, g, strict=True)]
        path.append(minus(path[-1], step))
    return path


def rmsprop(problem: Problem, T: int) -> Path:
    path, squares, alpha = [zeros(problem)], zeros(problem), mp.mpf(0.99)
    for t in range(T):
        g = problem.drawn(path[-1], t)
        squares = [alpha * s + (1 - alpha) * v**2 for s, v in zip(squares, g, strict=True)]
        step = [problem.etas[t] * v / (mp.sqrt(s) + mp.mpf(1e-8)) for s, v in zip(squares, g, strict=True)]
        path.append(minus(path[-1], step))
    return path


def adam(problem: Problem, T: int) -> Path:
    """The running means as explicit sums over all gradients so far."""
    return _adaptive(problem, T, largest=False)


def amsgrad(problem: Problem, T: int) -> Path:
    return _adaptive(problem, T, largest=True)


def _adaptive(problem: Problem, T: int, *, largest: bool) -> Path:
    b1, b2 = mp.mpf(0.9), mp.mpf(0.999)
    path: Path = [zeros(problem)]
    gradients: Path = []
    tops = zeros(problem)
    for t in range(T):
        gradients.append(problem.drawn(path[-1], t))
        moved = []
        for j in range(problem.k):
            m = (1 - b1) * mp.fsum(b1 ** (t - s) * g[j] for s, g in enumerate(gradients))
            v = (1 - b2) * mp.fsum(b2 ** (t - s) * g[j] ** 2 for s, g in enumerate(gradients))
            tops[j] = max(tops[j], v)
            size = mp.sqrt((tops[j] if largest else v) / (1 - b2 ** (t + 1))) + mp.mpf(1e-8)
            moved.append(path[-1][j] - problem.etas[t] * m / (1 - b1 ** (t + 1)) / size)
        path.append(moved)
    return path


def dog(problem: Problem, T: int) -> Path:
    path, squares, far = [zeros(problem)], mp.mpf(0), mp.mpf(1e-6)
    for t in range(T):
        g = problem.drawn(path[-1], t)
        squares += dot(g, g)
        far = max(far, norm(minus(path[-1], path[0])))
        path.append(minus(path[-1], scaled(far / mp.sqrt(squares), g)))
    return path


def saga(problem: Problem, T: int) -> Path:
    return _remembered(problem, T, whole=False)


def sag(problem: Problem, T: int) -> Path:
    return _remembered(problem, T, whole=True)


def _remembered(problem: Problem, T: int, *, whole: bool) -> Path:
    """The table of all rows' gradients, and its mean added up anew at every step."""
    path = [zeros(problem)]
    table = [problem.row(path[0], i) for i in range(problem.N)]
    for t in range(T):
        here, i = path[-1], problem.draws[t]
        fresh, old = problem.row(here, i), table[i]
        mean = [mp.fsum(row[j] for row in table) / problem.N for j in range(problem.k)]
        table[i] = fresh
        after = [mp.fsum(row[j] for row in table) / problem.N for j in range(problem.k)]
        direction = after if whole else plus(minus(fresh, old), mean)
        path.append(minus(here, scaled(problem.etas[t], plus(direction, scaled(problem.ridge, here)))))
    return path


def svrg(problem: Problem, T: int) -> Path:
    path, snapshot = [zeros(problem)], zeros(problem)
    for t in range(T):
        here, i = path[-1], problem.draws[t]
        if t % (2 * problem.N) == 0:
            snapshot = here
        direction = plus(minus(problem.row(here, i), problem.row(snapshot, i)), problem.mean(snapshot))
        path.append(minus(here, scaled(problem.etas[t], plus(direction, scaled(problem.ridge, here)))))
    return path


def coordinate(problem: Problem, T: int) -> Path:
    path = [zeros(problem)]
    for _ in range(T):
        theta = [*path[-1]]
        for j in range(problem.k):
            theta[j] -= problem.gradient(theta)[j] / problem.coordinate_bound(j)
        path.append(theta)
    return path


def newton(problem: Problem, T: int) -> Path:
    path = [zeros(problem)]
    for _ in range(T):
        here = path[-1]
        g = problem.gradient(here)
        d = [*(-mp.lu_solve(problem.hessian(here), mp.matrix(g)))]
        path.append(_backtracked(problem, here, g, d))
    return path


def lbfgs(problem: Problem, T: int) -> Path:
    """The inverse Hessian as a dense matrix, from the last ten pairs: H <- V^T H V + rho s s^T, V = I - rho y s^T."""
    path = [zeros(problem)]
    slopes = [problem.gradient(path[0])]
    for _ in range(T):
        here, g = path[-1], slopes[-1]
        pairs = [(minus(b, a), minus(h, f)) for a, b, f, h in zip(path, path[1:], slopes, slopes[1:], strict=False)]
        H = mp.eye(problem.k) * (1 / norm(g))
        if pairs:
            s, y = pairs[-1]
            H = mp.eye(problem.k) * (dot(s, y) / dot(y, y))
        for s, y in pairs[-10:]:
            rho = 1 / dot(s, y)
            V = mp.eye(problem.k) - rho * mp.matrix(y) * mp.matrix(s).T
            H = V.T * H * V + rho * mp.matrix(s) * mp.matrix(s).T
        path.append(_backtracked(problem, here, g, [*(-H * mp.matrix(g))]))
        slopes.append(problem.gradient(path[-1]))
    return path


def _backtracked(problem: Problem, here: Point, g: Point, d: Point) -> Point:
    eta, share = mp.mpf(1), mp.mpf(1e-4)
    while problem.value(plus(here, scaled(eta, d))) > problem.value(here) + share * eta * dot(g, d):
        eta /= 2
    return plus(here, scaled(eta, d))


REFERENCES: dict[str, Callable[[Problem, int], Path]] = {
    "adagrad": adagrad,
    "adam": adam,
    "adgd": adgd,
    "amsgrad": amsgrad,
    "armijo": armijo,
    "averaged_sgd": averaged_sgd,
    "coordinate": coordinate,
    "dog": dog,
    # Where no |theta_j| is penalised these two are.
    "fista": nesterov,
    "prox_gradient": gd,
    "gd": gd,
    "heavy_ball": heavy_ball,
    "lbfgs": lbfgs,
    "nesterov": nesterov,
    "newton": newton,
    "polyak": polyak,
    "rmsprop": rmsprop,
    "sag": sag,
    "saga": saga,
    "sgd": sgd,
    "svrg": svrg,
}
