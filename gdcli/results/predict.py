"""What gdcli predict emits."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from gdcli.results.common import Changes
from gdcli.results.result import Tabular, columns


@dataclass(frozen=True, slots=True)
class PredictHead:
    """The columns of what follows: "row", "prediction", and "probability" or "score" where there are classes."""

    command: ClassVar[str] = "predict"

    names: tuple[str, ...]

    def columns(self) -> list[str]:
        """The names."""
        return list(self.names)


@dataclass(frozen=True, slots=True)
class Prediction:
    """The prediction for a data row, counted from 1: a number, or a class with its `probability`.

    A loss for classes that has no probabilities has a `score` p instead, positive for the second class.
    """

    command: ClassVar[str] = "predict"
    kind: ClassVar[str] = "prediction"
    json_changes: ClassVar[Changes] = {"prediction": "float | str", "probability?": "float", "score?": "float"}

    row: int
    prediction: float | str
    probability: float | None = None
    score: float | None = None

    def cells(self) -> list[float | str]:
        """What is there, in order."""
        found = (self.row, self.prediction, self.probability, self.score)
        return [value for value in found if value is not None]

    def as_json(self) -> Mapping[str, object]:
        """The fields that are there; a prediction that is not finite is null, as the model is undefined there."""
        given = {name: getattr(self, name) for name in self.__slots__}
        return {name: value for name, value in given.items() if value is not None}


@dataclass(frozen=True, slots=True)
class PredictReport(Tabular):
    """Predictions by the parameters of the saved `run` after `step` steps, for `rows` rows of `data`.

    `risk`: their mean loss, and `accuracy`: the share of rows whose class is the predicted one, None where the file has
    no target (or the loss no classes). `ignored`: columns of no use here. `predictions` is None where they were
    streamed.
    """

    command: ClassVar[str] = "predict"
    kind: ClassVar[str] = "run"

    run: str
    step: int
    data: str
    rows: int
    target: str
    loss: str
    risk: float | None
    accuracy: float | None
    ignored: tuple[str, ...]
    columns: tuple[str, ...]
    predictions: tuple[Prediction, ...] | None

    def table(self) -> dict[str, list[object]]:
        """The predictions, a row each."""
        return columns(self.predictions or (), self.columns)

    @property
    def head(self) -> PredictHead:
        """What stands before the predictions."""
        return PredictHead(self.columns)

    @property
    def judged(self) -> str | None:
        """The risk and the accuracy in words, None where the file has no target."""
        if self.risk is None:
            return None
        hits = "" if self.accuracy is None else f", accuracy {self.accuracy:.4g}"
        shown = f"{self.risk:.8g}" if math.isfinite(self.risk) else "not finite"
        return f"mean {self.loss} loss {shown}{hits} on {self.rows} rows"
