"""Counts that the command line bounds are bounded for `gdcli.descend`, too."""

from __future__ import annotations

from typing import Any

import pytest

import gdcli
from gdcli.errors import UsageError


@pytest.mark.parametrize(
    ("option", "value", "least"),
    [("steps", -1, 0), ("steps", 2.5, 0), ("batch", 0, 1), ("batch", -3, 1), ("seed", -1, 0), ("every", 0, 1)],
)
def test_a_count_is_an_integer_from_its_least_value_on(option: str, value: Any, least: int) -> None:
    chosen: Any = {option: value}
    with pytest.raises(UsageError, match=f"(--)?{option} is {value}") as caught:
        gdcli.descend("line", method="sgd", **chosen)
    assert f"{option} takes a" in (caught.value.hint or "")
