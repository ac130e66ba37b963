"""JSON values to dataclasses, by their annotations: whatever does not fit is refused."""

from __future__ import annotations

import types
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

T = TypeVar("T")


def build(kind: type[T], value: Any) -> T:
    """A dataclass from an object with its very fields. Raises ValueError with what does not fit."""
    if not isinstance(value, dict):
        raise ValueError(f"{kind.__name__} is no object")
    hints = get_type_hints(kind)
    names = {field.name for field in fields(kind)}  # type: ignore[arg-type]
    if value.keys() != names:
        odd = ", ".join(sorted(map(repr, value.keys() ^ names)))
        raise ValueError(f"these keys are missing or too many: {odd}")
    return kind(**{name: _fitted(hints[name], value[name], name) for name in names})


def _fitted(hint: Any, value: Any, name: str) -> Any:
    """The value as its annotation has it."""
    origin, inner = get_origin(hint), get_args(hint)
    if hint is Any or (origin is Literal and value in inner):
        return value
    if origin in (Union, types.UnionType):
        return _first(inner, value, name)
    if origin is tuple and isinstance(value, list):
        return tuple(_fitted(inner[0], item, name) for item in value)
    if origin is Mapping and isinstance(value, dict):
        return {key: _fitted(inner[1], item, name) for key, item in value.items()}
    if is_dataclass(hint) and isinstance(hint, type):
        return build(hint, value)
    if type(value) is hint or (hint is float and type(value) is int):
        return hint(value) if hint is float else value
    raise ValueError(f"{name} is {str(value)[:40]!r}")


def _first(kinds: tuple[Any, ...], value: Any, name: str) -> Any:
    """The first of several annotations that fits."""
    for kind in kinds:
        if kind is type(None):
            if value is None:
                return None
            continue
        try:
            return _fitted(kind, value, name)
        except ValueError:
            continue
    raise ValueError(f"{name} is {str(value)[:40]!r}")
