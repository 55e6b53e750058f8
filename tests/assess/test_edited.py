"""W13: 填报数据 that no longer says what the returned file says; S21: scores beyond the weight."""

from __future__ import annotations

import pytest

from kaohe.model import Record
from tests.assess.return_cases import SCHEME
from tests.assess.value_cases import CLEAN
from tests.support.returns import assess_forms, form
from tests.support.schemes import small_scheme

CODES = ("W13", "S21")
FORMS = [form("U1", CLEAN, scheme=SCHEME), form("U2", CLEAN, scheme=SCHEME)]


def known() -> tuple[Record, ...]:
    """The records of a first run."""
    return assess_forms(SCHEME, FORMS).intake.records


def edited(records: tuple[Record, ...], **change: object) -> tuple[Record, ...]:
    """The first record with a cell typed over."""
    return (records[0]._replace(**change), *records[1:])  # type: ignore[arg-type]


def test_nothing_edited() -> None:
    assert [f.code for f in assess_forms(SCHEME, FORMS, known=known()).findings] == []


@pytest.mark.parametrize("change", [{"value": 99.0}, {"typed": "99"}], ids=str)
def test_a_cell_typed_over(change: dict[str, object]) -> None:
    found = assess_forms(SCHEME, FORMS, known=edited(known(), **change)).findings
    assert [(f.code, f.location.cell, f.location.unit) for f in found if f.code == "W13"] == [
        ("W13", "K7", "U1")
    ]


TWICE = [form("U1", f"{CLEAN}\nX1|80", scheme=SCHEME), form("U2", CLEAN, scheme=SCHEME)]


def test_two_rows_that_contradict_each_other_are_not_an_edited_register() -> None:
    first = assess_forms(SCHEME, TWICE)
    again = assess_forms(SCHEME, TWICE, known=first.intake.records)
    assert [f.code for f in again.findings] == [f.code for f in first.findings]
    assert "W13" not in {f.code for f in again.findings}


@pytest.mark.parametrize("cell", ["K7", "K9"])
def test_one_of_the_two_typed_over(cell: str) -> None:
    records = assess_forms(SCHEME, TWICE).intake.records
    changed = tuple(
        r._replace(typed="1", value=1.0) if (r.unit, r.cell) == ("U1", cell) else r for r in records
    )
    found = assess_forms(SCHEME, TWICE, known=changed).findings
    assert [(f.location.cell, f.facts["kept"]) for f in found if f.code == "W13"] == [(cell, "1")]


def test_a_row_deleted_is_taken_from_the_file_again() -> None:
    again = assess_forms(SCHEME, FORMS, known=known()[1:])
    assert [f.code for f in again.findings] == []
    assert {(r.unit, r.indicator, r.value) for r in again.intake.records} == {
        (r.unit, r.indicator, r.value) for r in known()
    }


def test_s21_an_own_method_that_gives_more_than_the_weight() -> None:
    double = "名称|得分|完成率|达标\n加倍|权重*2|1|完成值>0"
    heads = "指标代码|上级|指标名称|计量单位|权重|计分方法|序时\n"
    scheme = small_scheme(
        计分方法=double, 指标=heads + "X1|A|产值|亿元|60|加倍|无\nX2|B|满意率|%|40|目标完成率|无"
    )
    forms = [form("U1", CLEAN, scheme=scheme), form("U2", CLEAN, scheme=scheme)]
    found = assess_forms(scheme, forms).findings
    assert [(f.code, f.facts["count"], f.facts["high"]) for f in found] == [("S21", 2, "120")]
