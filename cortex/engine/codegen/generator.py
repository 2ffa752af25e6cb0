"""The C++ of expressions, where it differs from Brian2's: powers, and whether steps have passed."""

import ast
import re
from collections.abc import Mapping
from copy import copy
from typing import Any, TypeGuard

import numpy as np
from brian2 import TimedArray, prefs
from brian2.codegen.generators.cpp_generator import CPPCodeGenerator
from brian2.codegen.statements import Statement
from brian2.core.functions import DEFAULT_FUNCTIONS
from brian2.core.variables import ArrayVariable, AuxiliaryVariable, Constant, Variable
from brian2.parsing.rendering import CPPNodeRenderer
from brian2.utils.stringtools import word_substitute

TABLE = re.compile(r"\b(\w+)\(t, (\w+)\)")
"""A call of a function of time and an index."""

PURE = tuple(function for function in DEFAULT_FUNCTIONS.values() if function.stateless)
"""Functions of Brian2 that keep no state."""

EXP, STEPS = "_cortex_exp", "_timestep"

SUPPORT = f"""
namespace {{
{CPPCodeGenerator.universal_support_code}
}}
#define _cortex_pow cortex::pow
#define _cortex_passed cortex::passed
#define _cortex_single_exp cortex::exponential
"""
"""C++ that all pieces of a simulation use; Brian2 puts its own before each piece, which takes longer to compile."""

SINGLE = ("_clip", "_brian_abs", "sqrt")
"""Functions of single precision if their arguments are."""


class Renderer(CPPNodeRenderer):
    """Writes expressions as C++.

    * ``exp(x)**c`` becomes ``exp(c*x)``: sympy writes ``exp(x/40)`` as ``exp(x)**0.025``. The result is what was meant
      also where ``exp(x)`` is infinite or zero, and ``exp(x/40)`` is not.
    * Compilers turn powers with whole numbers, halves and quarters into products and roots. Others are inline.
    * ``timestep(t - lastspike, dt) >= steps``, which ends refractoriness, compares times, not step counts.

    Parameters
    ----------
    variables : mapping of str to Variable or Function
        What the names in expressions stand for.
    single : bool
        Whether numbers that are the same for all cells are rounded to single precision, as C++ would else calculate
        with them in double precision. Arguments of a user's functions, and of functions of time, are not.
    """

    def __init__(
        self, variables: Mapping[str, Any], auto_vectorise: set[str] | None = None, single: bool = False
    ) -> None:
        super().__init__(auto_vectorise=auto_vectorise)
        self.variables = variables
        self.single = single

    def render_Constant(self, node: ast.Constant) -> str:
        """Return the C++ of a number."""
        code = str(super().render_Constant(node))
        return f"float({code})" if self.single and isinstance(node.value, float) else code

    def render_Name(self, node: ast.Name) -> str:
        """Return the C++ of a name."""
        variable, code = self.variables.get(node.id), str(super().render_Name(node))
        rounded = self.single and isinstance(variable, Variable) and variable.dtype == np.float64
        return f"float({code})" if rounded else code

    def render_Call(self, node: ast.Call) -> str:
        """Return the C++ of a call."""
        name, single = str(super().render_Name(node.func)), self.single
        if single and name == EXP:
            return f"_cortex_single_exp(float({self.render_node(node.args[0])}))"
        self.single = single and name.startswith(("_cortex_", *SINGLE))
        code = str(super().render_Call(node))
        self.single = single
        return f"float({code})" if single and name.startswith("_cortex_") else code

    def render_BinOp(self, node: ast.BinOp) -> str:
        """Return the C++ of an operation."""
        if not isinstance(node.op, ast.Pow):
            return str(super().render_BinOp(node))
        exponent = self._value(node.right)
        if exponent and _calls(node.left, EXP):
            product = ast.BinOp(ast.Constant(exponent), ast.Mult(), node.left.args[0])
            return str(self.render_node(ast.Call(node.left.func, [product], [])))
        if exponent is None or (4 * exponent).is_integer():
            node = ast.BinOp(node.left, node.op, ast.Constant(exponent)) if self.single and exponent else node
            return str(super().render_BinOp(node))
        return f"_cortex_pow({self.render_node(node.left)}, {self.render_node(node.right)})"

    def render_Compare(self, node: ast.Compare) -> str:
        """Return the C++ of a comparison."""
        steps, number = node.left, node.comparators[0]
        if isinstance(node.ops[0], ast.GtE) and _calls(steps, STEPS) and self._is_whole(number):
            return f"_cortex_passed({', '.join(map(self.render_node, [*steps.args, number]))})"
        return str(super().render_Compare(node))

    def _is_whole(self, node: ast.expr) -> bool:
        """Return whether an expression is a number of steps, or the name of a whole number."""
        variable = self.variables.get(node.id) if isinstance(node, ast.Name) else None
        return _calls(node, STEPS) or (isinstance(variable, Variable) and np.issubdtype(variable.dtype, np.integer))

    def _value(self, node: ast.expr) -> float | None:
        """Return the value of an expression if it is a number or the name of one."""
        match node:
            case ast.Constant(int() | float() as value):
                return float(value)
            case ast.Name(name):
                constant = self.variables.get(name)
                return float(constant.get_value()) if isinstance(constant, Constant) else None
            case ast.UnaryOp(ast.USub(), operand):
                positive = self._value(operand)
                return None if positive is None else -positive
        return None


def _calls(node: ast.expr, function: str) -> TypeGuard[ast.Call]:
    return isinstance(node, ast.Call) and getattr(node.func, "id", "") == function


def _outside_calls(node: ast.AST) -> set[str]:
    """Return the names in an expression that are not in arguments of functions."""
    if isinstance(node, ast.Name):
        return {node.id}
    children = () if isinstance(node, ast.Call) else ast.iter_child_nodes(node)
    return set().union(*map(_outside_calls, children))


class Generator(CPPCodeGenerator):
    """Writes the C++ of a piece of the simulation, with the expressions of `Renderer`."""

    universal_support_code = ""  # see `SUPPORT`

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.known: dict[str, Any] = dict(self.variables)  # with the names that the generated code itself defines
        self.times = {"t"}  # numbers for all cells that need double precision also where cells have single
        self.single = False  # while the code of a loop in single precision is written

    def translate_statement(self, statement: Statement) -> str:
        """Return the C++ of a statement.

        In single precision, numbers that are the same for all cells are calculated in double precision all the same,
        and so is all that has to do with times, which soon have more digits.
        """
        if statement.scalar and statement.op == ":=" and statement.dtype == np.float32:
            statement = copy(statement)
            statement.dtype = np.float64
            if self.times & _outside_calls(ast.parse(statement.expr, mode="eval")):
                self.times.add(statement.var)
        if statement.op == ":=":
            self.known[statement.var] = AuxiliaryVariable(statement.var, dtype=statement.dtype, scalar=statement.scalar)
        self.single = prefs["core.default_float_dtype"] == np.float32 and not statement.scalar
        self.single &= not self._is_precise(statement)
        code = str(super().translate_statement(statement))
        self.single = False
        return f"static {code}" if code.startswith("const ") and self._is_calculated_once(statement) else code

    def _is_calculated_once(self, statement: Statement) -> bool:
        """Return whether a statement before a loop calls functions of numbers that never change, such as the step.

        Parameters called constant are not among these numbers, since a program may set them as it runs.
        """
        tree = ast.parse(statement.expr, mode="eval")
        values = [self.known.get(node.id) for node in ast.walk(tree) if isinstance(node, ast.Name)]
        fixed = [value for value in values if isinstance(value, Variable) and value.constant and value.read_only]
        pure = [value for value in values if any(value is known for known in PURE)]
        return statement.scalar and statement.op == ":=" and bool(pure) and len(pure) + len(fixed) == len(values)

    def _is_precise(self, statement: Statement) -> bool:
        """Return whether a statement of a loop sets or uses times, or variables of cells in double precision."""
        tree = ast.parse(statement.expr, mode="eval")
        names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)} | {statement.var}
        variables = (self.known.get(name) for name in names)
        double = any(isinstance(v, Variable) and not v.scalar and v.dtype == np.float64 for v in variables)
        return double or bool(self.times & _outside_calls(tree))

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
        expr = word_substitute(expr, self.func_name_replacements)
        return str(Renderer(self.known, self.auto_vectorise, self.single).render_expr(expr)).strip()

    def translate_statement_sequence(self, scalar_statements: Any, vector_statements: Any) -> tuple[Any, Any, Any]:
        """Return the code before the loop, the code of the loop, and keywords of the template."""
        before, loop, keywords = super().translate_statement_sequence(scalar_statements, vector_statements)
        for block in loop if self.template_name == "stateupdate" else ():
            for name, index in dict.fromkeys(TABLE.findall("\n".join(loop[block]))):
                read_only = f"const int32_t {index} = " in "\n".join(loop[block])
                if read_only and (kept := self._kept(name, index)):
                    before[block].append(kept)
                    call = re.compile(rf"\b{name}\(t, {index}\)")
                    loop[block] = [call.sub(f"_{name}_of_{index}[_idx]", line) for line in loop[block]]
        return before, loop, keywords

    def _kept(self, name: str, index: str) -> str:
        """Return C++ that keeps a function of time for all cells, if it is one that rarely changes; else nothing."""
        variable, names = self.variables.get(index), {self.func_name_replacements.get(n, n): n for n in self.variables}
        table = self.variables.get(names.get(name, ""))
        if not isinstance(table, TimedArray) or not isinstance(variable, ArrayVariable) or variable.dynamic:
            return ""
        text = table.implementations[self.codeobj_class].get_code(self.owner)
        epsilon, row = re.search(r"epsilon = (.+);", text), re.search(r"int timestep = (.+);", text)
        if not (epsilon and row) or self.variable_indices[index] != "_idx" or table.dt < 4 * self.owner.clock.dt_:
            return ""
        step = row[1].replace("epsilon", f"({epsilon[1]})")
        types = f"{self.c_data_type(variable.dtype)}, {self.c_data_type(prefs['core.default_float_dtype'])}"
        function = f"[&](int i) {{ return {name}(t, i); }}"
        array = self.get_array_name(variable)
        return (
            f"static cortex::LookedUp<{types}> _kept_{name}_of_{index};\n"
            f"const auto _{name}_of_{index} = _kept_{name}_of_{index}.in({step}, {array}, {variable.size}, {function});"
        )
