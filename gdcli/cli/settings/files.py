"""Options in files: ./gdcli.toml, else [tool.gdcli] of ./pyproject.toml; and the user's own config.toml."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from gdcli.cli.settings.keys import KEYS, Kind, Value, general, holders
from gdcli.cli.settings.reading import content, decoded, line_of, parsed
from gdcli.cli.settings.setting import Setting
from gdcli.errors import SettingError
from gdcli.escape import visible
from gdcli.suggest import suggestion

PROJECT, PYPROJECT = Path("gdcli.toml"), Path("pyproject.toml")
_NAMES: dict[Kind, str] = {str: "text in quotes", int: "a whole number", float: "a number", bool: "true or false"}


def user_file() -> Path:
    """Where the user's own settings are kept, by the convention of the system."""
    import platformdirs

    return Path(platformdirs.user_config_dir("gdcli", appauthor=False)) / "config.toml"


def project() -> list[Setting]:
    """The settings of the folder that gdcli runs in."""
    data = content(PROJECT)
    if data is not None:
        text, file = decoded(data, str(PROJECT)), str(PROJECT)
        return list(_settings(parsed(text, file), text, "project", file))
    data = _pyproject()
    text, file = decoded(data, str(PYPROJECT)), str(PYPROJECT)
    tool = parsed(text, file).get("tool", {}) if text else {}
    if not isinstance(tool, dict) or "gdcli" not in tool:
        return []
    return list(_settings(_table(tool["gdcli"], "tool.gdcli", file), text, "project", file))


def user() -> list[Setting]:
    """The user's own settings; none for one without a home."""
    path = user_file()
    data = content(path) if path.is_absolute() else None
    if data is None:
        return []
    file = visible(str(path), 4096)
    text = decoded(data, file)
    return list(_settings(parsed(text, file), text, "user", file))


def _pyproject() -> bytes:
    """What it holds if it speaks of gdcli, else nothing: one that cannot be read is a matter of other tools."""
    with suppress(SettingError):
        data = content(PYPROJECT) or b""
        return data if b"gdcli" in data else b""
    return b""


def _settings(document: Mapping[str, Any], text: str, layer: str, file: str) -> Iterator[Setting]:
    """Every key at the top, and of every table that has the name of a command."""
    prefix = "tool.gdcli" if file == str(PYPROJECT) else ""
    for name, value in document.items():
        if isinstance(value, dict) or name in KEYS:
            yield from _of_command(name, value, text, layer, file, prefix)
            continue
        line = line_of(text, prefix, name)
        yield Setting(name, _value(name, value, _general(name, file, line), file, line), layer, file, None, line)


def _of_command(name: str, value: Any, text: str, layer: str, file: str, prefix: str) -> Iterator[Setting]:
    if name not in KEYS:
        hint = f"{suggestion(name, list(KEYS))}tables have the names of commands"
        raise SettingError(f"there is no command for the table [{visible(name)}]", file=file, hint=hint)
    header = f"{prefix}.{name}" if prefix else name
    for key, item in _table(value, name, file).items():
        line = line_of(text, header, key)
        if key not in KEYS[name]:
            hint = f"{suggestion(key, list(KEYS[name]))}gdcli config {name} lists all"
            raise SettingError(f'[{name}] has no "{visible(key)}" to set', file=file, line=line, hint=hint)
        shown = f"[{name}] {key}"
        yield Setting(key, _value(shown, item, KEYS[name][key], file, line), layer, file, name, line)


def _general(key: str, file: str, line: int | None) -> Kind:
    """The type of a key at the top. Raises SettingError for one that is no option, or not one for all commands."""
    known = general()
    if key in known:
        return known[key]
    tables = [f"[{command}]" for command in holders(key)]
    if tables:
        message, hint = f"{key} means more than one thing", f"put it under {' or '.join(tables)}"
    else:
        message = f'there is no "{visible(key)}" to set'
        hint = f"{suggestion(key, list(known))}gdcli config lists all"
    raise SettingError(message, file=file, line=line, hint=hint)


def _table(value: Any, name: str, file: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise SettingError(f"{name} is a table", file=file, hint=f"write [{name}] on a line of its own")
    return value


def _value(shown: str, value: Any, kind: Kind, file: str, line: int | None) -> Value:
    """The value as its option has it: a number may stand for a text that is one, such as eta = 0.1."""
    number = type(value) in (int, float)
    if type(value) is kind:
        return value
    if number and kind is str:
        return repr(value)
    if type(value) is int and kind is float and abs(value) < 1 << 1023:
        return float(value)
    raise SettingError(f"{shown} is not {_NAMES[kind]}", file=file, line=line, hint="write it as behind its flag")
