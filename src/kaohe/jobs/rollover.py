"""`kaohe rollover`: next year's master from this year's (Y12).

The new one is a copy of the old: what the office added, its looks and its own sheets stay. The scheme goes
on, values become prior values, results history; registers of the old year are begun anew. The old master is
only read.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from kaohe.assess.assessment import Assessment
from kaohe.assess.rollover import Rolled, carried_over
from kaohe.assess.rollover_units import Rows, both, moves_of, told_of
from kaohe.findings import Finding
from kaohe.jobs.common import Clock, JobError, Progress, now, read_bytes, silent, stamp, without_collector
from kaohe.jobs.master import Master, master_in
from kaohe.jobs.new import nothing_yet
from kaohe.jobs.plans import register_sheets, result_sheets, run_row
from kaohe.jobs.schemes import read_csv
from kaohe.jobs.settled import settled
from kaohe.jobs.yellow_cells import rewritten
from kaohe.sheets.registers import DECIDED, ISSUES, RECEIPTS, RECORDS, RUNS, VERSIONS
from kaohe.sheets.scheme_tables import table_sheet
from kaohe.tables import BY_KEY, SPECS, Row, Table
from kaohe.workbooks.package import patch, write_new
from kaohe.workbooks.plan import BookPlan, Cell, SheetPlan
from kaohe.workbooks.skeleton import SPECIMEN_SHEET

ROLLED = "结转"
"""What 运行记录 calls the run."""
_SUCCESSION = "succession"
_NO_TARGET = "S07"
_NAMED = 6
_REGISTERS = (RECORDS, ISSUES, VERSIONS, RUNS, RECEIPTS, DECIDED)


@dataclass(frozen=True)
class Rollover:
    """The new master and what the office has to look at in it. ``moved``: units that changed, in words."""

    master: Path
    year: int
    priors: int
    history: int
    open_problems: int
    moved: tuple[str, ...]
    notes: tuple[str, ...]
    findings: tuple[Finding, ...]
    """What is wrong with the new scheme; targets to be set are counted in ``notes``."""


@without_collector()
def rollover(
    master: Path,
    target: Path,
    *,
    year: int | None = None,
    succession: Path | None = None,
    keep_targets: bool = False,
    provisional: bool = False,
    clock: Clock = now,
    progress: Progress = silent,
) -> Rollover:
    """Write next year's master to ``target``, which must not exist; ``master`` is not touched.

    ``year``: the new one, the following one by default. ``succession``: a CSV file like 单位沿革, for changes
    that are not registered in the master yet. ``keep_targets``: targets of units stay as they are.
    ``provisional``: also from results that are not 公布. Raises JobError for wrong use, NothingWritten when
    the file exists or cannot be written.
    """
    moment = clock()
    if target.suffix.lower() != master.suffix.lower():
        raise JobError(f"新总表“{target.name}”的扩展名应与总表相同({master.suffix})。请改一个名字。")
    data = read_bytes(master, "总表")
    book = master_in(data, master)
    old = _old_year(book)
    new = old + 1 if year is None else year
    if new <= old:
        raise JobError(f"新年度 {new} 应在总表的考核年度 {old} 之后。请核对 --year。")
    progress("计分", 0, 1)
    found = settled(book, str(old))
    progress("计分", 1, 1)
    caution = _undecided(found, provisional)
    told = both(book.tables.get(_SUCCESSION), read_csv(succession, _SUCCESSION) if succession else None)
    moves, notes = moves_of(told, old, [unit.code for unit in found.scores.units])
    rolled = carried_over(found, book.tables, new, moves, keep_targets=keep_targets)
    tables = {**rolled.tables, **_successions(book, told)}
    progress("写入新总表", 0, 1)
    made, findings = _new_master(data, book, target, tables, moment)
    write_new(target, made)
    progress("写入新总表", 1, 1)
    return Rollover(
        master=target,
        year=new,
        priors=rolled.priors,
        history=rolled.history,
        open_problems=rolled.open_problems,
        moved=told_of(moves),
        notes=(*caution, *notes, *rolled.notes, *_to_check(rolled, keep_targets, findings)),
        findings=tuple(finding for finding in findings if finding.code != _NO_TARGET),
    )


def _old_year(book: Master) -> int:
    year = book.scheme.settings["考核年度"]
    if not isinstance(year, int | float) or year < 1990:
        raise JobError("总表《方案》没有写考核年度,不知道从哪一年结转。请填写后再试。")
    return int(year)


def _undecided(found: Assessment, provisional: bool) -> tuple[str, ...]:
    """A word of caution where the results are not final; JobError unless that was asked for."""
    if found.state.final:
        return ()
    title = found.scores.period.title
    if not provisional:
        raise JobError(
            f"{title}的结果还没有公布(现在是“{found.state.shown}”),不能结转:上年值和历史应取公布的结果。"
            "请先用 kaohe decide 登记到公布;确要先结转的,加 --provisional。"
        )
    return (f"按没有公布的结果({found.state.shown})结转:结果若再变动,请重新结转。",)


def _successions(book: Master, told: Table | None) -> Mapping[str, Rows]:
    """单位沿革 with the rows of the file, where there were any."""
    have = book.tables.get(_SUCCESSION)
    if told is None or (have is not None and len(told.rows) == len(have.rows)):
        return {}
    return {_SUCCESSION: tuple(row.values for row in told.rows)}


def _to_check(rolled: Rolled, keep_targets: bool, findings: Iterable[Finding]) -> Iterable[str]:
    """What every new year needs a look at."""
    if not keep_targets and "target" in rolled.tables:
        yield "《目标》中各单位的目标值已清空,请按新年度的任务填写;各单位相同的目标(*)照旧,请核对。"
    if lacking := dict.fromkeys(str(f.facts["name"]) for f in findings if f.code == _NO_TARGET):
        names = "、".join(f"《{name}》" for name in list(lacking)[:_NAMED])
        more = f"等 {len(lacking)} 个指标" if len(lacking) > _NAMED else ""
        yield f"下发前要填目标值的:{names}{more}。"
    yield "《参数》中的对标值、序时曲线和《结果规则》《等次》照旧,请核对是否适用于新年度。"


def _new_master(
    data: bytes, book: Master, target: Path, tables: Mapping[str, Rows], moment: dt.datetime
) -> tuple[bytes, tuple[Finding, ...]]:
    """The bytes of the new master, and the findings about its scheme."""
    changed = rewritten(data, book, tables)
    carried = master_in(changed, target)
    missing = {key: rows for key, rows in tables.items() if key not in book.tables and rows}
    added = [
        table_sheet(spec, Table(spec.key, tuple(Row(0, values) for values in missing[spec.key])))
        for spec in SPECS
        if spec.key in missing
    ]
    if added:
        changed = patch(changed, BookPlan(tuple(added))).data
        carried = master_in(changed, target)
    empty, scheme = nothing_yet(carried.tables, moment)
    blue = result_sheets(empty, carried.names, {}, {}, target.name, moment.date())
    run = run_row(stamp(moment), ROLLED, None, scheme, "")
    registers = register_sheets((), (), (), [run], (), ())
    planned = {sheet.key for sheet in (*blue, *registers)}
    left = [_nothing(key) for key in _stale(carried, planned)]
    done = patch(changed, BookPlan((*blue, *left, *registers), active=BY_KEY["scheme"].title))
    return done.data, empty.findings


def _stale(book: Master, planned: set[str]) -> list[str]:
    """Product sheets that would still show the old year."""
    kept = {SPECIMEN_SHEET, *(spec.title for spec in SPECS)}
    return [key for key in book.sheet_names if key not in kept | planned]


def _nothing(key: str) -> SheetPlan:
    """A result sheet that the new year has nothing for yet."""
    text = f"{key}:本年度还没有内容,汇总以后写出"
    return SheetPlan(key=key, title=key, rows=[[Cell(text, "note_line")]], roles=("plain",), widths=(60.0,))
