"""What several commands emit: expressions, numbers, the values at a point."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

# What as_json prints in place of the fields: the notation of gdcli.schema.shapes.
Changes = Mapping[str, "str | Changes"]
# The kinds of errors: those of gdcli.errors, and what else ends a command.
KINDS = (
    *("usage", "setting", "formula", "data", "domain", "exhausted", "cluster", "interrupted", "diverged", "not met"),
    "bug",
)


@dataclass(frozen=True, slots=True)
class Written:
    """An expression as plain text (which gdcli reads back) and as LaTeX; LaTeX is empty where it was not asked for."""

    text: str
    latex: str


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number: exactly, and as the nearest double. Where one is missing, `reason` says why."""

    exact: Written | None
    value: float | None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class SlopeAt:
    """One partial derivative at a point. `kind` is "value", or "none", "infinite", "undecided" when there is no number.

    `left` and `right` are the one-sided limits of the difference quotient where they had to be taken.
    """

    variable: str
    kind: str
    slope: Quantity
    left: Quantity | None
    right: Quantity | None


@dataclass(frozen=True, slots=True)
class PointReport:
    """f at a point: the coordinates, f there, its partials, and the direction and slope of steepest ascent."""

    json_changes: ClassVar[Changes] = {
        "at": "Mapping[str, float | None]",
        "value": "float | None",
        "gradient": "Mapping[str, float | None]",
        "exact": {
            "at": "Mapping[str, str | None]",
            "value": "str | None",
            "gradient": "Mapping[str, str | None]",
        },
        "gradient_reason?": "Mapping[str, str]",
        "one_sided?": "Mapping[str, Mapping[str, Quantity]]",
        "slopes": "",
        "norm": "",
    }

    at: Mapping[str, Quantity]
    value: Quantity
    slopes: tuple[SlopeAt, ...]
    steepest: tuple[float, ...] | None
    norm: Quantity | None

    @property
    def gradient(self) -> list[float | None]:
        """The partials, None where there is none."""
        return [slope.slope.value for slope in self.slopes]

    def as_json(self) -> Mapping[str, object]:
        """The numbers under the keys `at`, `value`, `gradient`, with `exact` beside them."""
        document: dict[str, object] = {
            "at": {name: number.value for name, number in self.at.items()},
            "value": self.value.value,
            "gradient": {slope.variable: slope.slope.value for slope in self.slopes},
            "exact": {
                "at": {name: _exact(number) for name, number in self.at.items()},
                "value": _exact(self.value),
                "gradient": {slope.variable: _exact(slope.slope) for slope in self.slopes},
            },
            "steepest": self.steepest,
        }
        reasons = {s.variable: s.slope.reason for s in self.slopes if s.slope.reason is not None}
        sides = {s.variable: {"left": s.left, "right": s.right} for s in self.slopes if s.left and s.kind != "value"}
        if self.value.reason is not None:
            document["value_reason"] = self.value.reason
        return document | ({"gradient_reason": reasons} if reasons else {}) | ({"one_sided": sides} if sides else {})


def _exact(number: Quantity) -> str | None:
    return None if number.exact is None else number.exact.text


@dataclass(frozen=True, slots=True)
class DerivativeStep:
    """One rule applied: `gives` is the derivative of `of`, by `law`, from the steps `uses` (counted from 1).

    The rule "simplification" is the last and no derivative: `gives` is another form of `of`, `law` how that is known.
    `depth` is how deep in the formula `of` stands, 0 for the formula itself.
    """

    rule: str
    law: str
    of: str
    gives: str
    latex: str
    depth: int
    uses: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class DecayRow:
    """|r(h)|/||h|| at ||h|| = `h` along each direction; None where f is not defined there."""

    h: float
    ratios: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class Failure:
    """What went wrong with one formula of many, under the keys of an error; `where` is its place in the formula."""

    json_changes: ClassVar[Changes] = {
        "kind": "Literal[KINDS]",
        "where": "",
        "file?": "str",
        "line?": "int",
        "column?": "str",
        "position?": "int",
    }

    kind: str
    message: str
    hint: str | None
    exit: int
    where: Mapping[str, str | int]

    def as_json(self) -> Mapping[str, object]:
        """Flat: the place stands beside the rest."""
        own = {name: getattr(self, name) for name in self.__slots__ if name != "where"}
        return {**own, **self.where}
