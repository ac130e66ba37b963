"""Data behind URLs: what is one, and what of it may be shown. Imports nothing of gdcli."""

from __future__ import annotations

import re

_URL = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://")


def scheme(source: str) -> str:
    """Return the scheme of a URL in small letters, "" for anything else."""
    found = _URL.match(source)
    return found[1].lower() if found else ""


def shown(source: str) -> str:
    """Return a URL without what may be secret: who asks, the query of a signed one; anything else as it is."""
    if not scheme(source):
        return source
    head, _, rest = source.partition("://")
    place, slash, path = re.split(r"[?#]", rest, maxsplit=1)[0].partition("/")
    return f"{head}://{place.rpartition('@')[2]}{slash}{path}"
