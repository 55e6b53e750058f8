"""Read a workbook's bytes into Grids: the guard first, then python-calamine.

book = read_book(path.read_bytes(), path.name, sheets={"自测表"})
if book.refusal: ...
book.sheets["自测表"].at(12, 7)
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from io import BytesIO

from python_calamine import CalamineError, CalamineWorkbook, WorksheetNotFound, XmlError, ZipError

from kaohe.workbooks.grid import Grid, Value
from kaohe.workbooks.guard import (
    DEFAULT_LIMITS,
    Inspection,
    Limits,
    Refusal,
    SheetFacts,
    SheetInfo,
    Wanted,
    inspect,
    refusal,
    wanted,
)
from kaohe.workbooks.read_quiet import quiet_panics
from kaohe.workbooks.read_repair import KNOWN_ERRORS, with_known_errors

_READER_ERRORS: tuple[tuple[type[Exception], str], ...] = (
    (XmlError, "工作表内容有误"),
    (ZipError, "压缩内容有误"),
    (WorksheetNotFound, "缺少工作表"),
    (OverflowError, "日期或数超出范围"),
    (ValueError, "日期或数超出范围"),
)


@dataclass(frozen=True, slots=True)
class Book:
    """A workbook as read: its Grids by sheet name, the whole sheet list, or why it was refused.

    ``order`` lists every sheet (also those not asked for) as they stand in the workbook, with their hidden
    state. ``sha256`` is of the bytes as received, lower-case hex. ``kind``, ``macros`` and
    ``external_links`` are the guard's.
    """

    name: str
    sha256: str
    kind: str
    sheets: Mapping[str, Grid] = field(default_factory=dict)
    order: tuple[SheetInfo, ...] = ()
    refusal: Refusal | None = None
    macros: bool = False
    external_links: bool = False

    @property
    def hidden(self) -> frozenset[str]:
        """Names of the sheets that are hidden or very hidden."""
        return frozenset(info.name for info in self.order if info.state)


def read_book(data: bytes, name: str, sheets: Wanted = None, limits: Limits = DEFAULT_LIMITS) -> Book:
    """The workbook in ``data``; ``sheets`` chooses which to read (names, a test on the name, None: all).

    Never raises for what is in the file: a file that cannot be read safely or at all comes back with
    ``refusal`` and no sheets.
    """
    digest = hashlib.sha256(data).hexdigest()
    seen = inspect(data, name, limits, sheets)
    if seen.refusal:
        return Book(name, digest, seen.kind, refusal=seen.refusal)
    grids = _read_grids(data, seen, sheets)
    if isinstance(grids, Refusal):
        return Book(name, digest, seen.kind, order=seen.sheets, refusal=grids)
    return Book(
        name, digest, seen.kind, grids, seen.sheets, macros=seen.macros, external_links=seen.external_links
    )


def _read_grids(data: bytes, seen: Inspection, sheets: Wanted) -> dict[str, Grid] | Refusal:
    """Grids of the chosen sheets, or why the reader could not make them."""
    chosen = [info.name for info in seen.sheets if info.name in seen.facts and wanted(info.name, sheets)]
    try:
        with quiet_panics(seen.kind == "xls"):
            book = CalamineWorkbook.from_filelike(BytesIO(_readable(data, seen)))
        if book.sheet_names != [info.name for info in seen.sheets]:
            return refusal("sheet_names")
        return {name: _grid(book, name, seen.facts[name]) for name in chosen}
    except (CalamineError, OSError, ValueError, OverflowError) as error:
        what = next((words for kind, words in _READER_ERRORS if isinstance(error, kind)), "内部结构有误")
        return replace(refusal("reader", what=what), detail=f"{type(error).__name__}: {error}"[:200])
    except BaseException as panic:
        if type(panic).__name__ != "PanicException":  # the reader's own, derived from BaseException
            raise
        return replace(refusal("reader", what="读取程序内部错误"), detail=str(panic)[:200])


def _grid(book: CalamineWorkbook, name: str, facts: SheetFacts) -> Grid:
    rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
    return Grid(name, _plain_values(rows), facts.percent, facts.errors, facts.uncached)


def _plain_values(rows: Sequence[Sequence[Value]]) -> list[list[Value]]:
    """Blanks as None, every number as a float: whole ones of an .xls come as int."""
    return [
        [None if value == "" else float(value) if type(value) is int else value for value in row]
        for row in rows
    ]


def _readable(data: bytes, seen: Inspection) -> bytes:
    """The bytes to give to the reader: the file itself, unless it has error texts that the reader rejects."""
    odd = {
        info.part
        for info in seen.sheets
        if info.part
        and info.name in seen.facts
        and not KNOWN_ERRORS.issuperset(seen.facts[info.name].errors.values())
    }
    return with_known_errors(data, odd) if odd else data
