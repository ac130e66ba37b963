"""Text to tokens, plain or LaTeX, within the bounds."""

from __future__ import annotations

from collections.abc import Collection

from gdcli.errors import FormulaError
from gdcli.language.bounds import LIMIT_HINT, TEXT_BYTES, TOKENS
from gdcli.language.latex_tokens import is_latex, latex_tokens
from gdcli.language.tokens import Token, plain_tokens


def tokenize(source: str, known: Collection[str] = ()) -> list[Token]:
    """The tokens of a formula, closed by an end token; in LaTeX the names of `known` are not taken for products.

    Raises FormulaError where a character or command has no meaning, or the text is beyond the bounds.
    """
    size = len(source.encode("utf-8", "surrogatepass"))
    if size > TEXT_BYTES:
        _too_long(source, f"the formula has {size} bytes, more than {TEXT_BYTES}")
    tokens: list[Token] = []
    for token in latex_tokens(source, known) if is_latex(source) else plain_tokens(source):
        tokens.append(token)
        if len(tokens) > TOKENS:
            _too_long(source, f"the formula has more than {TOKENS} tokens")
    return [*tokens, Token("end", "", len(source), len(source))]


def _too_long(source: str, cause: str) -> None:
    raise FormulaError(cause, source=source, start=0, end=len(source), hint=LIMIT_HINT)
