"""Returned workbooks saved by another program or in another format: read the same, or refused by name."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from kaohe.assess.returns import Intake
from kaohe.findings import Finding
from kaohe.model import Return
from tests.messy.assessor_cases import Table
from tests.messy.form_cases import split_over_merged_cells, subtotals_inserted, upside_down
from tests.messy.forms import BH, MARKS, Form, Source, taken_in, typed, typed_of
from tests.support.libreoffice import profile, require_soffice

pytestmark = [pytest.mark.soffice, pytest.mark.full]

FORMATS = {
    "xlsx": "Calc MS Excel 2007 XML",
    "xlsm": "Calc MS Excel 2007 VBA XML",
    "xls": "MS Excel 97",
    "ods": "calc8",
}
"""Suffix → LibreOffice's name of the filter."""


def saved_as(path: Path, suffix: str, folder: Path) -> Path:
    """The workbook opened in LibreOffice and saved in that format."""
    command = [
        *(require_soffice(), f"-env:UserInstallation={profile().as_uri()}", "--headless", "--norestore"),
        *("--convert-to", f"{suffix}:{FORMATS[suffix]}", "--outdir", str(folder), str(path)),
    ]
    subprocess.run(command, capture_output=True, timeout=120, check=True)
    return folder / f"{path.stem}.{suffix}"


def after(data: bytes, source: Source, suffix: str, folder: Path) -> tuple[Intake, list[Finding], Return]:
    """What becomes of a workbook that LibreOffice saved as ``suffix``."""
    source_file = folder / "原" / source.file
    source_file.parent.mkdir(parents=True)
    source_file.write_bytes(data)
    made = saved_as(source_file, suffix, folder)
    return taken_in(made.read_bytes(), source, made.name)


@pytest.mark.parametrize("suffix", ["xlsx", "xlsm", "xls"])
def test_a_form_saved_by_libreoffice(suffix: str, tmp_path: Path) -> None:
    """Altered first, so that nothing stands where it was."""
    form = Form(BH)
    upside_down(form)
    subtotals_inserted(form)
    intake, findings, _ = after(form.saved(), BH, suffix, tmp_path)
    assert findings == []
    assert typed(intake, BH) == typed_of(BH)


@pytest.mark.parametrize("suffix", ["xlsx", "xls"])
def test_merged_cells_are_known_in_every_format(suffix: str, tmp_path: Path) -> None:
    form = Form(BH)
    split_over_merged_cells(form)
    intake, findings, _ = after(form.saved(), BH, suffix, tmp_path)
    assert findings == []
    assert typed(intake, BH) == typed_of(BH)
    record = intake.live[BH.unit][form.codes[1]]
    assert record.cell == form.at("完成值", form.row(1) + 1)


def test_a_share_under_a_percent_format_in_an_xls(tmp_path: Path) -> None:
    form = Form(BH)
    cell = form.sheet.cell(form.row(1), form.columns["完成值"])
    cell.value, cell.number_format = 0.5, "0.00%"
    intake, _, _ = after(form.saved(), BH, "xls", tmp_path)
    assert intake.live[BH.unit][form.codes[1]].typed == "50%"


def test_wps_calls_the_old_format_et(tmp_path: Path) -> None:
    """The content decides, whatever the name says."""
    made = saved_as(BH.path, "xls", tmp_path)
    for name in ("江阴市.et", "江阴市.xlsx"):
        intake, findings, _ = taken_in(made.read_bytes(), BH, name)
        assert findings == []
        assert typed(intake, BH) == typed_of(BH)


@pytest.mark.parametrize("suffix", ["xlsx", "xls"])
def test_a_table_of_marks_saved_by_libreoffice(suffix: str, tmp_path: Path) -> None:
    intake, findings, _ = after(Table(MARKS).saved(), MARKS, suffix, tmp_path)
    assert findings == []
    assert typed(intake, MARKS) == typed_of(MARKS)


def test_opendocument_is_refused_by_name(tmp_path: Path) -> None:
    """W01 says what the file is and how to save it."""
    _, findings, returned = after(Form(BH).saved(), BH, "ods", tmp_path)
    assert (returned.problem, [f.code for f in findings]) == ("W01", ["W01"])
    assert "OpenDocument" in findings[0].message
    assert ".xlsx" in findings[0].message


@pytest.mark.parametrize("suffix", ["xlsx", "xls"])
def test_a_whole_percentage(suffix: str, tmp_path: Path) -> None:
    """1 shown as 100% is a hundred percentage points, also where the old format keeps it as an integer."""
    form = Form(BH)
    row = form.rows["B01"]
    form.put("完成值", row, 1)
    form.sheet[form.at("完成值", row)].number_format = "0%"
    intake, _, _ = after(form.saved(), BH, suffix, tmp_path)
    record = intake.live["U01"]["B01"]
    assert (record.typed, record.value) == ("100%", 100.0)
