"""The loss ready to run, and the target as it takes it."""

from __future__ import annotations

import numpy as np

from gdcli.data.dataset import Dataset
from gdcli.descent.options import Options
from gdcli.errors import UsageError
from gdcli.risk import losses
from gdcli.risk.empirical import Vector


def default_loss(dataset: Dataset) -> str:
    """Squared for a numeric target, logistic for one of two values, softmax for more classes of text."""
    if dataset.labels is None:
        return "squared"
    return "logistic" if len(dataset.labels) == 2 else losses.SOFTMAX


def loss_and_target(dataset: Dataset, options: Options) -> tuple[losses.LossKernel, Vector]:
    """The loss ready to run, and the target as it takes it."""
    name = options.loss or default_loss(dataset)
    if losses.is_formula(name):
        texts = dataset.labels is not None and not _numeric(dataset.labels)
        y = dataset.signs() if texts else dataset.y
        return losses.compile_formula(name, "signs" if texts else "real", y, options.budget), y
    loss = losses.find(name)
    y = _target_values(dataset, loss)
    return losses.compile_loss(loss, options.budget), y


def _target_values(dataset: Dataset, loss: losses.Loss) -> Vector:
    """The target as the loss takes it: -1 and +1 for two classes, else the file's numbers, >= 0 for counts."""
    if loss.target == "signs":
        return dataset.signs()
    y = _real(dataset, loss)
    if loss.target == "counts" and float(y.min()) < 0.0:
        row = int(np.argmin(y))
        # A sample of what lies apart knows no rows.
        where = f" in data row {row + 1}" if dataset.apart is None else ""
        message = f"{loss.name} loss needs counts >= 0, and {dataset.target!r} is {y[row]:g}{where}"
        raise UsageError(message, hint="take another --target, or --loss squared or huber")
    return y


def _real(dataset: Dataset, loss: losses.Loss) -> Vector:
    """The target as numbers; classes of text have no numbers to fit."""
    if dataset.labels is not None and not _numeric(dataset.labels):
        message = f"{loss.name} loss needs a numeric target, and {dataset.target!r} holds the texts {dataset.labels}"
        raise UsageError(message, hint="use --loss logistic for two classes, or another --target")
    return dataset.y


def _numeric(labels: tuple[str, ...]) -> bool:
    try:
        return all(np.isfinite(float(label)) for label in labels)
    except ValueError:
        return False
