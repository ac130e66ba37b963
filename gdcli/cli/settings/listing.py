"""Every option that can be set, with the value in force."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping, Sequence
from importlib import import_module

from gdcli.cli import settings
from gdcli.cli.settings import files
from gdcli.cli.settings.environment import variable
from gdcli.cli.settings.keys import KEYS, general, parameter
from gdcli.cli.settings.setting import Setting
from gdcli.results.config import ConfigReport, OptionSetting


def report(commands: Sequence[str], environ: Mapping[str, str]) -> ConfigReport:
    """The options of these commands. Raises SettingError and UsageError for what is set and cannot be read."""
    layers = settings.layers(environ)
    file = next((item.source for item in layers[1]), None)
    if file is None and files.PROJECT.exists():
        file = str(files.PROJECT)
    user = files.user_file()
    found = tuple(item for command in commands for item in _of_command(command, layers))
    return ConfigReport(file, str(user), user.is_file(), tuple(general()), found)


def _of_command(command: str, layers: Sequence[Sequence[Setting]]) -> Iterator[OptionSetting]:
    defaults = inspect.signature(import_module(f"gdcli.cli.{command}").command).parameters
    chosen = settings.chosen(command, layers)
    for key in KEYS[command]:
        own = variable(key, command)
        if key in chosen:
            item = chosen[key]
            yield OptionSetting(command, key, item.value, item.layer, item.source, item.line, own)
        else:
            yield OptionSetting(command, key, defaults[parameter(key)].default, "default", None, None, own)
