"""The options of a descent as Python users have them: numbers for texts, NumPy's numbers for Python's."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, SupportsFloat, cast

from gdcli.api.arguments import scalar
from gdcli.api.points import Point, point_text
from gdcli.descent.options import Chosen, Given

Eta = str | SupportsFloat
"""A step size: a number, or a formula such as "1/L" or "eta0/sqrt(t + 1)"."""


def chosen(options: Given, eta: Eta | None, theta0: Point | None) -> Chosen:
    """The options as the command line gives them."""
    found: dict[str, Any] = {name: scalar(value) for name, value in options.items()}
    if eta is not None:
        found["eta"] = eta_text(eta)
    if theta0 is not None:
        found["theta0"] = point_text(theta0)
    return cast("Chosen", found)


def eta_text(eta: Eta) -> str:
    """A step size as it is typed."""
    return eta if isinstance(eta, str) else repr(float(eta))


def listed(names: str | Sequence[str] | None) -> list[str] | None:
    """Names in a list; a text holds them with commas or spaces between."""
    return names.replace(",", " ").split() if isinstance(names, str) else None if names is None else list(names)
