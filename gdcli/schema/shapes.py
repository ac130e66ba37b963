"""Types to JSON Schema: what `render.json` makes of a value of a type.

A result's class is an object of its fields, by their annotations. Where `as_json` prints other keys, the class says so
in `json_changes`, a mapping of a key to the annotation of what stands there; of such a mapping to an object of exactly
its keys; to "" for a field that is not printed; or to "*Other" for the keys of another result in its place. A key that
is not always there ends in "?", and in "*?Other" none of the other's is.
"""

from __future__ import annotations

import sys
import types
import typing
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from inspect import getdoc
from typing import Any, Literal, Union, get_args, get_origin

from gdcli.schema.words import words

Schema = dict[str, Any]
Changes = Mapping[str, Any]
_PLAIN: dict[Any, Schema] = {
    str: {"type": "string"},
    bool: {"type": "boolean"},
    int: {"type": "integer"},
    # What is not finite is null, with a reason beside it.
    float: {"type": ["number", "null"]},
    types.NoneType: {"type": "null"},
    object: {},
}


def shape(annotation: Any, definitions: dict[str, Schema]) -> Schema:
    """The schema of a type; classes go into `definitions` and are referred to."""
    if annotation in _PLAIN:
        return dict(_PLAIN[annotation])
    if is_dataclass(annotation) and isinstance(annotation, type):
        return _reference(annotation, definitions)
    origin, inner = get_origin(annotation), get_args(annotation)
    if origin is Literal:
        return {"enum": list(inner)}
    if origin is tuple:
        return _array(inner, definitions)
    if _is_union(annotation):
        return _any([shape(each, definitions) for each in inner])
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return {"type": "object", "additionalProperties": shape(inner[1], definitions)}
    raise TypeError(f"a result holds {annotation!r}, for which there is no JSON")


def _array(inner: tuple[Any, ...], definitions: dict[str, Schema]) -> Schema:
    if inner[-1] is Ellipsis:
        return {"type": "array", "items": shape(inner[0], definitions)}
    each = [shape(one, definitions) for one in inner]
    return {"type": "array", "prefixItems": each, "items": False, "minItems": len(each)}


def _any(choices: list[Schema]) -> Schema:
    """One of several; where all are plain types, a list of them."""
    if any(set(choice) != {"type"} for choice in choices):
        return {"anyOf": choices}
    names = [name for choice in choices for name in _listed(choice["type"])]
    return {"type": list(dict.fromkeys(names))}


def _listed(names: Any) -> list[str]:
    return names if isinstance(names, list) else [names]


def _reference(result: type, definitions: dict[str, Schema]) -> Schema:
    if result.__name__ not in definitions:
        definitions[result.__name__] = {}
        definitions[result.__name__] = {"description": about(result), **members(result, definitions)}
    return {"$ref": f"#/$defs/{result.__name__}"}


def about(result: type) -> str:
    """What a class says of itself, on one line."""
    return " ".join((getdoc(result) or "").split())


def members(result: type, definitions: dict[str, Schema]) -> Schema:
    """The object that a result's class is printed as."""
    module = vars(sys.modules[result.__module__])
    own: Changes = {field.name: field.type for field in fields(result)}
    changes: Changes = getattr(result, "json_changes", {})
    named = {key.removesuffix("?") for key in changes}
    own = {key: kind for key, kind in own.items() if key not in named}
    return _object({**own, **changes}, result.__name__, module, definitions)


def _object(keys: Changes, owner: str, module: Mapping[str, Any], definitions: dict[str, Schema]) -> Schema:
    """An object of these keys and no others."""
    found: Schema = {"type": "object", "properties": {}, "required": [], "additionalProperties": False, "allOf": []}
    for key, kind in keys.items():
        if isinstance(kind, str) and kind.startswith("*"):
            _splice(found, members(module[kind.lstrip("*?")], definitions), optional=kind.startswith("*?"))
        elif kind:
            name = key.removesuffix("?")
            _property(found, name, kind, owner, module, definitions)
            found["required"] += [name] if name == key and name not in found["required"] else []
    return {name: part for name, part in found.items() if part != []}


def _splice(found: Schema, other: Schema, *, optional: bool) -> None:
    found["properties"] |= other["properties"]
    found["required"] += [] if optional else other.get("required", [])
    found["allOf"] += other.get("allOf", [])


def _property(
    found: Schema, name: str, kind: Any, owner: str, module: Mapping[str, Any], definitions: dict[str, Schema]
) -> None:
    told = {"description": words(owner, name)}
    if isinstance(kind, Mapping):
        found["properties"][name] = told | _object(kind, owner, module, definitions)
        return
    annotation = eval(kind, {**vars(typing), **module})  # an annotation out of our own source
    found["properties"][name] = told | shape(annotation, definitions)
    reason = f"{name}_reason"
    if _holds_floats(annotation):
        plain = annotation is float or (_is_union(annotation) and float in get_args(annotation))
        why = {"description": f"Why {name} is null." if plain else f"Why entries of {name} are null, by their key."}
        found["properties"].setdefault(reason, why | {"type": "string" if plain else "object"})
    if annotation is float:
        null = {"required": [name], "properties": {name: {"type": "null"}}}
        found["allOf"].append({"if": null, "then": {"required": [reason]}})


def _is_union(annotation: Any) -> bool:
    return get_origin(annotation) in (types.UnionType, Union)


def _holds_floats(annotation: Any) -> bool:
    """May a float in it be infinite or not a number, outside an object that has its own reasons?"""
    return annotation is float or any(_holds_floats(inner) for inner in get_args(annotation))
