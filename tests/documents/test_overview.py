"""总览: exactly one A4 page, four native charts over the figures of the result."""

from __future__ import annotations

import io
import re
import subprocess
from pathlib import Path

import openpyxl
import pytest
from openpyxl.utils import range_boundaries

from kaohe.documents import overview_book as overview_book_module
from kaohe.documents.overview import overview
from kaohe.documents.overview_book import overview_book
from kaohe.documents.results import assessed
from kaohe.sheets.chart_canvas import COLORS
from kaohe.workbooks.pdf import find_soffice, to_pdf
from tests.documents.demos import DEMOS, DRAFT, MOMENT, results


@pytest.mark.parametrize("code", DEMOS)
def test_one_page_with_four_charts_over_what_stands_in_the_cells(code: str) -> None:
    told = overview(results(code), DRAFT)
    data = overview_book(told, MOMENT)
    assert data == overview_book(told, MOMENT)
    (sheet,) = openpyxl.load_workbook(io.BytesIO(data)).worksheets
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight or 1) == (1, 1)
    assert len(sheet._charts) == 4
    printed = range_boundaries(sheet.print_area.partition("!")[2].replace("$", ""))
    for chart, rows in zip(sheet._charts, (told.ranking, told.grades, told.parts, told.losses), strict=True):
        assert len(chart.series) == len(rows[0]) - 1
        for number, series in enumerate(chart.series, start=1):
            area = series.val.numRef.f.partition("!")[2].replace("$", "")
            left, top, right, bottom = range_boundaries(area)
            assert left == right > printed[2], "the tables stand right of what is printed"
            shown = [sheet.cell(row, left).value for row in range(top, bottom + 1)]
            assert shown == [value if value != "" else None for value in (row[number] for row in rows[1:])]


def test_the_figures_are_those_of_the_result() -> None:
    assessment = results("BH")
    told = overview(assessment, DRAFT)
    rows = assessed(assessment)
    assert list(told.ranking[1:]) == [(row.unit.name, row.total) for row in rows]
    cards = dict(told.cards)
    assert (cards["考核对象"], cards["考核组"]) == ("9", "1")
    assert cards["最高 / 最低"] == f"{max(r.total for r in rows):.2f} / {min(r.total for r in rows):.2f}"
    assert told.losses[1][1] == max(row[1] for row in told.losses[1:])


def test_many_units_are_shown_by_group_with_their_grades() -> None:
    told = overview(results("WX-J"), DRAFT)
    assert told.ranking[0] == ("考核组", "最高", "平均", "最低")
    assert len(told.ranking) == 6
    assert sum(int(count) for row in told.grades[1:] for count in row[1:]) == 125


@pytest.mark.full
@pytest.mark.soffice
def test_every_demo_prints_on_one_sheet_of_paper(tmp_path: Path) -> None:
    program = find_soffice()
    assert program is not None
    paths = []
    for code in ("BH", "GN", "XN", "XT", "WX-D", "WX-Z", "WX-J"):
        path = tmp_path / f"{code}.xlsx"
        path.write_bytes(overview_book(overview(results(code), DRAFT), MOMENT))
        paths.append(path)
    made, failed = to_pdf(paths, tmp_path, program=program)
    assert failed == []
    for path in made:
        told = subprocess.run(["pdfinfo", path], capture_output=True, text=True, check=True).stdout
        assert re.search(r"^Pages:\s+1$", told, re.MULTILINE), path.name
        assert "A4" in told


def test_grades_have_the_colours_they_have_in_the_charts_of_the_master() -> None:
    """Both lie on the same table when the results are reported."""
    assert tuple(ink.removeprefix("#") for ink in overview_book_module._GRADES) == COLORS
    sheet = openpyxl.load_workbook(io.BytesIO(overview_book(overview(results("WX-J"), DRAFT), MOMENT)))
    chart = sheet.worksheets[0]._charts[1]
    inks = [series.graphicalProperties.solidFill.srgbClr for series in chart.series]
    assert inks[:3] == list(COLORS[:3])
    assert "C0504D" in inks
