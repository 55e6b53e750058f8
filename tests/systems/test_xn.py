"""XN: a bureau's tasks in five blocks, and its persons by survey; each test quotes the rule it holds to."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest

from kaohe import terms
from kaohe.assess.crosschecks import crosscheck_findings
from kaohe.assess.inputs import Answer
from kaohe.assess.lookup import Lookup
from kaohe.assess.outcomes import BARRED as BARRED_STATE
from kaohe.assess.outcomes import LISTED
from kaohe.assess.standing import Standing
from kaohe.assess.survey import survey_values
from kaohe.findings import ERROR, QUERY
from kaohe.model import Indicator, Scheme, Supervision, SurveyRow, Target, Unit
from kaohe.periods import parse_period
from tests.systems.played import changed, listed, loaded, play, played, scheme_findings, tables, typed

CODE, YEAR = "XN", "2017"
BLOCKS = {"完成省定目标任务": 30, "三抓一优": 20, "其他职能职责": 25, "共性目标": 15, "特色工作目标": 10}
"""The five blocks are published; their full marks are not."""
THE_PERSON, BARRED, FINANCE, WATER_SUPPLY, WATER_ZONES = "K0302", "K0301", "K03", "K06", "K04"


def scheme() -> Scheme:
    return loaded(CODE).scheme.at(parse_period(YEAR).end)


def kind(name: str) -> list[Unit]:
    return [unit for unit in scheme().units if unit.kind == name]


def items_of(unit: Unit) -> list[Indicator]:
    return [row for row in scheme().indicators if row.applies(unit)]


def target(indicator: str) -> Target:
    (row,) = (row for row in scheme().targets if row.indicator == indicator)
    return row


def test_the_tables_are_read_without_a_finding() -> None:
    assert scheme_findings(CODE, YEAR) == []


def test_it_says_that_it_is_a_demo() -> None:
    assert str(scheme().settings["数据声明"]).startswith("演示数据")
    assert {row["出处"].split()[0] for row in typed(CODE, "填报", YEAR).values()} == {"公开", "虚构"}


# XN1 ----------------------------------------------------------------------------------------------


def test_xn1_five_blocks() -> None:
    blocks = {part.name: part.weight for part in scheme().parts if part.code != "G"}
    assert blocks == BLOCKS


@pytest.mark.parametrize("unit", kind(terms.KIND_UNIT), ids=lambda unit: unit.code)
def test_xn1_every_office_has_items_in_all_five_blocks(unit: Unit) -> None:
    weights: dict[str, float] = {}
    for item in items_of(unit):
        part = scheme().top_part_of(item)
        assert part is not None
        weights[part.name] = weights.get(part.name, 0) + item.weight
    assert weights == BLOCKS


def test_xn1_an_item_has_task_progress_leader_office_and_date() -> None:
    for row in tables(CODE)["indicator"].rows:
        for column in ("definition", "requirement", "leader", "lead_department", "time_limit"):
            assert row.text(column), (row.text("code"), column)
        assert dt.date.fromisoformat(row.text("time_limit")).year == 2017


# XN2 ----------------------------------------------------------------------------------------------


def ballots(person: str) -> list[SurveyRow]:
    return [row for row in loaded(CODE).ledger.surveys if row.unit == person]


def test_xn2_the_assessed_are_offices_and_persons_of_offices() -> None:
    offices, persons = kind(terms.KIND_UNIT), kind(terms.KIND_PERSON)
    assert (len(offices), len(persons)) == (9, 18)
    assert {person.belongs_to for person in persons} == {office.code for office in offices}
    assert all(items_of(person) == [scheme().indicator_by_code["G01"]] for person in persons)


def test_xn2_shares_of_self_office_and_leaders() -> None:
    assert {row.name: row.share for row in scheme().voters} == {
        "个人自评": 0.3,
        "科室评价": 0.3,
        "领导测评": 0.4,
    }


def test_xn2_every_person_is_marked_by_all_three() -> None:
    for person in kind(terms.KIND_PERSON):
        assert [row.voters for row in ballots(person.code)] == ["个人自评", "科室评价", "领导测评"]


def test_xn2_90_85_88_come_to_87_7() -> None:
    """▣ 90, 85, 88 → 87.7."""
    shares = {row.name: Decimal(str(row.share)) for row in scheme().voters}
    means = {row.voters: row.mean for row in ballots(THE_PERSON)}
    assert means == {"个人自评": 90, "科室评价": 85, "领导测评": 88}
    assert sum(shares[name] * Decimal(str(mean)) for name, mean in means.items()) == Decimal("87.7")


def test_xn2_the_survey_comes_to_87_7() -> None:
    """▣ 90, 85, 88 → 87.7, before anything is rounded."""
    surveys = survey_values(scheme(), loaded(CODE).ledger.surveys, parse_period(YEAR))
    assert surveys.findings == ()
    assert surveys.values[THE_PERSON, "G01"] == 87.7
    assert [line.mean for line in surveys.lines_of(THE_PERSON, "G01")] == [90, 85, 88]
    assert len(surveys.values) == 18


def test_xn2_a_missing_rater_is_found_and_nothing_is_made_up() -> None:
    rows = [row for row in loaded(CODE).ledger.surveys if (row.unit, row.voters) != (THE_PERSON, "领导测评")]
    surveys = survey_values(scheme(), rows, parse_period(YEAR))
    assert (THE_PERSON, "G01") not in surveys.values
    (finding,) = surveys.findings
    assert finding.severity == ERROR
    assert "领导测评" in finding.message


# XN3 ----------------------------------------------------------------------------------------------


def test_xn3_the_event_bars_and_takes_no_points() -> None:
    (event,) = scheme().veto_events
    assert event.consequence == terms.VETO_BARS
    (veto,) = loaded(CODE).ledger.vetoes
    assert (veto.unit, veto.event) == (BARRED, event.code)
    assert scheme().unit_by_code[BARRED].kind == terms.KIND_PERSON


def test_xn3_what_concerns_persons_is_only_proposed() -> None:
    rules = scheme().outcome_rules
    assert rules
    assert {rule.nature for rule in rules if terms.KIND_PERSON in rule.scope} == {terms.NATURE_ADVICE}
    assert all(rule.barred for rule in rules if rule.condition == terms.FIRST_IN_TOTAL)


# XN4, XN5 -----------------------------------------------------------------------------------------


def sheets() -> tuple[Supervision, ...]:
    return loaded(CODE).ledger.supervisions


def test_xn4_28_problem_sheets_all_closed() -> None:
    """▣ 28 sheets, all closed."""
    assert len({row.number for row in sheets()}) == len(sheets()) == 28
    assert {row.state for row in sheets()} == {terms.SUPERVISION_CLOSED}


def test_xn4_a_sheet_has_owner_deadline_and_state() -> None:
    for row in sheets():
        assert row.owner
        assert row.raised < row.closed <= row.deadline
        assert scheme().unit_by_code[row.unit].kind == terms.KIND_UNIT


def test_xn5_a_bulletin_has_a_number_within_the_year() -> None:
    """▣ 〔2017〕第8期."""
    assert any("〔2017〕第8期" in row.basis for row in sheets())


# XN6, XN7, XN8 ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("indicator", "prior", "planned", "by_rule"), [("B01", 16.5, 23, "21.45"), ("B02", 8.5, 11, "11.05")]
)
def test_xn6_both_targets_depart_from_their_rule(
    indicator: str, prior: float, planned: float, by_rule: str
) -> None:
    """▣ 16.5 → 23 is above the rule's 21.45; 8.5 → 11 against 11.05."""
    row = target(indicator)
    assert (row.prior, row.value) == (prior, planned)
    assert Decimal(str(prior)) * Decimal("1.3") == Decimal(by_rule) != Decimal(str(planned))
    (check,) = (check for check in scheme().crosschecks if check.left == f"目标值_{indicator}")
    assert (check.relation, check.right, check.clause) == ("=", f"上年值_{indicator}*1.3", "XN6")


def crosschecked(*changes: tuple[str, str, str]) -> list[tuple[str, str, str]]:
    """(clause, unit, words) of the relations that do not hold between the demo's figures."""
    figures: dict[str, dict[str, Answer]] = {}
    for (unit, code), row in changed(typed(CODE, "填报", YEAR), *changes).items():
        figures.setdefault(unit, {})[code] = float(row["完成值"])
    found = crosscheck_findings(scheme(), figures, Lookup.of(scheme()))
    assert {finding.severity for finding in found} <= {QUERY}
    clauses = {check.clause for check in scheme().crosschecks}
    return [
        (next(c for c in clauses if c in finding.what), finding.location.unit, finding.what)
        for finding in found
    ]


def test_xn6_both_are_asked_back_with_both_numbers() -> None:
    """▣ 23 against 21.45, 11 against 11.05; XN7 holds and is not among them."""
    first, second = crosschecked()
    assert first[:2] == second[:2] == ("XN6", FINANCE)
    assert "23" in first[2]
    assert "21.45" in first[2]
    assert "11" in second[2]
    assert "11.05" in second[2]


def test_xn7_a_part_changed_is_asked_back() -> None:
    found = crosschecked((FINANCE, "A08", "9210"))
    assert [clause for clause, *_ in found] == ["XN6", "XN6", "XN7"]
    assert "62105.86" in found[2][2]
    assert "62114.86" in found[2][2]


def test_xn7_the_parts_add_up() -> None:
    """▣ 62105.86 = 35214 + 9201 + 17690.86 万."""
    given = typed(CODE, "填报", YEAR)
    whole, *parts = (Decimal(given[FINANCE, code]["完成值"]) for code in ("A06", "A07", "A08", "A09"))
    assert (whole, parts) == (Decimal("62105.86"), [Decimal("35214"), Decimal("9201"), Decimal("17690.86")])
    assert sum(parts) == whole
    assert {scheme().indicator_by_code[code].unit_of_measure for code in ("A06", "A07", "A08", "A09")} == {
        "万元"
    }
    (check,) = (check for check in scheme().crosschecks if check.clause == "XN7")
    assert (check.left, check.right) == ("完成值_A06", "完成值_A07+完成值_A08+完成值_A09")


@pytest.mark.parametrize(("indicator", "least"), [("A14", 62), ("A10", 84)])
def test_xn8_thresholds(indicator: str, least: float) -> None:
    """▣ 农村供水水质合格率 62%, 水功能区水质达标率 84%."""
    row = scheme().indicator_by_code[indicator]
    assert (target(indicator).value, row.method, row.unit_of_measure) == (least, "达标得满分", "%")


@pytest.mark.parametrize(
    ("unit", "indicator", "value", "points"),
    [
        (WATER_ZONES, "A10", "84", 18),
        (WATER_ZONES, "A10", "83.9", 0),
        (WATER_SUPPLY, "A14", "62", 18),
        (WATER_SUPPLY, "A14", "61.9", 0),
    ],
)
def test_xn8_all_points_from_the_threshold_on_and_none_below(
    unit: str, indicator: str, value: str, points: float
) -> None:
    own = {**typed(CODE, "填报", YEAR)}
    marks = {key: row for key, row in typed(CODE, "考评", YEAR).items() if key != (unit, indicator)}
    own[unit, indicator] = {**own[unit, indicator], "完成值": value}
    result = play(CODE, YEAR, own=own, marks=marks).scores.results[indicator]
    at = [row.code for row in play(CODE, YEAR).scores.units].index(unit)
    assert result.points[at] == points * 100


# The whole ----------------------------------------------------------------------------------------


def test_every_office_has_a_result_and_a_rank_among_its_like() -> None:
    found = [s for s in played(CODE, YEAR).standings if s.unit.kind == terms.KIND_UNIT]
    assert {s.state for s in found} == {terms.VALID}
    assert {s.unit.group for s in found} == {"综合科室", "业务科室"}
    assert all(s.measured_weight == 100 for s in found)
    for standing in found:
        assert sum(Decimal(str(points)) for points in standing.parts.values()) == Decimal(str(standing.total))
        assert 80 < standing.total < 100


def test_the_departments_figures_go_before_the_offices_own() -> None:
    claims = played(CODE, YEAR).claims
    assert [(c.source, c.answer) for c in claims.of("K06", "A14")] == [("考评", 64.8), ("自测", 65.3)]
    assert [(c.source, c.answer) for c in claims.of("K02", "A03")] == [("核定", 430.0), ("自测", 436.0)]


def standing(unit: str) -> Standing:
    (found,) = (s for s in played(CODE, YEAR).standings if s.unit.code == unit)
    return found


def test_xn2_the_persons_score_is_87_7() -> None:
    """▣ 90, 85, 88 → 87.7."""
    assert standing(THE_PERSON).total == 87.7
    assert standing(THE_PERSON).parts["G"] == 87.7


def test_xn2_persons_are_ranked_among_persons() -> None:
    persons = [s for s in played(CODE, YEAR).standings if s.unit.kind == terms.KIND_PERSON]
    assert [s.rank for s in persons] == list(range(1, 19))
    assert {s.state for s in persons} == {terms.VALID}


def test_xn3_the_barred_person_keeps_points_rank_and_grade() -> None:
    best = standing(BARRED)
    assert (best.rank, best.place, best.grade, best.first_grade) == (1, 1, "优秀", "优秀")
    assert [veto.event for veto in best.vetoes] == ["N01"]


def test_xn3_the_barred_person_is_not_proposed_and_the_reason_is_said() -> None:
    assessment = played(CODE, YEAR)
    assert listed(assessment, "R01") == {
        LISTED: ["韩某某", "郑某某", "褚某某"],
        BARRED_STATE: ["周某某"],
    }
    assert listed(assessment, "R02") == {LISTED: ["周某某"]}
    assert {row.nature for row in assessment.outcomes.rows} == {terms.NATURE_ADVICE}
    (refused,) = (row for row in assessment.outcomes.rows if row.state == BARRED_STATE)
    assert "责任书任务未完成" in refused.basis


def test_xn3_without_the_veto_the_best_is_proposed_and_no_score_is_other() -> None:
    freed = play(CODE, YEAR, alter=lambda system: system._replace(ledger=replace(system.ledger, vetoes=())))
    assert listed(freed, "R01") == {LISTED: ["周某某", "韩某某", "郑某某"]}
    assert listed(freed, "R02") == {}
    totals = {s.unit.code: s.total for s in freed.standings}
    assert totals == {s.unit.code: s.total for s in played(CODE, YEAR).standings}


def test_the_run_asks_back_what_it_should_and_nothing_else() -> None:
    """XN6 twice, and two figures a department set otherwise than the office."""
    found = sorted((finding.code, finding.severity) for finding in played(CODE, YEAR).findings)
    assert found == [("V23", QUERY), ("V23", QUERY), ("V38", QUERY), ("V38", QUERY)]
