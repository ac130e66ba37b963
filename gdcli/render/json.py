"""Results as one JSON document: the fields of the dataclass under their own names, in an envelope."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from gdcli import __version__
from gdcli.errors import GdcliError
from gdcli.escape import escaped
from gdcli.render import Look
from gdcli.results.common import Failure


def head(head: Any, look: Look) -> str:
    """Nothing: one document holds everything."""
    return ""


def step(step: Any, look: Look) -> str:
    """Nothing: one document holds everything."""
    return ""


def result(result: Any, look: Look) -> str:
    """The envelope `command`, `version`, and the result's fields; indented for people."""
    return dumps({**envelope(result.command), **encode(result)}, indent=2)


def failed(result: Any, failure: Failure, look: Look) -> str:
    """A result that is not what was demanded, or not the whole: with `error` behind the version."""
    return dumps({**envelope(result.command), "error": encode(failure), **encode(result)}, indent=2)


def error(error: GdcliError, command: str, look: Look) -> str:
    """The envelope with `error` {kind, message, hint, exit, place}."""
    return dumps({**envelope(command), "error": encode_error(error)}, indent=2)


def envelope(command: str) -> dict[str, Any]:
    """What every document begins with."""
    return {"command": command, "version": __version__}


def encode_error(error: GdcliError) -> dict[str, Any]:
    """An error's kind, message, hint, exit code and place."""
    return {
        "kind": error.kind,
        "message": error.message,
        "hint": error.hint,
        "exit": int(error.exit),
        **error.where,
    }


def encode(value: Any) -> Any:
    """Plain JSON values of a result. Floats keep the digits that read back to the same double."""
    if hasattr(value, "as_json"):
        return _encode_object(value.as_json())
    if is_dataclass(value):
        return _encode_object({field.name: getattr(value, field.name) for field in fields(value)})
    if isinstance(value, Mapping):
        return {key: encode(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [encode(item) for item in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _encode_object(value: Mapping[str, Any]) -> dict[str, Any]:
    """An object of known keys; beside one that holds numbers that are null, `..._reason` says why."""
    encoded: dict[str, Any] = {}
    for key, item in value.items():
        encoded[key] = encode(item)
        why = _reason(item)
        if why and f"{key}_reason" not in value:
            encoded[f"{key}_reason"] = why
    return encoded


def _reason(value: Any) -> Any:
    """Why a float is not finite; of a list or mapping, the reasons by index or key. None where there is none.

    They stand beside the mapping, not in it: its keys may be anything, as the columns of a file are.
    """
    if isinstance(value, float):
        return None if math.isfinite(value) else "not a number" if math.isnan(value) else "infinite"
    if isinstance(value, list | tuple):
        value = dict(enumerate(value))
    found = {str(key): _reason(item) for key, item in value.items()} if isinstance(value, Mapping) else {}
    return {key: why for key, why in found.items() if why} or None


def dumps(document: Any, indent: int | None = None) -> str:
    """JSON text, in which what is invisible or controls a terminal stands as an escape of JSON's own.

    A NaN that reached this point would be a bug of ours, so it raises.
    """
    text = json.dumps(document, ensure_ascii=False, allow_nan=False, indent=indent)
    if text.isascii() and "\x7f" not in text:
        return text
    return "".join(c if c.isprintable() or c == "\n" else escaped(c) for c in text)
