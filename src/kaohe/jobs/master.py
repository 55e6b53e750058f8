"""The master workbook as a job sees it: scheme, registers, and the bytes it was read from."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from kaohe.assess.deciding_findings import feedback_findings
from kaohe.assess.deciding_lock import as_locked
from kaohe.assess.load import load_scheme
from kaohe.assess.load_ledger import load_ledger
from kaohe.audit.contents import content_of
from kaohe.findings import Finding
from kaohe.jobs.common import JobError, read_bytes
from kaohe.jobs.plans import CONSOLIDATED, DECISION, ISSUED
from kaohe.model import Decided, IssueRecord, Ledger, Location, Receipt, Record, Scheme, VersionRow
from kaohe.sheets.chart_canvas import KEY as CHARTS
from kaohe.sheets.chart_sheet import read_choice
from kaohe.sheets.names import SheetNames
from kaohe.sheets.registers import (
    DECIDED,
    HEADER_ROW,
    ISSUES,
    RECEIPTS,
    RECORDS,
    RUNS,
    VERSIONS,
    HeadingsMissingError,
    Run,
    is_there,
    read_decided,
    read_issues,
    read_receipts,
    read_records,
    read_runs,
    read_versions,
)
from kaohe.sheets.scheme_tables import read_tables
from kaohe.sheets.shown_ranking import KEY as RANKING
from kaohe.sheets.shown_ranking import Shown, read_ranking
from kaohe.tables import SPECS, Table
from kaohe.tables.ledger import LEDGER
from kaohe.workbooks.grid import Grid
from kaohe.workbooks.guard import Limits
from kaohe.workbooks.package import NothingWritten, read_names
from kaohe.workbooks.read import read_book

REGISTERS = (RECORDS, ISSUES, VERSIONS, RUNS, RECEIPTS, DECIDED)
_WRITTEN_BY = (
    (RECORDS, CONSOLIDATED),
    (RECEIPTS, CONSOLIDATED),
    (ISSUES, ISSUED),
    (VERSIONS, ISSUED),
    (DECIDED, DECISION),
)
"""Registers that nothing else can restore, and the runs that write them."""
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
    ledger: Ledger
    findings: tuple[Finding, ...]
    records: tuple[Record, ...]
    issues: Mapping[str, IssueRecord]
    versions: tuple[VersionRow, ...]
    runs: tuple[Run, ...]
    receipts: tuple[Receipt, ...] = ()
    decided: tuple[Decided, ...] = ()
    shown: tuple[Shown, ...] = ()
    """排名 as it stands in the master."""
    chosen: str = ""
    """The unit somebody chose on 图表, as typed."""

    @property
    def names(self) -> SheetNames:
        """Present names for formulas and links, and what else result sheets have to know."""
        return SheetNames(self.sheet_names, self.chosen, self.decided)

    def content(
        self,
        *,
        records: Iterable[Record] | None = None,
        issues: Iterable[IssueRecord] | None = None,
        versions: Iterable[VersionRow] | None = None,
        receipts: Iterable[Receipt] | None = None,
        decided: Iterable[Decided] | None = None,
    ) -> str:
        """内容校验 of a run that leaves these rows in the registers, and everything else as it was read."""
        given: Mapping[str, Iterable[Any] | None] = {
            RECORDS.key: records,
            ISSUES.key: issues,
            VERSIONS.key: versions,
            RECEIPTS.key: receipts,
            DECIDED.key: decided,
        }
        changed = {key: rows for key, rows in given.items() if rows is not None}
        return content_of(self.tables, {**self.registers, **changed})

    @property
    def registers(self) -> Mapping[str, Iterable[Any]]:
        """The rows of the registers that only grow, by their keys."""
        return {
            RECORDS.key: self.records,
            ISSUES.key: self.issues.values(),
            VERSIONS.key: self.versions,
            RECEIPTS.key: self.receipts,
            DECIDED.key: self.decided,
            RUNS.key: self.runs,
        }


def open_master(path: Path) -> Master:
    """Read a master. Raises JobError when the file is missing, unreadable or no master."""
    return master_in(read_bytes(path, "总表"), path)


def master_in(data: bytes, path: Path) -> Master:
    """The master with these bytes; ``path`` is where it stands or will stand. Raises JobError."""
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
    keys = [*(spec.title for spec in SPECS), *(register.key for register in REGISTERS), RANKING, CHARTS]
    return {present.get(key, key) for key in keys}


def as_master(path: Path, sha256: str, present: Mapping[str, str], sheets: Mapping[str, Grid]) -> Master:
    """The master in these sheets, wherever they were read from. JobError when a register is damaged."""
    tables = read_tables(sheets, present, path.name)
    scheme, findings = load_scheme(tables)
    grids = {register.key: sheets.get(present.get(register.key, register.key)) for register in REGISTERS}
    try:
        records, issues = tuple(read_records(grids[RECORDS.key])), read_issues(grids[ISSUES.key])
        versions, runs = tuple(read_versions(grids[VERSIONS.key])), tuple(read_runs(grids[RUNS.key]))
        receipts = tuple(read_receipts(grids[RECEIPTS.key]))
        decided = tuple(read_decided(grids[DECIDED.key]))
    except HeadingsMissingError as error:
        raise JobError(_without_headings(error)) from None
    _refuse_lost(grids, runs, path.name)
    findings += tuple(_lost_tables(tables, present, sheets))
    ledger = load_ledger(tables)
    ledger = replace(ledger, states=as_locked(ledger.states, decided))
    findings += tuple(feedback_findings(ledger.feedback))
    return Master(
        path,
        sha256,
        present,
        tables,
        scheme,
        ledger,
        findings,
        records,
        issues,
        versions,
        runs,
        receipts,
        decided,
        read_ranking(sheets.get(present.get(RANKING, RANKING))),
        read_choice(sheets.get(present.get(CHARTS, CHARTS))),
    )


def _without_headings(error: HeadingsMissingError) -> str:
    columns = "、".join(f"“{title}”" for title in error.titles)
    return (
        f"总表《{error.sheet}》第 {HEADER_ROW} 行的表头缺少{columns}(被改名或删除),其中的内容读不出来。"
        "为免丢失,没有做任何事。请恢复表头的文字,或从“备份”文件夹恢复总表后再运行。"
    )


def _lost_tables(
    tables: Mapping[str, Table], present: Mapping[str, str], sheets: Mapping[str, Grid]
) -> Iterable[Finding]:
    """S11 a sheet whose headings are gone, and a register of the office that is gone beside the others.

    Without it every decision, bonus or veto in it would be undone, and the ranks would look valid. A master
    of an earlier program has none of these registers. S61 one that no score depends on.
    """
    registers = {spec.key for spec in LEDGER if spec.always}
    for spec in SPECS:
        if spec.required or spec.key in tables:
            continue
        there = is_there(sheets.get(present.get(spec.title, spec.title)))
        if there or (spec.key in registers and not registers.isdisjoint(tables)):
            code = "S11" if spec.scored else "S61"
            yield Finding(code, Location(sheet=spec.title), {"what": f"《{spec.title}》"})


def _refuse_lost(grids: Mapping[str, Grid | None], runs: Sequence[Run], name: str) -> None:
    """JobError when a register is gone although earlier runs wrote into it."""
    for register, command in _WRITTEN_BY:
        earlier = [run for run in runs if run.command == command]
        if earlier and not is_there(grids[register.key]):
            raise JobError(
                f"总表“{name}”的《{register.key}》不见了,而《运行记录》记有 {len(earlier)} 次{command}"
                f"(最近 {earlier[-1].time})。为免丢失,没有做任何事。"
                "请从“备份”文件夹恢复总表或这张表后再运行。"
            )
