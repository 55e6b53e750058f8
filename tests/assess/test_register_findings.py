"""Rows of registers that do not do what somebody may think: D02, D07, D10, D11, S49."""

from __future__ import annotations

import pytest

from kaohe.assess.register_findings import register_findings
from kaohe.model import Adjustment, Bonus, Ledger, Verdict
from kaohe.periods import parse_period
from tests.support.schemes import small_scheme
from tests.systems.played import Loaded, loaded, play

YEAR = parse_period("2016")


def codes(code: str, ledger: Ledger) -> list[str]:
    system = loaded(code)
    scheme = system.scheme.at(YEAR.end)
    return [finding.code for finding in register_findings(scheme, YEAR, ledger)]


def test_a_verdict_on_what_the_unit_is_not_assessed_by() -> None:
    """D07: a 核定 nobody asked for must not vanish."""
    scheme = loaded("WX-J").scheme.at(YEAR.end)
    absent = next(row.code for row in scheme.indicators if not row.applies(scheme.units[0]))
    assert codes("WX-J", Ledger(verdicts=(Verdict("2016", "A01", absent, "5"),))) == ["D07"]
    assert codes("WX-J", Ledger(verdicts=(Verdict("2016", "A01", "M01", "5"),))) == []


def test_two_verdicts_of_one_level() -> None:
    """D02: the later counts and somebody is told; the province beside the city is no repetition (XT6)."""
    row = Verdict("2016", "A01", "M01", "5")
    assert codes("WX-J", Ledger(verdicts=(row, row))) == ["D02"]
    province = Verdict("2016", "A01", "M01", "5", level="省")
    assert codes("WX-J", Ledger(verdicts=(row, province))) == []


@pytest.mark.parametrize(
    ("period", "found"), [("2016-Q1", ["D10"]), ("2016", []), ("2015", []), ("去年", [])]
)
def test_rows_of_another_part_of_the_year(period: str, found: list[str]) -> None:
    """D10: a row of the first quarter does not count in the year, and the run says so, once a register."""
    row = Bonus(period, "A01", "E", 1.0)
    assert codes("WX-J", Ledger(bonuses=(row, row))) == found


@pytest.mark.parametrize(
    ("item", "indicator", "value", "found"),
    [
        ("得分", "M01", "500", True),
        ("得分", "M01", "-1", True),
        ("得分", "M01", "20", False),
        ("总分", "", "-5", True),
        ("总分", "", "500", True),
        ("总分", "", "90", False),
    ],
)
def test_a_number_no_formula_could_come_to(item: str, indicator: str, value: str, found: bool) -> None:
    """D11 names the unit and the cell; the decision still counts (Y7)."""
    row = Adjustment("2016", "A01", indicator, item, value, "纪要", "办公室", "2017-01-10")

    def alter(system: Loaded) -> Loaded:
        return system._replace(ledger=Ledger(adjustments=(row,)))

    assessment = play("WX-J", "2016", alter=alter)
    said = [f.location.unit for f in assessment.findings if f.code == "D11"]
    assert said == (["A01"] if found else [])


def test_a_person_in_a_group_of_units() -> None:
    """S49: 个人 would be ranked with 单位."""
    from kaohe.assess.check_scheme import check_scheme

    scheme = small_scheme(人员="人员代码|姓名|单位代码|考核组\nP1|张三|U1|甲组\nP2|李四|U1|")
    found = [f.facts["name"] for f in check_scheme(scheme, parse_period("2007")) if f.code == "S49"]
    assert found == ["张三"]
