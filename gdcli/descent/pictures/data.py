"""Data of one or two columns with what was fitted: a line or curve, a boundary between classes, contours."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from gdcli.descent.unseen.targets import CLASSES, NUMBERS, SIGNS
from gdcli.results.figure import Axis, Curve, Field, Mark, Numbers, Panel, Points, literal
from gdcli.risk.empirical import Matrix, Vector

# More rows than these are one cloud to the eye.
ROWS = 2000
ALONG, ACROSS = 200, 60
LEVELS = 9
MARGIN = 0.04


@dataclass(frozen=True, eq=False)
class Fitted:
    """X (N, 1 or 2) of `columns` and y (N,) as the loss `takes` it, and the scores `predict`(X), in file units.

    `labels`: the classes of the `target`, where it has some.
    """

    X: Matrix
    y: Vector
    columns: tuple[str, ...]
    target: str
    labels: tuple[str, ...]
    takes: str
    loss: str
    predict: Callable[[Matrix], Matrix]


def data_panel(fitted: Fitted) -> tuple[Panel, tuple[str, ...]] | None:
    """The panel, and a note where not all rows are shown; None where a plane has no room for it."""
    drawn = {(1, NUMBERS): _curve, (2, SIGNS): _boundary, (2, CLASSES): _boundary, (2, NUMBERS): _contours}
    kind = drawn.get((fitted.X.shape[1], fitted.takes))
    if kind is None:
        return None
    count = len(fitted.X)
    rows = np.unique(np.linspace(0, count - 1, min(count, ROWS)).round().astype(np.intp))
    notes = () if len(rows) == count else (f"The data are {len(rows)} of {count} rows, equally spaced in the file.",)
    with np.errstate(all="ignore"):
        return kind(fitted, np.asarray(fitted.X[rows]), np.asarray(fitted.y[rows])), notes


def _curve(fitted: Fitted, X: Matrix, y: Vector) -> Panel:
    x = _grid(X[:, 0], ALONG)
    p = fitted.predict(x[:, None])
    fit = np.exp(p) if fitted.loss == "poisson" else p
    marks = (Points("data", "data", _numbers(X[:, 0]), _numbers(y)), Curve("fit", "fit", _numbers(x), _numbers(fit)))
    names = literal(fitted.columns[0]), literal(fitted.target)
    return Panel(f"{names[1]} over {names[0]}, with the fit", Axis(names[0]), Axis(names[1]), marks)


def _boundary(fitted: Fitted, X: Matrix, y: Vector) -> Panel:
    """The lines where the predicted class changes: each class's score is there the largest of the others' too."""
    x, z, scores = _plane(fitted, X)
    if scores.ndim == 1:
        margins = [scores]
    else:
        margins = [scores[:, k] - np.delete(scores, k, axis=1).max(axis=1) for k in range(scores.shape[1] - 1)]
    marks: list[Mark] = [*_classes(fitted, X, y)]
    for k, margin in enumerate(margins):
        marks.append(Field("" if k else "boundary", "boundary", x, z, _rows(margin), (0.0,)))
    return _panel(fitted, "with the boundary", marks)


def _classes(fitted: Fitted, X: Matrix, y: Vector) -> list[Mark]:
    codes = (y > 0.0).astype(np.intp) if fitted.takes == SIGNS else y.astype(np.intp)
    found: list[Mark] = []
    for code, name in enumerate(fitted.labels):
        x, z = (_numbers(X[codes == code, k]) for k in (0, 1))
        found.append(Points(literal(name), "data", x, z))
    return found


def _contours(fitted: Fitted, X: Matrix, y: Vector) -> Panel:
    x, z, scores = _plane(fitted, X)
    values = _rows(np.exp(scores) if fitted.loss == "poisson" else scores)
    known = [value for row in values for value in row if value is not None]
    levels = np.linspace(min(known), max(known), LEVELS + 2)[1:-1].tolist() if known and min(known) < max(known) else []
    marks = (
        Field(f"predicted {literal(fitted.target)}", "function", x, z, values, tuple(levels)),
        Points("data", "data", _numbers(X[:, 0]), _numbers(X[:, 1])),
    )
    return _panel(fitted, "with the prediction", list(marks))


def _panel(fitted: Fitted, what: str, marks: list[Mark]) -> Panel:
    names = [literal(name) for name in fitted.columns]
    title = f"{literal(fitted.target)} over {names[0]} and {names[1]}, {what}"
    return Panel(title, Axis(names[0]), Axis(names[1]), tuple(marks))


def _plane(fitted: Fitted, X: Matrix) -> tuple[tuple[float, ...], tuple[float, ...], Matrix]:
    """A grid around the data and the scores there, a row of the first column's values after the other."""
    first, second = (_grid(X[:, k], ACROSS) for k in (0, 1))
    across, up = np.meshgrid(first, second)
    scores = fitted.predict(np.column_stack([across.ravel(), up.ravel()]))
    return tuple(first.tolist()), tuple(second.tolist()), scores


def _grid(column: Vector, cells: int) -> Vector:
    """Equally spaced numbers a little beyond the column's ends."""
    low, high = float(column.min()), float(column.max())
    beyond = MARGIN * (high - low) or 0.1 * abs(low) or 1.0
    return np.linspace(low - beyond, high + beyond, cells + 1)


def _numbers(values: Matrix) -> Numbers:
    return tuple(value if np.isfinite(value) else None for value in values.tolist())


def _rows(values: Matrix) -> tuple[Numbers, ...]:
    return tuple(map(_numbers, values.reshape(ACROSS + 1, ACROSS + 1)))
