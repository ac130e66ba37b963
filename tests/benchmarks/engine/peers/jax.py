"""JAX: lax.scan over the rows, drawn inside where they are drawn, and value_and_grad of the mean; double precision."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from tests.benchmarks.engine.data import ETA, Given, Outcome

TITLE = "JAX"


def scan(uniform: bool) -> Callable[[Given], Callable[[], Outcome]]:
    """One epoch, compiled as a whole."""

    def make(given: Given) -> Callable[[], Outcome]:
        jax, jnp = _doubles()
        X, y = given.rows()
        data = jnp.asarray(X), jnp.asarray(y)

        def slope(p: Any, t: Any) -> Any:
            return -t * jax.nn.sigmoid(-t * p) if given.loss == "logistic" else p - t

        def step(theta: Any, row: Any) -> Any:
            x, t = (data[0][row], data[1][row]) if uniform else row
            return theta - ETA * slope(x @ theta, t) * x, None

        @jax.jit
        def epoch(theta: Any, key: Any) -> Any:
            rows = jax.random.randint(key, (len(y),), 0, len(y)) if uniform else data
            return jax.lax.scan(step, theta, rows)[0]

        return lambda: Outcome(np.asarray(epoch(jnp.zeros(X.shape[1]), jax.random.key(0))), len(y))

    return make


def full(given: Given) -> Callable[[], Outcome]:
    """R and its gradient."""
    jax, jnp = _doubles()
    data = tuple(map(jnp.asarray, given.rows()))
    theta = jnp.full(data[0].shape[1], 0.1)

    def mean(at: Any, X: Any, y: Any) -> Any:
        p = X @ at
        return jnp.mean(jnp.logaddexp(0.0, -y * p) if given.loss == "logistic" else (p - y) ** 2 / 2)

    both = jax.jit(jax.value_and_grad(mean))

    def job() -> Outcome:
        value, slopes = both(theta, *data)
        return Outcome(np.concatenate([[value], slopes]), len(data[1]))

    return job


def _doubles() -> tuple[Any, Any]:
    import jax

    jax.config.update("jax_enable_x64", True)
    return jax, jax.numpy


JOBS = {"uniform": scan(True), "in order": scan(False), "gradient": full}
