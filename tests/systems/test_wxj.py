"""WX-J: 125 organs in five groups, marked by three offices; each test quotes its rule."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from functools import cache

import pytest

from kaohe import terms
from kaohe.assess.bonuses import Bonuses, bonuses
from kaohe.assess.grade_levels import levels, rows_for
from kaohe.assess.history import read_history
from kaohe.assess.outcome_figures import figures_of
from kaohe.assess.outcomes import BARRED, LISTED, Outcome, outcomes
from kaohe.assess.standing import Standing
from kaohe.assess.survey import survey_values
from kaohe.model import Indicator, Scheme, Unit
from kaohe.periods import parse_period
from tests.systems.played import loaded, played, rows, scheme_findings, typed

CODE, YEAR = "WX-J", "2016"
PERIOD = parse_period(YEAR)
GROUPS = {"党群": 32, "政府综合": 20, "政府执法": 26, "垂管和非金融": 23, "驻锡内资银行": 24}
CLASSES = {"A类党群": 32, "B类政府": 46, "C类垂管与公共服务": 47}
VOTERS = ("四套班子领导", "两代表一委员", "普通干部", "服务对象", "基层群众")
TARGETS, SUPERVISION, SURVEY, BONUS, DEDUCTION = "M", "D", "P", "J", "K"
"""The parts."""


def scheme() -> Scheme:
    return loaded(CODE).scheme.at(PERIOD.end)


def inside(part: str) -> list[Indicator]:
    return [row for row in scheme().indicators if row.parent == part]


def for_unit(unit: Unit) -> list[Indicator]:
    return [row for row in scheme().indicators if row.applies(unit)]


@cache
def extra() -> Bonuses:
    """What the rows of 加减分 come to."""
    return bonuses(scheme(), loaded(CODE).ledger.bonuses, {})


def test_the_tables_are_read_without_a_finding() -> None:
    assert scheme_findings(CODE, YEAR) == []


def test_it_says_that_it_is_a_demo() -> None:
    assert str(scheme().settings["数据声明"]).startswith("演示数据:部分数字取自公开汇报,其余为虚构")
    assert {row["出处"] for kind in ("填报", "考评") for row in rows(CODE, kind, YEAR)} == {"虚构"}
    ledger = loaded(CODE).ledger
    bases = [row.basis for row in ledger.bonuses] + [row.basis for row in ledger.vetoes]
    bases += [row.basis for row in ledger.verdicts] + [row.basis for row in ledger.adjustments]
    bases += [row.basis for row in ledger.appeals]
    assert all(basis.startswith("虚构") for basis in bases)


def test_wxj_125_units_in_classes_and_groups() -> None:
    """▣ 125 = A 党群 32 + B 政府 46 (综合 20, 执法 26) + C 47 (垂管和非金融 23, 驻锡内资银行 24)."""
    units = scheme().units
    assert len(units) == 125
    assert Counter(unit.unit_class for unit in units) == CLASSES
    assert Counter(unit.group for unit in units) == GROUPS
    assert {unit.group for unit in units if unit.unit_class == "B类政府"} == {"政府综合", "政府执法"}
    assert len({unit.name for unit in units}) == 125


# WXJ0 ---------------------------------------------------------------------------------------------


def test_wxj0_every_unit_has_targets_of_its_own() -> None:
    """WXJ0: proposed by the unit, confirmed by its 分管领导, reviewed by 目标办, issued as 任务书."""
    own = {(row.unit, row.indicator): row for row in scheme().targets if row.unit != terms.EVERYONE}
    for unit in scheme().units:
        wanted = {row.code for row in for_unit(unit) if row.value_source == terms.SOURCE_ENTERED}
        assert {code for code_unit, code in own if code_unit == unit.code} == wanted
        assert len(wanted) == 3
        assert unit.leader
    assert all("任务书" in row.basis and "分管领导确认" in row.basis for row in own.values())
    assert len({row.value for (_, code), row in own.items() if code == "M01"}) > 5


# WXJ1 ---------------------------------------------------------------------------------------------


def test_wxj1_50_25_25() -> None:
    """▣ 目标管理 : 日常督察 : 社会评议 = 50 : 25 : 25, for every one of the 125."""
    parts = {part.name: part.weight for part in scheme().parts if part.kind == terms.PART_SCORED}
    assert parts == {"目标管理": 50, "日常督察": 25, "社会评议": 25}
    for unit in scheme().units:
        weights = Counter[str]()
        for row in for_unit(unit):
            weights[row.parent] += int(row.weight)
        assert weights == {TARGETS: 50, SUPERVISION: 25, SURVEY: 25}


def test_wxj1_three_offices_feed_one_part_each() -> None:
    assessors = {part: {row.assessor for row in inside(part)} - {""} for part in (TARGETS, SUPERVISION)}
    assert assessors == {TARGETS: {"目标办"}, SUPERVISION: {"督查室"}}
    assert {row.value_source for row in inside(SUPERVISION)} == {terms.SOURCE_ASSESSED}
    assert [(row.value_source, row.lead_department) for row in inside(SURVEY)] == [
        (terms.SOURCE_SURVEY, "评议办")
    ]


def test_wxj1_everything_is_typed_by_its_own_hand() -> None:
    """The unit types what is 填报, the offices what is 考评; the two gaps are ruled on (Y7)."""
    hands = {
        terms.SOURCE_ENTERED: typed(CODE, "填报", YEAR),
        terms.SOURCE_ASSESSED: typed(CODE, "考评", YEAR),
    }
    gaps = {
        (unit.code, row.code)
        for unit in scheme().units
        for row in for_unit(unit)
        if row.value_source in hands and (unit.code, row.code) not in hands[row.value_source]
    }
    ruled = {(row.unit, row.indicator): row.item for row in loaded(CODE).ledger.adjustments}
    assert {ruled[gap] for gap in gaps} == {terms.ADJUST_ZERO, terms.ADJUST_NOT_APPLICABLE}
    assert len(gaps) == 2


# WXJ2 ---------------------------------------------------------------------------------------------


def test_wxj2_bonus_up_to_8_on_top() -> None:
    """▣ Bonus up to 8 on top (at most 108); items have caps of their own (i)."""
    (part,) = (part for part in scheme().parts if part.kind == terms.PART_BONUS)
    assert (part.code, part.weight) == (BONUS, 8)
    assert scheme().settings["权重合计"] == 100
    assert [row.weight for row in inside(BONUS)] == [4, 3, 3]
    given = [extra().of(unit.code, terms.PART_BONUS) for unit in scheme().units]
    assert max(given) == 8
    assert sum(points > 0 for points in given) > 30


def test_wxj2_what_is_above_an_items_cap_and_above_8_does_not_count() -> None:
    """市科学技术局: 3 + 2 under a cap of 4, then 3, then 2: 9 points, of which 8 count."""
    (part,) = (row for row in extra().parts["B05"] if row.code == BONUS)
    assert [(item.summed, item.counted) for item in part.items] == [(5, 4), (3, 3), (2, 2)]
    assert (part.summed, part.counted, part.cut) == (9, 8, 1)
    assert Counter(finding.code for finding in extra().findings) == {"G04": 2}


# WXJ3 ---------------------------------------------------------------------------------------------


def test_wxj3_five_voter_groups_twice_a_year() -> None:
    """WXJ3: the five voter groups, two rounds; shares (i) sum to 1."""
    shares = {kind: [row for row in scheme().voters if row.kind == kind] for kind in ("票种", "轮次")}
    assert tuple(row.name for row in shares["票种"]) == VOTERS
    assert [row.name for row in shares["轮次"]] == ["上半年", "下半年"]
    for found in shares.values():
        assert sum(Fraction(str(row.share)) for row in found) == 1
    tallies = Counter((row.unit, row.round, row.voters) for row in loaded(CODE).ledger.surveys)
    assert set(tallies) == {
        (unit.code, held, voters)
        for unit in scheme().units
        for held in ("上半年", "下半年")
        for voters in VOTERS
    }
    assert len(tallies) == tallies.total() == 125 * 5 * 2


def test_wxj3_ballots_are_weighed_as_by_hand() -> None:
    """(100a + 80b + 60c + 40d)/valid per voter group, by share, both rounds alike; no finding."""
    found = survey_values(scheme(), loaded(CODE).ledger.surveys, PERIOD)
    assert found.findings == ()
    shares = {row.name: Fraction(str(row.share)) for row in scheme().voters}
    expected: dict[str, Fraction] = {}
    for row in loaded(CODE).ledger.surveys:
        counts = [int(count or 0) for count in row.levels]
        marks = sum(mark * count for mark, count in zip((100, 80, 60, 40), counts, strict=True))
        mean = Fraction(marks, sum(counts))
        weight = shares[row.round] * shares[row.voters]
        expected[row.unit] = expected.get(row.unit, Fraction(0)) + weight * mean
    assert len(found.values) == 125
    for (unit, code), value in found.values.items():
        assert code == "P01"
        assert value == pytest.approx(float(expected[unit]), abs=1e-9)
        assert 80 < value < 98


# WXJ4 ---------------------------------------------------------------------------------------------


def test_wxj4_four_grades_with_a_quota_of_the_best_in_each_group() -> None:
    """WXJ4: 优秀 / 良好 / 合格 / 不合格; shares (i) of 32, 20, 26, 23, 24 units, half-up."""
    quotas = {}
    for group, size in GROUPS.items():
        member = next(unit for unit in scheme().units if unit.group == group)
        found = levels(rows_for(scheme(), member)[1], size, str(scheme().settings["等次名额"]))
        assert [level.name for level in found] == ["优秀", "良好", "合格", "不合格"]
        quotas[group] = (found[0].quota, found[1].quota)
    assert quotas == {
        "党群": (10, 16),
        "政府综合": (6, 10),
        "政府执法": (8, 13),
        "垂管和非金融": (6, 12),
        "驻锡内资银行": (6, 12),
    }


# WXJ5 ---------------------------------------------------------------------------------------------


def test_wxj5_four_events_lower_the_grade_and_place_last() -> None:
    """▣ Veto (4 events): the grade is lowered (by one, i) and the unit is placed last in it."""
    assert [row.consequence for row in scheme().veto_events] == [terms.VETO_LAST] * 4
    assert scheme().settings["否决降档"] == 1
    assert {row.unit for row in loaded(CODE).ledger.vetoes} == {"B46", "C14"}


# WXJ6 ---------------------------------------------------------------------------------------------


def test_wxj6_bonuses_and_deductions_stand_apart_and_may_be_appealed() -> None:
    """WXJ6: 加分, shown to all, and 扣分, shown to the unit only, are two parts; 申诉 is recorded."""
    kinds = {part.code: part.kind for part in scheme().parts}
    assert (kinds[BONUS], kinds[DEDUCTION]) == (terms.PART_BONUS, terms.PART_DEDUCTION)
    off = [row for row in loaded(CODE).ledger.bonuses if row.item == DEDUCTION]
    assert len(off) == 6
    assert all(extra().of(row.unit, terms.PART_DEDUCTION) == row.points for row in off)
    assert [row.state for row in loaded(CODE).ledger.appeals] == [terms.APPEAL_UPHELD, terms.APPEAL_REFUSED]


# WXJ7 ---------------------------------------------------------------------------------------------


def test_wxj7_twenty_best_of_a_and_b_and_ten_of_c() -> None:
    """▣ 二十佳 over A and B; 10 优胜单位 in C: among the 优秀, without those under a veto."""
    best, ten = (row for row in scheme().outcome_rules if row.condition == terms.FIRST_IN_TOTAL)
    assert (best.scope, best.together, best.count) == (("A类党群", "B类政府"), True, 20)
    assert (ten.scope, ten.together, ten.count) == (("C类垂管与公共服务",), True, 10)
    assert {(row.grade, row.barred) for row in (best, ten)} == {("优秀", True)}


# The whole line ------------------------------------------------------------------------------------

DECIDED = {
    ("B28", "M01"): "10",
    ("B38", "D02"): "2",
    ("B15", "M02"): "97.5",
    ("C28", "M08"): "40.9",
    ("B06", "M01"): "8",
}
"""What counts instead of the unit's own figure: 人工调整, 申诉, 核定 twice, the office's 考评打分表."""
SET_POINTS = {("B12", "M03"): Fraction("9.2"), ("A24", "M04"): Fraction(0)}
"""Scores set by 人工调整: 得分 and 按0分."""


def standing(unit: str) -> Standing:
    return next(row for row in played(CODE, YEAR).standings if row.unit.code == unit)


def halved_up(value: Fraction) -> Fraction:
    """Two places, half up."""
    return Fraction(int(value * 100 + Fraction(1, 2)), 100)


def by_hand(unit: Unit, row: Indicator, satisfaction: float) -> Fraction:
    """Points of one indicator in plain fractions, from what was typed and decided."""
    key = (unit.code, row.code)
    if key in SET_POINTS:
        return SET_POINTS[key]
    weight = Fraction(str(row.weight))
    if unit.code == "A32" and row.parent == SUPERVISION:
        weight = Fraction("12.5")
    if row.code == "P01":
        return halved_up(weight * Fraction(str(satisfaction)) / 100)
    given = typed(CODE, "填报" if row.value_source == terms.SOURCE_ENTERED else "考评", YEAR)
    value = Fraction(DECIDED.get(key) or given[key]["完成值"])
    if row.method == "目标完成率":
        target = next(t.value for t in scheme().targets if (t.indicator, t.unit) == (row.code, unit.code))
        return halved_up(weight * min(Fraction(1), value / Fraction(str(target))))
    if row.method == "扣分制":
        return halved_up(max(Fraction(0), weight - value / 2))
    return halved_up(weight * value / 100 if row.method == "比例计分" else value)


def test_wxj_the_demo_runs_without_an_error() -> None:
    """Three checked figures that differ, and what was decided, are said; nothing stops a result."""
    codes = Counter(finding.code for finding in played(CODE, YEAR).findings)
    assert codes == {"V23": 3, "D03": 1, "D04": 1, "D06": 1, "D09": 2, "G04": 2, "G06": 1}
    assert {row.state for row in played(CODE, YEAR).standings} == {terms.VALID}


def test_wxj1_totals_are_those_of_plain_fractions() -> None:
    """WXJ1, WXJ2: every one of the 125 totals, from what was typed, tallied and decided."""
    satisfied = survey_values(scheme(), loaded(CODE).ledger.surveys, PERIOD).values
    for unit in scheme().units:
        ruled_out = {"D03"} if unit.code == "A32" else set()
        points = {
            row.code: by_hand(unit, row, satisfied[unit.code, "P01"])
            for row in for_unit(unit)
            if row.code not in ruled_out
        }
        on_top = Fraction(str(extra().of(unit.code, terms.PART_BONUS)))
        off = Fraction(str(extra().of(unit.code, terms.PART_DEDUCTION)))
        found = standing(unit.code)
        assert found.total == float(sum(points.values()) + on_top - off), unit.name
        assert (found.bonus, found.deduction) == (float(on_top), float(off))


def test_wxj2_at_most_108() -> None:
    """▣ at most 108."""
    totals = {row.unit.code: row.total for row in played(CODE, YEAR).standings}
    assert max(totals.values()) == totals["B05"] == 105.11
    assert all(row.total <= 108 for row in played(CODE, YEAR).standings)


def test_wxj_ranks_run_through_each_group() -> None:
    for group, size in GROUPS.items():
        rows = [row for row in played(CODE, YEAR).standings if row.unit.group == group]
        assert (rows[0].rank, len(rows)) == (1, size)
        places = [row.place or 0 for row in rows]
        assert places == sorted(places)
        kept = [row.rank or 0 for row in rows if not row.vetoes]
        assert kept == sorted(kept)


def test_wxj4_a_tie_at_the_edge_is_broken_by_the_declared_parts() -> None:
    """政府综合: 97.63 twice at the sixth and last place of 优秀; 社会评议 decides."""
    inside_edge, outside = standing("B13"), standing("B03")
    assert inside_edge.total == outside.total == 97.63
    assert inside_edge.parts[SURVEY] > outside.parts[SURVEY]
    assert [(row.rank, row.grade) for row in (inside_edge, outside)] == [(6, "优秀"), (7, "良好")]


def test_wxj4_a_tie_nothing_breaks_is_left_to_the_office() -> None:
    """驻锡内资银行: two alike in every part at the sixth and last place: 待定, and the run says so."""
    tied = [standing("C27"), standing("C43")]
    assert tied[0].parts == tied[1].parts
    assert [(row.rank, row.tied, row.grade) for row in tied] == [(6, True, terms.PENDING_GRADE)] * 2
    (finding,) = (row for row in played(CODE, YEAR).findings if row.code == "G06")
    assert all(row.unit.name in finding.message for row in tied)


def test_wxj5_a_vetoed_unit_that_would_be_excellent() -> None:
    """WXJ5: after the normal assessment the grade is lowered, and the unit is placed last in it."""
    vetoed = standing("B46")
    assert (vetoed.rank, vetoed.first_grade, vetoed.grade) == (6, "优秀", "良好")
    enforcing = [row for row in played(CODE, YEAR).standings if row.unit.group == "政府执法"]
    places = {
        grade: [row.place or 0 for row in enforcing if row.grade == grade] for grade in ("良好", "合格")
    }
    assert vetoed.place == max(places["良好"]) == min(places["合格"]) - 1
    assert places["良好"].count(vetoed.place) == 1


def test_wxj5_the_other_falls_to_the_last_grade() -> None:
    fallen = standing("C14")
    assert (fallen.first_grade, fallen.grade, fallen.place) == ("合格", "不合格", 23)


def test_wxj6_a_granted_appeal_changes_the_figure_and_a_refused_one_does_not() -> None:
    claims = played(CODE, YEAR).claims
    assert [claim.source for claim in claims.of("B38", "D02")] == ["申诉", "考评"]
    assert [claim.typed for claim in claims.of("B38", "D02")] == ["2", "3"]
    assert [claim.source for claim in claims.of("B39", "D01")] == ["考评"]


def listed(rule: str) -> list[Outcome]:
    """Whom a row of 结果规则 lists."""
    result = played(CODE, YEAR)
    history, _ = read_history(scheme(), result.ledger.history, result.ledger.successions)
    found = outcomes(
        scheme(), 2016, result.standings, result.gradings.by_unit, figures_of(result.scores), history
    )
    return [row for row in found.rows if row.rule.code == rule]


@pytest.mark.parametrize(("rule", "classes", "count"), [("R1", "AB", 20), ("R2", "C", 10)])
def test_wxj7_the_best_over_several_classes(rule: str, classes: str, count: int) -> None:
    """▣ 二十佳 over A and B; 10 优胜单位 in C: the highest totals among the 优秀."""
    excellent = [
        row
        for row in played(CODE, YEAR).standings
        if row.grade == "优秀" and row.unit.unit_class[0] in classes
    ]
    best = sorted(excellent, key=lambda row: -row.total)[:count]
    assert len(excellent) > count == len(best)
    commended = [row.unit.code for row in listed(rule) if row.state == LISTED]
    assert sorted(commended) == sorted(row.unit.code for row in best)


def test_wxj7_a_vetoed_unit_is_not_commended() -> None:
    """市城市重点建设项目管理中心 would be among the twenty by its total; it is named as left out."""
    assert standing("B46").total > min(
        standing(row.unit.code).total for row in listed("R1") if row.state == LISTED
    )
    assert [row.unit.code for row in listed("R1") if row.state == BARRED] == ["B46"]


def test_wxj4_a_share_of_excellent_units_is_commended() -> None:
    assert {row.unit.code for row in listed("R3")} == {
        row.unit.code for row in played(CODE, YEAR).standings if row.grade == "优秀"
    }
    assert [row.unit.code for row in listed("R5")] == ["C14"]
    assert {row.nature for row in listed("R5")} == {terms.NATURE_ADVICE}
