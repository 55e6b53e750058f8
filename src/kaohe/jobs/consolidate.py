"""`kaohe consolidate`: returns in, ranking sheets out, in one pass over the master."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType

from kaohe.assess.assessment import Assessment, assess
from kaohe.assess.cells_meant import at_cells_meant
from kaohe.assess.judging import period_of
from kaohe.assess.placing import of_taken, placed
from kaohe.assess.receipts import entered
from kaohe.assess.returns import CONSOLIDATED as TAKEN_IN
from kaohe.assess.returns import KNOWN, take_in
from kaohe.findings import Finding, has_errors
from kaohe.jobs import refused_beside
from kaohe.jobs.common import Clock, JobError, Progress, now, silent, stamp, without_collector
from kaohe.jobs.decide_lock import against, as_decided, refuse_changed, refuse_unlocked, way_of
from kaohe.jobs.evidence_files import evidence_told
from kaohe.jobs.inbox import find_files, other_file_findings, read_returns, shown_name, time_findings
from kaohe.jobs.issue import parse_period_or_fail
from kaohe.jobs.kept_beside import ResultKept, one_run, retire_kept, with_kept
from kaohe.jobs.master import Master
from kaohe.jobs.plans import CONSOLIDATED, register_sheets, result_sheets, run_row
from kaohe.jobs.room import refuse_too_long
from kaohe.jobs.scheme_version import under_version
from kaohe.jobs.store import FileStore, Store, Written, as_store
from kaohe.model import Period, Return, Scheme
from kaohe.settings import ZONE_BEIJING
from kaohe.workbooks.package import BACKUP_FOLDER, KeptBeside, PatchRefused
from kaohe.workbooks.package.pending import is_kept
from kaohe.workbooks.plan import BookPlan

_BEIJING = dt.timezone(dt.timedelta(hours=8))


@dataclass(frozen=True)
class Consolidation:
    """What a run found and wrote. ``backup`` is None when nothing was written (dry run)."""

    master: Path
    assessment: Assessment
    backup: Path | None
    notes: tuple[str, ...] = ()

    @property
    def errors(self) -> bool:
        """Whether ERROR findings remain."""
        return has_errors(self.assessment.findings)

    @property
    def files_read(self) -> int:
        """Workbooks of the inbox that were looked at."""
        return len(self.assessment.intake.inputs)

    @property
    def files_counted(self) -> int:
        """Those of them whose rows count, taken in by this run or an earlier one."""
        return sum(item.state in (TAKEN_IN, KNOWN) for item in self.assessment.intake.inputs)


@without_collector()
def consolidate(
    master: Path | Store,
    inbox: Path,
    *,
    period_code: str | None = None,
    scheme_version: str | None = None,
    jobs: int = 1,
    dry_run: bool = False,
    leave: Mapping[Path, str] = MappingProxyType({}),
    clock: Clock = now,
    progress: Progress = silent,
) -> Consolidation:
    """Read every return of ``inbox``, score, rank, and write the result sheets into the master.

    Without ``period_code`` the period is the one most of the readable returns were issued for.
    ``scheme_version``: score under a version the master keeps, not under today's tables (BH7). ``jobs``: the
    number of processes that read files. ``leave``: files of the inbox not to be opened, each with the reason
    to be told, '' to pass it over. From reading the master to writing it no other run comes between. Raises
    JobError for wrong use, NothingWritten when the master could not be written safely (it is then as it
    was); of these ResultKept when it is open, and the new one stands beside it, and RefusedBeside when it is
    built so that nothing may be put into it, and the results stand beside it in a workbook of their own.
    """
    if not inbox.is_dir():
        raise JobError(f"回收文件夹“{inbox}”不存在。请用 --inbox 指明存放回收表的文件夹。")
    store = as_store(master, beside=True)
    with nullcontext() if dry_run else one_run(store, progress):
        book, kept, notes = with_kept(store.read(), store)
        if scheme_version:
            book = under_version(book, scheme_version)
        asked = _named_period(book, period_code) if period_code else None
        paths, others = _files_of(inbox, store.path, leave)
        returns = read_returns(paths, inbox, jobs, progress) + _left(leave, inbox)
        returns = as_registered(returns, book, store.path, inbox)
        period = asked or _period(book, returns)
        lock = way_of(book, period)[1]
        if not scheme_version:
            book = as_decided(book, period, lock)
        progress("计分", 0, 1)
        told = (*other_file_findings(others, inbox), *time_findings(paths, inbox))
        assessment = assess_returns(book, period, returns, told)
        progress("计分", 1, 1)
        if dry_run:
            return Consolidation(
                store.path, assessment, None, (*notes, *against(assessment, lock, store.path.name))
            )
        refuse_unlocked(lock, store.path.name)
        refuse_changed(assessment, lock)
        refuse_too_long(assessment, book.names)
        progress("写入总表", 0, 1)
        plan = _plan(book, assessment, file_links(paths, inbox, store.path), clock)
        written = _write(store, plan, book, kept, assessment, clock())
        progress("写入总表", 1, 1)
        notes = (*notes, *written.notes, *retire_kept(kept, store.path))
        return Consolidation(store.path, assessment, written.backup, notes)


def _write(
    store: Store,
    plan: BookPlan,
    book: Master,
    kept: Iterable[Path],
    assessment: Assessment,
    moment: dt.datetime,
) -> Written:
    """Write the plan; what cannot go into the master stands beside it, and the error says so."""
    try:
        return store.write(plan, book, moment)
    except KeptBeside as error:
        retire_kept(kept, store.path)
        raise ResultKept(error, assessment) from error
    except PatchRefused as error:
        if not isinstance(store, FileStore):
            raise
        raise refused_beside.beside(store.path, plan, error) from error


def _files_of(inbox: Path, master: Path, leave: Collection[Path]) -> tuple[list[Path], list[Path]]:
    """(workbooks, other files) of the inbox that are to be looked at."""
    workbooks, others = find_files([inbox])
    workbooks = [path for path in workbooks if path not in leave and not _masters_own(path, master)]
    return workbooks, [path for path in others if path not in leave]


def _left(leave: Mapping[Path, str], inbox: Path) -> list[Return]:
    """Files that must not be opened, as returns that could not be read."""
    remedy = "请用 Excel 或 WPS 打开,另存为 .xlsx 后再报送"
    return [
        Return(
            shown_name(path, inbox),
            "",
            "",
            problem="W01",
            facts=(("reason", reason.rstrip("。")), ("remedy", remedy)),
        )
        for path, reason in leave.items()
        if reason
    ]


def _masters_own(path: Path, master: Path) -> bool:
    """The master, what stands beside it, or a backup; they may stand in the folder of returns."""
    try:
        path, master = path.resolve(), master.resolve()
    except (OSError, RuntimeError):  # a link that leads to itself
        return False
    backup = path.parent == master.parent / BACKUP_FOLDER and path.name.startswith(f"{master.stem}.")
    beside = is_kept(path, master) or refused_beside.is_beside(path, master)
    return path == master or backup or (path.parent == master.parent and beside)


def assess_returns(
    master: Master, period: Period, returns: Sequence[Return], extra: Iterable[Finding] = ()
) -> Assessment:
    """The assessment of a period from these returns and what the master already holds."""
    scheme = master.scheme.at(period.end)
    if not scheme.units or not scheme.indicators:
        raise JobError(_nothing_to_score(master, scheme))
    returns, told = placed(returns, scheme, master.issues)
    intake = take_in(returns, master.issues, master.records, scheme, period, master.versions)
    told = of_taken(told, intake.inputs)
    evidence = evidence_told(master, period, intake)
    intake = replace(intake, findings=(*intake.findings, *told, *extra, *evidence))
    found = assess(master.scheme, period, intake, master.issues, master.findings, master.ledger)
    return replace(found, findings=at_cells_meant(found.findings, returns))


def _nothing_to_score(master: Master, scheme: Scheme) -> str:
    """Which table or column is missing, or else which table is empty."""
    missing = [finding.message for finding in master.findings if finding.code == "S11"]
    if missing:
        return "总表不全,无法计分。" + "".join(missing)
    empty = "、".join(
        f"《{title}》" for title, rows in (("单位", scheme.units), ("指标", scheme.indicators)) if not rows
    )
    return f"总表的{empty}没有在用的行,无法计分。请先填写方案。"


def _named_period(master: Master, code: str) -> Period:
    """The period that was asked for; JobError when the master knows nothing of it."""
    period = parse_period_or_fail(code)
    issued = {row.period for row in master.issues.values()}
    if period.code not in issued | {record.period for record in master.records}:
        known = f"已下发:{'、'.join(sorted(issued))}" if issued else "还没有下发过任何一期"
        raise JobError(f"期次 {period.code} 没有下发过({known})。请核对 --period,或先用 kaohe issue 下发。")
    return period


def _period(master: Master, returns: Sequence[Return]) -> Period:
    code = period_of(returns, master.issues)
    if not code:
        raise JobError(
            "看不出要汇总哪一期:没有可用的自测表,总表也没有下发过。请用 --period 指明,如 --period 2007-H1。"
        )
    return parse_period_or_fail(code)


def as_registered(returns: Iterable[Return], book: Master, master: Path, folder: Path) -> list[Return]:
    """Returns of a folder as the master calls and dates them."""
    beijing = book.scheme.settings["报送时区"] == ZONE_BEIJING
    return [
        r._replace(
            workbook=beside_master(r.workbook, master, folder),
            received=_in_beijing(r.received) if beijing else r.received,
        )
        for r in returns
    ]


def _in_beijing(received: str) -> str:
    """A time of this computer as it was in Beijing (a server's clock is often UTC)."""
    return stamp(dt.datetime.fromisoformat(received).astimezone(_BEIJING)) if received else ""


def beside_master(name: str, master: Path, folder: Path) -> str:
    """What a file of a folder is called; one that has the master's own name is told from it by the folder."""
    return f"{folder.resolve().name}/{name}" if name == master.name else name


def file_links(paths: Iterable[Path], inbox: Path, master: Path) -> dict[str, str]:
    """File name as shown → URL relative to the master's folder."""
    links = {}
    for path in paths:
        try:
            relative = os.path.relpath(path.resolve(), master.resolve().parent)
            relative.encode()
        except (ValueError, OSError, RuntimeError):  # another drive on Windows, a link to itself, no UTF-8
            continue
        links[beside_master(shown_name(path, inbox), master, inbox)] = Path(relative).as_posix()
    return links


def _plan(master: Master, assessment: Assessment, links: dict[str, str], clock: Clock) -> BookPlan:
    scores, moment = assessment.scores, clock()
    receipts = entered(assessment.intake, assessment.findings, master.receipts, scores.period, stamp(moment))
    content = master.content(records=assessment.intake.records, receipts=receipts)
    run = run_row(stamp(moment), CONSOLIDATED, assessment, scores.scheme, scores.period.code, content)
    registers = register_sheets(
        assessment.intake.records, master.issues.values(), master.versions, [*master.runs, run], receipts
    )
    results = result_sheets(
        assessment, master.names, master.issues, links, master.path.name, moment.date(), receipts
    )
    return BookPlan((*results, *registers), active="排名")
