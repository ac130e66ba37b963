"""The one table of functions. Adding a function is one entry: name, aliases, how many arguments, how it is built.

`head` is the sympy function (or the atom of `gdcli.language.atoms`) of the same meaning; `build` is given only
where one sympy call is not enough. Nothing here imports sympy before a formula is built.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from gdcli.errors import DomainError
from gdcli.language.bounds import EXP_ARGUMENT, GAMMA_ARGUMENT

Builder = Callable[..., Any]
# sympy compares every pair of arguments of Max and Min: seconds for a hundred of them.
EVALUATED_EXTREMES = 12


@dataclass(frozen=True, slots=True)
class Function:
    """A function a formula may call.

    `least` and `most` bound the number of arguments (`most` None: any number), `vectors` says that [a, b] may
    stand for arguments, `inverse` is the meaning of name^-1, `limit` bounds a constant argument.
    """

    name: str
    aliases: tuple[str, ...] = ()
    head: str = ""
    least: int = 1
    most: int | None = 1
    vectors: bool = False
    inverse: str = ""
    limit: int | None = None
    build: Builder | None = None

    @property
    def bare(self) -> bool:
        """Whether `f x` may be written for f(x)."""
        return self.least == 1 and self.most is not None

    @property
    def arity(self) -> str:
        """How many arguments it takes, in words."""
        if self.most is None:
            return f"at least {_count(self.least)}"
        return _count(self.least) if self.least == self.most else f"{self.least} or {_count(self.most)}"

    @property
    def shape(self) -> str:
        """How it is written with the fewest arguments: log(a)."""
        more = ", ..." if self.most is None else ""
        return f"{self.name}({', '.join('abc'[: self.least])}{more})"


def _count(n: int) -> str:
    return "1 argument" if n == 1 else f"{n} arguments"


def _sympy() -> Any:
    return import_module("sympy")


def _log(u: Any, base: Any = None) -> Any:
    if base is not None and (base == 1 or base.is_nonpositive):
        raise DomainError(f"there is no logarithm to the base {base}", hint="a base is positive and not 1: log(x, 2)")
    return _sympy().log(u) if base is None else _sympy().log(u, base)


def _root(u: Any, n: Any) -> Any:
    if not (n.is_Integer and n >= 2):
        raise DomainError(f"the order {n} of a root is not an integer from 2 on", hint="write root(x, 3) or x^(1/n)")
    return _sympy().sqrt(u) if n == 2 else _odd(u, n) if n % 2 else u ** (1 / n)


def _odd(u: Any, n: Any) -> Any:
    return import_module("gdcli.language.atoms").oddroot(u, n)


def _extreme(head: str, most: Callable[..., Any]) -> Builder:
    def build(*u: Any) -> Any:
        distinct = set(u)
        numbers = [v for v in distinct if v.is_Rational]
        if len(distinct) <= EVALUATED_EXTREMES or len(numbers) == len(distinct):
            return getattr(_sympy(), head)(*u)
        kept = distinct.difference(numbers) | ({most(numbers)} if numbers else set())
        return getattr(_sympy(), head)(*kept, evaluate=False)

    return build


def _polygamma(n: Any, u: Any) -> Any:
    if not (n.is_Integer and n >= 0):
        raise DomainError(f"the order {n} of polygamma is not an integer from 0 on", hint="write polygamma(0, x)")
    return _sympy().polygamma(n, u)


def _dot(*u: Any) -> Any:
    half = len(u) // 2
    return _sympy().Add(*(a * b for a, b in zip(u[:half], u[half:], strict=True)))


def _norm(*u: Any) -> Any:
    return _sympy().sqrt(_sympy().Add(*(v**2 for v in u)))


TABLE = (
    Function("sin", inverse="asin"),
    Function("cos", inverse="acos"),
    Function("tan", ("tg",), inverse="atan"),
    Function("cot", ("cotan", "ctg"), inverse="acot"),
    Function("sec", inverse="asec"),
    Function("csc", ("cosec",), inverse="acsc"),
    Function("asin", ("arcsin",)),
    Function("acos", ("arccos",)),
    Function("atan", ("arctan", "arctg")),
    Function("acot", ("arccot",)),
    Function("asec", ("arcsec",)),
    Function("acsc", ("arccsc",)),
    Function("sinh", inverse="asinh", limit=EXP_ARGUMENT),
    Function("cosh", inverse="acosh", limit=EXP_ARGUMENT),
    Function("tanh", inverse="atanh", limit=EXP_ARGUMENT),
    Function("coth", inverse="acoth", limit=EXP_ARGUMENT),
    Function("sech", inverse="asech", limit=EXP_ARGUMENT),
    Function("csch", inverse="acsch", limit=EXP_ARGUMENT),
    Function("asinh", ("arcsinh", "arsinh")),
    Function("acosh", ("arccosh", "arcosh")),
    Function("atanh", ("arctanh", "artanh")),
    Function("acoth", ("arccoth", "arcoth")),
    Function("asech", ("arcsech", "arsech")),
    Function("acsch", ("arccsch", "arcsch")),
    Function("atan2", ("arctan2",), least=2, most=2),
    Function("exp", limit=EXP_ARGUMENT),
    Function("log", ("ln",), most=2, build=_log),
    Function("log2", ("lb",), build=lambda u: _log(u, _sympy().Integer(2))),
    Function("log10", ("lg",), build=lambda u: _log(u, _sympy().Integer(10))),
    Function("sqrt"),
    Function("cbrt", build=lambda u: _odd(u, _sympy().Integer(3))),
    Function("root", least=2, most=2, build=_root),
    Function("abs", ("Abs",), head="Abs"),
    Function("sign", ("sgn", "signum")),
    Function("min", ("Min",), head="Min", most=None, vectors=True, build=_extreme("Min", min)),
    Function("max", ("Max",), head="Max", most=None, vectors=True, build=_extreme("Max", max)),
    Function("relu", ("ReLU",), head="atoms.relu"),
    Function("sigmoid", ("logistic", "expit"), head="atoms.sigmoid"),
    Function("softplus", head="atoms.softplus"),
    Function("logsumexp", ("lse",), head="atoms.logsumexp", most=None, vectors=True),
    Function("erf"),
    Function("Gamma", head="gamma", limit=GAMMA_ARGUMENT),
    # The derivatives of log Gamma: what the derivative of Gamma is written in.
    Function("polygamma", least=2, most=2, limit=GAMMA_ARGUMENT, build=_polygamma),
    Function("norm", most=None, vectors=True, build=_norm),
    Function("dot", least=2, most=2, vectors=True, build=_dot),
    # These three have a syntax of their own, read by the grammar.
    Function("sum", least=2, most=2),
    Function("prod", ("product",), least=2, most=2),
    Function("piecewise", ("Piecewise",), most=None),
)

DIGAMMA = Function("digamma")
"""A shorter way to type polygamma(0, x): the tree holds the latter."""

BY_NAME = {name: function for function in (*TABLE, DIGAMMA) for name in (function.name, *function.aliases)}


def construct(name: str, arguments: tuple[Any, ...]) -> Any:
    """The sympy expression of the function called `name` (a name of the table) at sympy arguments."""
    function = BY_NAME[name]
    if function.build is not None:
        return function.build(*arguments)
    head = function.head or function.name
    if head.startswith("atoms."):
        return getattr(import_module("gdcli.language.atoms"), head.removeprefix("atoms."))(*arguments)
    return getattr(_sympy(), head)(*arguments)


def spelling() -> dict[str, str]:
    """The name in our language of each sympy class: {"Abs": "abs", "gamma": "Gamma", ...}."""
    return {(f.head or f.name).removeprefix("atoms."): f.name for f in TABLE if f.head or f.build is None} | {
        "log": "log"
    }
