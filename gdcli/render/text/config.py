"""What is set, for people."""

from __future__ import annotations

from collections import Counter

from gdcli.escape import visible
from gdcli.render import Look
from gdcli.results.config import ConfigReport, OptionSetting

Told = tuple[object, str]


def result(result: ConfigReport, look: Look) -> str:
    """The files; what holds for all commands that have an option; then a part for each command with its own."""
    lines = [f"{name:<7}  {file}" for name, file in files(result)]
    common = _common(result)
    if common:
        lines += ["", look.paint("for all commands that have them", "bold")]
        lines += [_line(key, setting, look) for key, setting in common.items()]
    for command in dict.fromkeys(item.for_command for item in result.settings):
        own = [item for item in result.settings if item.for_command == command]
        rows = [_line(item.option, told(item), look) for item in own if told(item) != common.get(item.option)]
        lines += ["", look.paint(f"[{command}]", "bold"), *rows] if rows else []
    return "\n".join(lines) + "\n"


def files(result: ConfigReport) -> tuple[tuple[str, str], ...]:
    """The project's and the user's file."""
    project = "none" if result.project_file is None else visible(result.project_file, 4096)
    return ("project", project), (
        "user",
        f"{visible(result.user_file, 4096)}{'' if result.user_file_exists else ' (there is none)'}",
    )


def _common(result: ConfigReport) -> dict[str, Told]:
    """What most commands say of each option that several have: all others say it themselves."""
    groups: dict[str, Counter[Told]] = {}
    for item in result.settings:
        groups.setdefault(item.option, Counter())[told(item)] += 1
    return {
        key: counted.most_common(1)[0][0]
        for key, counted in groups.items()
        if key in result.shared and counted.total() > 1 and counted.most_common(1)[0][1] > 1
    }


def told(item: OptionSetting) -> Told:
    """An option's value, and where it is set."""
    place = "default" if item.source is None else visible(item.source, 4096)
    return item.value, place if item.line is None else f"{place}, line {item.line}"


def _line(key: str, setting: Told, look: Look) -> str:
    value, place = setting
    origin = place if place == "default" else look.paint(place, "cyan")
    return f"  {key:<19} {shown(value):<14} {origin}"


def shown(value: object) -> str:
    """As a file has it; - where the choice is left to the command."""
    if value is None:
        return "-"
    return str(value).lower() if isinstance(value, bool) else visible(str(value), 200)
