"""A method's formulas as they stand in cells: guarded against blanks and words, errors shown as empty."""

from __future__ import annotations

import re
from collections.abc import Mapping

from kaohe.rules.method import MEASURE_PLACES, OWN_VALUE, CompiledMethod, required_numbers
from kaohe.rules.rule import Rule, rewrite

_LITERAL = re.compile(r"-?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")


def emit_score(compiled: CompiledMethod, references: Mapping[str, str], places: int) -> str:
    """``IF(guard,IFERROR(ROUND(score,places),""),"")`` without a leading =.

    ``references``: name → cell reference or numeric literal for every name in ``compiled.uses``. The guard
    asks for a 完成值 and for a number in every other cell the formula reads.
    """
    score = rewrite(compiled.score, references)
    return _guarded(compiled, compiled.score, references, f"ROUND({score},{places})")


def emit_rate(compiled: CompiledMethod, references: Mapping[str, str]) -> str:
    """The completion as a ratio, not rounded; "" where there is none."""
    return _guarded(compiled, compiled.rate, references, rewrite(compiled.rate, references))


def emit_met(compiled: CompiledMethod, references: Mapping[str, str]) -> str:
    """TRUE or FALSE; "" where it is not known."""
    return _guarded(compiled, compiled.met, references, rewrite(compiled.met, references))


def emit_measure(compiled: CompiledMethod, references: Mapping[str, str]) -> str:
    """The unit's measure (度量值) for 组参数; "" where there is none."""
    formula = rewrite(compiled.measure, references)
    if compiled.method.measure != OWN_VALUE:
        formula = f"ROUND({formula},{MEASURE_PLACES})"
    return _guarded(compiled, compiled.measure, references, formula)


def _guarded(compiled: CompiledMethod, rule: Rule, references: Mapping[str, str], formula: str) -> str:
    conditions = [rewrite(compiled.guard, references)]
    for name in required_numbers(rule):
        if not _LITERAL.fullmatch(references[name]):
            conditions.append(f"ISNUMBER({references[name]})")
    condition = conditions[0] if len(conditions) == 1 else f"AND({','.join(conditions)})"
    return f'IF({condition},IFERROR({formula},""),"")'
