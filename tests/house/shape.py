"""What the shape of a Python source says about it: pure functions from source text to complaints."""

from __future__ import annotations

import ast
from collections.abc import Iterator

MODULE_LINES = 400
FUNCTION_LINES = 60
ROUNDERS = {"round", "round_", "around", "rint"}


def long_module(source: str) -> list[str]:
    """A module that has outgrown one subject."""
    lines = len(source.splitlines())
    return [f"{lines} lines"] if lines > MODULE_LINES else []


def long_functions(source: str) -> list[str]:
    """Functions that do more than one thing."""
    return [
        f"{function.name}: {length} lines"
        for function in functions(source)
        if (length := (function.end_lineno or 0) - function.lineno + 1) > FUNCTION_LINES
    ]


def missing_docstring(source: str) -> list[str]:
    """A module that does not say what it is about."""
    return [] if ast.get_docstring(ast.parse(source)) else ["no docstring"]


def bare_excepts(source: str) -> list[str]:
    """Handlers that catch whatever comes, KeyboardInterrupt included."""
    handlers = (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.ExceptHandler))
    return [f"line {node.lineno}: bare except" for node in handlers if node.type is None]


def rounding_calls(source: str) -> list[str]:
    """Calls of Python's or numpy's rounding, which disagree with a spreadsheet's on real scores."""
    calls = (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call))
    return [f"line {node.lineno}: {name}" for node in calls if (name := _called(node)) in ROUNDERS]


def functions(source: str) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function and method."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def _called(node: ast.Call) -> str:
    """The last name of what is called: ``np.round(x)`` and ``column.round(2)`` are both ``round``."""
    if isinstance(node.func, ast.Attribute):
        return node.func.attr
    return node.func.id if isinstance(node.func, ast.Name) else ""
