"""Which files of a folder are read: by what they are, where the name does not tell."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from kaohe.jobs.inbox import find_files, other_file_findings, read_returns
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
