"""The rule language: a scoring rule is an Excel formula over names, computed here and written into cells."""

from kaohe.rules.column import BLANK, BOOL, ERROR, NUMBER, TEXT, Column
from kaohe.rules.errors import Error, ErrorValue, FormulaError
from kaohe.rules.rule import STANDARD_NAMES, Rule, parse, rewrite

__all__ = [
    "BLANK",
    "BOOL",
    "ERROR",
    "NUMBER",
    "STANDARD_NAMES",
    "TEXT",
    "Column",
    "Error",
    "ErrorValue",
    "FormulaError",
    "Rule",
    "parse",
    "rewrite",
]
