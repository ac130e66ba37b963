"""The options that several commands share, and the arguments that begin with a minus."""

from __future__ import annotations

import sys
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperOption

from gdcli import errors
from gdcli.cli import picture
from gdcli.cli.configured import configured
from gdcli.cli.terminal import Terminal
from gdcli.cli.typed import PlainValues
from gdcli.suggest import suggestion

EVERY = ("text", "json", "ndjson", "csv", "markdown", "latex")
"""The formats of every command."""


def terminal(ctx: typer.Context) -> Terminal:
    """The terminal this command was given."""
    found = ctx.find_object(Terminal)
    if found is None:
        raise TypeError("a command was started without a Terminal")
    return found


def _set_format(ctx: typer.Context, value: str) -> str:
    offered: tuple[str, ...] = sys.modules[f"gdcli.cli.{ctx.info_name}"].FORMATS
    if value not in offered:
        hint = f"{suggestion(value, offered)}{ctx.info_name} offers {', '.join(offered)}"
        raise errors.UsageError(f"unknown format {value!r}", hint=hint)
    terminal(ctx).format = value
    return value


def _set_json(ctx: typer.Context, value: bool) -> bool:
    if value:
        terminal(ctx).format = "json"
    return value


def _set_color(ctx: typer.Context, value: str) -> str:
    choices = {"auto": None, "always": True, "never": False}
    if value not in choices:
        hint = f"{suggestion(value, choices)}--color auto, always or never"
        raise errors.UsageError(f"unknown value {value!r} for --color", hint=hint)
    terminal(ctx).color = choices[value]
    return value


def _set_quiet(ctx: typer.Context, value: bool) -> bool:
    terminal(ctx).quiet = value
    return value


def _set_verbose(ctx: typer.Context, value: int) -> int:
    terminal(ctx).verbose = value
    return value


Format = Annotated[
    str,
    typer.Option("--format", help=f"Output format: {', '.join(EVERY)}.", callback=_set_format, is_eager=True),
]
Json = Annotated[bool, typer.Option("--json", help="Same as --format json.", callback=_set_json)]
Color = Annotated[
    str, typer.Option("--color", help="Colour: auto, always or never.", callback=_set_color, is_eager=True)
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="The result only.", callback=_set_quiet, is_eager=True)]
Verbose = Annotated[
    int,
    typer.Option(
        "--verbose",
        "-v",
        count=True,
        help="Say more (-vv: tracebacks).",
        min=0,
        max=9,
        callback=_set_verbose,
        is_eager=True,
    ),
]
Expression = Annotated[str, typer.Argument(metavar="EXPR", help='A formula, e.g. "x1**2*x2".')]
At = Annotated[str | None, typer.Option("--at", metavar="P", help='A point: "x1=1, x2=-2" or "1,-2".')]
Vars = Annotated[str | None, typer.Option("--vars", metavar="X,Y", help="The variables, in order (default: as found).")]
Strict = Annotated[bool, typer.Option("--strict", help="Refuse ambiguous notation such as 1/2x.")]
Timeout = Annotated[
    float, typer.Option("--timeout", metavar="SECONDS", help="Longest time for symbolic work.", min=0.01)
]
Memory = Annotated[str, typer.Option("--memory", metavar="SIZE", help="Most memory for symbolic work, such as 500MB.")]
RunMemory = Annotated[
    str | None,
    typer.Option(
        "--memory",
        metavar="SIZE",
        help="Keep to this much memory, such as 2GB, formulas too; larger data stay in files.",
    ),
]


def check_plan(place: Terminal) -> None:
    """A format that --dry-run can be written in: there are no steps, and no pages for them."""
    if place.format not in ("text", "json", "ndjson"):
        message = f"--dry-run has no steps to write as {place.format}"
        raise errors.UsageError(message, hint="choose text, json or ndjson")


def rows(text: str) -> int | str:
    """--batch as a number of rows, or "all"."""
    if text == "all":
        return text
    if not (text.isascii() and text.isdigit() and int(text) > 0):
        raise errors.UsageError(f"--batch is {text!r}", hint="--batch takes a number of rows from 1 on, or all")
    return int(text)


class Command(PlainValues, TyperCommand):
    """A command whose arguments may begin with a minus: ``gdcli grad '-x1**2' --at 1`` works as typed."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Put every argument that is no option behind ``--``, where nothing is taken for an option."""
        options, arguments = _split(args, self.spellings())
        with configured(ctx, options, ctx.find_object(Terminal)):
            return super().parse_args(ctx, [*options, "--", *arguments] if arguments else options)

    def get_help(self, ctx: Any) -> str:
        """Its page, the same on every terminal."""
        from gdcli.cli.pages import page, written

        return written(page(self, self.get_params(ctx)))

    def spellings(self) -> dict[str, bool]:
        """Each option's spelling and whether a value follows it."""
        known = {"--help": False, "-h": False}
        for parameter in self.params:
            if isinstance(parameter, TyperOption):
                takes_value = not (parameter.is_flag or parameter.count)
                known |= dict.fromkeys([*parameter.opts, *parameter.secondary_opts], takes_value)
        return known


def _split(args: list[str], known: dict[str, bool]) -> tuple[list[str], list[str]]:
    """Options with their values, and the arguments. Raises UsageError for a second --plot."""
    options: list[str] = []
    drawn = False
    arguments: list[str] = []
    rest = list(args)
    while rest:
        word = rest.pop(0)
        if word == "--":
            arguments += rest
            break
        if not is_option(word, known):
            arguments.append(word)
            continue
        if word.partition("=")[0] == "--plot" in known:
            if drawn:
                hint = "one picture is drawn: here, or into FILE; gdcli plot draws more of a saved run"
                raise errors.UsageError("--plot is given twice", hint=hint)
            drawn = True
        options.append(word)
        if word == "--plot" and known.get(word) and not (rest and picture.is_file(rest[0])):
            options.append(picture.TERMINAL)
        elif known.get(word, False):
            if not rest:
                raise errors.UsageError(f"{word} needs a value", hint=f"write it behind {word}, in quotes")
            options.append(rest.pop(0))
    return options, arguments


def is_option(word: str, known: dict[str, bool]) -> bool:
    """`--anything`, `-v`, `-vv`, `-qv`: an option. `-`, `-x1**2`, `-1`: an argument."""
    if word.startswith("--"):
        return len(word) > 2
    return len(word) > 1 and word[0] == "-" and all(f"-{letter}" in known for letter in word[1:])
