"""What the eye meets: widths, heights, bars, what prints, numbers shown shorter than they are."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from kaohe import terms
from kaohe.sheets.form_layout import BODY_START, WIDTHS, cell_at, letter
from kaohe.sheets.form_layout import COLUMNS as FORM_COLUMNS
from kaohe.sheets.ranking import FIRST_ROW
from kaohe.sheets.row_height import LEAST, LINE, MOST, display_width, fitting_width, height, lines
from kaohe.sheets.scheme_tables import HEADER_ROW, SPARE_ROWS
from kaohe.workbooks.skeleton import ROLES
from tests.support import example
from tests.support.line import Desk, grid, table_rows


@pytest.fixture(scope="module")
def master() -> openpyxl.Workbook:
    return openpyxl.load_workbook(example.made().folder / example.MASTER)


@pytest.mark.parametrize(
    ("text", "width", "expected"),
    [
        ("劳动和社会保障局", 16, 1),
        ("劳动和社会保障局", 14, 2),
        ("服务业增加值占地区生产总值比重", 31, 1),
        ("研究与试验发展经费占地区生产总值比重", 31, 2),
        ("一\n二\n三", 30, 3),
        ("", 10, 1),
        ("长" * 100, 20, 11),
        ("a", 0.5, 1),
    ],
)
def test_lines_of_a_text(text: str, width: float, expected: int) -> None:
    assert lines(text, width) == expected


def test_a_row_is_as_high_as_its_longest_text() -> None:
    assert height([("短", 10), (None, 5), (12.5, 3)]) == LEAST
    assert height([("短", 10), ("长" * 100, 20)]) == 11 * LINE + 4


@pytest.mark.parametrize(
    ("longest", "expected"), [("新区", 14), ("安全生产监督管理局" * 2, 35), ("长" * 99, 36)]
)
def test_a_column_takes_its_longest_name(longest: str, expected: float) -> None:
    assert fitting_width(["甲", longest], 14, 36) == expected
    assert expected == 36 or lines(longest, expected) == 1


def test_no_name_of_the_example_is_cut_off_or_given_too_much_room(master: openpyxl.Workbook) -> None:
    """Every text of the form fits its row, and rows of one line have the height of one."""
    form = openpyxl.load_workbook(example.form_of("新区", example.ISSUED))["自测表"]
    wrapped = [at for at, (_, _, role, _) in enumerate(FORM_COLUMNS) if role == "text_wrap"]
    seen = set()
    for number in range(BODY_START, BODY_START + 40):
        row = [cell.value for cell in form[number]]
        needed = max(lines(str(row[at]), WIDTHS[at]) for at in wrapped)
        points = form.row_dimensions[number].height
        assert points >= needed * LINE, row
        assert needed > 1 or points <= LEAST, row
        seen.add(needed)
    assert seen == {1, 2}


def test_a_due_target_is_shown_with_four_decimals(tmp_path: Path) -> None:
    """162.5 · 7/12 = 94.791666…: the form shows 94.7917, formula and kept value alike."""
    desk = _july(tmp_path)
    form = grid(desk.form("U1"), "自测表")
    at = next(n for n, row in enumerate(form.rows, 1) if "X1" in row)
    book = openpyxl.load_workbook(desk.form("U1"))
    assert book["自测表"][cell_at("due", at)].value == f'=IF(ISNUMBER(G{at}),ROUND(G{at}*I{at},4),"")'
    column = [key for key, *_ in FORM_COLUMNS].index("due")
    assert form.rows[at - 1][column] == 94.7917
    desk.fill("U1", "指标|完成值\nX1|94.79\nX2|95")
    done = desk.consolidate()
    detail = {row["指标代码"]: row for row in table_rows(desk.master, "得分明细")}
    assert (detail["X1"]["序时目标"], detail["X2"]["序时目标"]) == (94.7917, 0.123456)
    warning = {row["指标代码"]: row for row in table_rows(desk.master, "进度预警")}
    assert warning["X1"]["序时目标"] == 94.7917
    assert float(done.assessment.scores.results["X1"].due[0]) == pytest.approx(162.5 * 7 / 12, rel=1e-15)


def _july(folder: Path) -> Desk:
    desk = Desk.new(
        folder,
        方案="项目|值\n方案代码|T\n方案名称|小方案\n考核年度|2007\n权重合计|10",
        单位="单位代码|单位名称|考核组\nU1|东区|甲组",
        部分="代码|名称|上级|满分\nA|甲||10",
        指标="指标代码|上级|指标名称|指标性质|权重|计分方法|频次|序时\n"
        "X1|A|产值|正向|5|序时进度|月度|按月\nX2|A|比率|正向|5|目标完成率|月度|无",
        目标="指标代码|单位代码|目标值\nX1|*|162.5\nX2|*|0.123456",
    )
    desk.issue("2007-07")
    return desk


def test_the_bar_of_the_total_starts_at_the_lowest_and_says_so(master: openpyxl.Workbook) -> None:
    sheet = master["排名"]
    bars = {
        str(area.sqref): [point.type for point in rule.dataBar.cfvo]
        for area in sheet.conditional_formatting
        for rule in area.rules
        if rule.dataBar
    }
    titles = {cell.value: cell.column_letter for cell in sheet[FIRST_ROW - 1]}
    total, lost = titles["总分"], titles["扣分"]
    assert bars == {
        f"{total}5:{total}13": ["min", "max"],
        f"{lost}5:{lost}13": ["num", "max"],
    }
    assert "总分的色条从最低分画起" in str(sheet["A3"].value)


def test_what_is_not_scored_is_counted(tmp_path: Path) -> None:
    """未计分: measured, and neither on schedule nor behind."""
    desk = Desk.new(tmp_path, 单位="单位代码|单位名称|考核组\nU1|东区|甲组\nU2|西区|甲组")
    desk.issue()
    desk.fill("U1", "指标|完成值\nX1|较好\nX2|95")
    desk.fill("U2", "指标|完成值\nX1|100\nX2|95")
    desk.consolidate()
    rows = {row["单位"]: row for row in table_rows(desk.master, "排名")}
    assert {name: row["未计分"] for name, row in rows.items()} == {"东区": 1, "西区": 0}
    sheet = openpyxl.load_workbook(desk.master)["排名"]
    titles = {cell.value: cell.column_letter for cell in sheet[FIRST_ROW - 1]}
    parts = [f"{titles[title]}{FIRST_ROW}" for title in ("考核指标", "已达序时", "未达序时")]
    assert sheet[f"{titles['未计分']}{FIRST_ROW}"].value == "=" + "-".join(parts)


@pytest.mark.parametrize("sheet", ["方案", "部分", "指标", "单位", "目标", "参数", "计分方法"])
def test_rows_the_office_adds_print_too(sheet: str, master: openpyxl.Workbook) -> None:
    """A yellow table has spare rows to type in, and no print area that would leave out what is typed."""
    page: Worksheet = master[sheet]
    filled = max(
        (
            n
            for n in range(HEADER_ROW + 1, page.max_row + 1)
            if any(cell.value is not None for cell in page[n])
        ),
        default=HEADER_ROW,
    )
    assert not page.print_area
    assert page.max_row == filled + SPARE_ROWS


def test_numbers_and_texts_keep_away_from_the_lines() -> None:
    """Whatever stands at the left or right of a boxed cell is indented."""
    boxed = [role for role in ROLES if role.look.get("border")]
    sided = [role for role in boxed if role.look.get("align") in ("left", "right")]
    assert {"text", "text_wrap", "number", "score", "percent", "total", "input", "link"} <= {
        role.name for role in sided
    }
    assert [role.name for role in sided if role.look.get("indent") != 1] == []


def test_kinds_of_numbers_differ_in_more_than_their_number_format() -> None:
    """LibreOffice forgets the indent of a cell that differs from its neighbour by the number format only."""
    numbers = [role for role in ROLES if role.look.get("align") == "right" and role.look.get("indent")]
    others = [
        tuple(sorted((k, v) for k, v in role.look.items() if k not in ("num_format", "locked")))
        for role in numbers
    ]
    assert len(numbers) > 8
    assert len(set(others)) == len(others)


def test_every_state_is_explained() -> None:
    """填报说明 has a line for each word the 状态 column may show."""
    rows = grid(example.form_of("新区", example.ISSUED), "填报说明").rows
    explained = {str(row[1]) for row in rows if len(row) > 2 and row[2]}
    assert {*terms.STATES, terms.COMPONENT_MET, terms.COMPONENT_BEHIND} <= explained


def test_counts_of_the_form_stand_in_the_middle() -> None:
    form = openpyxl.load_workbook(example.form_of("新区", example.ISSUED))["自测表"]
    counts = [cell for cell in form[5] if "COUNTIF" in str(cell.value)]
    assert [cell.alignment.horizontal for cell in counts] == ["center"] * 4
    assert letter("state") in counts[0].value


def test_display_width_counts_chinese_signs_twice() -> None:
    assert [display_width(text) for text in ("", "ab", "甲b", "甲,乙", "甲\uff0c乙")] == [0, 2, 3, 5, 6]


def test_no_row_is_higher_than_a_spreadsheet_knows() -> None:
    assert height([("长" * 30_000, 40.0)]) == MOST
