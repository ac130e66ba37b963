"""Run every example of the README and write its present output under it: `python -m tests.update_readme`."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path

from tests.test_readme import README, put_files, run


def refreshed(block: re.Match[str], folder: Path) -> str:
    """A console block with the output that its commands print now."""
    commands = [line[2:] for line in block.group(1).splitlines() if line.startswith("$ ")]
    body = "".join(f"$ {command}\n{run(command, folder).rstrip()}\n" for command in commands)
    return f"```console\n{body}```"


def main() -> None:
    """Rewrite the README."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        put_files(folder)
        text = README.read_text(encoding="utf-8")
        new = re.sub(
            r"^```console\n(.*?)^```", lambda block: refreshed(block, folder), text, flags=re.DOTALL | re.MULTILINE
        )
    README.write_text(new, encoding="utf-8")


if __name__ == "__main__":
    main()
