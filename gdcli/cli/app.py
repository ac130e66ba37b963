"""argv to exit code: finds the command, gives it a Terminal, and turns every failure into one message."""

from __future__ import annotations

import traceback
from importlib import import_module
from typing import Annotated, Any

import typer
from typer._click.exceptions import ClickException, NoSuchOption
from typer.core import TyperGroup

from gdcli import __version__, errors
from gdcli.cli.configured import machine_format
from gdcli.cli.options import Command, terminal
from gdcli.cli.shortage import shortage
from gdcli.cli.terminal import Terminal
from gdcli.cli.typed import PlainValues
from gdcli.errors import Exit, GdcliError, Stopped
from gdcli.escape import visible
from gdcli.suggest import nearest

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
    "config",
    "schema",
    "help",
    "man",
    "completion",
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

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """The command of the first word; for one that is none, the nearest is named."""
        if args[0] not in COMMANDS and not args[0].startswith("-"):
            raise unknown(args[0])
        return super().resolve_command(ctx, args)

    def get_help(self, ctx: Any) -> str:
        """The first page, the same on every terminal; no command is built for it."""
        commands = [(name, summary(name)) for name in COMMANDS]
        from gdcli.cli import pages

        return pages.written(pages.front(root, commands, self.get_params(ctx)))


def unknown(name: str) -> errors.UsageError:
    """The error for a word that is no command."""
    near = nearest(name, COMMANDS)
    hint = f"did you mean {near}?" if near else f"the commands are {', '.join(COMMANDS)}"
    return errors.UsageError(f"there is no command {visible(name)}", hint=hint)


def summary(name: str) -> str:
    """A command in one sentence, from its docstring."""
    from gdcli.cli import pages

    return pages.told(import_module(f"gdcli.cli.{name}").command)[0]


def _show_version(value: bool) -> None:
    if value:
        typer.echo(f"gdcli {__version__}")
        raise typer.Exit


app = typer.Typer(
    cls=Commands,
    add_completion=False,
    rich_markup_mode=None,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"]},
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

    gdcli help COMMAND tells of each command below.
    """
    if ctx.invoked_subcommand is None:
        terminal(ctx).stderr.write(ctx.get_help() + "\n")
        raise typer.Exit(int(Exit.USAGE))


def main(args: list[str], terminal: Terminal) -> int:
    """Run one command line; the exit code."""
    terminal.command = next((word for word in args if word in COMMANDS), "gdcli")
    terminal.format = machine_format(args, terminal.environ)
    try:
        code = typer.main.get_command(app).main(args, "gdcli", standalone_mode=False, obj=terminal)
        terminal.stdout.flush()
    except GdcliError as error:
        return _fail(error, terminal)
    except ClickException as error:
        return _fail(_usage(error, terminal.command), terminal)
    except Stopped as signal:
        if terminal.interruption is None:
            terminal.tell(errors.SignalError(signal.code))
        raise
    except Exception as error:
        if (known := shortage(error)) is not None:
            return _fail(known, terminal)
        if isinstance(error, OSError):
            raise
        from gdcli.cli import report

        return report.bug(error, args, terminal)
    return int(code or 0)


def _fail(error: GdcliError, terminal: Terminal) -> int:
    from gdcli.cli.settings.setting import blamed

    terminal.fail(blamed(error, terminal.settings))
    if terminal.verbose > 1:
        terminal.tell_people("".join(traceback.format_exception(error)))
    return int(error.exit)


def _usage(error: ClickException, command: str) -> errors.UsageError:
    """A usage error of the command-line library in our own words."""
    page = "gdcli --help" if command == "gdcli" else f"gdcli {command} --help"
    if isinstance(error, NoSuchOption):
        near = nearest(error.option_name, _spellings(error.ctx))
        hint = f"did you mean {near}? see {page}" if near else f"see {page}"
        return errors.UsageError(f"there is no option {visible(error.option_name)}", hint=hint)
    message = visible(error.format_message(), 4096).rstrip(".")
    quotes = 'an argument with spaces needs quotes around it: "x1 + x2"; ' if "extra argument" in message else ""
    return errors.UsageError(message, hint=f"{quotes}see {page}")


def _spellings(ctx: Any) -> list[str]:
    """All options of the command that was being read."""
    return [spelling for parameter in ctx.command.get_params(ctx) for spelling in parameter.opts if spelling[0] == "-"]
