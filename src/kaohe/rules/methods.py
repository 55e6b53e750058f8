"""Scoring methods in one place: the type, the built-in ones, computing them, writing them into cells."""

from kaohe.rules.builtin_methods import METHODS
from kaohe.rules.emit import emit_met, emit_rate, emit_score
from kaohe.rules.method import (
    CompiledMethod,
    Method,
    Parameter,
    check_method,
    compile_method,
    guard,
    required_numbers,
)
from kaohe.rules.outcome import Outcome, score_points

__all__ = [
    "METHODS",
    "CompiledMethod",
    "Method",
    "Outcome",
    "Parameter",
    "check_method",
    "compile_method",
    "emit_met",
    "emit_rate",
    "emit_score",
    "guard",
    "required_numbers",
    "score_points",
]
