"""Returned files against 填报数据: found by the SHA-256 registered for them, read again, value by value."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kaohe.assess.placing import placed
from kaohe.assess.receipts import NO_WORKBOOK
from kaohe.assess.returns import take_in
from kaohe.audit.model import RETURNS, Difference, Opinion
from kaohe.audit.same import same_value, shown
from kaohe.findings import Finding
from kaohe.jobs.common import Progress
from kaohe.jobs.inbox import find_files, other_file_findings, read_returns, shown_name
from kaohe.jobs.master import Master
from kaohe.model import Period, Record, Return
from kaohe.sheets.registers import FIRST_ROW, RECEIPTS, RECORDS
from kaohe.workbooks.grid import column_letter

_BLOCK = 1 << 20
_COMPARED = (
    *("typed", "value", "status", "mark", "reason", "measure", "evidence", "sheet", "cell", "number"),
    *("department", "version", "shown_weight", "shown_target", "shown_score", "source"),
)
"""Fields of a row of 填报数据 that come from the file."""
_TITLES = {field: title for field, title, _, _ in RECORDS.columns}
_LETTERS = {field: column_letter(at) for at, (field, *_) in enumerate(RECORDS.columns, start=1)}
_RECEIPT_LETTERS = {field: column_letter(at) for at, (field, *_) in enumerate(RECEIPTS.columns, start=1)}
_SHOWN_HASH = 12

Cell = tuple[str, str, str]
"""(SHA-256, unit, indicator): what tells one row of 填报数据 from another."""


@dataclass(frozen=True)
class AtHand:
    """The registered files of a period that were found, and those that were not.

    ``returns`` are named and dated as they were registered. ``others``: registered files that are no
    workbooks (scans), which are there. ``missing``: name and hash → where the master tells of it.
    """

    returns: tuple[Return, ...]
    others: tuple[Finding, ...]
    differences: tuple[Difference, ...]
    unknown: tuple[str, ...]
    """Workbooks of the folder that no register knows."""


def at_hand(book: Master, period: Period, inbox: Path, progress: Progress) -> AtHand:
    """Look for the files of the period in a folder, by their hashes; read those that are there."""
    workbooks, others = find_files([inbox])
    by_hash: dict[str, Path] = {}
    names: dict[str, str] = {}
    for path in workbooks:
        found = _hash_of(path)
        by_hash.setdefault(found, path)
        names[shown_name(path, inbox)] = found
    wanted = _registered(book, period)
    chosen = {sha: by_hash[sha] for sha in wanted if sha in by_hash}
    read = read_returns(list(chosen.values()), inbox, 1, progress)
    received = {row.sha256: row.received for row in book.receipts if row.sha256}
    received |= {row.sha256: row.received for row in _records(book, period)}
    returns = tuple(
        returned._replace(workbook=wanted[sha][0], received=received.get(sha, returned.received))
        for sha, returned in zip(chosen, read, strict=True)
    )
    scans = {row.workbook for row in book.receipts if row.state == NO_WORKBOOK and row.period == period.code}
    told = [path for path in others if shown_name(path, inbox) in scans]
    return AtHand(
        returns,
        other_file_findings(told, inbox),
        tuple(_missing(wanted, by_hash, names)),
        tuple(sorted(name for name, sha in names.items() if sha not in wanted)),
    )


def by_returns(book: Master, period: Period, files: AtHand, progress: Progress) -> Opinion:
    """Every row of 填报数据 of the period whose file is there against what the file says now."""
    scheme = book.scheme.at(period.end)
    again: dict[Cell, Record] = {}
    for done, returned in enumerate(files.returns, start=1):
        mine, _ = placed([returned], scheme, book.issues)
        taken = take_in(mine, book.issues, (), scheme, period, book.versions)
        again |= {_cell_of(record): record for record in taken.records}
        progress("核对回收文件", done, len(files.returns))
    read = {returned.sha256 for returned in files.returns}
    sheet = book.sheet_names.get(RECORDS.key, RECORDS.key)
    found = list(files.differences)
    count = 0
    rows = enumerate(book.records, start=FIRST_ROW)
    for row, record in ((at, r) for at, r in rows if r.period == period.code and r.sha256 in read):
        fresh = again.pop(_cell_of(record), None)
        count += len(_COMPARED)
        found += _of_row(sheet, row, record, fresh)
    counted = {record.sha256 for record in _records(book, period)}
    for record in again.values():
        if record.sha256 in counted:
            place = f"{record.unit} {record.indicator}({record.workbook}《{record.sheet}》{record.cell})"
            found.append(Difference(sheet, "", f"缺少一行:{place}", "", record.typed, RETURNS))
    notes = (f"回收文件夹中有 {len(files.unknown)} 个工作簿没有登记,没有核对。",) if files.unknown else ()
    return Opinion(RETURNS, count + len(files.differences), tuple(found), notes=notes)


def _of_row(sheet: str, row: int, record: Record, fresh: Record | None) -> Iterator[Difference]:
    about = f"{record.unit} {record.indicator}"
    if fresh is None:
        place = f"{record.workbook} 中没有这一行"
        yield Difference(sheet, f"A{row}", about, record.typed, place, RETURNS)
        return
    for field in _COMPARED:
        kept, now = getattr(record, field), getattr(fresh, field)
        if not same_value(kept, now):
            what = f"{about} {_TITLES[field]}({record.workbook}《{fresh.sheet}》{fresh.cell})"
            yield Difference(sheet, f"{_LETTERS[field]}{row}", what, shown(kept), shown(now), RETURNS)


def _registered(book: Master, period: Period) -> dict[str, tuple[str, str, str]]:
    """SHA-256 → (file name, sheet, cell of the hash) for every file taken in or registered in the period."""
    found: dict[str, tuple[str, str, str]] = {}
    registers: Iterable[tuple[str, str, Sequence[Any]]] = (
        (RECORDS.key, _LETTERS["sha256"], book.records),
        (RECEIPTS.key, _RECEIPT_LETTERS["sha256"], book.receipts),
    )
    for key, letter, rows in registers:
        sheet = book.sheet_names.get(key, key)
        for at, row in enumerate(rows, start=FIRST_ROW):
            if row.period == period.code and row.sha256 and row.sha256 not in found:
                found[row.sha256] = (row.workbook, sheet, f"{letter}{at}")
    return found


def _missing(
    wanted: Mapping[str, tuple[str, str, str]], by_hash: Mapping[str, Path], names: Mapping[str, str]
) -> Iterator[Difference]:
    """Registered files that are not there, or whose name another content has now."""
    for sha, (name, sheet, cell) in wanted.items():
        if sha in by_hash:
            continue
        now = names.get(name)
        there = f"同名文件的 SHA-256 是 {now[:_SHOWN_HASH]}…" if now else "回收文件夹中没有这个文件"
        yield Difference(sheet, cell, f"回收文件 {name}", f"SHA-256 {sha[:_SHOWN_HASH]}…", there, RETURNS)


def _records(book: Master, period: Period) -> Iterator[Record]:
    return (record for record in book.records if record.period == period.code)


def _cell_of(record: Record) -> Cell:
    return (record.sha256, record.unit, record.indicator)


def _hash_of(path: Path) -> str:
    digest = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while block := file.read(_BLOCK):
                digest.update(block)
    except OSError:
        return ""
    return digest.hexdigest()
