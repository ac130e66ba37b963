"""Where the descent on a model by formula begins."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from gdcli.errors import UsageError
from gdcli.language import Formula, parse_point
from gdcli.language.budget import USUAL, Budget, within
from gdcli.risk.empirical import Vector
from gdcli.risk.models.formula import ModelRisk


def starting_point(text: str | None, parameters: Sequence[str], budget: Budget = USUAL) -> Vector:
    """theta0 as a point in the parameters, 1 for each of them by default: at 0 many models are flat.

    Raises FormulaError for a value that is missing, superfluous or no number.
    """
    if text is None:
        return np.ones(len(parameters))
    point = parse_point(text, parameters)
    values = dict(zip(parameters, within(_numbers, tuple(point.values()), budget=budget), strict=True))
    for name, value in values.items():
        if not math.isfinite(value):
            message = f"theta0: {name} = {point[name].source.strip()} is no number that a double can hold"
            raise UsageError(message, hint="give every parameter a finite number: b1=500, b2=1e-4")
    return np.array(list(values.values()))


def _numbers(formulas: tuple[Formula, ...]) -> list[float]:
    """The values of formulas without variables; nan where there is none."""
    from gdcli.calculus.numeric import Numeric

    values = (Numeric(formula.tree).at({}) for formula in formulas)
    return [math.nan if value is None else float(value) for value in values]


def well_defined(risk: ModelRisk, theta0: Vector, columns: Sequence[str], parameters: Sequence[str]) -> None:
    """The model, its gradient and the loss must be finite in every row where the descent begins."""
    for rows, part in risk.parts():
        predictions, tangents = part.model.tangents(theta0, part.X)
        with np.errstate(all="ignore"):
            phi = part.kernel.value(predictions, part.y)
        slopes = {f"df/d{name}": values for name, values in zip(parameters, tangents, strict=True)}
        pieces = {"the model": predictions, **slopes, f"{risk.kernel.loss.name} loss": phi}
        for what, values in pieces.items():
            finite = np.isfinite(values)
            if not finite.all():
                row = int(np.argmin(finite))
                where = ", ".join(f"{name} = {value:g}" for name, value in zip(columns, part.X[row], strict=True))
                at = ", ".join(f"{name}={value:g}" for name, value in zip(parameters, theta0, strict=True))
                number = rows.start + row + 1
                message = f"{what} is {values[row]:g} at theta0 ({at}) in data row {number}, where {where}"
                raise UsageError(message, hint=f'begin where it is defined: --theta0 "{at}" with other numbers')
