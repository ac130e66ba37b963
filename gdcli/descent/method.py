"""What a method is: a module of `methods` with pure functions and what it declares."""

from __future__ import annotations

import math
import pkgutil
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from types import ModuleType
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from gdcli.descent import methods
from gdcli.errors import UsageError
from gdcli.suggest import suggestion

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]
# Numbers, vectors and tuples of states: what a checkpoint can hold.
State = Any
_CALL = re.compile(r"([a-z_0-9]+)\s*(?:\((.*)\))?", re.DOTALL)
_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")


class Asked(Protocol):
    """What a step may ask of R beside its gradient g; every question is counted as the passes it costs."""

    here: float
    optimum: float
    curvatures: Vector

    def value(self, theta: Vector) -> float:
        """R(theta)."""

    def gradient(self, theta: Vector) -> Vector:
        """grad R(theta), (k,)."""

    def hessian(self, theta: Vector) -> Matrix:
        """The Hessian, (k, k)."""

    def prox(self, theta: Vector, eta: float) -> Vector:
        """argmin_v [lambda_1 ||v||_1 + ||v - theta||^2/(2 eta)], theta itself where R has no L1 term."""

    def coordinates(self, theta: Vector) -> Coordinates:
        """R along one coordinate after the other, from theta on."""


class Coordinates(Protocol):
    """theta, of which one coordinate at a time is moved."""

    theta: Vector

    def partial(self, j: int) -> float:
        """dR/dtheta_j at the present theta."""

    def move(self, j: int, by: float) -> None:
        """theta_j <- theta_j + by."""


@dataclass(frozen=True)
class Method:
    """A module of `methods`, with the parameters that were given; `name` as asked for, `title` for people.

    `draws`: g is the gradient of drawn rows, else of all; `either`: it may be the other one too. `asks`: what else of R
    a step asks for, through a fifth argument (`Asked`): "value", "hessian", "optimum", "coordinates", "prox"
    (only these serve an L1 term: g is the gradient without it). `remembers`: the
    fifth argument is what g was for the same row "last" time, or at the last "snapshot". `update` is the formula to
    show, `rate` what the theory says of it, `schedules` the step sizes: the first whose constants are known counts.
    `bounds`: the families of `risk.bounds` that speak of it.

    `init(theta)` is the first state, `step(theta, g, state, eta, ...)` the next theta and state, `look(theta, state)`
    where the gradient is taken, `size(state)` the step size that the last step chose itself, `doubt(state)` why its
    bounds no longer hold.
    """

    name: str
    title: str
    draws: bool
    either: bool
    asks: tuple[str, ...]
    remembers: str
    update: str
    rate: str
    schedules: tuple[str, ...]
    bounds: tuple[str, ...]
    init: Callable[[Vector], State]
    step: Callable[..., tuple[Vector, State]]
    look: Callable[[Vector, State], Vector] | None
    size: Callable[[State], float] | None
    doubt: Callable[[State], str] | None
    module: ModuleType
    given: tuple[tuple[str, float], ...]

    @property
    def sized(self) -> bool:
        """Whether it finds its step sizes itself."""
        return self.size is not None


def names() -> tuple[str, ...]:
    """The methods: the files of the folder."""
    return tuple(sorted(module.name for module in pkgutil.iter_modules(methods.__path__)))


def find(text: str, *, whole: bool | None = None) -> Method:
    """The method of a name, or of a name with parameters: "adam", "adam(beta1=0.8)", "heavy_ball(0.5)".

    `whole`: take the gradient of all rows (or not) where the method leaves the choice; None: as it does by itself.
    Raises UsageError for names and numbers that are not among those it has.
    """
    call = _CALL.fullmatch(text.strip())
    if call is None or call[1] not in names():
        near = suggestion(text.partition("(")[0].strip(), names())
        raise UsageError(f"unknown method {text!r}", hint=f"{near}the methods are {', '.join(names())}")
    module = import_module(f"gdcli.descent.methods.{call[1]}")
    given = _given(call[2] or "", module, call[1])
    draws = module.NEEDS == "rows"
    either: bool = getattr(module, "EITHER", False)
    if whole is not None and either:
        draws = not whole
    schedules = module.ROW_SCHEDULES if draws and hasattr(module, "ROW_SCHEDULES") else module.SCHEDULES
    return Method(
        name=text.strip(),
        title=module.TITLE + "".join(f", {key} = {value:g}" for key, value in given.items()),
        draws=draws,
        either=either,
        asks=getattr(module, "ASKS", ()),
        remembers=getattr(module, "REMEMBERS", ""),
        update=module.UPDATE,
        rate=module.RATE,
        schedules=schedules,
        bounds=getattr(module, "BOUNDS", ()),
        init=_bound(module.init, given),
        step=_bound(module.step, given),
        look=_bound(module.look, given) if hasattr(module, "look") else None,
        size=getattr(module, "size", None),
        doubt=getattr(module, "doubt", None),
        module=module,
        given=tuple(given.items()),
    )


def parameters(module: ModuleType) -> Mapping[str, float]:
    """The parameters of a method's step and what they are unless given: its keyword arguments."""
    return module.step.__kwdefaults__ or {}


def _given(text: str, module: ModuleType, name: str) -> dict[str, float]:
    """The numbers in the parentheses, by name or in order."""
    known = parameters(module)
    example = f"{name}({', '.join(f'{key}={value:g}' for key, value in known.items())})" if known else name
    hint = f"write {example}" if known else f"{name} has no parameters: write {name}"
    given: dict[str, float] = {}
    for place, part in enumerate(part.strip() for part in text.split(",") if text.strip()):
        key, equals, value = (piece.strip() for piece in part.rpartition("="))
        key = key if equals else next(iter([*known][place:]), "")
        if key not in known or key in given:
            near = "" if key in given else suggestion(key, known)
            raise UsageError(f"{name} has no parameter for {part!r}", hint=f"{near}{hint}")
        if not _NUMBER.fullmatch(value):
            raise UsageError(f"{value!r} is no number for {key} of {name}", hint=hint)
        given[key] = _within(float(value), key, module, name)
    return given


def _within(value: float, key: str, module: ModuleType, name: str) -> float:
    """The value, if it lies in the parameter's range, its upper end excluded."""
    low, high = module.RANGES[key]
    if not (low <= value < high and math.isfinite(value)):
        raise UsageError(f"{key} = {value:g} of {name} is outside [{low:g}, {high:g})", hint=f"take {key} inside it")
    if key in getattr(module, "WHOLE", ()) and not value.is_integer():
        raise UsageError(f"{key} = {value:g} of {name} is no whole number", hint=f"take {key} = {math.floor(value)}")
    return value


def _bound(function: Callable[..., Any], given: Mapping[str, float]) -> Callable[..., Any]:
    own = getattr(function, "__kwdefaults__", None) or {}
    taken = {key: value for key, value in given.items() if key in own}
    return partial(function, **taken) if taken else function
