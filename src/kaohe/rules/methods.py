"""Scoring methods in one place: the type, the built-in ones, computing them, writing them into cells."""

from kaohe.rules.builtin_methods import METHODS
from kaohe.rules.emit import emit_measure, emit_met, emit_rate, emit_score
from kaohe.rules.method import (
    COMPARED_NAMES,
    GRADES,
    GROUP_NAMES,
    OWN_VALUE,
    CompiledMethod,
    Method,
    Parameter,
    check_method,
    compile_method,
    guard,
    required_numbers,
)
from kaohe.rules.outcome import Outcome, measures, score_points

__all__ = [
    "COMPARED_NAMES",
    "GRADES",
    "GROUP_NAMES",
    "METHODS",
    "OWN_VALUE",
    "CompiledMethod",
    "Method",
    "Outcome",
    "Parameter",
    "check_method",
    "compile_method",
    "emit_measure",
    "emit_met",
    "emit_rate",
    "emit_score",
    "guard",
    "measures",
    "required_numbers",
    "score_points",
]
