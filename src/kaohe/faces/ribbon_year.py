"""The office's buttons that end a period: lock a step of 审定, write the documents, say how to restore."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kaohe.assess.assessment import Assessment
from kaohe.assess.deciding import Course
from kaohe.assess.deciding_blockers import blockers
from kaohe.assess.deciding_lock import Lock
from kaohe.faces.ribbon_dialog import SHOWN, Dialog, joined, listed
from kaohe.faces.ribbon_office import open_store, progress_of, refuse_form, select, told
from kaohe.faces.ribbon_saved import saved_master
from kaohe.jobs.common import JobError, now
from kaohe.jobs.decide_lock import way_of
from kaohe.jobs.master import Master
from kaohe.jobs.open_store import path_of
from kaohe.jobs.settled import reckoned, settled_period
from kaohe.model import Period, StateRow
from kaohe.tables import BY_KEY
from kaohe.terms import STATE_PUBLICITY, STATE_REOPENED

if TYPE_CHECKING:
    from kaohe.jobs.restore import Listed

DOCUMENTS = "文书"
STATES = "state"
_TITLE = BY_KEY[STATES].title
_LOOK_AND_SAVE = "请核对《审定》《定稿登记》后保存总表;不保存就关闭,则放弃这次锁定。"


def decide(book: Any, dialog: Dialog) -> str:
    """Lock the steps typed into 审定; where none waits, lead there and say what comes next.

    A step is typed in the sheet, never asked for in boxes: so its row is whole, or there is none.
    """
    store = open_store(book, dialog)
    master = store.read()
    if master.tables.get(STATES) is None:
        raise JobError(f"总表没有《{_TITLE}》。请先运行 kaohe upgrade {master.path.name} 补上,再试。")
    period = settled_period(master, None)
    way, lock = way_of(master, period)
    if lock.broken:
        raise JobError(lock.broken)
    if not lock.pending:
        dialog.status("查看审定状态……")
        return _next_step(book, master, period, way, lock)
    steps = "\n".join(_typed(row) for row in lock.pending)
    question = f"锁定{period.title}的结果吗?《{_TITLE}》登记了:\n{steps}\n锁定后,汇总出不同的结果会被拒绝。"
    if dialog.ask(question) != "yes":
        return "没有锁定,总表没有改动。"
    from kaohe.jobs.decide import decide as job

    with told(store, _LOOK_AND_SAVE):
        done = job(store, period_code=period.code, progress=progress_of(dialog))
    return joined(
        [
            f"{done.period.title}:{done.state.shown}"
            + (f",公示到 {done.state.until}" if done.state.until else ""),
            f"已锁定 {done.units} 个单位的结果({'、'.join(done.locked)}),见《定稿登记》。",
            "请核对后保存总表(Ctrl+S);不保存就关闭,则放弃这次锁定。",
            f"写入前的总表备份在\n{done.backup}" if done.backup else "",
            "\n".join(done.notes),
            listed(done.findings),
        ]
    )


def _typed(row: StateRow) -> str:
    until = f",公示截止 {row.until}" if row.until else ""
    return f"- {row.state},{row.date},依据:{row.basis},决定人:{row.person}{until}"


def _next_step(book: Any, master: Master, period: Period, way: Course, lock: Lock) -> str:
    """Where the period stands, what to type next and where; the first free row of 审定 is selected."""
    table = master.tables[STATES]
    row = max((row.number for row in table.rows), default=table.head) + 1
    select(book, table.sheet, f"{(table.letters or {}).get('period', 'A')}{row}")
    now_at = f"{period.title}现在是“{way.state.shown}”。"
    refused = [f"{given.location.cell}“{given.state}”没有采用:{reason}。" for given, reason in way.refused]
    if not way.next_step:
        again = f"确须更改的,在《{_TITLE}》第 {row} 行登记“{STATE_REOPENED}”,改正后重新汇总、审定。"
        return joined([f"{now_at}已经是最后一步。{again}", "\n".join(refused[:SHOWN])])
    found = reckoned(master, period, lock)[0]
    ask = (
        f"下一步是“{way.next_step}”。请在《{_TITLE}》第 {row} 行填写期次 {period.code}、"
        f"状态 {way.next_step}、日期、依据、决定人{_besides(way)},再点一次“审定”锁定。"
    )
    return joined([f"{now_at}{ask}", "\n".join(refused[:SHOWN]), _in_the_way(found, way.next_step)])


def _besides(way: Course) -> str:
    """Cells that only some steps have."""
    if way.next_step == STATE_PUBLICITY:
        return "、公示截止(空着按《方案》的公示天数)"
    return "、文号" if way.next_step == way.steps[-1] else ""


def _in_the_way(found: Assessment, step: str) -> str:
    lines = blockers(found, step, now().date())
    if not lines:
        return ""
    more = [f"…… 另有 {len(lines) - SHOWN} 条。"] if len(lines) > SHOWN else []
    return "\n".join([f"登记“{step}”之前先要解决:", *(f"- {line}" for line in lines[:SHOWN]), *more])


def publish(book: Any, dialog: Dialog) -> str:
    """The documents of the period consolidated last, into 文书/ beside the master."""
    from kaohe.jobs.publish import publish as job

    path = saved_master(book, dialog, "出文书")
    out = path.parent / DOCUMENTS
    question = (
        f"出通报、公示、反馈单、总览等文书吗?\n写到“{out}”的新文件夹,总表不动。没有公布的结果标为送审稿。"
    )
    if dialog.ask(question) != "yes":
        return "没有出文书。"
    done = job(path, out, progress=progress_of(dialog))
    counted = "、".join(f"{kind} {count} 份" for kind, count in done.files)
    stage = f"({done.state})" if done.state else ""
    return joined(
        [
            f"{done.period.title}{stage}:{counted}。文件夹:\n{done.folder}",
            f"另有 PDF {done.pdfs} 份。" if done.pdfs else "",
            "\n".join(done.notes),
        ]
    )


def restore_backup(book: Any, dialog: Dialog) -> str:
    """Which backups there are, and how to restore one: an open book cannot be put in its own place."""
    from kaohe.jobs.restore import listed as backups

    refuse_form(book)
    path = path_of(book)
    dialog.status("查看备份……")
    found = backups(path)
    if not found:
        raise JobError(f"没有找到“{path}”的备份(应在同一文件夹的“备份”里)。每次写总表之前才会存一份。")
    more = [f"…… 共 {len(found)} 份。"] if len(found) > SHOWN else []
    return joined(
        [
            f"总表开着时不能恢复。请先关闭总表,再运行(1 是最新的一份):\nkaohe restore {path.name} 1",
            "\n".join([*(_backup(one) for one in found[:SHOWN]), *more]),
            "现在的总表会先另存一份备份。要先看差别,点“比对”。",
        ]
    )


def _backup(one: Listed) -> str:
    """A line of the list: number, time, what was in it."""
    last = f"最后一次运行:{one.last.command} {one.last.period}".rstrip() if one.last else ""
    words = (last, one.state, one.backup.mark, f"不能恢复:{one.problem}" if one.problem else "")
    return f"{one.number}. {one.time} {';'.join(filter(None, words))}".rstrip()
