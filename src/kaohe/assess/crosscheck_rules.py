"""勾稽 as typed → a rule over figures of one unit: 完成值_CODE, 目标值_CODE, 上年值_CODE, 权重_CODE."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from kaohe import terms
from kaohe.findings import Finding
from kaohe.model import CrossCheck, Scheme
from kaohe.rules import FormulaError, Rule, parse
from kaohe.rules.characters import half_width

ACTUAL, TARGET, PRIOR, WEIGHT = "完成值", "目标值", "上年值", "权重"
FIGURES = (ACTUAL, TARGET, PRIOR, WEIGHT)
DOUBLE_CLAIM = "不重复"
SIDES = (("左式", "left"), ("右式", "right"))
_CODE_SIGN = r"[\w.]"
_FIGURE = re.compile(rf"({'|'.join(FIGURES)})_([\w.\-]+)")
_DASH = "·"
"""Stands for the - of a code while a formula is read: as long as it, and no operator."""


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a cross-check. ``figures``: the rule's name → (figure, indicator code)."""

    rule: Rule
    figures: Mapping[str, tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Compiled:
    """A cross-check whose two sides have been read."""

    check: CrossCheck
    left: Side
    right: Side

    @property
    def figures(self) -> tuple[tuple[str, str], ...]:
        """(figure, indicator code) of both sides, each once, the left side's first."""
        return tuple(dict.fromkeys((*self.left.figures.values(), *self.right.figures.values())))

    @property
    def codes(self) -> frozenset[str]:
        """Indicators whose figures it relates."""
        return frozenset(code for _, code in self.figures)


def read_side(text: str, codes: Collection[str]) -> Side:
    """A side as a rule. Raises FormulaError, in the words and at the place of what was typed.

    Of two codes that both fit, the longer one is meant: 完成值_A-1 is A-1 where there is such a code. Write a
    blank before the sign of a difference.
    """
    typed = "".join(half_width(sign) for sign in text)
    figures: dict[str, tuple[str, str]] = {}

    def named(match: re.Match[str]) -> str:
        name = match[0].replace("-", _DASH)
        figures[name] = (match[1], match[2])
        return name

    pattern = _pattern(codes)
    prepared = pattern.sub(named, typed) if pattern else typed
    try:
        return Side(parse(prepared, tuple(figures)), figures)
    except FormulaError as error:
        raise FormulaError(
            error.token.replace(_DASH, "-"), error.position, error.reason.replace(_DASH, "-")
        ) from error


def _pattern(codes: Collection[str]) -> re.Pattern[str] | None:
    """The figures of these codes, the longest code first; nothing but an operator may follow."""
    if not codes:
        return None
    longest_first = sorted(codes, key=len, reverse=True)
    return re.compile(
        rf"(?<!{_CODE_SIGN})({'|'.join(FIGURES)})_({'|'.join(map(re.escape, longest_first))})(?!{_CODE_SIGN})"
    )


def unknown_codes(text: str, codes: Collection[str]) -> tuple[str, ...]:
    """Codes a side names that no indicator has."""
    typed = "".join(half_width(sign) for sign in text)
    pattern = _pattern(codes)
    left = pattern.sub(lambda match: " " * len(match[0]), typed) if pattern else typed
    return tuple(dict.fromkeys(match[2] for match in _FIGURE.finditer(left)))


def compile_checks(scheme: Scheme) -> tuple[Compiled, ...]:
    """The cross-checks that can be read; :func:`check_crosschecks` says what is wrong with the others."""
    codes = frozenset(row.code for row in scheme.indicators)
    found = []
    for check in scheme.crosschecks:
        if check.relation not in terms.RELATIONS:
            continue
        try:
            found.append(Compiled(check, read_side(check.left, codes), read_side(check.right, codes)))
        except FormulaError:
            continue
    return tuple(found)


def check_crosschecks(scheme: Scheme) -> Iterable[Finding]:
    """S34 a side or a relation that cannot be read; S35 a code no indicator has in any version."""
    codes = sorted({row.code for row in scheme.indicators})
    for check in scheme.crosschecks:
        if check.relation not in terms.RELATIONS:
            reason = f"“{check.relation}”应为 {'、'.join(terms.RELATIONS)} 之一"
            yield Finding("S34", check.location, {"code": check.code, "column": "关系", "reason": reason})
        for title, field in SIDES:
            text = getattr(check, field)
            unknown = unknown_codes(text, codes)
            for code in unknown:
                near = difflib.get_close_matches(code, codes, n=3, cutoff=0.3) or codes[:3]
                facts = {"code": check.code, "column": title, "typed": code, "near": "、".join(near)}
                yield Finding("S35", check.location, facts)
            if not unknown:
                yield from _refused(check, title, text, codes)


def _refused(check: CrossCheck, title: str, text: str, codes: Collection[str]) -> Iterable[Finding]:
    try:
        side = read_side(text, codes)
    except FormulaError as error:
        facts = {"code": check.code, "column": title, "reason": str(error)}
        yield Finding("S34", check.location, facts)
        return
    if not side.figures and title == SIDES[0][0]:
        reason = "没有用到任何指标的数,请写如 完成值_指标代码"
        yield Finding("S34", check.location, {"code": check.code, "column": title, "reason": reason})
