"""A scheme goes into a master and comes out again, byte for byte, with what the office added to it."""

from __future__ import annotations

import csv
import zipfile
from pathlib import Path

import pytest

from kaohe.assess.load import load_scheme
from kaohe.jobs.common import JobError
from kaohe.jobs.dump import dump
from kaohe.jobs.issue import issue
from kaohe.jobs.master import open_master
from kaohe.jobs.new import new
from kaohe.jobs.schemes import built_in_codes, scheme_tables
from kaohe.tables import SPECS
from kaohe.workbooks.package import fill
from tests.house.checkout import ROOT
from tests.support.line import START, Desk, table_rows, write_folder

OFFICE = {
    "指标": """
        指标代码|上级|指标名称|计量单位|权重|计分方法|序时|口径|分管领导|备注,自用
        X1|A|产值|亿元|60|进位|无|年初累计,含"三资"|张三|=1+1
        X2|B|满意率|%|40|目标完成率|无||李四|
        """,
    "计分方法": """
        名称|得分|完成率|达标|参数|填写类型|来源|说明
        进位|权重*MIN(1,完成值/上年值)*系数|完成值/上年值|完成值>=上年值|系数=0.9|数值|本办|自定
        """,
    "参数": """
        指标代码|对象|参数|值|生效起|生效止|说明
        X1|甲组|系数|0.95|||甲组从宽
        X1|U2|系数|1|2007-01-01||
        """,
    "方案": """
        项目|值|说明
        方案代码|T|
        方案名称|小方案|自拟
        考核年度|2007|
        得分小数位|3|领导小组定
        我办备忘|七月前定稿|
        """,
}
"""Columns, a method, parameters and a line of settings of the office's own."""


def tables(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def cells(folder: Path) -> dict[str, list[list[str]]]:
    """The tables cell by cell, blank ends left out."""
    return {
        path.name: [_ended(row) for row in csv.reader(path.open(encoding="utf-8-sig", newline=""))]
        for path in folder.iterdir()
    }


def _ended(row: list[str]) -> list[str]:
    while row and not row[-1]:
        row = row[:-1]
    return row


def parts(master: Path) -> dict[str, bytes]:
    """The parts of a workbook; 10 and 10.0 are one number."""
    with zipfile.ZipFile(master) as archive:
        return {name: archive.read(name).replace(b".0</v>", b"</v>") for name in archive.namelist()}


def test_bh_comes_out_as_it_went_in(tmp_path: Path) -> None:
    """Byte for byte what the repository holds, so that a change of a master can be reviewed as text."""
    new("BH", tmp_path / "总表.xlsx", clock=lambda: START)
    dump(tmp_path / "总表.xlsx", tmp_path / "方案")
    assert tables(tmp_path / "方案") == tables(ROOT / "templates" / "schemes" / "BH")


@pytest.mark.parametrize("code", built_in_codes())
def test_every_built_in_scheme_comes_out_as_it_went_in(code: str, tmp_path: Path) -> None:
    """Byte for byte; 方案 says every setting afterwards, also those the scheme left at their default."""
    new(code, tmp_path / "总表.xlsx", clock=lambda: START)
    dump(tmp_path / "总表.xlsx", tmp_path / "去")
    came, went = tables(tmp_path / "去"), tables(ROOT / "templates" / "schemes" / code)
    settings = cells(tmp_path / "去")["方案.csv"]
    assert [
        row for row in cells(ROOT / "templates" / "schemes" / code)["方案.csv"] if row not in settings
    ] == []
    assert came | {"方案.csv": b""} == went | {"方案.csv": b""}
    versions = {load_scheme(scheme_tables(source))[0].version for source in (code, str(tmp_path / "去"))}
    assert len(versions) == 1


def test_what_the_office_added_comes_out_too(tmp_path: Path) -> None:
    """Its columns stand behind ours; its method is there, the built-in ones are not."""
    source = write_folder(tmp_path / "来", **OFFICE)
    new(str(source), tmp_path / "总表.xlsx")
    dump(tmp_path / "总表.xlsx", tmp_path / "去")
    found = cells(tmp_path / "去")
    assert found["指标.csv"][0][-2:] == ["分管领导", "备注,自用"]
    assert [row[-2:] for row in found["指标.csv"][1:2]] == [["张三", "=1+1"]]
    assert [row[0] for row in found["计分方法.csv"]] == ["名称", "进位"]
    assert ["我办备忘", "七月前定稿"] in found["方案.csv"]
    assert ["得分小数位", "3", "领导小组定"] in found["方案.csv"]
    assert found["参数.csv"][1][:4] == ["X1", "甲组", "系数", "0.95"]


def test_out_and_in_and_out_again(tmp_path: Path) -> None:
    """Tables and master are the same bytes the second time round."""
    source = write_folder(tmp_path / "来", **OFFICE)
    first, second = tmp_path / "一", tmp_path / "二"
    for folder, origin in ((first, source), (second, first / "方案")):
        folder.mkdir()
        new(str(origin), folder / "总表.xlsx", clock=lambda: START)
        dump(folder / "总表.xlsx", folder / "方案")
    assert tables(first / "方案") == tables(second / "方案")
    assert parts(first / "总表.xlsx") == parts(second / "总表.xlsx")


def test_the_version_survives_the_round(tmp_path: Path) -> None:
    """What issued forms refer to: the hash of the resolved rows."""
    source = write_folder(tmp_path / "来", **OFFICE)
    new(str(source), tmp_path / "a.xlsx")
    dump(tmp_path / "a.xlsx", tmp_path / "去")
    new(str(tmp_path / "去"), tmp_path / "b.xlsx")
    versions = {open_master(tmp_path / name).scheme.version for name in ("a.xlsx", "b.xlsx")}
    assert len(versions) == 1


def test_what_was_changed_in_the_master_is_dumped(tmp_path: Path) -> None:
    desk = Desk.new(tmp_path)
    rows = table_rows(desk.master, "指标")
    assert [row["权重"] for row in rows] == [60, 40]
    desk.master.write_bytes(fill(desk.master.read_bytes(), "指标", {(4, 6): 55.5, (5, 6): 44.5}))
    dump(desk.master, tmp_path / "去")
    assert [row[5] for row in cells(tmp_path / "去")["指标.csv"][1:]] == ["55.5", "44.5"]


def test_dump_twice_and_dump_never_overwrites(tmp_path: Path) -> None:
    desk = Desk.new(tmp_path)
    first, _ = dump(desk.master, tmp_path / "去")
    again, _ = dump(desk.master, tmp_path / "去")
    assert first == again
    (tmp_path / "去" / "单位.csv").write_text("别人的", encoding="utf-8")
    before = tables(tmp_path / "去")
    with pytest.raises(JobError, match=r"单位\.csv"):
        dump(desk.master, tmp_path / "去")
    assert tables(tmp_path / "去") == before


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_csv_as_excel_saves_it(encoding: str, tmp_path: Path) -> None:
    """With or without mark, or in the code page of Chinese Windows."""
    source = write_folder(tmp_path / "来")
    for path in source.iterdir():
        path.write_bytes(path.read_text(encoding="utf-8-sig").encode(encoding))
    assert new(str(source), tmp_path / "总表.xlsx") == ()
    assert open_master(tmp_path / "总表.xlsx").scheme.unit_by_code["U1"].name == "东区"


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("指标.csv", b"", "没有表头"),
        ("指标.csv", "甲,乙\n1,2\n".encode(), "没有表头"),
        ("指标.csv", b"\xff\xff\xff", "编码"),
    ],
)
def test_a_table_nobody_can_read(name: str, content: bytes, says: str, tmp_path: Path) -> None:
    source = write_folder(tmp_path / "来")
    (source / name).write_bytes(content)
    with pytest.raises(JobError, match=says):
        new(str(source), tmp_path / "总表.xlsx")
    assert not (tmp_path / "总表.xlsx").exists()


def test_an_empty_folder_is_no_scheme(tmp_path: Path) -> None:
    (tmp_path / "空").mkdir()
    with pytest.raises(JobError, match="没有方案表"):
        new(str(tmp_path / "空"), tmp_path / "总表.xlsx")


def test_a_blank_master_has_every_table_and_every_setting(tmp_path: Path) -> None:
    assert new(None, tmp_path / "总表.xlsx") == ()
    master = open_master(tmp_path / "总表.xlsx")
    assert set(master.tables) == {spec.key for spec in SPECS}
    assert not master.scheme.indicators
    assert not master.scheme.units
    assert master.findings == ()


def test_a_blank_master_filled_in_by_hand_works(tmp_path: Path) -> None:
    """The office types its scheme into the empty yellow rows, from row 4 on, and issues."""
    master = tmp_path / "总表.xlsx"
    new(None, master)
    data = master.read_bytes()
    typed: dict[str, list[list[str | float]]] = {
        "部分": [["A", "全部"]],
        "指标": [["X1", "A", "产值", "亿元", "正向", 100.0, "目标完成率", "月度", "无"]],
        "单位": [["U1", "东区"], ["U2", "西区"]],
        "目标": [["X1", "*", 100.0]],
    }
    for sheet, rows in typed.items():
        cells_of = {(4 + r, 1 + c): value for r, row in enumerate(rows) for c, value in enumerate(row)}
        data = fill(data, sheet, cells_of)
    master.write_bytes(data)
    done = issue(master, "2007-H1", tmp_path / "下发")
    assert [finding.message for finding in done.findings] == []
    assert len(done.written) == 2
