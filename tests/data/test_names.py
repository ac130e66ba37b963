from __future__ import annotations

import pytest

from gdcli.data.names import label, listing, ranges
from gdcli.escape import visible


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("bmi", "bmi"),
        ("größe", "größe"),
        ("a b", "a b"),
        ("\x1b[31mred", r"\x1b[31mred"),
        ("a\u202eb", r"a\u202eb"),
        ("a\u200bb", r"a\u200bb"),
        ("line\nbreak\ttab\0", r"line\nbreak\ttab\x00"),
        ("[bold]x[/bold]", "[bold]x[/bold]"),
        ("\udc80", r"\udc80"),
        ("a\xa0b", r"a\xa0b"),
        ("x" * 41, "x" * 37 + "..."),
        ("x" * 40, "x" * 40),
    ],
)
def test_invisible_characters_are_shown_escaped(text: str, shown: str) -> None:
    assert visible(text) == shown


def test_a_label_is_number_and_name() -> None:
    assert label(2, "bmi") == '3 "bmi"'
    assert label(0, "a\x1b") == r'1 "a\x1b"'


def test_a_long_listing_says_how_many_are_left_out() -> None:
    assert listing(["a", "b"]) == "a, b"
    assert listing([f"x{i}" for i in range(25)]).endswith("x19 and 5 more")


@pytest.mark.parametrize(("numbers", "text"), [([], ""), ([3], "3"), ([1, 2, 3], "1-3"), ([1, 3, 4, 7], "1,3-4,7")])
def test_column_numbers_are_written_as_ranges(numbers: list[int], text: str) -> None:
    assert ranges(numbers) == text
