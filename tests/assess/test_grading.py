"""等次: quotas in whole numbers, ties at their edge, vetoes, decisions, the order (WXJ4, WXJ5, method 30)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kaohe import terms
from kaohe.assess.assessment import with_grades
from kaohe.assess.grade_levels import PENDING, TAKEN, Level, Runner, first_grades, quota
from kaohe.assess.grading import Grading, Gradings, gradings, vetoes_of
from kaohe.assess.scoring import score
from kaohe.assess.standing import standings
from kaohe.findings import NOTE, QUERY
from kaohe.model import Adjustment, Grade, Scheme, Unit, Veto
from kaohe.periods import parse_period
from tests.support.schemes import lines, small_scheme

GRADES = "等次|对象|最低分|比例|名额\n优秀|*|85|0.15|\n良好|*||0.2|\n合格|*|60||\n不合格|*|||"
EVENTS = """
    代码|事项|后果|降档
    V1|安全事故|降等次并列末位|
    V2|违纪|降等次|2
    V3|信访|取消评优|
    """


@dataclass(frozen=True)
class Result:
    """As much of a standing as grading looks at."""

    unit: Unit
    total: float
    rate: float
    rank: int | None
    measured_indicators: int = 1


def scheme_of(grades: str = GRADES, extra: str = "", events: str = EVENTS) -> Scheme:
    return small_scheme(
        等次=widened(grades), 否决事项=events, 方案=f"项目|值\n方案代码|T\n考核年度|2016\n{extra}"
    )


def widened(grades: str) -> str:
    """The drawn table with all columns that have limits, blank where they were left out."""
    head, *body = lines(grades)
    titles = ("等次", "对象", "最低分", "比例", "名额")
    rows = [dict(zip(head, row, strict=False)) for row in body]
    return "\n".join("|".join(row) for row in (titles, *([r.get(t, "") for t in titles] for r in rows)))


def results(totals: Sequence[float | None], group: str = "甲组", unit_class: str = "A类") -> list[Result]:
    """Units U1 …, ranked 1,2,2,4 by their totals; None is a provisional one."""
    valid = [total for total in totals if total is not None]
    return [
        Result(
            Unit(f"{group}{n}", f"{group}{n}局", unit_class, group),
            total or 0.0,
            total or 0.0,
            None if total is None else 1 + sum(other > total for other in valid),
        )
        for n, total in enumerate(totals, start=1)
    ]


def veto(unit: str, event: str = "V1", period: str = "2016") -> Veto:
    return Veto(period, unit, event, "2016-05-01", "通报", "考核办")


def decision(unit: str, grade: str) -> Adjustment:
    return Adjustment(
        "2016", unit, "", terms.ADJUST_GRADE, grade, "会议纪要〔2017〕1号", "考核办", "2017-01-20"
    )


def grades(found: Gradings) -> list[str]:
    return [grading.grade for grading in found.by_unit.values()]


def places(found: Gradings) -> list[int | None]:
    return [grading.place for grading in found.by_unit.values()]


def codes(found: Gradings) -> list[str]:
    return sorted(finding.code for finding in found.findings)


TWENTY = [99.0 - n for n in range(20)]


def test_wxj4_grades_by_share_and_cut_point_in_the_group() -> None:
    """WXJ4: 优秀 15% of 20 is 3 (not 3.0000000000000004), 良好 20% is 4, the rest above 60 合格."""
    found = gradings(scheme_of(), results([*TWENTY[:-1], 59.9]), [], {})
    assert grades(found) == ["优秀"] * 3 + ["良好"] * 4 + ["合格"] * 12 + ["不合格"]
    assert places(found) == list(range(1, 21))
    assert found.findings == ()


@pytest.mark.parametrize(
    ("share", "base", "half_up", "down", "up"),
    [
        (0.15, 20, 3, 3, 3),
        (0.15, 23, 3, 3, 4),
        (0.15, 30, 5, 4, 5),
        (0.1, 4, 1, 0, 1),
        (0.15, 3, 1, 0, 1),
        (0.29, 100, 29, 29, 29),
        (0.0, 20, 0, 0, 0),
        (1.0, 7, 7, 7, 7),
    ],
)
def test_quotas_are_exact(share: float, base: int, half_up: int, down: int, up: int) -> None:
    row = Grade("优秀", share=share)
    assert [quota(row, base, way) for way in ("四舍五入至少1个", "去尾", "进一")] == [half_up, down, up]


def test_of_share_and_count_the_smaller_binds() -> None:
    assert quota(Grade("优秀", share=0.5, count=2.0), 20, "去尾") == 2
    assert quota(Grade("优秀"), 20, "去尾") is None


def test_a_cut_point_before_the_quota_is_used_up() -> None:
    found = gradings(scheme_of(), results([90.0, 84.99, 80.0, 70.0]), [], {})
    assert grades(found) == ["优秀", "良好", "合格", "合格"]


def test_cut_points_by_rate() -> None:
    """等次依据=得分率: a unit measured in fewer points is not worse for it."""
    rows = [
        Result(Unit("U1", "东", group="甲"), 48.0, 96.0, 1),
        Result(Unit("U2", "西", group="甲"), 45.0, 58.0, 2),
    ]
    by_rate = gradings(scheme_of(extra="等次依据|得分率"), rows, [], {})
    assert grades(by_rate) == ["优秀", "良好"]
    assert grades(gradings(scheme_of(), rows, [], {})) == ["良好", "不合格"]


def test_provisional_units_count_in_the_quota_and_get_no_grade() -> None:
    found = gradings(scheme_of(), results([*TWENTY[:-1], None]), [], {})
    assert grades(found)[:4] == ["优秀", "优秀", "优秀", "良好"]
    assert (grades(found)[-1], places(found)[-1]) == ("", None)
    assert codes(found) == ["G08"]


def test_a_unit_nothing_applies_to_does_not_count() -> None:
    rows = results(TWENTY[:4])
    idle = Result(Unit("Z", "不考核", group="甲组"), 0.0, 0.0, 5, measured_indicators=0)
    found = gradings(scheme_of("等次|对象|比例\n优秀|*|0.25\n其余|*|"), [*rows, idle], [], {})
    assert grades(found) == ["优秀", "其余", "其余", "其余", ""]


def test_a_tie_across_the_edge_is_left_to_the_office() -> None:
    """2 places, three tied for the second: the tie is 待定, and what is left over counts in 良好."""
    scheme = scheme_of("等次|对象|名额\n优秀|*|2\n良好|*|3\n合格|*|")
    found = gradings(scheme, results([90, 80, 80, 80, 70, 60, 50]), [], {})
    assert grades(found) == ["优秀", "待定", "待定", "待定", "良好", "合格", "合格"]
    (finding,) = found.findings
    assert finding.code == "G06"
    assert "“优秀”名额 2 个,还剩 1 个" in finding.what
    assert "甲组2局、甲组3局、甲组4局 并列第 2" in finding.what
    assert places(found) == [1, 2, 2, 2, 5, 6, 7]


def test_the_office_decides_a_tie() -> None:
    scheme = scheme_of("等次|对象|名额\n优秀|*|1\n良好|*|")
    chosen = {"甲组1": decision("甲组1", "优秀"), "甲组2": decision("甲组2", "良好")}
    found = gradings(scheme, results([80, 80, 70]), [], chosen)
    assert (grades(found), places(found)) == (["优秀", "良好", "良好"], [1, 2, 3])
    assert codes(found) == ["D12", "D12"]
    first = found.by_unit["甲组1"]
    assert (first.first_grade, first.computed_grade, first.grade) == ("待定", "待定", "优秀")
    assert first.notes == ("等次由考核办定为优秀(计算为待定):会议纪要〔2017〕1号",)


def test_a_grade_that_was_set_is_told_and_so_is_a_quota_it_exceeds() -> None:
    """The most usual slip: the row names the wrong unit."""
    scheme = scheme_of("等次|对象|名额\n优秀|*|1\n良好|*|1\n合格|*|")
    rows = results([90, 80, 70, 60])
    found = gradings(scheme, rows, [], {"甲组4": decision("甲组4", "优秀")})
    told, beyond = found.findings
    assert (told.code, told.severity, told.location.unit) == ("D12", NOTE, "甲组4")
    assert told.what == "等次按《人工调整》定为“优秀”,按规则为“合格”(依据:会议纪要〔2017〕1号)。"
    assert (beyond.code, beyond.severity) == ("D13", QUERY)
    assert beyond.what == "甲组“优秀”名额 1 个,按决定以后有 2 个(按决定进入的:甲组4局)。"
    exchanged = {"甲组4": decision("甲组4", "优秀"), "甲组1": decision("甲组1", "合格")}
    assert codes(gradings(scheme, rows, [], exchanged)) == ["D12", "D12"]


def test_what_the_rules_put_beyond_a_quota_is_not_the_decisions_doing() -> None:
    scheme = scheme_of("等次|对象|名额\n优秀|*|2\n良好|*|1\n合格|*|")
    rows = results([90, 85, 80, 75])
    lowered = gradings(scheme, rows, [veto("甲组1")], {"甲组3": decision("甲组3", "良好")})
    assert (grades(lowered), codes(lowered)) == (["良好", "优秀", "良好", "合格"], ["D12"])


def test_a_tie_may_enter_as_a_whole() -> None:
    scheme = scheme_of("等次|对象|名额\n优秀|*|1\n良好|*|1\n合格|*|", extra="名额边缘|全部进入")
    found = gradings(scheme, results([80, 80, 70, 60]), [], {})
    assert (grades(found), found.findings) == (["优秀", "优秀", "良好", "合格"], ())


def test_ties_wider_than_the_next_quota_reach_further_down() -> None:
    scheme = scheme_of("等次|对象|名额\n优秀|*|1\n良好|*|1\n合格|*|1\n不合格|*|")
    found = gradings(scheme, results([80, 80, 80, 70, 60]), [], {})
    assert grades(found) == ["待定", "待定", "待定", "不合格", "不合格"]


def test_wxj5_a_veto_lowers_the_grade_and_places_last_in_it() -> None:
    """WXJ5: after the normal assessment the grade is lowered by one and the unit is placed last in it."""
    scheme = scheme_of("等次|对象|名额\n优秀|*|2\n良好|*|2\n合格|*|")
    found = gradings(scheme, results([90, 85, 80, 75, 70]), [veto("甲组1")], {})
    assert grades(found) == ["良好", "优秀", "良好", "良好", "合格"]
    assert places(found) == [4, 1, 2, 3, 5]
    first = found.by_unit["甲组1"]
    assert (first.first_grade, first.computed_grade, first.depth, first.last) == ("优秀", "良好", 1, True)
    assert first.notes == ("一票否决:安全事故,由优秀降为良好并列末位",)


def test_a_grade_lowered_without_being_placed_last_keeps_its_order() -> None:
    scheme = scheme_of("等次|对象|名额\n优秀|*|2\n良好|*|2\n合格|*|")
    found = gradings(scheme, results([90, 85, 80, 75, 70]), [veto("甲组1", "V2")], {})
    assert (grades(found)[0], places(found)) == ("合格", [4, 1, 2, 3, 5])


def test_of_several_vetoes_the_deepest_counts_once() -> None:
    rows = results([90, 80, 70, 60, 50])
    found = gradings(scheme_of(), rows, [veto("甲组1"), veto("甲组1", "V2"), veto("甲组1")], {}).by_unit[
        "甲组1"
    ]
    assert (found.first_grade, found.grade, found.depth, found.last) == ("优秀", "合格", 2, True)


def test_a_veto_never_lowers_below_the_last_grade() -> None:
    found = gradings(scheme_of(), results([90.0, 50.0]), [veto("甲组2", "V2")], {}).by_unit["甲组2"]
    assert (found.first_grade, found.grade) == ("良好", "不合格")
    found = gradings(scheme_of(extra="否决降档|9"), results([90.0, 50.0]), [veto("甲组1")], {}).by_unit[
        "甲组1"
    ]
    assert (found.grade, found.place) == ("不合格", 2)


def test_a_veto_that_bars_leaves_the_grade_alone() -> None:
    found = gradings(scheme_of(), results([90.0, 50.0]), [veto("甲组1", "V3")], {}).by_unit["甲组1"]
    assert (found.grade, found.place, found.notes) == ("优秀", 1, ("一票否决:信访",))
    assert [row.event for row in found.vetoes] == ["V3"]


def test_a_decided_grade_stands_above_the_veto_and_must_exist() -> None:
    rows = results([90.0, 80.0])
    found = gradings(scheme_of(), rows, [veto("甲组1")], {"甲组1": decision("甲组1", "不合格")})
    assert (found.by_unit["甲组1"].computed_grade, grades(found)) == ("良好", ["不合格", "良好"])
    wrong = gradings(scheme_of(), rows, [], {"甲组1": decision("甲组1", "特优")})
    assert (codes(wrong), grades(wrong)[0]) == (["G07"], "优秀")


def test_a_groups_own_rows_go_before_its_classs_before_everybodys() -> None:
    scheme = scheme_of("等次|对象|名额\n组优|甲组|1\n组余|甲组|\n类优|B类|1\n类余|B类|\n优|*|1\n余|*|")
    rows = [*results([9, 8]), *results([9, 8], "乙组", "B类"), *results([9, 8], "丙组", "C类")]
    assert grades(gradings(scheme, rows, [], {})) == ["组优", "组余", "类优", "类余", "优", "余"]


def test_a_group_without_rows_is_asked_about() -> None:
    scheme = scheme_of("等次|对象\n合格|乙组")
    found = gradings(scheme, results([9.0]), [], {})
    assert (codes(found), grades(found), places(found)) == (["G09"], [""], [1])
    assert gradings(small_scheme(), results([9.0]), [], {}).findings == ()


def test_nobody_gives_nothing() -> None:
    assert gradings(scheme_of(), [], [], {}) == Gradings({}, ())


def test_the_vetoes_of_a_year_are_those_of_its_parts() -> None:
    rows = [veto("U1", period=code) for code in ("2016-H1", "2016", "2016-Q3", "2015", "去年")]
    assert [row.period for row in vetoes_of(rows, parse_period("2016"))] == ["2016-H1", "2016", "2016-Q3"]
    assert [row.period for row in vetoes_of(rows, parse_period("2016-H1"))] == ["2016-H1"]


def slow_first(
    totals: Sequence[int], quotas: Sequence[int | None], leasts: Sequence[int], all_in: bool
) -> list[float]:
    """One unit after the other, the best first, picks the best grade with a place; then the ties."""
    room = [10**6 if quota is None else quota for quota in quotas] + [10**6]
    order = sorted(range(len(totals)), key=lambda at: -totals[at])
    chosen: dict[int, int] = {}
    for at in order:
        tied = [other for other in chosen if totals[other] == totals[at]]
        if all_in and tied:
            chosen[at] = chosen[tied[0]]
            room[chosen[at]] -= 1
            continue
        chosen[at] = next(
            n for n, left in enumerate(room) if left > 0 and (n == len(quotas) or totals[at] >= leasts[n])
        )
        room[chosen[at]] -= 1
    result = []
    for at in range(len(totals)):
        mine = {chosen[other] for other in range(len(totals)) if totals[other] == totals[at]}
        result.append(min(mine) + 1 + (0.5 if len(mine) > 1 else 0.0))
    return result


limits = st.lists(
    st.tuples(st.one_of(st.none(), st.integers(0, 4)), st.integers(0, 8)), min_size=1, max_size=3
)


@settings(max_examples=300)
@given(st.lists(st.integers(0, 9), max_size=12), limits, st.booleans())
def test_first_grades_are_those_of_the_obvious_way(
    totals: list[int], given_limits: list[tuple[int | None, int]], all_in: bool
) -> None:
    quotas = [quota for quota, _ in given_limits]
    leasts = sorted((least for _, least in given_limits), reverse=True)
    runners = [Runner(str(n), 1 + sum(o > total for o in totals), total) for n, total in enumerate(totals)]
    scale = [Level(str(n), least, quota) for n, (quota, least) in enumerate(zip(quotas, leasts, strict=True))]
    found = first_grades(runners, [*scale, Level("余", None, None)], all_in)
    assert [found.index(str(n)) for n in range(len(totals))] == slow_first(totals, quotas, leasts, all_in)
    pending = {code for code, marks in found.taken.items() if PENDING in marks}
    assert pending == {code for edge in found.edges for code in edge.codes}
    for at, level in enumerate(scale):
        took = sum(marks[at] == TAKEN for marks in found.taken.values())
        assert all_in or level.quota is None or took <= level.quota


@given(st.lists(st.integers(40, 100), min_size=1, max_size=15), st.sets(st.integers(0, 14)))
def test_the_order_of_units_changes_nothing_and_places_agree_with_sorting(
    totals: list[int], hit: set[int]
) -> None:
    rows = results([float(total) for total in totals])
    vetoes = [veto(row.unit.code) for at, row in enumerate(rows) if at in hit]
    found = gradings(scheme_of(), rows, vetoes, {}).by_unit
    turned = gradings(scheme_of(), rows[::-1], vetoes[::-1], {}).by_unit
    assert dict(found) == dict(turned)
    ranks = {row.unit.code: row.rank or 0 for row in rows}

    def key(grading: Grading) -> tuple[float, bool, int]:
        return (grading.final or 0.0, grading.last, ranks[grading.unit.code])

    by_key: Mapping[str, tuple[float, bool, int]] = {code: key(grading) for code, grading in found.items()}
    for code, grading in found.items():
        assert grading.place == 1 + sum(other < by_key[code] for other in by_key.values())
        assert (grading.final or 0) >= (grading.first or 0)


def test_standings_carry_their_grades() -> None:
    """What the ranking shows: grade, place, the veto and its note, beside the rank before it."""
    scheme = scheme_of("等次|对象|名额\n优秀|*|1\n良好|*|")
    values: Mapping[str, Mapping[str, float]] = {
        "X1": {"U1": 100.0, "U2": 90.0},
        "X2": {"U1": 95.0, "U2": 95.0},
    }
    rows = standings(score(scheme, parse_period("2016"), values), ())
    graded = with_grades(rows, gradings(scheme, rows, [veto("U1")], {}))
    shown = {row.unit.code: (row.rank, row.place, row.first_grade, row.grade) for row in graded}
    assert shown == {"U1": (1, 2, "优秀", "良好"), "U2": (2, 1, "良好", "良好")}
    assert [row.unit.code for row in graded] == ["U2", "U1"]
    assert "由优秀降为良好并列末位" in graded[1].notes[-1]
    assert [row.event for row in graded[1].vetoes] == ["V1"]
