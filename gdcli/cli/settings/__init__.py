"""Values for options that nobody typed: a flag over GDCLI_* over ./gdcli.toml over the user's file over the default."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from gdcli.cli.settings import environment, files
from gdcli.cli.settings.keys import KEYS
from gdcli.cli.settings.setting import Setting


def layers(environ: Mapping[str, str]) -> list[list[Setting]]:
    """All that is set, the strongest first: the environment, the project's file, the user's.

    Raises SettingError and UsageError for what cannot be read or is no option.
    """
    return [environment.settings(environ), files.project(), files.user()]


def chosen(command: str, layers: Sequence[Sequence[Setting]]) -> dict[str, Setting]:
    """The settings for a command, by option: in a layer those for it alone are over those for all."""
    own, found = KEYS.get(command, {}), dict[str, Setting]()
    for layer in reversed(layers):
        for owner in (None, command):
            found |= {item.key: item for item in layer if item.command == owner and item.key in own}
    return found
