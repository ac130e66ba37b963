"""What LaTeX and Markdown set: a page of blocks for each command, in the module named after it.

A module has `result`, which yields the blocks of the whole result. One whose result streams has `head` too, which
yields the blocks before the first step, a table without rows the last of them, and `step`, the cells of a step's row.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import Any

from gdcli.render import page_name
from gdcli.render.pages.blocks import Block, Row


def head(head: Any) -> Sequence[Block]:
    """What stands before the first step, the log's empty table at the end; nothing where nothing streams."""
    page = _page(head)
    return tuple(page.head(head)) if hasattr(page, "head") else ()


def step(step: Any) -> Row | None:
    """A row of the log; None where nothing streams."""
    page = _page(step)
    return tuple(page.step(step)) if hasattr(page, "head") else None


def result(result: Any) -> Sequence[Block]:
    """The blocks of a result."""
    return tuple(_page(result).result(result))


def _page(result: Any) -> Any:
    return import_module(f"gdcli.render.pages.{page_name(result)}")
