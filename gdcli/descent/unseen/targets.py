"""The target of rows that were not seen, as the loss of the run takes it."""

from __future__ import annotations

import numpy as np

from gdcli.data.columns import shortest
from gdcli.data.names import listing
from gdcli.data.table import Floats, Levels
from gdcli.errors import DataError
from gdcli.escape import visible
from gdcli.risk.empirical import EmpiricalRisk, Vector
from gdcli.risk.models.softmax import SoftmaxRisk

# What a loss takes: numbers, -1 and +1 for two classes, or the codes of classes.
NUMBERS, SIGNS, CLASSES = "numbers", "signs", "classes"


def taken(risk: EmpiricalRisk) -> str:
    """What the loss of a risk takes."""
    if isinstance(risk, SoftmaxRisk):
        return CLASSES
    return SIGNS if risk.loss.target == "signs" else NUMBERS


def encoded(target: Floats | Levels, labels: tuple[str, ...] | None, takes: str, file: str, name: str) -> Vector:
    """y (N,). Raises DataError for a class that the run did not know, and for texts where it had numbers."""
    if takes == NUMBERS:
        if not isinstance(target, Levels):
            return np.asarray(target)
        message = f'the target "{visible(name)}" holds texts here, and numbers in the run'
        raise DataError(message, file=file, hint="name the column of numbers with --target")
    code = {text: j for j, text in enumerate(labels or ())}
    names, codes = _texts(target)
    strange = [j for j, text in enumerate(names) if text not in code]
    if strange:
        row = int(np.argmax(np.isin(codes, strange)))
        message = f'the target "{visible(name)}" is "{visible(names[codes[row]])}" in data row {row + 1}'
        raise DataError(f"{message}: no class of the run", file=file, hint=f"the classes are {listing(tuple(code))}")
    found = np.array([code[text] for text in names], dtype=np.float64)[codes]
    return 2.0 * found - 1.0 if takes == SIGNS else found


def _texts(target: Floats | Levels) -> tuple[tuple[str, ...], np.ndarray[tuple[int], np.dtype[np.intp]]]:
    """The classes' names as labels write them, and which of them each row is of."""
    if isinstance(target, Levels):
        return target.names, target.codes
    values, codes = np.unique(target, return_inverse=True)
    return tuple(map(shortest, values.tolist())), codes
