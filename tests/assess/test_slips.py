"""Slips of the unit and the point: what is told, how surely, and what is left alone."""

from __future__ import annotations

import contextlib
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaohe.assess.entries import as_record, record_findings
from kaohe.assess.slips import last_values, slips, suspicious_zero
from kaohe.model import Identity, Indicator, Record, Return, ReturnedRow
from kaohe.periods import parse_period

IDENTITY = Identity("1", "S", "v", "U1", "", "2007-H1")


def entry(typed: str, unit: str) -> tuple[Record, Indicator]:
    """What a clerk typed for an indicator of that unit of measure."""
    indicator = Indicator(code="X1", name="指标", parent="P", unit_of_measure=unit)
    returned = Return("东区.xlsx", "0" * 64, "", "自测表", IDENTITY)
    value: object = typed
    with contextlib.suppress(ValueError):
        value = float(typed)
    return as_record(ReturnedRow("X1", "G12", value), indicator, returned), indicator


def told(
    typed: str, unit: str, target: float | None, prior: float | None = None, last: float | None = None
) -> list[str]:
    return [finding.code for finding in slips(*entry(typed, unit), target, prior, last)]


# typed, unit of measure, target, last year's, typed last, what is told
CASES = (
    ("1626000", "亿元", 162.6, 140.8, 158.0, "V41"),
    ("1590000", "亿元", 162.6, None, 158.0, "V41"),
    ("812000", "亿元", 162.6, 140.8, 75.1, "V40"),  # half of the year: as likely, not as sure
    ("812000", "亿元", 162.6, None, None, "V40"),
    ("0.01626", "亿元", 162.6, None, 160.0, "V41"),
    ("162.6", "万元", 1626000.0, None, 1600000.0, "V41"),
    ("16260000000", "亿元", 162.6, None, 163.0, "V41"),
    ("12500", "公里", 12.5, None, 12.4, "V41"),
    ("0.0125", "公里", 12.5, None, 12.4, "V41"),
    ("-1626000", "亿元", -162.6, None, -160.0, "V41"),
    ("9.25", "%", 92.5, None, 92.1, "V40"),
    ("925", "%", 92.5, None, 92.1, "V40"),
    ("0.925", "%", None, None, 92.1, "V40"),
    ("0.925", "%", None, 91.0, 92.1, "V40"),
    ("0.8个百分点", "%", 92.0, 91.2, 91.5, "V40"),
    ("0.0368", "%", 4.0, None, None, "V40"),
    ("0.04", "%", 4.0, 3.8, None, "V40"),
    ("0.09", "%", 9.0, None, None, "V40"),
    ("909", "%", 90.0, None, None, "V40"),
    ("9.25", "%", 92.0, None, None, "V40"),
    ("增长0.8%", "%", 92.0, 91.2, None, "V40"),
    ("比上年提高0.8%", "%", 92.0, 91.2, None, "V40"),
    ("0.3", "%", 8.0, None, None, ""),  # a bad year
    ("0.0368%", "%", 4.0, None, None, ""),
    ("3.68", "%", 4.0, None, None, ""),
    ("109", "%", 100.0, None, None, ""),
    ("增长8.3%", "%", 8.0, 9.1, None, ""),
    ("162.6", "亿元", 162.6, 140.8, 158.0, ""),
    ("81.3", "亿元", 162.6, 140.8, 40.1, ""),
    ("1.2", "亿元", 162.6, None, None, ""),  # early in the year
    ("0.2", "个", 162.6, None, None, ""),
    ("500", "亿元", 162.6, None, 158.0, ""),  # V22 asks, not this
    ("0.5个百分点", "%", 3.0, 2.4, 2.6, ""),  # the indicator itself is a change
    ("92.5个百分点", "%", 92.0, 91.2, 91.5, ""),
    ("0.9%", "%", None, None, 92.1, ""),  # said to be so small
    ("1626000", "亿元", None, None, None, ""),
    ("1626000", "亿元", 0.0, None, 0.0, ""),
    ("0", "亿元", 162.6, None, 158.0, ""),
    ("-162.6", "亿元", 162.6, None, 158.0, ""),
    ("1626000", "亿元", 162.6, None, 1600000.0, ""),  # it was so the last time, too
    ("1626000", "亿元", 1626000.0, 162.6, None, ""),
    ("约好", "亿元", 162.6, None, 158.0, ""),
)


@pytest.mark.parametrize(("typed", "unit", "target", "prior", "last", "code"), CASES)
def test_case(
    typed: str, unit: str, target: float | None, prior: float | None, last: float | None, code: str
) -> None:
    assert told(typed, unit, target, prior, last) == ([code] if code else [])


# direction, unit of measure, target, last year's, typed last, whether 0 is asked about
ZEROS = (
    ("正向", "亿元", 300.0, 210.0, None, True),
    ("正向", "亿元", 300.0, None, 120.0, True),
    ("正向", "%", 40.0, None, None, True),
    ("逆向", "%", 4.0, 3.8, None, True),
    ("正向", "亿元", 300.0, None, None, False),  # begins late, for all that is known
    ("正向", "亿元", 300.0, 0.0, 0.0, False),
    ("逆向", "起", 3.0, 5.0, None, False),
    ("逆向", "人/亿元", 0.27, 0.25, None, False),
    ("正向", "%", 3.0, None, None, False),
)


@pytest.mark.parametrize(("direction", "unit", "target", "prior", "last", "asked"), ZEROS)
def test_zero(
    direction: str, unit: str, target: float | None, prior: float | None, last: float | None, asked: bool
) -> None:
    record, indicator = entry("0", unit)
    indicator = replace(indicator, direction=direction)
    known = (target, prior, last)
    assert bool(suspicious_zero(record, indicator, *known)) == asked
    assert suspicious_zero(record._replace(value=1.0), indicator, *known) == ""
    assert suspicious_zero(record._replace(reason="停产"), indicator, *known) == ""
    for pace in ("7月起", "曲线"):
        assert suspicious_zero(record, replace(indicator, pace=pace), *known) == ""


def test_the_message_has_the_evidence_and_what_may_be_meant() -> None:
    (found,) = slips(*entry("1626000", "亿元"), 162.6, None, 158.0)
    assert "目标 162.6 的 10,000 倍、上期 158 的 10,291 倍" in found.message
    assert "少除以一万,是否为 162.6亿元" in found.message
    assert (found.location.workbook, found.location.cell) == ("东区.xlsx", "G12")


def test_a_part_is_told_as_a_part() -> None:
    (found,) = slips(*entry("162.6", "万元"), 1626000.0, None, 1600000.0)
    assert "10,000 分之一" in found.message
    assert "多除以一万,是否为 1626000万元" in found.message


def test_a_slip_takes_the_place_of_the_general_question() -> None:
    record, indicator = entry("1626000", "亿元")
    codes = [f.code for f in record_findings(record, indicator, 162.6, True, "", last=158.0)]
    assert codes == ["V41"]
    assert [f.code for f in record_findings(record, indicator, 162.6, False, "", last=158.0)] == []


def test_a_share_of_one_is_told_once() -> None:
    record, indicator = entry("0.925", "%")
    assert [f.code for f in record_findings(record, indicator, 92.0, True, "", last=92.1)] == ["V21"]


def test_the_last_value_is_that_of_the_latest_earlier_period_of_the_year() -> None:
    base, _ = entry("1", "万元")

    def row(period: str, value: float | None, unit: str = "U1", superseded: str = "") -> Record:
        return base._replace(period=period, value=value, unit=unit, superseded=superseded)

    records = [
        row("2007-H1", 20.0),
        row("2007-Q1", 10.0),
        row("2007-H1", 21.0, superseded="later"),
        row("2007-Q3", 30.0),
        row("2006", 90.0),
        row("2007-02", 5.0, "U2"),
        row("2007-H1", None, "U2"),
    ]
    assert last_values(records, parse_period("2007-Q3")) == {("U1", "X1"): 20.0, ("U2", "X1"): 5.0}
    assert last_values(records, parse_period("2007-01")) == {}
    assert last_values([], parse_period("2007")) == {}


_FIGURES = st.floats(0.5, 10**6, allow_nan=False)


@given(_FIGURES, st.sampled_from([3, 4, 8, -3, -4, -8]), st.floats(0.97, 1.03), st.floats(0.97, 1.03))
def test_a_figure_close_to_both_but_for_a_unit_is_always_an_error(
    target: float, power: int, near: float, last: float
) -> None:
    record, indicator = entry(repr(target * near * 10.0**power), "万元")
    assert [f.code for f in slips(record, indicator, target, None, target * near * last)] == ["V41"]


@given(_FIGURES, st.floats(0.06, 9.0), st.floats(0.06, 9.0), st.sampled_from(["万元", "个", "公里"]))
def test_an_ordinary_year_is_left_alone(target: float, now: float, before: float, unit: str) -> None:
    """Within the tenfold of target or last value, and of no power of ten of both."""
    record, indicator = entry(repr(target * now), unit)
    found = [f.code for f in slips(record, indicator, target, None, target * before)]
    ten = abs(now - 0.1) < 0.01 or now > 8
    assert found == [] or ten
