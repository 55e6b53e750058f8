"""The engines that run outside: a limited process for `formulas`, LibreOffice on a copy; how they fail."""

from __future__ import annotations

import io
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
import xlsxwriter

from kaohe.audit import second
from kaohe.audit.cells import Place, read_sheets
from kaohe.audit.live_formulas import Rechecked
from kaohe.audit.second import by_formulas, by_libreoffice
from kaohe.rules.second_opinion import cells_opinion, rectangle
from kaohe.workbooks import libreoffice
from kaohe.workbooks.libreoffice import LibreOfficeError, recalculate

SHEET = "排名"
SCOPE = {SHEET: (10, 5)}


def book(kept: object = 3) -> bytes:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as made:
        sheet = made.add_worksheet(SHEET)
        sheet.write_row("A1", (1, 2))
        sheet.write_formula("C1", "=A1+B1", value=kept)
        sheet.write_formula("D1", "=C1*2", value=6)
    return target.getvalue()


def about(place: Place) -> str:
    return f"第 {place[0]} 行"


def hang(data: bytes, name: str, scope: Mapping[str, Place], seconds: float) -> Rechecked:
    """Formulas that never come to an end."""
    while True:
        pass


def end(data: bytes, name: str, scope: Mapping[str, Place], seconds: float) -> Rechecked:
    """A library that takes its process down."""
    sys.stdout.flush()
    import os

    os.abort()


def test_the_process_answers_with_addresses() -> None:
    assert by_formulas(book(), SCOPE, {SHEET: about}).differences == ()
    found = by_formulas(book(4), SCOPE, {SHEET: about})
    first, follows = found.differences
    assert (first.sheet, first.cell, first.published, first.recomputed) == (SHEET, "C1", "4", "3")
    assert (follows.cell, follows.published, follows.recomputed) == ("D1", "6", "8")
    assert first.what == "第 1 行"
    assert (found.compared, found.trouble) == (2, "")


@pytest.mark.parametrize(("work", "told"), [(hang, "用时过长"), (end, "中断")])
def test_a_process_that_fails_is_told_and_certifies_nothing(
    monkeypatch: pytest.MonkeyPatch, work: object, told: str
) -> None:
    monkeypatch.setattr(second, "recheck", work)
    monkeypatch.setattr(second, "SECONDS", 1.0)
    monkeypatch.setattr(second, "_SLACK", 1.0)
    found = by_formulas(book(4), SCOPE, {})
    assert told in found.trouble
    assert (found.compared, found.differences) == (0, ())


def test_without_libreoffice_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(second, "find_soffice", lambda: None)
    found = by_libreoffice(book(4), SCOPE, {}, {})
    assert found.absent
    assert "没有安装 LibreOffice" in found.notes[0]


def program(folder: Path, lines: str) -> str:
    """A program in the place of soffice."""
    path = folder / "soffice"
    path.write_text(f"#!/bin/sh\n{lines}\n", encoding="utf-8")
    path.chmod(0o755)
    return str(path)


COPIES = """for last; do :; done
while [ "$1" != "--outdir" ]; do shift; done
out="$2"; shift 2
cp "$@" "$out"
"""


@pytest.mark.skipif(sys.platform == "win32", reason="a script in the place of LibreOffice needs sh")
@pytest.mark.parametrize(
    ("lines", "told"),
    [("exit 1", "没有写出"), ("sleep 60", "秒内没有算完"), (COPIES, "对照试验")],
)
def test_a_libreoffice_that_does_not_recalculate_is_not_believed(
    tmp_path: Path, lines: str, told: str
) -> None:
    """It ends, hangs, or hands back the kept values: the control workbook gives that away."""
    (tmp_path / "work").mkdir()
    with pytest.raises(LibreOfficeError, match=told):
        recalculate(book(4), tmp_path / "work", program=program(tmp_path, lines), seconds=2)


def test_a_libreoffice_that_does_not_start_is_told(tmp_path: Path) -> None:
    with pytest.raises(LibreOfficeError, match="启动不了"):
        recalculate(book(4), tmp_path / "work", program=str(tmp_path / "nothing"))


def test_trouble_with_libreoffice_is_an_opinion(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> bytes:
        raise LibreOfficeError("LibreOffice 没有写出")

    monkeypatch.setattr(second, "find_soffice", lambda: "soffice")
    monkeypatch.setattr(second, "recalculate", refuse)
    assert by_libreoffice(book(4), SCOPE, {}, {}).trouble == "LibreOffice 没有写出"


@pytest.mark.soffice
def test_libreoffice_computes_the_chain_anew() -> None:
    """A wrong value that another formula shows rightly: one cell; and the profile leaves nothing behind."""
    data = book(4)
    found = by_libreoffice(data, SCOPE, {SHEET: about}, read_sheets(data, [SHEET]))
    assert [(one.cell, one.published, one.recomputed) for one in found.differences] == [("C1", "4", "3")]
    assert (found.compared, found.trouble) == (2, "")


@pytest.mark.soffice
def test_a_profile_that_trusts_kept_values_is_found_out(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The control test's own control: with OOXMLRecalcMode 1 LibreOffice hands back what it was given."""
    trusting = libreoffice._PROFILE.replace("<value>0</value>", "<value>1</value>")
    monkeypatch.setattr(libreoffice, "_PROFILE", trusting)
    where = libreoffice.find_soffice()
    assert where is not None
    with pytest.raises(LibreOfficeError, match="对照试验"):
        recalculate(book(4), tmp_path / "work", program=where)


def test_formulas_counts_the_rows_of_a_range() -> None:
    """Values have no address, but they have a size; many cells at once have one row each."""
    cells = rectangle([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])
    assert cells_opinion("ROWS(RR)*10+COLUMNS(RR)", ["RR"]).one({"RR": cells}) == 32.0
    assert cells_opinion("ROWS(RR)+RR", ["RR"], many=True).rows({"RR": [1.0, 2.0]}, 2) == [2.0, 3.0]
