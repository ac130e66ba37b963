"""`gdcli chain`: the lecture's page, the formats, and what cannot be composed."""

from __future__ import annotations

import json

import pytest

from tests.cli.inprocess import run

UV = ("chain", "u v", "u = x^2 + y", "v = x y", "--at", "1,2")


def test_the_page_of_the_lectures_composition() -> None:
    code, page, errors = run(*UV)
    assert (code, errors) == (0, "")
    assert page == (
        """\
inner f, at x = 1, y = 2
  u(x, y) = x**2 + y
          = 3
  v(x, y) = x*y
          = 2

outer g, at u = 3, v = 2
  g(u, v) = u*v
          = 6

Df = [ 2*x  1 ] = [ 2  1 ]
     [ y    x ]   [ 2  1 ]

Dg = [ v  u ] = [ 2  3 ]

composition: the Jacobians at the point multiplied, outer times inner
  D(g o f) = Dg Df = [ 10  5 ]
  T(x, y) = 6 + 10*(x - 1) + 5*(y - 2)

remainder: f(x0 + h) = f(x0) + A h + r_f(h), A = Df, B = Dg at the point
  r_u(h_x, h_y) = h_x**2
  r_v(h_x, h_y) = h_x*h_y
  r_g(k_u, k_v) = k_u*k_v
  1. r(h) = B r_f(h) + r_g(k) where k = A h + r_f(h)
  2. B r_f(h) = o(||h||), since |B r_f(h)| <= |B| |r_f(h)|, |B| = sqrt(13)
       by c o(||h||) = o(||h||)
  3. |k| <= |A| ||h|| + |r_f(h)| <= C ||h|| near 0, |A| = sqrt(10), C = sqrt(10)
       + 1
       by r_f(h) = o(||h||), so |r_f(h)| <= ||h|| near 0
  4. r_g(k) = o(|k|) = o(||h||)
       by o(l(h)) = o(||h||) where |l(h)| <= C ||h||
  5. r(h) = o(||h||)
       by o(||h||) + o(||h||) = o(||h||)
  r(h_x, h_y) = h_x**3*h_y + 2*h_x**3 + 3*h_x**2*h_y + 6*h_x**2 + h_x*h_y**2
          + 7*h_x*h_y + h_y**2
  measured: |r(h)| ~ ||h||^2.00

the same without the chain rule: substitute, then differentiate
  g = x*y*(x**2 + y)
  dg/dx = y*(3*x**2 + y)
  dg/dy = x*(x**2 + 2*y)
  chain rule and direct derivative: equal at the point, proven; as formulas
      equal, proven
"""
    )


def test_the_tape_ends_in_the_gradient() -> None:
    _, page, _ = run("chain", "exp u", "x^2 y", "--at", "1,2", "--tape")
    assert "  v4 = v2*v3 = 2 (u)\n" in page
    assert "  a5 = 1\n" in page
    assert "  a1 = 2*a3*v1 = 4*exp(2) ~ 29.5562243957 (dg/dx)\n" in page
    assert page.index("a5 = 1") < page.index("a1 = ")


@pytest.mark.parametrize(
    "args", [UV, (*UV, "--tape"), ("chain", "[u v, u]", "u = x/3", "v = x", "--at", "pi", "--tape")]
)
def test_every_line_fits(args: tuple[str, ...]) -> None:
    _, page, _ = run(*args)
    assert max(map(len, page.splitlines())) <= 80
    assert all(line == line.rstrip() for line in page.splitlines())


def test_json_has_the_maps_the_jacobians_and_the_tape() -> None:
    code, page, _ = run(*UV, "--tape", "--json")
    document = json.loads(page)
    assert (code, document["command"], document["variables"]) == (0, "chain", ["x", "y"])
    assert document["jacobians"]["inner"]["at"] == [[2, 1], [2, 1]]
    assert document["jacobians"]["inner"]["formulas"] == [["2*x", "1"], ["y", "x"]]
    assert document["jacobians"]["product"] == {"at": [[10, 5]], "exact": [["10", "5"]]}
    assert document["composed"][0]["tangent"] == "6 + 10*(x - 1) + 5*(y - 2)"
    assert [step["law"] is None for step in document["absorption"]] == [True, False, False, False, False]
    (tape,) = document["tape"]
    assert [entry["adjoint"] for entry in tape["entries"][:2]] == [10, 5]


def test_latex_is_aligned() -> None:
    _, page, _ = run(*UV, "--tape", "--format", "latex")
    assert page.count(r"\begin{align*}") == page.count(r"\end{align*}") == 2
    assert r"D(g \circ f) = Dg \, Df &= \begin{pmatrix} 10 & 5 \end{pmatrix} \\" in page
    assert r"r_{u}\left(h_{x}, h_{y}\right) &= h_{x}^{2} \\" in page


def test_a_wide_jacobian_is_listed_and_nothing_is_lost() -> None:
    names = [f"x{i}" for i in range(1, 16)]
    _, page, _ = run("chain", "u^2", "+".join(f"{name}^2" for name in names), "--at", ",".join(["1"] * 15))
    assert "Df, entry by entry:" in page
    assert all(f"  du/d{name} = 2*{name} = 2\n" in page for name in names)
    assert all(f"  dg/d{name} = 60\n" in page for name in names)


def test_notes_are_said_once() -> None:
    _, _, errors = run("chain", "1/2u", "x", "--at", "1")
    assert errors.count("gdcli: note: ") == 1


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["u+v", "x", "--at", "1"], ["OUTER has 2 variables (u, v)", 'name it, and give the others too: "u = ..."']),
        (["3", "x", "--at", "1"], ["OUTER is a constant", 'write it in a variable: "sin u"']),
        (["u", "u=x", "x^2", "--at", "1"], ["INNER 'x^2' has no name", '"u = x^2"']),
        (["u", "u=x", "u=y", "--at", "1,1"], ["two inner formulas are called u", "a name of its own"]),
        (["u+w", "u=x", "--at", "1"], ["there is no variable w", "the variables are u"]),
        (["u", "u=3", "--at", "1"], ["the inner formulas are constants", "use a variable"]),
        (["u", "u=x", "--at", "1,2"], ["2 coordinates for 1 variable (x)"]),
        (["u", "u=x"], ["--at", "gdcli chain --help"]),
        (["u", "--at", "1"], ["INNER...", "gdcli chain --help"]),
        (["|u|", "x^2", "--at", "0"], ["g has no linear part at u = 0", "gdcli differentiable"]),
        (["log u", "x", "--at", "0"], ["g has no value at u = 0", "every inner formula"]),
        (["u|u|", "x", "--at", "0", "--tape"], ["there is no tape here", "leave --tape out"]),
        (["u", "u=x", "--at", "1", "--format", "yaml"], ["unknown format 'yaml'", "chain offers text"]),
    ],
)
def test_what_cannot_be_composed_says_why_and_what_to_do(args: list[str], words: list[str]) -> None:
    code, page, errors = run("chain", *args)
    assert (code, page) == (2, "")
    assert all(word in errors for word in words)


def test_a_disagreement_ends_as_a_bug_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    from gdcli.calculus.chain import composition
    from gdcli.cli import report

    monkeypatch.setattr(composition, "_times", lambda left, right: ((left[0][0],),))
    monkeypatch.setattr(report.tempfile, "NamedTemporaryFile", _no_file)
    code, page, errors = run("chain", "u^2", "x^2", "--at", "3")
    assert (code, page) == (70, "")
    assert "DisagreementError: the chain rule gives 18" in errors


def _no_file(*args: object, **options: object) -> None:
    raise OSError("no file in a test")
