"""Generated Python source to LLVM: the very text that the interpreter runs, walked node by node."""

from __future__ import annotations

import ast
from collections.abc import Callable

from gdcli.kernels.derived import Derived
from gdcli.kernels.native.emit import Emitter, double, number, truth
from gdcli.kernels.native.library import LIBM, LIBRARY, UnsupportedError, chain, functions, whole
from gdcli.kernels.native.vector import VECTOR

_ARITHMETIC: dict[type[ast.operator], str] = {ast.Add: "fadd", ast.Sub: "fsub", ast.Mult: "fmul", ast.Div: "fdiv"}
_LOGIC: dict[type[ast.operator], str] = {ast.BitAnd: "and", ast.BitOr: "or"}
_ORDER: dict[type[ast.cmpop], str] = {
    ast.Gt: "ogt",
    ast.GtE: "oge",
    ast.Lt: "olt",
    ast.LtE: "ole",
    ast.Eq: "oeq",
    ast.NotEq: "une",
}


class Lowering:
    """Expressions over `width` lanes, onto an emitter. The order of operations and their rounding are Python's."""

    def __init__(self, emitter: Emitter, width: int = 1) -> None:
        self.emitter = emitter
        self.width = width
        self.kind = double(width)
        self._special: dict[str, Callable[..., str]] = {
            "where": self._where,
            "negate": self._negate,
            "max_": lambda *values: self._best("ogt", values),
            "min_": lambda *values: self._best("olt", values),
            "abs_": lambda value: self._intrinsic("fabs", value),
            "sqrt": lambda value: self._intrinsic("sqrt", value),
            "copysign": lambda value, sign: self._intrinsic("copysign", value, sign),
            "logsumexp": self._logsumexp,
        }

    def run(self, derived: Derived, name: str, *values: str) -> list[str]:
        """The results of the function `name` of `derived` at `values`: one, or as many as its tuple has."""
        return self._call(functions(derived.source)[name], values)

    def _call(self, function: ast.FunctionDef, values: tuple[str, ...]) -> list[str]:
        known = dict(zip((argument.arg for argument in function.args.args), values, strict=True))
        for statement in function.body:
            match statement:
                case ast.Assign(targets=[ast.Name(id=name)], value=value):
                    known[name] = self._value(value, known)
                case ast.Return(value=ast.Tuple(elts=parts)):
                    return [self._value(part, known) for part in parts]
                case ast.Return(value=ast.expr() as value):
                    return [self._value(value, known)]
                case _:
                    break
        raise UnsupportedError(ast.unparse(function))

    def _value(self, node: ast.expr, known: dict[str, str]) -> str:
        match node:
            case ast.Constant(value=int() | float() as value):
                return number(float(value), self.width)
            case ast.Name(id="nan"):
                return number(float("nan"), self.width)
            case ast.Name(id=name):
                return known[name]
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return self.emitter.op("fneg", self.kind, self._value(operand, known))
            case ast.BinOp(left=left, op=ast.Pow(), right=right):
                return self._power(self._value(left, known), right, known)
            case ast.BinOp(left=left, op=op, right=right):
                return self._binary(op, self._value(left, known), self._value(right, known))
            case ast.Compare(left=left, ops=[op], comparators=[right]):
                operands = self._value(left, known), self._value(right, known)
                return self.emitter.op(f"fcmp {_ORDER[type(op)]}", self.kind, *operands)
            case ast.Call(func=ast.Name(id=name), args=arguments):
                return self._function(name, *(self._value(argument, known) for argument in arguments))
        raise UnsupportedError(ast.unparse(node))

    def _binary(self, op: ast.operator, left: str, right: str) -> str:
        if type(op) in _LOGIC:
            return self.emitter.let(f"{_LOGIC[type(op)]} {truth(self.width)} {left}, {right}")
        return self.emitter.op(_ARITHMETIC[type(op)], self.kind, left, right)

    def _power(self, base: str, right: ast.expr, known: dict[str, str]) -> str:
        exponent = whole(right)
        if exponent is None:
            return self._function("pow", base, self._value(right, known))
        product = base
        for squares in chain(abs(exponent)):
            product = self.emitter.op("fmul", self.kind, product, product if squares else base)
        return product if exponent > 0 else self.emitter.op("fdiv", self.kind, number(1.0, self.width), product)

    def _function(self, name: str, *values: str) -> str:
        if name in self._special:
            return self._special[name](*values)
        library = functions(LIBRARY)
        if name in library:
            return self._call(library[name], values)[0]
        if name not in LIBM:
            raise UnsupportedError(name)
        if self.width == 1:
            return self.emitter.call(name, "double", *values)
        if name in VECTOR:
            return self.emitter.call(f"{name}_lanes", self.kind, *values)
        return self._lane_by_lane(name, values)

    def _lane_by_lane(self, name: str, values: tuple[str, ...]) -> str:
        result = "poison"
        for lane in range(self.width):
            parts = [self.emitter.let(f"extractelement {self.kind} {value}, i32 {lane}") for value in values]
            one = self.emitter.call(name, "double", *parts)
            result = self.emitter.let(f"insertelement {self.kind} {result}, double {one}, i32 {lane}")
        return result

    def _intrinsic(self, name: str, *values: str) -> str:
        suffix = "f64" if self.width == 1 else f"v{self.width}f64"
        return self.emitter.call(f"llvm.{name}.{suffix}", self.kind, *values)

    def _where(self, condition: str, yes: str, no: str) -> str:
        return self.emitter.let(f"select {truth(self.width)} {condition}, {self.kind} {yes}, {self.kind} {no}")

    def _negate(self, condition: str) -> str:
        kind = truth(self.width)
        return self.emitter.let(f"select {kind} {condition}, {kind} zeroinitializer, {kind} {_all_true(self.width)}")

    def _best(self, order: str, values: tuple[str, ...]) -> str:
        """As Python's max and min: a later value only where it is truly better, so nan stays where it came first."""
        best = values[0]
        for value in values[1:]:
            best = self._where(self.emitter.op(f"fcmp {order}", self.kind, value, best), value, best)
        return best

    def _logsumexp(self, *values: str) -> str:
        op, kind = self.emitter.op, self.kind
        top = self._best("ogt", values)
        powers = [self._function("exp", op("fsub", kind, value, top)) for value in values]
        total = powers[0]
        for power in powers[1:]:
            total = op("fadd", kind, total, power)
        return op("fadd", kind, top, self._function("log", total))


def _all_true(width: int) -> str:
    return "true" if width == 1 else f"<{', '.join(['i1 true'] * width)}>"
