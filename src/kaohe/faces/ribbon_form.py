"""The clerk's buttons: the form on the screen is checked, read, and saved for sending in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kaohe.faces.console import summary
from kaohe.faces.ribbon_dialog import SHOWN, Dialog, joined, listed
from kaohe.findings import NOTE, Finding, has_errors
from kaohe.jobs import form_in_place as job
from kaohe.workbooks.open_book_looks import cells_at


def check_form(book: Any, dialog: Dialog) -> str:
    """Everything that is wrong, and the first problem selected."""
    dialog.status("校验本表……")
    form, findings = _checked(book)
    if not findings:
        return "没有发现问题。请核对数据来源后,点“另存上报件”。"
    _select(book, findings[0])
    return joined([f"《{form.returned.sheet}》{summary(findings)}", listed(findings, places=False)])


def next_problem(book: Any, dialog: Dialog) -> str:
    """The next cell with something to mend; notes are passed over."""
    form, findings = _checked(book)
    row, column = _selected(book, form.returned.sheet)
    found = job.next_problem([f for f in findings if f.severity != NOTE], row, column)
    if found is None:
        return "没有要改的地方。"
    _select(book, found)
    return listed([found], places=False)


def read_typed_values(book: Any, dialog: Dialog) -> str:
    """What typed texts are understood as; exact ones become numbers if the clerk agrees."""
    form = job.read_open_form(book)
    values = job.typed_values(form)
    clear = [value for value in values if value.number is not None]
    unclear = [value for value in values if value.number is None]
    rest = _lines("下列内容没有改动,请改填准确的数:", unclear)
    if not clear:
        return rest or "完成值都是数字,没有要识别的内容。"
    question = _lines("下列内容可以识别为数,是否改写成数字?", clear)
    if dialog.ask(joined([question, rest])) != "yes":
        return "没有改动。"
    job.write_numbers(book, form, clear)
    return joined([f"已把 {len(clear)} 处改写成数字。", rest])


def save_return(book: Any, dialog: Dialog) -> str:
    """A copy under the proper name, after a look at what is wrong."""
    dialog.status("校验并另存……")
    form, findings = _checked(book)
    target = job.return_path(book, form)
    if has_errors(findings):
        text = joined([summary(findings), listed(findings, places=False), "仍要另存用于上报吗?"])
        if dialog.ask(text) != "yes":
            _select(book, findings[0])
            return "没有另存。请改好后再点“另存上报件”。"
    if target.exists() and dialog.ask(f"“{target}”已经存在,要用现在的内容替换吗?") != "yes":
        return "没有另存,原来的文件未动。"
    job.save_return(book, target)
    return f"已另存用于上报:\n{target}\n\n正在编辑的文件没有变。请按要求报送这一份,并附签字盖章件。"


def _checked(book: Any) -> tuple[job.OpenForm, tuple[Finding, ...]]:
    form = job.read_open_form(book)
    return form, job.check_form(form)


def _select(book: Any, finding: Finding) -> None:
    """Lead to a finding's cell."""
    sheet = book.sheets[finding.location.sheet]
    sheet.activate()
    if finding.location.cell:
        cells_at(sheet, finding.location.cell).select()


def _selected(book: Any, sheet: str) -> tuple[int, int]:
    """The selected cell (row, column) when it is on that sheet; (0, 0) elsewhere."""
    if book.sheets.active.name != sheet:
        return 0, 0
    selection = book.app.selection
    return (0, 0) if selection is None else (selection.row, selection.column)


def _lines(head: str, values: Sequence[job.Understood]) -> str:
    """One line a value under a heading; '' without any."""
    if not values:
        return ""
    lines = [head, *map(_line, values[:SHOWN])]
    return "\n".join([*lines, f"…… 另有 {len(values) - SHOWN} 处。"] if len(values) > SHOWN else lines)


def _line(value: job.Understood) -> str:
    shown = value.note if value.number is None else f"→ {value.number:.15g}"
    note = f"({value.note})" if value.number is not None and value.note else ""
    return f"{value.cell} {value.name}:“{value.typed}”{shown}{note}"
