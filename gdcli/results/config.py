"""What gdcli config emits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class OptionSetting:
    """An option of `for_command` as it is in force: its `value`, None where it is left to the command, and the source.

    `layer`: "environment", "project", "user" or "default"; `source`: the variable or the file, with the `line` where it
    is known, None for a default. `variable` sets it in the environment for this command alone.
    """

    for_command: str
    option: str
    value: str | int | float | bool | None
    layer: str
    source: str | None
    line: int | None
    variable: str


@dataclass(frozen=True, slots=True)
class ConfigReport:
    """Every option that can be set, by command; `project_file` is the one in force here, None without any.

    `user_file` is where the user's own would be. `shared` are the options that can be set for all commands at once.
    """

    command: ClassVar[str] = "config"

    project_file: str | None
    user_file: str
    user_file_exists: bool
    shared: tuple[str, ...]
    settings: tuple[OptionSetting, ...]
