"""Variables: their subscripts, and names that look like something else."""

from __future__ import annotations

import re
from fractions import Fraction

from gdcli.language.functions import BY_NAME
from gdcli.language.grammar import Level
from gdcli.language.latex_grammar import Commands
from gdcli.language.names import FUSED, GREEK, as_product, indexed, joined
from gdcli.language.tokens import Token
from gdcli.language.tree import Indexed, Node, Number, Variable
from gdcli.suggest import nearest

_SHORT = re.compile(r"[A-Za-z](?:\d+|_\w+)?\Z", re.ASCII)
_SIDE_BY_SIDE = re.compile(r"[A-Za-z]_?\d+", re.ASCII)
_GREEK_NAMES = frozenset(GREEK.values())


class Variables(Commands):
    """Variables over the grammar of operators and commands."""

    def names_sigmoid(self, token: Token) -> bool:
        r"""Whether this is \sigma(...) of LaTeX, which names the sigmoid."""
        is_command = token.text == "sigma" and self.source.startswith(r"\sigma", token.start)
        if not (is_command and self.at("(")) or "sigma" in (self.known or ()):
            return False
        span = (token.start, self.token.end)
        self.warn(r"\sigma(...) is read as the sigmoid", span, r"write \sigma \cdot (...) for a product")
        return True

    def check_fused(self, token: Token) -> None:
        """Say of x1x2 and sinx that they are one name."""
        if self.known is not None or self.source[token.start] == "\\":
            return
        if len(names := _SIDE_BY_SIDE.findall(token.text)) > 1 and "".join(names) == token.text:
            product = "*".join(map(joined, names))
            self.warn(f"{token.text} is one variable", token.span, f"write {product} for a product")
        if match := FUSED.match(token.text):
            self.warn(
                f"{token.text} is read as one variable", token.span, f"write {match[1]}({match[2]}) for the function"
            )

    def part(self, token: Token, part: str) -> Node:
        """One subscript of a name inside a sum: a number or an index."""
        if part.isdigit():
            return Number(token.span, Fraction(int(part)))
        if part not in self.indices:
            self.fail(f"the subscript {part} is not the index of a sum here", token.span, "use one index throughout")
        return Variable(token.span, part)

    def check_called(self, token: Token) -> None:
        """Refuse a call of an unknown function; say of f(x) that it is a product."""
        name = token.text
        if self.known is not None and name in self.known:
            return
        if name not in _GREEK_NAMES and not _SHORT.match(name):
            self.fail(f"there is no function {name}", token.span, self._meant(name))
        if name in {"f", "g", "h", "gamma"}:
            hint = "write Gamma(...) for the function" if name == "gamma" else f"write {name}*(...)"
            self.warn(f"{name}(...) is read as the variable {name} times (...)", token.span, hint)

    def _meant(self, name: str) -> str:
        for function in sorted(BY_NAME, key=len, reverse=True):
            head = name.removesuffix(function)
            if head != name and (_SHORT.match(head) or head in _GREEK_NAMES):
                return f"did you mean {head}*{function}(...)?"
        if match := re.fullmatch(r"log(\d+)", name):
            return f"did you mean log(x, {match[1]})?"
        found = nearest(name, BY_NAME)
        return f"did you mean {found}?" if found else f"write a product with *: {name}*(...)"

    def subscripted(self, token: Token) -> Node:
        """Read the subscripts of a name: x_{i+1}, x[1], x_{max}."""
        if token.text in BY_NAME:
            self.fail(f"{token.text} cannot have a subscript", token.span, "a function's argument stands in ( )")
        label = self._label()
        if label is not None:
            return Variable((token.start, self.end), joined(f"{token.text}_{label}"))
        opener = self.take()
        if self.token.kind == "name" and (letters := self._index_letters()):
            self.closing((0, 0), "]" if opener.text == "[" else "}")
            return Indexed((token.start, self.end), token.text, letters)
        subscripts = [self.number(self.parse(Level.SUM))]
        while self.at(","):
            self.take()
            subscripts.append(self.number(self.parse(Level.SUM)))
        self.closing((0, 0), "]" if opener.text == "[" else "}")
        span = (token.start, self.end)
        whole = [s.value.numerator for s in subscripts if isinstance(s, Number) and s.value.denominator == 1]
        if len(whole) == len(subscripts):
            return Variable(span, indexed(token.text, whole))
        return Indexed(span, token.text, tuple(subscripts))

    def _label(self) -> str | None:
        """The subscript as part of a name, x_{max} or x_{max,2}, if it holds words that are no index."""
        closer = self.brackets.partner[self.position]
        parts = self.tokens[self.position + 1 : closer]
        words, commas = parts[::2], parts[1::2]
        plain = all((w.kind == "name" and not self._is_index(w.text)) or w.text.isdigit() for w in words)
        if not plain or any(c.text != "," for c in commas) or all(w.kind == "number" for w in words):
            return None
        if len(parts) % 2 == 0:
            return None
        self.position = closer + 1
        return "_".join(w.text for w in words)

    def _is_index(self, word: str) -> bool:
        return word in self.indices or (bool(self.indices) and set(word) <= set(self.indices))

    def _index_letters(self) -> tuple[Node, ...]:
        """a_{ij} inside sums over i and j: both indices; nothing for any other word."""
        token = self.token
        if token.text in self.indices or not self._is_index(token.text):
            return ()
        self.take()
        return tuple(Variable((token.start + k, token.start + k + 1), c) for k, c in enumerate(token.text))

    def unknown(self, name: str, span: tuple[int, int]) -> None:
        """Complain about a variable that is not among the known ones."""
        known = tuple(self.known or ())
        product = as_product(name, known)
        fused = FUSED.match(name)
        if not known:
            self.fail(
                f"{name} is a variable: only numbers may stand here", span, "write a number: 2, 1/3, sqrt 2, pi/4"
            )
        if product:
            hint = f"did you mean {'*'.join(product)}?"
        elif fused and fused[2] in known:
            hint = f"did you mean {fused[1]}({fused[2]})?"
        elif found := nearest(name, known):
            hint = f"did you mean {found}?"
        else:
            hint = f"the variables are {', '.join(known[:20])}{', ...' if len(known) > 20 else ''}"
        self.fail(f"there is no variable {name}", span, hint)
