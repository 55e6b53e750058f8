"""The office rearranges result sheets in LibreOffice: sorts, filters, inserts, deletes."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import pytest

from kaohe.jobs.consolidate import Consolidation, consolidate
from kaohe.sheets import detail_rows as detail
from kaohe.sheets import ranking
from kaohe.sheets.heading import MOVED
from kaohe.workbooks.package import PatchRefused
from tests.office.cached import differences, sheet_names, sheet_parts
from tests.office.conftest import Example
from tests.office.desk import Desk, Workbook

pytestmark = [pytest.mark.soffice, pytest.mark.full]

_LAST = "R13"
"""Last cell of 排名 in the example."""
_BESIDE = "T"
"""A column beside 排名."""


def by_unit(book: Workbook) -> dict[str, list[object]]:
    """Unit → its row of 排名."""
    return {str(row[1]): list(row) for row in book.read(ranking.KEY).rows[ranking.FIRST_ROW - 1 :]}


def save_over(book: Workbook, master: Path) -> None:
    """Save and put the saved file in the master's place."""
    book.save(master.with_name("另存.xlsx")).replace(master)


def consolidated_again(example: Example) -> Consolidation:
    """One more run; the standings are those of the example."""
    done = consolidate(example.master, example.inbox, period_code="2007-H1")
    assert done.assessment.standings == example.assessment.standings
    return done


def check_in_libreoffice(desk: Desk, master: Path) -> None:
    """Nothing is an error, and what the file keeps is what LibreOffice computes."""
    with desk.open(master) as book:
        assert book.errors() == []
        assert differences(master, book) == []


def test_sorted_ranking_keeps_its_numbers(desk: Desk, example: Example) -> None:
    """排名 sorted by unit code: sums and ranks go with their units; the next run sorts by rank again."""
    with desk.open(example.master) as book:
        before = by_unit(book)
        book.ask("sort", sheet=ranking.KEY, area=f"A{ranking.FIRST_ROW}:{_LAST}", column=1)
        assert list(by_unit(book)) == sorted(before) != list(before)
        assert by_unit(book) == before
        save_over(book, example.master)
    consolidated_again(example)
    with desk.open(example.master) as book:
        assert list(by_unit(book).items()) == list(before.items())


def test_a_note_beside_a_unit_goes_with_it(desk: Desk, example: Example) -> None:
    """Written while 排名 was sorted by code; the next run sorts it by rank again."""
    with desk.open(example.master) as book:
        book.ask("sort", sheet=ranking.KEY, area=f"A{ranking.FIRST_ROW}:{_LAST}", column=1)
        units = list(by_unit(book))
        book.type(
            ranking.KEY, {f"{_BESIDE}{ranking.FIRST_ROW + n}": f"{u}:约谈" for n, u in enumerate(units)}
        )
        save_over(book, example.master)
    done = consolidated_again(example)
    with desk.open(example.master) as book:
        after = list(by_unit(book))
        last = ranking.FIRST_ROW + len(after) - 1
        notes = book.read(ranking.KEY, f"{_BESIDE}{ranking.FIRST_ROW}:{_BESIDE}{last}").rows
    assert after != units
    assert notes == [[f"{unit}:约谈"] for unit in after]
    assert not [note for note in done.notes if "核对" in note]


def warned(book: Workbook) -> dict[str, bool]:
    """Sheet → whether its third line says that the rows of 得分明细 were moved."""
    return {key: book.read(key).rows[2][0] == MOVED for key in (detail.KEY, ranking.KEY)}


def test_a_sorted_detail_warns(desk: Desk, example: Example) -> None:
    """Composites add up rows by their place: 得分明细 sorted by indicator says so, and so does 排名.

    The next run writes the rows in their order again, and the warning is gone.
    """
    with desk.open(example.master) as book:
        assert warned(book) == {detail.KEY: False, ranking.KEY: False}
        last = book.ask("used", sheet=detail.KEY).rpartition(":")[2]
        book.ask("sort", sheet=detail.KEY, area=f"A{detail.FIRST_ROW}:{last}", column=4)
        assert warned(book) == {detail.KEY: True, ranking.KEY: True}
        save_over(book, example.master)
    consolidated_again(example)
    with desk.open(example.master) as book:
        assert warned(book) == {detail.KEY: False, ranking.KEY: False}


def test_a_filter_left_on_hides_no_new_result(desk: Desk, example: Example) -> None:
    """Saved while only one unit is in sight: after the next run every unit is."""
    with desk.open(example.master) as book:
        area = f"A{ranking.HEADER_ROW}:{_LAST}"
        book.ask("filter", sheet=ranking.KEY, area=area, column=2, text="滨湖区")
        save_over(book, example.master)
    assert len(hidden_rows(example.master, ranking.KEY)) == 8
    consolidated_again(example)
    assert hidden_rows(example.master, ranking.KEY) == []


def hidden_rows(path: Path, sheet: str) -> list[str]:
    """Numbers of the rows that cannot be seen."""
    with zipfile.ZipFile(path) as archive:
        text = archive.read(sheet_parts(path)[sheet]).decode()
    rows = re.findall(r"<row [^>]*>", text)
    hidden = (row for row in rows if re.search(r'hidden="(1|true)"', row))
    return [match[1] for row in hidden if (match := re.search(r' r="(\d+)"', row))]


def test_deleted_result_sheets_come_back(desk: Desk, example: Example) -> None:
    with desk.open(example.master) as book:
        for sheet in ("失分分析", detail.KEY, "进度预警"):
            book.ask("remove", sheet=sheet)
        save_over(book, example.master)
    assert detail.KEY not in sheet_names(example.master)
    consolidated_again(example)
    assert {"失分分析", detail.KEY, "进度预警"} <= set(sheet_names(example.master))
    check_in_libreoffice(desk, example.master)


def test_rows_inserted_above_the_table(desk: Desk, example: Example) -> None:
    """The sheet is written anew from its first row; nothing of the old table stays below it."""
    with desk.open(example.master) as book:
        before = by_unit(book)
        book.ask("insert", sheet=ranking.KEY, area="A1:A2", columns=False)
        save_over(book, example.master)
    consolidated_again(example)
    with desk.open(example.master) as book:
        assert book.ask("used", sheet=ranking.KEY) == f"A1:{_LAST}"
        assert by_unit(book) == before
    check_in_libreoffice(desk, example.master)


def test_a_column_inserted_into_our_table_is_not_wiped(desk: Desk, example: Example) -> None:
    """The run says which column is in the way and writes nothing."""
    with desk.open(example.master) as book:
        book.ask("insert", sheet=detail.KEY, area="H1", columns=True)
        book.type(detail.KEY, {f"H{detail.HEADER_ROW}": "考核办备注", f"H{detail.FIRST_ROW}": "看过"})
        save_over(book, example.master)
    before = example.master.read_bytes()
    with pytest.raises(PatchRefused, match=r"“得分明细”.*H“考核办备注”"):
        consolidate(example.master, example.inbox, period_code="2007-H1")
    assert example.master.read_bytes() == before
