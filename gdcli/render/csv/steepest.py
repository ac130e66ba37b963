"""Slopes by direction: of steepest ascent, along axes and --along, and at angles from the gradient."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gdcli.results.steepest import DirectionReport, SteepestReport


def columns(result: SteepestReport) -> Sequence[str]:
    """What the direction is, its unit vector or its angle to the gradient, the slope, the change measured over eps."""
    units = [f"unit_{name}" for name in result.variables]
    return ["direction", *units, "degrees", "slope", *(f"measured_{eps!r}" for eps in result.epsilons)]


def rows(result: SteepestReport) -> Iterator[Sequence[object]]:
    """Where there is no gradient, the axes alone."""
    if result.ascent is not None:
        yield _direction("ascent", result.ascent)
    yield from (_direction("along", direction) for direction in result.along)
    yield from (_direction("axis", axis) for axis in result.axes)
    nowhere = [None] * len(result.variables)
    yield from (("angle", *nowhere, row.degrees, row.slope.value, *row.measured) for row in result.table)


def _direction(name: str, found: DirectionReport) -> Sequence[object]:
    degrees = None if found.angle is None else found.angle.value
    return name, *(entry.value for entry in found.unit), degrees, found.slope.value, *found.measured
