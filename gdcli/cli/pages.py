"""A command's help page: what it says, out of the command's function and parameters, and how it is written."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from textwrap import wrap
from typing import Any

from gdcli.cli.groups import GROUPS, heading
from gdcli.errors import Exit

WIDTH = 80
# The widest names of options and arguments that their texts stand beside.
_BESIDE = 24
_ENDING = "Exit codes: gdcli --help. The manual: gdcli man."
_FRONT_USAGE = "gdcli [OPTIONS] COMMAND [ARGS]..."


@dataclass(frozen=True)
class Entry:
    """An argument, option or command as the page shows it, and what it is for."""

    shown: str
    text: str


@dataclass(frozen=True)
class Page:
    """The parts of a page in their order; `examples` are lines, `notes` paragraphs, of lines where these are kept."""

    usage: str
    summary: str
    examples: tuple[str, ...]
    notes: tuple[str | tuple[str, ...], ...]
    sections: tuple[tuple[str, tuple[Entry, ...]], ...]
    ending: str = _ENDING


def page(command: Any, parameters: Iterable[Any]) -> Page:
    """The page of a command with these parameters."""
    arguments = [p for p in parameters if p.param_type_name == "argument"]
    options = [p for p in parameters if p.param_type_name == "option" and not p.hidden]
    summary, examples, notes = told(command.callback)
    usage = " ".join(["gdcli", command.name, "[OPTIONS]", *map(_in_usage, arguments)])
    sections = [
        ("Arguments", tuple(Entry(_bare(argument), argument.help or "") for argument in arguments)),
        *grouped(command.name, options),
    ]
    return Page(usage, summary, examples, notes, tuple(section for section in sections if section[1]))


def front(function: Any, commands: Iterable[tuple[str, str]], options: Iterable[Any]) -> Page:
    """The first page: of the program, with a line for each of its commands, and the table of exit codes."""
    summary, examples, notes = told(function)
    listed = tuple(Entry(name, text) for name, text in commands)
    given = tuple(_entry("gdcli", option) for option in options)
    codes = "".join(f"\n  {int(code):>3}  {code.meaning}" for code in Exit)
    sections = (("Commands", listed), ("Options", given))
    return Page(_FRONT_USAGE, summary, examples, notes, sections, f"Exit codes:{codes}")


def told(function: Any) -> tuple[str, tuple[str, ...], tuple[str | tuple[str, ...], ...]]:
    """Summary, examples and notes out of a docstring; a paragraph behind a backspace keeps its lines."""
    first, *others = (inspect.getdoc(function) or "").split("\n\n")
    kept = [tuple(part.splitlines()[1:]) if part.startswith("\b") else _joined(part) for part in others]
    examples = [part for part in kept if _is_examples(part)]
    notes = tuple(part for part in kept if not _is_examples(part))
    return _joined(first), tuple(line for part in examples for line in part), notes


def commands_of(examples: Iterable[str]) -> list[tuple[str, str]]:
    """Each example's command line and what it is said to show; two blanks part them, and a line may follow."""
    found: list[tuple[str, str]] = []
    for line in examples:
        command, _, text = line.partition("  ")
        if command:
            found.append((command, text.strip()))
        else:
            found[-1] = (found[-1][0], f"{found[-1][1]} {text.strip()}".strip())
    return found


def _is_examples(part: str | tuple[str, ...]) -> bool:
    return isinstance(part, tuple) and part[0].startswith("gdcli ")


def _joined(paragraph: str) -> str:
    return " ".join(paragraph.split())


def grouped(command: str, options: Iterable[Any]) -> Iterator[tuple[str, tuple[Entry, ...]]]:
    """The options under their headings; those of one command alone first, then as the group has them."""
    found = list(options)
    for title, names in GROUPS.items():
        own = [option for option in found if heading(command, option.name) == title]
        own.sort(key=lambda option: names.index(option.name) if option.name in names else -1)
        yield title, tuple(_entry(command, option) for option in own)


def _entry(command: str, option: Any) -> Entry:
    spelled = ", ".join(sorted(option.opts, key=len))
    text = option.help or ""
    if option.name == "format":
        text = f"Output as {', '.join(sys.modules[f'gdcli.cli.{command}'].FORMATS)}."
    if option.is_flag or option.count:
        return Entry(spelled, text)
    return Entry(f"{spelled} {value_name(option)}", _with_default(text, option.default))


def value_name(parameter: Any) -> str:
    """What stands for the value: the metavar, N and X for numbers, else the parameter's name."""
    numbers = {int: "N", float: "X"}
    return str(parameter.metavar or numbers.get(parameter.type_descriptor.annotation, parameter.name.upper()))


def _with_default(text: str, default: object) -> str:
    if default is None or "(default" in text:
        return text
    value = f"{default:g}" if isinstance(default, float) else default
    return f"{text if text.endswith('...') else text.removesuffix('.')} (default: {value})."


def _bare(argument: Any) -> str:
    return value_name(argument).strip("[]")


def _in_usage(argument: Any) -> str:
    return _bare(argument) if argument.required else f"[{_bare(argument)}]"


def written(page: Page) -> str:
    """The page as text of 80 columns, the same on every terminal."""
    lines = [*wrap(f"Usage: {page.usage}", WIDTH, subsequent_indent=" " * 9), "", *_filled(page.summary)]
    if page.examples:
        lines += ["", "Examples:", *(f"  {line}" for line in page.examples)]
    for note in page.notes:
        lines += ["", *(_filled(note) if isinstance(note, str) else (f"  {line}" for line in note))]
    for title, entries in page.sections:
        lines += ["", f"{title}:", *_table(entries)]
    return "\n".join([*lines, "", *page.ending.splitlines()])


def _filled(text: str) -> list[str]:
    return wrap(text, WIDTH, initial_indent="  ", subsequent_indent="  ", break_on_hyphens=False)


def _table(entries: tuple[Entry, ...]) -> Iterator[str]:
    """Names and texts in two columns; a text that finds no room beside its name begins below it."""
    column = 4 + max((len(entry.shown) for entry in entries if len(entry.shown) <= _BESIDE), default=_BESIDE)
    for entry in entries:
        texts = wrap(entry.text, WIDTH - column, break_on_hyphens=False)
        beside = texts.pop(0) if texts and len(entry.shown) + 4 <= column else ""
        yield f"  {entry.shown}".ljust(column) * bool(beside) + (beside or f"  {entry.shown}")
        yield from (" " * column + text for text in texts)
