"""Arguments that are not what a function says it takes: an error of ours, before anything is computed."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import cache, wraps
from inspect import signature
from numbers import Complex, Integral, Real
from types import NoneType, UnionType
from typing import Any, Literal, SupportsFloat, TypeVar, Union, Unpack, cast, get_args, get_origin, get_type_hints

F = TypeVar("F", bound=Callable[..., Any])


def checked(function: F) -> F:
    """The function, which raises UsageError for arguments that are of other types than it declares."""

    @wraps(function)
    def call(*args: Any, **kwargs: Any) -> Any:
        kinds, given = _kinds(function), signature(function).bind(*args, **kwargs).arguments
        for name, value in (given | given.get("options", {})).items():
            if name in kinds and not fits(value, kinds[name]):
                raise _wrong(name, value, kinds[name])
        return function(*args, **kwargs)

    return cast(F, call)


def fits(value: Any, kind: Any) -> bool:
    """Whether a value is of a declared type; of protocols, which promise methods, this cannot be told."""
    bare, parts = get_origin(kind) or kind, get_args(kind)
    if bare in (Union, UnionType):
        return any(fits(value, part) for part in parts)
    if bare is Literal:
        return isinstance(value, str) and value in parts
    if bare in _CHECKS:
        return _CHECKS[bare](value)
    if bare in (Sequence, Iterable):
        return is_list(value) and (not isinstance(value, Collection) or all(fits(each, parts[0]) for each in value))
    if bare is Mapping:
        return isinstance(value, Mapping) and all(fits(each, parts[1]) for each in value.values())
    return getattr(bare, "_is_protocol", False) or isinstance(value, bare)


def is_list(value: object) -> bool:
    """Whether it holds values one after the other: no text, and no matrix."""
    if isinstance(value, str | bytes | Mapping):
        return False
    return isinstance(value, Iterable) and getattr(value, "ndim", 1) == 1


def scalar(value: Any) -> Any:
    """A scalar of NumPy as the number it holds."""
    return value.item() if getattr(value, "ndim", None) == 0 else value


def _is_number(value: Any) -> bool:
    """Whether `float` takes it and nothing is lost."""
    if isinstance(value, str | bytes) or (isinstance(value, Complex) and not isinstance(value, Real)):
        return False
    try:
        float(scalar(value))
    except OverflowError:
        return True
    except (TypeError, ValueError):
        return False
    return getattr(value, "ndim", 0) == 0


def _is_kind(kind: type) -> Callable[[Any], bool]:
    """Of this kind of number, which no truth value is."""
    return lambda value: isinstance(scalar(value), kind) and not isinstance(scalar(value), bool)


_CHECKS: dict[Any, Callable[[Any], bool]] = {
    Any: lambda value: True,
    NoneType: lambda value: value is None,
    bool: lambda value: isinstance(scalar(value), bool),
    int: _is_kind(Integral),
    float: _is_kind(Real),
    SupportsFloat: _is_number,
}
# One of a type, and many, in words.
_WORDS = {
    NoneType: ("", ""),
    str: ("text", "text"),
    bool: ("True or False", ""),
    int: ("a whole number", ""),
    float: ("a number", ""),
    SupportsFloat: ("a number", "numbers"),
    os.PathLike: ("a path", "paths"),
    Mapping: ("a mapping", "mappings"),
    Iterable: ("a list", "lists"),
}


@cache
def _kinds(function: Callable[..., Any]) -> dict[str, Any]:
    """The declared type of each argument; keywords of a TypedDict have theirs."""
    found = get_type_hints(function)
    if get_origin(found.get("options")) is Unpack:
        found |= get_type_hints(get_args(found.pop("options"))[0])
    return found


def _wrong(name: str, value: object, kind: Any) -> Exception:
    from gdcli.errors import UsageError
    from gdcli.escape import visible

    return UsageError(f"{name} is {visible(repr(value), 60)}", hint=f"{name} takes {_told(kind)}")


def _told(kind: Any, many: bool = False) -> str:
    """A type in words."""
    bare, parts = get_origin(kind) or kind, get_args(kind)
    if bare in (Union, UnionType):
        words = [word for word in dict.fromkeys(_told(part, many) for part in parts) if word]
        return " or ".join([", ".join(words[:-1]), words[-1]] if words[1:] else words)
    if bare is Literal:
        return ", ".join(map(repr, parts))
    if bare in (Sequence, Iterable) and not many:
        return f"a list of {_told(parts[0], many=True)}"
    return _WORDS[bare][many] if bare in _WORDS else f"a {bare.__name__}"
