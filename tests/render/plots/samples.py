"""Figures for every renderer: each kind of mark on each kind of axes, the gaps, and what a hostile file may bring."""

from __future__ import annotations

from gdcli.results.figure import (
    Arrows,
    Axis,
    Band,
    Curve,
    Field,
    Figure,
    Mark,
    Panel,
    Points,
    literal,
)

X = (0.0, 1.0, 2.0)
GRID = ((0.0, 1.0, 4.0), (1.0, None, 5.0), (4.0, 5.0, 8.0))
HOSTILE = '<script>alert("x")</script> $\\frac{ \\x1b[31m & _a -- ]]> \u202e\x1b[0m $'


def one(*marks: Mark, x: Axis | None = None, y: Axis | None = None, z: Axis | None = None, **more: object) -> Figure:
    panel = Panel("a panel", x or Axis("$x$"), y or Axis("height"), marks, z)
    return Figure(**({"title": "a title", "text": "f(x) = x**2", "formula": "f(x) = x^{2}"} | more), panels=(panel,))  # type: ignore[arg-type]


ROLES = ("function", "tangent", "error", "path", "start", "end", "gap", "average", "bound", "data", "fit", "boundary")
SURFACE = (
    Field("f", "function", X, X, GRID),
    Field("plane", "tangent", X, X, ((0.0, 1.0, 2.0),) * 3),
    Points("point", "start", (1.0,), (1.0,), (2.0,)),
    Curve("curve", "path", X, X, X),
)
FIGURES = {
    "curves of every role": one(*(Curve(role, role, X, (k, None, k + 1.0)) for k, role in enumerate(ROLES))),
    "many of one role": one(*(Curve(f"run {k}", "gap", X, (k, k + 1.0, k)) for k in range(12))),
    "points and a band": one(Band("error", "error", X, X, (1.0, None, 4.0)), Points("data", "data", X, X)),
    "contours and arrows": one(
        Field("", "function", X, X, GRID, (1.0, 3.0, 5.0)),
        Field("level", "boundary", X, X, GRID, (2.0,)),
        Arrows("few", "gradient", (1.0,), (1.0,), (1.0,), (-1.0,)),
        Arrows("many", "gradient", X * 3, X * 3, (1.0, 0.0, None) * 3, (0.0, 0.0, 1.0) * 3),
    ),
    "a surface": one(*SURFACE, z=Axis("$f$", range=(0.0, 8.0))),
    "logarithms": one(Curve("gap", "gap", X, (1.0, 1e-300, 1e200)), x=Axis("t", log=True), y=Axis("gap", log=True)),
    "nothing on logarithms": one(Curve("gap", "gap", X, (None, None, None)), y=Axis("gap", log=True)),
    "a constant field": one(Field("", "function", X, X, ((1.0, 1.0, 1.0),) * 3, ())),
    "a field of holes": one(Field("", "function", X, X, ((None,) * 3,) * 3, (1.0,))),
    "huge numbers": one(Curve("f", "function", X, (-1e289, 0.0, 1e289))),
    "a hostile file": one(
        Points(literal(HOSTILE), "data", X, X),
        Curve("_hidden", "fit", X, X),
        x=Axis(literal(HOSTILE)),
        title=literal(HOSTILE),
        text=HOSTILE,
        formula="",
        notes=(literal(HOSTILE),),
    ),
    "LaTeX that cannot be set": one(Curve(r"$\begin{cases} x \end{cases}$", "fit", X, X), formula=r"\begin{cases} x"),
    "several panels": Figure("two", "", "", (one(Curve("a", "fit", X, X)).panels + one(*SURFACE, z=Axis("z")).panels)),
}
