"""问题清单 leads to the cell, 报送情况 knows every file, 填报数据 is read back as it was written."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path
from urllib.parse import unquote

import pytest
from lxml import etree

from kaohe.jobs.master import open_master
from kaohe.workbooks.package import read_names
from tests.support import bh, example
from tests.support.line import Desk, grid, table_rows

SPACE = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
RELATIONS = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """A scheme with a query, a form with a word in it, a file nobody can read, a unit that sent nothing."""
    desk = Desk.new(
        tmp_path_factory.mktemp("lists"),
        方案="项目|值\n方案代码|T\n方案名称|小方案\n考核年度|2007\n年度指标数|3",
        单位="单位代码|单位名称|考核组|联络员|电话\nU1|东区|甲组|张三|0510-1\nU2|西区|甲组|李四|0510-2\nU3|南区|甲组||",
    )
    desk.issue()
    desk.fill("U1", "指标|完成值\nX1|较好\nX2|95")
    desk.hours = 24 * 20
    desk.fill("U2", "指标|完成值\nX1|100\nX2|95")
    (desk.inbox / "坏.xlsx").write_bytes(b"")
    desk.consolidate()
    return desk


def part_of(archive: zipfile.ZipFile, master: Path, sheet: str) -> str:
    """The part that holds a product sheet."""
    name = dict(read_names(master.read_bytes()).sheets)[sheet]
    book = etree.fromstring(archive.read("xl/workbook.xml"))
    rel = next(s.get(f"{RELATIONS}id") for s in book.iter(f"{SPACE}sheet") if s.get("name") == name)
    rels = etree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    target = next(r.get("Target") for r in rels if r.get("Id") == rel)
    return "xl/" + str(target).removeprefix("/xl/").removeprefix("xl/")


def links(master: Path, sheet: str) -> dict[str, tuple[str, str]]:
    """Cell → (file, place in the workbook) its hyperlink leads to."""
    with zipfile.ZipFile(master) as archive:
        part = part_of(archive, master, sheet)
        rels = part.replace("worksheets/", "worksheets/_rels/") + ".rels"
        names = archive.namelist()
        targets = {
            r.get("Id"): str(r.get("Target"))
            for r in (etree.fromstring(archive.read(rels)) if rels in names else ())
        }
        found = {}
        for link in etree.fromstring(archive.read(part)).iter(f"{SPACE}hyperlink"):
            file = targets.get(link.get(f"{RELATIONS}id"), "")
            found[str(link.get("ref"))] = (unquote(file), str(link.get("location") or ""))
    return found


def test_a_finding_about_the_scheme_leads_to_its_cell(desk: Desk) -> None:
    rows = grid(desk.master, "问题清单").rows
    at = next(n for n, row in enumerate(rows, 1) if row and "S08" in row)
    file, place = links(desk.master, "问题清单")[f"H{at}"]
    assert file == ""
    sheet, _, cell = place.partition("!")
    assert (sheet, cell) == ("方案", rows[at - 1][7])
    assert grid(desk.master, "方案").at(int(cell[1:]), 1) == "年度指标数"


def test_a_finding_about_a_figure_leads_to_its_row_of_the_register(desk: Desk) -> None:
    rows = grid(desk.master, "问题清单").rows
    at = next(n for n, row in enumerate(rows, 1) if row and "V02" in row)
    file, place = links(desk.master, "问题清单")[f"H{at}"]
    assert file == ""
    sheet, _, cell = place.partition("!")
    number = int(re.sub(r"\D", "", cell))
    assert sheet == "填报数据"
    assert grid(desk.master, "填报数据").rows[number - 1][1:3] == ["U1", "X1"]
    assert "较好" in grid(desk.master, "填报数据").rows[number - 1]


def test_a_finding_about_a_file_leads_to_the_file(desk: Desk) -> None:
    rows = grid(desk.master, "问题清单").rows
    at = next(n for n, row in enumerate(rows, 1) if row and "W01" in row)
    file, _ = links(desk.master, "问题清单")[f"H{at}"]
    assert (desk.master.parent / file).resolve() == (desk.inbox / "坏.xlsx").resolve()


def test_every_finding_has_its_row_and_says_how_to_mend_it(desk: Desk) -> None:
    rows = table_rows(desk.master, "问题清单")
    assert [row["编号"] for row in rows] == ["W01", "V02", "W08", "S08"]
    assert all(row["说明"] and row["如何改正"] for row in rows)
    assert [row["级别"] for row in rows] == ["错误", "错误", "错误", "存疑"]


def test_who_has_returned_who_is_late_and_who_is_missing(desk: Desk) -> None:
    rows = {str(row["单位代码"] or row["文件"]): row for row in table_rows(desk.master, "报送情况")}
    assert {key: row["状态"] for key, row in rows.items()} == {
        "U1": "已报送",
        "U2": "迟报",
        "U3": "未报送",
        "坏.xlsx": "另收文件",
    }
    assert (rows["U1"]["联络员"], rows["U2"]["电话"]) == ("张三", "0510-2")
    assert rows["坏.xlsx"]["处理结果"] == "读不了"


def test_bh11_every_department_has_its_line() -> None:
    rows = table_rows(example.made().folder / example.MASTER, "报送情况")
    mine = [row for row in rows if row["单位"] == "滨湖区"]
    assert len(mine) == len({row["责任部门"] for row in mine}) == 11
    assert {row["状态"] for row in rows} == {"已报送"}
    assert len(rows) == 19


def test_the_ranking_without_a_rank_says_why(desk: Desk) -> None:
    rows = {row["单位"]: row for row in table_rows(desk.master, "排名")}
    assert (rows["西区"]["名次"], rows["西区"]["结果"]) == (1, "有效")
    assert rows["东区"]["名次"] in (None, "")
    assert (rows["东区"]["结果"], "问题清单" in str(rows["东区"]["备注"])) == ("暂定", True)


def test_a_word_stays_a_word_in_the_detail(desk: Desk) -> None:
    """A blank, a zero and a word are three things: 较好 is shown, scored nothing, and lost nothing."""
    rows = {(r["单位代码"], r["指标代码"]): r for r in table_rows(desk.master, "得分明细")}
    word, nothing = rows["U1", "X1"], rows["U3", "X1"]
    assert (word["完成值"], word["得分"], word["扣分"], word["状态"]) == ("较好", None, None, "待识别")
    assert (nothing["完成值"], nothing["得分"], nothing["状态"]) == (None, None, "未填")


def test_registers_are_read_back_as_they_were_written() -> None:
    """填报数据 and 下发登记 of the example: every field, also those that look like numbers."""
    made = example.made()
    master = open_master(made.folder / example.MASTER)
    assert master.records == made.result.assessment.intake.records
    assert {row.workbook for row in master.issues.values()} == {path.name for path in made.issued.written}


def test_bh10_the_register_keeps_what_was_typed_as_text() -> None:
    rows = table_rows(example.made().folder / example.MASTER, "填报数据")
    typed = {row["指标代码"]: row["原填内容"] for row in rows if row["单位代码"] == bh.BINHU}
    assert (typed["B01"], typed["D02"], typed["A01"]) == ("92.16", "25", "162.6")


def test_bh_the_ranking_sheet_shows_the_published_row() -> None:
    """BH2–BH4 ▣, as a reader sees them."""
    rows = table_rows(example.made().folder / example.MASTER, "排名")
    mine = next(row for row in rows if "滨湖区" in row.values())
    shown = [mine[key] for key in ("名次", "总分", "扣分", "考核权重", "考核指标", "已达序时", "未达序时")]
    assert shown == [3, 67.6, 1.4, 69, 29, 23, 6]
