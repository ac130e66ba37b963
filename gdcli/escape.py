"""Foreign text made visible: names, cells and paths are data, never markup. Imports nothing of gdcli."""

from __future__ import annotations


def visible(text: str, limit: int = 40) -> str:
    r"""Show `text` with control, escape, bidirectional and other invisible characters as ``\x1b``, ``\u202e``.

    At most `limit` characters of the text are shown; an ellipsis says that there were more.
    """
    shown = text if len(text) <= limit else text[: limit - 3] + "..."
    if shown.isprintable():
        return shown
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in shown)


def escaped(text: str) -> str:
    r"""Every character as JSON, C and Python read it: ``\u202e``, and two of these beyond the first plane."""
    units = text.encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{units[i : i + 4]}" for i in range(0, len(units), 4))
