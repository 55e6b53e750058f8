"""One pattern for formulas that differ in references; the same formula however a program writes it."""

from __future__ import annotations

import pytest

from kaohe.audit.formula_text import Area, pattern_of, same_formula


@pytest.mark.parametrize(
    ("formula", "text", "areas"),
    [
        ("ROUND(J5*$K$5,2)", "ROUND(x_1*x_2,2)", [("", 5, 10, 5, 10), ("", 5, 11, 5, 11)]),
        ("IF(A1=A1,A1,0)", "IF(x_1=x_1,x_1,0)", [("", 1, 1, 1, 1)]),
        ("SUM(得分明细!$R$5:$R$9)", "SUM(x_1)", [("得分明细", 5, 18, 9, 18)]),
        ("SUM('考核 表'!B9:A2)", "SUM(x_1)", [("考核 表", 2, 1, 9, 2)]),
        ("'它''s'!A1", "x_1", [("它's", 1, 1, 1, 1)]),
        ('IF(A1="B2","C3",LOG10(4))', 'IF(x_1="B2","C3",LOG10(4))', [("", 1, 1, 1, 1)]),
        ("1E5+A1E5", "1E5+A1E5", []),
        ("A1:B2", "x_1", [("", 1, 1, 2, 2)]),
    ],
)
def test_references_become_names(
    formula: str, text: str, areas: list[tuple[str, int, int, int, int]]
) -> None:
    found = pattern_of(formula)
    assert found.text == text
    assert found.areas == tuple(Area(*area) for area in areas)


def test_row_numbers_are_no_values() -> None:
    found = pattern_of("SUMPRODUCT(--(A5:A9<>ROW(A5:A9)-4))")
    assert found.text == "SUMPRODUCT(--(x_1<>x_2-4))"
    assert [area.rows for area in found.areas] == [False, True]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("IF(A1=1.50,TRUE,x!B2)", "if( A1 = 1.5 , TRUE() , 'x'!B2 )", True),
        ("SUM(A1:A3)", "SUM(A1:A4)", False),
        ("A1", "$A$1", False),
        ('IF(A1="a b",1,2)', 'IF(A1="ab",1,2)', False),
        ("A1-A2", "A1+A2", False),
        ("0.1+A1", "0.10000000000000001+A1", True),
    ],
)
def test_the_same_however_it_is_written(one: str, other: str, same: bool) -> None:
    assert same_formula(one, other) is same
