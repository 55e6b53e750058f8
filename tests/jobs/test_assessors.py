"""考评打分表 on files: issued to departments that assess, filled in, checked, taken in beside the forms."""

from __future__ import annotations

import io
import os
from collections.abc import Mapping
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from kaohe.assess.coverage import affected_units, coverage_findings
from kaohe.assess.returns import CONSOLIDATED, DUPLICATE, REFUSED, Intake, take_in
from kaohe.findings import Finding
from kaohe.jobs.check import check
from kaohe.jobs.common import JobError
from kaohe.jobs.inbox import find_files, read_returns
from kaohe.jobs.issue import issue
from kaohe.jobs.master import Master, open_master
from kaohe.model import Scheme
from kaohe.periods import parse_period
from kaohe.sheets.assessor_fill import fill_in_assessor
from kaohe.sheets.assessor_layout import ASSESSOR_TITLE, BLANK_CELL, EXPECTED_CELL, FILLED, FILLED_CELL, MEAN
from kaohe.sheets.form_read import read_return
from kaohe.terms import PURPOSE_ASSESSOR
from kaohe.workbooks.package import fill
from tests.support.libreoffice import recalculate
from tests.support.line import Desk

H1 = parse_period("2007-H1")
INSPECTORS, TRADE, STATISTICS = "督查室", "商务局", "统计局"
TABLES = {
    "方案": "项目|值\n方案代码|T\n方案名称|小方案\n考核年度|2007\n权重合计|0",
    "部分": "代码|名称|上级|满分\nA|发展||\nB|作风||",
    "单位": "单位代码|单位名称|类别|考核组\nU1|东区|一类|甲组\nU2|西区|二类|乙组\nU3|南区|二类|乙组",
    "指标": """
        指标代码|上级|指标名称|计量单位|权重|计分方法|频次|序时|责任部门|取值|考评部门|适用
        X1|A|产值|亿元|40|目标完成率|月度|无|发改局|填报|统计局|
        X2|A|引资|亿元|20|目标完成率|月度|无||考评|商务局|二类
        X3|B|作风|分|30|评定分|月度|无||考评|督查室|
        X4|B|信访|件|10|扣分制|月度|无||考评|督查室|
        X5|B|预案||5|是否|月度|无||考评|督查室|
        X6|B|年终总评|分|5|评定分|年度|无||考评|督查室|
        """,
    "目标": "指标代码|单位代码|目标值|上年值\nX1|*|100|80\nX2|U2|50|\nX2|U3|60|",
}
MARKS = {
    ("U1", "X3"): {"actual": "28.5", "reason": "会风扣分"},
    ("U1", "X4"): {"actual": "2"},
    ("U1", "X5"): {"actual": "是"},
    ("U2", "X3"): {"actual": "30"},
    ("U2", "X4"): {"actual": "0"},
    ("U2", "X5"): {"actual": "否"},
    ("U3", "X3"): {"actual": "27"},
    ("U3", "X4"): {"actual": "1"},
    ("U3", "X5"): {"actual": "是"},
}
"""Everything 督查室 has to fill in."""


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    made = Desk.new(tmp_path, **TABLES)
    made.issue()
    return made


def table(desk: Desk, department: str = INSPECTORS) -> Path:
    """The issued 考评打分表 of a department."""
    return desk.form("", department)


def hand_in(desk: Desk, data: bytes, name: str) -> Path:
    """Bytes into the inbox, received at this step's time."""
    target = desk.inbox / name
    target.write_bytes(data)
    when = desk.clock().timestamp()
    os.utime(target, (when, when))
    return target


def mark(desk: Desk, typed: Mapping[tuple[str, str], Mapping[str, str]], name: str = "") -> Path:
    """督查室's table with these entries in the inbox."""
    path = table(desk)
    return hand_in(desk, fill_in_assessor(path.read_bytes(), path.name, typed), name or path.name)


def changed(*changes: tuple[str, str, str]) -> dict[tuple[str, str], Mapping[str, str]]:
    """MARKS with (unit, indicator, typed); '' leaves the cell blank."""
    return {**MARKS, **{(unit, code): {"actual": text} for unit, code, text in changes}}


def taken(desk: Desk) -> tuple[Intake, Master, Scheme]:
    """What the inbox comes to."""
    book = open_master(desk.master)
    scheme = book.scheme.at(H1.end)
    paths, _ = find_files([desk.inbox])
    returns = read_returns(paths, desk.inbox, 1, lambda *_: None)
    return take_in(returns, book.issues, book.records, scheme, H1, book.versions), book, scheme


def of_departments(desk: Desk) -> list[Finding]:
    """What is to be said about 考评打分表: the intake's findings, and what is missing."""
    intake, book, scheme = taken(desk)
    missing = coverage_findings(book.issues, intake.live, scheme, H1, {}, intake.assessed)
    units = {unit.name for unit in scheme.units}
    return [*intake.findings, *(f for f in missing if f.facts.get("unit") not in units)]


def codes(findings: list[Finding]) -> list[tuple[str, str, str]]:
    return sorted((f.code, f.location.cell, f.location.unit) for f in findings if f.code != "W16")


def states(desk: Desk) -> dict[str, str]:
    return {item.workbook: item.state for item in taken(desk)[0].inputs}


def sheet_of(data: bytes) -> Worksheet:
    found = openpyxl.load_workbook(io.BytesIO(data))[ASSESSOR_TITLE]
    assert isinstance(found, Worksheet)
    return found


def edited(path: Path, *steps: tuple[str, int]) -> bytes:
    """The table after somebody put in or took out columns and rows."""
    book = openpyxl.load_workbook(path)
    sheet = book[ASSESSOR_TITLE]
    for step, at in steps:
        getattr(sheet, step)(at)
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


def cell_of(path: Path, unit: str, indicator: str) -> str:
    rows = read_return(path.read_bytes(), path.name, "").rows
    return next(row.cell for row in rows if (row.unit, row.indicator) == (unit, indicator))


def test_every_department_that_assesses_gets_its_table(tmp_path: Path) -> None:
    desk = Desk.new(tmp_path, **TABLES)
    done = desk.issue()
    assert [path.name for path in done.assessors] == [
        "统计局-考评打分表-2007-H1.xlsx",
        "商务局-考评打分表-2007-H1.xlsx",
        "督查室-考评打分表-2007-H1.xlsx",
    ]
    assert (done.forms_written, done.assessors_written, done.skipped) == (3, 3, ())
    row = desk.issued["", INSPECTORS]
    assert row.number.startswith("2007-H1-KP-")
    assert (row.unit, row.deadline) == ("", "2007-07-10")


def test_its_cells_are_what_it_assesses_of_whom(desk: Desk) -> None:
    """X6 falls due at the year's end; X2 is assessed of 二类 only."""

    def cells(department: str) -> set[tuple[str, str]]:
        path = table(desk, department)
        returned = read_return(path.read_bytes(), path.name, "")
        assert (returned.problem, returned.identity.purpose) == ("", PURPOSE_ASSESSOR)
        assert (returned.shown_unit, returned.identity.department) == (department, department)
        return {(row.unit, row.indicator) for row in returned.rows}

    assert cells(INSPECTORS) == set(MARKS)
    assert cells(TRADE) == {("U2", "X2"), ("U3", "X2")}
    assert cells(STATISTICS) == {("U1", "X1"), ("U2", "X1"), ("U3", "X1")}


def test_issuing_again_keeps_numbers_and_bytes(desk: Desk) -> None:
    before = {path.name: path.read_bytes() for path in desk.out.iterdir()}
    master = desk.master.read_bytes()
    again = issue(desk.master, "2007-H1", desk.out)
    assert (len(again.unchanged), again.written) == (6, ())
    assert {path.name: path.read_bytes() for path in desk.out.iterdir()} == before
    assert desk.master.read_bytes() == master


@pytest.mark.parametrize("typed", [{"actual": "28"}, {"reason": "会风扣分"}], ids=["mark", "reason"])
def test_a_table_somebody_filled_in_is_never_replaced(desk: Desk, typed: Mapping[str, str]) -> None:
    path = table(desk)
    path.write_bytes(fill_in_assessor(path.read_bytes(), path.name, {("U1", "X3"): typed}))
    if "reason" in typed:
        sheet = sheet_of(path.read_bytes())
        remark = next(cell for row in sheet.iter_rows() for cell in row if cell.value == "会风扣分")
        assert not remark.protection.locked
    theirs = path.read_bytes()
    done = issue(desk.master, "2007-H1", desk.out, overwrite=True)
    assert (done.kept, done.typed) == ((path,), (path,))
    assert path.read_bytes() == theirs


def test_one_department_by_name(tmp_path: Path) -> None:
    desk = Desk.new(tmp_path, **TABLES)
    done = desk.issue(units=[TRADE, "U1"])
    assert [path.name for path in done.written] == [
        "东区-自测完成情况表-2007-H1.xlsx",
        "商务局-考评打分表-2007-H1.xlsx",
    ]


def test_what_a_department_may_touch(desk: Desk) -> None:
    """Yellow cells, remarks and signatures; marks between nought and the weight; a list for words."""
    path = table(desk)
    sheet = sheet_of(path.read_bytes())
    assert sheet.protection.sheet
    rows = read_return(path.read_bytes(), path.name, "").rows
    assert all(not sheet[row.cell].protection.locked for row in rows)
    first = {row.indicator: row.cell for row in reversed(rows)}
    assert sheet[first["X3"]].fill.start_color.rgb[-6:] == "FFF2CC"
    column = {code: cell[0] for code, cell in first.items()}
    rules = {str(v.sqref)[0]: v for v in sheet.data_validations.dataValidation}
    assert (rules[column["X3"]].type, rules[column["X3"]].formula1, rules[column["X3"]].formula2) == (
        "decimal",
        "0",
        "30",
    )
    assert (rules[column["X4"]].type, rules[column["X4"]].errorStyle) == ("decimal", "warning")
    assert rules[column["X5"]].formula1 == '"是,否"'
    assert all(rules[letter].prompt for letter in column.values())
    locked = [c.coordinate for row in sheet.iter_rows() for c in row if c.value and not c.protection.locked]
    assert locked == []
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    assert sheet.freeze_panes == f"D{int(first['X3'][1:]) - 1}"


def test_units_with_other_targets_see_theirs(desk: Desk) -> None:
    """X2: 50 and 60 in a grey column of their own; X1: 100 for everybody, told once above the column."""
    texts = {
        str(cell.value)
        for row in sheet_of(table(desk, STATISTICS).read_bytes()).iter_rows()
        for cell in row
        if cell.value is not None
    }
    assert any("目标 100" in text and "核定" in text for text in texts)
    trade = sheet_of(table(desk, TRADE).read_bytes())
    values = [cell for row in trade.iter_rows() for cell in row if cell.value in (50, 60)]
    assert [cell.value for cell in values] == [50, 60]
    assert all(cell.protection.locked for cell in values)


def test_marks_are_taken_in_beside_the_units_own_figures(desk: Desk) -> None:
    desk.fill("U1", "指标|完成值\nX1|90")
    mark(desk, MARKS)
    intake, _, _ = taken(desk)
    assert set(intake.live) == {"U1"}
    assert {(u, c): r.typed for u, rows in intake.assessed.items() for c, r in rows.items()} == {
        key: row["actual"] for key, row in MARKS.items()
    }
    record = intake.assessed["U1"]["X3"]
    assert (record.value, record.reason, record.department) == (28.5, "会风扣分", INSPECTORS)
    assert (record.source, record.cell) == ("考评", cell_of(table(desk), "U1", "X3"))
    assert [f.code for f in intake.findings] == []


def test_a_second_run_adds_nothing(desk: Desk) -> None:
    mark(desk, MARKS)
    first, book, scheme = taken(desk)
    returns = read_returns(find_files([desk.inbox])[0], desk.inbox, 1, lambda *_: None)
    again = take_in(returns, book.issues, first.records, scheme, H1, book.versions)
    assert again.records == first.records
    assert again.assessed == first.assessed
    assert again.findings == ()


def test_the_later_of_two_tables_counts(desk: Desk) -> None:
    mark(desk, changed(("U1", "X3", "20")), "督查室 初稿.xlsx")
    mark(desk, MARKS, "督查室 定稿.xlsx")
    intake, _, _ = taken(desk)
    assert intake.assessed["U1"]["X3"].value == 28.5
    assert states(desk) == {"督查室 初稿.xlsx": DUPLICATE, "督查室 定稿.xlsx": CONSOLIDATED}
    assert [f.code for f in intake.findings] == ["W14"]


def test_a_correction_on_a_later_run_replaces_all_of_the_departments_rows(desk: Desk) -> None:
    mark(desk, MARKS, "旧.xlsx")
    first, book, scheme = taken(desk)
    (desk.inbox / "旧.xlsx").unlink()
    mark(desk, changed(("U1", "X3", "20")), "新.xlsx")
    returns = read_returns(find_files([desk.inbox])[0], desk.inbox, 1, lambda *_: None)
    later = take_in(returns, book.issues, first.records, scheme, H1, book.versions)
    assert later.assessed["U1"]["X3"].value == 20
    assert sum(bool(record.superseded) for record in later.records) == len(MARKS)
    assert all(r.workbook == "新.xlsx" for rows in later.assessed.values() for r in rows.values())


def test_the_same_name_as_a_units_department_keeps_them_apart(tmp_path: Path) -> None:
    """发改局 fills in U1's part and assesses; neither replaces the other."""
    desk = Desk.new(tmp_path, **{**TABLES, "指标": TABLES["指标"].replace("督查室", "发改局")})
    desk.issue(by_department=True)
    desk.fill("U1", "指标|完成值\nX1|90", department="发改局")
    path = table(desk, "发改局")
    hand_in(desk, fill_in_assessor(path.read_bytes(), path.name, MARKS), path.name)
    intake, _, _ = taken(desk)
    assert intake.live["U1"]["X1"].value == 90
    assert intake.assessed["U1"]["X3"].value == 28.5
    assert set(states(desk).values()) == {CONSOLIDATED}


def test_columns_and_rows_that_moved_are_read_all_the_same(desk: Desk) -> None:
    """A column in front, one between the marks, two rows above: the codes say what is what."""
    path = mark(desk, MARKS)
    before = {(r.unit, r.indicator): r.value for r in read_return(path.read_bytes(), "", "").rows}
    moved = edited(path, ("insert_cols", 5), ("insert_cols", 1), ("insert_rows", 1))
    after = {(r.unit, r.indicator): r for r in read_return(moved, "", "").rows}
    assert {key: row.value for key, row in after.items()} == before
    assert after["U1", "X3"].cell == "E" + str(int(cell_of(path, "U1", "X3")[1:]) + 1)
    assert after["U1", "X4"].cell[0] == "G"


def test_a_deleted_unit_is_missing_by_name(desk: Desk) -> None:
    path = mark(desk, MARKS)
    row = int(cell_of(path, "U2", "X3")[1:])
    path.write_bytes(edited(path, ("delete_rows", row)))
    found = [f for f in of_departments(desk) if f.code == "V26"]
    assert [(f.location.unit, f.facts["name"]) for f in found] == [
        ("U2", "作风(西区)"),
        ("U2", "信访(西区)"),
        ("U2", "预案(西区)"),
    ]


def test_blank_cells_name_department_and_unit(desk: Desk) -> None:
    mark(desk, changed(("U2", "X3", "")))
    cell = cell_of(table(desk), "U2", "X3")
    found = of_departments(desk)
    assert codes(found)[:1] == [("V25", cell, "U2")]
    message = next(f.message for f in found if f.code == "V25")
    assert "督查室没有填写《作风(西区)》" in message
    assert "督查室-考评打分表-2007-H1.xlsx《打分表》" + cell in message


def test_a_department_that_sent_nothing_is_named_once(desk: Desk) -> None:
    """商务局 and 督查室 owe marks; 统计局 only checks, the units' figures stand."""
    desk.fill("U1", "指标|完成值\nX1|90")
    found = [f for f in of_departments(desk) if f.code in ("W08", "W16")]
    assert [(f.code, f.what) for f in found] == [
        ("W16", "统计局未报送考评打分表,所负责核定的 1 项按单位自报的数。"),
        ("W08", "商务局未报送考评打分表(涉及 2 个考核对象)。"),
        ("W08", "督查室未报送考评打分表(涉及 3 个考核对象)。"),
    ]
    intake, _, scheme = taken(desk)
    assert affected_units(intake.assessed, scheme, H1) == {
        TRADE: frozenset({"U2", "U3"}),
        INSPECTORS: frozenset({"U1", "U2", "U3"}),
    }


def test_strange_codes_are_told_at_their_cell(desk: Desk) -> None:
    path = mark(desk, MARKS)
    first = cell_of(path, "U1", "X3")
    row, column = int(first[1:]), ord(first[0]) - 64
    data = fill(path.read_bytes(), ASSESSOR_TITLE, {(row, 2): "U77", (row - 2, column + 1): "X1"})
    path.write_bytes(data)
    found = [f for f in of_departments(desk) if f.code in ("V27", "V28")]
    assert [(f.code, f.facts["typed"]) for f in found] == [("V27", "U77"), ("V28", "X1")]
    assert "《产值》本期不由督查室考评" in found[1].message


def test_another_departments_number_is_refused(desk: Desk) -> None:
    """督查室's table with the number of 商务局's in its hidden identity."""
    path = mark(desk, MARKS)
    number = desk.issued["", TRADE].number
    path.write_bytes(fill(path.read_bytes(), "_kaohe", {(3, 2): number}))
    intake, _, _ = taken(desk)
    assert [(f.code, f.facts["found"], f.facts["expected"]) for f in intake.findings] == [
        ("W04", INSPECTORS, TRADE)
    ]
    assert states(desk) == {path.name: REFUSED}
    assert dict(intake.assessed) == {}


def test_a_name_written_over_on_the_face_is_refused(desk: Desk) -> None:
    path = mark(desk, MARKS)
    path.write_bytes(fill(path.read_bytes(), ASSESSOR_TITLE, {(3, 3): TRADE}))
    assert [f.code for f in taken(desk)[0].findings] == ["W04"]


def test_another_period_is_refused(desk: Desk) -> None:
    desk.issue("2007-07")
    path = table(desk)
    hand_in(desk, path.read_bytes(), path.name)
    assert [f.code for f in taken(desk)[0].findings] == ["W05"]


def test_check_alone_finds_blanks_and_words_by_cell(desk: Desk) -> None:
    path = mark(desk, changed(("U1", "X3", "较好"), ("U2", "X4", "")))
    found = check([path]).findings
    place = table(desk)
    assert sorted((f.code, f.location.cell) for f in found) == sorted(
        [("V02", cell_of(place, "U1", "X3")), ("V25", cell_of(place, "U2", "X4"))]
    )


def test_what_was_not_checked_may_stay_blank(desk: Desk) -> None:
    """统计局 only checks what units fill in: neither alone nor beside the master a blank is missed."""
    path = table(desk, STATISTICS)
    data = fill_in_assessor(path.read_bytes(), path.name, {("U1", "X1"): {"actual": "88"}})
    returned = hand_in(desk, data, path.name)
    assert check([returned]).findings == ()
    found = [
        f for f in of_departments(desk) if STATISTICS in (f.facts.get("department"), f.facts.get("unit"))
    ]
    assert found == []
    assert taken(desk)[0].assessed["U1"]["X1"].value == 88


def test_its_counts_and_summaries_are_live(desk: Desk, tmp_path: Path) -> None:
    """What the filler keeps as results is what LibreOffice comes to."""
    path = mark(desk, {key: row for key, row in MARKS.items() if key != ("U3", "X4")})
    again = recalculate(path, tmp_path / "neu")
    kept = openpyxl.load_workbook(path, data_only=True)[ASSESSOR_TITLE]
    live = openpyxl.load_workbook(again, data_only=True)[ASSESSOR_TITLE]
    formulas = [
        cell.coordinate
        for row in openpyxl.load_workbook(path)[ASSESSOR_TITLE].iter_rows()
        for cell in row
        if str(cell.value).startswith("=")
    ]
    assert len(formulas) == 2 + 3 + 2 * 3
    assert {c: live[c].value for c in formulas} == {c: kept[c].value for c in formulas}
    assert [kept.cell(*place).value for place in (EXPECTED_CELL, FILLED_CELL, BLANK_CELL)] == [9, 8, 1]


def test_many_indicators_stand_in_blocks_below_one_another(tmp_path: Path) -> None:
    """Thirty marks: three blocks of ten; every cell can be filled in and is read back."""
    head = "指标代码|上级|指标名称|权重|计分方法|频次|序时|取值|考评部门|适用"
    rows = [f"Y{n:02}|A|第{n}项|1|评定分|月度|无|考评|督查室|" for n in range(30)]
    desk = Desk.new(
        tmp_path, **{**TABLES, "指标": "\n".join([head, *rows]), "目标": "指标代码|单位代码|目标值"}
    )
    done = desk.issue()
    assert done.skipped == ("东区", "西区", "南区")
    path = table(desk)
    titles = [row[0].value for row in sheet_of(path.read_bytes()).iter_rows()]
    bands = [str(title).split()[1] for title in titles if str(title).startswith("第 ")]
    assert bands == ["1", "2", "3"]
    typed = {(u, f"Y{n:02}"): {"actual": str(n / 30)} for u in ("U1", "U2", "U3") for n in range(30)}
    filled = fill_in_assessor(path.read_bytes(), path.name, typed)
    read = {(r.unit, r.indicator): r.value for r in read_return(filled, "", "").rows}
    assert read == {key: float(row["actual"]) for key, row in typed.items()}


def test_nothing_to_issue_is_said(tmp_path: Path) -> None:
    """Survey figures only: neither a form nor a 考评打分表."""
    survey = "指标代码|上级|指标名称|权重|计分方法|频次|序时|取值\nX1|A|满意度|10|评定分|月度|无|测评"
    voters = "类型|指标代码|名称|比重\n票种|X1|群众|1"
    tables = {**TABLES, "指标": survey, "票种": voters, "目标": "指标代码|单位代码|目标值"}
    desk = Desk.new(tmp_path, **tables)
    with pytest.raises(JobError, match="没有可下发的表:东区、西区、南区"):
        desk.issue()


def test_the_master_shows_who_returned_what(desk: Desk) -> None:
    """A whole run: scores from both hands, a line in 报送情况 per workbook, the source in 填报数据."""
    for unit, value in (("U1", 90), ("U2", 100), ("U3", 110)):
        desk.fill(unit, f"指标|完成值|原因|措施\nX1|{value}|检修|追赶")
    mark(desk, MARKS)
    path = table(desk, TRADE)
    typed = {("U2", "X2"): {"actual": "50"}, ("U3", "X2"): {"actual": "30"}}
    hand_in(desk, fill_in_assessor(path.read_bytes(), path.name, typed), path.name)
    done = desk.consolidate()
    assert {s.unit.code: s.total for s in done.assessment.standings} == {"U1": 77.5, "U2": 100.0, "U3": 91.0}
    rows = [row for row in desk.rows("报送情况") if row["单位"] == "(考评部门)"]
    assert [(row["责任部门"], row["状态"]) for row in rows] == [
        (STATISTICS, "未报送"),
        (TRADE, "已报送"),
        (INSPECTORS, "已报送"),
    ]
    kept = [row for row in desk.rows("填报数据") if row["来源"] == "考评"]
    assert len(kept) == len(MARKS) + 2
    assert {row["责任部门"] for row in kept} == {INSPECTORS, TRADE}
    again = desk.consolidate()
    assert again.assessment.intake.records == done.assessment.intake.records


def test_a_few_units_are_not_averaged(desk: Desk) -> None:
    """商务局 assesses two units: how many are filled in is all there is to say."""
    words = {str(row[2].value) for row in sheet_of(table(desk, TRADE).read_bytes()).iter_rows()}
    assert FILLED in words
    assert MEAN not in words


def test_a_value_for_a_unit_that_is_not_assessed_is_not_taken(desk: Desk) -> None:
    """X2 is assessed of 二类; somebody wrote 东区's code over 西区's."""
    path = table(desk, TRADE)
    cell = cell_of(path, "U2", "X2")
    typed = {("U2", "X2"): {"actual": "50"}, ("U3", "X2"): {"actual": "30"}}
    data = fill_in_assessor(path.read_bytes(), path.name, typed)
    hand_in(desk, fill(data, ASSESSOR_TITLE, {(int(cell[1:]), 2): "U1"}), path.name)
    found = [f for f in of_departments(desk) if f.code in ("V26", "V29")]
    assert [(f.code, f.location.cell, f.location.unit) for f in found] == [
        ("V29", cell, "U1"),
        ("V26", "", "U2"),
    ]
    assert found[0].facts == {"name": "引资", "unit": "东区", "typed": "50"}
    assert "U1" not in taken(desk)[0].assessed
