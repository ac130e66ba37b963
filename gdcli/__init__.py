"""gdcli: why does gradient descent work, and how long does it take? Answered with running code."""

from __future__ import annotations

__version__ = "0.1.0"
