"""Real shells: what a line becomes where TAB is pressed in it."""

from __future__ import annotations

import os
import pty
import select
import shlex
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import gdcli

STARTS = {
    "bash": ["bash", "--norc", "--noprofile", "-i"],
    "zsh": ["zsh", "-f", "-i"],
    "fish": ["fish", "--private", "--no-config", "-i"],
}
SETUPS = {
    "bash": 'eval "$(gdcli completion bash)"',
    "zsh": 'autoload -Uz compinit && compinit -u -D && eval "$(gdcli completion zsh)"',
    "fish": "gdcli completion fish | source",
}
PATIENCE = 60.0
# Completion is asked of the real program; all else is written down.
PROGRAM = """#!/bin/sh
if [ "$1" = completion ]; then exec {python} -m gdcli "$@"; fi
printf '%s\\0' "$@" > {log}.part && mv {log}.part {log}
"""


def entered(shell: str, line: str, folder: Path) -> list[str]:
    """The arguments that gdcli gets when this line, a TAB at its end, is entered in the folder."""
    log = folder / ".arguments"
    log.unlink(missing_ok=True)
    terminal, process = _started(shell, folder, log)
    try:
        os.write(terminal, f" {SETUPS[shell]}; echo RE''ADY\n".encode())
        _read(terminal, lambda seen: b"READY\r\n" in seen)
        os.write(terminal, f" {line}\t\n".encode())
        _read(terminal, lambda seen: log.exists())
    finally:
        process.kill()
        process.wait()
        os.close(terminal)
    return log.read_text(encoding="utf-8").split("\0")[:-1]


def _started(shell: str, folder: Path, log: Path) -> tuple[int, subprocess.Popen[bytes]]:
    """The shell on a terminal of its own, and a gdcli before all others on its path."""
    place = folder / ".bin"
    place.mkdir(exist_ok=True)
    program = place / "gdcli"
    program.write_text(PROGRAM.format(python=shlex.quote(sys.executable), log=shlex.quote(str(log))), encoding="utf-8")
    program.chmod(0o755)
    environment = {
        "PATH": f"{place}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(Path(gdcli.__file__).parent.parent),
        "HOME": str(folder),
        "TERM": "xterm",
        "LC_ALL": "C.UTF-8",
    }
    ours, theirs = pty.openpty()
    # The first terminal that the leader of a session opens is the one that controls it: fish needs one.
    begin = ["sh", "-c", 'exec "$@" <>"$0" >&0 2>&0', os.ttyname(theirs), *STARTS[shell]]
    process = subprocess.Popen(begin, cwd=folder, env=environment, start_new_session=True)
    _read(ours, bool)
    os.close(theirs)
    return ours, process


def _read(terminal: int, enough: Callable[[bytes], bool]) -> None:
    """Read what the shell shows until it is enough."""
    seen = b""
    end = time.monotonic() + PATIENCE
    while not enough(seen):
        assert time.monotonic() < end, seen.decode(errors="replace")
        if select.select([terminal], [], [], 0.05)[0]:
            seen += os.read(terminal, 65536)
