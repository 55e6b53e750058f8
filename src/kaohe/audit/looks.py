"""What a sheet hides or writes otherwise than planned: number formats of its cells, hidden rows and columns.

A right value under a format that prints another is a wrong result to whoever reads it. The formats expected
are those of the workbook's own specimen sheet, which an office may restyle; the specimen is held against the
one that was shipped. Fonts, colours, fills and conditional formats are not compared.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from kaohe.audit.cells import Place, SheetCells, Value
from kaohe.audit.compare import Teller, places_of
from kaohe.audit.model import ANEW, Difference
from kaohe.workbooks.grid import address, column_letter
from kaohe.workbooks.package.book import Book
from kaohe.workbooks.package.specimen import Roles, read_roles
from kaohe.workbooks.package.splice import open_shell
from kaohe.workbooks.package.xmlparts import Element, main, parse, relations
from kaohe.workbooks.package.zipraw import Archive, read_archive
from kaohe.workbooks.plan import Cell, SheetPlan

_BUILT_IN = {0: "General", 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 49: "@"}
_LITERAL = re.compile(r'"([^"]*)"|\\(.)|_.|\*.|\[[^\]]*\]')
_PLACES = re.compile(r"[0#?]|General", re.IGNORECASE)
_SCALED = re.compile(r",+(?![0#?,])")
_TRUE = ("1", "true")
_LISTED = 8
Formats = Sequence[str]
"""Number format of each cell format (cellXfs), by its index."""


@dataclass(frozen=True, slots=True)
class Looks:
    """What is shown otherwise than planned, and what a reader should know."""

    differences: tuple[Difference, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Dressed:
    """A workbook's formats: of its cells, and of the roles in its specimen sheet (None: it has none)."""

    archive: Archive
    book: Book
    formats: Formats
    roles: Roles | None
    hidden: Mapping[str, str] = field(default_factory=dict)
    """Hidden sheets by name, with how they are hidden."""


def dressed(data: bytes) -> Dressed:
    """The formats of a workbook. Raises PatchRefused for what is no plain .xlsx."""
    archive = read_archive(data)
    book = Book(archive)
    part = next((r.target for r in relations(book.rels, book.part) if r.kind == "styles"), "")
    formats = _formats(parse(archive.read(part), part)) if part in archive else ()
    nodes = book.root.iterfind(f"{main('sheets')}/{main('sheet')}")
    hidden = {node.get("name", ""): node.get("state", "") for node in nodes if node.get("state")}
    shown = {name: state for name, state in hidden.items() if state != "visible"}
    return Dressed(archive, book, formats, read_roles(archive, book), shown)


def looks(plan: SheetPlan, sheet: SheetCells, book: Dressed) -> Looks:
    """How the sheet looks against its plan: formats of its cells, rows and columns that are hidden."""
    notes: list[str] = []
    found = [*_formats_of(plan, sheet, book), *_hidden(plan, sheet, book, notes)]
    return Looks(tuple(found), tuple(notes))


def hidden_sheets(book: Dressed, names: Mapping[str, str]) -> Iterator[Difference]:
    """Sheets that are hidden and should not be; ``names``: present name → how it is planned ('' shown)."""
    for name, planned in names.items():
        if book.hidden.get(name, "") and not planned:
            yield Difference(name, "", "整张工作表", "隐藏", "显示", ANEW)


def specimen(book: Dressed, shipped: Dressed, sheet: str) -> Looks:
    """The specimen's formats against the shipped ones: those that print another number differ."""
    if book.roles is None or shipped.roles is None:
        return Looks(notes=("总表没有“样式”表,数字格式没有核对。",))
    found: list[Difference] = []
    restyled: list[str] = []
    for role, at in sorted(shipped.roles.cells.items()):
        if role not in book.roles.cells:
            continue
        now, was = _code(book.formats, book.roles.cells[role]), _code(shipped.formats, at)
        if _same_code(now, was):
            continue
        if _number_of(now) != _number_of(was) or _decimals(now) < _decimals(was):
            found.append(Difference(sheet, "", f"样式“{role}”的数字格式", now, was, ANEW))
        else:
            restyled.append(role)
    note = (f"考核办改过“{sheet}”表中这些样式的数字格式:{'、'.join(restyled)}。",) if restyled else ()
    return Looks(tuple(found), note)


def _formats_of(plan: SheetPlan, sheet: SheetCells, book: Dressed) -> Iterator[Difference]:
    """One difference for each column and format, at its first cell."""
    if book.roles is None:
        return
    columns, told = places_of(plan, sheet), Teller(plan)
    odd: dict[tuple[int, str, str], list[Place]] = {}
    for row, cells in enumerate(plan.rows, start=1):
        for at, cell in enumerate(cells):
            place = (row, columns[at])
            if place not in sheet.values:
                continue
            role = (cell.role if isinstance(cell, Cell) else None) or _role(plan, at)
            now = _code(book.formats, sheet.styles.get(place, 0))
            should = _code(book.formats, book.roles.cells.get(role, 0))
            if not _same_code(now, should) and not _prints_all(now, should, sheet.values[place]):
                odd.setdefault((at, now, should), []).append(place)
    for (at, now, should), places in odd.items():
        count = f"(这一列共 {len(places)} 格)" if len(places) > 1 else ""
        what = f"{told.about(places[0][0], at)}的数字格式{count}"
        yield Difference(sheet.name, address(*places[0]), what, now, should, ANEW)


def _role(plan: SheetPlan, at: int) -> str:
    return plan.roles[at] if at < len(plan.roles) else ""


def _hidden(plan: SheetPlan, sheet: SheetCells, book: Dressed, notes: list[str]) -> Iterator[Difference]:
    part = next(one.part for one in book.book.sheets() if one.name == sheet.name)
    shell, _ = open_shell(book.archive.read(part), sheet.name)
    rows = sorted(row for row in sheet.hidden_rows if row <= len(plan.rows))
    if rows and _filtered(shell):
        notes.append(f"《{sheet.name}》正在筛选,有 {len(rows)} 行没有显示。")
    elif rows:
        listed = "、".join(map(str, rows[:_LISTED])) + ("等" if len(rows) > _LISTED else "")
        yield Difference(sheet.name, f"A{rows[0]}", f"第 {listed} 行", f"隐藏 {len(rows)} 行", "显示", ANEW)
    told = Teller(plan)
    away = set(_hidden_columns(shell))
    for at, column in enumerate(places_of(plan, sheet)):
        planned = at < len(plan.widths) and not plan.widths[at]
        if column in away and not planned:
            cell = f"{column_letter(column)}{plan.header_row or 1}"
            yield Difference(sheet.name, cell, f"列“{told.heading(at)}”", "隐藏", "显示", ANEW)
    views = shell.iterfind(f"{main('sheetViews')}/{main('sheetView')}")
    if any(view.get("showZeros", "1") not in _TRUE for view in views):
        yield Difference(sheet.name, "", "值为 0 的单元格", "不显示", "显示", ANEW)


def _filtered(shell: Element) -> bool:
    own = shell.find(f"{main('autoFilter')}/{main('filterColumn')}")
    return own is not None


def _hidden_columns(shell: Element) -> Collection[int]:
    found: set[int] = set()
    for node in shell.iterfind(f"{main('cols')}/{main('col')}"):
        if node.get("hidden") in _TRUE or node.get("width") in ("0", "0.0"):
            found.update(range(int(node.get("min", "1")), min(int(node.get("max", "1")), 16_384) + 1))
    return found


def _formats(root: Element) -> Formats:
    codes = dict(_BUILT_IN)
    for node in root.iterfind(f"{main('numFmts')}/{main('numFmt')}"):
        codes[int(node.get("numFmtId", "0"))] = node.get("formatCode", "")
    nodes = root.iterfind(f"{main('cellXfs')}/{main('xf')}")
    numbers = [int(node.get("numFmtId", "0")) for node in nodes]
    return [codes.get(number, f"内置格式 {number}") for number in numbers]


def _code(formats: Formats, at: int) -> str:
    return formats[at] if 0 <= at < len(formats) else "General"


def _same_code(one: str, other: str) -> bool:
    """Programs write the same format with and without signs of quotation."""
    return one == other or _plain(one) == _plain(other)


def _prints_all(now: str, should: str, value: Value) -> bool:
    """LibreOffice gives a formula without a format the format of what it refers to: no digit may be lost."""
    if should != "General" or _number_of(now) != _number_of(should) or isinstance(value, str | bool):
        return False
    places = _decimals(now)
    return value is None or places == float("inf") or float(f"{value:.{int(places)}f}") == value


def _plain(code: str) -> str:
    return re.sub(r'\\(.)|"([^"0-9]*)"', r"\1\2", code).lower()


def _number_of(code: str) -> tuple[object, ...]:
    """What of a format makes another number of a value: no places, typed digits, percent, thousands."""
    first = code.partition(";")[0]
    typed = "".join(one or other for one, other in _LITERAL.findall(code))
    bare = _LITERAL.sub("", first)
    digits = "".join(sign for sign in typed if sign.isdigit())
    return (bool(_PLACES.search(bare)) or "@" in bare, digits, bare.count("%"), bool(_SCALED.search(bare)))


def _decimals(code: str) -> float:
    """Places behind the point that a format prints; without a fixed number of them all there are."""
    bare = _LITERAL.sub("", code.partition(";")[0])
    if not re.search(r"[0#]", bare):
        return float("inf")
    return len(re.findall(r"[0#?]", bare.partition(".")[2]))
