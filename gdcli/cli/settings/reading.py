"""A file of settings as bytes, as text and as TOML; every failure says where it is."""

from __future__ import annotations

import re
import stat
from pathlib import Path
from typing import Any

from gdcli.errors import SettingError
from gdcli.escape import visible

# No file of settings is longer.
LONGEST = 1 << 20
_PLACE = re.compile(r"^(.*) \(at (?:line (\d+), column \d+|end of document)\)$", re.DOTALL)


def content(path: Path) -> bytes | None:
    """What a file holds, None where there is none. Raises SettingError."""
    file = visible(str(path), 4096)
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode) or status.st_size > LONGEST:
            raise SettingError("is no file of at most 1 MiB", file=file, hint="rename it, or make it one")
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        message = f"cannot be read: {error.strerror or error}"
        raise SettingError(message, file=file, hint="see to its permissions") from None


def decoded(data: bytes, file: str) -> str:
    """The text of UTF-8, its lines ended alike. Raises SettingError."""
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise SettingError("is no UTF-8 text", file=file, line=line, hint="save it as UTF-8") from None


def parsed(text: str, file: str) -> dict[str, Any]:
    """The tables and keys of a text. Raises SettingError."""
    import tomllib

    try:
        return tomllib.loads(text)
    except ValueError as error:
        place = _PLACE.match(str(error))
        cause = visible(place[1] if place else str(error), 200)
        line = int(place[2]) if place and place[2] else text.count("\n") + 1
        hint = 'lines are  key = "value"  and  [command]'
        raise SettingError(f"is no TOML: {cause}", file=file, line=line, hint=hint) from None
    except RecursionError:
        raise SettingError("is nested too deeply", file=file, hint='lines are  key = "value"') from None


def line_of(text: str, header: str, key: str) -> int | None:
    """The line of a key below its header; None where it is written in another way."""
    here = ""
    assignment = re.compile(rf"""\s*["']?{re.escape(key)}["']?\s*=""")
    for number, line in enumerate(text.split("\n"), 1):
        if found := re.match(r"\s*\[([^\[\]]+)\]", line):
            here = re.sub(r"[\s\"']", "", found[1])
        elif here == header and assignment.match(line):
            return number
    return None
