"""目标对接: what stands there, and that its formulas come to it (XT1–XT3, XT6)."""

from __future__ import annotations

from pathlib import Path

import pytest

from kaohe.assess.assessment import Assessment, assess
from kaohe.assess.returns import take_in
from kaohe.model import Ledger, Verdict
from kaohe.periods import parse_period
from kaohe.sheets.alignment_sheet import alignment_sheet
from kaohe.sheets.lists import FIRST_ROW, HEADER_ROW
from kaohe.workbooks.plan import Cell
from tests.support.libreoffice import require_soffice
from tests.support.plans import live_cells, recalculated
from tests.support.schemes import small_scheme

INDICATORS = """
    指标代码|上级|指标名称|计量单位|指标性质|权重|计分方法|频次|序时|适用|责任部门
    X1|A|产值|亿元|正向|50|目标完成率|月度|无||发改局
    X2|B|事故率|%|逆向|40|目标完成率|月度|无||安监局
    X3|B|密度|人|适度|10|目标完成率|月度|无|U1|规划局
    X4|B|高速公路|公里|正向|0|目标完成率|月度|无|无|交通局
    """
TARGETS = """
    指标代码|单位代码|目标值|上年值|层级|依据
    X1|*|100|80|省|省考核表
    X1|U1|110||市|市任务书
    X2|*|0.27||省|
    X2|*|0.3||市|
    X3|U1|5||市|
    X3|U1|4||省|
    X4|*|60||省|
    """


def assessed(targets: str = TARGETS) -> Assessment:
    """Nobody has returned anything yet; the province has found one target."""
    scheme = small_scheme(
        方案="项目|值\n方案代码|T\n方案名称|小方案\n考核年度|2009\n省级权重倍数|1.1\n权重合计|0",
        部分="代码|名称\nA|经济\nB|民生",
        指标=INDICATORS,
        目标=targets,
    )
    period = parse_period("2009")
    intake = take_in((), {}, (), scheme.at(period.end), period)
    ledger = Ledger(verdicts=(Verdict("2009", "U1", "X1", "优秀", level="省", date="2009-12-20"),))
    return assess(scheme, period, intake, {}, ledger=ledger)


def test_the_sheet_shows_both_targets_and_the_one_adopted() -> None:
    plan = alignment_sheet(assessed())
    assert plan is not None
    shown = [
        [cell.value if isinstance(cell, Cell) else cell for cell in row] for row in plan.rows[FIRST_ROW - 1 :]
    ]
    assert [[row[at] for at in (1, 5, 6, 7, 8, 9, 13)] for row in shown] == [
        ["X1", "东区", 100, 110, 110, "从严采用本级", "优秀"],
        ["X1", "西区", 100, None, 100, "只有省级", None],
        ["X2", "东区", 0.27, 0.3, 0.27, "从严采用省级", None],
        ["X2", "西区", 0.27, 0.3, 0.27, "从严采用省级", None],
        ["X3", "东区", 4, 5, 4, "适度指标从省", None],
        ["X4", None, 60, None, None, "本地不适用", None],
    ]
    assert [[row[at] for at in (10, 11, 12)] for row in shown][:3] == [[50, 1.1, 55]] * 2 + [[40, 1.1, 44]]
    assert shown[0][14] == "省考核表;市任务书"


def test_xt1_the_counts_stand_on_top() -> None:
    """XT1: listed, applicable, shared and new, counted from the rows."""
    plan = alignment_sheet(assessed())
    assert plan is not None
    titles = [cell.value for cell in plan.rows[HEADER_ROW - 1] if isinstance(cell, Cell)]
    assert titles[6:9] == ["省级目标", "市级目标", "采用目标"]
    third = plan.rows[2][0]
    assert isinstance(third, Cell)
    assert "省级目标 4 项,适用 3 项:与市级目标重合 3 项,新增 0 项" in str(third.value)
    fewer = "\n".join(line for line in TARGETS.splitlines() if "0.3|" not in line)
    plan = alignment_sheet(assessed(fewer))
    assert plan is not None
    assert "重合 2 项,新增 1 项(民生 1)" in str(plan.rows[2][0])


def test_without_targets_of_the_province_there_is_no_sheet() -> None:
    assert alignment_sheet(assessed("指标代码|单位代码|目标值|层级\nX1|*|100|市\nX2|*|3|\nX3|U1|3|")) is None


@pytest.mark.soffice
def test_its_formulas_come_to_what_it_shows(tmp_path: Path) -> None:
    require_soffice()
    plan = alignment_sheet(assessed())
    assert plan is not None
    expected = {place: cell.value for place, cell in live_cells(plan).items()}
    assert len(expected) == 11
    assert recalculated(plan, tmp_path) == expected
