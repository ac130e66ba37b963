"""Runs a command and prints as JSON what it took: a small process, whose own memory the child cannot be charged with.

python launch.py COMMAND...
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time


def main() -> None:
    """Seconds, bytes at the peak of resident memory, exit code, and both streams of the command."""
    start = time.perf_counter()
    child = subprocess.Popen(sys.argv[1:], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    assert child.stdout is not None
    said = child.stdout.read()
    _, status, usage = os.wait4(child.pid, 0)
    seconds = time.perf_counter() - start
    # Linux counts in KiB, macOS in bytes.
    memory = usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    print(json.dumps({"seconds": seconds, "memory": memory, "code": os.waitstatus_to_exitcode(status), "said": said}))


if __name__ == "__main__":
    main()
