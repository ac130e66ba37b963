"""What an option's value becomes, beside what typer makes of it by itself."""

from __future__ import annotations

from typing import Annotated, Any

import pytest
import typer
from typer.core import TyperCommand

from gdcli.cli.options import Command


def command(
    count: Annotated[int, typer.Option(min=0, max=99)] = 3,
    size: Annotated[float | None, typer.Option(min=0.0)] = None,
    name: Annotated[str, typer.Option()] = "",
    words: Annotated[list[str] | None, typer.Option()] = None,
    say: Annotated[int, typer.Option(count=True)] = 0,
    flag: Annotated[bool, typer.Option("--flag")] = False,
) -> None:
    """Nothing."""


def values(kind: type[TyperCommand], args: list[str]) -> Any:
    """The values, with their types, that a command of this class takes from the line, or its complaint."""
    app = typer.Typer(add_completion=False, rich_markup_mode=None)
    app.command(cls=kind)(command)
    try:
        found = typer.main.get_command(app).make_context("x", args)
    except Exception as error:
        return type(error), str(error)
    return {name: (repr(value), type(value)) for name, value in found.params.items()}


WHOLE = ("0", "007", "99", "100", "-1", "+5", " 5", "1_0", "٣", "5.0", "1e1", "x", "", "9" * 20)
FLOATS = (
    *("0", "0.1", "1.", ".5", "1e-3", "1E-3", "1e99", "1e400", "-0.0", "-1", "nan", "inf", "1_0", "0x1", "x", ""),
    *("0.1" + "0" * 30, "123456789012345.678901234567891", "2.2250738585072011e-308", "0.3e-22", "7e22"),
)


@pytest.mark.parametrize("count", WHOLE)
def test_a_whole_number_is_what_typer_makes_of_it(count: str) -> None:
    args = [f"--count={count}"]
    assert values(Command, list(args)) == values(TyperCommand, list(args))


@pytest.mark.parametrize("size", FLOATS)
def test_a_float_is_what_typer_makes_of_it(size: str) -> None:
    args = [f"--size={size}"]
    assert values(Command, list(args)) == values(TyperCommand, list(args))


@pytest.mark.parametrize(
    "args",
    [[], ["--name", "7"], ["--name="], ["--words", "a", "--words", "b"], ["--say", "--say"], ["--flag"], ["--flag=x"]],
)
def test_texts_lists_counts_and_flags_are_what_typer_makes_of_them(args: list[str]) -> None:
    assert values(Command, list(args)) == values(TyperCommand, list(args))
