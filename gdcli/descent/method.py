"""What a method is: a module of `methods` with two pure functions and what it declares."""

from __future__ import annotations

import pkgutil
from importlib import import_module
from typing import Any, Protocol, cast

import numpy as np
from numpy.typing import NDArray

from gdcli.descent import methods
from gdcli.errors import UsageError

Vector = NDArray[np.float64]
State = Any


class Method(Protocol):
    """init and step, pure; NEEDS is "gradient" (of the whole risk) or "rows" (of drawn rows).

    UPDATE is the formula to show; SCHEDULE the default step size, NONSMOOTH that for losses with kinks: formulas in
    what `schedules` offers.
    """

    NEEDS: str
    UPDATE: str
    SCHEDULE: str
    NONSMOOTH: str

    def init(self, theta: Vector) -> State:
        """The state before the first step."""

    def step(self, theta: Vector, g: Vector, state: State, eta: float) -> tuple[Vector, State]:
        """The next theta and state."""


def names() -> tuple[str, ...]:
    """The methods: the files of the folder."""
    return tuple(sorted(module.name for module in pkgutil.iter_modules(methods.__path__)))


def find(name: str) -> Method:
    """The method called `name`."""
    if name not in names():
        raise UsageError(f"unknown method {name!r}", hint=f"the methods are {', '.join(names())}")
    return cast(Method, import_module(f"gdcli.descent.methods.{name}"))
