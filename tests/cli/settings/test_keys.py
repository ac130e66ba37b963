"""Which options can be set: every one of a command is either in the list, or belongs to one call."""

from __future__ import annotations

import inspect
import typing
from importlib import import_module

import pytest

from gdcli.cli.app import COMMANDS
from gdcli.cli.settings.environment import OTHERS, variable
from gdcli.cli.settings.keys import KEYS, general, parameter

# What belongs to one call, or names a file.
ONCE = {
    "grad": {"at", "wrt", "vars"},
    "derive": {"at", "wrt", "vars", "plot"},
    "tangent": {"at", "slope", "vars", "plot"},
    "chain": {"at", "vars"},
    "steepest": {"at", "along", "vars", "plot"},
    "differentiable": {"at", "value", "vars"},
    "curvature": {"at", "on", "vars"},
    "check": {"grad", "file", "wrt", "vars"},
    "minimize": {"start", "on", "plot", "dry_run", "vars"},
    "descend": {"validate", "save", "resume", "dry_run", "plot"},
    "rate": {"plot"},
    "predict": {"target"},
    "problems": {"copy"},
    "cache": {"limit"},
}


def options(command: str) -> dict[str, tuple[list[str], object]]:
    """The options of a command's function: their spellings and the type."""
    function = import_module(f"gdcli.cli.{command}").command
    found = {}
    for name, hint in typing.get_type_hints(function, include_extras=True).items():
        kind, *rest = typing.get_args(hint) if hasattr(hint, "__metadata__") else (hint,)
        if rest and type(rest[0]).__name__ == "OptionInfo":
            found[name] = [rest[0].default, *(rest[0].param_decls or ())], kind
    return found


def test_every_command_has_its_list() -> None:
    assert list(KEYS) == list(COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_option_is_in_the_list_or_belongs_to_one_call(command: str) -> None:
    listed = {parameter(key) for key in KEYS[command]}
    # --json is --format json.
    alias = {"json"} if "format" in listed else set()
    assert set(options(command)) == listed | ONCE.get(command, set()) | alias
    assert not listed & ONCE.get(command, set())


@pytest.mark.parametrize("command", COMMANDS)
def test_each_is_called_and_typed_as_its_flag(command: str) -> None:
    own = options(command)
    for key, kind in KEYS[command].items():
        spellings, annotation = own[parameter(key)]
        assert f"--{key}" in spellings
        assert kind in (annotation, *typing.get_args(annotation)), key


@pytest.mark.parametrize("command", COMMANDS)
def test_nothing_in_the_list_names_a_file(command: str) -> None:
    parameters = inspect.signature(import_module(f"gdcli.cli.{command}").command).parameters
    files = {"save", "resume", "copy", "file", "validate", "plot", "data", "run"}
    assert not files & {parameter(key) for key in KEYS[command]}
    assert {parameter(key) for key in KEYS[command]} <= set(parameters)


def test_what_means_two_things_is_set_by_command() -> None:
    assert "steps" not in general()
    assert {"format", "color", "timeout", "eta", "method", "l2"} <= set(general())


def test_no_two_options_share_a_variable() -> None:
    every = [variable(key) for key in general()]
    every += [variable(key, command) for command, own in KEYS.items() for key in own]
    assert len(set(every)) == len(every)
    assert not OTHERS & set(every)
