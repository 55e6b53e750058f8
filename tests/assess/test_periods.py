"""Period codes: what each means, when it ends, which figures are due, and what is refused."""

from __future__ import annotations

import datetime as dt

import pytest

from kaohe.periods import PeriodError, parse_period


@pytest.mark.parametrize(
    ("typed", "code", "end", "title"),
    [
        ("2007-07", "2007-07", "2007-07-31", "2007年1–7月"),
        ("2007-7", "2007-07", "2007-07-31", "2007年1–7月"),
        ("2007-01", "2007-01", "2007-01-31", "2007年1月"),
        ("2008-02", "2008-02", "2008-02-29", "2008年1–2月"),
        ("2007-Q1", "2007-Q1", "2007-03-31", "2007年一季度"),
        ("2007-q2", "2007-H1", "2007-06-30", "2007年上半年"),
        ("2007-H1", "2007-H1", "2007-06-30", "2007年上半年"),
        ("2007-Q3", "2007-Q3", "2007-09-30", "2007年前三季度"),
        ("2007-Q4", "2007", "2007-12-31", "2007年全年"),
        ("2007-h2", "2007", "2007-12-31", "2007年全年"),
        (" 2007 ", "2007", "2007-12-31", "2007年全年"),
        ("2007-12", "2007-12", "2007-12-31", "2007年1–12月"),
    ],
)
def test_a_code(typed: str, code: str, end: str, title: str) -> None:
    period = parse_period(typed)
    assert (period.code, period.end, period.title) == (code, dt.date.fromisoformat(end), title)
    assert parse_period(period.code) == period


@pytest.mark.parametrize(
    "typed", ["", "上半年", "2007-13", "2007-00", "2007-Q5", "2007-H3", "07-H1", "1907-H1"]
)
def test_what_is_no_code(typed: str) -> None:
    with pytest.raises(PeriodError, match="2007-H1"):
        parse_period(typed)


@pytest.mark.parametrize(
    ("code", "due"),
    [
        ("2007-01", "月度"),
        ("2007-Q1", "月度 季度"),
        ("2007-07", "月度"),
        ("2007-H1", "月度 季度 半年"),
        ("2007-Q3", "月度 季度"),
        ("2007", "月度 季度 半年 年度"),
    ],
)
def test_bh2_which_figures_are_due(code: str, due: str) -> None:
    """BH2: annual figures are due at the year's end only, quarterly ones not in July."""
    period = parse_period(code)
    assert [word for word in ("月度", "季度", "半年", "年度") if period.covers(word)] == due.split()
