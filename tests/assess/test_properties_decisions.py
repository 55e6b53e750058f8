"""What the tests against the reference brought to light, each as the smallest case that shows it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from kaohe.assess.assessment import Assessment
from kaohe.model import Adjustment, Appeal, Ledger, Record, Scheme, Verdict
from tests.assess.generators import PERIOD, run
from tests.assess.reference_rules import Case, Key
from tests.support.schemes import small_scheme

HEAD = "指标代码|上级|指标名称|指标性质|权重|计分方法|频次|序时|取值|取值来源|考评部门\n"
FREE = "项目|值\n方案代码|T\n考核年度|2007\n权重合计|0\n"


def scheme(rows: str, parameters: str | None = None, **settings: str) -> Scheme:
    chosen = FREE + "\n".join(f"{name}|{value}" for name, value in settings.items())
    targets = "指标代码|单位代码|目标值\n" + "\n".join(f"X{n}|*|100" for n in range(1, 5))
    return small_scheme(
        方案=chosen, 部分="代码|名称|上级|满分\nA|发展||", 指标=HEAD + rows, 目标=targets, 参数=parameters
    )


def assessed(
    drawn: Scheme,
    own: Mapping[Key, str],
    *rows: tuple[str, str, str, str],
    given: Mapping[Key, str] | None = None,
    late: Mapping[str, int] | None = None,
) -> Assessment:
    """``rows`` of 人工调整: unit, indicator, item, value."""
    taken = tuple(Adjustment(PERIOD.code, unit, code, item, value) for unit, code, item, value in rows)
    return run(Case(drawn, PERIOD, own, given or {}, Ledger(adjustments=taken), late or {}))


def state_of(found: Assessment, unit: str = "U1") -> tuple[str, float, int | None]:
    row = next(row for row in found.standings if row.unit.code == unit)
    return row.state, row.total, row.rank


TWO = "X1|A|产值|正向|60|目标完成率|月度|无|填报||\nX2|A|税收|正向|40|目标完成率|月度|无|填报||"
FULL = {(unit, code): "100" for unit in ("U1", "U2") for code in ("X1", "X2")}


def test_what_is_finer_than_a_score_is_taken_off_as_it_is() -> None:
    """迟报 keeps 总分小数位, whatever an indicator's score is rounded to."""
    drawn = scheme(TWO, 得分小数位="0", 总分小数位="3", 迟报每天扣分="0.125")
    assert state_of(assessed(drawn, FULL, late={"U1": 1})) == ("有效", 99.875, 2)


@pytest.mark.parametrize("item", ["得分", "按0分"])
def test_an_unreadable_figure_stops_nobody_once_its_score_is_decided(item: str) -> None:
    own = {**FULL, ("U1", "X2"): "很多"}
    assert state_of(assessed(scheme(TWO), own))[0] == "暂定"
    decided = assessed(scheme(TWO), own, ("U1", "X2", item, "7" if item == "得分" else ""))
    assert state_of(decided) == ("有效", 67.0 if item == "得分" else 60.0, 2)


COMPOSITE = (
    "X1|A|产值|正向|60|目标完成率|月度|无|填报||\nX2|A|环境|正向|40|比例计分|月度|无|合成||\n"
    "X3|X2|水|正向|50|目标完成率|月度|无|填报||\nX4|X2|气|正向|50|目标完成率|月度|无|填报||"
)


@pytest.mark.parametrize(
    ("item", "value", "total"),
    [("得分", "7", 67.0), ("按0分", "", 60.0), ("完成值", "50", 80.0), ("不适用", "", 100.0)],
)
def test_nothing_is_owed_beneath_a_composite_that_was_decided(item: str, value: str, total: float) -> None:
    own = {(unit, code): "100" for unit in ("U1", "U2") for code in ("X1", "X3", "X4")}
    own = {**own, ("U1", "X3"): "", ("U1", "X4"): "很多"}
    assert state_of(assessed(scheme(COMPOSITE), own))[0] == "暂定"
    found = assessed(scheme(COMPOSITE), own, ("U1", "X2", item, value))
    assert state_of(found)[:2] == ("有效", total)


def test_what_borrows_a_missing_value_counts_as_0_with_it() -> None:
    """按0分 of a whole unit: everything that is missing, and what is made of it."""
    rows = TWO + "\nX3|A|税收再用|正向|10|目标完成率|月度|无|引用|X2|"
    found = assessed(scheme(rows), {**FULL, ("U1", "X2"): ""}, ("U1", "", "按0分", ""))
    assert state_of(found) == ("有效", 60.0, 2)


def test_an_indicator_without_weight_can_be_ruled_out() -> None:
    rows = TWO + "\nX3|A|只看不计|正向|0|目标完成率|月度|无|填报||"
    own = {**FULL, ("U1", "X3"): "", ("U2", "X3"): "100"}
    assert state_of(assessed(scheme(rows), own, ("U1", "X3", "不适用", "")))[:2] == ("有效", 100.0)


def test_a_department_s_word_about_an_annual_indicator_stops_nobody_at_half_year() -> None:
    rows = TWO + "\nX3|A|年终评定|正向|10|目标完成率|年度|无|考评||统计局"
    found = assessed(scheme(rows), FULL, given={("U1", "X3"): "很多"})
    assert state_of(found) == ("有效", 100.0, 1)


def test_nobody_is_compared_with_a_unit_that_was_ruled_out() -> None:
    """Its full marks are declared; its figure sets no range for the others."""
    rows = "X1|A|产值|正向|100|排名赋分|月度|无|填报||"
    own = {("U1", "X1"): "10", ("U2", "X1"): "90"}
    found = assessed(scheme(rows, 不适用指标="给满分"), own, ("U2", "X1", "不适用", ""))
    assert state_of(found, "U1") == ("有效", 100.0, 1)


ANNUAL = TWO + "\nX3|A|年终评定|正向|10|目标完成率|年度|无|填报||"


@pytest.mark.parametrize(
    ("row", "codes"),
    [
        (("U1", "X1", "完成值", ""), {"D01"}),
        (("U1", "X3", "完成值", "50"), {"D07"}),
        (("U1", "X3", "不适用", ""), {"D07"}),
        (("U1", "X3", "按0分", ""), {"D07"}),
        (("U1", "", "按0分", ""), {"D07"}),
        (("U1", "X2", "延期", "2007-08-01"), {"D07"}),
        (("U1", "X2", "按0分", ""), {"D04", "D08"}),
        (("U1", "X2", "不适用", ""), {"D03"}),
        (("U1", "X2", "得分", "7"), {"D06"}),
    ],
)
def test_a_decision_that_changes_nothing_is_told(row: tuple[str, str, str, str], codes: set[str]) -> None:
    """D07 instead of a note that it was followed; D08 a figure that counts as 0 all the same."""
    found = assessed(scheme(ANNUAL), FULL, row)
    assert {f.code for f in found.findings if f.location.unit == "U1"} == codes


def test_what_counts_as_0_no_longer_waits() -> None:
    """The days granted are over: 按0分 was registered beside 延期."""
    rows = [("U1", "", "延期", "2007-07-20"), ("U1", "", "按0分", "")]
    found = assessed(scheme(TWO), {**FULL, ("U1", "X2"): ""}, *rows)
    assert state_of(found) == ("有效", 60.0, 2)


def test_an_upheld_appeal_that_changes_nothing_is_told() -> None:
    first = Appeal(
        PERIOD.code, "U1", "X1", state="变更", answered="2007-07-20", basis="复核记录", person="考核办"
    )
    appeals = (first, replace(first, indicator="", item="得分"))
    found = run(Case(scheme(TWO), PERIOD, FULL, {}, Ledger(appeals=appeals)))
    assert [f.code for f in found.findings] == ["D01", "D07"]


MIXED = TWO.replace("填报||\nX2", "各期||\nX2")
SHARES = "指标代码|对象|参数|值\nX1|*|期次Q1|0.4\nX1|*|期次H1|0.6"


def mixed(ledger: Ledger, earlier: str = "50") -> Assessment:
    """X1 is mixed of the first quarter, 50 as handed in, and of this period, 100."""
    drawn = scheme(MIXED, SHARES)
    own = {key: text for key, text in FULL.items() if key[1] == "X2"}
    records = [
        Record(when, unit, "X1", "", "", "", text, None)
        for unit in ("U1", "U2")
        for when, text in (("2007-Q1", earlier), (PERIOD.code, "100"))
    ]
    return run(Case(drawn, PERIOD, own, {}, ledger), records)


@pytest.mark.parametrize(
    ("ledger", "total"),
    [
        (Ledger(), 88.0),
        (Ledger(verdicts=(Verdict("2007-Q1", "U1", "X1", "70"),)), 92.8),
        (Ledger(adjustments=(Adjustment("2007-Q1", "U1", "X1", "完成值", "90"),)), 97.6),
    ],
)
def test_a_mix_takes_what_counted_in_each_period(ledger: Ledger, total: float) -> None:
    assert state_of(mixed(ledger))[:2] == ("有效", total)


def test_a_gap_in_a_mix_stops_nobody_whose_missing_values_count_as_0() -> None:
    whole = Ledger(adjustments=(Adjustment(PERIOD.code, "U1", "", "按0分"),))
    assert state_of(mixed(Ledger(), earlier=""))[0] == "暂定"
    assert state_of(mixed(whole, earlier=""))[:2] == ("有效", 40.0)
