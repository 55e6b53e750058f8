"""The buttons of the ribbon: each takes the calling workbook, calls one job, and ends with a message.

The VBA callbacks call these functions without arguments (see :mod:`kaohe.faces.buttons`); ``book`` and
``dialog`` are for callers that have them. Nothing is ever raised into Excel: what a person can mend is told,
anything else goes to a log file that the message names.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from kaohe.faces import ribbon_explain, ribbon_form, ribbon_office, ribbon_year, ribbon_year_files
from kaohe.faces.ribbon_alone import NO_BOOK, Steady, logged, message_box, protected_view
from kaohe.faces.ribbon_dialog import Dialog, ExcelDialog, Trouble, joined
from kaohe.jobs.common import JobError
from kaohe.workbooks.package import NothingWritten

Action = Callable[[Any, Dialog], str]
"""Does a button's work on a book and returns the closing message ('' when there is no more to say).

A Trouble among messages is shown as one.
"""


def check_form(book: Any = None, dialog: Dialog | None = None) -> None:
    """校验本表."""
    _run(ribbon_form.check_form, book, dialog)


def next_problem(book: Any = None, dialog: Dialog | None = None) -> None:
    """下一处问题."""
    _run(ribbon_form.next_problem, book, dialog)


def read_typed_values(book: Any = None, dialog: Dialog | None = None) -> None:
    """识别填写值."""
    _run(ribbon_form.read_typed_values, book, dialog)


def save_return(book: Any = None, dialog: Dialog | None = None) -> None:
    """另存上报件."""
    _run(ribbon_form.save_return, book, dialog)


def new_master(book: Any = None, dialog: Dialog | None = None) -> None:
    """新建总表."""
    _run(ribbon_office.new_master, book, dialog)


def issue_forms(book: Any = None, dialog: Dialog | None = None) -> None:
    """生成自测表."""
    _run(ribbon_office.issue_forms, book, dialog)


def consolidate(book: Any = None, dialog: Dialog | None = None) -> None:
    """汇总."""
    _run(ribbon_office.consolidate, book, dialog)


def show_issues(book: Any = None, dialog: Dialog | None = None) -> None:
    """问题清单."""
    _run(ribbon_office.show_issues, book, dialog)


def explain_score(book: Any = None, dialog: Dialog | None = None) -> None:
    """得分说明."""
    _run(ribbon_explain.explain_score, book, dialog)


def check_scheme(book: Any = None, dialog: Dialog | None = None) -> None:
    """方案检查."""
    _run(ribbon_office.check_scheme, book, dialog)


def show_help(book: Any = None, dialog: Dialog | None = None) -> None:
    """帮助."""
    _run(ribbon_office.show_help, book, dialog)


def decide(book: Any = None, dialog: Dialog | None = None) -> None:
    """审定."""
    _run(ribbon_year.decide, book, dialog)


def publish(book: Any = None, dialog: Dialog | None = None) -> None:
    """出文书."""
    _run(ribbon_year.publish, book, dialog)


def audit(book: Any = None, dialog: Dialog | None = None) -> None:
    """复核."""
    _run(ribbon_year_files.audit, book, dialog)


def try_rules(book: Any = None, dialog: Dialog | None = None) -> None:
    """试算."""
    _run(ribbon_year_files.try_rules, book, dialog)


def compare(book: Any = None, dialog: Dialog | None = None) -> None:
    """比对."""
    _run(ribbon_year_files.compare, book, dialog)


def close_year(book: Any = None, dialog: Dialog | None = None) -> None:
    """归档."""
    _run(ribbon_year_files.close_year, book, dialog)


def roll_over(book: Any = None, dialog: Dialog | None = None) -> None:
    """结转."""
    _run(ribbon_year_files.roll_over, book, dialog)


def restore_backup(book: Any = None, dialog: Dialog | None = None) -> None:
    """恢复备份."""
    _run(ribbon_year.restore_backup, book, dialog)


def calling_book() -> Any:
    """The workbook whose button was clicked; raises whatever COM says when there is none behind it."""
    import xlwings

    book = xlwings.Book.caller()
    _ = book.name
    return book


def _run(action: Action, book: Any, dialog: Dialog | None) -> None:
    """Do the work; whatever happens, the person is told and the status bar is given back."""
    try:
        book = calling_book() if book is None else book
        show = Steady(ExcelDialog(book) if dialog is None else dialog)
    except Exception as error:  # noqa: BLE001  (whatever COM says without a workbook, or with WPS for Excel)
        message_box(f"{NO_BOOK}\n({type(error).__name__}:{error})\n{logged()}", trouble=True)
        return
    text = _closing(action, book, show)
    show.status("")
    if text:
        show.tell(text, isinstance(text, Trouble))


def _closing(action: Action, book: Any, show: Dialog) -> str:
    """The message a button ends with; Trouble when it could not do its work."""
    try:
        return action(book, show)
    except JobError as error:
        return Trouble(joined([protected_view(book), str(error)]))
    except NothingWritten as error:
        return Trouble(f"没有写入:{error}")
    except ribbon_office.Interrupted as error:
        return Trouble(f"{error}\n{logged()}")
    except Exception as error:  # noqa: BLE001  (the last line of defence: a message and a log, no traceback)
        return Trouble(f"程序内部错误:{error}\n{logged()}")
