"""The decay of the remainder: a line a length of h and a direction."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gdcli.results.tangent import TangentReport


def columns(result: TangentReport) -> Sequence[str]:
    """||h||, the direction of h by its components, |r(h)|/||h||."""
    return ["h", *(f"along_{name}" for name in result.variables), "ratio"]


def rows(result: TangentReport) -> Iterator[Sequence[object]]:
    """The ratio is empty where f is not defined."""
    for row in result.decay:
        for direction, ratio in zip(result.directions, row.ratios, strict=True):
            yield row.h, *direction, ratio
