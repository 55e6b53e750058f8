"""`kaohe audit`: everything published recomputed by engines that do not know of each other.

Nothing is written. What the office put beside our tables, and formulas in its own sheets, are not ours and
not compared; nor are fonts, colours and conditional formats, and how a chart is drawn.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from kaohe.audit.compare import OF_FORMULA, about_cells, compare, scope
from kaohe.audit.model import ANEW, CONTENT, DECISION, ENGINES, FORMULAS, OFFICE, RETURNS, Difference, Opinion
from kaohe.audit.same import same_value, shown
from kaohe.audit.second import by_formulas, by_libreoffice
from kaohe.jobs.audit_content import Deciding, by_content
from kaohe.jobs.audit_decided import by_decided, lock
from kaohe.jobs.audit_looks import UNCACHED, shown_looks, uncached
from kaohe.jobs.audit_returns import AtHand, at_hand, by_returns
from kaohe.jobs.audit_shown import Anew, alike, anew, last_run
from kaohe.jobs.common import JobError, Progress, read_bytes, silent, without_collector
from kaohe.jobs.issue import parse_period_or_fail
from kaohe.jobs.master import Master, open_master
from kaohe.jobs.plans import run_row
from kaohe.model import Period
from kaohe.sheets.registers import FIRST_ROW, RUNS, Run
from kaohe.version import __version__
from kaohe.workbooks.grid import column_letter
from kaohe.workbooks.libreoffice import find_soffice
from kaohe.workbooks.package.pending import kept

NO_FOLDER = "没有给回收文件夹(--inbox),填报数据没有与原件核对"
_OF_RUN = ("version", "errors", "queries", "notes", "settings")
"""Fields of the row in 运行记录 that the results determine."""
_REGISTERS = (CONTENT, DECISION, RETURNS)
"""Engines that tell of what everything else is computed from."""
UNFORESEEN = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)
"""What a cell that no run writes may lead to: an answer of the audit, never its end."""


@dataclass(frozen=True)
class Timed:
    """An engine's opinion and how long it took."""

    opinion: Opinion
    seconds: float


@dataclass(frozen=True)
class Audit:
    """What was found. ``engines`` in the order in which they ran."""

    master: Path
    sha256: str
    period: Period
    run: str
    """The run whose results are shown: time and command."""
    version: str
    engines: tuple[Timed, ...]
    notes: tuple[str, ...]

    @property
    def differences(self) -> tuple[Difference, ...]:
        """All of them: registers, then formulas, other cells, last what follows from others."""
        found = [one for timed in self.engines for one in timed.opinion.differences]
        return tuple(sorted(found, key=_order))

    @property
    def trouble(self) -> tuple[str, ...]:
        """Engines that broke off, with the reason: without them nothing is certified."""
        return tuple(
            f"{timed.opinion.engine}:{timed.opinion.trouble}"
            for timed in self.engines
            if timed.opinion.trouble
        )

    @property
    def clean(self) -> bool:
        """Whether every engine that ran came to its end and found nothing."""
        return not self.differences and not self.trouble


def _order(one: Difference) -> tuple[bool, ...]:
    """What a reader should see first: why all else is blank, what was changed, what follows from it."""
    return (
        one.what != UNCACHED,
        one.follows,
        one.engine not in _REGISTERS,
        not one.what.endswith(OF_FORMULA),
    )


@without_collector()
def audit(
    master: Path,
    *,
    inbox: Path | None = None,
    engines: Collection[str] = (),
    progress: Progress = silent,
) -> Audit:
    """Recompute what the master shows and list every cell that disagrees.

    ``inbox``: the folder of returned files. ``engines``: keys of ``kaohe.audit.model.ENGINES``; without any
    all that are possible. Raises JobError for wrong use: no master, nothing consolidated, an engine that is
    unknown or asked for by name and not to be had.
    """
    chosen = _chosen(engines, inbox)
    data = read_bytes(master, "总表")
    book = open_master(master)
    if hashlib.sha256(data).hexdigest() != book.sha256:
        raise JobError(f"总表“{master.name}”在读取时被改动了。请等它写完后重新运行。")
    run = last_run(book)
    period = parse_period_or_fail(run.period)
    files = at_hand(book, period, inbox, progress) if inbox and RETURNS in chosen else None
    names = [name for name in ENGINES.values() if name in chosen]
    try:
        fresh = _anew(book, data, files, progress)
    except UNFORESEEN as error:
        return _without_results(master, book, run, period, [name for name in names if name != CONTENT], error)
    timed = tuple(_timed(name, _work(name, book, data, fresh, files, progress), progress) for name in names)
    return Audit(
        master,
        book.sha256,
        period,
        f"{run.time} {run.command}",
        fresh.assessment.scores.scheme.version,
        timed,
        (*_beside(master, run), *fresh.notes),
    )


def _without_results(
    master: Path, book: Master, run: Run, period: Period, names: Sequence[str], error: Exception
) -> Audit:
    """The audit of a master that cannot be assessed: 内容校验 still says which row was changed."""
    told = [Opinion(name, trouble=_broken(error)) for name in names]
    content = _timed(CONTENT, lambda: by_content(book, Deciding(period)), silent)
    timed = (*(Timed(opinion, 0.0) for opinion in told), content)
    version = book.scheme.at(period.end).version
    notes = tuple(_beside(master, run))
    return Audit(master, book.sha256, period, f"{run.time} {run.command}", version, timed, notes)


def _broken(error: Exception) -> str:
    return (
        f"总表的登记里有程序写不出来的内容({type(error).__name__}:{error}),不能计算;"
        "请看“内容校验”指出的那一行,从“备份”文件夹恢复"
    )


def _beside(master: Path, run: Run) -> Iterator[str]:
    """What a reader has to know before the verdict: another program, a newer result that waits."""
    if run.program != __version__:
        yield (
            f"结果由程序 {run.program or '(没有记载)'} 写入,现在用 {__version__} 核对:"
            "措辞和公式的写法可能因版本而异,数值不应不同。"
        )
    for path in kept(master.resolve()):
        yield f"总表旁有另存的“{path.name}”,其中的结果还没有并入总表,没有核对。"


def _chosen(engines: Collection[str], inbox: Path | None) -> set[str]:
    """The engines by name. Raises JobError for one that is unknown or asked for in vain."""
    unknown = [word for word in engines if word not in ENGINES]
    if unknown:
        raise JobError(f"没有“{unknown[0]}”这种核对。可用:{'、'.join(ENGINES)}。")
    chosen = {ENGINES[word] for word in engines or ENGINES}
    if inbox is not None and not inbox.is_dir():
        raise JobError(f"回收文件夹“{inbox}”不存在。请核对 --inbox。")
    if engines and RETURNS in chosen and inbox is None:
        raise JobError("与回收文件核对,需要用 --inbox 指明存放回收表的文件夹。")
    if engines and OFFICE in chosen and find_soffice() is None:
        raise JobError("没有找到 LibreOffice,不能用它核对。请先安装,或不指定 --engine libreoffice。")
    return chosen


def _anew(book: Master, data: bytes, files: AtHand | None, progress: Progress) -> Anew:
    progress("重新计分", 0, 1)
    found = anew(book, data, files.returns, files.others) if files else anew(book, data)
    progress("重新计分", 1, 1)
    return found


def _timed(name: str, work: Callable[[], Opinion], progress: Progress) -> Timed:
    progress(name, 0, 1)
    start = time.monotonic()
    try:
        opinion = work()
    except UNFORESEEN as error:
        opinion = Opinion(name, trouble=_broken(error))
    progress(name, 1, 1)
    return Timed(opinion, time.monotonic() - start)


def _work(
    name: str, book: Master, data: bytes, fresh: Anew, files: AtHand | None, progress: Progress
) -> Callable[[], Opinion]:
    """The engine of that name, ready to run."""
    cells, about = scope(fresh.scope), about_cells(fresh.scope)

    def content() -> Opinion:
        held = lock(book, fresh.period)
        versions = {row.version for row in held.rows.values()}
        deciding = Deciding(fresh.period, bool(held.pending), versions.pop() if versions else "")
        return by_content(book, deciding)

    def returned() -> Opinion:
        if files is None:
            return Opinion(RETURNS, absent=True, notes=(NO_FOLDER,))
        return by_returns(fresh.book, fresh.period, files, progress)

    bare = uncached(fresh)

    def but_blanks(found: Opinion) -> Opinion:
        """Without the cells that have no result, where that is told once."""
        kept = tuple(one for one in found.differences if not bare or one.published)
        return replace(found, differences=kept)

    return {
        ANEW: lambda: _by_scores(fresh, data, bare),
        FORMULAS: lambda: but_blanks(by_formulas(data, cells, about)),
        OFFICE: lambda: but_blanks(by_libreoffice(data, cells, about, fresh.sheets)),
        RETURNS: returned,
        CONTENT: content,
        DECISION: lambda: by_decided(book, fresh.period, fresh.assessment),
    }[name]


def _by_scores(fresh: Anew, data: bytes, bare: Sequence[Difference]) -> Opinion:
    """Every cell of every result sheet, how it is shown, and the row of 运行记录."""
    done = [compare(plan, fresh.sheets.get(name), name, alike) for name, plan in fresh.plans]
    told = [one for compared in done for one in compared.differences]
    differences = [*bare, *(one for one in told if not (bare and one.follows and not one.published))]
    seen = shown_looks(fresh, data)
    differences += (*fresh.odd, *_of_run(fresh), *seen.differences)
    notes = (*(compared.note for compared in done if compared.note), *seen.notes)
    count = sum(compared.cells for compared in done) + len(_OF_RUN)
    return Opinion(ANEW, count, tuple(differences), notes=notes)


def _of_run(fresh: Anew) -> Iterator[Difference]:
    """What 运行记录 says of the run: the version and settings it scored under, how many findings it had."""
    run, book = fresh.run, fresh.book
    if run.program != __version__:  # an earlier program had other settings and other checks
        return
    scheme = fresh.assessment.scores.scheme
    again = run_row(run.time, run.command, fresh.assessment, scheme, run.period)
    row = FIRST_ROW + book.runs.index(run)
    sheet = book.sheet_names.get(RUNS.key, RUNS.key)
    for at, (field, title, *_) in enumerate(RUNS.columns, start=1):
        kept, now = getattr(run, field), getattr(again, field)
        if field in _OF_RUN and not same_value(kept, now):
            what = f"{run.time} {run.command} {title}"
            yield Difference(sheet, f"{column_letter(at)}{row}", what, shown(kept), shown(now), ANEW)
