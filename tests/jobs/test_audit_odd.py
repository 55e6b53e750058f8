"""Cells no run writes, rows that a later run would vouch for, a decided scheme: told, and never a crash."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from kaohe.audit.model import ANEW, CONTENT, DECISION
from kaohe.jobs import audit as job
from kaohe.jobs.audit_content import Deciding, by_content
from kaohe.jobs.audit_shown import Anew
from kaohe.jobs.issue import parse_period_or_fail
from kaohe.jobs.master import Master, open_master
from kaohe.sheets.registers import DECIDED, FIRST_ROW, RECORDS
from kaohe.tables import BY_KEY
from kaohe.workbooks.grid import column_letter
from kaohe.workbooks.package import fill
from tests.jobs.audited import QUICK, checked, expect_clean, found_by, step, two_units
from tests.support.line import Desk

REVIEWED, DECIDED_ON = "领导小组审核", "常委会审定"
_SOURCE = 1 + [field for field, *_ in RECORDS.columns].index("source")


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """Two units in, consolidated."""
    return two_units(tmp_path)


def typed(desk: Desk, key: str, row: int, **values: str | float) -> None:
    """A row typed into a yellow sheet, by the keys of its columns."""
    spec = BY_KEY[key]
    at = {column.key: number for number, column in enumerate(spec.columns, start=1)}
    cells = {(row, at[name]): value for name, value in values.items()}
    desk.master.write_bytes(fill(desk.master.read_bytes(), spec.title, cells))


def test_a_source_no_run_writes_is_told_at_its_cell(desk: Desk) -> None:
    """A file's row with 1 for 来源: the rest of the master is still judged."""
    data = fill(desk.master.read_bytes(), RECORDS.key, {(FIRST_ROW + 3, _SOURCE): 1.0})
    desk.master.write_bytes(data)
    found = checked(desk.master, *QUICK)
    cell = (RECORDS.key, f"{column_letter(_SOURCE)}{FIRST_ROW + 3}")
    assert found_by(ANEW, found.differences) == {cell}
    assert found_by(CONTENT, found.differences) == {(RECORDS.key, f"A{FIRST_ROW + 3}")}


def test_what_nobody_foresaw_is_an_answer(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """An assessment that breaks off leaves 内容校验, which names the row; nothing is certified."""

    def broken(*_: object) -> Anew:
        raise KeyError("奇怪的内容")

    monkeypatch.setattr(job, "anew", broken)
    found = job.audit(desk.master, engines=QUICK)
    assert not found.clean
    assert len(found.trouble) == 2
    assert all("奇怪的内容" in text and "内容校验" in text for text in found.trouble)
    assert [timed.opinion.compared > 0 for timed in found.engines if timed.opinion.engine == CONTENT] == [
        True
    ]


def test_an_engine_that_breaks_off_leaves_the_others(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise ValueError("奇怪的内容")

    monkeypatch.setattr(job, "by_decided", broken)
    found = job.audit(desk.master, engines=QUICK)
    assert [text.partition(":")[0] for text in found.trouble] == [DECISION]
    assert len(found.engines) == 3


def test_a_decided_scheme_may_not_grow(desk: Desk) -> None:
    """The yellow sheets then show another scheme than the results have."""
    step(desk, REVIEWED, "2007-07-20")
    expect_clean(desk)
    typed(desk, "parameter", 4, indicator="X1", scope="*", name="新参数", value=0.5)
    found = checked(desk.master, *QUICK)
    assert found_by(CONTENT, found.differences) == {("参数", "A4")}


def test_rows_of_the_scheme_before_a_decision_are_a_note(desk: Desk) -> None:
    typed(desk, "parameter", 4, indicator="X1", scope="*", name="新参数", value=0.5)
    found = checked(desk.master, *QUICK)
    assert found.differences == ()
    notes = [note for timed in found.engines for note in timed.opinion.notes]
    assert any(note.startswith("《参数》") and "增加了 1 行" in note for note in notes)


def test_a_half_typed_step_is_told(desk: Desk) -> None:
    step(desk, REVIEWED, "2007-07-20")
    typed(desk, "state", 5, period="2007-H1", state=DECIDED_ON)
    found = checked(desk.master, *QUICK)
    assert ("审定", "A5") in found_by(CONTENT, found.differences)


def test_a_step_of_another_period_is_no_matter_of_this_one(desk: Desk) -> None:
    step(desk, REVIEWED, "2007-07-20")
    typed(desk, "state", 5, period="2007", state=REVIEWED)
    assert found_by(CONTENT, checked(desk.master, *QUICK).differences) == set()


def vouched(book: Master) -> Master:
    """The master as a further run would have left it: it vouches for what it found."""
    again = book.runs[-1]._replace(time="2007-08-01 09:00:00", command="汇总", content=book.content())
    return replace(book, runs=(*book.runs, again))


def content_told(book: Master) -> set[tuple[str, str]]:
    """What 内容校验 finds."""
    found = by_content(book, Deciding(parse_period_or_fail("2007-H1"), version="x"))
    return found_by(CONTENT, found.differences)


def test_a_later_run_does_not_vouch_for_what_was_locked(desk: Desk) -> None:
    """定稿登记 emptied, or 依据 of a locked step replaced, and then consolidated: still told."""
    step(desk, REVIEWED, "2007-07-20")
    book = open_master(desk.master)
    assert content_told(vouched(book)) == set()
    assert {sheet for sheet, _ in content_told(vouched(replace(book, decided=())))} == {DECIDED.key}
    states = book.tables["state"]
    row = states.rows[0]
    other = replace(row, values={**row.values, "basis": "别的依据"})
    tables = {**book.tables, "state": replace(states, rows=(other,))}
    assert content_told(vouched(replace(book, tables=tables))) == {("审定", f"A{row.number}")}
