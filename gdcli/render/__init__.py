"""Results to text. One module (or folder) a format; its name is the value of --format."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import Any, Protocol, cast

from gdcli.errors import GdcliError


@dataclass(frozen=True, slots=True)
class Look:
    """What a renderer may know of the place it writes to."""

    width: int = 80
    colour: bool = False
    verbose: int = 0
    unicode: bool = True

    def paint(self, text: str, style: str) -> str:
        """`text` in a rich style such as "bold" or "cyan", plain where there is no colour."""
        if not self.colour:
            return text
        from rich.color import ColorSystem
        from rich.style import Style

        return Style.parse(style).render(text, color_system=ColorSystem.STANDARD)


class Renderer(Protocol):
    """What a format's module offers; `head` and `step` are for results that stream."""

    def head(self, head: Any, look: Look) -> str:
        """What stands before the first step."""

    def step(self, step: Any, look: Look) -> str:
        """One step of a stream."""

    def result(self, result: Any, look: Look) -> str:
        """The whole result, or what is left of it behind its steps."""

    def error(self, error: GdcliError, command: str, look: Look) -> str:
        """A failure."""


def page_name(result: Any) -> str:
    """The module of a result in a format's folder: its command's, where it has no `page` of its own."""
    return str(getattr(result, "page", result.command))


def foot(renderer: Renderer, head: Any, look: Look) -> str:
    """What stands behind the last step, in a format whose log is a table that has to be closed."""
    return str(renderer.foot(head, look)) if hasattr(renderer, "foot") else ""


def load(name: str) -> Renderer:
    """The renderer called `name`, imported when it is asked for."""
    return cast(Renderer, import_module(f"gdcli.render.{name}"))
