"""The office's buttons: make a master, issue, consolidate, look at issues, check the scheme, help."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kaohe.assess.check_scheme import check_scheme as scheme_findings
from kaohe.faces.console import failed_form, kept_form, log_places, summary
from kaohe.faces.ribbon_dialog import SHOWN, Dialog, Trouble, joined, listed
from kaohe.findings import has_errors, ordered
from kaohe.jobs.common import JobError, Progress, now
from kaohe.jobs.master import Master
from kaohe.jobs.open_store import OpenStore, path_of
from kaohe.jobs.store import Cells, Written
from kaohe.model import Period
from kaohe.periods import parse_period
from kaohe.sheets.identity import IDENTITY_TITLE
from kaohe.version import __version__
from kaohe.workbooks.open_book import product_sheets
from kaohe.workbooks.open_book_looks import cells_at
from kaohe.workbooks.package import NothingWritten
from kaohe.workbooks.plan import BookPlan

if TYPE_CHECKING:
    from kaohe.jobs.issue import Issued

INBOX, OUT = "回收", "下发"
ISSUES_KEY = "问题清单"
_CYCLES = ("Q1", "H1", "Q3")
_ISSUE_AGAIN = (
    "编号已登记,总表已保存;自测表可能没有写全。请再点一次“生成自测表”、选同一期次,补写缺少的,编号不变。"
)
_LOOK_AND_SAVE = "请核对《排名》《问题清单》后保存总表;不保存就关闭,则放弃这次结果。"
_OTHER_PERIODS = "没有下发。其他期次请用命令行:kaohe issue 总表.xlsx --period 期次 --out 下发。"


@dataclass
class Watched(OpenStore):
    """The open master, which also tells whether a plan was written to its end."""

    written: bool = field(default=False, init=False)

    def write(self, plan: BookPlan, master: Master, moment: dt.datetime, added: Cells = ()) -> Written:
        """As OpenStore."""
        done = super().write(plan, master, moment, added)
        self.written = True
        return done


class Interrupted(Exception):  # noqa: N818 (named for what the office has to know)
    """An unexpected error after writing into the open book had begun."""


def new_master(book: Any, dialog: Dialog) -> str:
    """A new master in a file of its own beside the active workbook, from a built-in scheme or blank."""
    from kaohe.jobs.new import new
    from kaohe.jobs.schemes import schemes

    folder = _folder_of(book)
    choices = [(scheme.code, f"内置方案 {scheme.code}({scheme.name})") for scheme in schemes()]
    source = chosen(dialog, [*choices, ("", "空白方案(由考核办自己填写)")], "用下面的方案新建总表吗?")
    if source is None:
        return "没有新建总表。"
    target = free_name(folder / "总表.xlsx")
    dialog.status("新建总表……")
    findings = new(source or None, target)
    seen = opened(book, target)
    what = f"已新建总表:\n{target}" + ("" if seen else "\n请打开它继续。")
    return joined([what, listed(findings)])


def issue_forms(book: Any, dialog: Dialog) -> str:
    """The forms of a period into 下发/ beside the master, which is saved because it holds their numbers."""
    from kaohe.jobs.issue import issue

    store = open_store(book, dialog, keep=True)
    out = store.path.parent / OUT
    master = store.read()
    question = f"为下面的期次生成自测表吗?\n写到“{out}”,编号登记在总表,总表随后保存。"
    code = chosen(dialog, [(p.code, f"{p.title}({p.code})") for p in periods_to_issue(master)], question)
    if code is None:
        return _OTHER_PERIODS
    with told(store, _ISSUE_AGAIN):
        done = issue(store, code, out, progress=progress_of(dialog))
    return _issued(done)


def _issued(done: Issued) -> str:
    """What became of every form; Trouble when one was not written as it should be."""
    if has_errors(done.findings):
        return Trouble(joined(["方案有错误,没有下发。请先改正:", listed(done.findings)]))
    counts = [
        f"写出 {len(done.written)} 份自测表",
        f"写不出 {len(done.failed)} 份" if done.failed else "",
        f"未覆盖 {len(done.kept)} 份" if done.kept else "",
        f"另有 {len(done.unchanged)} 份与原来相同" if done.unchanged else "",
    ]
    text = joined(
        [
            f"{done.period.title}:{','.join(filter(None, counts))}。文件夹:\n{done.folder}",
            _not_as_wanted(done),
            _backed_up(done.backup),
            listed(done.findings),
        ]
    )
    return Trouble(text) if done.failed or done.kept else text


def _not_as_wanted(done: Issued) -> str:
    """One line a form that was not written, those that are missing first."""
    lines = [failed_form(path.name) for path in done.failed]
    lines += [kept_form(path.name, path in done.typed) for path in done.kept]
    rest = [f"…… 另有 {len(lines) - SHOWN} 份。"] if len(lines) > SHOWN else []
    return "\n".join([*lines[:SHOWN], *rest])


def _backed_up(backup: Path | None) -> str:
    return f"写入前的总表备份在\n{backup}" if backup else ""


def consolidate(book: Any, dialog: Dialog) -> str:
    """The returns of 回收/ beside the master scored and ranked, written into the open master."""
    from kaohe.jobs.consolidate import consolidate as job

    store = open_store(book, dialog)
    inbox = store.path.parent / INBOX
    if not inbox.is_dir():
        raise JobError(f"没有找到回收文件夹“{inbox}”。请建好它,把各单位报回的自测表放进去,再点“汇总”。")
    question = f"读取“{inbox}”中的自测表,计分排名,把结果写进打开的总表。继续吗?"
    if dialog.ask(question) != "yes":
        return "没有汇总,总表没有改动。"
    with told(store, _LOOK_AND_SAVE):
        done = job(store, inbox, progress=progress_of(dialog))
    standings, findings = done.assessment.standings, done.assessment.findings
    ranked = sum(standing.rank is not None for standing in standings)
    head = f"{done.assessment.scores.period.title}:{len(standings)} 个单位,{ranked} 个有名次。"
    return joined(
        [
            head + summary(findings),
            "请核对《排名》《问题清单》后保存总表(Ctrl+S);不保存就关闭,则放弃这次结果。",
            _backed_up(done.backup),
            "\n".join(done.notes),
        ]
    )


def show_issues(book: Any, dialog: Dialog) -> str:
    """Lead to 问题清单."""
    refuse_form(book)
    present = product_sheets(book)
    if ISSUES_KEY not in present:
        raise JobError(f"“{book.name}”里没有《{ISSUES_KEY}》。请打开总表,先点“汇总”。")
    book.sheets[present[ISSUES_KEY]].activate()
    return ""


def check_scheme(book: Any, dialog: Dialog) -> str:
    """What is wrong with the scheme in the open master; the first place is selected."""
    dialog.status("检查方案……")
    master = open_store(book, dialog, writes=False).read()
    period = parse_period(periods_to_issue(master)[0].code)
    findings = ordered((*master.findings, *scheme_findings(master.scheme, period)))
    if not findings:
        return f"方案没有发现问题(按 {period.title} 检查)。"
    select(book, findings[0].location.sheet, findings[0].location.cell)
    return joined([f"方案检查(按 {period.title}):{summary(findings)}", listed(findings)])


def show_help(book: Any, dialog: Dialog) -> str:
    """Version, and where to read on."""
    return joined(
        [
            f"绩效考核 kaohe {__version__}",
            "填报单位:打开下发的自测表,填黄色单元格,点“校验本表”,改好后点“另存上报件”。",
            f"考核办:总表所在文件夹里,“{OUT}”放下发的表,“{INBOX}”放报回的表;先“生成自测表”,后“汇总”。",
            "命令行用法:kaohe --help。操作手册不随程序安装,在软件仓库的 docs/操作手册.md。",
            "出错时的日志(请发给维护人员):\n" + "\n写不进时:".join(map(str, log_places())),
        ]
    )


def periods_to_issue(master: Master) -> list[Period]:
    """Periods to offer, the likeliest first: the last one issued, those after it, then the year's others."""
    year = master.scheme.settings["考核年度"]
    number = int(year) if isinstance(year, float | int) and year >= 1990 else now().year
    cycle = [parse_period(f"{number}-{name}") for name in _CYCLES] + [parse_period(str(number))]
    issued = [row.period for row in master.issues.values()]
    if issued:
        last = parse_period(issued[-1])
    else:
        ended = [period for period in cycle if period.end < now().date()]
        last = ended[-1] if ended else cycle[0]
    after = [period for period in cycle if period.end > last.end]
    before = [period for period in cycle if period.end < last.end]
    return [last, *after, *reversed(before)]


def open_store(book: Any, dialog: Dialog, keep: bool = False, writes: bool = True) -> Watched:
    """The open book as a master; JobError in words when it cannot be one."""
    refuse_form(book)
    store = Watched(book, keep=keep, writes=writes)
    store.progress = lambda done, total: dialog.status(f"写入总表 {done}/{total}")
    _ = store.path
    return store


def refuse_form(book: Any) -> None:
    """JobError for a unit's form where a master is needed."""
    if any(sheet.name == IDENTITY_TITLE for sheet in book.sheets):
        raise JobError(f"“{book.name}”是填报单位的自测表,这个按钮要在总表中使用。请切换到总表窗口,再点一次。")


@contextmanager
def told(store: Watched, whole: str) -> Iterator[None]:
    """Say of an unexpected error what it means for the open book; ``whole``: when all was written into it."""
    try:
        yield
    except (JobError, NothingWritten):
        raise
    except Exception as error:
        if store.written:
            raise Interrupted(f"总表已经写好,但随后出错({error})。{whole}") from error
        if not store.started:
            raise
        raise Interrupted(
            f"写入总表中途出错({error}),打开的总表可能只写了一部分。请不要保存,关闭后重新打开再试;"
            "写入前的总表在“备份”文件夹。"
        ) from error


def progress_of(dialog: Dialog) -> Progress:
    """What a job reports, shown in the status bar."""

    def report(stage: str, done: int, total: int) -> None:
        dialog.status(f"{stage} {done}/{total}")

    return report


def chosen(dialog: Dialog, choices: Sequence[tuple[str, str]], question: str) -> str | None:
    """The key of the choice a person says yes to, offered one after the other; None when none was."""
    for number, (key, title) in enumerate(choices, start=1):
        more = "“否”看下一项,“取消”停止。" if number < len(choices) else "“否”或“取消”停止。"
        answer = dialog.ask(f"{question}\n\n{title}\n\n“是”用这一项,{more}", cancel=True)
        if answer == "yes":
            return key
        if answer == "cancel":
            return None
    return None


def _folder_of(book: Any) -> Path:
    """The active workbook's folder; the person's documents when it has none."""
    try:
        return path_of(book).parent
    except JobError:
        documents = Path.home() / "Documents"
        return documents if documents.is_dir() else Path.home()


def free_name(path: Path) -> Path:
    """总表.xlsx, 总表-2.xlsx …: a name nobody uses."""
    number, free = 2, path
    while free.exists():
        free = path.with_name(f"{path.stem}-{number}{path.suffix}")
        number += 1
    return free


def opened(book: Any, path: Path) -> bool:
    """Open a workbook where the book is open; False where the program cannot."""
    try:
        book.app.books.open(str(path))
    except (NotImplementedError, AttributeError, TypeError):
        return False
    return True


def select(book: Any, sheet_name: str, cell: str) -> None:
    """Lead to a cell ('' for none) of a sheet, when it is one of this book."""
    if sheet_name in {sheet.name for sheet in book.sheets}:
        sheet = book.sheets[sheet_name]
        sheet.activate()
        if cell:
            cells_at(sheet, cell).select()
