"""A run for people: what runs, a line a step whose columns keep their place, and what came of it."""

from __future__ import annotations

from gdcli.render.text.descend.end import result
from gdcli.render.text.descend.head import head
from gdcli.render.text.descend.table import step

__all__ = ["head", "result", "step"]
