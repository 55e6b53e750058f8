"""What a clerk's buttons do with the form that is open: check it, read typed values, save what is sent in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kaohe import settings, terms
from kaohe.assess.entries import as_record, missing, read_record, record_findings
from kaohe.findings import Finding, ordered
from kaohe.jobs.common import JobError, make_folder, safe_name
from kaohe.jobs.open_store import path_of
from kaohe.model import Indicator, Location, Return, ReturnedRow
from kaohe.sheets.form_read import find_form, is_form_sheet, return_in
from kaohe.sheets.identity import IDENTITY_TITLE, PURPOSE
from kaohe.values.typed import read_typed
from kaohe.workbooks import open_book_desktop as desktop
from kaohe.workbooks.grid import Grid, column_letter
from kaohe.workbooks.open_book import digest, read_grids
from kaohe.workbooks.open_book_cells import blocks
from kaohe.workbooks.open_book_looks import cells_of
from kaohe.workbooks.package.refs import parse_area
from kaohe.workbooks.read import Book

RETURN_FOLDER = "上报"
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
    found, returned = find_form(read), return_in(read, "")
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
    indicator = Indicator(row.indicator, row.name, "", unit_of_measure=row.unit_of_measure)
    record = as_record(row, indicator, form.returned)
    outside = row.shown_state == terms.OUTSIDE_PERIOD
    reading = read_record(record, indicator, None, settings.DEFAULTS)
    if not reading.filled:
        if not outside:
            yield missing(record, indicator)
        return
    yield from reading.findings
    shown = record._replace(shown_weight=None)
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
    """Every 完成值 that was typed as text. Approximate figures and words get no number."""
    rows = (row for row in form.returned.rows if isinstance(row.value, str) and row.value.strip())
    return tuple(filter(None, map(_understood, rows)))


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
    """Put the numbers in the place of the texts, in blocks. Raises JobError for a read-only book."""
    if desktop.read_only(book):
        raise JobError(f"“{book.name}”是以只读方式打开的。请另存一份再填。")
    numbers = {
        (area.top, area.left): value.number
        for value in values
        if value.number is not None and (area := parse_area(value.cell)) is not None
    }
    sheet = book.sheets[form.returned.sheet]
    for block in blocks(numbers):
        cells_of(sheet, block).value = [
            [numbers[row, block.left]] for row in range(block.top, block.bottom + 1)
        ]


def return_path(book: Any, form: OpenForm) -> Path:
    """Where the form is saved for sending in: 上报/ beside it, named as the office named it."""
    path = path_of(book)
    if path.suffix.lower() != ".xlsx":
        raise JobError(f"“{path.name}”不是 .xlsx 文件。请先用“文件→另存为”存成“Excel 工作簿(*.xlsx)”。")
    identity = form.returned.identity
    words = [form.unit or identity.unit, identity.department, PURPOSE, identity.period]
    return path.parent / RETURN_FOLDER / f"{safe_name('-'.join(filter(None, words)))}.xlsx"


def save_return(book: Any, target: Path) -> None:
    """A copy of the open form; the open one stays as it is. Raises JobError where no copy can be made."""
    if not desktop.is_desktop(book):
        raise JobError("本环境不能另存副本。请用“文件→另存为”保存一份用于上报。")
    make_folder(target.parent)
    target.unlink(missing_ok=True)
    desktop.save_copy(book, target)
