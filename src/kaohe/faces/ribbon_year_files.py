"""The office's buttons over the master's file: 复核, 试算, 比对, 归档, 结转; its results stay as they are."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from kaohe.faces.ribbon_dialog import SHOWN, Dialog, Trouble, joined, listed
from kaohe.faces.ribbon_office import INBOX, chosen, free_name, opened, progress_of, select
from kaohe.faces.ribbon_saved import backups_of, saved_master
from kaohe.faces.ribbon_year import DOCUMENTS
from kaohe.jobs.common import JobError
from kaohe.jobs.master import open_master

if TYPE_CHECKING:
    from kaohe.jobs.audit import Audit, Timed
    from kaohe.jobs.diff import Diff

_OFFERED = 8
"""Backups offered one after the other before the command line is named instead."""
_LONGEST = 24


def audit(book: Any, dialog: Dialog) -> str:
    """Everything published recomputed; the first cell that disagrees is selected, all are in a workbook."""
    from kaohe.jobs.audit import audit as job
    from kaohe.jobs.audit_report import write_sheet

    path = saved_master(book, dialog, "复核")
    found = job(path, inbox=_inbox(path), progress=progress_of(dialog))
    lines = [_engine(timed) for timed in found.engines]
    head = f"{found.period.title},结果由 {found.run} 写入。"
    if found.clean:
        return joined([f"{head}\n核对相符。", "\n".join(lines), "\n".join(found.notes)])
    target = free_name(path.with_name("核对结果.xlsx"))
    write_sheet(target, found)
    _show_first(book, found)
    return Trouble(
        joined(
            [
                f"{head}\n不符 {len(found.differences)} 处。全部结果:\n{target}",
                _differences(found),
                "\n".join(lines),
                "\n".join(found.notes),
            ]
        )
    )


def _show_first(book: Any, found: Audit) -> None:
    """Lead to the first cell that disagrees and is in this book."""
    names = {sheet.name for sheet in book.sheets}
    for one in found.differences:
        if one.sheet in names and one.cell:
            select(book, one.sheet, one.cell)
            return


def _differences(found: Audit) -> str:
    lines = [
        f"《{one.sheet}》{one.cell} {one.what}:"
        f"总表中是 {_short(one.published)},重算得到 {_short(one.recomputed)}"
        for one in found.differences[:SHOWN]
    ]
    rest = len(found.differences) - SHOWN
    return "\n".join([*lines, *([f"…… 另有 {rest} 处。"] if rest > 0 else [])])


def _engine(timed: Timed) -> str:
    opinion = timed.opinion
    if opinion.absent:
        return f"{opinion.engine}:没有核对"
    if opinion.trouble:
        return f"{opinion.engine}:没有算完:{opinion.trouble}"
    return f"{opinion.engine}:核对 {opinion.compared} 处,不符 {len(opinion.differences)} 处"


def _short(text: str) -> str:
    shown = text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
    return shown or "空白"


def _inbox(path: Path) -> Path | None:
    """回收/ beside the master, where there is one."""
    folder = path.parent / INBOX
    return folder if folder.is_dir() else None


def try_rules(book: Any, dialog: Dialog) -> str:
    """How firm the ranks are, on a sheet of its own: 试算.xlsx beside the master."""
    from kaohe.jobs.trial_files import write_sheets
    from kaohe.jobs.whatif import whatif
    from kaohe.sheets.whatif_sheet import draws_words, whatif_sheets

    path = saved_master(book, dialog, "试算")
    found = whatif(path, progress=progress_of(dialog))
    target = free_name(path.with_name("试算.xlsx"))
    sheets = whatif_sheets(
        found.before,
        found.after,
        found.trial.changes,
        found.moves,
        found.firmness,
        found.notes,
        found.units,
    )
    write_sheets(target, sheets, overwrite=False)
    holds = found.firmness.holds.values()
    firm = sum(hold.kept == 1 for hold in holds)
    draws = found.firmness.draws
    return joined(
        [
            f"{found.period.title}试算:{draws_words(draws)}" if draws else f"{found.period.title}试算。",
            f"名次始终不变的 {firm} 个,有名次的共 {len(holds)} 个。" if draws else "",
            _written(book, "试算表", target),
            "\n".join(found.notes),
            "总表没有改动。换权重、方法、设置、上限再算,用命令行:\n"
            f"kaohe whatif {path.name} --weight 指标=数",
        ]
    )


def compare(book: Any, dialog: Dialog) -> str:
    """What changed since a backup, and through what: 变化.xlsx beside the master."""
    from kaohe.jobs.diff import diff
    from kaohe.jobs.diff_report import sheets_of
    from kaohe.jobs.trial_files import write_sheets

    path = saved_master(book, dialog, "比对")
    backups = backups_of(path)
    if not backups:
        raise JobError(f"“{path.parent}”里没有“{path.name}”的备份,没有可比的。每次写总表之前才会存一份。")
    choices = [(str(one), one.name) for one in backups[:_OFFERED]]
    source = chosen(dialog, choices, "与下面的备份比较吗?")
    if source is None:
        return f"没有比对。与别的文件比较,用命令行:\nkaohe diff 先前的总表.xlsx {path.name} --out 变化.xlsx"
    found = diff(Path(source), path, progress=progress_of(dialog))
    if not found.any:
        return joined([f"与 {Path(source).name} 没有不同。", "\n".join(found.notes)])
    target = free_name(path.with_name("变化.xlsx"))
    write_sheets(target, sheets_of(found, scheme_only=False), overwrite=False)
    return joined([_changed(found), _written(book, "变化表", target), "\n".join(found.notes)])


def _changed(found: Diff) -> str:
    """How much differs, of each kind; the state of 审定 where it is another one."""
    counts = [
        (len(found.differences), "处改动"),
        (len(found.attribution.units), "个单位的得分、名次或等次"),
        (len(found.attribution.scores), "项得分"),
    ]
    words = [f"{count} {what}" for count, what in counts if count]
    before, after = found.before.state or "没有结果", found.after.state or "没有结果"
    state = f"审定状态:{before} 改为 {after}。" if found.state_changed else ""
    return f"与 {found.before.path.name} 不同的:{'、'.join(words) or '只有审定状态'}。{state}"


def close_year(book: Any, dialog: Dialog) -> str:
    """The period's papers sealed into a package beside the master; the seal is told."""
    from kaohe.jobs.close import close

    path = saved_master(book, dialog, "归档")
    target = free_name(path.with_name(f"{path.stem}-归档.zip"))
    documents = path.parent / DOCUMENTS
    added = [documents] if documents.is_dir() else []
    besides = f"和“{DOCUMENTS}”文件夹" if added else ""
    question = (
        f"归档吗?把保存的总表、方案、报送原件(“{INBOX}”里)、佐证材料{besides}封成\n{target}\n"
        "先复核,不符的不归档。会议纪要等要一并归档的,用命令行的 --add。"
    )
    if dialog.ask(question) != "yes":
        return "没有归档。"
    done = close(path, target, inbox=_inbox(path), added=added, progress=progress_of(dialog))
    text = joined(
        [
            f"{done.period.title}已归档:{len(done.sealed.entries)} 个文件。\n{done.sealed.path}",
            f"封存码(请另外保存,核对时用):\n{done.sealed.seal}",
            f"封存码没有记入总表:{done.unrecorded}" if done.unrecorded else "",
            "\n".join(done.notes),
        ]
    )
    return Trouble(text) if done.unrecorded else text


def roll_over(book: Any, dialog: Dialog) -> str:
    """Next year's master beside this one, which is only read."""
    from kaohe.jobs.rollover import rollover

    path = saved_master(book, dialog, "结转")
    year = open_master(path).scheme.settings["考核年度"]
    if not isinstance(year, int | float) or year < 1990:
        raise JobError("总表《方案》没有写考核年度,不知道从哪一年结转。请填写后再试。")
    target = free_name(path.with_name(f"总表-{int(year) + 1}{path.suffix}"))
    question = f"由本年度的总表做出 {int(year) + 1} 年度的总表吗?\n{target}\n本年度的总表不动。"
    if dialog.ask(question) != "yes":
        return "没有结转。"
    done = rollover(path, target, progress=progress_of(dialog))
    return joined(
        [
            _written(book, f"{done.year} 年度的总表", done.master),
            f"上年值 {done.priors} 个,历史 {done.history} 行,未销号的督办 {done.open_problems} 件。",
            "\n".join(
                [*(f"单位变动:{text}" for text in done.moved), *(f"请核对:{text}" for text in done.notes)]
            ),
            listed(done.findings),
        ]
    )


def _written(book: Any, what: str, path: Path) -> str:
    """Where a new workbook is; it is opened where the program can."""
    return f"{what}:\n{path}" + ("" if opened(book, path) else "\n请打开它查看。")
