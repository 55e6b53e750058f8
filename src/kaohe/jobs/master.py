"""The master workbook as a job sees it: scheme, registers, and the bytes it was read from."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from kaohe.assess.load import load_scheme
from kaohe.findings import Finding
from kaohe.jobs.common import JobError, read_bytes
from kaohe.model import IssueRecord, Record, Scheme, VersionRow
from kaohe.sheets.names import SheetNames
from kaohe.sheets.registers import (
    ISSUES,
    RECORDS,
    RUNS,
    VERSIONS,
    Run,
    read_issues,
    read_records,
    read_runs,
    read_versions,
)
from kaohe.sheets.scheme_tables import read_tables
from kaohe.tables import SPECS, Table
from kaohe.workbooks.grid import Grid
from kaohe.workbooks.guard import Limits
from kaohe.workbooks.package import NothingWritten, read_names
from kaohe.workbooks.read import read_book

MASTER_LIMITS = Limits(
    file=512 << 20,
    part=2048 << 20,
    total=4096 << 20,
    read=4096 << 20,
    cells=60_000_000,
    shared_text=16 << 30,
)
"""A master may be large: it holds every return of every period. It is the office's own file, so the bound of
its shared text is put so high that references need not be counted cell by cell."""


@dataclass(frozen=True)
class Master:
    """A master as read from disk. ``sheet_names``: product key → present sheet name."""

    path: Path
    sha256: str
    sheet_names: Mapping[str, str]
    tables: Mapping[str, Table]
    scheme: Scheme
    findings: tuple[Finding, ...]
    records: tuple[Record, ...]
    issues: Mapping[str, IssueRecord]
    versions: tuple[VersionRow, ...]
    runs: tuple[Run, ...]

    @property
    def names(self) -> SheetNames:
        """Present names for formulas and links."""
        return SheetNames(self.sheet_names)


def open_master(path: Path) -> Master:
    """Read a master. Raises JobError when the file is missing, unreadable or no master."""
    data = read_bytes(path, "总表")
    try:
        present = dict(read_names(data).sheets)
    except NothingWritten as error:
        raise JobError(f"“{path.name}”不是可用的总表:{error}") from None
    wanted = wanted_sheets(present, path.name)
    book = read_book(data, path.name, sheets=lambda name: name in wanted, limits=MASTER_LIMITS)
    if book.refusal:
        raise JobError(f"总表“{path.name}”读不了:{book.refusal.reason}。{book.refusal.remedy}")
    return as_master(path, hashlib.sha256(data).hexdigest(), present, book.sheets)


def wanted_sheets(present: Mapping[str, str], name: str) -> set[str]:
    """Names of the sheets a master is read from; JobError when the workbook is no master.

    ``present``: product key → sheet name, as its hidden names tell.
    """
    if "指标" not in present and "方案" not in present:
        raise JobError(
            f"“{name}”不是考核总表(没有找到《方案》《指标》)。请用 kaohe new 新建总表,或检查文件名。"
        )
    keys = [*(spec.title for spec in SPECS), RECORDS.key, ISSUES.key, VERSIONS.key, RUNS.key]
    return {present.get(key, key) for key in keys}


def as_master(path: Path, sha256: str, present: Mapping[str, str], sheets: Mapping[str, Grid]) -> Master:
    """The master in these sheets, wherever they were read from."""
    tables = read_tables(sheets, present, path.name)
    scheme, findings = load_scheme(tables)

    def grid(key: str) -> Grid | None:
        return sheets.get(present.get(key, key))

    return Master(
        path=path,
        sha256=sha256,
        sheet_names=present,
        tables=tables,
        scheme=scheme,
        findings=findings,
        records=tuple(read_records(grid(RECORDS.key))),
        issues=read_issues(grid(ISSUES.key)),
        versions=tuple(read_versions(grid(VERSIONS.key))),
        runs=tuple(read_runs(grid(RUNS.key))),
    )
