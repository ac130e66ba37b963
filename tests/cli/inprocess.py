"""A command in this process: its streams are strings."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from gdcli.cli.app import main
from gdcli.cli.terminal import Terminal

if TYPE_CHECKING:
    import pandas as pd


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


def frame_of(csv: str) -> pd.DataFrame:
    """CSV as pandas reads it, to the last bit: old versions round otherwise unless they are told."""
    import pandas as pd

    exact = {"float_precision": "round_trip"} if int(pd.__version__.partition(".")[0]) < 3 else {}
    return pd.read_csv(io.StringIO(csv), **exact)
