"""argv to exit code: finds the command, gives it a Terminal, and turns every failure into one message."""

from __future__ import annotations

import inspect
import traceback
from importlib import import_module
from itertools import pairwise
from typing import Annotated, Any

import typer
from typer._click.exceptions import ClickException
from typer.core import TyperGroup

from gdcli import __version__, errors
from gdcli.cli.options import Command, terminal
from gdcli.cli.terminal import Terminal
from gdcli.cli.typed import PlainValues
from gdcli.errors import Exit, GdcliError, Stopped

COMMANDS = (
    "grad",
    "derive",
    "tangent",
    "chain",
    "steepest",
    "differentiable",
    "curvature",
    "check",
    "minimize",
    "descend",
    "rate",
    "rerun",
    "predict",
    "plot",
    "problems",
    "cache",
    "schema",
)


class Commands(PlainValues, TyperGroup):
    """The commands, each a module of this package with a function `command`, imported when it is asked for."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Their names, in the order of the lecture."""
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """The command of that name."""
        if cmd_name not in COMMANDS:
            return None
        single = typer.Typer(add_completion=False, rich_markup_mode=None)
        module = import_module(f"gdcli.cli.{cmd_name}")
        single.command(cmd_name, cls=Command)(module.command)
        return typer.main.get_command(single)

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """A line a command, from its docstring: no command is built for it."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, _summary(name)) for name in COMMANDS])


def _summary(name: str) -> str:
    doc = inspect.getdoc(import_module(f"gdcli.cli.{name}").command) or ""
    return doc.partition("\n")[0]


def _show_version(value: bool) -> None:
    if value:
        typer.echo(f"gdcli {__version__}")
        raise typer.Exit


def _exit_table() -> str:
    lines = [f"  {int(code):>3}  {code.meaning}" for code in Exit]
    return "\b\nExit codes:\n" + "\n".join(lines)


app = typer.Typer(
    cls=Commands,
    add_completion=False,
    rich_markup_mode=None,
    invoke_without_command=True,
    epilog=_exit_table(),
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 80, "terminal_width": 80},
)


@app.callback()
def root(
    ctx: typer.Context,
    version: Annotated[
        bool, typer.Option("--version", help="Print the version.", callback=_show_version, is_eager=True)
    ] = False,
) -> None:
    """Why does gradient descent work, and how long does it take?

    \b
    gdcli grad "x1**2*x2"                    partial derivatives and the gradient
    gdcli tangent "x^2" --at 1               tangent, remainder, and its decay
    gdcli descend diabetes                   gradient descent with a certified gap
    gdcli descend --method sgd data.csv      stochastic gradient descent on a file
    gdcli rate diabetes                      measured rates beside the theory's
    """
    if ctx.invoked_subcommand is None:
        terminal(ctx).stderr.write(ctx.get_help() + "\n")
        raise typer.Exit(int(Exit.USAGE))


def main(args: list[str], terminal: Terminal) -> int:
    """Run one command line; the exit code."""
    terminal.command = next((word for word in args if word in COMMANDS), "gdcli")
    terminal.format = _machine_format(args)
    try:
        code = typer.main.get_command(app).main(args, "gdcli", standalone_mode=False, obj=terminal)
        terminal.stdout.flush()
    except GdcliError as error:
        return _fail(error, terminal)
    except ClickException as error:
        return _fail(_usage(error, terminal.command), terminal)
    except MemoryError:
        return _fail(errors.ExhaustedError("out of memory", hint="use a smaller formula or data set"), terminal)
    except OSError:
        raise
    except Stopped as signal:
        if terminal.interruption is None:
            terminal.tell(errors.SignalError(signal.code))
        raise
    except Exception as error:
        from gdcli.cli import report

        return report.bug(error, args, terminal)
    return int(code or 0)


def _machine_format(args: list[str]) -> str:
    """The format of an error in the options themselves: a program that asked for JSON gets JSON."""
    pairs = {*args, *map("=".join, pairwise(args))}
    if "--json" in pairs or "--format=json" in pairs:
        return "json"
    return "ndjson" if "--format=ndjson" in pairs else "text"


def _fail(error: GdcliError, terminal: Terminal) -> int:
    terminal.fail(error)
    if terminal.verbose > 1:
        traceback.print_exception(error, file=terminal.stderr)
    return int(error.exit)


def _usage(error: ClickException, command: str) -> errors.UsageError:
    """A usage error of the command-line library in our own words."""
    page = "gdcli --help" if command == "gdcli" else f"gdcli {command} --help"
    message = error.format_message().rstrip(".")
    quotes = 'an argument with spaces needs quotes around it: "x1 + x2"; ' if "extra argument" in message else ""
    return errors.UsageError(message, hint=f"{quotes}see {page}")
