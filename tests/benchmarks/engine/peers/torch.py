"""PyTorch on the processor: autograd and torch.optim.SGD as its tutorials have it, double precision."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from tests.benchmarks.engine.data import BATCH, ETA, Given, Outcome

TITLE = "PyTorch"
# It takes some 0.2 ms a step.
STEPS = 2000


def epoch(batch: int) -> Callable[[Given], Callable[[], Outcome]]:
    """The first steps of an epoch in order."""

    def make(given: Given) -> Callable[[], Outcome]:
        import torch

        X, y = map(torch.from_numpy, given.rows(STEPS * batch))
        count = len(y) // batch * batch

        def job() -> Outcome:
            theta = torch.zeros(X.shape[1], dtype=torch.float64, requires_grad=True)
            optimizer = torch.optim.SGD([theta], lr=ETA * batch)
            for first in range(0, count, batch):
                optimizer.zero_grad()
                _mean(given.loss, X[first : first + batch] @ theta, y[first : first + batch]).backward()
                optimizer.step()
            return Outcome(theta.detach().numpy(), count)

        return job

    return make


def full(given: Given) -> Callable[[], Outcome]:
    """R and its gradient by autograd."""
    import torch

    torch.set_num_threads(given.threads)
    X, y = map(torch.from_numpy, given.rows())

    def job() -> Outcome:
        theta = torch.full((X.shape[1],), 0.1, dtype=torch.float64, requires_grad=True)
        value = _mean(given.loss, X @ theta, y)
        value.backward()
        return Outcome(np.concatenate([[value.item()], theta.grad.numpy()]), len(y))

    return job


def _mean(loss: str, p: Any, y: Any) -> Any:
    import torch

    if loss == "logistic":
        return torch.nn.functional.softplus(-y * p).mean()
    return ((p - y) ** 2).mean() / 2


JOBS = {"in order": epoch(1), f"batches of {BATCH}": epoch(BATCH), "gradient": full}
