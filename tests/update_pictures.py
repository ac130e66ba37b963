"""Draw the README's pictures again: `python -m tests.update_pictures`."""

from __future__ import annotations

import os
import pty
import shlex
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console
from rich.terminal_theme import TerminalTheme
from rich.text import Text

from tests.test_readme import README, pictures

FOLDER = README.parent / ".pictures"
RUN = "descend diabetes"
WIDTH = 80
# White, and colours that stay apart for the colour-blind and in grey.
INK = (36, 36, 36)
COLOURS = [INK, (176, 58, 0), (0, 120, 90), (150, 105, 0), (0, 90, 160), (150, 70, 120), (20, 110, 160), (90, 90, 90)]
THEME = TerminalTheme((255, 255, 255), INK, COLOURS)
# As rich's own frame, without the fonts that it would have a browser load from elsewhere.
FRAME = """\
<svg xmlns="http://www.w3.org/2000/svg" xml:space="preserve" viewBox="0 0 {width} {height}" role="img">
<title>A terminal with a run of gdcli descend diabetes</title>
<style>
.{unique_id}-matrix {{ font-family: ui-monospace, Consolas, Menlo, "DejaVu Sans Mono", monospace;
  font-size: {char_height}px; line-height: {line_height}px; }}
{styles}
</style>
<defs>{lines}</defs>
<rect fill="#ffffff" width="{width}" height="{height}" rx="8" stroke="#d0d0d0"/>
<g transform="translate({terminal_x}, {terminal_y})">
{backgrounds}<g class="{unique_id}-matrix">{matrix}</g>
</g>
</svg>
"""


def gdcli(command: str) -> list[str]:
    """The words that run it with this interpreter."""
    return [sys.executable, "-m", "gdcli", *shlex.split(command)]


def in_a_terminal(command: str) -> str:
    """What the command writes to a terminal of 80 columns, colours included."""
    primary, secondary = pty.openpty()
    environment = {**os.environ, "TERM": "xterm-256color", "COLUMNS": str(WIDTH), "FORCE_COLOR": "1"}
    with subprocess.Popen(gdcli(command), stdout=secondary, stderr=secondary, env=environment) as process:
        os.close(secondary)
        chunks = []
        while True:
            try:
                chunk = os.read(primary, 65536)
            except OSError:
                break
            if not chunk:
                break
            chunks.append(chunk)
        assert process.wait() == 0
    os.close(primary)
    return b"".join(chunks).decode().replace("\r\n", "\n")


def run_picture() -> str:
    """A run as a picture of a terminal."""
    with Path(os.devnull).open("w", encoding="utf-8") as nowhere:
        console = Console(record=True, width=WIDTH, file=nowhere, force_terminal=True)
        console.print(Text.from_ansi(f"\033[1m$ gdcli {RUN}\033[0m\n{in_a_terminal(RUN)}"))
        return console.export_svg(theme=THEME, code_format=FRAME, unique_id="run")


def main() -> None:
    """Write every picture the README shows."""
    FOLDER.mkdir(exist_ok=True)
    (FOLDER / "run.svg").write_text(run_picture(), encoding="utf-8")
    with TemporaryDirectory() as name:
        for file, command in pictures().items():
            subprocess.run(gdcli(f"{command} -q"), cwd=name, check=True, stdout=subprocess.DEVNULL)
            (FOLDER / file).write_bytes((Path(name) / file).read_bytes())


if __name__ == "__main__":
    main()
