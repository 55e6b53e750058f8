"""Masters and forms printed to PDF: pages sane, headings repeated, texts whole, no ### and no error values.

The text of a PDF does not tell what a narrow cell cuts off: how pages look is for a person, see docs/核对.md.
"""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
import xlsxwriter

from kaohe.sheets.detail_rows import COLUMNS as DETAIL_COLUMNS
from kaohe.sheets.form_layout import COLUMNS as FORM_COLUMNS
from tests.office.conftest import Example
from tests.support.libreoffice import to_pdf

pytestmark = [pytest.mark.soffice, pytest.mark.full]

BAD = ("###", "#NAME?", "#REF!", "#VALUE!", "#DIV/0!", "#N/A", "Err:5")
ONE_PAGE = ("部分", "单位", "排名", "失分分析", "问题清单", "报送情况", "下发登记", "运行记录")
"""Sheets of the example that fit on one page."""
_PAGE = re.compile(r"第(\d+)页共(\d+)页")


def pages(pdf: Path) -> list[str]:
    """The text of every page without white space, cell by cell as it was drawn."""
    done = subprocess.run(
        ["pdftotext", "-raw", "-enc", "UTF-8", str(pdf), "-"], capture_output=True, check=True, text=True
    )
    return ["".join(page.split()) for page in done.stdout.split("\f")[:-1]]


def paper(pdf: Path) -> str:
    """Page size as pdfinfo puts it."""
    done = subprocess.run(["pdfinfo", str(pdf)], capture_output=True, check=True, text=True)
    return next(line for line in done.stdout.splitlines() if line.startswith("Page size"))


def check_pages(pdf: Path, found: list[str]) -> None:
    """A4 across, numbered through, nothing that did not fit or could not be computed."""
    assert "841.89 x 595.3" in paper(pdf)
    for number, text in enumerate(found, start=1):
        assert not [bad for bad in BAD if bad in text], number
        assert [match.groups() for match in _PAGE.finditer(text)] == [(str(number), str(len(found)))]


def test_the_master(example: Example, tmp_path: Path) -> None:
    pdf = to_pdf(example.master, tmp_path / "pdf")
    found = pages(pdf)
    check_pages(pdf, found)
    assert 15 <= len(found) <= 60
    scheme = example.assessment.scores.scheme
    title = str(scheme.settings["方案名称"])
    for sheet in ("排名", "得分明细", "失分分析", "进度预警", "问题清单", "报送情况"):
        assert sum(f"{title}{sheet}" in text for text in found) >= 1, sheet
    for sheet in ONE_PAGE:
        assert sum(bool(re.search(rf"{sheet}第\d+页", text)) for text in found) == 1, sheet
    ranking = next(text for text in found if f"{title}排名20" in text)
    for row in example.assessment.standings:
        assert f"{row.unit.code}{row.unit.name}全市{row.total:.2f}" in ranking
    losses = next(text for text in found if f"{title}失分分析20" in text)
    for counted in example.assessment.scores.counted:
        assert counted.indicator.name in losses
    heading = "".join(column for _, column, _, width in DETAIL_COLUMNS if width)
    details = [text for text in found if heading in text]
    rows = len(example.assessment.standings) * len(example.assessment.scores.results)
    assert 4 <= len(details) <= 9
    assert sum(text.count("-自测完成情况表-2007-H1") for text in details) >= rows - 20


def test_a_number_that_does_not_fit_is_noticed(tmp_path: Path) -> None:
    """The control: a column too narrow and a formula with an unknown name are seen in the PDF."""
    book = xlsxwriter.Workbook(tmp_path / "窄.xlsx")
    sheet = book.add_worksheet()
    sheet.set_column("A:A", 2)
    sheet.write_number("A1", 123456789)
    sheet.write_formula("B1", "=没有的函数(1)")
    book.close()
    text = "".join(pages(to_pdf(tmp_path / "窄.xlsx", tmp_path / "pdf")))
    assert {bad for bad in BAD if bad in text} == {"###", "#NAME?"}


@pytest.mark.parametrize(
    ("folder", "name"),
    [
        ("下发", "江阴市"),
        ("回收", "滨湖区-环境保护局"),
        pytest.param("下发", "滨湖区-环境保护局", marks=pytest.mark.full),
        pytest.param("回收", "江阴市", marks=pytest.mark.full),
    ],
)
def test_forms(example: Example, tmp_path: Path, folder: str, name: str) -> None:
    form = next((example.folder / folder).glob(f"{name}-自测*"))
    pdf = to_pdf(form, tmp_path / "pdf")
    found = pages(pdf)
    check_pages(pdf, found)
    *table, instructions = found
    assert len(table) == 1
    heading = "".join(column for _, column, *_ in FORM_COLUMNS)
    assert all(heading in text for text in table)
    assert "填报说明" in instructions
    for word in ("填报人:", "审核人:", "负责人:", "电话:", "单位(公章)", "填报日期:"):
        assert word in table[-1]
    shown = "".join(table)
    scheme = example.assessment.scores.scheme
    codes = [row for row in scheme.indicators if row.lead_department == "环境保护局" or name == "江阴市"]
    assert codes
    for row in codes:
        assert row.name in shown
