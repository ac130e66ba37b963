"""Results as newline-delimited JSON: a line a step as it happens, the run as the last line."""

from __future__ import annotations

from typing import Any

from gdcli.errors import GdcliError
from gdcli.render import Look
from gdcli.render.json import dumps, encode, encode_error, envelope
from gdcli.results.common import Failure


def head(head: Any, look: Look) -> str:
    """Nothing: the last line carries what the head says."""
    return ""


def step(step: Any, look: Look) -> str:
    """One step."""
    return dumps({"kind": step.kind, **encode(step)})


def result(result: Any, look: Look) -> str:
    """The whole result on one line."""
    kind = getattr(result, "kind", result.command)
    return dumps({"kind": kind, **envelope(result.command), **encode(result)})


def failed(result: Any, failure: Failure, look: Look) -> str:
    """A result that is not what was demanded, or not the whole: with `error` behind the version."""
    kind = getattr(result, "kind", result.command)
    return dumps({"kind": kind, **envelope(result.command), "error": encode(failure), **encode(result)})


def error(error: GdcliError, command: str, look: Look) -> str:
    """A failure on one line."""
    return dumps({"kind": "error", **envelope(command), "error": encode_error(error)})
