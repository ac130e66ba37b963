"""A command line beside what is set in files and the environment: both go through the same checks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import pairwise
from typing import Any

from gdcli.cli.terminal import Terminal

MACHINE = ("json", "ndjson")
# The variable of --format; the settings themselves are loaded for commands alone.
FORMAT = "GDCLI_FORMAT"
_PAGES = {"-h", "--help"}


def machine_format(args: Sequence[str], environ: Mapping[str, str]) -> str:
    """The format of an error in the options themselves: a program that asked for JSON gets JSON."""
    pairs = {*args, *map("=".join, pairwise(args))}
    if "--json" in pairs or "--format=json" in pairs:
        return "json"
    if "--format=ndjson" in pairs:
        return "ndjson"
    asked = environ.get(FORMAT, "")
    return asked if asked in MACHINE and not _asks_for_format(args) else "text"


@contextmanager
def configured(ctx: Any, options: Sequence[str], place: Terminal | None) -> Iterator[None]:
    """While a command's line is read: what is set serves where no flag is; then `place` knows which of it did.

    A page of help is the same for everybody; a command without a place knows of no environment.
    """
    if place is None or ctx.resilient_parsing or _PAGES.intersection(options):
        yield
        return
    from gdcli.cli import settings
    from gdcli.cli.settings import environment
    from gdcli.cli.settings.keys import parameter

    for warning in environment.unknown(place.environ):
        place.say("warning", warning)
    found = settings.chosen(ctx.info_name, settings.layers(place.environ))
    if "format" in found and found["format"].value in MACHINE and not _asks_for_format(options):
        place.format = str(found["format"].value)
    ctx.default_map = {parameter(key): setting.value for key, setting in found.items()}
    try:
        yield
    finally:
        place.settings = tuple(setting for key, setting in found.items() if _serves(ctx, parameter(key)))


def _asks_for_format(args: Sequence[str]) -> bool:
    return any(word.partition("=")[0] in ("--format", "--json") for word in args)


def _serves(ctx: Any, name: str) -> bool:
    """Whether the value of a parameter is the one that was set."""
    source = ctx.get_parameter_source(name)
    return source is not None and source.name == "DEFAULT_MAP"
