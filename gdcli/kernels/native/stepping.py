"""The source of a method's step walked into LLVM: entry by entry over rows, in the order in which numpy does it."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gdcli.kernels.native.emit import Emitter, number
from gdcli.kernels.native.library import UnsupportedError, functions
from gdcli.kernels.native.rows import Rows
from gdcli.kernels.native.update import Update

_ARITHMETIC: dict[type[ast.operator], str] = {ast.Add: "fadd", ast.Sub: "fsub", ast.Mult: "fmul", ast.Div: "fdiv"}
_ORDER: dict[type[ast.cmpop], str] = {ast.Gt: "ogt", ast.GtE: "oge", ast.Lt: "olt", ast.LtE: "ole"}


@dataclass(frozen=True, slots=True)
class Row:
    """A vector as long as theta: its pieces."""

    pieces: list[str]


# A row, a number (the name of a double), a truth value or a tuple of values.
Value = Any


class Stepping:
    """The functions of an update, over the rows of a loop."""

    def __init__(self, emit: Emitter, rows: Rows, update: Update) -> None:
        self._emit = emit
        self._rows = rows
        self._functions = functions(update.source)
        self._constants = {name: number(value) for name, value in update.constants}

    def run(self, name: str, *arguments: Value) -> Value:
        """What the function returns."""
        function = self._functions[name]
        known: dict[str, Value] = dict(zip((a.arg for a in function.args.args), arguments, strict=True))
        for keyword, default in zip(function.args.kwonlyargs, function.args.kw_defaults, strict=True):
            given = self._constants.get(keyword.arg)
            known[keyword.arg] = given if given is not None else self._value(_present(default), {})
        for statement in function.body:
            match statement:
                case ast.Expr(value=ast.Constant(value=str())):
                    pass
                case ast.Assign(targets=[target], value=value):
                    _assign(known, target, self._value(value, known))
                case ast.Return(value=ast.expr() as value):
                    return self._value(value, known)
                case _:
                    raise UnsupportedError(ast.unparse(statement))
        raise UnsupportedError(name)

    def _value(self, node: ast.expr, known: Mapping[str, Value]) -> Value:
        match node:
            case ast.Constant(value=bool()):
                pass
            case ast.Constant(value=int() | float() as value):
                return number(float(value))
            case ast.Name(id=name) if name in known:
                return known[name]
            case ast.Tuple(elts=parts):
                return tuple(self._value(part, known) for part in parts)
            case ast.Subscript(value=whole, slice=ast.Constant(value=int() as place)):
                return self._value(whole, known)[place]
            case ast.BinOp(left=left, op=op, right=right) if type(op) in _ARITHMETIC:
                return self._arithmetic(_ARITHMETIC[type(op)], self._value(left, known), self._value(right, known))
            case ast.IfExp(test=ast.Compare(left=left, ops=[order], comparators=[right]), body=yes, orelse=no):
                a, b, first, second = (self._value(part, known) for part in (left, right, yes, no))
                holds = self._emit.op(f"fcmp {_ORDER[type(order)]}", "double", a, b)
                return self._emit.let(f"select i1 {holds}, double {first}, double {second}")
            case ast.Call(func=function, args=arguments, keywords=[]):
                return self._call(ast.unparse(function), [self._value(a, known) for a in arguments])
        raise UnsupportedError(ast.unparse(node))

    def _call(self, name: str, values: Sequence[Value]) -> Value:
        match name, values:
            case "np.asarray" | "np.array" | "float", [value]:
                return value
            case "np.sqrt" | "math.sqrt", [Row(pieces)]:
                return Row([self._sqrt(kind, piece) for kind, piece in zip(self._rows.kinds, pieces, strict=True)])
            case "np.sqrt" | "math.sqrt", [value]:
                return self._sqrt("double", value)
            case "np.maximum", [Row(a), Row(b)]:
                return Row([self._larger(*pair) for pair in zip(self._rows.kinds, a, b, strict=True)])
            case "max", [first, *others]:
                best = first
                for value in others:
                    better = self._emit.op("fcmp ogt", "double", value, best)
                    best = self._emit.let(f"select i1 {better}, double {value}, double {best}")
                return best
            case "dot", [Row(a), Row(b)]:
                return self._rows.dot(a, b)
            case "norm", [Row(a)]:
                return self._sqrt("double", self._rows.dot(a, a))
        raise UnsupportedError(name)

    def _arithmetic(self, operation: str, a: Value, b: Value) -> Value:
        if not isinstance(a, Row) and not isinstance(b, Row):
            return self._emit.op(operation, "double", a, b)
        left, right = (x.pieces if isinstance(x, Row) else self._rows.spread(x) for x in (a, b))
        return Row(self._rows.op(operation, left, right))

    def _sqrt(self, kind: str, value: str) -> str:
        suffix = "f64" if kind == "double" else f"v{kind[1:].split(' ')[0]}f64"
        return self._emit.call(f"llvm.sqrt.{suffix}", kind, value)

    def _larger(self, kind: str, a: str, b: str) -> str:
        """As numpy has it: nan where either is nan."""
        width = kind[1:].split(" ")[0]
        truth = f"<{width} x i1>"
        first = self._emit.op("fcmp ogt", kind, a, b)
        best = self._emit.let(f"select {truth} {first}, {kind} {a}, {kind} {b}")
        unordered = self._emit.op("fcmp uno", kind, a, a)
        return self._emit.let(f"select {truth} {unordered}, {kind} {a}, {kind} {best}")


def _present(default: ast.expr | None) -> ast.expr:
    if default is None:
        raise UnsupportedError("a parameter without a default")
    return default


def _assign(known: dict[str, Value], target: ast.expr, value: Value) -> None:
    match target:
        case ast.Name(id=name):
            known[name] = value
        case ast.Tuple(elts=targets) if isinstance(value, tuple) and len(targets) == len(value):
            for one, part in zip(targets, value, strict=True):
                _assign(known, one, part)
        case _:
            raise UnsupportedError(ast.unparse(target))
