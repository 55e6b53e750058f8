"""Right values that are shown wrong: formats, hidden rows, columns and sheets, charts that lead elsewhere."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from kaohe.audit.model import Difference
from tests.jobs.audited import checked, two_units
from tests.package.books import parts, rebuilt, sheet_part
from tests.support.line import Desk

RANKING, CHARTS = "排名", "图表"
STYLES, BOOK = "xl/styles.xml", "xl/workbook.xml"
Edit = Callable[[str], str]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """Two units in, consolidated; nobody writes into its folder."""
    return two_units(tmp_path_factory.mktemp("desk"))


def told(desk: Desk, folder: Path, part: str, edit: Edit) -> tuple[tuple[Difference, ...], tuple[str, ...]]:
    """What the audit says of the master with one part edited: differences, notes."""
    data = desk.master.read_bytes()
    found = parts(data)
    name = part if part in found else sheet_part(data, part)
    before = found[name].decode()
    after = edit(before)
    assert after != before
    path = folder / "总表.xlsx"
    path.write_bytes(rebuilt({**found, name: after.encode()}))
    audit = checked(path, "anew")
    return audit.differences, tuple(note for timed in audit.engines for note in timed.opinion.notes)


def cell(sheet: str, place: str) -> str:
    """The cell as it is written."""
    match = re.search(rf'<c r="{place}"[^>]*?(?:/>|>.*?</c>)', sheet, re.DOTALL)
    assert match is not None
    return match[0]


def unformatted(sheet: str) -> str:
    """排名 E6 without its format."""
    return sheet.replace(cell(sheet, "E6"), re.sub(r' s="\d+"', ' s="0"', cell(sheet, "E6")))


def total_as(code: str) -> Edit:
    """The format of 0.00 everywhere, the specimen sheet's too, is another one."""

    def edit(styles: str) -> str:
        formats = f'<numFmt numFmtId="199" formatCode="{code}"/></numFmts>'
        return styles.replace('numFmtId="2" ', 'numFmtId="199" ').replace("</numFmts>", formats)

    return edit


@pytest.mark.parametrize(
    ("part", "edit", "expected"),
    [
        pytest.param(RANKING, unformatted, (RANKING, "E6", "General", "0.00"), id="format of a cell"),
        pytest.param(
            RANKING,
            lambda text: text.replace('<row r="6"', '<row hidden="1" r="6"'),
            (RANKING, "A6", "隐藏 1 行", "显示"),
            id="row",
        ),
        pytest.param(
            RANKING,
            lambda text: text.replace('<col min="5"', '<col hidden="1" min="5"'),
            (RANKING, "E4", "隐藏", "显示"),
            id="column",
        ),
        pytest.param(
            RANKING,
            lambda text: text.replace("<sheetView ", '<sheetView showZeros="0" ', 1),
            (RANKING, "", "不显示", "显示"),
            id="zeros",
        ),
        pytest.param(
            BOOK,
            lambda text: text.replace('<sheet name="排名"', '<sheet state="hidden" name="排名"'),
            (RANKING, "", "隐藏", "显示"),
            id="sheet",
        ),
        pytest.param(
            BOOK,
            lambda text: text.replace('<sheet name="定稿登记"', '<sheet state="veryHidden" name="定稿登记"'),
            ("定稿登记", "", "隐藏", "显示"),
            id="register",
        ),
        pytest.param(
            "xl/charts/chart1.xml",
            lambda text: text.replace("$T$8:$T$9", "$T$9:$T$9"),
            (CHARTS, "A6", "图表!$T$9:$T$9", "图表!T8:T9"),
            id="bars of others",
        ),
        pytest.param(
            "xl/charts/chart1.xml",
            lambda text: text.replace(">2 西区 94.00<", ">2 西区 99.00<", 1),
            (CHARTS, "A6", "2 西区 99.00", "2 西区 94.00"),
            id="kept text",
        ),
        pytest.param(
            "xl/charts/chart1.xml",
            lambda text: text.replace("图表!$T$8:$T$9", "排名!$T$8:$T$9"),
            (CHARTS, "A6", "1 个", "2 个"),
            id="bars of another sheet",
        ),
    ],
)
def test_it_is_told_where_it_stands(
    desk: Desk, tmp_path: Path, part: str, edit: Edit, expected: tuple[str, ...]
) -> None:
    (one,) = told(desk, tmp_path, part, edit)[0]
    assert (one.sheet, one.cell, one.published, one.recomputed) == expected


def test_a_number_kept_in_a_chart_is_compared(desk: Desk, tmp_path: Path) -> None:
    def edit(text: str) -> str:
        values = re.search(r"<c:val>.*?</c:val>", text, re.DOTALL)
        assert values is not None
        first = re.sub(r"<c:v>[^<]*</c:v>", "<c:v>12.5</c:v>", values[0], count=1)
        return text.replace(values[0], first, 1)

    (one,) = told(desk, tmp_path, "xl/charts/chart1.xml", edit)[0]
    assert (one.sheet, one.published) == (CHARTS, "12.5")
    assert "图中保存的" in one.what


@pytest.mark.parametrize("code", ["&quot;99.00&quot;", "0", "0.00%", "0.00,", "9\\9.00"])
def test_a_style_that_prints_another_number_is_told(desk: Desk, tmp_path: Path, code: str) -> None:
    """The specimen sheet changed along with the cells: the shipped one is the measure."""
    found, _ = told(desk, tmp_path, STYLES, total_as(code))
    assert "样式“score_total”的数字格式" in {one.what for one in found}
    assert {one.sheet for one in found} == {"样式"}


def test_a_style_that_prints_the_same_number_is_the_offices(desk: Desk, tmp_path: Path) -> None:
    found, notes = told(desk, tmp_path, STYLES, total_as("0.000&quot;分&quot;"))
    assert found == ()
    assert any("考核办改过" in note and "score_total" in note for note in notes)


def test_a_filter_and_a_deleted_chart_are_notes(desk: Desk, tmp_path: Path) -> None:
    def filtered(text: str) -> str:
        held = re.search(r'<autoFilter ref="([^"]*)"/>', text)
        assert held is not None
        column = '<filterColumn colId="0"><filters><filter val="1"/></filters></filterColumn>'
        text = text.replace(held[0], f'<autoFilter ref="{held[1]}">{column}</autoFilter>')
        return text.replace('<row r="6"', '<row hidden="1" r="6"')

    found, notes = told(desk, tmp_path, RANKING, filtered)
    assert found == ()
    assert [note for note in notes if "正在筛选,有 1 行没有显示" in note]
    drawing = next(name for name in parts(desk.master.read_bytes()) if name.startswith("xl/drawings/drawing"))
    found, notes = told(desk, tmp_path, drawing, lambda text: text.replace('name="kaohe:', 'name="', 1))
    assert found == ()
    assert [note for note in notes if "已删去" in note]


def test_working_lists_may_be_folded(desk: Desk, tmp_path: Path) -> None:
    def edit(text: str) -> str:
        return text.replace('<row r="5"', '<row hidden="1" r="5"')

    assert told(desk, tmp_path, "报送情况", edit)[0] == ()
