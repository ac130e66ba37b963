"""Every figure as every kind of file: valid, self-contained, the same bytes twice, and nothing of it a command."""

from __future__ import annotations

import re
import struct
import subprocess
import sys
import zlib
from collections.abc import Iterator
from html.parser import HTMLParser
from importlib import import_module
from itertools import pairwise
from xml.etree import ElementTree

import matplotlib
import pytest

from gdcli.cli.picture import KINDS
from gdcli.render.plots import html, page, png, styles, svg
from gdcli.render.plots.fit import title
from gdcli.render.plots.words import unadorned, words
from gdcli.results.figure import Axis, Curve, Figure, Panel, literal, pieces
from tests.render.plots.samples import FIGURES, HOSTILE, X, one

SVG = "{http://www.w3.org/2000/svg}"
VOID = {"meta", "link", "br", "img", "hr"}


def drawn(name: str, kind: str) -> bytes:
    return bytes(import_module(f"gdcli.render.plots.{kind[1:]}").draw(FIGURES[name]))


def valid_svg(content: bytes, figure: Figure) -> None:
    root = ElementTree.fromstring(content)
    assert root.tag == f"{SVG}svg"
    assert root.get("role") == "img"
    shown = "".join(
        element.text or "" for element in (root.find(f"{SVG}title"), root.find(f"{SVG}desc")) if element is not None
    )
    for panel in figure.panels:
        assert all(unadorned(mark.label) in shown for mark in panel.marks)
        assert unadorned(panel.x.title) in shown
    assert not root.findall(f".//{SVG}script")


def valid_png(content: bytes, figure: Figure) -> None:
    assert content[:8] == b"\x89PNG\r\n\x1a\n"
    width, height = struct.unpack(">II", content[16:24])
    assert (width, height) >= (1000, 600)
    end = content.rindex(b"IEND") - 4
    assert content[end:] == struct.pack(">I", 0) + b"IEND" + struct.pack(">I", zlib.crc32(b"IEND"))
    assert b"tIME" not in content


def valid_pdf(content: bytes, figure: Figure) -> None:
    assert content.startswith(b"%PDF-1.")
    assert content.rstrip().endswith(b"%%EOF")
    assert b"CreationDate" not in content


class Page(HTMLParser):
    """The tags of a page, in balance or not, and what it refers to."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: set[str] = set()
        self.references: list[str] = []
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.references += [value or "" for name, value in attrs if name in ("src", "href", "xlink:href")]
        assert not any(name.startswith("on") for name, _ in attrs)
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def parsed(content: bytes) -> Page:
    found = Page()
    found.feed(content.decode())
    found.close()
    return found


def valid_html(content: bytes, figure: Figure) -> None:
    found = parsed(content)
    assert found.open == []
    assert found.tags.isdisjoint({"script", "link", "img", "iframe", "object"})
    assert all(reference.startswith("#") for reference in found.references)
    assert not re.search(r"url\((?!#)|@import|javascript:", content.decode())
    assert b'<html lang="en">' in content
    assert b"prefers-color-scheme: dark" in content
    assert unadorned(figure.title) in "".join(found.words)


VALID = {".svg": valid_svg, ".png": valid_png, ".pdf": valid_pdf, ".html": valid_html}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", FIGURES)
def test_every_figure_is_a_valid_file_of_every_kind(name: str, kind: str) -> None:
    VALID[kind](drawn(name, kind), FIGURES[name])


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_figure_has_the_same_bytes_in_another_process(kind: str) -> None:
    program = (
        "import sys\n"
        "from importlib import import_module\n"
        "from tests.render.plots.samples import FIGURES\n"
        "draw = import_module('gdcli.render.plots.' + sys.argv[1][1:]).draw\n"
        "sys.stdout.buffer.write(draw(FIGURES['contours and arrows']))\n"
    )
    done = subprocess.run([sys.executable, "-c", program, kind], capture_output=True, check=True)
    assert done.stdout == drawn("contours and arrows", kind)


def test_a_users_own_style_of_matplotlib_changes_nothing_and_is_left_alone() -> None:
    plain = drawn("points and a band", ".svg")
    with matplotlib.rc_context({"font.size": 31.0, "svg.fonttype": "none", "axes.facecolor": "red"}):
        assert drawn("points and a band", ".svg") == plain
        assert matplotlib.rcParams["font.size"] == 31.0
        assert matplotlib.rcParams["axes.facecolor"] == "red"


def test_no_window_toolkit_is_loaded() -> None:
    program = "import sys\nfrom gdcli.render.plots import png\nfrom tests.render.plots.samples import one\n"
    program += "png.draw(one())\nassert 'matplotlib.pyplot' not in sys.modules"
    subprocess.run([sys.executable, "-c", program], check=True)


@pytest.mark.parametrize(
    "text", ["price in $", "$", "$$", "$x$", r"\$", r"a\$b$c", "50% \\frac", "_x", "a\nb", "{}", ""]
)
def test_foreign_text_is_shown_as_it_is(text: str) -> None:
    """No mathematics is found in it, here or by matplotlib."""
    assert "".join(shown for shown, _ in pieces(literal(text))) == text
    assert not any(is_math for _, is_math in pieces(literal(text)))
    from matplotlib.text import Text

    shown, is_math = Text()._preprocess_math(words(literal(text)))  # type: ignore[attr-defined]
    assert (shown, bool(is_math)) == (text.replace("\n", "\\n"), False)


def test_mathematics_is_set_and_what_cannot_be_set_is_shown() -> None:
    assert words(r"slope of $x^{2}$ and \$5") == r"slope of $x^{2}$ and \$5"
    assert words(r"$\left|{x}\right| + \left(\frac{1}{x}\right)$") == r"$|{x}| + \left(\frac{1}{x}\right)$"
    assert words(r"$\begin{cases} x$") == r"\begin{cases} x"
    assert title(one(formula=r"f(x) = x^{2}"), 12.0, 5.0) == ("$f(x) = x^{2}$", 12.0)
    assert title(one(formula=r"\begin{cases} x", text="x if x > 0"), 12.0, 5.0) == ("x if x > 0", 12.0)
    assert title(one(formula="", text="", title=literal("$ of a file")), 12.0, 5.0) == (r"\$ of a file", 12.0)


def test_a_long_title_is_set_smaller_then_as_text_then_cut() -> None:
    long, size = title(one(formula=" + ".join(f"x_{{{k}}}" for k in range(18)), text="-"), 12.0, 5.0)
    assert long.startswith("$x_")
    assert 8.0 <= size < 12.0
    cut, size = title(one(formula="x" * 190, text="x + " * 400), 12.0, 5.0)
    assert cut.endswith("...")
    assert (60 < len(cut) < 120, size) == (True, 8.0)


@pytest.mark.parametrize("name", FIGURES)
def test_no_word_leaves_the_page(name: str) -> None:
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    with page._own_style():
        canvas = page._composed(FIGURES[name])
        FigureCanvasAgg(canvas).draw()
        for axes in canvas.axes:
            for text in (canvas._suptitle, axes.title, axes.xaxis.label, axes.yaxis.label):
                box = text.get_window_extent()
                assert not text.get_text() or (box.x0 >= -1 and box.x1 <= canvas.bbox.width + 1)


def test_nothing_in_a_hostile_file_is_markup() -> None:
    for kind in (".svg", ".html"):
        content = drawn("a hostile file", kind).decode()
        assert "<script" not in content
        assert not re.search("[\x00-\x08\x0e-\x1f\u202e]", content)
    found = parsed(drawn("a hostile file", ".html"))
    assert unadorned(literal(HOSTILE)) in found.words


def test_a_label_that_begins_with_an_underscore_has_its_line_in_the_legend() -> None:
    figure = page._composed(FIGURES["a hostile file"])
    assert [text.get_text().strip() for text in figure.axes[0].get_legend().get_texts()][-1] == "_hidden"


def test_the_colours_of_a_page_are_its_own_variables() -> None:
    content = html.draw(FIGURES["contours and arrows"]).decode()
    picture = content[content.index("<svg ") : content.index("</svg>")]
    assert "var(--c" in picture
    assert not set(re.findall(r"#[0-9a-f]{6}\b", picture)) & set(styles.DARK)


def test_a_long_table_is_thinned_and_says_so() -> None:
    count = 1000
    marks = (Curve("f", "function", tuple(map(float, range(count))), (1.0,) * count),)
    content = html.draw(Figure("t", "", "", (Panel("", Axis("x"), Axis("y"), marks),))).decode()
    assert "f, every 5th of 1000 points" in content
    assert content.count("<tr>") == 201


def luminance(colour: str) -> float:
    parts = [int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(a: str, b: str) -> float:
    low, high = sorted((luminance(a), luminance(b)))
    return (high + 0.05) / (low + 0.05)


def test_colours_stand_out_on_light_and_dark_paper() -> None:
    """WCAG 2.2: 4.5 for words, 3 for what is drawn (on light paper orange and sky have a dash of their own instead)."""
    assert contrast(styles.INK, styles.PAPER) >= 4.5
    assert contrast(styles.DARK[styles.INK], styles.DARK[styles.PAPER]) >= 4.5
    main = {style.colour for role, style in styles.ROLES.items() if role not in ("other", "error")}
    assert all(contrast(colour, styles.PAPER) >= 3.0 for colour in main)
    dark = [styles.DARK[colour] for colour in styles.DARK if colour not in (styles.PAPER, styles.RULE)]
    assert all(contrast(colour, styles.DARK[styles.PAPER]) >= 3.0 for colour in dark)


def test_marks_of_one_role_differ_in_dash_as_well_as_in_colour() -> None:
    looks = [styles.style("gap", nth) for nth in range(5)]
    assert len({look.colour for look in looks}) == 5
    assert all(a.dash != b.dash for a, b in pairwise(looks))


def texts(figure: Figure) -> Iterator[float]:
    from matplotlib.text import Text

    canvas = page._composed(figure)
    for text in canvas.findobj(Text):
        if text.get_text():
            yield text.get_fontsize()


@pytest.mark.parametrize("name", FIGURES)
def test_no_letter_is_smaller_than_eight_points_in_print(name: str) -> None:
    with page._own_style():
        assert min(texts(FIGURES[name])) >= 8.0


def test_pictures_are_sharp_on_fine_screens() -> None:
    width, _ = struct.unpack(">II", png.draw(one(Curve("f", "fit", X, X)))[16:24])
    assert width == pytest.approx(page.ONE[0] * 200, abs=1)


def test_a_picture_tells_its_words_to_a_screen_reader() -> None:
    root = ElementTree.fromstring(svg.draw(one(Curve("the $f$", "fit", X, X), notes=("so it is",))))
    assert (root.find(f"{SVG}title"), root.find(f"{SVG}desc")) != (None, None)
    assert root.findtext(f"{SVG}title") == "a title: f(x) = x**2"
    assert root.findtext(f"{SVG}desc") == "a panel over x and height, with: the f. so it is"
