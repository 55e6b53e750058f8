"""测评: tallies to values, and every way a tally can be wrong (WXJ3, XN2, scoring-methods 22–25)."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from functools import reduce
from itertools import permutations
from operator import add

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaohe.assess.load_ledger import load_ledger
from kaohe.assess.survey import Surveys, survey_formula, survey_values
from kaohe.assess.survey_shares import check_survey, exact_sum
from kaohe.assess.survey_votes import level_points, read_marks
from kaohe.findings import Finding
from kaohe.model import Scheme, SurveyRow
from kaohe.periods import parse_period
from tests.support.schemes import draw, small_scheme

CODES = ("V30", "V31", "V32", "V33", "V34", "V35", "V37", "S31", "S32", "S33", "S38", "S39")
"""Codes of findings whose cases stand in this file."""

INDICATORS = """
    指标代码|上级|指标名称|计量单位|权重|计分方法|频次|取值|适用
    X1|A|产值|亿元|60|目标完成率|月度||
    X2|B|满意度|分|40|比例直接计分|{frequency}|测评|{applies}
    """
HEAD = "期次|轮次|单位代码|指标代码|票种|发出票|收回票|满意|较满意|一般|不满意|无效票|平均分|逐票得分\n"
VOTERS = "指标代码|类型|名称|比重|去最高最低\n"


def scheme_of(
    voters: str = "", frequency: str = "月度", applies: str = "", settings: str = "", **tables: str
) -> Scheme:
    """The small scheme with X2 surveyed; ``voters``: rows of 票种, ``settings``: rows of 方案."""
    return small_scheme(
        方案=f"项目|值\n方案代码|T\n考核年度|2016\n{settings}",
        指标=INDICATORS.format(frequency=frequency, applies=applies),
        票种=VOTERS + voters if voters else None,
        **tables,
    )


def run(rows: str, scheme: Scheme | None = None, period: str = "2016", **options: object) -> Surveys:
    """``rows`` as drawn below HEAD."""
    tables = draw(测评=HEAD + rows)
    surveys = load_ledger(tables).surveys
    when = parse_period(period)
    return survey_values((scheme or scheme_of()).at(when.end), surveys, when, **options)  # type: ignore[arg-type]


def shown(findings: tuple[Finding, ...]) -> list[tuple[str, str, str]]:
    """(code, unit, cell), and every message can be said."""
    assert all(finding.message for finding in findings)
    return [(f.code, f.location.unit, f.location.cell) for f in findings]


def test_22_levels_are_weighted_over_the_valid_ballots() -> None:
    found = run("2016||U1|X2|群众|10|10|5|3|1|0|1||\n2016||U2|X2|群众|10|9|0|0|0|9|||")
    assert found.values == {("U1", "X2"): 88.888888889, ("U2", "X2"): 40}
    assert found.findings == ()
    assert [(line.valid, line.how) for line in found.lines] == [(9, "四级票"), (9, "四级票")]


def test_the_marks_of_the_levels_are_a_setting() -> None:
    scheme = scheme_of("X2|票种|群众|1", settings="满意度分值|100,70,50,0")
    both = run("2016||U1|X2|群众|||1|1|1|1|||\n2016||U2|X2|群众|||0|0|0|3|||", scheme)
    assert both.values == {("U1", "X2"): 55, ("U2", "X2"): 0}


def test_xn2_three_raters_make_87_7() -> None:
    """XN2 ▣: a person's score = 个人自评 30% + 科室评价 30% + 领导测评 40% (90, 85, 88 → 87.7)."""
    scheme = scheme_of(
        "X2|票种|个人自评|0.3\nX2|票种|科室评价|30%\nX2|票种|领导测评|0.4",
        applies="个人",
        人员="人员代码|姓名|单位代码\nP1|张三|U1",
    )
    found = run(
        "2016||P1|X2|个人自评||||||||90|\n2016||P1|X2|科室评价||||||||85|\n2016||P1|X2|领导测评||||||||88|",
        scheme,
    )
    assert found.values == {("P1", "X2"): 87.7}
    assert found.findings == ()
    lines = found.lines_of("P1", "X2")
    figures = {(line.round, line.voters): f"{line.mean:g}" for line in lines}
    assert survey_formula(lines, figures) == "0.3*90+0.3*85+0.4*88"


def test_25_a_missing_rater_is_a_finding_and_no_value() -> None:
    scheme = scheme_of("X2|票种|个人自评|0.3\nX2|票种|科室评价|0.3\nX2|票种|领导测评|0.4")
    row = "2016||{}|X2|{}||||||||90|\n"
    full = "".join(row.format("U1", who) for who in ("个人自评", "科室评价", "领导测评"))
    found = run(full + row.format("U2", "个人自评") + row.format("U2", "领导测评"), scheme)
    assert found.values == {("U1", "X2"): 90}
    assert shown(found.findings) == [("V33", "U2", "")]
    assert "2016“科室评价”" in found.findings[0].what
    assert run(full + row.format("U2", "个人自评"), scheme, settled={("U2", "X2")}).findings == ()


def test_23_shares_that_sum_to_one_only_in_decimals() -> None:
    shares = (0.15, 0.15, 0.2, 0.1, 0.15, 0.25)
    assert {reduce(add, order) == 1 for order in permutations(shares)} == {True, False}
    assert exact_sum(shares) == 1
    rows = "\n".join(f"X2|票种|组{n}|{share}" for n, share in enumerate(shares))
    scheme = scheme_of(rows)
    assert list(check_survey(scheme.at(parse_period("2016").end))) == []
    tallies = "".join(f"2016||{u}|X2|组{n}||||||||8{n}|\n" for n in range(6) for u in ("U1", "U2"))
    expected = sum(Decimal(str(share)) * (80 + n) for n, share in enumerate(shares))
    assert run(tallies, scheme).values["U1", "X2"] == float(expected)


@pytest.mark.parametrize(
    ("marks", "trimmed", "expected"),
    [
        ("90,80,70,60,50", "是", 70),
        ("100,90,80,70,60,10", "是", 75),
        ("100,90,80,70,60,10", "否", 410 / 6),
        ("90、90、90、60、60、60", "是", 75),
        ("80 80 80 80 80 80", "是", 80),
        ("90,,70", "否", 80),
        ("90.5;80,", "否", 85.25),
    ],
)
def test_24_one_highest_and_one_lowest_of_more_than_five(marks: str, trimmed: str, expected: float) -> None:
    scheme = scheme_of(f"X2|票种|评委|1|{trimmed}")
    found = run(f"2016||U1|X2|评委|||||||||{marks}\n2016||U2|X2|评委||||||||50|", scheme)
    assert found.values["U1", "X2"] == pytest.approx(expected, abs=1e-9)
    assert found.findings == ()


def test_24_a_ballot_with_one_mark_for_all_is_void_where_the_scheme_says_so() -> None:
    rows = "2016||U1|X2|评委|||||||||80,90,70\n2016||U2|X2|评委|||||||||80,50,60"
    counted = run(rows, scheme_of("X2|票种|评委|1"))
    assert counted.values == {("U1", "X2"): 80, ("U2", "X2"): pytest.approx(190 / 3)}
    void = run(rows, scheme_of("X2|票种|评委|1", settings="雷同票|作废"))
    assert void.values == {("U1", "X2"): 80, ("U2", "X2"): 55}
    assert shown(void.findings) == [("V37", "", "E2")]
    assert "第1票" in void.findings[0].what
    alone = run("2016||U1|X2|评委|||||||||80,80", scheme_of("X2|票种|评委|1", settings="雷同票|作废"))
    assert alone.values == {("U1", "X2"): 80}, "one unit alone: nothing to compare with"
    nobody = run(
        "2016||U1|X2|评委|||||||||80\n2016||U2|X2|评委|||||||||80",
        scheme_of("X2|票种|评委|1", settings="雷同票|作废"),
    )
    assert nobody.values == {}
    assert [code for code, *_ in shown(nobody.findings)] == ["V37", "V32", "V32"]


def test_wxj3_two_rounds_a_year() -> None:
    """WXJ3: 社会评议 twice a year; 2016-H1 and 2016 make the year's value, half each by default."""
    rows = "2016-H1||{0}|X2|群众||||||||80|\n2016||{0}|X2|群众||||||||91|\n2015||{0}|X2|群众||||||||1|\n"
    rows = rows.format("U1") + rows.format("U2")
    scheme = scheme_of("X2|票种|群众|1", frequency="半年")
    assert run(rows, scheme).values == {("U1", "X2"): 85.5, ("U2", "X2"): 85.5}
    assert run(rows, scheme, period="2016-H1").values["U1", "X2"] == 80
    weighted = scheme_of("X2|票种|群众|1\nX2|轮次|2016-H1|0.4\nX2|轮次|2016|0.6")
    found = run(rows, weighted)
    assert found.values["U1", "X2"] == 86.6
    lines = found.lines_of("U1", "X2")
    assert survey_formula(lines, {("2016-H1", "群众"): "C5", ("2016", "群众"): "D5"}) == (
        "0.4*(1*C5)+0.6*(1*D5)"
    )


def test_a_round_not_held_yet_is_left_out_before_the_years_end_and_missing_at_it() -> None:
    scheme = scheme_of("X2|票种|群众|1\n*|轮次|上半年|0.4\n*|轮次|下半年|0.6")
    rows = "2016-H1|上半年|U1|X2|群众||||||||80|\n2016-H1|上半年|U2|X2|群众||||||||70|"
    half = run(rows, scheme, period="2016-H1")
    assert half.values == {("U1", "X2"): 80, ("U2", "X2"): 70}
    assert shown(half.findings) == [("S39", "", "A3")]
    year = run(rows, scheme)
    assert year.values == {}
    assert shown(year.findings) == [("V33", "U1", ""), ("V33", "U2", "")]
    assert "下半年“群众”" in year.findings[0].what


def test_rows_of_an_indicator_go_before_those_of_all() -> None:
    scheme = scheme_of("*|票种|甲|1\nX2|票种|甲|0.25\nX2|票种|乙|0.75")
    rows = "2016||U1|X2|甲||||||||100|\n2016||U1|X2|乙||||||||60|\n"
    assert run(rows + rows.replace("U1", "U2"), scheme).values["U1", "X2"] == 70


def test_without_tallies_everybody_is_missing_only_when_the_indicator_is_due() -> None:
    scheme = scheme_of("X2|票种|群众|1", frequency="年度")
    assert run("", scheme, period="2016-H1").findings == ()
    year = run("", scheme)
    assert shown(year.findings) == [("V33", "U1", ""), ("V33", "U2", "")]
    assert "全部" in year.findings[0].what


GOOD = "2016||U2|X2|群众||||||||90|\n"
WRONG: Mapping[str, tuple[str, str]] = {
    "levels and invalid ballots are not those returned": ("2016||U1|X2|群众|20|10|5|3|1|1|1||", "V30"),
    "more returned than issued": ("2016||U1|X2|群众|9|10|5|3|1|1|0||", "V30"),
    "more counted than issued": ("2016||U1|X2|群众|9||5|3|1|1|0||", "V30"),
    "a count below zero": ("2016||U1|X2|群众|10|10|11|-1|0|0|0||", "V30"),
    "half a ballot": ("2016||U1|X2|群众|10|10|9.5|0|0|0|0||", "V30"),
    "more marks than ballots": ("2016||U1|X2|群众|3|3|||||0||90,80,70,60", "V30"),
    "a mean that is not the levels'": ("2016||U1|X2|群众|||1|1|0|0||91|", "V30"),
    "the same group twice": (GOOD.replace("U2", "U1") + "2016||U1|X2|群众||||||||80|", "V30"),
    "a period that is none": ("去年||U1|X2|群众||||||||90|", "V30"),
    "a mean above 100": ("2016||U1|X2|群众||||||||100.5|", "V31"),
    "a mark above 100": ("2016||U1|X2|群众|||||||||90,101", "V31"),
    "a mark that is a word": ("2016||U1|X2|群众|||||||||90,较好", "V31"),
    "no valid ballot: levels": ("2016||U1|X2|群众|5|2|0|0|0|0|2||", "V32"),
    "no valid ballot: none returned": ("2016||U1|X2|群众|5|0||||||90|", "V32"),
    "no valid ballot: empty marks": ("2016||U1|X2|群众|||||||||,,", "V32"),
    "nothing filled in": ("2016||U1|X2|群众|5||||||||", "V32"),
    "a group nobody declared": ("2016||U1|X2|群从||||||||90|", "V34"),
    "a round nobody declared": ("2016|第三次|U1|X2|群众||||||||90|", "V34"),
}


@pytest.mark.parametrize("why", WRONG)
def test_what_is_wrong_with_a_tally_is_said_at_its_cell(why: str) -> None:
    scheme = scheme_of("X2|票种|群众|1\nX2|轮次|2016|1")
    rows, code = WRONG[why]
    found = run(GOOD + rows, scheme)
    last = "E4" if "twice" in why else "E3"
    mine = [row for row in shown(found.findings) if row[0] == code]
    assert mine == [(code, "U1", last)]
    assert found.values == {("U2", "X2"): 90}
    rest = {row[0] for row in shown(found.findings)} - {code}
    assert rest <= ({"V33"} if "period" in why else set())


def test_near_names_are_offered() -> None:
    found = run(GOOD + "2016||U1|X2|服务对像||||||||90|", scheme_of("X2|票种|群众|0.5\nX2|票种|服务对象|0.5"))
    undeclared = next(f for f in found.findings if f.code == "V34")
    assert "相近的有:服务对象" in undeclared.message


def test_two_ways_that_agree_are_a_query_and_the_ballots_count() -> None:
    found = run(GOOD + "2016||U1|X2|群众|||2|1|0|0||93.33|", scheme_of("X2|票种|群众|1"))
    assert shown(found.findings) == [("V35", "U1", "E3")]
    assert found.values["U1", "X2"] == pytest.approx(280 / 3)


def test_tallies_nobody_uses_are_said() -> None:
    scheme = scheme_of("X2|票种|群众|1", applies="U2")
    found = run(
        GOOD + "2016||U1|X2|群众||||||||90|\n2016||U1|X1|群众||||||||90|\n2016||U1|Y9|群众||||||||90|", scheme
    )
    assert sorted(shown(found.findings)) == [("V37", "U1", "E3"), ("V37", "U1", "E4"), ("V37", "U1", "E5")]
    assert found.values == {("U2", "X2"): 90}


@pytest.mark.parametrize(
    ("rows", "settings", "code", "cell"),
    [
        ("X2|票种|甲|0.5\nX2|票种|乙|0.49", "", "S32", "C2"),
        ("X2|票种|甲|1\nX2|轮次|一|0.5", "", "S32", "C3"),
        ("X2|票种|甲|1\nX2|票种|甲|1", "", "S33", "C3"),
        ("X1|票种|甲|1\nX2|票种|甲|1", "", "S38", "C2"),
        ("X2|票种|甲|1", "满意度分值|100,80,60", "S31", "B4"),
        ("X2|票种|甲|1", "满意度分值|100,80,80,40", "S31", "B4"),
        ("X2|票种|甲|1", "满意度分值|100,80,好,40", "S31", "B4"),
        ("X2|票种|甲|1", "满意度分值|120,80,60,40", "S31", "B4"),
    ],
)
def test_what_is_wrong_with_the_table_of_voter_groups(rows: str, settings: str, code: str, cell: str) -> None:
    scheme = scheme_of(rows, settings=settings).at(parse_period("2016").end)
    found = list(check_survey(scheme))
    assert [(f.code, f.location.cell) for f in found] == [(code, cell)]
    assert found[0].message
    assert survey_values(scheme, (), parse_period("2016")).values == {}


def test_levels_and_marks_are_read_as_they_are_typed() -> None:
    assert level_points("100、80;60,40") == (100, 80, 60, 40)
    assert read_marks("９０\uff0c85\uff0c") == (90, 85, None)
    assert isinstance(read_marks("约90"), str)


Ballots = Decimal | tuple[int, int, int, int] | list[Decimal]
Drawn = tuple[list[Decimal], list[Decimal], dict[tuple[int, int], Ballots]]
counts = st.integers(0, 40)
levels_of = st.tuples(counts, counts, counts, counts).filter(any)
shares_of = st.lists(st.integers(1, 30), min_size=1, max_size=5)
marks_of = st.lists(st.integers(0, 1000).map(lambda n: Decimal(n) / 10), min_size=1, max_size=9)


@st.composite
def surveys_drawn(draw_: st.DrawFn) -> Drawn:
    """Shares of rounds and groups in whole thousandths that sum to 1, and each group's ballots."""

    def shares() -> list[Decimal]:
        parts = draw_(shares_of)
        whole = [Decimal(part * 1000 // sum(parts)) / 1000 for part in parts]
        return [*whole[:-1], 1 - sum(whole[:-1], Decimal(0))]

    rounds, groups = shares(), shares()
    ballots = {
        (r, g): draw_(st.one_of(levels_of, marks_of, st.integers(0, 10000).map(lambda n: Decimal(n) / 100)))
        for r in range(len(rounds))
        for g in range(len(groups))
    }
    return rounds, groups, ballots


def slow_mean(ballots: Ballots, trimmed: bool) -> Decimal:
    """The mean of one group, the obvious way."""
    if isinstance(ballots, Decimal):
        return ballots
    if isinstance(ballots, tuple):
        a, b, c, d = map(Decimal, ballots)
        return (100 * a + 80 * b + 60 * c + 40 * d) / (a + b + c + d)
    marks = list(ballots)
    if trimmed and len(marks) > 5:
        marks.remove(max(marks))
        marks.remove(min(marks))
    return sum(marks, Decimal(0)) / len(marks)


def typed(r: int, g: int, ballots: Ballots) -> SurveyRow:
    """The row of 测评 somebody would type."""
    row = SurveyRow("2016", f"第{r}轮", "U1", "X2", f"组{g}")
    if isinstance(ballots, Decimal):
        return replace(row, mean=float(ballots))
    if isinstance(ballots, tuple):
        return replace(row, levels=tuple(map(float, ballots)), returned=float(sum(ballots)))
    return replace(row, marks=",".join(map(str, ballots)))


@given(surveys_drawn(), st.booleans())
def test_the_value_is_that_of_a_slow_decimal_reference(drawn: Drawn, trimmed: bool) -> None:
    rounds, groups, ballots = drawn
    yes = "是" if trimmed else "否"
    rows = [f"X2|轮次|第{r}轮|{share}" for r, share in enumerate(rounds)]
    rows += [f"X2|票种|组{g}|{share}|{yes}" for g, share in enumerate(groups)]
    scheme = scheme_of("\n".join(rows), applies="U1").at(parse_period("2016").end)
    assert not [f for f in check_survey(scheme) if f.code == "S32"]
    tallies = [typed(r, g, each) for (r, g), each in ballots.items()]
    found = survey_values(scheme, tallies, parse_period("2016"))
    expected = sum(rounds[r] * groups[g] * slow_mean(each, trimmed) for (r, g), each in ballots.items())
    assert found.findings == ()
    assert found.values["U1", "X2"] == pytest.approx(float(expected), abs=1e-9)
    assert survey_values(scheme, tallies[::-1], parse_period("2016")).values == found.values


def test_wxj_125_units_ten_groups_two_rounds_are_fast() -> None:
    units = "\n".join(f"U{n}|单位{n}|甲组" for n in range(125))
    voters = "\n".join(f"X2|票种|组{g}|0.1|是" for g in range(10))
    scheme = scheme_of(voters, 单位="单位代码|单位名称|考核组\n" + units, settings="雷同票|作废")
    rows = [
        SurveyRow(
            "2016", r, f"U{n}", "X2", f"组{g}", marks=",".join(str(60 + (n * v) % 40) for v in range(1, 31))
        )
        for r in ("一", "二")
        for n in range(125)
        for g in range(10)
    ]
    started = time.perf_counter()
    found = survey_values(scheme.at(parse_period("2016").end), rows, parse_period("2016"))
    assert time.perf_counter() - started < 2
    assert len(found.values) == 125
