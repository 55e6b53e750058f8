"""进度热图: completion against the schedule, which way round, on which paper."""

from __future__ import annotations

import itertools

import pytest

from kaohe.assess.assessment import Assessment
from kaohe.sheets import heat_sheet as heat
from kaohe.sheets.heading import FIRST_ROW, HEADER_ROW
from kaohe.sheets.names import SheetNames
from kaohe.workbooks.plan import A3, A4, Cell, CellLike, SheetPlan
from tests.sheets.test_print import assessed
from tests.systems.played import played


def value(cell: CellLike) -> object:
    return cell.value if isinstance(cell, Cell) else cell


def table(plan: SheetPlan) -> list[list[object]]:
    return [[value(cell) for cell in row] for row in plan.rows[HEADER_ROW - 1 :]]


def sheet(found: Assessment) -> SheetPlan:
    return heat.heat_sheet(found, SheetNames({}))


def test_a_rule_over_the_schedule_is_shown_against_what_is_due_now() -> None:
    """BH at mid-year: half of the year's target is all that was due."""
    found = played("BH", "2007-H1")
    rows = table(sheet(found))
    result = found.scores.results["A01"]
    line = next(row for row in rows if row[1] == "A01")
    assert [float(str(cell)) for cell in line[3:]] == pytest.approx(
        [actual / due for actual, due in zip(result.actual, result.due, strict=True)], abs=6e-5
    )
    assert float(str(line[3])) == pytest.approx(2 * result.rate[0], abs=1e-3)
    other = next(row for row in rows if row[1] == "A04")
    assert other[3:] == pytest.approx(list(found.scores.results["A04"].rate), abs=6e-5)


def test_who_has_passed_the_target_does_not_look_behind() -> None:
    """WX-J P01: 88.5 marks against a target of 80 is 已达序时, and as light as it can be."""
    found = played("WX-J", "2016")
    head, *rows = table(sheet(found))
    result = found.scores.results["P01"]
    column = head.index(next(text for text in head if str(text).startswith("P01")))
    checked = 0
    for at, row in enumerate(rows):
        if result.scored[at] and result.met[at]:
            assert float(str(row[column])) >= 1
            assert float(str(row[column])) == pytest.approx(result.actual[at] / 80, abs=6e-5)
            checked += 1
    assert checked > 100


def test_every_counted_indicator_by_every_unit_in_the_order_of_the_scheme() -> None:
    found = played("BH", "2007-H1")
    plan = sheet(found)
    head, *rows = table(plan)
    assert head == ["部分", "指标代码", "指标", *(unit.name for unit in found.scores.units)]
    assert [row[1] for row in rows] == [row.indicator.code for row in found.scores.counted]
    assert plan.layout.landscape
    assert plan.layout.paper == A4
    assert plan.layout.repeat_rows == f"{HEADER_ROW}:{HEADER_ROW}"


def test_many_units_stand_below_one_another() -> None:
    found = played("WX-J", "2016")
    head, *rows = table(sheet(found))
    assert head[:3] == ["单位代码", "单位", "考核组"]
    assert head[3] == "M01 年度重点工作目标完成项数"
    assert [row[0] for row in rows] == [unit.code for unit in found.scores.units]
    m04 = head.index(next(text for text in head if str(text).startswith("M04")))
    applies = found.scores.results["M04"].applies
    assert [row[m04] is not None for row in rows] == applies.tolist()


def test_a_wide_one_goes_on_large_paper() -> None:
    assert sheet(played("XT", "2009")).layout.paper == A3


def test_what_has_no_completion_says_its_state() -> None:
    rows = table(sheet(assessed()))
    cells = {cell for row in rows[1:] for cell in row[3:]}
    assert "未填" in cells or "待识别" in cells or "待汇总" in cells, cells


def test_the_darker_the_further_behind_also_in_grey() -> None:
    plan = sheet(played("BH", "2007-H1"))
    scale = next(rule for rule in plan.layout.highlights if rule.kind == "color_scale")
    grey = [0.3 * red + 0.59 * green + 0.11 * blue for red, green, blue in map(bytes.fromhex, scale.colors)]
    assert grey == sorted(grey)
    assert min(b - a for a, b in itertools.pairwise(grey)) > 20
    assert list(scale.points) == sorted(scale.points)
    assert scale.area == f"D{FIRST_ROW}:L{FIRST_ROW + 28}"


def test_too_large_a_table_is_not_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(heat, "MOST_CELLS", 100)
    rows = table(sheet(played("BH", "2007-H1")))
    assert len(rows) == 2
    assert "不画热图" in str(rows[1][0])
