"""scikit-learn: SGDClassifier and SGDRegressor with the same step size, no penalty and no intercept."""

from __future__ import annotations

from collections.abc import Callable

from tests.benchmarks.engine.data import ETA, Given, Outcome

TITLE = "scikit-learn"


def epoch(shuffle: bool) -> Callable[[Given], Callable[[], Outcome]]:
    """One epoch of it."""

    def make(given: Given) -> Callable[[], Outcome]:
        from sklearn.linear_model import SGDClassifier, SGDRegressor

        X, y = given.rows()
        kind, name = (SGDClassifier, "log_loss") if given.loss == "logistic" else (SGDRegressor, "squared_error")
        fixed = {"alpha": 0.0, "penalty": None, "learning_rate": "constant", "eta0": ETA, "max_iter": 1, "tol": None}

        def job() -> Outcome:
            model = kind(loss=name, fit_intercept=False, shuffle=shuffle, random_state=0, **fixed)
            return Outcome(model.fit(X, y).coef_.ravel(), len(y))

        return job

    return make


JOBS = {"shuffled": epoch(True), "in order": epoch(False)}
