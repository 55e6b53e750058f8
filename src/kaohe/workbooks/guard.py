"""Look at a file's bytes before any parser does: what it is, whether it is safe, what a reader leaves out.

    seen = inspect(data, "滨湖区.xlsx", sheets={"自测表"})
    seen.refusal          # None, or code + reason + remedy in Chinese
    seen.facts["自测表"]   # percent cells, error cells, formulas without a value

A refusal is data, never an exception. A file that passes can be given to python-calamine: nothing in it makes
that reader take the process down, and no part it reads inflates beyond the limits.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from kaohe.workbooks.guard_cells import check_area, scan_sheet
from kaohe.workbooks.guard_ole import Compound
from kaohe.workbooks.guard_parts import percent_formats, sheet_list
from kaohe.workbooks.guard_sniff import OLE, sniff
from kaohe.workbooks.guard_sst import check_string_table
from kaohe.workbooks.guard_text import check_shared_text
from kaohe.workbooks.guard_types import (
    DEFAULT_LIMITS,
    Inspection,
    Limits,
    Refusal,
    Refused,
    SheetFacts,
    SheetInfo,
    refusal,
)
from kaohe.workbooks.guard_xls import read_globals, scan_records
from kaohe.workbooks.guard_zip import Entry, directory, inflate, packed_bytes

__all__ = [
    "DEFAULT_LIMITS",
    "Inspection",
    "Limits",
    "Refusal",
    "SheetFacts",
    "SheetInfo",
    "Wanted",
    "inspect",
    "refusal",
]

Wanted = Collection[str] | Callable[[str], bool] | None

_STRINGS, _STYLES = "xl/sharedstrings.xml", "xl/styles.xml"
_BOOK, _RELS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
_OTHER_PACKAGES: tuple[tuple[str, str], ...] = (
    ("xl/workbook.bin", "二进制工作簿(.xlsb)"),
    ("word/document.xml", " Word 文档"),
    ("ppt/presentation.xml", " PowerPoint 文稿"),
    ("content.xml", " OpenDocument 文件(.ods/.odt)"),
)
_OTHER_STREAMS: tuple[tuple[str, str], ...] = (
    ("Book", " Excel 5.0/95 文件"),
    ("WordDocument", " Word 文档"),
    ("PowerPoint Document", " PowerPoint 文稿"),
)


def inspect(data: bytes, name: str, limits: Limits = DEFAULT_LIMITS, sheets: Wanted = None) -> Inspection:
    """The guard's report on a file's bytes. ``sheets`` says which sheets will be read (None: all of them)."""
    kind = "unknown"
    try:
        kind = sniff(data, name, limits)
        if kind == OLE:
            return _inspect_ole(data, limits)
        return _inspect_zip(data, limits, sheets)
    except Refused as refused:
        return Inspection(kind, refusal=refused.refusal)


def wanted(name: str, sheets: Wanted) -> bool:
    """Whether this sheet is among those asked for."""
    if sheets is None:
        return True
    return sheets(name) if callable(sheets) else name in sheets


def _inspect_zip(data: bytes, limits: Limits, sheets: Wanted) -> Inspection:
    """The report on a zip package."""
    entries = directory(data, limits)
    if _BOOK not in entries:
        _refuse_other_package(entries)
    listed = sheet_list(
        (entries[_BOOK], packed_bytes(data, entries[_BOOK])),
        (entries[_RELS], packed_bytes(data, entries[_RELS])) if _RELS in entries else None,
        limits,
    )
    chosen = [info for info in listed if info.kind == "worksheet" and wanted(info.name, sheets)]
    facts = _sheet_facts(data, entries, chosen, limits)
    macros = any(key.endswith("vbaproject.bin") for key in entries)
    return Inspection(
        kind="xlsm" if macros else "xlsx",
        sheets=listed,
        facts=facts,
        macros=macros,
        external_links=any(key.startswith("xl/externallinks/") for key in entries),
    )


def _refuse_other_package(entries: Mapping[str, Entry]) -> None:
    """Refuse a zip that is no .xlsx, saying what it is."""
    for key, what in _OTHER_PACKAGES:
        if key in entries:
            raise Refused("format", what=what)
    if any(key.endswith((".xlsx", ".xls", ".xlsm", ".et")) for key in entries):
        raise Refused("archive", what="ZIP")
    raise Refused("no_workbook", what="没有 xl/workbook.xml")


def _sheet_facts(
    data: bytes, entries: Mapping[str, Entry], chosen: list[SheetInfo], limits: Limits
) -> dict[str, SheetFacts]:
    """Facts of the chosen sheets, each inflated once; the parts that the reader loads are all checked."""
    percent = frozenset[int]()
    if _STYLES in entries:
        percent = percent_formats(entries[_STYLES], packed_bytes(data, entries[_STYLES]), limits)
    facts: dict[str, SheetFacts] = {}
    parts: list[bytes] = []
    inflated = 0
    for info in chosen:
        entry = entries.get(info.part)
        if entry is None:
            raise Refused("damaged", what=f"工作表《{info.name}》没有对应的部件")
        inflated += entry.size
        if inflated > limits.read:
            raise Refused("bomb", part=entry.name)
        xml = inflate(entry, packed_bytes(data, entry), limits)
        facts[info.name] = scan_sheet(xml, info.name, entry.name, percent, limits)
        parts.append(xml)
    check_area(list(facts.items()), parts, limits)
    if _STRINGS in entries:
        strings = inflate(entries[_STRINGS], packed_bytes(data, entries[_STRINGS]), limits)
        check_shared_text(strings, parts, limits)
    return facts


def _inspect_ole(data: bytes, limits: Limits) -> Inspection:
    """The report on a compound file; the old format's reader loads every sheet, so every sheet is scanned."""
    compound = Compound(data, limits)
    stream = _workbook_stream(compound)
    book = read_globals(stream)
    check_string_table(stream, [start for _, start in book.sheets], limits)
    facts: dict[str, SheetFacts] = {}
    for info, start in book.sheets:
        facts[info.name] = scan_records(stream, start, info.name, book.percent, limits)
    return Inspection(
        kind="xls",
        sheets=tuple(info for info, _ in book.sheets),
        facts=facts,
        macros="_VBA_PROJECT_CUR" in compound.names,
    )


def _workbook_stream(compound: Compound) -> bytes:
    """The stream with the workbook's records; refuses encrypted packages and other Office documents."""
    if "EncryptedPackage" in compound.names:
        raise Refused("encrypted")
    if "Workbook" in compound.names:
        return compound.stream("Workbook")
    for name, what in _OTHER_STREAMS:
        if name in compound.names:
            raise Refused("format", what=what)
    raise Refused("no_workbook", what="没有 Workbook 数据流")
