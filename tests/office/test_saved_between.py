"""A master that LibreOffice saved between two runs is as good as one only we wrote."""

from __future__ import annotations

import shutil
import warnings
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from kaohe.jobs.consolidate import consolidate
from kaohe.jobs.issue import issue
from kaohe.jobs.new import new
from kaohe.jobs.report import report
from tests.office.cached import differences, sheet_names
from tests.office.conftest import Example
from tests.office.desk import Desk

pytestmark = [pytest.mark.soffice, pytest.mark.full]

RENAMED = {"排名": "2007年排名(上半年)", "得分明细": "明细 '07", "填报数据": "收到的数", "指标": "指标体系"}
"""What an office may call our sheets; blanks, brackets and an apostrophe need quoting in formulas."""


def saved(desk: Desk, master: Path) -> None:
    """The office opens the master, looks at it and saves it."""
    with desk.open(master) as book:
        copy = book.save(master.with_name("另存.xlsx"))
    copy.replace(master)


def opened(path: Path) -> Any:
    """The workbook with its formulas and formats."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", module="openpyxl")
        return openpyxl.load_workbook(path)


def look(cell: Any) -> tuple[object, ...]:
    """What a person sees of a cell's format.

    Not the font's name: where 宋体 and 黑体 are not installed, LibreOffice saves the font it showed instead.
    """
    fill = cell.fill.fgColor.rgb if cell.fill.fill_type == "solid" else None
    return (
        cell.number_format,
        fill,
        cell.font.sz,
        bool(cell.font.b),
        _color(cell.font.color),
        cell.border.left.style,
        cell.border.top.style,
        cell.alignment.horizontal or "general",
        bool(cell.alignment.wrap_text),
        cell.protection.locked,
    )


def _color(color: Any) -> object:
    """Red, green, blue; the theme's dark text colour and none at all are black."""
    return color.rgb if color is not None and isinstance(color.rgb, str) else "FF000000"


def unlike(one: Path, two: Path) -> list[str]:
    """Cells of the result sheets that differ in formula, value or looks between two masters."""
    first, second = opened(one), opened(two)
    pairs = [(first[name], second[name]) for name in BLUE]
    assert [a.dimensions for a, _ in pairs] == [b.dimensions for _, b in pairs]
    return [
        f"{sheet.title}!{a.coordinate}: {a.value!r} {look(a)} / {b.value!r} {look(b)}"
        for sheet, other in pairs
        for row, twin in zip(sheet.iter_rows(), other.iter_rows(), strict=True)
        for a, b in zip(row, twin, strict=True)
        if (a.value, look(a)) != (b.value, look(b))
    ]


BLUE = ("排名", "得分明细", "失分分析", "进度预警", "问题清单", "报送情况")


@pytest.fixture
def plain(example: Example) -> Path:
    """The example's master, consolidated once more without LibreOffice having touched it."""
    master = example.unconsolidated
    consolidate(master, example.inbox, period_code="2007-H1")
    return master


def test_consolidating_into_it(desk: Desk, example: Example, plain: Path, tmp_path: Path) -> None:
    """Same standings and findings; every cell of the result sheets looks and computes as without it."""
    master = Path(shutil.copy2(max((example.folder / "备份").glob("总表.*")), tmp_path / "总表.xlsx"))
    saved(desk, master)
    done = consolidate(master, example.inbox, period_code="2007-H1")
    assert done.assessment.standings == example.assessment.standings
    assert [f.code for f in done.assessment.findings] == [f.code for f in example.assessment.findings]
    assert sheet_names(master) == sheet_names(plain)
    assert unlike(plain, master)[:3] == []
    with desk.open(master) as book:
        assert book.errors() == []
        assert differences(master, book) == []


def test_every_step_of_the_year_on_it(desk: Desk, example: Example, tmp_path: Path) -> None:
    """new, saved, issue, saved, consolidate, saved, consolidate again: the results stay the example's."""
    master = tmp_path / "总表.xlsx"
    new("BH", master)
    saved(desk, master)
    out = tmp_path / "下发"
    first = issue(master, "2007-H1", out)
    assert len(first.written) == len(list(example.issued.iterdir()))
    saved(desk, master)
    again = issue(master, "2007-H1", out)
    assert (len(again.written), len(again.unchanged)) == (0, len(first.written))
    shutil.copytree(example.inbox, tmp_path / "回收")
    shutil.copy2(example.unconsolidated, master)
    saved(desk, master)
    once = report(consolidate(master, tmp_path / "回收").assessment)
    saved(desk, master)
    twice = report(consolidate(master, tmp_path / "回收").assessment)
    for part in ("standings", "scores", "components", "outside"):
        assert once[part] == twice[part] == report(example.assessment)[part]


def test_sheets_are_found_by_meaning_after_renaming_and_moving(desk: Desk, example: Example) -> None:
    """The office renames our sheets and moves tabs: no second 排名 appears, formulas and links follow."""
    with desk.open(example.master) as book:
        for old, name in RENAMED.items():
            book.ask("rename", sheet=old, name=name)
        book.ask("move", sheet=RENAMED["排名"], position=0)
        book.ask("move", sheet=RENAMED["得分明细"], position=len(book.sheets()))
        book.ask("move", sheet="问题清单", position=1)
        order = list(book.sheets())
        copy = book.save(example.folder / "另存.xlsx")
    copy.replace(example.master)
    done = consolidate(example.master, example.inbox, period_code="2007-H1")
    assert done.assessment.standings == example.assessment.standings
    assert sheet_names(example.master) == order
    assert not set(RENAMED) & set(order)
    with desk.open(example.master) as book:
        assert book.errors() == []
        assert differences(example.master, book) == []
        formulas = book.formulas(RENAMED["排名"], "E5:J5")[0]
        assert any("明细 ''07" in text for text in formulas)
    assert {link.partition("!")[0] for link in inner_links(example.master)} == {"收到的数", "方案"}


def inner_links(path: Path) -> set[str]:
    """Places inside the workbook that 问题清单 and 得分明细 lead to."""
    book = opened(path)
    cells = (
        cell for name in ("问题清单", RENAMED["得分明细"]) for row in book[name].iter_rows() for cell in row
    )
    return {cell.hyperlink.location for cell in cells if cell.hyperlink and cell.hyperlink.location}


def test_restyled_specimens_are_used(desk: Desk, example: Example) -> None:
    """The office changes the look of a role in 样式, in LibreOffice: new results look that way."""
    specimens = opened(example.master)["样式"]
    row = next(cell.row for cell in specimens["A"] if cell.value == "score_total")
    with desk.open(example.master) as book:
        book.ask("paint", sheet="样式", area=f"B{row}", color=0xCCE5FF)
        copy = book.save(example.folder / "另存.xlsx")
    copy.replace(example.master)
    consolidate(example.master, example.inbox, period_code="2007-H1")
    ranking = opened(example.master)["排名"]
    assert {ranking[f"E{number}"].fill.fgColor.rgb for number in range(5, 14)} == {"FFCCE5FF"}
