"""An audit through the office's year: later returns, odd files, an old version, decisions, other programs."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from kaohe.audit.model import ANEW, CONTENT, DECISION, RETURNS
from kaohe.jobs.consolidate import consolidate
from kaohe.jobs.decide import decide
from kaohe.jobs.master import open_master
from kaohe.sheets.registers import DECIDED, RECORDS
from kaohe.sheets.registers import FIRST_ROW as FIRST_RECORD
from kaohe.tables import BY_KEY
from kaohe.workbooks.grid import column_letter
from kaohe.workbooks.libreoffice import find_soffice, recalculate
from kaohe.workbooks.package import fill
from kaohe.workbooks.package.pending import keep
from tests.jobs.audited import (
    FULL,
    QUICK,
    changed,
    checked,
    example,
    expect_clean,
    found_by,
    step,
    two_units,
    with_cells,
)
from tests.support.line import Desk

REVIEWED, DECIDED_ON = "领导小组审核", "常委会审定"
_LOCKED = {field: column_letter(at) for at, (field, *_) in enumerate(DECIDED.columns, start=1)}


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """Two units in, consolidated."""
    return two_units(tmp_path)


def test_a_better_return_replaces_an_earlier_one(desk: Desk) -> None:
    expect_clean(desk)
    desk.fill("U2", FULL, name="U2-更正.xlsx")
    desk.consolidate()
    expect_clean(desk)
    desk.consolidate()
    expect_clean(desk)


def test_a_mark_of_replacement_that_was_taken_away_is_found(desk: Desk) -> None:
    desk.fill("U2", FULL, name="U2-更正.xlsx")
    desk.consolidate()
    book = open_master(desk.master)
    at = next(n for n, row in enumerate(book.records) if row.superseded)
    cell = f"{column_letter(1 + [key for key, *_ in RECORDS.columns].index('superseded'))}{FIRST_RECORD + at}"
    changed(desk, RECORDS.key, cell, "")
    found = checked(desk.master, *QUICK)
    assert (RECORDS.key, cell) in found_by(CONTENT, found.differences)


def test_what_only_the_files_tell_is_taken_as_shown_or_found_anew(desk: Desk) -> None:
    """A file nobody can read, one of another master, a scan: with and without the folder."""
    (desk.inbox / "坏的.xlsx").write_bytes(b"PK\x03\x04 nothing more")
    (desk.inbox / "扫描件.pdf").write_bytes(b"%PDF-1.4")
    (desk.folder / "别处").mkdir()
    other = Desk.new(desk.folder / "别处")
    other.hours = 40
    other.issue()
    other.fill("U1", FULL)
    (desk.inbox / "别处的.xlsx").write_bytes(next(other.inbox.glob("*.xlsx")).read_bytes())
    desk.fill("U2", "指标|完成值\nX1|约90\nX2|90", name="U2-更正.xlsx")
    desk.consolidate()
    assert {row["编号"] for row in desk.rows("问题清单")} >= {"W01", "W03", "W10", "V03"}
    expect_clean(desk)
    alone = checked(desk.master, "anew")
    assert any("照现在写着的采用" in note for note in alone.notes)
    (desk.inbox / "U2-更正.xlsx").unlink()
    found = checked(desk.master, "returns", inbox=desk.inbox)
    assert [one.what for one in found.differences] == ["回收文件 U2-更正.xlsx"]


def test_results_under_an_old_version_are_audited_under_it(desk: Desk) -> None:
    """BH7: issued under targets that the office changed before it consolidated."""
    (version,) = {row.version for row in open_master(desk.master).issues.values()}
    desk.master.write_bytes(fill(desk.master.read_bytes(), "目标", {(4, 3): 200.0}))
    consolidate(desk.master, desk.inbox, scheme_version=version, clock=desk.clock)
    found = checked(desk.master, *QUICK)
    assert found.differences == ()
    assert found.version == version
    assert any(version in note for note in found.notes)


def test_a_target_changed_after_the_run_is_found_though_its_version_is_kept(desk: Desk) -> None:
    desk.master.write_bytes(fill(desk.master.read_bytes(), "目标", {(4, 3): 200.0}))
    found = checked(desk.master, *QUICK)
    assert ("目标", "A4") in found_by(CONTENT, found.differences)
    assert {one.sheet for one in found.differences if one.engine == ANEW} >= {"得分明细", "排名", "运行记录"}


def test_the_steps_of_a_decision_audit_clean(desk: Desk) -> None:
    step(desk, REVIEWED, "2007-07-20")
    expect_clean(desk)
    step(desk, DECIDED_ON, "2007-07-22")
    expect_clean(desk)
    desk.hours = 24 * 30
    desk.consolidate()
    expect_clean(desk)
    step(desk, "重新开启", "2007-08-20")
    expect_clean(desk)
    desk.hours = 24 * 60
    desk.consolidate()
    expect_clean(desk)


@pytest.mark.parametrize(("field", "value"), [("total", 12.5), ("rank", 9.0), ("content", "0" * 64)])
def test_a_changed_row_of_the_locked_results_is_found(desk: Desk, field: str, value: str | float) -> None:
    step(desk, REVIEWED, "2007-07-20")
    cell = f"{_LOCKED[field]}{FIRST_RECORD + 1}"
    changed(desk, DECIDED.key, cell, value)
    found = checked(desk.master, *QUICK)
    assert found_by(DECISION, found.differences) - {("审定", "")} == {(DECIDED.key, cell)}
    assert found_by(CONTENT, found.differences) == {(DECIDED.key, f"A{FIRST_RECORD + 1}")}
    assert found_by(ANEW, found.differences) == set()


def test_a_result_that_is_no_longer_the_one_decided_is_told(desk: Desk) -> None:
    step(desk, REVIEWED, "2007-07-20")
    record = next(n for n, row in enumerate(open_master(desk.master).records) if row.indicator == "X1")
    letters = {key: column_letter(at) for at, (key, *_) in enumerate(RECORDS.columns, start=1)}
    changed(desk, RECORDS.key, f"{letters['typed']}{FIRST_RECORD + record}", "10")
    changed(desk, RECORDS.key, f"{letters['value']}{FIRST_RECORD + record}", 10.0)
    found = checked(desk.master, *QUICK)
    told = {one.cell for one in found.differences if one.engine == DECISION}
    assert any(cell.startswith(_LOCKED["total"]) for cell in told)


def test_a_step_typed_by_hand_and_a_step_taken_away_are_told(desk: Desk) -> None:
    spec = BY_KEY["state"]
    titles = [column.title for column in spec.columns]
    row = {"期次": "2007-H1", "状态": REVIEWED, "日期": "2007-07-20", "依据": "纪要", "决定人": "组长"}
    typed = {(4, titles.index(title) + 1): value for title, value in row.items()}
    desk.master.write_bytes(fill(desk.master.read_bytes(), spec.title, typed))
    (one,) = checked(desk.master, *QUICK).differences
    assert (one.sheet, one.engine, one.published) == ("审定", DECISION, REVIEWED)
    assert one.cell.endswith("4")
    decide(desk.master, clock=lambda: dt.datetime(2007, 7, 20, 18))
    expect_clean(desk)
    desk.master.write_bytes(fill(desk.master.read_bytes(), spec.title, dict.fromkeys(typed)))
    found = checked(desk.master, *QUICK)
    assert "审定" in {sheet for sheet, _ in found_by(DECISION, found.differences)}
    assert ("审定", "A4") in found_by(CONTENT, found.differences)


def test_what_the_office_registers_later_is_a_note(desk: Desk) -> None:
    """An appeal that came in after the run stands in no result yet: nothing disagrees."""
    titles = [column.title for column in BY_KEY["feedback"].columns]
    cells = {(4, titles.index("意见") + 1): "权重偏高", (4, titles.index("稿次") + 1): "征求意见稿"}
    desk.master.write_bytes(fill(desk.master.read_bytes(), "征求意见", cells))
    found = checked(desk.master, *QUICK)
    notes = [note for timed in found.engines for note in timed.opinion.notes]
    assert [note for note in notes if "征求意见" in note and "增加了 1 行" in note]


def test_a_master_of_an_earlier_program_says_what_cannot_be_told(desk: Desk) -> None:
    """Without 内容校验 the results are still computed anew."""
    column = column_letter(12)
    rows = range(FIRST_RECORD, FIRST_RECORD + 3)
    data = with_cells(
        desk.master.read_bytes(), [("运行记录", f"{column}{row}", None, None) for row in rows[1:]]
    )
    desk.master.write_bytes(data)
    found = checked(desk.master, *QUICK)
    assert found.differences == ()
    assert any("内容校验" in note for timed in found.engines for note in timed.opinion.notes)


def test_another_program_and_a_result_that_waits_beside_are_notes(desk: Desk) -> None:
    runs = open_master(desk.master).runs
    at = max(n for n, run in enumerate(runs, start=FIRST_RECORD) if run.command == "汇总")
    changed(desk, "运行记录", f"K{at}", "0.0.1")
    beside = keep(
        desk.master, desk.master.read_bytes(), dt.datetime(2007, 7, 20, 9), desk.master.with_suffix(".tmp")
    )
    found = checked(desk.master, "anew")
    assert found.differences == ()
    assert any("0.0.1" in note for note in found.notes)
    assert any(beside.name in note for note in found.notes)


def test_a_register_changed_before_the_last_run_is_told(desk: Desk) -> None:
    """The last run vouches for what it found; the one before it does not."""
    changed(desk, RECORDS.key, f"K{FIRST_RECORD}", "改过的原因")
    desk.consolidate()
    found = checked(desk.master, *QUICK)
    assert found.differences == ()
    notes = [note for timed in found.engines for note in timed.opinion.notes]
    assert [note for note in notes if note.startswith(f"《{RECORDS.key}》的前 4 行")]
    files = checked(desk.master, "returns", inbox=desk.inbox)
    assert found_by(RETURNS, files.differences) == {(RECORDS.key, f"K{FIRST_RECORD}")}


@pytest.mark.soffice
@pytest.mark.full
@pytest.mark.parametrize("code", ["BH", "WX-J"])
def test_a_master_that_libreoffice_saved_audits_clean(code: str, tmp_path: Path) -> None:
    """Its own writing of formulas, fifteen digits, other styles and texts: nothing of that disagrees."""
    program = find_soffice()
    assert program is not None
    (tmp_path / "lo").mkdir()
    path = tmp_path / "总表.xlsx"
    path.write_bytes(recalculate(example(code).data, tmp_path / "lo", program=program))
    assert checked(path, "anew", "formulas", "content", "decision").differences == ()
