"""A command in this process: its streams are strings."""

from __future__ import annotations

import io

from gdcli.cli.app import main
from gdcli.cli.terminal import Terminal


def terminal() -> Terminal:
    """A terminal of 80 columns whose streams can be read afterwards."""
    return Terminal(io.BytesIO(), io.StringIO(), io.StringIO(), {}, 80)


def run(*args: str) -> tuple[int, str, str]:
    """The exit code, stdout and stderr of one command line."""
    place = terminal()
    code = main(list(args), place)
    assert isinstance(place.stdout, io.StringIO)
    assert isinstance(place.stderr, io.StringIO)
    return code, place.stdout.getvalue(), place.stderr.getvalue()
