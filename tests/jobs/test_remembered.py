"""An error that only the returned file shows stays an error when the file is taken out of the inbox."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from kaohe.findings import ERROR
from kaohe.jobs.remind import remind
from kaohe.sheets.form_layout import FORM_TITLE
from tests.support.line import Desk

FULL = "指标|完成值\nX1|100\nX2|95"


def codes_changed_over(sheet: Worksheet) -> None:
    """Sorted in part: the codes changed places, nothing else did."""
    sheet["B8"].value, sheet["B10"].value = sheet["B10"].value, sheet["B8"].value


def another_unit_of_measure(sheet: Worksheet) -> None:
    sheet["D8"].value = "万元"


CHANGES = {"V44": codes_changed_over, "V45": another_unit_of_measure}


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """Issued; both units returned."""
    desk = Desk.new(tmp_path)
    desk.issue()
    desk.fill("U1", FULL)
    desk.fill("U2", FULL)
    return desk


def altered(path: Path, change: Callable[[Worksheet], None]) -> None:
    """The form as if it had been so when it came."""
    came = path.stat().st_mtime
    book = openpyxl.load_workbook(path)
    change(book[FORM_TITLE])
    book.save(path)
    os.utime(path, (came, came))


def errors(desk: Desk) -> list[tuple[str, str, str]]:
    found = desk.consolidate("2007-H1").assessment
    ranks = {standing.unit.code: standing.rank for standing in found.standings}
    assert ranks["U2"] == 1
    wrong = [finding for finding in found.findings if finding.severity == ERROR]
    assert (ranks["U1"] is None) == any(finding.location.unit == "U1" for finding in wrong)
    return sorted((finding.code, finding.location.indicator, finding.what) for finding in wrong)


@pytest.mark.parametrize("code", CHANGES)
def test_taken_out_of_the_inbox(code: str, desk: Desk) -> None:
    path = desk.inbox / desk.form("U1").name
    altered(path, CHANGES[code])
    told = errors(desk)
    assert {each[0] for each in told} == {code}
    assert errors(desk) == told
    path.unlink()
    assert errors(desk) == told
    assert errors(desk) == told


@pytest.mark.parametrize("code", CHANGES)
def test_the_letter_says_the_same_as_the_master(code: str, desk: Desk) -> None:
    altered(desk.inbox / desk.form("U1").name, CHANGES[code])
    desk.consolidate()
    (owed,) = remind(desk.master, period_code="2007-H1", clock=desk.clock).letters
    assert owed.name == "东区"
    assert [row["单位"] for row in desk.rows("催报")] == ["东区"]
    assert [row["缺什么"] for row in desk.rows("催报")] == [owed.summary]


def test_a_better_return_ends_it(desk: Desk) -> None:
    altered(desk.inbox / desk.form("U1").name, codes_changed_over)
    assert errors(desk)
    desk.fill("U1", FULL)
    assert errors(desk) == []
    for path in desk.inbox.iterdir():
        path.unlink()
    assert errors(desk) == []


def test_a_master_without_these_columns_is_read(desk: Desk) -> None:
    """Made by an earlier program."""
    desk.consolidate()
    book = openpyxl.load_workbook(desk.master)
    sheet = book["填报数据"]
    titles = [cell.value for cell in sheet[2]]
    for title in ("表内单位不符", "表内名称不符"):
        sheet.delete_cols(titles.index(title) + 1)
    book.save(desk.master)
    assert errors(desk) == []
    assert {"表内单位不符", "表内名称不符"} <= set(desk.rows("填报数据")[0])
