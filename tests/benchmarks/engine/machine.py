"""What all this ran on."""

from __future__ import annotations

import datetime
import os
import platform
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

DISTRIBUTIONS = {"sklearn": "scikit-learn"}


def processor() -> str:
    """Its name."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text(encoding="utf-8").splitlines() if info.exists() else []
    names = [line.partition(": ")[2] for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()


def cores() -> int:
    """How many this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def describe(libraries: Sequence[str], missing: Sequence[str]) -> str:
    """Date, machine, versions, and what is not there."""
    versions = ", ".join(f"{name} {version(DISTRIBUTIONS.get(name, name))}" for name in libraries)
    load = f", load {os.getloadavg()[0]:.1f} at the start" if hasattr(os, "getloadavg") else ""
    absent = f" Not installed, left out: {', '.join(missing)}." if missing else ""
    return (
        f"{datetime.datetime.now(datetime.UTC):%Y-%m-%d}, {cores()} x {processor()}{load}; "
        f"Python {platform.python_version()}, {versions}.{absent}"
    )
