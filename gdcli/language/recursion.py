"""Room for recursion: a tree within the bounds never meets Python's limit, whoever calls."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

# Depth 150 costs the parser under 1 500 frames and sympy under 6 000.
FRAMES = 8_000


@contextmanager
def deep() -> Iterator[None]:
    """Allow at least FRAMES nested calls inside the block."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(max(before, FRAMES))
    try:
        yield
    finally:
        sys.setrecursionlimit(before)
