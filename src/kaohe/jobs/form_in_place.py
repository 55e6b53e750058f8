"""What a clerk's buttons do with the form that is open: check it, read typed values, save what is sent in."""

from __future__ import annotations

import math
import os
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import accumulate
from pathlib import Path
from typing import Any

from kaohe import terms
from kaohe.assess.entries import record_findings
from kaohe.findings import Finding, ordered
from kaohe.jobs.check import read_alone
from kaohe.jobs.common import JobError, make_folder, safe_name
from kaohe.jobs.open_store import path_of
from kaohe.model import Location, Return, ReturnedRow
from kaohe.sheets.form_read import find_form, is_form_sheet, return_in
from kaohe.sheets.identity import IDENTITY_TITLE, PURPOSE
from kaohe.values.typed import read_typed
from kaohe.workbooks import open_book_desktop as desktop
from kaohe.workbooks.grid import Grid, column_letter
from kaohe.workbooks.open_book import digest, read_grids
from kaohe.workbooks.open_book_cells import TEXT_FORMAT, blocks, literal
from kaohe.workbooks.open_book_looks import cells_at, cells_of
from kaohe.workbooks.package.refs import parse_area
from kaohe.workbooks.plan import Scalar
from kaohe.workbooks.read import Book

RETURN_FOLDER = "上报"
GENERAL = "General"
MOST, LONGEST, _LINE = 10, 700, 30
"""Values one question lists, signs they take together, and signs of a line besides what was typed."""
_REASONS = (("V09", "reason"), ("V10", "measure"))


@dataclass(frozen=True)
class OpenForm:
    """A form as it is on the screen: its rows, where its columns stand, and whose it is."""

    returned: Return
    columns: dict[str, str]
    """Column key → letter."""
    unit: str


def read_open_form(book: Any) -> OpenForm:
    """The form in the open book. Raises JobError when it is none."""
    grids = read_grids(book, is_form_sheet, lambda name: name != IDENTITY_TITLE)
    read = Book(str(book.name), digest(grids), "xlsx", grids)
    returned = return_in(read, "")
    if returned.identity.purpose == terms.PURPOSE_ASSESSOR and not returned.problem:
        return OpenForm(returned, {}, returned.identity.department)
    found = find_form(read)
    if found is None or returned.problem:
        raise JobError(
            f"“{book.name}”不是下发的{PURPOSE}(没有找到表头或下发编号)。请打开考核办下发的自测表,再点这个按钮。"
        )
    columns = {key: column_letter(at + 1) for key, at in found.columns.items()}
    return OpenForm(returned, columns, _identity(grids[IDENTITY_TITLE], "单位名称"))


def _identity(grid: Grid, key: str) -> str:
    pairs = {row[0]: row[1] for row in grid.rows if len(row) > 1}
    return str(pairs.get(key) or "")


def check_form(form: OpenForm) -> tuple[Finding, ...]:
    """What is wrong with the form by what it says itself, row by row; nothing is compared with a master."""
    found = (_row(form, row) for row in form.returned.rows if row.shown_state != terms.WAITING)
    return ordered(finding for row in found for finding in row)


def _row(form: OpenForm, row: ReturnedRow) -> Iterable[Finding]:
    indicator, record, filled, findings = read_alone(form.returned, row)
    yield from findings
    if not filled:
        return
    shown, outside = record._replace(shown_weight=None), row.shown_state == terms.OUTSIDE_PERIOD
    yield from record_findings(shown, indicator, record.shown_target, not outside, record.version)
    if row.shown_state in (terms.BEHIND, terms.COMPONENT_BEHIND):
        for code, column in _REASONS:
            if not getattr(row, column) and column in form.columns:
                cell = f"{form.columns[column]}{_number(row.cell)}"
                place = Location(form.returned.workbook, form.returned.sheet, cell)
                yield Finding(code, place, {"name": indicator.name})


def _number(cell: str) -> int:
    return int(cell.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))


def next_problem(findings: Sequence[Finding], row: int, column: int) -> Finding | None:
    """The first finding behind that cell, in the order of reading; after the last one comes the first."""
    placed = sorted(((_place(finding), finding) for finding in findings), key=lambda pair: pair[0])
    behind = [finding for place, finding in placed if place > (row, column)]
    return behind[0] if behind else next((finding for _, finding in placed), None)


def _place(finding: Finding) -> tuple[int, int]:
    area = parse_area(finding.location.cell)
    return (area.top, area.left) if area else (0, 0)


@dataclass(frozen=True, slots=True)
class Understood:
    """A typed text: the number it stands for, or None and why it has to be typed anew."""

    cell: str
    name: str
    typed: str
    number: float | None
    note: str


def typed_values(form: OpenForm) -> tuple[Understood, ...]:
    """完成值 that were typed as text. Approximate figures and words get no number.

    Of those with a number as many as one question can list: nothing is rewritten that nobody saw. The last
    one's note tells how many there are besides; they come up when the button is pressed again.
    """
    rows = (row for row in form.returned.rows if isinstance(row.value, str) and row.value.strip())
    values = tuple(filter(None, map(_understood, rows)))
    clear = [value for value in values if value.number is not None]
    count = _listable(clear)
    if count == len(clear):
        return values
    more = f"另有 {len(clear) - count} 处未列出,本次不改;改写后请再点一次“识别填写值”"
    last = replace(clear[count - 1], note=";".join(filter(None, (clear[count - 1].note, more))))
    return (*clear[: count - 1], last, *(value for value in values if value.number is None))


def _listable(values: Sequence[Understood]) -> int:
    """How many of them one message box shows in full; at least the first."""
    lengths = accumulate(_LINE + sum(map(len, (v.cell, v.name, v.typed, v.note))) for v in values[:MOST])
    return max(1, sum(length <= LONGEST for length in lengths)) if values else 0


def _understood(row: ReturnedRow) -> Understood | None:
    assert isinstance(row.value, str)
    typed = read_typed(row.value, unit_of_measure=row.unit_of_measure)
    if typed.kind in ("yes", "no", "blank", "hint"):
        return None
    if typed.exact:
        return Understood(row.cell, row.name, row.value, typed.number, typed.note)
    reason = typed.reason or "是近似数,请填准确数"
    return Understood(row.cell, row.name, row.value, None, reason)


def write_numbers(book: Any, form: OpenForm, values: Sequence[Understood]) -> None:
    """Put the numbers in the place of the texts, so that the form's reader reads these very numbers.

    Raises JobError for a read-only book, and when a cell does not read back as its number: that cell then has
    its text again.
    """
    if desktop.read_only(book):
        raise JobError(f"“{book.name}”是以只读方式打开的。请另存一份再填。")
    sheet = book.sheets[form.returned.sheet]
    units = {row.cell: row.unit_of_measure for row in form.returned.rows}
    clear = [value for value in values if value.number is not None]
    numbers = {}
    for value in clear:
        shown = _format_for_number(sheet, value.cell)
        numbers[_cell(value.cell)] = _scaled(value, shown, units.get(value.cell, ""))
    _put(sheet, numbers)
    wrong = _misread(book, clear) if desktop.is_desktop(book) else []
    if wrong:
        texts = {_cell(value.cell): literal(value.typed, _format(sheet, value.cell)) for value in wrong}
        _put(sheet, texts)
        places = "、".join(value.cell for value in wrong)
        raise JobError(
            f"{places} 改写后读出的不是同一个数,已恢复原来的文字;其余 {len(clear) - len(wrong)} 处已改写。"
            f"请把 {places} 的单元格格式改为“常规”,再直接填数。"
        )


def _cell(text: str) -> tuple[int, int]:
    """(row, column) of an address such as G12."""
    area = parse_area(text)
    assert area is not None, text
    return area.top, area.left


def _put(sheet: Any, contents: Mapping[tuple[int, int], Scalar]) -> None:
    """Contents by (row, column) into a sheet, in blocks."""
    for block in blocks(contents):
        rows, columns = range(block.top, block.bottom + 1), range(block.left, block.right + 1)
        cells_of(sheet, block).value = [[contents[row, column] for column in columns] for row in rows]


def _format(sheet: Any, cell: str) -> str:
    """A cell's number format; General where the program tells none."""
    try:
        return str(cells_at(sheet, cell).number_format)
    except NotImplementedError:
        return GENERAL


def _format_for_number(sheet: Any, cell: str) -> str:
    """The cell's format, changed to General where text is all the cell would take and it may be changed."""
    shown = _format(sheet, cell)
    if shown != TEXT_FORMAT or desktop.protected(sheet):
        return shown
    cells_at(sheet, cell).number_format = GENERAL
    return GENERAL


def _scaled(value: Understood, number_format: str, unit_of_measure: str) -> float:
    """What a cell of that format has to hold to be read as the number: 0.92 for 92 under a percent format."""
    assert value.number is not None
    if "%" not in number_format:
        return value.number
    point = read_typed(0.01, percent_format=True, unit_of_measure=unit_of_measure).number
    return value.number / 100 / (point or 1.0)


def _misread(book: Any, values: Sequence[Understood]) -> list[Understood]:
    """Those of the values whose cells, read again, do not say the number."""
    rows = {row.cell: row for row in read_open_form(book).returned.rows}
    return [value for value in values if not _says(rows.get(value.cell), value.number)]


def _says(row: ReturnedRow | None, number: float | None) -> bool:
    if row is None or number is None or type(row.value) is not float:
        return False
    read = read_typed(row.value, percent_format=row.percent, unit_of_measure=row.unit_of_measure).number
    return read is not None and math.isclose(read, number, rel_tol=1e-12)


def return_path(book: Any, form: OpenForm) -> Path:
    """Where the form is saved for sending in: 上报/ beside it, named as the office named it."""
    path = path_of(book)
    if path.suffix.lower() != ".xlsx":
        raise JobError(f"“{path.name}”不是 .xlsx 文件。请先用“文件→另存为”存成“Excel 工作簿(*.xlsx)”。")
    identity = form.returned.identity
    own = [identity.department] if not identity.unit else [form.unit or identity.unit, identity.department]
    words = [*own, identity.purpose or PURPOSE, identity.period]
    return path.parent / RETURN_FOLDER / f"{safe_name('-'.join(filter(None, words)))}.xlsx"


def save_return(book: Any, target: Path) -> None:
    """A copy of the open form; the open one stays as it is. Raises JobError where no copy can be made.

    An older file of that name is replaced only when the whole new one is there.
    """
    if not desktop.is_desktop(book):
        raise JobError("本环境不能另存副本。请用“文件→另存为”保存一份用于上报。")
    make_folder(target.parent)
    fresh = target.with_name(f"{target.stem}.正在另存{target.suffix}")
    try:
        fresh.unlink(missing_ok=True)
        desktop.save_copy(book, fresh)
        os.replace(fresh, target)
    except OSError as error:
        raise JobError(
            f"没有存成,原来的文件未动:“{target.name}”正被打开,请关闭后重试;仍不行,请检查文件夹“{target.parent}”的"
            "权限和磁盘空间。"
        ) from error
    finally:
        with suppress(OSError):
            fresh.unlink(missing_ok=True)
