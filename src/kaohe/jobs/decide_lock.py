"""What keeps a run from changing a decided result: 审定 and 定稿登记 held against each other."""

from __future__ import annotations

from collections.abc import Sequence

from kaohe import terms
from kaohe.assess.assessment import Assessment
from kaohe.assess.deciding import Course, course
from kaohe.assess.deciding_lock import Lock, differences, lock_of
from kaohe.audit.digest import GROWN, MOVED, SAME, hashes_of, read_content, verdict
from kaohe.jobs.common import JobError
from kaohe.jobs.master import Master
from kaohe.jobs.plans import DECISION
from kaohe.jobs.scheme_version import under_version
from kaohe.model import Period
from kaohe.sheets.registers import DECIDED, FIRST_ROW, RUNS

_FROM_BACKUP = "请恢复改动过的内容,或从“备份”文件夹恢复总表(kaohe restore)后再运行。"
_TOLD = 12
"""Units named in a refusal before the rest is only counted."""


def way_of(book: Master, period: Period) -> tuple[Course, Lock]:
    """The steps of the period as 审定 has them, and what 定稿登记 holds of them.

    The lock is broken, with whatever it holds, when 定稿登记 is not what the runs left.
    """
    way = course(book.ledger.states, period, book.scheme.at(period.end))
    lock = lock_of(way, book.decided, period.code)
    told = _tampered(book)
    return way, lock._replace(broken=told, changed=True) if told else lock


def _tampered(book: Master) -> str:
    """How 定稿登记 differs from what 运行记录 kept of it; '' when it does not.

    Only runs of 审定 write it, so the last of these says what it holds. Where that run is gone, too, any
    later one says how many rows there were. Sorting does no harm.
    """
    kept = [(run, held) for run in book.runs if (held := read_content(run.content).get(DECIDED.key))]
    steps = [each for each in kept if each[0].command == DECISION][-1:]
    if book.decided and not any(run.command == DECISION for run in book.runs):
        return f"《{DECIDED.key}》有内容,《{RUNS.key}》中却没有审定的记录。{_FROM_BACKUP}"
    rows = hashes_of(book.decided)
    for run, held in (*steps, *kept[-1:]):
        told = verdict(held, rows)
        if told.kind in (SAME, MOVED) or (told.kind == GROWN and run.command != DECISION):
            continue
        changed = f"第 {FIRST_ROW + told.row} 行" if told.row is not None else "内容"
        counts = f"{held.rows} 行,现在 {len(rows)} 行"
        return (
            f"《{DECIDED.key}》的{changed}与 {run.time} {run.command}时不同(那时 {counts}),"
            f"审定过的结果不能手工改动。{_FROM_BACKUP}"
        )
    return ""


def as_decided(book: Master, period: Period, lock: Lock) -> Master:
    """The master under the version the period was decided under, where that is kept and is another one.

    Rows of the scheme that were changed later belong to later results.
    """
    versions = {row.version for row in lock.rows.values()}
    kept = versions & {row.version for row in book.versions}
    if len(versions) != 1 or not kept or book.scheme.at(period.end).version in versions:
        return book
    return under_version(book, kept.pop())


def refuse_unlocked(lock: Lock, name: str) -> None:
    """JobError when a step was typed by hand, or the registers contradict each other."""
    if lock.broken:
        raise JobError(lock.broken)
    if lock.pending:
        step = lock.pending[0]
        raise JobError(
            f"《审定》登记了“{step.state}”({step.date}),结果还没有锁定。请先运行 kaohe decide {name}。"
        )


def refuse_changed(found: Assessment, lock: Lock) -> None:
    """JobError, with the differences, when a decided result is another one now."""
    if not lock.rows:
        return
    if changed := differences(found, lock.rows):
        state = next(iter(lock.rows.values()))
        raise JobError(
            f"{found.scores.period.title}的结果已经“{state.state}”({state.date},依据:{state.basis}),现在算出的不同:"
            f"{counted(changed)}。锁定的结果不能直接改动:确须更改的,先登记重新开启"
            f"(kaohe decide 总表 --state {terms.STATE_REOPENED} --basis 依据 --person 决定人);"
            "否则请恢复改动过的登记,移走后来放入的回收表。"
        )


def against(found: Assessment, lock: Lock, name: str) -> tuple[str, ...]:
    """What a run that writes would be refused for; for one that only looks."""
    try:
        refuse_unlocked(lock, name)
        refuse_changed(found, lock)
    except JobError as error:
        return (f"正式汇总会被拒绝:{error}",)
    return ()


def counted(words: Sequence[str]) -> str:
    """The first of them in one sentence, and how many units there are."""
    more = f";等 {len(words)} 个单位" if len(words) > _TOLD else ""
    return ";".join(words[:_TOLD]) + more
