"""What a clerk types, as it counts: answered, asked back, or left blank — never 0 or blank in silence."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaohe import settings, terms
from kaohe.assess.entries import as_record, read_record
from kaohe.findings import ERROR, QUERY, Finding
from kaohe.model import Indicator, Return, ReturnedRow
from tests.support.returns import assess_forms, form
from tests.support.schemes import small_scheme

_HEAD = "指标代码|上级|指标名称|计量单位|指标性质|权重|计分方法|序时\n"
SECOND = "X2|B|满意率|%|正向|40|目标完成率|无"
QUALITATIVE = {"指标": f"{_HEAD}X1|A|公开||正向|60|是否|无\n{SECOND}"}
COUNTED = {"指标": f"{_HEAD}X1|A|投资|万元|正向|60|目标完成率|无\n{SECOND}"}


def read(typed: str, tables: Mapping[str, str], other: str) -> tuple[object, list[Finding]]:
    """(the value of X1 that counts, what is said about it) for a form with this typed in."""
    scheme = small_scheme(**tables)
    forms = [form("U1", f"指标|完成值\nX1|{typed}\nX2|95", scheme=scheme)]
    forms.append(form("U2", f"指标|完成值\nX1|{other}\nX2|95", scheme=scheme))
    done = assess_forms(scheme, forms)
    claims = done.claims.of("U1", "X1")
    value = claims[0].answer if claims else None
    said = [f for f in done.findings if f.location.indicator == "X1" and f.location.unit == "U1"]
    return value, said


@pytest.mark.parametrize(
    ("typed", "answer", "code"),
    [
        ("是", terms.YES, ""),
        ("√", terms.YES, ""),
        ("否", terms.NO, ""),
        ("完成", terms.YES, "V07"),
        ("已完成。", terms.YES, "V07"),
        ("达成预期指标", terms.YES, "V07"),
        ("未完成", terms.NO, "V07"),
        ("不达标", terms.NO, "V07"),
        ("大部分", None, "V02"),
        ("不适用", None, "V19"),
        ("暂无数据", None, "V19"),
        ("（请填写是或否）", None, "V01"),
    ],
)
def test_a_qualitative_item(typed: str, answer: str | None, code: str) -> None:
    value, said = read(typed, QUALITATIVE, "是")
    assert (value if isinstance(value, str) else None) == answer
    codes = {finding.code for finding in said} - {"V09", "V10"}
    assert codes == set(code.split())


@pytest.mark.parametrize(
    ("typed", "number", "code"),
    [
        ("100", 100.0, ""),
        ("１００万元", 100.0, "V07"),
        ("100万元", 100.0, ""),
        ("0.01亿元", 100.0, "V07"),
        ("一百", 100.0, "V07"),
        ("1,00", None, "V02"),
        ("约100", None, "V03"),
        ("不少于100", None, "V03"),
        ("90-100", None, "V02"),
        ("完成", None, "V02"),
        ("无", None, "V19"),
        ("零", 0.0, "V07 V22"),
        ("2007年6月", None, "V02"),
        ("例:100", None, "V01"),
        ("XX", None, "V01"),
        ("万元", None, "V01"),
    ],
)
def test_a_counted_item(typed: str, number: float | None, code: str) -> None:
    value, said = read(typed, COUNTED, "100")
    assert (value if isinstance(value, float) else None) == number
    codes = {finding.code for finding in said} - {"V09", "V10"}
    assert codes == set(code.split())
    assert number is not None or any(finding.severity == ERROR for finding in said)
    for finding in said:
        if finding.code == "V07":
            assert finding.severity == QUERY
            assert typed in finding.message
            assert f"{number:.15g}" in finding.message


@given(number=st.integers(-(10**9), 10**9), percent=st.booleans(), unit=st.sampled_from(["%", "亿元", ""]))
def test_a_whole_number_is_one_however_the_file_keeps_it(number: int, percent: bool, unit: str) -> None:
    """An .xls keeps whole numbers as integers, an .xlsx as doubles."""
    indicator = Indicator("X1", "产值", "A", unit_of_measure=unit)
    read = []
    for value in (number, float(number)):
        row = ReturnedRow("X1", "K7", value, percent=percent)
        record = as_record(row, indicator, Return("a.xls", "", ""))
        reading = read_record(record, indicator, None, settings.DEFAULTS)
        read.append((record.typed, record.value, reading.answer, [f.code for f in reading.findings]))
    assert read[0] == read[1]
    if percent and unit == "%":
        assert read[0][2] == number * 100
