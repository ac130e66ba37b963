r"""The LaTeX commands a formula may hold, and what each is in the tokens of the language.

A command that names a function (\sin, \relu) or a Greek letter (\alpha) needs no entry: it is the name itself.
"""

from __future__ import annotations

from gdcli.language.functions import BY_NAME
from gdcli.language.names import GREEK

SIGNS = {
    **dict.fromkeys(("cdot", "times", "ast"), "*"),
    **dict.fromkeys(("div", "slash"), "/"),
    **dict.fromkeys(("le", "leq", "leqslant"), "<="),
    **dict.fromkeys(("ge", "geq", "geqslant"), ">="),
    **dict.fromkeys(("ne", "neq"), "!="),
    **dict.fromkeys(("land", "wedge"), "and"),
    **dict.fromkeys(("lor", "vee"), "or"),
    **dict.fromkeys(("lnot", "neg"), "not"),
    **dict.fromkeys(("frac", "dfrac", "tfrac", "cfrac"), r"\frac"),
    **dict.fromkeys(("dots", "ldots", "cdots"), ".."),
    **dict.fromkeys(("lbrace", "lparen", "lbrack"), "("),
    **dict.fromkeys(("rbrace", "rparen", "rbrack"), ")"),
    **{name: f"\\{name}" for name in ("sqrt", "sum", "prod", "lvert", "rvert", "lVert", "rVert")},
    "lt": "<",
    "gt": ">",
    "vert": "|",
}
"""Commands that are a sign of the grammar."""

VARIANTS = {f"var{name}": name for name in ("epsilon", "theta", "phi", "rho", "sigma", "pi", "kappa")}
NAMES = {**{name: name for name in (*BY_NAME, *GREEK.values())}, **VARIANTS, "ell": "l"}
"""Commands that are the name of a function or variable."""

IGNORED = frozenset({"quad", "qquad", "displaystyle", "textstyle", "limits", "nolimits", "thinspace", "enspace"})
SPACES = frozenset(",;:!> ")
"""What a backslash makes a space of: \\, \\; \\: \\! \\> and a backslash before a blank."""

UPRIGHT = ("mathrm", "operatorname", "mathit", "mathsf", "mathtt", "mathbf", "boldsymbol", "text", "textrm", "mbox")
"""Commands whose braces hold a word: \\mathrm{weight} is one variable."""

WORDS = {
    **dict.fromkeys(("if", "for", "when", "where"), ""),
    **dict.fromkeys(("otherwise", "else", "True", "true"), "otherwise"),
    **{word: word for word in ("and", "or", "not")},
}
"""What a word in \\text{} means; "" says nothing."""

LEFT = {"(": "(", "[": "(", "\\{": "(", "|": r"\lvert", r"\vert": r"\lvert", r"\lvert": r"\lvert", r"\|": r"\lVert"}
LEFT |= {r"\Vert": r"\lVert", r"\lVert": r"\lVert", r"\lbrace": "(", r"\lbrack": "("}
RIGHT = {")": ")", "]": ")", "\\}": ")", "|": r"\rvert", r"\vert": r"\rvert", r"\rvert": r"\rvert", r"\|": r"\rVert"}
RIGHT |= {r"\Vert": r"\rVert", r"\rVert": r"\rVert", r"\rbrace": ")", r"\rbrack": ")"}
r"""Delimiters after \left and \right."""

REMEDIES = {
    "infty": ("infinity is not a number of the language", "use a finite number"),
    **dict.fromkeys(("pm", "mp"), ("a double sign is two formulas", "write one with + and one with -")),
    **dict.fromkeys(
        ("partial", "nabla", "int", "lim", "mathrm{d}"),
        ("a derivative, integral or limit is no part of a formula here", "type the function alone"),
    ),
    **dict.fromkeys(
        ("vec", "hat", "bar", "tilde", "dot", "ddot", "overline", "mathcal", "mathbb"),
        ("an accent or alphabet has no meaning here", r"give the variable a name: x_{hat} or \mathrm{xhat}"),
    ),
    "over": (r"\over is not read", r"write \frac{a}{b}"),
    "binom": (r"\binom is not read", "write the product out, or use Gamma"),
    "det": ("a determinant is not read", "write it out"),
    **dict.fromkeys(("top", "intercal"), ("a transpose has no meaning for numbers", "write dot([a, b], [c, d])")),
    **dict.fromkeys(("lfloor", "lceil", "rfloor", "rceil"), ("rounding has no derivative", "leave it out")),
}
"""Commands that are known and refused, with cause and remedy."""

KNOWN = (*SIGNS, *NAMES, *IGNORED, *UPRIGHT, "left", "right", "begin", "end")
