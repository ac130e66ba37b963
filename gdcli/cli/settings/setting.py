"""An option's value that stands in a file or in the environment, and where."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from gdcli.cli.settings.keys import Value
from gdcli.errors import Exit, FormulaError, GdcliError
from gdcli.escape import visible


@dataclass(frozen=True, slots=True)
class Setting:
    """`key` is the flag without dashes; `source` the variable or the file, with the `line` where that is known.

    `command`: the one that it is for, None for all that have the option; `layer`: environment, project or user.
    """

    key: str
    value: Value
    layer: str
    source: str
    command: str | None = None
    line: int | None = None

    @property
    def where(self) -> str:
        """gdcli.toml, line 3."""
        source = visible(self.source, 4096)
        return source if self.line is None else f"{source}, line {self.line}"

    @property
    def written(self) -> str:
        """[descend] method = "sgd"."""
        import json

        table = "" if self.command is None or self.layer == "environment" else f"[{self.command}] "
        name = "" if self.layer == "environment" else f"{self.key} "
        value = self.value if isinstance(self.value, str) else json.dumps(self.value)
        quote = '"' if isinstance(self.value, str) and self.layer != "environment" else ""
        return f"{table}{name}= {quote}{visible(str(value))}{quote}"


def blamed(error: GdcliError, settings: Iterable[Setting]) -> GdcliError:
    """The error; where it speaks of an option that nobody typed, its message says where that is set."""
    if error.exit is Exit.USAGE:
        for setting in settings:
            if _speaks_of(error, setting):
                link = " " if setting.layer == "environment" else ": "
                error.message += f" ({setting.where}{link}{setting.written})"
    return error


def _speaks_of(error: GdcliError, setting: Setting) -> bool:
    """The flag is named, or the text that was set is."""
    told = f"{error.message} {error.hint or ''}"
    if re.search(rf"--{re.escape(setting.key)}(?![\w-])", told):
        return True
    text = setting.value
    if not isinstance(text, str):
        return False
    if isinstance(error, FormulaError) and error.source == text:
        return True
    # A name of a letter or two may be another thing of that name, unless it is quoted.
    bare = rf"|(?<!\w){re.escape(text)}(?!\w)" if re.search(r"[^\W\d]", text) and len(text) > 2 else ""
    return re.search(rf"""(["']){re.escape(text)}\1{bare}""", error.message) is not None
