"""mlpack: logistic regression by its sgd, which shuffles; it has no SGD for squared loss, and always an intercept."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from tests.benchmarks.engine.data import ETA, Given, Outcome

TITLE = "mlpack"
LOSSES = ("logistic",)


def shuffled(given: Given) -> Callable[[], Outcome]:
    """One epoch; theta is read off its probabilities at 0 and at the unit vectors, which costs nothing beside."""
    from mlpack.logistic_regression import LogisticRegression

    X, y = given.rows()
    labels = (y > 0).astype(np.uint64)
    probes = np.vstack([np.zeros(X.shape[1]), np.eye(X.shape[1])])
    fixed = {"optimizer": "sgd", "step_size": ETA, "batch_size": 1, "tolerance": 0.0, "lambda_": 0.0}

    def job() -> Outcome:
        model = LogisticRegression(max_iterations=len(y), **fixed)
        model.fit(training=X, labels=labels)
        shares = model.predict_proba(test=probes)
        logits = np.log(shares[:, 1] / shares[:, 0])
        return Outcome(logits[1:] - logits[0], len(y), float(logits[0]))

    return job


JOBS = {"shuffled": shuffled}
