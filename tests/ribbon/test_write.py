"""What a consolidation writes into an open master is what it writes into the file, in few actions."""

from __future__ import annotations

import datetime as dt
import warnings
from collections import Counter
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from kaohe.jobs.consolidate import consolidate
from kaohe.jobs.master import open_master
from kaohe.jobs.open_store import NO_BACKUP, OLD_BACKUP, OpenStore
from kaohe.workbooks.open_book import named_areas, product_sheets
from kaohe.workbooks.open_book_looks import Roles, built_in
from kaohe.workbooks.open_book_write import write_plan
from kaohe.workbooks.package import PatchRefused, create, patch_bytes, read_names
from kaohe.workbooks.plan import BookPlan, Cell, CellLike, Layout, SheetPlan
from kaohe.workbooks.skeleton import ROLES, build_skeleton
from tests.ribbon.remote import Screen, Sheet, actions, as_json, opened, xlwings

PERIOD = "2007-H1"


def clock() -> dt.datetime:
    """The time of both runs."""
    return dt.datetime(2007, 7, 20, 9, 0, 0)


def sheets_of(path: Path) -> dict[str, Any]:
    """openpyxl's view of a file (test-side only), formulas as formulas."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        book = openpyxl.load_workbook(path)
    return {sheet.title: sheet for sheet in book}


def in_file(
    sheet: Any,
) -> tuple[dict[tuple[int, int], Any], dict[tuple[int, int], str], set[tuple[int, int]]]:
    """(values, formulas, linked cells) of a sheet in a file."""
    cells = [cell for row in sheet.iter_rows() for cell in row]
    values = {(c.row, c.column): c.value for c in cells if c.value is not None and c.data_type != "f"}
    formulas = {(c.row, c.column): c.value[1:] for c in cells if c.data_type == "f"}
    return values, formulas, {(c.row, c.column) for c in cells if c.hyperlink}


def assert_same(screen: Sheet, sheet: Any) -> None:
    """The sheet on the screen holds what the sheet in the file holds."""
    values, formulas, links = in_file(sheet)
    assert screen.values == values
    assert screen.formulas == formulas
    assert set(screen.links) == links
    assert {area.text() for area in screen.merges} == {str(area) for area in sheet.merged_cells.ranges}


def both(desk: Path) -> tuple[Screen, dict[str, Any], list[dict[str, Any]]]:
    """A consolidation of the open master, the same of its file: the screen, the file's sheets, actions."""
    master = desk / "总表.xlsx"
    before, book = master.read_bytes(), opened(master)
    consolidate(OpenStore(book, folder=desk), desk / "回收", period_code=PERIOD, clock=clock)
    assert master.read_bytes() == before
    consolidate(master, desk / "回收", period_code=PERIOD, clock=clock)
    done = actions(book)
    return Screen.of(before, master.name).play(done), sheets_of(master), done


def test_the_same_cells_as_the_file(desk: Path) -> None:
    screen, file, done = both(desk)
    present = read_names((desk / "总表.xlsx").read_bytes()).sheets
    written = {screen.sheets[a["sheet_position"]][0] for a in done if a["func"] == "setValues"}
    assert {"排名", "得分明细", "问题清单", "填报数据", "运行记录"} <= written <= set(present.values())
    for name in written:
        assert_same(screen.sheet(name), file[name])


def test_few_actions(desk: Path) -> None:
    _, file, done = both(desk)
    counts = Counter(action["func"] for action in done)
    links = counts.pop("addHyperlink")
    formulas = counts["setFormula"]
    assert counts["setValues"] == 14
    cells = sum(len(in_file(sheet)[0]) + len(in_file(sheet)[1]) for sheet in file.values())
    assert links == sum(
        len(in_file(sheet)[2])
        for name, sheet in file.items()
        if name in ("得分明细", "问题清单", "报送情况", "进度热图", "图表")
    )
    assert formulas < 180
    assert sum(counts.values()) < cells / 30


def test_formats_follow_the_roles_of_the_file(desk: Path) -> None:
    screen, file, _ = both(desk)
    for name, body in (("得分明细", 5), ("失分分析", 5), ("问题清单", 5), ("运行记录", 3)):
        formats = screen.sheet(name).formats
        for row in file[name].iter_rows(min_row=body):
            for cell in row:
                place = (cell.row, cell.column)
                assert formats["setNumberFormat", place] == cell.number_format, (name, place)
                assert formats["setFontProperty.bold", place] == bool(cell.font.bold), (name, place)
                assert formats["setFontProperty.color", place] == f"#{cell.font.color.rgb[2:]}", (name, place)
                fill = f"#{cell.fill.fgColor.rgb[2:]}" if cell.fill.fill_type else None
                assert formats["setRangeColor", place] == fill, (name, place)


def test_names_follow(desk: Path) -> None:
    screen, _, _ = both(desk)
    master = desk / "总表.xlsx"
    in_the_file = {entry["name"]: entry["refers_to"] for entry in as_json(master.read_bytes(), "x")["names"]}
    ours = {name: text for name, text in screen.names.items() if name.startswith("_kaohe.")}
    assert ours == {name: text for name, text in in_the_file.items() if name.startswith("_kaohe.")}
    assert screen.sheets[screen.shown][0] == "排名"


def test_the_backup_and_its_note(desk: Path, tmp_path: Path) -> None:
    master = desk / "总表.xlsx"
    saved = master.read_bytes()
    done = consolidate(OpenStore(opened(master), folder=desk), desk / "回收", clock=clock)
    assert done.backup is not None
    assert done.backup.read_bytes() == saved
    assert done.notes == (OLD_BACKUP,)
    elsewhere = tmp_path / "别处"
    done = consolidate(OpenStore(opened(master), folder=elsewhere), desk / "回收", clock=clock)
    assert (done.backup, done.notes) == (None, (NO_BACKUP,))


def test_unsaved_changes_count(desk: Path) -> None:
    master = desk / "总表.xlsx"
    sent = as_json(master.read_bytes(), master.name)
    scheme = next(sheet for sheet in sent["sheets"] if sheet["name"] == "方案")
    row = next(line for line in scheme["values"] if line[0] == "方案名称")
    row[1] = "改了名的方案"
    store = OpenStore(xlwings().Book(json=sent, engine="remote"), folder=desk)
    assert store.read().scheme.settings["方案名称"] == "改了名的方案"
    assert open_master(master).scheme.settings["方案名称"] != "改了名的方案"


HEAD: tuple[CellLike, ...] = (Cell("名称", "header"), Cell("得分", "header"))


def plan_of(*rows: tuple[CellLike, CellLike], columns: int = 2) -> BookPlan:
    """A small sheet: a title, headings, rows."""
    more: tuple[CellLike, ...] = (Cell("新栏", "header"),) * (columns - 2)
    sheet = SheetPlan(
        key="小表",
        title="小表",
        rows=[
            (Cell("小表", "title"), Cell(None, "title")),
            (*HEAD, *more),
            *((*row, *("新",) * (columns - 2)) for row in rows),
        ],
        roles=("text", "score") + ("text",) * (columns - 2),
        widths=(12.0, 8.0),
        header_row=2,
        layout=Layout(merges=("A1:B1",), freeze="B3", tab_color="9DC3E6"),
    )
    return BookPlan((sheet,), active="小表")


def rows_of(count: int) -> list[tuple[CellLike, CellLike]]:
    """Rows with a value and a formula."""
    return [(f"单位{'甲乙丙丁戊己庚'[n]}", Cell(1.0, formula=f"{n}+1")) for n in range(count)]


def small_book(path: Path, count: int) -> Path:
    """A workbook with the small sheet, the office's own note below it and number beside it."""
    with_plan = create(build_skeleton("总表"), plan_of(*rows_of(count)))
    path.write_bytes(with_plan)
    book = openpyxl.load_workbook(path)
    book["小表"]["E4"] = 42
    book["小表"].cell(row=count + 5, column=1, value="考核办的备注")
    book.save(path)
    return path


@pytest.mark.parametrize(("before", "after"), [(3, 6), (6, 3), (1, 4), (4, 1), (3, 3), (2, 7)])
def test_a_table_grows_and_shrinks(tmp_path: Path, before: int, after: int) -> None:
    path = small_book(tmp_path / "书.xlsx", before)
    book, plan = opened(path), plan_of(*rows_of(after))
    assert write_plan(book, plan) == ()
    screen = Screen.of(path.read_bytes(), path.name).play(actions(book)).sheet("小表")
    path.write_bytes(patch_bytes(create(build_skeleton("总表"), plan_of(*rows_of(before))), plan))
    values, formulas, _ = in_file(sheets_of(path)["小表"])
    note = before + 5 + max(after - before, 0)
    assert screen.values == values | {(4, 5): 42, (note, 1): "考核办的备注"}
    assert screen.formulas == formulas


def test_new_rows_stand_inside_the_table(tmp_path: Path) -> None:
    book = opened(small_book(tmp_path / "书.xlsx", 3))
    write_plan(book, plan_of(*rows_of(5)))
    inserted = [a for a in actions(book) if a["func"] == "rangeInsert"]
    assert [(a["start_row"] + 1, a["row_count"], a["start_column"], a["column_count"]) for a in inserted] == [
        (5, 2, 0, 2)
    ]


def test_all_sheets_get_their_length_before_any_is_written(desk: Path) -> None:
    _, _, done = both(desk)
    funcs = [action["func"] for action in done]
    assert "rangeInsert" in funcs
    last = max(at for at, func in enumerate(funcs) if func in ("rangeInsert", "rangeClear"))
    assert last < funcs.index("setValues")
    assert last < funcs.index("setFormula")


def test_a_sheet_that_is_not_there_is_made(tmp_path: Path) -> None:
    path = tmp_path / "书.xlsx"
    other = SheetPlan("别的", "别的", [("x",)], ("text",))
    path.write_bytes(create(build_skeleton("总表"), BookPlan((other,))))
    book = opened(path)
    write_plan(book, plan_of(*rows_of(2)))
    screen = Screen.of(path.read_bytes(), path.name).play(actions(book))
    sheet = screen.sheet("小表")
    assert sheet.values == {
        (1, 1): "小表",
        (2, 1): "名称",
        (2, 2): "得分",
        (3, 1): "单位甲",
        (4, 1): "单位乙",
    }
    assert sheet.formulas == {(3, 2): "0+1", (4, 2): "1+1"}
    assert sheet.formats["setNumberFormat", (3, 2)] == "0.00"
    assert sheet.formats["setRangeColor", (2, 1)] == "#DCE6F1"
    assert sheet.formats["setFontProperty.name", (1, 1)] == "黑体"
    assert sheet.formats["setBorderProperty.edge_bottom.line_style", (4, 2)] == "continuous"
    assert sheet.formats["setColumnWidth", (1, 1)] == 12.0
    assert screen.names["_kaohe.小表.extent"] == "=小表!$A$1:$B$4"
    assert screen.names["_kaohe.小表.table"] == "=小表!$A$2:$B$4"
    assert screen.names["_kaohe.小表.width"] == "=2"
    assert product_sheets(book)["小表"] == "小表"
    assert named_areas(book, "小表")["_kaohe.小表.extent"].bottom == 4
    assert screen.sheets[screen.shown][0] == "小表"


def test_a_result_sheet_somebody_deleted_is_made_anew(desk: Path) -> None:
    master = desk / "总表.xlsx"
    sent = as_json(master.read_bytes(), master.name)
    at = [sheet["name"] for sheet in sent["sheets"]].index("排名")
    del sent["sheets"][at]
    sent["names"] = [entry for entry in sent["names"] if not entry["name"].startswith("_kaohe.排名")]
    for entry in sent["names"]:
        where = entry["sheet_index"]
        entry["sheet_index"] = where if where is None else where - (where > at)
    book = xlwings().Book(json=sent, engine="remote")
    consolidate(OpenStore(book, folder=desk), desk / "回收", clock=clock)
    done = actions(book)
    added = [action for action in done if action["func"] == "addSheet"]
    visible = sum(sheet["visibility"] == "Visible" for sheet in as_json(master.read_bytes(), "x")["sheets"])
    assert [action["args"] for action in added] == [[visible - 1, "排名"]]
    consolidate(master, desk / "回收", clock=clock)
    file = sheets_of(master)["排名"]
    ours = [action for action in done if action["sheet_position"] == visible - 1]
    formulas = {
        (action["start_row"] + 1 + row, action["start_column"] + 1 + column): text[1:]
        for action in ours
        if action["func"] == "setFormula"
        for row, line in enumerate(action["values"])
        for column, text in enumerate(line)
    }
    assert formulas == in_file(file)[1]
    made = Counter(action["func"] for action in ours)
    rules = sum(count for func, count in made.items() if "onditional" in func)
    assert rules == sum(len(rules) for rules in (item.rules for item in file.conditional_formatting))
    assert made["setColumnWidth"] > 1
    assert made["freezePaneAtRange"] == 1


def test_text_stays_text(tmp_path: Path) -> None:
    texts = ("=1+1", "'x", "2007-07", "90", "TRUE", "+1", "1/2", "字" * 9000)
    path = small_book(tmp_path / "书.xlsx", 3)
    book = opened(path)
    write_plan(book, plan_of(*((text, 1.0) for text in texts)))
    screen = Screen.of(path.read_bytes(), path.name).play(actions(book)).sheet("小表")
    assert [screen.values[row, 1] for row in range(3, 3 + len(texts))] == list(texts)


def test_the_screen_would_see_what_is_not_marked(tmp_path: Path) -> None:
    """The stand-in for a spreadsheet program does take unmarked text for something else."""
    book = opened(small_book(tmp_path / "书.xlsx", 3))
    book.sheets["小表"].range("A3:D3").value = ["=1+1", "2007-07", "90", "'90"]
    found = Screen.of((tmp_path / "书.xlsx").read_bytes(), "书").play(actions(book)).sheet("小表").values
    assert [found[3, column] for column in (1, 2, 3, 4)] == [
        ("formula", "=1+1"),
        ("typed", "2007-07"),
        ("typed", "90"),
        "90",
    ]


def test_content_of_the_office_in_the_way_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    book = opened(small_book(tmp_path / "书.xlsx", 3))
    with pytest.raises(PatchRefused, match=r"第 4 行右侧有您自己的内容.*会覆盖它"):
        write_plan(book, plan_of(*rows_of(3), columns=5))
    assert actions(book) == []


def test_a_column_the_office_put_into_our_table_is_refused(tmp_path: Path) -> None:
    path = small_book(tmp_path / "书.xlsx", 3)
    sent = as_json(path.read_bytes(), path.name)
    sheet = next(sheet for sheet in sent["sheets"] if sheet["name"] == "小表")
    for number, row in enumerate(sheet["values"], start=1):
        row.insert(1, "备注" if number == 2 else "")
    for entry in sent["names"]:
        if entry["name"] in ("_kaohe.小表.extent", "_kaohe.小表.table"):
            entry["refers_to"] = entry["refers_to"].replace("$B$", "$C$")
    book = xlwings().Book(json=sent, engine="remote")
    with pytest.raises(PatchRefused, match="中间插入了列 B“备注”"):
        write_plan(book, plan_of(*rows_of(3)))
    assert actions(book) == []


def test_a_sheet_of_the_office_under_our_name_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "书.xlsx"
    path.write_bytes(
        create(build_skeleton("总表"), BookPlan((SheetPlan("别的", "小表", [("x",)], ("text",)),)))
    )
    book = opened(path)
    with pytest.raises(PatchRefused, match="不属于本系统的工作表“小表”"):
        write_plan(book, plan_of(*rows_of(2)))
    assert actions(book) == []


def test_every_role_has_a_look_equal_to_its_specimen(tmp_path: Path) -> None:
    path = tmp_path / "样式.xlsx"
    path.write_bytes(build_skeleton("总表"))
    cells = {row[0].value: row[1] for row in sheets_of(path)["样式"].iter_rows(max_col=2)}
    assert set(built_in()) == {role.name for role in ROLES}
    for name, look in built_in().items():
        cell = cells[name]
        fill = f"#{cell.fill.fgColor.rgb[2:]}" if cell.fill.fill_type else None
        assert (look.number_format, look.fill, look.bold) == (
            cell.number_format,
            fill,
            bool(cell.font.bold),
        ), name
        assert (look.font, look.size, look.color) == (
            cell.font.name,
            cell.font.sz,
            f"#{cell.font.color.rgb[2:]}",
        ), name
        shown = (look.horizontal, look.wrap, look.indent, look.vertical)
        found = cell.alignment
        vertical = found.vertical or "bottom"
        expected = (found.horizontal or "general", bool(found.wrap_text), int(found.indent), vertical)
        assert shown == expected, name


def test_roles_of_a_plan() -> None:
    roles = Roles.of(plan_of(*rows_of(1)).sheets[0])
    assert roles.at(1, 1) == "title"
    assert (roles.at(3, 1), roles.at(3, 2), roles.at(3, 9)) == ("text", "score", "plain")
    assert roles.used == {"title", "header", "text", "score", "plain"}
