"""What each command prints: the results, which travel in an envelope, and the lines of its NDJSON before them."""

from __future__ import annotations

from importlib import import_module
from typing import Any, get_type_hints

from gdcli import __version__
from gdcli.results.common import Failure
from gdcli.schema.shapes import Schema, about, members, shape
from gdcli.schema.words import words

# By command, out of its module of results, or out of another that is named in front.
RESULTS = {
    "grad": ("GradientReport", "BatchAnswer"),
    "derive": ("DeriveReport",),
    "tangent": ("TangentReport",),
    "chain": ("ChainReport",),
    "steepest": ("SteepestReport",),
    "differentiable": ("DifferentiabilityReport",),
    "curvature": ("CurvatureReport",),
    "check": ("CheckReport", "CheckSummary"),
    "minimize": ("MinimizeReport", "MinimizePlan"),
    "descend": ("RunReport", "plan.PlanReport"),
    "rate": ("RateReport",),
    "rerun": ("RerunReport",),
    "predict": ("PredictReport",),
    "plot": ("PlotReport",),
    "problems": ("ProblemList", "ProblemSummary"),
    "cache": ("CacheReport",),
    "config": ("ConfigReport",),
}
LINES = {
    "check": ("ClaimAnswer",),
    "minimize": ("MinimizeStep",),
    "descend": ("StepReport",),
    "rate": ("RatePoint",),
    "predict": ("Prediction",),
}


def schema(command: str | None = None) -> Schema:
    """The schema of one command's documents, or of all."""
    definitions: dict[str, Schema] = {}
    commands = tuple(RESULTS) if command is None else (command,)
    choices = [choice for name in commands for choice in _documents(name, definitions)]
    definitions["Error"] = _error(commands, definitions)
    part = "" if command is None else f":{command}"
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:gdcli:schema{part}:{__version__}",
        "title": "gdcli" if command is None else f"gdcli {command}",
        "description": "A document of --format json, or one line of --format ndjson.",
        "anyOf": [*choices, {"$ref": "#/$defs/Error"}],
        "$defs": definitions,
    }


def result(command: str, name: str) -> Any:
    """A class by its name in RESULTS or LINES."""
    module, _, own = name.rpartition(".")
    return getattr(import_module(f"gdcli.results.{module or command}"), own)


def _documents(command: str, definitions: dict[str, Schema]) -> list[Schema]:
    lines = [result(command, name) for name in LINES.get(command, ())]
    results = [result(command, name) for name in RESULTS[command]]
    for line in lines:
        definitions[f"{line.__name__}Line"] = _enveloped(line, {"kind": _kind(line)}, ["kind"], definitions)
    for whole in results:
        envelope = _envelope((command,)) | {"kind": _kind(whole), "error": _failure(definitions)}
        definitions[f"{whole.__name__}Document"] = _enveloped(whole, envelope, ["command", "version"], definitions)
    names = [*(f"{line.__name__}Line" for line in lines), *(f"{whole.__name__}Document" for whole in results)]
    return [{"$ref": f"#/$defs/{name}"} for name in names]


def _enveloped(result: type, envelope: Schema, needed: list[str], definitions: dict[str, Schema]) -> Schema:
    """A result's own object with the keys of the envelope in front."""
    own = members(result, definitions)
    return {
        "description": about(result),
        **own,
        "properties": envelope | own["properties"],
        "required": [*needed, *own["required"]],
    }


def _envelope(commands: tuple[str, ...]) -> Schema:
    return {
        "command": {"description": words("", "command"), "enum": list(commands)},
        "version": {"description": words("", "version"), "type": "string"},
    }


def _kind(result: Any) -> Schema:
    """What `kind` says of a line: a constant of the class, one of a few that it works out, or the command."""
    kind = getattr(result, "kind", result.command)
    if isinstance(kind, property):
        return {"description": words("", "kind"), **shape(get_type_hints(kind.fget)["return"], {})}
    return {"description": words("", "kind"), "const": kind}


def _failure(definitions: dict[str, Schema]) -> Schema:
    return {"description": words("", "error"), **shape(Failure, definitions)}


def _error(commands: tuple[str, ...], definitions: dict[str, Schema]) -> Schema:
    kind = {"description": words("", "kind"), "const": "error"}
    return {
        "description": "A failure without a result, or a failure after the lines of a stream.",
        "type": "object",
        "properties": {**_envelope((*commands, "gdcli")), "kind": kind, "error": _failure(definitions)},
        "required": ["command", "version", "error"],
        "additionalProperties": False,
    }
