"""图表: what is drawn of which cells, on which page; who is chosen; who moved since the last period."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import replace

import pytest

from kaohe.assess.assessment import Assessment
from kaohe.model import Decided
from kaohe.sheets import chart_canvas as canvas
from kaohe.sheets.chart_moves import NOBODY, NOTHING, before, moved
from kaohe.sheets.chart_ranking import MOST_CHARTS
from kaohe.sheets.chart_sheet import chart_sheet, read_choice
from kaohe.sheets.names import SheetNames
from kaohe.sheets.ranking import ranking_sheet
from kaohe.workbooks.grid import Grid, Value, column_letter
from kaohe.workbooks.package import chart_cells
from kaohe.workbooks.package.refs import Area, parse_area
from kaohe.workbooks.plan import Cell, Chart, SheetPlan
from tests.sheets.test_print import SCORES, assessed, titles
from tests.systems.played import played

LETTERS = [column_letter(at) for at in range(1, 60)]
SYSTEMS = {
    "BH": "2007-H1",
    "GN": "2009-H1",
    "WX-D": "2016",
    "WX-J": "2016",
    "WX-Z": "2016",
    "XN": "2017",
    "XT": "2009",
}


def sheet(found: Assessment, chosen: str = "", decided: Sequence[Decided] = ()) -> SheetPlan:
    names = SheetNames({}, chosen, decided)
    return chart_sheet(found, names, ranking_sheet(found, names))


def charts(plan: SheetPlan, start: str = "") -> dict[str, Chart]:
    return {chart.key: chart for chart in plan.charts if chart.key.startswith(start)}


def texts(plan: SheetPlan, area: str) -> list[str]:
    return chart_cells.texts(plan, area)


def title(plan: SheetPlan, chart: Chart) -> str:
    return texts(plan, chart.title)[0]


def area(text: str) -> Area:
    found = parse_area(text)
    assert found is not None
    return found


def lines(plan: SheetPlan) -> list[str]:
    """What stands in column A."""
    first = [row[0] for row in plan.rows if row]
    return [str(cell.value) for cell in first if isinstance(cell, Cell) and isinstance(cell.value, str)]


@pytest.mark.parametrize("code", SYSTEMS)
def test_every_system(code: str) -> None:
    """Every ranked unit has its bar, no chart lies over another one or over the edge of a page."""
    found = played(code, SYSTEMS[code])
    plan = sheet(found)
    chart_cells.check(plan)
    bars = sum(len(texts(plan, chart.categories)) for chart in charts(plan, "rank_").values())
    assert bars == len(found.standings)
    assert {"profile", "own_losses", "losses"} <= set(charts(plan))
    assert ("moves" in charts(plan)) == (code in ("WX-D", "WX-Z"))
    places = [area(chart.anchor) for chart in plan.charts]
    for one, other in itertools.pairwise(places):
        assert one.bottom < other.top
    ends = (0, *plan.layout.breaks)
    for place in places:
        assert not [end for end in ends if place.top <= end + 1 <= place.bottom or end == place.bottom]
    assert max(place.bottom for place in places) <= len(plan.rows)
    for chart in plan.charts:
        assert any(unit in title(plan, chart) for unit in ("分", "%", "位"))


def test_bars_of_a_group_in_the_colours_of_the_grades() -> None:
    found = assessed({**SCORES, "U1": 95.0 - 40, "U6": 5.0})
    plan = sheet(found)
    first = next(iter(charts(plan, "rank_").values()))
    names = [texts(plan, row.name)[0] for row in first.series]
    assert names == ["优秀", "称职", "不称职", "暂不排名"]
    grades = {row.unit.name: row.grade for row in found.standings}
    for at, label in enumerate(texts(plan, first.categories)):
        _, name, total = label.split(" ")
        row = next(row for row in found.standings if row.unit.name == name)
        assert total == f"{row.total:.2f}"
        drawn = [chart_cells.numbers(plan, series.values)[at] for series in first.series]
        assert [number != 0 for number in drawn] == [grades[name] == state for state in names]
    assert len({(row.color, row.pattern) for row in first.series}) == len(names)


def test_bars_begin_where_the_title_says() -> None:
    """Totals that differ little begin high, so that the difference is seen; totals far apart begin at 0."""
    plan = sheet(played("BH", "2007-H1"))
    (chart,) = charts(plan, "rank_").values()
    assert title(plan, chart) == "全市总分排名(分,横条自63分画起)"
    assert chart_cells.numbers(plan, chart.series[0].values)[0] == pytest.approx(68.94 - 63)
    apart = sheet(assessed({**SCORES, "U6": 0.0, "U1": 60.0}))
    first = next(iter(charts(apart, "rank_").values()))
    assert title(apart, first) == "甲组总分排名(分)" or "自" in title(apart, first)


def test_a_provisional_total_does_not_draw_the_others_together() -> None:
    """Half of its figures may be missing: it has a short bar or none, and the others set where bars begin."""
    marks = {code: score for code, score in SCORES.items() if code != "U6"}
    found = assessed(marks)
    late = next(row for row in found.standings if row.unit.code == "U6")
    peers = [row for row in found.standings if row.unit.group == late.unit.group and row.rank is not None]
    assert late.rank is None
    assert late.total < min(row.total for row in peers) - 20
    plan = sheet(found)
    (chart,) = (one for one in charts(plan, "rank_").values() if late.unit.group in title(plan, one))
    low, high = min(row.total for row in peers), max(row.total for row in peers)
    base = int(low - (high - low) / 2)
    assert f"横条自{base}分画起" in title(plan, chart)
    labels = texts(plan, chart.categories)
    at = next(n for n, label in enumerate(labels) if late.unit.name in label)
    assert [chart_cells.numbers(plan, series.values)[at] for series in chart.series] == [0] * len(
        chart.series
    )
    assert f"{late.total:.2f}" in labels[at]


def test_what_has_no_rank_is_hatched() -> None:
    found = assessed()
    unranked = {row.unit.name for row in found.standings if row.rank is None}
    plan = sheet(found)
    assert unranked
    for chart in charts(plan, "rank_").values():
        names = [texts(plan, row.name)[0] for row in chart.series]
        assert names[-1] == "暂不排名"
        assert chart.series[-1].pattern
        for at, label in enumerate(texts(plan, chart.categories)):
            place, name, _ = label.split(" ")
            assert (place == "—") == (name in unranked)
            assert chart_cells.numbers(plan, chart.series[-1].values)[at] == 0 or name in unranked


def test_a_large_group_is_drawn_in_several_charts_of_the_same_keys_every_time() -> None:
    found = played("WX-J", "2016")
    ordered = sorted(found.standings, key=lambda row: -row.total)
    whole = tuple(replace(row, unit=replace(row.unit, group="全部")) for row in ordered)
    plan = sheet(replace(found, standings=whole))
    ranked = charts(plan, "rank_")
    assert [len(texts(plan, chart.categories)) for chart in ranked.values()] == [34, 34, 34, 23]
    assert "第35–68家" in title(plan, list(ranked.values())[1])
    prefix = {key.rpartition("_")[0] for key in ranked}
    assert len(prefix) == 1


def test_more_groups_than_anybody_would_look_through() -> None:
    found = played("WX-J", "2016")
    many = tuple(
        replace(row, unit=replace(row.unit, group=f"第{at // 3}组")) for at, row in enumerate(found.standings)
    )
    plan = sheet(replace(found, standings=many))
    assert len(charts(plan, "rank_")) == MOST_CHARTS
    assert [text for text in lines(plan) if "分组或单位太多" in text]


def test_who_is_chosen() -> None:
    found = played("BH", "2007-H1")
    first, last = found.standings[0].unit, found.standings[-1].unit
    for picked, unit in (("", first), (last.name, last), (last.code.lower(), last), ("没有这家", first)):
        plan = sheet(found, picked)
        choice = plan.rows[3][2]
        assert isinstance(choice, Cell)
        assert choice.value == (picked or first.name)
        assert title(plan, charts(plan)["profile"]).startswith(unit.name)
        assert title(plan, charts(plan)["own_losses"]).startswith(unit.name)


def test_nobody_is_chosen_before_there_are_results() -> None:
    found = played("BH", "2007-H1")
    nobody = tuple(replace(row, rank=None, state="暂定") for row in found.standings)
    plan = sheet(replace(found, standings=nobody))
    choice = plan.rows[3][2]
    assert isinstance(choice, Cell)
    assert choice.value is None
    assert title(plan, charts(plan)["profile"]).startswith(nobody[0].unit.name)


def test_the_profile_and_the_losses_of_the_chosen_unit() -> None:
    """Figures worked out by hand from the standings and the points."""
    found = played("BH", "2007-H1")
    unit = found.standings[-1]
    plan = sheet(found, unit.unit.code)
    profile = charts(plan)["profile"]
    at = found.scores.units.index(unit.unit)
    full = {"A": 0.0, "B": 0.0, "C": 0.0, "D": 0.0}
    for row in found.scores.counted:
        part = found.scores.scheme.top_part_of(row.indicator)
        assert part is not None
        full[part.code] += float(row.weight[at])
    rates = [unit.parts[code] / full[code] * 100 for code in full]
    assert chart_cells.numbers(plan, profile.series[0].values) == pytest.approx(rates, abs=0.051)
    losses = charts(plan)["own_losses"]
    lost = sorted(
        (float(row.weight[at]) - row.points[at] / 100 for row in found.scores.counted), reverse=True
    )
    shown = [number for number in chart_cells.numbers(plan, losses.series[0].values) if number is not None]
    assert shown == pytest.approx([number for number in lost if number > 0.001][:12], abs=1e-9)


def test_a_scheme_with_one_scored_part_shows_those_below_it() -> None:
    plan = sheet(played("GN", "2009-H1"))
    labels = texts(plan, charts(plan)["profile"].categories)
    assert [label.split(" ")[0] for label in labels] == ["单位职能工作", "关键绩效内容", "机关专项工作"]


def decided(period: str, *ranks: tuple[str, str, int | None]) -> list[Decided]:
    """Rows of 定稿登记: (unit, group, rank)."""
    return [
        Decided("t", period, "公布", "", "", unit, unit, "", group, 60.0, rank, 9, "", "", "v", "c")
        for unit, group, rank in ranks
    ]


def test_moves_since_the_last_decided_period() -> None:
    found = played("BH", "2007-H1")
    now = {row.unit.code: row.rank for row in found.standings}
    codes = list(now)
    rows = [
        *decided("2006", *((code, "全市", 1) for code in codes)),
        *decided("2007-Q1", (codes[0], "全市", 4), (codes[1], "全市", 2), (codes[2], "别组", 9)),
        *decided("2007-Q1", (codes[3], "全市", 1), (codes[3], "全市", None)),
        *decided("2007", (codes[4], "全市", 9)),
    ]
    earlier = before(found, rows)
    assert earlier is not None
    assert earlier.title == "2007年一季度"
    assert [(row.unit.code, rank) for row, rank in moved(found, earlier)] == [(codes[0], 4), (codes[1], 2)]
    plan = sheet(found, decided=rows)
    chart = charts(plan)["moves"]
    assert title(plan, chart) == "与2007年一季度相比的名次变化(位,组内)"
    assert [chart_cells.numbers(plan, row.values) for row in chart.series] == [[3.0, 0.0], [0.0, 0.0]]


def test_without_an_earlier_period_the_sheet_says_why_nothing_moves() -> None:
    found = played("BH", "2007-H1")
    assert NOTHING in lines(sheet(found))
    elsewhere = decided("2006", *((row.unit.code, "别组", 1) for row in found.standings))
    assert NOBODY in lines(sheet(found, decided=elsewhere))


def test_moves_since_last_year_follow_the_units() -> None:
    """WX-D keeps last year's ranks in 历史; a merged unit has none of its own."""
    found = played("WX-D", "2016")
    earlier = before(found, ())
    assert earlier is not None
    assert earlier.title == "2015年"
    history = {row.unit: row.rank for row in found.ledger.history if row.year == 2015 and not row.indicator}
    same = set(earlier.ranks) & set(history)
    assert same
    assert {code: earlier.ranks[code][1] for code in same} == {code: history[code] for code in same}
    merged = {row.new for row in found.ledger.successions if row.how == "合并"}
    assert not merged & set(earlier.ranks)


def test_pages_have_room_for_the_largest_chart() -> None:
    assert canvas.height(canvas.MOST_BARS) <= min(canvas.PAGE - 1, canvas.FIRST_PAGE - canvas.FIRST_ROW + 1)
    assert canvas.page_end(1) == canvas.FIRST_PAGE
    assert canvas.page_end(canvas.FIRST_PAGE + 1) == canvas.FIRST_PAGE + canvas.PAGE


def test_the_choice_is_read_where_its_words_stand() -> None:
    rows: list[list[Value]] = [[], ["x"], ["查看单位:", None, " 滨湖区 "]]
    assert read_choice(Grid("图表", rows, frozenset(), {})) == "滨湖区"
    assert read_choice(Grid("图表", [["查看单位:"]], frozenset(), {})) == ""
    assert read_choice(None) == ""


def test_parts_that_are_called_like_columns() -> None:
    """部分 may be named 总分, 等次 or 结果: the charts still read the columns themselves."""
    parts = "代码|名称|上级|满分|性质\nA|结果||60|\nB|等次||40|\nG|总分||100|\nJ|加分||5|加分\nK|扣分||3|扣分"
    for grades in ("等次|对象|最低分|比例", None):
        found = assessed(SCORES, 部分=parts, **({"等次": grades} if grades else {}))
        ranking = ranking_sheet(found, SheetNames({}))
        sources = canvas.Sources.of(found, SheetNames({}), ranking)
        head = dict(zip(LETTERS, titles(ranking), strict=False))
        assert head[canvas.TOTAL] == "总分"
        assert head[sources.state] == "结果"
        assert ranking.widths[LETTERS.index(sources.state)] == 7
        assert (sources.grade == "") == bool(grades)
        if sources.grade:
            assert LETTERS.index(sources.grade) < LETTERS.index("H")


def test_no_units_no_charts() -> None:
    found = played("BH", "2007-H1")
    plan = sheet(replace(found, standings=()))
    assert plan.charts == ()
    assert [text for text in lines(plan) if "还没有单位" in text]
