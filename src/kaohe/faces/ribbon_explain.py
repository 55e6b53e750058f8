"""The button 得分说明: how the score on the selected row came about, in a box, and on a sheet to print."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from kaohe.assess.assessment import Assessment
from kaohe.faces.functions_cells import plain as cell_of
from kaohe.faces.functions_cells import text_of
from kaohe.faces.ribbon_dialog import Dialog, joined
from kaohe.faces.ribbon_office import Interrupted, open_store
from kaohe.jobs.common import JobError
from kaohe.jobs.explain import Explained, assessed, explained
from kaohe.jobs.words import the_one
from kaohe.model import Unit
from kaohe.sheets.explain_sheet import KEY, Section, explain_sheet, place_of, sections
from kaohe.tables import plain
from kaohe.terms import EVERYONE
from kaohe.workbooks.open_book_write import write_plan
from kaohe.workbooks.package import NothingWritten
from kaohe.workbooks.plan import BookPlan

HEAD_LIMIT = 10
"""Rows from the top among which a table's headings are looked for."""
ROOM = 560
"""Signs of steps in the box: with headline and question it stays below what Excel shows."""
LINE = 110
"""Signs of one step in the box; the sheet has it whole."""
_PERSON, _UNIT_CODE, _CODE, _UNIT = "人员代码", "单位代码", "代码", "单位"
_INDICATOR, _PERIOD = "指标代码", "期次"
_TITLES = (_PERSON, _UNIT_CODE, _CODE, _UNIT, _INDICATOR, _PERIOD)
_WHERE = (
    "请在《排名》选中一个单位的行(说明总分和名次),或在《得分明细》选中一行(说明该项得分),再点“得分说明”。"
)
_QUESTION = f"把全部步骤写到工作表《{KEY}》(供核对、打印、答复申诉)吗?"


@dataclass(frozen=True, slots=True)
class Selected:
    """What a row tells: codes or names, '' for what it does not; ``column``: title of the selected column."""

    sheet: str
    unit: str
    indicator: str
    period: str
    column: str


def explain_score(book: Any, dialog: Dialog) -> str:
    """Show how the selected row's score came about; with a yes, all steps on a sheet of their own."""
    store = open_store(book, dialog, writes=False)
    row = selected(book)
    dialog.status("说明得分……")
    assessment = assessed(store, row.period or None)
    unit = _unit(assessment, row)
    found = explained(assessment, unit.code, row.indicator)
    told_of = sections(found.period, found.total, found.indicators)
    if dialog.ask(joined([_head(found, unit, told_of[0]), short(told_of[0]), _QUESTION])) != "yes":
        return ""
    notes = _write(book, BookPlan((explain_sheet(assessment, unit, told_of),), active=KEY))
    return joined(
        [f"已写到工作表《{KEY}》,可以打印。下一次说明会重写这张表;要留存请先复制。", "\n".join(notes)]
    )


def _write(book: Any, plan: BookPlan) -> tuple[str, ...]:
    """The sheet into the open book; no backup, because nothing else is touched."""
    try:
        return write_plan(book, plan)
    except NothingWritten:
        raise
    except Exception as error:
        raise Interrupted(f"写《{KEY}》中途出错({error})。其他工作表没有改动;可以删掉这张表再试。") from error


def selected(book: Any) -> Selected:
    """What stands on the selected row of the sheet in front. JobError where nothing can be explained."""
    sheet, cell = book.sheets.active, book.app.selection
    if cell is None:
        raise JobError(f"没有选中单元格(选中的是图形或图表)。{_WHERE}")
    heads, titles = _headings(sheet)
    if not {_PERSON, _UNIT_CODE, _UNIT, _INDICATOR} & set(titles):
        raise JobError(f"《{sheet.name}》没有单位或指标的列,看不出要说明哪一个得分。{_WHERE}")
    values = _line(sheet, cell.row, len(titles)) if cell.row > heads else []
    if not any(values):
        raise JobError(f"《{sheet.name}》第 {cell.row} 行没有单位或指标。{_WHERE}")
    found = {title: value for title, value in zip(titles, values, strict=True) if title in _TITLES}
    column = titles[cell.column - 1] if cell.column <= len(titles) else ""
    period = found.get(_PERIOD, "")
    return Selected(sheet.name, _unit_of(found), found.get(_INDICATOR, ""), period, column)


def _headings(sheet: Any) -> tuple[int, list[str]]:
    """(row of the headings, titles from column A on): the row with most of the titles, the fuller of two."""
    used = sheet.used_range
    width = used.column + used.shape[1] - 1
    block = sheet.range((1, 1), (HEAD_LIMIT, max(width, 2))).options(ndim=2, err_to_str=True).value
    lines = [[plain(value) for value in line] for line in block]
    best = max(
        range(len(lines)), key=lambda at: (len(set(_TITLES) & set(lines[at])), sum(map(bool, lines[at])))
    )
    return best + 1, lines[best]


def _line(sheet: Any, row: int, width: int) -> list[str]:
    """A row's cells as texts."""
    [line] = sheet.range((row, 1), (row, width)).options(ndim=2, err_to_str=True).value
    return [text_of(cell_of(value)) for value in line]


def _unit_of(found: dict[str, str]) -> str:
    """The unit of a row; a person before the unit he belongs to, a code before a name."""
    code = found.get(_CODE, "") if _UNIT in found else ""
    return found.get(_PERSON) or found.get(_UNIT_CODE) or code or found.get(_UNIT, "")


def _unit(assessment: Assessment, row: Selected) -> Unit:
    """The unit a row is about, or the one whose column is selected in a table of indicators by units."""
    units = assessment.scores.units
    if row.unit and row.unit != EVERYONE:
        return the_one(units, row.unit, "《单位》《人员》")
    for unit in units:
        if row.column and row.column in (plain(unit.name), plain(unit.code)):
            return unit
    raise JobError(f"《{row.sheet}》选中的这一行没有指明单位。请选中该单位那一列的单元格,或:{_WHERE}")


def _head(found: Explained, unit: Unit, first: Section) -> str:
    """Whose score, of which period, and what it came to."""
    return first.headline if found.total else f"{unit.name} {found.period.title}\n{first.headline}"


def short(section: Section) -> str:
    """As many steps as a message box takes, one a line."""
    lines = [_step(step.label, step.text, place_of(step.place)) for step in section.steps]
    shown: list[str] = []
    for line in lines:
        if sum(map(len, shown)) + len(line) > ROOM:
            break
        shown.append(line)
    return "\n".join([*shown, *_rest(lines, shown)])


def _rest(lines: Sequence[str], shown: Sequence[str]) -> list[str]:
    return [f"…… 另有 {len(lines) - len(shown)} 步。"] if len(lines) > len(shown) else []


def _step(label: str, text: str, place: str) -> str:
    """One step; what is too long for the box ends in …, its place stays."""
    text = text if len(text) <= LINE else f"{text[: LINE - 1]}…"
    return f"{label}:{text}{f' [{place}]' if place else ''}"
