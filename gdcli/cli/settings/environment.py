"""Options in the environment: GDCLI_METHOD for all commands that have --method, GDCLI_DESCEND_METHOD for one."""

from __future__ import annotations

from collections.abc import Mapping

from gdcli.cli.settings.keys import KEYS, Kind, Value, general, holders, parameter
from gdcli.cli.settings.setting import Setting
from gdcli.cli.typed import plain
from gdcli.errors import UsageError
from gdcli.escape import visible
from gdcli.suggest import suggestion

PREFIX = "GDCLI_"
# Variables that are no options.
OTHERS = frozenset({"GDCLI_CACHE_DIR"})
_TRUTHS = {"1": True, "true": True, "yes": True, "on": True, "0": False, "false": False, "no": False, "off": False}


def variable(key: str, command: str | None = None) -> str:
    """The variable of an option, for one command or all that have it."""
    parts = [key] if command is None else [command, key]
    return PREFIX + "_".join(map(parameter, parts)).upper()


def settings(environ: Mapping[str, str]) -> list[Setting]:
    """The options that are set there. Raises UsageError for a switch that is neither on nor off."""
    given = _given(environ)
    known = _known() if given else {}
    return [
        Setting(key, _value(name, environ[name], kind), "environment", name, command)
        for name, (command, key, kind) in known.items()
        if name in given
    ]


def unknown(environ: Mapping[str, str]) -> list[str]:
    """A warning for each variable that looks like ours and is none."""
    given = _given(environ)
    known = _known() if given else {}
    return [_warning(name, list(known)) for name in given if name not in known]


def _given(environ: Mapping[str, str]) -> list[str]:
    """Ours, by name; an empty one counts as none."""
    return sorted(name for name in environ if name.startswith(PREFIX) and name not in OTHERS and environ[name])


def _known() -> dict[str, tuple[str | None, str, Kind]]:
    """Every variable there is: its command, its option and the type."""
    found: dict[str, tuple[str | None, str, Kind]] = {
        variable(key): (None, key, kind) for key, kind in general().items()
    }
    for command, own in KEYS.items():
        found |= {variable(key, command): (command, key, kind) for key, kind in own.items()}
    return found


def _warning(name: str, known: list[str]) -> str:
    key = name.removeprefix(PREFIX).lower().replace("_", "-")
    own = [variable(key, command) for command in holders(key)]
    hint = f"set it for a command: {', '.join(own)}" if own else suggestion(name, known) + "gdcli config lists all"
    return f"{visible(name, 100)} is no variable of gdcli: {hint}"


def _value(name: str, text: str, kind: Kind) -> Value:
    """A switch as what it says, a plain number as one; all else is left to the checks that it would meet as a flag."""
    if kind is not bool:
        found: Value | None = plain(text, kind)
        return text if found is None else found
    if text.lower() not in _TRUTHS:
        hint = "a switch is 1, true, yes or on, else 0, false, no or off"
        raise UsageError(f'{name} is "{visible(text)}"', hint=hint)
    return _TRUTHS[text.lower()]
