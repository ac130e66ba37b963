"""What each key means, the same everywhere; where a class's key means something else, under "Class.key"."""

from __future__ import annotations

from gdcli.schema.words import calculus, descent, shared

KEYS = shared.KEYS | calculus.KEYS | descent.KEYS


def words(owner: str, key: str) -> str:
    """The description of a key. A reason beside a value needs none of its own. Raises KeyError for a key unknown."""
    found = KEYS.get(f"{owner}.{key}") or KEYS.get(key)
    if found is None and key.endswith("_reason"):
        return f"Why {key.removesuffix('_reason')} is null."
    if found is None:
        raise KeyError(f'"{key}" of {owner} has no words in gdcli.schema.words')
    return found
