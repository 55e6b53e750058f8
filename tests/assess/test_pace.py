"""BH3: the share of an annual target that is due at a period's end."""

from __future__ import annotations

import pytest

from kaohe.assess.check_scheme import check_scheme
from kaohe.assess.pace import elapsed_share
from kaohe.model import Indicator
from kaohe.periods import parse_period
from tests.support.returns import assess_forms, form
from tests.support.schemes import small_scheme

CURVE = {"序时6月": 0.4, "序时7月": 0.55, "序时12月": 1.0}


@pytest.mark.parametrize(
    ("pace", "period", "share"),
    [
        ("按月", "2007-01", 1 / 12),
        ("按月", "2007-Q1", 0.25),
        ("按月", "2007-H1", 0.5),
        ("按月", "2007-07", 7 / 12),
        ("按月", "2007", 1.0),
        ("无", "2007-01", 1.0),
        ("无", "2007-H1", 1.0),
        ("7月起", "2007-H1", 0.0),
        ("7月起", "2007-07", 1 / 6),
        ("7月起", "2007-Q3", 0.5),
        ("7月起", "2007", 1.0),
        ("1月起", "2007-H1", 0.5),
        ("12月起", "2007-11", 0.0),
        ("12月起", "2007", 1.0),
        ("曲线", "2007-H1", 0.4),
        ("曲线", "2007-07", 0.55),
        ("曲线", "2007", 1.0),
        ("曲线", "2007-Q1", None),
    ],
)
def test_bh3_share(pace: str, period: str, share: float | None) -> None:
    row = Indicator("X", "指标", "A", pace=pace)
    assert elapsed_share(row, parse_period(period), CURVE.get) == share


PACED = """
    指标代码|上级|指标名称|计量单位|权重|计分方法|序时
    X1|A|产值|亿元|60|序时进度|{pace}
    X2|B|满意率|%|40|目标完成率|无
    """
FILLED = "指标|完成值|原因|措施\nX1|{typed}|忙|赶\nX2|90||"


@pytest.mark.parametrize(
    ("pace", "parameters", "typed", "due", "score"),
    [
        ("按月", None, "50", 50.0, 60.0),
        ("按月", None, "49.99", 50.0, 59.99),
        ("按月", None, "25", 50.0, 30.0),
        ("无", None, "50", 100.0, 30.0),
        ("曲线", "X1|*|序时6月|0.4", "40", 40.0, 60.0),
        ("曲线", "X1|*|序时6月|0.4", "30", 40.0, 45.0),
        ("曲线", "*|*|序时6月|0.25", "20", 25.0, 48.0),
    ],
)
def test_bh3_score_by_schedule(
    pace: str, parameters: str | None, typed: str, due: float, score: float
) -> None:
    """Annual target 100: what is due at half-year decides, not the year's target."""
    drawn = f"指标代码|对象|参数|值\n{parameters}" if parameters else None
    scheme = small_scheme(指标=PACED.format(pace=pace), 参数=drawn)
    returns = [form(unit, FILLED.format(typed=typed), scheme=scheme) for unit in ("U1", "U2")]
    row = assess_forms(scheme, returns).scores.results["X1"]
    assert (row.due[0], row.points[0] / 100) == (due, score)


def test_bh3_a_task_that_has_not_begun_is_met_by_any_figure() -> None:
    """400 吨 COD is a second-half task: at half-year nothing is due, so 0 is on schedule."""
    scheme = small_scheme(指标=PACED.format(pace="7月起"))
    returns = [form(unit, FILLED.format(typed="0"), scheme=scheme) for unit in ("U1", "U2")]
    assessment = assess_forms(scheme, returns)
    row = assessment.scores.results["X1"]
    assert (row.due[0], row.state[0], row.points[0]) == (0.0, "已达序时", 6000)
    assert assessment.findings == ()


def test_a_curve_without_a_point_is_a_finding_that_names_the_parameter() -> None:
    scheme = small_scheme(指标=PACED.format(pace="曲线"))
    found = check_scheme(scheme, parse_period("2007-H1"))
    assert [(f.code, f.facts["parameter"]) for f in found] == [("S12", "序时6月")]
