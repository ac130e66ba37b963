"""Holders of parts in this process, in the place of a cluster's workers."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tests.oracles.here import Here


class Holders:
    """Two holders, that deal out parts between them."""

    place = "here"

    def spread(
        self, parts: Sequence[object], sizes: Sequence[int], progress: Callable[..., object] | None = None
    ) -> Here:
        """The parts."""
        assert len(parts) == len(sizes)
        return Here(parts, 2)
