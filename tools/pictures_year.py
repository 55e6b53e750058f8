"""The books of an example's year for the manual's pictures: each step of 审定, and the documents."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Mapping
from pathlib import Path

from kaohe.jobs.consolidate import consolidate
from kaohe.jobs.decide import decide
from kaohe.jobs.decide_row import Asked
from kaohe.jobs.demo import INBOX
from kaohe.jobs.master import open_master
from kaohe.jobs.publish import publish
from kaohe.tables import BY_KEY
from kaohe.terms import PENDING_GRADE
from kaohe.workbooks.package import fill
from kaohe.workbooks.package.refs import column_number

DECIDED, NOTICE, SHOWN, FEEDBACK, OVERVIEW = "审定", "通报", "公示", "反馈单", "总览"
"""The master after its last step, and four documents."""
BOOKS = frozenset((DECIDED, NOTICE, SHOWN, FEEDBACK, OVERVIEW))
_OFFICE = "领导小组(演示)"
_SETTLED = dt.datetime(2017, 1, 19, 9)
_REVIEW = (
    Asked("领导小组审核", "领导小组第3次会议纪要(演示)", "2017-01-20", _OFFICE),
    Asked("常委会审定", "常委会〔2017〕5号纪要(演示)", "2017-01-24", "常委会(演示)"),
    Asked("公示", "公示通知(演示)", "2017-01-25", "考核办(演示)", until="2017-02-03"),
)
_LAST = Asked("公布", "通报(演示)", "2017-02-06", "考核办(演示)", number="〔2017〕第8期(演示)")


def year_books(folder: Path, work: Path) -> dict[str, Path]:
    """The books by key, from an example's folder that was consolidated; they are made in ``work``."""
    year = Path(shutil.copytree(folder, work / "全年"))
    master = year / "总表.xlsx"
    settle_grades(master, year / INBOX)
    for asked in _REVIEW:
        _decide(master, asked)
    shown = _publish(master, SHOWN)
    _decide(master, _LAST)
    return {
        DECIDED: master,
        SHOWN: shown / "公示.docx",
        NOTICE: _publish(master, NOTICE) / "通报.docx",
        OVERVIEW: _publish(master, OVERVIEW) / "总览.xlsx",
        FEEDBACK: sorted((_publish(master, FEEDBACK) / FEEDBACK).glob("*.*"))[0],
    }


def settle_grades(master: Path, inbox: Path) -> None:
    """Grades left to the office, each decided in 人工调整."""
    found = consolidate(master, inbox, clock=lambda: _SETTLED).assessment
    left = [row.unit.code for row in found.standings if row.grade == PENDING_GRADE]
    for code in left:
        _type(
            master,
            "adjustment",
            {
                "period": found.scores.period.code,
                "unit": code,
                "item": "等次",
                "value": "良好",
                "basis": "会议纪要(演示)",
                "person": _OFFICE,
                "date": "2017-01-19",
            },
        )
    consolidate(master, inbox, clock=lambda: _SETTLED + dt.timedelta(hours=1))


def _type(master: Path, key: str, values: Mapping[str, str]) -> None:
    """A row below the last one of a yellow sheet."""
    table = open_master(master).tables[key]
    row = max((row.number for row in table.rows), default=table.head) + 1
    letters = table.letters or {}
    assert values.keys() <= {column.key for column in BY_KEY[key].columns}
    cells = {(row, column_number(letters[name])): value for name, value in values.items()}
    master.write_bytes(fill(master.read_bytes(), table.sheet, cells))


def _decide(master: Path, asked: Asked) -> None:
    decide(master, asked, clock=lambda: dt.datetime.fromisoformat(asked.date) + dt.timedelta(hours=18))


def _publish(master: Path, kind: str) -> Path:
    clock = dt.datetime(2017, 2, 6, 19)
    return publish(master, master.parent / "文书" / kind, kinds=[kind], pdf=False, clock=lambda: clock).folder
