"""BH7: changes within the year, from a date; what was issued under the old version is scored under it."""

from __future__ import annotations

import datetime as dt

import pytest

from kaohe import terms
from kaohe.assess.check_scheme import check_scheme
from kaohe.assess.lookup import Lookup
from kaohe.model import Scheme
from kaohe.settings import SETTINGS
from tests.support import bh
from tests.support.returns import assess_forms, form, registered
from tests.support.schemes import small_scheme

JUNE, JULY = dt.date(2007, 6, 30), dt.date(2007, 7, 31)


def weights(scheme: Scheme) -> dict[str, float]:
    return {row.code: row.weight for row in scheme.indicators}


def at(date: dt.date) -> Scheme:
    return bh.scheme().at(date)


@pytest.mark.parametrize("date", [JUNE, JULY])
def test_bh7_both_versions_weigh_100(date: dt.date) -> None:
    now = at(date)
    assert sum(row.weight for row in now.indicators if not now.is_component(row)) == 100
    assert sum(row.weight for row in now.components["D01"]) == 100


def test_bh7_what_was_added_in_july() -> None:
    """城市生活污水集中处理达标率 (D09) and the sub-indicator 氮磷减排 (D014); nothing went."""
    assert set(weights(at(JULY))) - set(weights(at(JUNE))) == {"D09", "D014"}
    assert set(weights(at(JUNE))) - set(weights(at(JULY))) == set()


def test_bh7_the_weights_that_made_room() -> None:
    before, after = weights(at(JUNE)), weights(at(JULY))
    changed = {code: (before[code], after[code]) for code in before if before[code] != after[code]}
    assert changed == {"D03": (3, 1), "D012": (35, 30), "D013": (25, 20)}


@pytest.mark.parametrize(("date", "target"), [(JUNE, 360), (JULY, 400), (dt.date(2007, 7, 1), 400)])
def test_bh7_the_cod_target_is_replaced(date: dt.date, target: float) -> None:
    found = Lookup.of(at(date)).target("D07", bh.BINHU)
    assert found is not None
    assert found.value == target


def test_bh7_with_a_new_way_of_measuring() -> None:
    old, new = (at(date).indicator_by_code["D07"].definition for date in (JUNE, JULY))
    assert old != new
    assert "新口径" in new


def test_bh7_the_version_changes_with_the_rows_and_only_then() -> None:
    assert at(JUNE).version != at(JULY).version
    assert at(JUNE).version == at(dt.date(2007, 1, 1)).version
    assert at(JULY).version == at(dt.date(2007, 12, 31)).version


def test_bh7_scored_later_the_half_year_is_what_it_was() -> None:
    """The period, not today, chooses the version: D09 has no place in 2007-H1."""
    assert "D09" not in bh.example().scores.results
    assert bh.example().scores.results["D03"].indicator.weight == 3


def test_bh7_july_measures_the_new_indicator() -> None:
    scores = bh.assessed(bh.changed((bh.BINHU, "D09", "85")), bh.JULY).scores
    place = [unit.code for unit in scores.units].index(bh.BINHU)
    row = scores.results["D09"]
    assert (row.counted, row.state[place], row.points[place]) == (True, terms.ON_SCHEDULE, 200)


def test_bh7_neither_version_has_an_error() -> None:
    for period in (bh.H1, bh.JULY, bh.YEAR):
        assert {f.code for f in check_scheme(bh.scheme(), period)} <= {"S08"}


VERSIONED = """
    指标代码|上级|指标名称|权重|计分方法|生效起|生效止
    X1|A|产值|60|目标完成率||2007-06-30
    X1|A|产值|60|目标完成率逆向|2007-07-01|
    X2|B|满意率|40|目标完成率||
    """


def test_writing_a_default_down_is_no_new_version() -> None:
    """A master shows every setting with its default; reading it back is the same scheme."""
    head = "项目|值\n方案代码|T\n方案名称|小方案\n考核年度|2007"
    shown = "\n".join(f"{s.name}|{s.default}" for s in SETTINGS if s.rule)
    versions = {small_scheme(方案=text).version for text in (head, f"{head}\n权重合计|", f"{head}\n{shown}")}
    assert len(versions) == 1
    assert small_scheme(方案=f"{head}\n得分小数位|3").version not in versions


@pytest.mark.parametrize(
    ("date", "method"),
    [("2007-06-30", "目标完成率"), ("2007-07-01", "目标完成率逆向"), ("2006-01-01", "目标完成率")],
)
def test_both_days_of_a_validity_are_included(date: str, method: str) -> None:
    now = small_scheme(指标=VERSIONED).at(dt.date.fromisoformat(date))
    assert [row.method for row in now.indicators] == [method, "目标完成率"]


def test_a_form_of_another_version_is_a_query_and_is_scored() -> None:
    """W06: issued before the office changed a target."""
    old = small_scheme()
    new = small_scheme(目标="指标代码|单位代码|目标值\nX1|*|120\nX2|*|90")
    filled = "指标|完成值\nX1|120\nX2|95"
    returns = [form(unit, filled, scheme=old) for unit in ("U1", "U2")]
    assessment = assess_forms(new, returns, register=registered(old, [("U1", ""), ("U2", "")]))
    assert [(f.code, f.location.unit) for f in assessment.findings] == [("W06", "U1"), ("W06", "U2")]
    assert [s.total for s in assessment.standings] == [100, 100]
