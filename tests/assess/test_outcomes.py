"""结果规则: who is commended, reminded or listed for study, read off places, indicators and earlier years."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaohe import terms
from kaohe.assess.grading import gradings
from kaohe.assess.history import read_history
from kaohe.assess.outcome_figures import Figure
from kaohe.assess.outcomes import BARRED, LISTED, OPEN, Outcome, Outcomes, outcomes, outcomes_of
from kaohe.assess.scoring import score
from kaohe.assess.standing import standings
from kaohe.model import Adjustment, Ledger, OutcomeRule, PastResult, Scheme, Succession, Unit, Veto
from kaohe.periods import parse_period
from tests.support.schemes import small_scheme

BASE = small_scheme(
    方案="项目|值\n方案代码|T\n考核年度|2016",
    指标="""
        指标代码|上级|指标名称|计量单位|指标性质|权重|计分方法|频次|序时
        X1|A|产值|亿元|正向|60|目标完成率|月度|无
        X2|B|事故|起|逆向|40|目标完成率逆向|月度|无
        """,
    否决事项="代码|事项|后果\nV1|重大食品安全事件|取消评优\nV2|安全事故|降等次并列末位",
    等次="等次|对象|最低分|比例|名额\n优秀|*||0.5|\n良好|*|||",
)


@dataclass(frozen=True)
class Result:
    """As much of a standing as outcomes look at."""

    unit: Unit
    total: float
    rate: float
    rank: int | None
    measured_indicators: int = 1


def results(totals: Mapping[str, float | None], group: str = "甲组", unit_class: str = "A类") -> list[Result]:
    valid = [total for total in totals.values() if total is not None]
    return [
        Result(
            Unit(code, f"{code}局", unit_class, group),
            total or 0.0,
            total or 0.0,
            None if total is None else 1 + sum(other > total for other in valid),
        )
        for code, total in totals.items()
    ]


def veto(unit: str, event: str = "V1") -> Veto:
    return Veto("2016", unit, event, "2016-05-01", "通报")


NO_FIGURES: Mapping[str, Mapping[str, Figure]] = {}


def run(
    rule: OutcomeRule,
    standings: Sequence[Result],
    vetoes: Sequence[Veto] = (),
    figures: Mapping[str, Mapping[str, Figure]] = NO_FIGURES,
    history: Sequence[PastResult] = (),
    successions: Sequence[Succession] = (),
    decided: Mapping[str, Adjustment] | None = None,
) -> Outcomes:
    scheme: Scheme = replace(BASE, outcome_rules=(rule,), units=tuple(row.unit for row in standings))
    graded = gradings(scheme, standings, vetoes, decided or {}).by_unit
    past, _ = read_history(scheme, history, successions)
    return outcomes(scheme, 2016, standings, graded, figures, past)


def shown(found: Outcomes) -> list[tuple[str, str]]:
    return [(row.unit.code, row.state) for row in found.rows]


def first(count: int = 1, **changed: object) -> OutcomeRule:
    rule = OutcomeRule("R1", "先进地区", "表彰", condition=terms.FIRST_IN_TOTAL, count=count)
    return replace(rule, **changed)  # type: ignore[arg-type]


def test_the_first_by_place() -> None:
    found = run(first(2), results({"U1": 90, "U2": 95, "U3": 80}))
    assert shown(found) == [("U2", LISTED), ("U1", LISTED)]
    assert [row.order for row in found.rows] == [1, 2]
    assert (found.rows[0].basis, found.rows[0].proposal) == ("总分 95,甲组第 1", "建议表彰:先进地区")


def test_wxd5_a_veto_bars_from_being_commended() -> None:
    """WXD5: the event keeps the unit out; it is listed with the event, and the next one moves up."""
    found = run(first(1, barred=True), results({"U1": 90, "U2": 95, "U3": 80}), [veto("U2"), veto("U3")])
    assert shown(found) == [("U1", LISTED), ("U2", BARRED)]
    assert found.rows[1].basis == "总分 95,甲组第 1;一票否决:重大食品安全事件(2016-05-01,通报)"
    assert found.rows[1].proposal == "因否决不予:先进地区"


def test_without_the_bar_a_veto_of_that_kind_changes_nothing() -> None:
    assert shown(run(first(1), results({"U1": 90, "U2": 95}), [veto("U2")])) == [("U2", LISTED)]


def test_a_unit_lowered_by_a_veto_is_listed_as_kept_out_of_its_former_grade() -> None:
    rule = first(5, barred=True, grade="优秀")
    found = run(rule, results({"U1": 90, "U2": 95, "U3": 80, "U4": 70}), [veto("U2", "V2")])
    assert shown(found) == [("U1", LISTED), ("U2", BARRED)]


def test_a_tie_at_the_edge_is_left_to_the_office() -> None:
    found = run(first(2), results({"U1": 90, "U2": 95, "U3": 90, "U4": 90, "U5": 60}))
    assert shown(found) == [("U2", LISTED), ("U1", OPEN), ("U3", OPEN), ("U4", OPEN)]
    (finding,) = found.findings
    assert finding.code == "G25"
    assert "U1局、U3局、U4局 并列在边缘" in finding.what


def test_a_tie_inside_is_nobodys_worry() -> None:
    assert shown(run(first(2), results({"U1": 90, "U2": 90, "U3": 80}))) == [("U1", LISTED), ("U2", LISTED)]


def test_each_group_apart_or_the_scope_together() -> None:
    """WXJ7: over several classes together by total, those placed last by a veto behind all others."""
    rows = [*results({"U1": 90, "U2": 80}), *results({"W1": 95, "W2": 85}, "乙组", "B类")]
    assert shown(run(first(1), rows)) == [("U1", LISTED), ("W1", LISTED)]
    assert shown(run(first(3, together=True), rows)) == [("W1", LISTED), ("U1", LISTED), ("W2", LISTED)]
    assert shown(run(first(1, scope=("B类",)), rows)) == [("W1", LISTED)]
    assert shown(run(first(1, scope=("A类", "B类"), together=True), rows)) == [("W1", LISTED)]
    assert shown(run(first(1, scope=("U2", "W2")), rows)) == [("W2", LISTED)]
    lowered = run(first(4, together=True), rows, [veto("W1", "V2")])
    assert [row.unit.code for row in lowered.rows] == ["U1", "W2", "U2", "W1"]


@pytest.mark.parametrize("groups", [("甲组", "乙组"), ("乙组", "甲组")])
def test_a_group_that_is_weaker_all_over_has_its_own_first(groups: tuple[str, str]) -> None:
    strong = results({"U1": 90, "U2": 80}, groups[0])
    weak = results({"W1": 70, "W2": 60}, groups[1])
    assert shown(run(first(1), [*strong, *weak])) == [("U1", LISTED), ("W1", LISTED)]


def test_wxj7_twenty_best_among_the_excellent_of_two_classes() -> None:
    """WXJ7: 二十佳 over A and B, only 优秀; fewer than twenty when there are no more."""
    rows = [
        *results({f"A{n:02}": 99.0 - n for n in range(32)}, "党群"),
        *results({f"B{n:02}": 98.5 - n for n in range(20)}, "综合", "B类"),
        *results({f"C{n:02}": 100.0 for n in range(3)}, "垂管", "C类"),
    ]
    rule = first(20, scope=("A类", "B类"), together=True, grade="优秀")
    found = run(rule, rows)
    assert len(found.rows) == 20
    assert [row.unit.code for row in found.rows[:4]] == ["A00", "B00", "A01", "B01"]
    assert {row.unit.unit_class for row in found.rows} == {"A类", "B类"}
    assert len(run(replace(rule, count=40), rows).rows) == 16 + 10


def test_provisional_units_are_not_listed_and_the_others_are_told() -> None:
    found = run(first(2), results({"U1": 90, "U2": None}))
    assert shown(found) == [("U1", LISTED)]
    assert found.rows[0].notes == ("甲组有暂定单位(U2局),结果可能改变",)


def test_persons_take_part_only_where_they_are_named() -> None:
    person = Result(Unit("P1", "张三", group="个人", kind=terms.KIND_PERSON), 99.0, 99.0, 1)
    rows = [*results({"U1": 90}), person]
    assert shown(run(first(5), rows)) == [("U1", LISTED)]
    assert shown(run(first(5, scope=("个人",)), rows)) == [("P1", LISTED)]


def test_units_whose_grade_is_open_are_named() -> None:
    """Three are tied for two places of 优秀: whoever is listed is told that others may come in."""
    found = run(first(5, grade="优秀"), results({"U1": 90, "U2": 80, "U3": 80, "U4": 70}))
    assert shown(found) == [("U1", LISTED)]
    assert found.rows[0].notes == ("等次待定的单位(U2局、U3局)未列入",)


def last(**changed: object) -> OutcomeRule:
    rule = OutcomeRule("R2", "诫勉谈话", "诫勉谈话", condition=terms.LAST_IN_TOTAL)
    return replace(rule, **changed)  # type: ignore[arg-type]


def test_wxz3_last_of_each_class() -> None:
    """WXZ3: last of the 国家级 and last of the 省级."""
    rows = [
        *results({"G1": 90, "G2": 80}, "国家级", "国家级"),
        *results({"S1": 70, "S2": 75}, "省级", "省级"),
    ]
    found = run(last(scope=("国家级", "省级")), rows)
    assert [(row.unit.code, row.scope) for row in found.rows] == [("G2", "国家级"), ("S1", "省级")]
    assert found.rows[0].proposal == "建议:诫勉谈话"


def test_who_is_alone_is_not_last() -> None:
    assert run(last(), results({"U1": 90})).rows == ()
    assert run(last(), results({"U1": 90, "U2": None})).rows == ()
    assert run(last(), []).rows == ()


def test_two_tied_at_the_end() -> None:
    found = run(last(), results({"U1": 90, "U2": 80, "U3": 80}))
    assert sorted(shown(found)) == [("U2", OPEN), ("U3", OPEN)]
    assert [finding.code for finding in found.findings] == ["G25"]


def best(*codes: str, **changed: object) -> OutcomeRule:
    rule = OutcomeRule("R3", "通报表扬", "通报表扬", condition=terms.FIRST_IN_INDICATOR, indicators=codes)
    return replace(rule, **changed)  # type: ignore[arg-type]


def test_wxd5_first_in_each_key_indicator() -> None:
    """WXD5: by score, then by value in the indicator's direction; ties all."""
    figures = {
        "X1": {"U1": Figure(120, 60), "U2": Figure(110, 60), "U3": Figure(90, 54)},
        "X2": {"U1": Figure(3, 40), "U2": Figure(1, 40), "U3": Figure(1, 40)},
    }
    rows = results({"U1": 90, "U2": 95, "U3": 80})
    found = run(best("X1", "X2"), rows, figures=figures)
    assert [row.unit.code for row in found.rows] == ["U1", "U2", "U3"]
    assert [row.basis for row in found.rows] == [
        "产值第一(完成值 120亿元,得分 60)",
        "事故第一(完成值 1起,得分 40),并列",
        "事故第一(完成值 1起,得分 40),并列",
    ]
    assert found.findings == ()


def test_first_in_an_indicator_only_among_those_it_applies_to_and_scored() -> None:
    figures = {"X1": {"U1": Figure(999, None), "U2": Figure(1, 10)}}
    found = run(best("X1", "不存在"), results({"U1": 90, "U2": 95, "U3": 99}), figures=figures)
    assert shown(found) == [("U2", LISTED)]
    assert run(best("X1"), results({"U3": 99}), figures=figures).rows == ()


def test_first_in_an_indicator_under_a_veto() -> None:
    figures = {"X1": {"U1": Figure(120, 60), "U2": Figure(110, 59)}}
    found = run(best("X1", barred=True), results({"U1": 90, "U2": 95}), [veto("U1")], figures)
    assert shown(found) == [("U2", LISTED), ("U1", BARRED)]


def past(unit: str, name: str = "", year: int = 2015, **changed: object) -> PastResult:
    row = PastResult(year, unit, name, "A类", "甲组", of=9)
    return replace(row, **changed)  # type: ignore[arg-type]


def twice_last(years: int = 2, outcome: str = "班子调整") -> OutcomeRule:
    return OutcomeRule("R4", outcome, terms.NATURE_ADVICE, condition=terms.LAST_YEARS, years=years)


def test_wxd5_last_two_years_running() -> None:
    """WXD5: the responsible persons, if found unfit, are adjusted: only ever listed as 提请研究."""
    rows = results({"U1": 90, "U2": 80})
    found = run(twice_last(), rows, history=[past("U2", "U2局", rank=9), past("U1", "U1局", rank=1)])
    (row,) = found.rows
    assert (row.unit.code, row.basis) == ("U2", "今年末位(共 2 个);2015年第 9(共 9 个)")
    assert (row.nature, row.proposal) == ("提请研究", "班子调整(提请研究,由有权机关决定)")
    assert run(twice_last(), rows, history=[past("U2", "U2局", rank=8)]).rows == ()


def test_a_unit_without_history_is_a_note_not_a_hit() -> None:
    found = run(twice_last(), results({"U1": 90, "U2": 80}))
    assert found.rows == ()
    (finding,) = found.findings
    assert (finding.code, finding.severity) == ("G24", "NOTE")
    assert "要看 2015—2016年,U2局 缺往年结果" in finding.what
    assert "U1局" not in finding.what


def test_three_years_running_need_both_years_before() -> None:
    rows = results({"U1": 90, "U2": 80})
    history = [past("U2", rank=9), past("U2", year=2014, rank=9)]
    assert shown(run(twice_last(3), rows, history=history)) == [("U2", LISTED)]
    assert run(twice_last(3), rows, history=history[:1]).rows == ()
    assert run(twice_last(3), rows, history=[history[0], past("U2", year=2014, rank=3)]).findings == ()


def test_wxd5_two_years_running_across_a_merger() -> None:
    """A merged unit was last only where all its predecessors were."""
    rows = results({"U1": 90, "U2": 80})
    merged = [Succession("2016-02-20", old, f"{old}区", "U2", "合并") for old in ("C1", "C2")]
    one = [past("C1", "C1区", rank=9), past("C2", "C2区", rank=8)]
    both = [past("C1", "C1区", rank=9), past("C2", "C2区", rank=9)]
    differing = run(twice_last(), rows, history=one, successions=merged)
    assert (differing.rows, [finding.code for finding in differing.findings]) == ((), ["G27"])
    (row,) = run(twice_last(), rows, history=both, successions=merged).rows
    assert "2015年第 9(共 9 个)(合并前的C1区)、2015年第 9(共 9 个)(合并前的C2区)" in row.basis


def test_what_a_split_unit_inherits_is_said() -> None:
    split = [Succession("2016-02-20", "O1", "老区", "U2", "拆分")]
    found = run(
        twice_last(), results({"U1": 90, "U2": 80}), history=[past("O1", "老区", rank=9)], successions=split
    )
    assert found.rows[0].notes == ("2015年的结果承接自拆分前的老区,是否适用请考核办研究",)


def below(condition: str, *codes: str) -> OutcomeRule:
    return OutcomeRule("R5", "提请研究", terms.NATURE_ADVICE, condition=condition, indicators=codes, years=2)


def test_wxz3_below_the_average_two_years() -> None:
    """WXZ3: on all the indicators named, worse than the mean of the year, in the indicator's direction."""
    figures = {
        "X1": {"U1": Figure(100, 60), "U2": Figure(50, 30), "U3": Figure(60, 40)},
        "X2": {"U1": Figure(1, 40), "U2": Figure(9, 20), "U3": Figure(2, 30)},
    }
    rows = results({"U1": 90, "U2": 80, "U3": 70})
    history = [
        past("U2", indicator="X1", value=40.0, mean=55.0),
        past("U2", indicator="X2", value=8.0, mean=5.0),
        past("U3", indicator="X1", value=40.0, mean=55.0),
        past("U3", indicator="X2", value=4.0, mean=5.0),
    ]
    found = run(below(terms.BELOW_MEAN_YEARS, "X1", "X2"), rows, figures=figures, history=history)
    assert shown(found) == [("U2", LISTED)]
    assert "今年产值 50亿元,平均 70" in found.rows[0].basis
    assert "2015年事故 8,平均 5" in found.rows[0].basis
    assert shown(run(below(terms.BELOW_MEAN_YEARS, "X1"), rows, figures=figures, history=history)) == [
        ("U2", LISTED),
        ("U3", LISTED),
    ]


def test_nobody_is_below_a_mean_all_share() -> None:
    figures = {"X1": {code: Figure(0.1, 60) for code in ("U1", "U2", "U3")}}
    history = [past(code, indicator="X1", value=1.0, mean=5.0) for code in ("U1", "U2", "U3")]
    rows = results({"U1": 90, "U2": 80, "U3": 70})
    assert run(below(terms.BELOW_MEAN_YEARS, "X1"), rows, figures=figures, history=history).rows == ()


def test_wxz3_short_of_the_target_two_years() -> None:
    figures = {"X1": {"U1": Figure(90, 50, 100, met=False), "U2": Figure(90, 50, 100, met=False)}}
    rows = results({"U1": 90, "U2": 80})
    recorded = [past("U1", indicator="X1", met="否"), past("U2", indicator="X1", value=101.0, target=100.0)]
    found = run(below(terms.BELOW_TARGET_YEARS, "X1"), rows, figures=figures, history=recorded)
    assert shown(found) == [("U1", LISTED)]
    assert "今年产值 90亿元,目标 100,未达" in found.rows[0].basis


def test_of_a_grade_and_under_a_veto() -> None:
    rows = results({"U1": 90, "U2": 80})
    graded = OutcomeRule("R6", "评优资格", "表彰", condition=terms.OF_GRADE, grade="优秀")
    assert shown(run(graded, rows)) == [("U1", LISTED)]
    vetoed = OutcomeRule("R7", "取消评先评优", "提醒", condition=terms.VETOED)
    (row,) = run(vetoed, rows, [veto("U2")]).rows
    assert (row.unit.code, row.basis) == ("U2", "一票否决:重大食品安全事件(2016-05-01,通报)")


@pytest.mark.parametrize(
    ("rule", "kind", "nature"),
    [
        (first(), terms.KIND_UNIT, "表彰"),
        (first(), terms.KIND_PERSON, "提请研究"),
        (first(outcome="予以免职", nature="通报表扬"), terms.KIND_UNIT, "提请研究"),
        (first(nature=""), terms.KIND_UNIT, ""),
    ],
)
def test_xn3_what_touches_a_person_is_only_listed(rule: OutcomeRule, kind: str, nature: str) -> None:
    row = Outcome(rule, Unit("U1", "东区", kind=kind), LISTED, "", 1)
    assert row.nature == nature
    assert ("提请研究,由有权机关决定" in row.proposal) == (nature == "提请研究")
    assert row.proposal.startswith("建议") or "提请" in row.proposal


def test_a_rule_nobody_can_read_lists_nobody() -> None:
    assert run(first(condition="随便"), results({"U1": 1.0})) == Outcomes((), ())


totals = st.lists(st.integers(0, 6), min_size=1, max_size=9)


@given(totals, st.integers(1, 5), st.sets(st.integers(0, 8)))
def test_the_first_are_those_of_sorting(given_totals: list[int], count: int, hit: set[int]) -> None:
    """Free units sorted by total: all as good as the count-th; whom a veto keeps out."""
    rows = results({f"U{n}": float(total) for n, total in enumerate(given_totals)})
    vetoes = [veto(f"U{n}") for n in hit if n < len(rows)]
    found = run(first(count, barred=True), rows, vetoes)
    free = sorted((t for n, t in enumerate(given_totals) if n not in hit), reverse=True)
    edge = free[min(count, len(free)) - 1] if free else -1
    listed = {row.unit.code for row in found.rows if row.state != BARRED}
    assert listed == {f"U{n}" for n, t in enumerate(given_totals) if n not in hit and t >= edge}
    kept = {row.unit.code for row in found.rows if row.state == BARRED}
    short = len(free) < count
    assert kept == {f"U{n}" for n, t in enumerate(given_totals) if n in hit and (short or t >= edge)}
    assert any(f.code == "G25" for f in found.findings) == (len(listed) > count)
    turned = run(first(count, barred=True), rows[::-1], vetoes)
    assert {(r.unit.code, r.state) for r in turned.rows} == {(r.unit.code, r.state) for r in found.rows}


def test_a_whole_year_is_read_with_its_scores_and_half_a_year_leads_to_nothing() -> None:
    """WXD5: from the scores of a run: first in an indicator, and last two years running."""
    values = {"X1": {"U1": 100.0, "U2": 90.0}, "X2": {"U1": 95.0, "U2": 95.0}}
    rules = (best("X1"), twice_last())
    scheme = replace(small_scheme(), outcome_rules=rules)
    ledger = Ledger(history=(past("U2", "西区", rank=9),))

    def listed(period: str) -> list[tuple[str, str]]:
        scores = score(scheme, parse_period(period), values)
        rows = standings(scores, ())
        found = outcomes_of(scores, rows, gradings(scores.scheme, rows, (), {}).by_unit, ledger)
        assert found.findings == ()
        return [(row.rule.code, row.unit.code) for row in found.rows]

    assert listed("2016") == [("R3", "U1"), ("R4", "U2")]
    assert listed("2016-H1") == []
