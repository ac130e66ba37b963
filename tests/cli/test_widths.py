"""Pages of text keep to the width of the terminal, from 60 to 200 columns, and lose no line on a narrow one."""

from __future__ import annotations

import io

import pytest

from gdcli.cli.app import main
from gdcli.cli.terminal import Terminal

LINES = (
    ("grad", "x1^2 x2 + x1 x2^3", "--at", "1,-2", "--steps"),
    ("derive", "x^2 sin x", "--at", "3"),
    ("tangent", "x1^2 x2", "--at", "1,-2", "--slope", "1,1"),
    ("chain", "u v", "u = x^2 + y", "v = x y", "--at", "1,2", "--tape"),
    ("steepest", "x1^2*x2", "--at", "1,2", "--along", "3,4"),
    ("differentiable", "|x|^1.5 sin y", "--at", "0,0"),
    ("curvature", "(1-x)^2 + 100(y-x^2)^2", "--at", "1,1", "--on", "-2..2"),
    ("check", "x1^2 x2", "--grad", "x1*x2, x1^2"),
    ("minimize", "x^2 + y^4", "--from", "1,2", "--steps", "30"),
    ("minimize", "x^2 + y^2 + z^4", "--from", "1,2,3", "--steps", "30"),
    ("descend", "diabetes", "--steps", "30", "-v"),
    ("descend", "diabetes", "--method", "sgd", "--steps", "30", "--holdout", "0.2"),
    ("descend", "diabetes", "--method", "adam", "--dry-run"),
    ("rate", "line", "--steps", "50", "--seeds", "2"),
    ("problems",),
    ("problems", "longley"),
)


def page(line: tuple[str, ...], width: int) -> list[str]:
    place = Terminal(io.BytesIO(), io.StringIO(), io.StringIO(), {}, width)
    main(list(line), place)
    assert isinstance(place.stdout, io.StringIO)
    return place.stdout.getvalue().splitlines()


@pytest.mark.parametrize("line", LINES, ids=" ".join)
def test_no_line_is_wider_than_the_page(line: tuple[str, ...]) -> None:
    for width in (60, 72, 80, 100, 200):
        shown = page(line, width)
        assert len(shown) > 3
        wide = [text for text in shown if len(text) > width]
        assert wide == []
