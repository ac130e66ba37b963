r"""Every way LaTeX can be wrong: the span that is marked, the cause, the remedy. No text crashes the reader."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gdcli.errors import FormulaError
from gdcli.language import parse, parse_point
from gdcli.language.build import build

TABLE = [
    # text, marked piece, part of the message, part of the hint
    (r"\foo x", r"\foo", r"no command \foo", r"\mathrm{foo}"),
    (r"\fracc{1}{2}", r"\fracc", r"no command \fracc", r"did you mean \frac?"),
    (r"\sinx", r"\sinx", r"no command \sinx", r"did you mean \sin?"),
    (r"x + \alhpa", r"\alhpa", "no command", r"did you mean \alpha?"),
    (r"\Sqrt{x}", r"\Sqrt", "no command", r"did you mean \sqrt?"),
    (r"x^\infty", r"\infty", "infinity", "finite"),
    (r"\sum_{i=1}^{\infty} x_i", r"\infty", "infinity", "finite"),
    (r"x \pm 1", r"\pm", "two formulas", "one with +"),
    (r"\frac{\partial f}{\partial x}", r"\partial", "derivative", "function alone"),
    (r"\int x", r"\int", "integral", "function alone"),
    (r"\lim x", r"\lim", "limit", "function alone"),
    (r"\nabla f", r"\nabla", "derivative", "function alone"),
    (r"\hat{y}", r"\hat", "accent", "x_{hat}"),
    (r"\vec x", r"\vec", "accent", r"\mathrm{xhat}"),
    (r"{1 \over 2}", r"\over", r"\over is not read", r"\frac{a}{b}"),
    (r"\binom{n}{k}", r"\binom", "binom", "Gamma"),
    (r"x^\top x", r"\top", "transpose", "dot"),
    (r"\lfloor x \rfloor", r"\lfloor", "rounding", "leave it out"),
    (r"\frac{1}{2", "{", "never closed", "add }"),
    (r"\frac{1}", r"\frac", "needs its argument", r"\frac{a}{b}"),
    (r"\frac", r"\frac", "needs its argument", r"\frac{a}{b}"),
    (r"\frac\sin x", r"\frac", "needs its argument", r"\frac{a}{b}"),
    (r"\sqrt", r"\sqrt", "needs its argument", r"\sqrt{x}"),
    (r"\sqrt[3", "[", "never closed", "add ]"),
    (r"\sqrt{x > 0}", "{x > 0}", "condition stands where a number", "if condition else"),
    (r"\left(x", r"\left(", "never closed", "add )"),
    (r"\left|x", r"\left|", "never closed", r"add \rvert"),
    (r"\left|x\right)", r"\left|", "still open", r"close it with \rvert"),
    (r"x\right)", r"\right)", "closes nothing", "remove"),
    (r"\left x", r"\left x", "needs a bracket", r"\left("),
    (r"\left.x\right|", r"\left.", "needs a bracket", r"\left("),
    (r"\left", r"\left", "needs a bracket", r"\left("),
    (r"\lVert x", r"\lVert", "never closed", r"add \rVert"),
    (r"\lVert x \rVert_1", "_1", "Euclidean", "abs"),
    (r"\sum x_i", r"\sum", "needs an index", r"\sum_{i=1}"),
    (r"\sum_{i=1} x_i", r"\sum_{i=1}", "needs an index and both bounds", r"\sum_{i=1}"),
    (r"\sum_{i} x_i", "i", "needs an index: i=1", r"\sum_{i=1}"),
    (r"\sum_{2=1}^{3} x", "2", "needs an index: i=1", r"\sum_{i=1}"),
    (r"\sum_{i=1}^{n} x_i", "{n}", "n is not a number", "integers"),
    (r"\sum_{i=1}^{2.5} x_i", "{2.5}", "not an integer", "integers"),
    (r"\prod_{i=1}^{3} x_{i-2}", "i-2", "negative", ""),
    (r"\begin{cases} x & x \end{cases}", "x", "number stands where a condition", "x > 0"),
    (r"\begin{cases} x \end{cases}", r"\begin{cases} x \end{cases}", "row with a condition", r"\begin{cases}"),
    (r"\begin{cases} 1 & x > 0", r"\begin{cases}", "never closed", r"add \end{cases}"),
    (r"\begin{cases} 1 \\ 2 & x > 0 \end{cases}", "2", "nothing may follow", "last"),
    (r"\begin{pmatrix} 1 \end{pmatrix}", r"\begin{pmatrix}", "environment pmatrix", r"\begin{cases}"),
    (r"\begin x", r"\begin", "no command", ""),
    (r"x \\ y", r"\\", "line end outside", "one formula"),
    (r"\pi & y", "&", "outside of cases", "and"),
    (r"\text{minimum of } x", r"\text{minimum of }", "no meaning", "otherwise"),
    (r"\mathrm x", r"\mathrm", "word in braces", r"\mathrm{name}"),
    (r"\mathrm{x y}", r"\mathrm{x y}", "not a name", r"\mathrm{x1}"),
    (r"\operatorname{foo}(x)", r"\operatorname{foo}", "no function foo", "foo*(...)"),
    (r"\operatorname{rleu}(x)", r"\operatorname{rleu}", "no function rleu", "did you mean relu?"),
    (r"\sin", r"\sin", "needs its argument", "sin(...)"),
    (r"\max_{i} x", r"\max", "cannot have a subscript", "( )"),
    (r"\log_2(x, 3)", r"\log_2(x, 3)", "two bases", "log_2(x)"),
    (r"\pi^{2}_1", "_", "", "comes after it"),
    (r"\pi _", "_", "neither a letter nor a number", "x_1"),
    (r"$x", "$", "no partner", "one $ at each end"),
    (r"$x$ + $y$", "$", "no partner", "one $ at each end"),
    (r"\[ x", r"\[", "no meaning", "leave it out"),
    (r"50\%", r"\%", "no meaning", "leave it out"),
    ("$$", "", "empty", "type a formula"),
    ("\\", "", "empty", "type a formula"),
    (r"\alpha!", "!", "'!'", "Gamma"),
    (r"\alpha х", "х", "CYRILLIC", "Latin letter x"),
    ("\\\x1b", "\\\x1b", r"\\x1b", "leave it out"),
    (r"\alpha = 1", "=", "'='", "=="),
    (r"x \leq 3", r"x \leq 3", "condition stands where a number", "if condition else"),
    (r"\alpha 3", "3", "number follows", "*"),
]


@pytest.mark.parametrize(("text", "marked", "cause", "remedy"), TABLE, ids=[row[0] for row in TABLE])
def test_error(text: str, marked: str, cause: str, remedy: str) -> None:
    with pytest.raises(FormulaError) as caught:
        parse(text)
    error = caught.value
    assert error.source == text
    assert text[error.start : error.end] == marked
    assert cause in error.message
    assert remedy in (error.hint or "")


@pytest.mark.parametrize(
    ("text", "message"),
    [(r"1/2x + \pi", "ambiguous"), (r"\sigma(x)", "ambiguous"), (r"\sin x (y)", "ambiguous")],
)
def test_strict_refuses_what_is_ambiguous(text: str, message: str) -> None:
    with pytest.raises(FormulaError, match=message):
        parse(text, strict=True)


def test_unknown_variables_are_marked() -> None:
    with pytest.raises(FormulaError, match="no variable theta") as caught:
        parse(r"x + \theta", variables=["x"])
    assert caught.value.start == 4


def test_points_may_be_latex() -> None:
    point = parse_point(r"x=\frac{1}{2}, y=\sqrt{2}", ["x", "y"])
    assert [str(build(f)) for f in point.values()] == ["1/2", "sqrt(2)"]


PIECES = (
    *(r"\frac", r"\sqrt", r"\left", r"\right", r"\sum", r"\begin{cases}", r"\end{cases}", r"\lVert", r"\|", r"\sigma"),
    *(
        "{",
        "}",
        "(",
        ")",
        "[",
        "]",
        "|",
        "_",
        "^",
        "&",
        "\\\\",
        "\\",
        "$",
        "x",
        "i=1",
        "12",
        "+",
        ",",
        " ",
        r"\text{if}",
    ),
)


@settings(deadline=None, max_examples=500)
@given(st.lists(st.sampled_from(PIECES), max_size=14).map("".join))
def test_any_latex_is_read_or_refused(source: str) -> None:
    try:
        names = parse(source).variables
    except FormulaError as error:
        marked, reason = (error.start, error.end), error.message
    else:
        marked, reason = (0, len(source)), str(names)
    assert 0 <= marked[0] <= marked[1] <= len(source)
    assert reason
