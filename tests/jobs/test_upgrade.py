"""`kaohe upgrade`: an earlier master gets what it lacks, and nothing that stands in it changes."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from kaohe import settings
from kaohe.assess import methods
from kaohe.jobs import new as new_job
from kaohe.jobs.common import JobError
from kaohe.jobs.master import open_master
from kaohe.jobs.new import new
from kaohe.jobs.upgrade import upgrade
from kaohe.sheets import scheme_tables
from kaohe.tables import SPECS
from kaohe.workbooks.package import fill
from tests.support import libreoffice
from tests.support.line import START, grid, write_folder

LATER_SHEETS = ("等次", "人工调整", "核定")
LATER_COLUMNS = {"指标": ("考评部门", "适用", "取值来源"), "部分": ("性质",), "单位": ("对标地区",)}
LATER_SETTINGS = ("名额边缘", "雷同票")
LATER_METHODS = ("评定分", "是否")


def later(table: str, column: str) -> bool:
    return column in LATER_COLUMNS.get(table, ())


@pytest.fixture
def earlier(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A master as a program wrote it that did not know these sheets, columns, settings and methods."""
    known = tuple(
        replace(
            spec, columns=tuple(c for c in spec.columns if c.title not in LATER_COLUMNS.get(spec.title, ()))
        )
        for spec in SPECS
        if spec.title not in LATER_SHEETS
    )
    few = tuple(s for s in settings.SETTINGS if s.name not in LATER_SETTINGS)
    built_in = {name: method for name, method in methods.BUILT_IN.items() if name not in LATER_METHODS}
    with monkeypatch.context() as patched:
        patched.setattr(new_job, "SPECS", known)
        patched.setattr(new_job, "BY_KEY", {spec.key: spec for spec in known})
        patched.setattr(settings, "SETTINGS", few)
        patched.setattr(scheme_tables, "BUILT_IN", built_in)
        new(str(write_folder(tmp_path / "方案")), tmp_path / "总表.xlsx", clock=lambda: START)
    return tmp_path / "总表.xlsx"


def contents(master: Path) -> dict[str, dict[tuple[int, int], object]]:
    """Every filled cell of every sheet."""
    book = openpyxl.load_workbook(master)
    return {
        sheet.title: {
            (c.row, c.column): c.value for row in sheet.iter_rows() for c in row if c.value is not None
        }
        for sheet in book.worksheets
    }


def parts(master: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(master) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def headings(master: Path, sheet: str) -> list[object]:
    return [title for title in grid(master, sheet).rows[2] if title]


def test_the_earlier_master_lacks_them(earlier: Path) -> None:
    assert {"S11"} == {finding.code for finding in open_master(earlier).findings}
    assert set(LATER_SHEETS).isdisjoint(contents(earlier))


def test_everything_is_added(earlier: Path) -> None:
    done = upgrade(earlier, clock=lambda: START)
    assert set(done.sheets) == set(LATER_SHEETS)
    assert set(done.columns) == {
        f"{table}:{title}" for table in LATER_COLUMNS for title in LATER_COLUMNS[table]
    }
    assert done.settings == LATER_SETTINGS
    assert set(done.methods) == set(LATER_METHODS)
    assert done.backup is not None
    assert "下拉列表" in done.notes[-1]
    master = open_master(earlier)
    assert master.findings == ()
    assert {"等次", "考评部门"} <= {*contents(earlier), *map(str, headings(earlier, "指标"))}
    assert master.runs[-1].command == "升级"


def test_nothing_that_was_there_changes(earlier: Path) -> None:
    before, version = contents(earlier), open_master(earlier).scheme.version
    upgrade(earlier, clock=lambda: START)
    after = contents(earlier)
    for sheet, cells in before.items():
        assert cells.items() <= after[sheet].items()
    assert open_master(earlier).scheme.version == version


def test_parts_that_are_not_concerned_stay_byte_for_byte(earlier: Path) -> None:
    old = parts(earlier)
    upgrade(earlier, clock=lambda: START)
    now = parts(earlier)
    same = {name for name in old if now[name] == old[name]}
    changed = {name for name in old if name not in same and "worksheets" in name}
    touched = {*LATER_COLUMNS, "方案", "计分方法", "运行记录"}
    assert len(changed) == len(touched)


def test_added_cells_look_like_their_neighbours(earlier: Path) -> None:
    upgrade(earlier, clock=lambda: START)
    sheet = openpyxl.load_workbook(earlier)["指标"]
    titles = [cell.value for cell in sheet[3]]
    for title in LATER_COLUMNS["指标"]:
        column = titles.index(title) + 1
        assert sheet.cell(3, column).style_id == sheet.cell(3, 1).style_id
        assert sheet.cell(4, column).has_style


def test_columns_stand_behind_what_the_office_wrote_beside(earlier: Path) -> None:
    column = len(headings(earlier, "单位")) + 3
    earlier.write_bytes(fill(earlier.read_bytes(), "单位", {(7, column): "我的备注", (3, column): "备注"}))
    upgrade(earlier, clock=lambda: START)
    rows = grid(earlier, "单位").rows
    assert (rows[6][column - 1], rows[2][column - 1]) == ("我的备注", "备注")
    assert rows[2][column] == "对标地区"


def test_the_second_time_there_is_nothing_to_do(earlier: Path) -> None:
    upgrade(earlier, clock=lambda: START)
    before = earlier.read_bytes()
    again = upgrade(earlier, clock=lambda: START)
    assert (again.sheets, again.columns, again.settings, again.methods, again.backup) == (
        (),
        (),
        (),
        (),
        None,
    )
    assert earlier.read_bytes() == before


def test_a_built_in_method_with_another_formula_is_told_and_kept(tmp_path: Path) -> None:
    """Deleted and upgraded again, it is the program's."""
    new(str(write_folder(tmp_path / "方案")), tmp_path / "总表.xlsx", clock=lambda: START)
    master = tmp_path / "总表.xlsx"
    rows = grid(master, "计分方法").rows
    at = next(n for n, row in enumerate(rows, start=1) if row[0] == "比例计分")
    master.write_bytes(fill(master.read_bytes(), "计分方法", {(at, 2): "权重*完成值/200"}))
    (said,) = upgrade(master, clock=lambda: START).notes
    assert "比例计分" in said
    assert grid(master, "计分方法").rows[at - 1][1] == "权重*完成值/200"
    master.write_bytes(fill(master.read_bytes(), "计分方法", {(at, n): None for n in range(1, 10)}))
    done = upgrade(master, clock=lambda: START)
    assert (done.methods, done.notes) == (("比例计分",), ())
    assert open_master(master).scheme.methods == ()


def test_a_new_master_lacks_nothing(tmp_path: Path) -> None:
    new(str(write_folder(tmp_path / "方案")), tmp_path / "总表.xlsx", clock=lambda: START)
    assert upgrade(tmp_path / "总表.xlsx").backup is None


def test_only_adds_single_sheets(tmp_path: Path) -> None:
    new(str(write_folder(tmp_path / "方案")), tmp_path / "总表.xlsx", clock=lambda: START)
    done = upgrade(tmp_path / "总表.xlsx", only=("测评", "人员", "单位"), clock=lambda: START)
    assert (set(done.sheets), done.columns) == ({"测评", "人员"}, ())
    assert {"survey", "person"} <= set(open_master(tmp_path / "总表.xlsx").tables)
    assert "人员代码" in headings(tmp_path / "总表.xlsx", "人员")


def test_a_sheet_nobody_knows(tmp_path: Path) -> None:
    new(None, tmp_path / "总表.xlsx")
    with pytest.raises(JobError, match="没有名为“测平”的表。可以增加的有:测评"):
        upgrade(tmp_path / "总表.xlsx", only=("测平",))


@pytest.mark.soffice
def test_a_master_that_libreoffice_saved(earlier: Path, tmp_path: Path) -> None:
    libreoffice.require_soffice()
    (tmp_path / "另存").mkdir()
    saved = libreoffice.recalculate(earlier, tmp_path / "另存")
    done = upgrade(saved, clock=lambda: START)
    assert set(done.sheets) == set(LATER_SHEETS)
    assert open_master(saved).findings == ()
    assert open_master(saved).scheme.version == open_master(earlier).scheme.version
