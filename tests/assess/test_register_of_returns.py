"""收件登记 and 报送 as pure values: what is entered when, which file counts, who is called late."""

from __future__ import annotations

import datetime as dt

import pytest

from kaohe.assess.receipts import entered, latest
from kaohe.assess.reminders import reminders
from kaohe.assess.reporting import reported
from kaohe.model import IssueRecord, Receipt, Record
from kaohe.sheets.reminder_text import letter
from tests.support.returns import H1, assess_forms, at_hour, form, registered
from tests.support.schemes import small_scheme

SCHEME = small_scheme()
FULL = "指标|完成值\nX1|100\nX2|95"
WRONG = "指标|完成值\nX1|约80\nX2|95"
TODAY = dt.date(2007, 7, 15)
DUE = "2007-07-10"


def register(*forms: tuple[str, str]) -> dict[str, IssueRecord]:
    return {k: row._replace(deadline=DUE) for k, row in registered(SCHEME, forms).items()}


def run(
    *texts: tuple[str, str, int], known: tuple[Receipt, ...] = (), records: tuple[Record, ...] = ()
) -> tuple[tuple[Receipt, ...], tuple[Record, ...]]:
    """One run with these (unit, form, hour of receipt); returns the register and the records after it."""
    sent = [form(unit, text, scheme=SCHEME, received=at_hour(hour)) for unit, text, hour in texts]
    done = assess_forms(SCHEME, sent, known=records)
    time = f"run {len(known)}"
    return entered(done.intake, done.findings, known, H1, time), done.intake.records


def said(rows: tuple[Receipt, ...]) -> list[tuple[str, str, int, str]]:
    return [(row.unit, row.state, row.errors, row.change) for row in rows]


def test_a_better_return_replaces_a_worse_one_in_sight() -> None:
    first, records = run(("U1", WRONG, 9))
    assert said(first) == [("U1", "已汇总", 1, "")]
    second, records = run(("U1", FULL, 10), known=first, records=records)
    assert second[: len(first)] == first
    assert said(second[1:]) == [
        ("U1", "被替代", 1, ""),
        ("U1", "已汇总", 0, "错误 1→0,存疑 0→0"),
    ]
    third, _ = run(known=second, records=records)
    assert third == second


def test_an_old_file_that_still_lies_there_is_replaced_not_twice() -> None:
    first, records = run(("U1", WRONG, 9))
    second, records = run(("U1", WRONG, 9), known=first, records=records)
    assert second == first
    third, _ = run(("U1", WRONG, 9), ("U1", FULL, 10), known=first, records=records)
    assert {(row.received, row.state) for row in latest(third, "2007-H1").values()} == {
        (at_hour(9), "被替代"),
        (at_hour(10), "已汇总"),
    }


def test_other_periods_are_left_alone() -> None:
    old = Receipt("t", "2006-H1", "a.xlsx", "", "U1", "", "N", "已汇总", 9, 9)
    rows, _ = run(("U1", FULL, 9), known=(old,))
    assert rows[0] == old
    assert rows[1].change == ""
    assert list(latest(rows, "2006-H1").values()) == [old]


@pytest.mark.parametrize(
    ("received", "days"),
    [
        ("2007-07-09 23:59:59", 0),
        ("2007-07-10 23:59:59", 0),
        ("2007-07-11 00:00:00", 1),
        ("2007-08-10 12:00:00", 31),
        ("", 0),
    ],
)
def test_days_late_are_calendar_days(received: str, days: int) -> None:
    sent = [form("U1", FULL, scheme=SCHEME, received=received)]
    rows = register(("U1", ""))
    done = assess_forms(SCHEME, sent, register=rows)
    (row,) = reported(done, rows, TODAY)
    assert (row.file is not None, row.days) == (True, days)


def test_of_two_issued_forms_the_returned_one_is_shown() -> None:
    rows = register(("U1", ""))
    again = next(iter(rows.values()))._replace(number="N-U1-2")
    done = assess_forms(SCHEME, [form("U1", FULL, scheme=SCHEME)], register={**rows, again.number: again})
    (row,) = reported(done, {**rows, again.number: again}, TODAY)
    assert row.issue.number == "N-U1"


def test_parts_of_one_unit_are_one_letter() -> None:
    rows = register(("U1", "发改委"), ("U1", "统计局"), ("U2", ""))
    done = assess_forms(SCHEME, [form("U2", FULL, scheme=SCHEME)], register=rows)
    (owed,) = reminders(done, rows, TODAY)
    assert (owed.name, len(owed.missing), owed.days) == ("东区", 2, 5)
    text = letter(owed, SCHEME, H1, TODAY)
    assert text.count("下发编号") == 2
    assert "(发改委)" in text


def test_a_letter_names_some_errors_and_counts_the_rest() -> None:
    rows = register(("U1", ""))
    done = assess_forms(SCHEME, [form("U1", WRONG, scheme=SCHEME)], register=rows)
    (owed,) = [each for each in reminders(done, rows, TODAY) if each.wrong]
    many = owed._replace(wrong=owed.wrong * 20)
    text = letter(many, SCHEME, H1, TODAY)
    assert "其余 12 处见退回单" in text
    assert "如已报送" not in text
