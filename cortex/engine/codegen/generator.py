"""The C++ of expressions, where it differs from Brian2's: powers."""

import ast
import re
from typing import Any

from brian2.codegen.generators.cpp_generator import CPPCodeGenerator
from brian2.core.variables import Constant
from brian2.parsing.rendering import CPPNodeRenderer
from brian2.utils.stringtools import word_substitute

EXP = "_cortex_exp"


class Renderer(CPPNodeRenderer):
    """Writes expressions as C++.

    * ``exp(x)**c`` becomes ``exp(c*x)``: sympy writes ``exp(x/40)`` as ``exp(x)**0.025``. The result is what was meant
      also where ``exp(x)`` is infinite or zero, and ``exp(x/40)`` is not.
    * Compilers turn powers with whole numbers, halves and quarters into products and roots. Others are inline.

    Parameters
    ----------
    constants : dict of str to float
        Names whose value is known.
    """

    def __init__(self, constants: dict[str, float], auto_vectorise: set[str] | None = None) -> None:
        super().__init__(auto_vectorise=auto_vectorise)
        self.constants = constants

    def render_BinOp(self, node: ast.BinOp) -> str:
        """Return the C++ of an operation."""
        if not isinstance(node.op, ast.Pow):
            return str(super().render_BinOp(node))
        exponent = self._value(node.right)
        if exponent and isinstance(node.left, ast.Call) and getattr(node.left.func, "id", "") == EXP:
            product = ast.BinOp(ast.Constant(exponent), ast.Mult(), node.left.args[0])
            return str(self.render_node(ast.Call(node.left.func, [product], [])))
        if exponent is None or (4 * exponent).is_integer():
            return str(super().render_BinOp(node))
        return f"_cortex_pow({self.render_node(node.left)}, {self.render_node(node.right)})"

    def _value(self, node: ast.expr) -> float | None:
        """Return the value of an expression if it is a number or the name of one."""
        match node:
            case ast.Constant(int() | float() as value):
                return float(value)
            case ast.Name(name):
                return self.constants.get(name)
            case ast.UnaryOp(ast.USub(), operand):
                positive = self._value(operand)
                return None if positive is None else -positive
        return None


class Generator(CPPCodeGenerator):
    """Writes the C++ of a piece of the simulation, with the powers of `Renderer`."""

    universal_support_code = CPPCodeGenerator.universal_support_code + "\n#define _cortex_pow cortex::pow\n"

    def determine_keywords(self) -> dict[str, Any]:
        """Return what templates are given: pointers to values of functions are set once, as threads share them."""
        keywords: dict[str, Any] = super().determine_keywords()
        pointer = re.compile(r"(_namespace\w+) = (\w+);")
        keywords["pointers_lines"] = [
            pointer.sub(r"if (\1 != \2) \1 = \2;", line) for line in keywords["pointers_lines"]
        ]
        return keywords

    def translate_expression(self, expr: str) -> str:
        """Return the C++ of an expression of Python."""
        constants = {
            name: float(variable.get_value())
            for name, variable in self.variables.items()
            if isinstance(variable, Constant)
        }
        expr = word_substitute(expr, self.func_name_replacements)
        return str(Renderer(constants, self.auto_vectorise).render_expr(expr)).strip()
