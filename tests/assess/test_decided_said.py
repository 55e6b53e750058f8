"""What the office decided is said in every run, beside the figure that would count without it (Y7, Y9)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kaohe.assess.assessment import Assessment
from kaohe.model import Adjustment, Appeal, Ledger, Verdict
from tests.assess.generators import PERIOD, run
from tests.assess.reference_rules import Case
from tests.support.schemes import small_scheme

CODE = PERIOD.code
FULL = {(unit, code): "95" for unit in ("U1", "U2") for code in ("X1", "X2")}
VERDICT = Verdict(CODE, "U1", "X1", "90")
APPEAL = Appeal(CODE, "U1", "X1", state="变更", item="完成值", value="92", basis="复核")
ADJUSTED = Adjustment(CODE, "U1", "X1", "完成值", "93", basis="纪要")


def assessed(ledger: Ledger) -> Assessment:
    return run(Case(small_scheme(), PERIOD, FULL, {}, ledger, {}))


@pytest.mark.parametrize(
    ("ledger", "found"),
    [
        (Ledger(verdicts=(VERDICT,)), ("V23", "《产值》核定为“90”,单位自报为“95”;按核定的数计分。")),
        (
            Ledger(verdicts=(VERDICT,), appeals=(APPEAL,)),
            ("D09", "《产值》按申诉取“92”,核定为“90”(依据:复核)。"),
        ),
        (
            Ledger(verdicts=(VERDICT,), appeals=(APPEAL,), adjustments=(ADJUSTED,)),
            ("D09", "《产值》按人工调整取“93”,核定为“90”(依据:纪要)。"),
        ),
        (
            Ledger(adjustments=(ADJUSTED,)),
            ("D09", "《产值》按人工调整取“93”,单位自报为“95”(依据:纪要)。"),
        ),
    ],
)
def test_whose_figure_counts_is_told_as_it_is(ledger: Ledger, found: tuple[str, str]) -> None:
    """No finding names a figure as the one that counts when another one does."""
    told = [(f.code, f.what) for f in assessed(ledger).findings if f.code in ("V23", "D09")]
    assert told == [found]


def test_a_total_that_was_decided_stands_beside_the_computed_one() -> None:
    decided = Adjustment(CODE, "U1", "", "总分", "99", basis="纪要")
    (found,) = (f for f in assessed(Ledger(adjustments=(decided,))).findings if f.code == "D06")
    assert found.what == "《总分》按人工调整计 99 分,公式计算为 97(依据:纪要)。"


def test_a_mark_that_cannot_be_scored_is_told_at_the_department_s_cell() -> None:
    """The unit has such a row in its own form too, but did not give the mark."""
    rows = "指标代码|上级|指标名称|权重|计分方法|取值|考评部门\nX1|A|党建|100|评定分|考评|机关党委"
    drawn = small_scheme(部分="代码|名称|上级|满分\nA|发展||100", 指标=rows, 目标="指标代码|单位代码|目标值")
    given = {("U1", "X1"): "400", ("U2", "X1"): "90"}
    found = run(Case(drawn, PERIOD, {}, given, Ledger(), {}))
    (told,) = (f for f in found.findings if f.code == "V18")
    (record,) = (rows["X1"] for unit, rows in found.intake.assessed.items() if unit == "U1")
    assert told.location == record.location
    assert "“400”" in told.what


RATIO = Verdict(CODE, "U1", "X2", "0.92")


@pytest.mark.parametrize(
    "ledger",
    [
        Ledger(verdicts=(RATIO,)),
        Ledger(adjustments=(Adjustment(CODE, "U1", "X2", "完成值", "0.92", basis="纪要"),)),
    ],
    ids=["核定", "人工调整"],
)
def test_a_percentage_that_slipped_by_100_is_no_score_whoever_typed_it(ledger: Ledger) -> None:
    """满意率 has a target of 90 percentage points: 0.92 would cost the unit its rank."""
    found = assessed(ledger)
    assert "V21" in {f.code for f in found.findings if f.location.unit == "U1"}
    assert next(row.rank for row in found.standings if row.unit.code == "U1") is None


def test_a_percentage_below_one_can_be_meant() -> None:
    found = assessed(Ledger(verdicts=(replace(RATIO, value="0.92%"),)))
    assert next(row.rank for row in found.standings if row.unit.code == "U1") == 2
