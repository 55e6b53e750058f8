"""Which files of a folder are read: by what they are, where the name does not tell."""

from __future__ import annotations

import datetime as dt
import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from kaohe.jobs.inbox import find_files, other_file_findings, read_returns, time_findings
from tests.messy.forms import BH

ODD_NAMES = (
    "江阴市",
    "江阴市.xlsx_",
    "江阴市.xlsx(1)",
    "江阴市.XLSX",
    "江阴市.bak",
    "江阴市.et",
    "江阴市.2007",
)


@pytest.mark.parametrize("name", ODD_NAMES)
def test_a_return_under_an_odd_name_is_read(name: str, tmp_path: Path) -> None:
    shutil.copyfile(BH.path, tmp_path / name)
    workbooks, others = find_files([tmp_path])
    assert ([path.name for path in workbooks], others) == ([name], [])
    returned = read_returns(workbooks, tmp_path, 1, lambda *_: None)[0]
    assert (returned.problem, returned.identity.unit) == ("", BH.unit)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("扫描件.pdf", b"%PDF-1.4"),
        ("说明", b"text"),
        ("来函.docx", b"PK\x03\x04word/document.xml"),
        ("没有扩展名的来函", b"PK\x03\x04word/document.xml"),
        ("江阴市.xlsx.part", b"PK\x03\x04xl/workbook.xml"),
        ("空", b""),
    ],
)
def test_other_files_are_named(name: str, data: bytes, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(data)
    workbooks, others = find_files([tmp_path])
    assert workbooks == []
    found = other_file_findings(others, tmp_path)
    assert [(f.code, f.location.workbook) for f in found] == [("W10", name)]


@pytest.mark.parametrize("year", [2099, 9_000, 11_000])
def test_a_time_that_has_not_come_yet_decides_nothing(year: int, tmp_path: Path) -> None:
    """W21; the file counts from when it came to be here. Not every disk keeps years beyond 9999."""
    path = tmp_path / "江阴市.xlsx"
    shutil.copyfile(BH.path, path)
    seconds = (year - 1970) * 365.2425 * 86_400
    os.utime(path, (seconds, seconds))
    (returned,) = read_returns([path], tmp_path, 1, lambda *_: None)
    assert returned.received == f"{dt.datetime.fromtimestamp(int(path.stat().st_ctime)):%Y-%m-%d %H:%M:%S}"
    (found,) = time_findings([path], tmp_path)
    assert (found.code, found.severity, found.location.workbook) == ("W21", "QUERY", path.name)
    assert returned.received in found.what


def test_a_time_that_no_calendar_has(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As network drives and memory disks keep it: neither check nor consolidate stops."""
    path = tmp_path / "江阴市.xlsx"
    shutil.copyfile(BH.path, path)
    real = Path.stat

    def strange(self: Path, **more: bool) -> Any:
        found = real(self, **more)
        if self != path:
            return found
        values = list(found)
        values[8] = 300_000_000_000
        return os.stat_result(values)

    monkeypatch.setattr(Path, "stat", strange)
    (found,) = time_findings([path], tmp_path)
    assert "日历上没有的日期" in found.what
    (returned,) = read_returns([path], tmp_path, 1, lambda *_: None)
    assert returned.received[:2] == "20"


def test_times_as_they_are_give_rise_to_nothing(tmp_path: Path) -> None:
    path = tmp_path / "江阴市.xlsx"
    shutil.copyfile(BH.path, path)
    assert time_findings([path, tmp_path / "没有.xlsx"], tmp_path) == ()
