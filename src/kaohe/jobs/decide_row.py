"""A new row of 审定: what was asked for, checked, and the cells it goes into."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

from kaohe import terms
from kaohe.assess.deciding import course
from kaohe.assess.load_cells import read_date
from kaohe.jobs.common import JobError
from kaohe.jobs.master import Master
from kaohe.jobs.store import Cells
from kaohe.model import Location, Period, StateRow
from kaohe.tables import BY_KEY, Table
from kaohe.workbooks.package.refs import column_number

_KEY = "state"
_TITLE = BY_KEY[_KEY].title


class Asked(NamedTuple):
    """What the office wants to register: a step, and where it stands written."""

    state: str
    basis: str = ""
    date: str = ""
    """'' is the day of the run."""
    person: str = ""
    number: str = ""
    until: str = ""
    note: str = ""


def new_row(book: Master, period: Period, asked: Asked, today: dt.date) -> StateRow:
    """The row as it will stand in 审定. Raises JobError when it could not be followed."""
    date = _day("日期", asked.date) or today.isoformat()
    if date > today.isoformat():
        raise JobError(f"日期 {date} 在今天({today.isoformat()})之后。还没有作出的决定不能登记。")
    row = StateRow(
        period=period.code,
        state=asked.state.strip(),
        date=date,
        basis=asked.basis.strip(),
        person=asked.person.strip(),
        number=asked.number.strip(),
        until=_day("公示截止", asked.until),
        note=asked.note.strip(),
        location=Location(book.path.name, book.sheet_names.get(_TITLE, _TITLE)),
    )
    if row.until and row.state != terms.STATE_PUBLICITY:
        raise JobError(f"只有“{terms.STATE_PUBLICITY}”有截止日期,“{row.state}”没有。")
    way = course([*book.ledger.states, row], period, book.scheme.at(period.end))
    refused = {id(given): reason for given, reason in way.refused}
    if id(row) in refused:
        raise JobError(
            f"{period.title}现在是“{way.state.shown}”,不能登记“{row.state}”:{refused[id(row)]}。"
            f"审定程序:{'、'.join(way.steps)}。"
        )
    return row


def _day(title: str, typed: str) -> str:
    """The date as 2017-01-05; '' stays ''. Raises JobError for what is no date."""
    if not typed.strip():
        return ""
    day = read_date(typed.strip())
    if day is None:
        raise JobError(f"{title}“{typed}”看不懂。请写成 2017-01-20 的形式。")
    return day.isoformat()


def cells_of(book: Master, row: StateRow) -> Cells:
    """The row's cells below the last row of 审定. Raises JobError when the sheet or a column is not there."""
    table = book.tables.get(_KEY)
    if table is None or not table.letters:
        raise JobError(f"总表没有《{_TITLE}》。请先运行 kaohe upgrade {book.path.name} 补上,再试。")
    given = {column.key: getattr(row, column.key) for column in BY_KEY[_KEY].columns}
    missing = [
        column.title
        for column in BY_KEY[_KEY].columns
        if given[column.key] and column.key not in table.letters
    ]
    if missing:
        raise JobError(
            f"《{table.sheet}》没有“{'、'.join(missing)}”列。"
            f"请恢复表头,或运行 kaohe upgrade {book.path.name}。"
        )
    last = _last_row(table)
    cells = {}
    for key, value in given.items():
        if value:
            column = column_number(table.letters[key])
            cells[last + 1, column] = (value, (last, column))
    return [(table.sheet, cells)]


def _last_row(table: Table) -> int:
    return max((row.number for row in table.rows), default=table.head)
