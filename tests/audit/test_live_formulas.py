"""Live formulas judged by `formulas`: what is right, what is not, and what it has no opinion on."""

from __future__ import annotations

import io
import time
from collections.abc import Mapping
from typing import Any

import pytest
import xlsxwriter

from kaohe.audit import live_formulas
from kaohe.audit.live_formulas import (
    ARRAYS,
    COMPUTED,
    NAMES,
    NO_SHEET,
    NUMERAL,
    OUT_OF_TIME,
    TOO_LARGE,
    UNREADABLE,
    Rechecked,
    recheck,
)

SHEET = "得分明细"
WHOLE = {SHEET: (1000, 100)}
Formula = tuple[str, object]
"""(formula without =, the value kept for it)."""


def book(values: Mapping[str, Any], formulas: Mapping[str, Formula], arrays: Mapping[str, str] = {}) -> bytes:
    """A workbook of one sheet, and one beside it named 组参数 that holds 7 in A1."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as made:
        sheet = made.add_worksheet(SHEET)
        for cell, value in values.items():
            sheet.write(cell, value)
        for cell, (formula, kept) in formulas.items():
            sheet.write_formula(cell, f"={formula}", value=kept)
        for cell, formula in arrays.items():
            sheet.write_array_formula(cell, f"{{={formula}}}")
        made.add_worksheet("组参数").write("A1", 7)
        made.define_name("目标", "=组参数!$A$1")
    return target.getvalue()


def judged(values: Mapping[str, Any], formulas: Mapping[str, Formula], seconds: float = 60) -> Rechecked:
    return recheck(book(values, formulas), "x.xlsx", WHOLE, seconds)


CASES: list[tuple[str, object]] = [
    ("ROUND(A1*A2,2)", 1.01),  # 1.005 by 15 digits
    ('IF(A1*A2=1.005,"同","异")', "同"),
    ("0.1+0.2-0.3", 0),
    ('IF(AND(ISNUMBER(A1),ISNUMBER(A3)),1,"")', ""),
    ('IFERROR(A1/A4,"")', ""),
    ("SUM(A1:A4)", 2.005),
    ("MAX(A1,A2)+MIN(A1,A2)", 2.005),
    ("组参数!A1*2", 14),
    ('COUNTIFS(A1:A4,">0")', 2),
    ("SUMPRODUCT((A1:A4>1)*1)", 2),
    ("SUMPRODUCT(--(A1:A4<>ROW(A1:A4)))", 4),
    ("--(A1>A2)", 1),
    ("SUM(--(A1:A4>1))+A1--1", 4.005),
    ('IF(A1=1.005,"--(1)","")', "--(1)"),
    ('A3&"分"', "约分"),
    ("NA()", "#N/A"),
]
VALUES = {"A1": 1.005, "A2": 1.0, "A3": "约"}


@pytest.mark.parametrize(("formula", "value"), CASES)
def test_what_is_right_agrees(formula: str, value: object) -> None:
    found = judged(VALUES, {"C5": (formula, value)})
    assert (found.judged, found.odd, dict(found.left_out)) == (1, (), {})


@pytest.mark.parametrize(("formula", "value"), [case for case in CASES if case[1] != "#N/A"])
def test_what_is_wrong_does_not(formula: str, value: object) -> None:
    wrong = f"{value}错" if isinstance(value, str) else 3.25
    found = judged(VALUES, {"C5": (formula, wrong)})
    (odd,) = found.odd
    assert (odd.sheet, odd.place, odd.kept) == (SHEET, (5, 3), wrong)
    assert odd.computed == (value or None) or odd.computed == pytest.approx(value)


@pytest.mark.parametrize("value", [1.0, 0.0, "", "1"])
def test_a_yes_is_no_number_and_no_text(value: object) -> None:
    assert len(judged({"A1": 1}, {"C5": ("A1=1", value)}).odd) == 1
    assert judged({"A1": 1}, {"C5": ("A1=1", True)}).odd == ()


def test_many_rows_at_once_are_judged_one_by_one() -> None:
    """A column of one pattern, more than go together; every seventh value is wrong."""
    count = live_formulas.TOGETHER + 100
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as made:
        sheet = made.add_worksheet(SHEET)
        for row in range(1, count + 1):
            sheet.write(f"A{row}", row / 8)
            right = min(row / 8, 50) if row % 2 else ""
            kept = right if row % 7 else "错"
            sheet.write(f"B{row}", row if row % 2 else "无")
            sheet.write_formula(f"C{row}", f'=IF(ISNUMBER(B{row}),MIN(A{row},50),"")', value=kept)
    found = recheck(target.getvalue(), "x", {SHEET: (count, 3)}, 60)
    assert found.judged == count
    assert [odd.place[0] for odd in found.odd] == list(range(7, count + 1, 7))


def test_what_lies_beyond_ours_is_not_looked_at() -> None:
    data = book({}, {"C5": ("1+1", 3), "Z5": ("1+1", 3), "C900": ("1+1", 3)})
    assert [odd.place for odd in recheck(data, "x", {SHEET: (10, 5)}, 60).odd] == [(5, 3)]


@pytest.mark.parametrize(
    ("formula", "reason"),
    [
        ("目标*2", NAMES),
        ("[1]Sheet1!A1+1", NAMES),
        ("OFFSET(A1,1,0)", COMPUTED),
        ("SUM(INDEX(A1:A3,1):A2)", COMPUTED),
        ("没有!A1+1", NO_SHEET),
        ("SUM(A1:XFD1048576)", TOO_LARGE),
        ("IF(ISNUMBER(A5),1,0)", NUMERAL),
        ("1+*2", UNREADABLE),
    ],
)
def test_what_it_cannot_judge_is_counted(formula: str, reason: str) -> None:
    found = judged({"A5": "12"}, {"C5": (formula, 1)})
    assert (found.judged, found.odd, dict(found.left_out)) == (0, (), {reason: 1})


def test_array_formulas_are_counted() -> None:
    found = recheck(book({"A1": 1}, {}, {"C5": "SUM(A1:A2*2)"}), "x", WHOLE, 60)
    assert (found.judged, dict(found.left_out)) == (0, {ARRAYS: 1})


def test_after_its_time_the_rest_is_only_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    moments = iter([0.0, 0.0, 0.0])
    monkeypatch.setattr(time, "monotonic", lambda: next(moments, 1e9))
    found = judged({"A1": 1}, {f"C{row}": (f"A{row}+{row}", row + (row == 1)) for row in range(1, 6)}, 10)
    assert found.judged + sum(found.left_out.values()) == 5
    assert set(found.left_out) == {OUT_OF_TIME}


def test_a_formula_without_a_kept_value_is_told() -> None:
    found = judged({"A1": 2}, {"C5": ("A1*2", "")})
    (odd,) = found.odd
    assert (odd.kept, odd.computed) == (None, 4.0)
