"""Text that a workbook's XML can only hold as _xHHHH_, and text that merely looks like that: read as Excel
shows it, written so that it stays what was typed, run after run."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from kaohe.sheets.form_layout import FORM_TITLE
from tests.hostile.forms import raw, typed
from tests.jobs.given_back import given, listed, notes, only, understood
from tests.messy.test_saved_by_others import saved_as
from tests.support.line import Desk

pytestmark = pytest.mark.full

LOOKS_LIKE = (
    "_x003D_cmd|' /C calc'!A0",
    "_x0000_",
    "a_x000D_b",
    "_x000A_x",
    "_xD83D__xDE00_",
    "见_x005F_",
    "_X003D_1",
    "_x3D_",
)
"""What a clerk typed, sign by sign."""
ODD = ("\x07铃", "停\x00产", "换\n行", "制\t表", "\U0001f600")
AS_XML = {
    "_x003D_cmd": "=cmd",
    "_x003d_cmd": "=cmd",
    "_x005F_x003D_cmd": "_x003D_cmd",
    "停_x000D_&#10;产": "停\n产",
    "停&#13;产": "停\n产",
}
"""What stands in the XML of the cell → what Excel shows. No program writes letters as _x4E2D_."""


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """Forms issued; nothing returned."""
    desk = Desk.new(tmp_path)
    desk.issue()
    return desk


def returned(desk: Desk, change: Callable[[bytes], bytes]) -> Path:
    path = desk.inbox / desk.form("U1").name
    path.write_bytes(change(desk.form("U1").read_bytes()))
    return path


def first(path: Path) -> tuple[object, str]:
    row = understood(path).rows[0]
    return row.value, row.reason


@pytest.mark.parametrize("text", [*LOOKS_LIKE, *ODD], ids=ascii)
def test_written_and_read_again(text: str, desk: Desk) -> None:
    path = returned(desk, typed(完成值=text, 原因=text))
    assert first(path) == (text, text)
    book = openpyxl.load_workbook(path)
    book.save(path)
    assert first(path) == (text, text)


@pytest.mark.soffice
def test_saved_by_libreoffice(desk: Desk) -> None:
    """All of them in one form each, because a start of LibreOffice takes longest."""
    found = {}
    for text in (*LOOKS_LIKE, *ODD[2:]):
        made = saved_as(returned(desk, typed(完成值=text, 原因=text)), "xlsx", desk.folder / "另存")
        found[text] = first(made)
    assert found == {text: (text, text) for text in (*LOOKS_LIKE, *ODD[2:])}


@pytest.mark.parametrize("text", [*LOOKS_LIKE, *ODD], ids=ascii)
def test_it_stays_the_same_in_the_master(text: str, desk: Desk) -> None:
    returned(desk, typed(完成值=text, 原因=text))
    for _ in range(3):
        found = desk.consolidate().assessment.findings
        assert "W13" not in {finding.code for finding in found}
        row = desk.rows("填报数据")[0]
        assert (row["原填内容"], row["原因"]) == (text, text)


@pytest.mark.parametrize(("xml", "shown"), AS_XML.items(), ids=ascii)
def test_what_excel_shows(xml: str, shown: str, desk: Desk) -> None:
    returned(desk, raw(f'<is><t xml:space="preserve">{xml}</t></is>', 't="inlineStr"'))
    for _ in range(2):
        assert "W13" not in {finding.code for finding in desk.consolidate().assessment.findings}
        assert desk.rows("填报数据")[0]["原填内容"] == shown


@pytest.mark.parametrize(
    ("xml", "value", "codes"),
    [
        ("80_x000D_&#10;", 80.0, set()),
        ("80_x0000_", 80.0, {"V07"}),
        ("_x0000_", None, {"V01"}),
        ("_x0009_80", 80.0, set()),
    ],
)
def test_what_does_not_show_is_not_read(xml: str, value: float | None, codes: set[str], desk: Desk) -> None:
    """And what shows nothing at all is a blank."""
    returned(desk, raw(f'<is><t xml:space="preserve">{xml}</t></is>', 't="inlineStr"'))
    done = desk.consolidate()
    assert desk.rows("填报数据")[0]["识别值"] == value
    found = {f.code for f in done.assessment.findings if f.location.indicator == "X1"}
    assert found - {"V09", "V10"} - {"W08"} == codes


@pytest.mark.parametrize("text", LOOKS_LIKE, ids=ascii)
def test_given_back_as_typed(text: str, desk: Desk) -> None:
    """In the cell, in its note and in the list; also where an earlier round's note is taken away."""
    path = returned(desk, typed(完成值=text, 原因=text))
    for _ in range(2):
        copy = only(given(desk).marked)
        assert first(copy) == (text, text)
        assert f"“{text}”" in shown(notes(copy, FORM_TITLE)["K8"])
        assert f"“{text}”" in shown(str(listed(copy)[0][4]))
        path.write_bytes(copy.read_bytes())


def shown(text: str) -> str:
    """As a spreadsheet shows what openpyxl hands over as it stands in the file."""
    return text.replace("_x005F_", "_")
