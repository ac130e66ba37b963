"""Values that need no conversion: typer has pydantic read each one, and loading that costs a quarter of a short run."""

from __future__ import annotations

import re
from typing import Any

# What every reader of numbers reads alike.
_SPELLINGS = {int: re.compile("[0-9]{1,15}"), float: re.compile(r"[0-9]{1,15}(\.[0-9]{0,15})?(e[+-]?[0-9]{1,2})?")}


class PlainValues:
    """A command of typer's whose parameters take what plainly is of their type.

    All else, and every complaint, is left to typer.
    """

    def get_params(self, ctx: Any) -> list[Any]:
        """All parameters, --help among them."""
        found: list[Any] = super().get_params(ctx)  # type: ignore[misc]
        for parameter in found:
            if "get_runtime_param" not in vars(parameter):
                parameter.get_runtime_param = _Plain(parameter.get_runtime_param).get
        return found


class _Plain:
    """In the place of typer's RuntimeParam, which is built where it is needed."""

    def __init__(self, typers: Any) -> None:
        self._typers = typers

    def get(self) -> _Plain:
        """What typer asks for."""
        return self

    def coerce(self, value: Any, param: Any, ctx: Any) -> Any:
        """The value as the parameter's type; None where nothing is given."""
        if param.nargs == -1 and param.type_descriptor.annotation == list[str]:
            return list(value or ())
        if param.nargs == 1 and not param.multiple:
            found = plain(value, param.type_descriptor.annotation)
            if value is None or (found is not None and _within(found, param.min, param.max)):
                return found
        return self._typers().coerce(value, param, ctx)


def plain(value: Any, kind: Any) -> Any:
    """The value where it is of its type or spells a number of it as every reader does, else None."""
    if type(value) is kind and kind in (str, int, float):
        return value
    spelling = _SPELLINGS.get(kind)
    return kind(value) if spelling and isinstance(value, str) and spelling.fullmatch(value) else None


def _within(value: Any, least: float | None, most: float | None) -> bool:
    return (least is None or value >= least) and (most is None or value <= most)
