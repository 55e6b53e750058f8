"""Blanks, words, yes/no and errors inside formulas: a table of single values, ours and LibreOffice's.

Every row was measured in LibreOffice; the rows of ``EXCEL_ONLY`` are those where it is known to differ from
Excel (it has no yes/no kind, takes odd roots of negative numbers, 0^0 as 1), and we follow Excel.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from kaohe.rules import Column, Error, ErrorValue, parse, rewrite
from kaohe.rules.column import Plain
from kaohe.rules.errors import error_value
from tests.rules.sheets import Table, computed, references
from tests.support.libreoffice import require_soffice

INPUTS: dict[str, Plain] = {
    "空": None,
    "字": "无",
    "数字文本": "12",
    "小数文本": "12.5",
    "五": 5.0,
    "错": error_value(Error.DIV0),
    "空文本": "",
    "真": True,
}
FAILED = "#"

TABLE: tuple[tuple[str, Plain], ...] = (
    ("空+1", 1.0),
    ("字+1", FAILED),
    ("-字", FAILED),
    ("数字文本+1", 13.0),
    ("小数文本*2", 25.0),
    ("空文本+1", FAILED),
    ("空=0", True),
    ('空=""', True),
    ("空=FALSE", True),
    ("空=空", True),
    ("空=字", False),
    ("空<1", True),
    ("空<字", True),
    ("空文本=0", False),
    ('空文本=""', True),
    ("空文本=空", True),
    ("字>1E+300", True),
    ("数字文本=12", False),
    ("数字文本>99", True),
    ('字="无"', True),
    ('"a"="A"', True),
    ("错=1", FAILED),
    ("错=错", FAILED),
    ("MIN(空,五)", 5.0),
    ("MIN(空,字)", 0.0),
    ("MAX(空,-5)", -5.0),
    ("MIN(空+0,五)", 0.0),
    ("MIN(字+0,五)", FAILED),
    ("MIN((字),五)", 5.0),
    ("MIN(IF(五>1,字,1),7)", 7.0),
    ("MIN(IF(五>9,字,1),7)", 1.0),
    ("MIN(IFERROR(字,1),7)", 7.0),
    ("MIN(CHOOSE(2,字,空),7)", 7.0),
    ('MIN("无",五)', FAILED),
    ("MIN(数字文本,13)", 13.0),
    ("SUM(空,字,五)", 5.0),
    ("SUM(错,1)", FAILED),
    ("AVERAGE(空,五)", 5.0),
    ("AVERAGE(空)", FAILED),
    ("MEDIAN(字,1,五)", 3.0),
    ("MEDIAN(空)", FAILED),
    ("AND(空,TRUE)", True),
    ("AND(字,TRUE)", True),
    ("AND(空)", FAILED),
    ("OR(字)", FAILED),
    ("OR(字,FALSE)", False),
    ('AND("无",TRUE)', FAILED),
    ("AND(FALSE,错)", FAILED),
    ("OR(TRUE,错)", FAILED),
    ("AND(五,TRUE)", True),
    ("NOT(空)", True),
    ("NOT(字)", FAILED),
    ("NOT(五)", False),
    ("IF(空,1,2)", 2.0),
    ("IF(字,1,2)", FAILED),
    ("IF(错,1,2)", FAILED),
    ("IF(五>1,五,错)", 5.0),
    ("IF(五>9,错,3)", 3.0),
    ("IF(五>1,空)", 0.0),
    ("IF(五>9,1)", False),
    ("ISBLANK(IF(五>1,空,1))", True),
    ("ISBLANK(空)", True),
    ("ISBLANK(空文本)", False),
    ("ISBLANK(空+0)", False),
    ("ISBLANK(错)", False),
    ("ISNUMBER(空)", False),
    ("ISNUMBER(数字文本)", False),
    ("ISNUMBER(错)", False),
    ("ISNUMBER(五)", True),
    ("ISTEXT(字)", True),
    ("ISTEXT(空)", False),
    ("ISERROR(错)", True),
    ("ISERROR(1/0)", True),
    ("IFERROR(错,3)", 3.0),
    ("IFERROR(空,1)", 0.0),
    ("IFERROR(错,空)", 0.0),
    ("IFERROR(字,1)", "无"),
    ("空", 0.0),
    ("字", "无"),
    ("空/空", FAILED),
    ("五/空", FAILED),
    ("1E+308*10", FAILED),
    ("1E+200^2", FAILED),
    ("0^-1", FAILED),
    ("(-8)^2", 64.0),
    ("(-8)^0.5", FAILED),
    ("SQRT(-1)", FAILED),
    ("SQRT(空)", 0.0),
    ("ABS(字)", FAILED),
    ("ABS(数字文本)", 12.0),
    ("MOD(5,0)", FAILED),
    ("MOD(-5,3)", 1.0),
    ("MOD(5,-3)", -1.0),
    ("MOD(0.3,0.1)", 0.0),
    ("INT(-2.5)", -3.0),
    ("INT(0.3/0.1)", 3.0),
    ("ROUND(1.005,2)", 1.01),
    ("ROUND(2.675,2)", 2.68),
    ("ROUND(0.285,2)", 0.29),
    ("ROUND(-2.5,0)", -3.0),
    ("ROUND(2.345,1.9)", 2.3),
    ("ROUND(2.5,空)", 3.0),
    ("ROUND(1234.567,-2)", 1200.0),
    ("ROUND(五/3,数字文本/6)", 1.67),
    ("ROUNDDOWN(4.35*100,0)", 435.0),
    ("ROUNDUP(1.1*1.1,2)", 1.21),
    ("0.1+0.2=0.3", True),
    ("0.1+0.2-0.3", 0.0),
    ("1-0.9-0.1", 0.0),
    ("1.1-0.8>=0.3", True),
    ("0.3>=1.1-0.8", True),
    ("0.7-0.4>=0.3", True),
    ("1.00000000000001=1", False),
    ("LOOKUP(0.7-0.4,{0,0.3},{1,2})", 1.0),  # 0.29999999999999993: LOOKUP takes doubles as they are
    ("LOOKUP(0.1+0.2,{0,0.3},{1,2})", 2.0),
    ("LOOKUP(空,{0,60},{1,2})", FAILED),
    ("LOOKUP(字,{0,60},{1,2})", FAILED),
    ("LOOKUP(-1,{0,60},{1,2})", FAILED),
    ("LOOKUP(100,{0,60,80})", 80.0),
    ('LOOKUP(60,{0,60,80},{"差","中","好"})', "中"),
    ("CHOOSE(2.9,1,2,3)", 2.0),
    ("CHOOSE(4,1,2)", FAILED),
    ("CHOOSE(空,1)", FAILED),
    ("CHOOSE(1,五,错)", 5.0),
    ("IFS(五>9,1)", FAILED),
    ("IFS(五>1,1,错,2)", 1.0),
    ("IFS(错,1,TRUE,2)", FAILED),
    ("NA()", FAILED),
    ("TRUE+TRUE", 2.0),
    ("SUM(五>1,2)", 3.0),
    ("SIGN(空)", 0.0),
    ("MEDIAN(1,2,3,10)", 2.5),
)
EXCEL_ONLY: tuple[tuple[str, Plain], ...] = (
    ("字<真", True),
    ("真>五", True),
    ("真=1", False),
    ("1=TRUE", False),
    ("ISNUMBER(真)", False),
    ("MIN(真,五)", 5.0),
    ("SUM(真,五)", 5.0),
    ("真+1", 2.0),
    ("AND(真,TRUE)", True),
    ("NOT(真)", False),
    ("LOOKUP(真,{0,60},{1,2})", FAILED),
    ("0^0", FAILED),
    ("(-8)^(1/3)", FAILED),
    ("MOD(10^16,3)", FAILED),
    ("9.99999999999999=10", False),
)


def ours(text: str, rows: int = 1) -> list[Plain]:
    columns = {name: Column.of([value] * rows) for name, value in INPUTS.items()}
    return [
        FAILED if isinstance(value, ErrorValue) else value
        for value in parse(text, INPUTS).evaluate(columns).tolist()
    ]


def same(found: object, expected: object) -> bool:
    """Equal in kind and value."""
    return found == expected and isinstance(found, bool) == isinstance(expected, bool)


@pytest.mark.parametrize(("text", "expected"), TABLE + EXCEL_ONLY)
def test_value(text: str, expected: Plain) -> None:
    for found in (ours(text), ours(text, rows=3)):
        assert all(same(one, expected) for one in found), found


@pytest.mark.soffice
def test_libreoffice_agrees(tmp_path: Path) -> None:
    require_soffice()
    names = list(INPUTS)
    formulas = []
    for row, (text, _) in enumerate(TABLE):
        written = rewrite(parse(text, names), references(names, row))
        formulas.append([f'IF(ISERROR({written}),"{FAILED}",{written})'])
    found = computed([Table("语义", names, [INPUTS] * len(TABLE), formulas)], tmp_path)["语义"]
    wrong = [
        (text, expected, one) for (text, expected), [one] in zip(TABLE, found, strict=True) if one != expected
    ]
    assert not wrong


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("1/0", "#DIV/0!"),
        ("五/空", "#DIV/0!"),
        ("0^-1", "#DIV/0!"),
        ("字+1", "#VALUE!"),
        ("1E+308*10", "#NUM!"),
        ("SQRT(-1)", "#NUM!"),
        ("NA()", "#N/A"),
        ("1/0+NA()", "#DIV/0!"),
        ("NA()+1/0", "#N/A"),
        ("MAX(NA(),1/0)", "#N/A"),
        ("MEDIAN(空)", "#NUM!"),
        ("AVERAGE(空)", "#DIV/0!"),
        ("AND(空)", "#VALUE!"),
        ("CHOOSE(9,1)", "#VALUE!"),
        ("IF(NA(),1,2)", "#N/A"),
    ],
)
def test_which_error(text: str, error: str) -> None:
    [found] = (
        parse(text, INPUTS).evaluate({name: Column.of([value]) for name, value in INPUTS.items()}).tolist()
    )
    assert isinstance(found, ErrorValue)
    assert found == error


def test_rows_are_independent() -> None:
    """A mixed column gives per row what each row gives alone."""
    values: list[Plain] = [None, "无", 5.0, 0.0, True, error_value(Error.NA), "12", -3.5]
    for text in ("IF(甲>1,甲,1/甲)", "MIN(甲,3)", "IFERROR(甲+1,-1)", 'IF(甲="无",1,ROUND(甲,0))', "NOT(甲)"):
        rule = parse(text, ["甲"])
        together = rule.evaluate({"甲": Column.of(values)}).tolist()
        assert together == [rule.evaluate({"甲": Column.of([value])}).tolist()[0] for value in values]


def test_inputs_are_broadcast_and_not_changed() -> None:
    rule = parse("权重*完成值/目标值", ["权重", "完成值", "目标值"])
    actual = np.array([1.0, 2.0, np.nan])
    found = rule.evaluate({"权重": 10.0, "完成值": actual, "目标值": Column.of([4.0])}).tolist()
    assert found == [2.5, 5.0, "#NUM!"]
    assert np.isnan(actual[2])
    assert len(parse("1", []).evaluate({"权重": np.ones(4)})) == 4


def test_wrong_inputs_are_refused() -> None:
    rule = parse("完成值+目标值", ["完成值", "目标值"])
    with pytest.raises(ValueError, match="different lengths"):
        rule.evaluate({"完成值": np.ones(2), "目标值": np.ones(3)})
    with pytest.raises(KeyError, match="目标值"):
        rule.evaluate({"完成值": np.ones(2)})


def test_column_keeps_the_kinds_apart() -> None:
    values: list[Plain] = [1.5, None, "无", True, error_value(Error.DIV0), 0.0, "", False]
    column = Column.of(values)
    back = column.tolist()
    assert back == values
    assert [type(value) for value in back] == [type(value) for value in values]
    assert column.is_number.tolist() == [True, False, False, False, False, True, False, False]
    assert column.error_texts() == ["", "", "", "", "#DIV/0!", "", "", ""]


@pytest.mark.parametrize(
    "text",
    [
        "ROUND(甲,-308)",
        "甲+甲",
        "甲*2",
        "SUM(甲,甲)",
        "AVERAGE(甲,甲)",
        "甲/0.1",
        "甲^2",
        "-甲-甲",
    ],
)
def test_no_infinity_leaks_out(text: str) -> None:
    """Whatever overflows is #NUM!, for one value and among ordinary ones."""
    rule = parse(text, ["甲"])
    assert rule.evaluate({"甲": 1.7976931348623157e308}).tolist() == ["#NUM!"]
    mixed = rule.evaluate({"甲": np.array([1.0, 1.7976931348623157e308])})
    assert mixed.is_error.tolist() == [False, True]
    assert np.isfinite(mixed.number).all()
