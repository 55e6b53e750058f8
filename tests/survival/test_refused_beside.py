"""A master that cannot be changed without loss is left alone, and the results stand beside it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from kaohe.jobs.consolidate import consolidate
from kaohe.jobs.refused_beside import RefusedBeside, is_beside
from kaohe.workbooks.package import PatchRefused
from tests.package.books import opened, parts, rebuilt
from tests.support.example import copy
from tests.survival.whole import broken

SIGNATURE = "_xmlsignatures/sig1.xml"


@pytest.fixture
def signed(tmp_path: Path) -> Path:
    """The example with a signature on its master; returns the master."""
    master = copy(tmp_path) / "总表.xlsx"
    found = parts(master.read_bytes())
    types = found["[Content_Types].xml"].decode()
    kind = "application/vnd.openxmlformats-package.digital-signature-xmlsignature+xml"
    override = f'<Override PartName="/{SIGNATURE}" ContentType="{kind}"/></Types>'
    found["[Content_Types].xml"] = types.replace("</Types>", override).encode()
    master.write_bytes(rebuilt({**found, SIGNATURE: b"<Signature/>"}))
    return master


def refused(master: Path) -> RefusedBeside:
    """The error a run on the master ends with."""
    with pytest.raises(RefusedBeside) as caught:
        consolidate(master, master.parent / "回收", period_code="2007-H1")
    return caught.value


def test_the_results_are_there_to_be_read(signed: Path, tmp_path: Path) -> None:
    before = signed.read_bytes()
    error = refused(signed)
    assert signed.read_bytes() == before
    assert error.reason == "工作簿带数字签名,改写后签名会失效。"
    assert error.remedy == (
        "请先删除签名,写入后再重新签名。总表没有改动;这次的结果表已另存为“总表.结果.xlsx”,可以先看。"
    )
    assert error.beside == signed.with_name("总表.结果.xlsx")
    data = error.beside.read_bytes()
    assert broken(data) == []
    expected: Any = opened(before)
    made: Any = opened(data)
    assert "方案" not in made.sheetnames
    for row in range(5, 14):
        assert made["排名"].cell(row, 3).value == expected["排名"].cell(row, 3).value
    assert [cell.value for cell in made["排名"][4]] == [cell.value for cell in expected["排名"][4]]
    cells = [cell for sheet in made.worksheets for line in sheet.iter_rows() for cell in line]
    assert not [cell.coordinate for cell in cells if cell.data_type == "f" or cell.hyperlink]
    assert isinstance(made["排名"]["E5"].value, int | float)


def test_it_is_no_return_and_no_master_of_its_own(signed: Path) -> None:
    error = refused(signed)
    assert is_beside(error.beside, signed)
    inbox = signed.parent
    with pytest.raises(PatchRefused):
        consolidate(signed, inbox, period_code="2007-H1")
    done = consolidate(signed, inbox, period_code="2007-H1", dry_run=True)
    assert not [item.workbook for item in done.assessment.intake.inputs if "结果" in item.workbook]


def test_a_later_run_replaces_it(signed: Path) -> None:
    first = refused(signed).beside.read_bytes()
    refused(signed)
    assert [file.name for file in signed.parent.glob("总表.结果*")] == ["总表.结果.xlsx"]
    assert parts(first).keys() == parts(signed.with_name("总表.结果.xlsx").read_bytes()).keys()


def test_a_file_of_that_name_that_is_the_office_s_stays_and_so_does_the_refusal(signed: Path) -> None:
    signed.with_name("总表.结果.xlsx").write_bytes(b"own")
    with pytest.raises(PatchRefused, match="数字签名") as caught:
        consolidate(signed, signed.parent / "回收", period_code="2007-H1")
    assert not isinstance(caught.value, RefusedBeside)
    assert "结果" not in caught.value.remedy
    assert signed.with_name("总表.结果.xlsx").read_bytes() == b"own"
