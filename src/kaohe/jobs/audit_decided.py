"""定稿登记 against the results: what was locked at a step of 审定 is what is computed and shown (Y8)."""

from __future__ import annotations

from collections.abc import Iterator

from kaohe.assess.assessment import Assessment
from kaohe.assess.deciding_lock import Lock, content_of
from kaohe.assess.standing import Standing
from kaohe.audit.model import DECISION, Difference, Opinion
from kaohe.audit.same import same_value, shown
from kaohe.jobs.decide_lock import way_of
from kaohe.jobs.master import Master
from kaohe.model import Decided, Period
from kaohe.sheets.registers import DECIDED, FIRST_ROW
from kaohe.tables import BY_KEY
from kaohe.workbooks.grid import column_letter

_STATES = BY_KEY["state"].title
_LETTERS = {field: column_letter(at) for at, (field, *_) in enumerate(DECIDED.columns, start=1)}
_TITLES = {field: title for field, title, _, _ in DECIDED.columns}
_SHOWN_HASH = 12


def lock(book: Master, period: Period) -> Lock:
    """What is locked of the period."""
    return way_of(book, period)[1]


def by_decided(book: Master, period: Period, found: Assessment) -> Opinion:
    """The two registers against each other, and every unit's locked result against ``found``."""
    locked = lock(book, period)
    of_units = list(_of_units(book, locked, found)) if locked.rows else []
    told = list(of_units if of_units and locked.changed else (*_of_registers(book, locked), *of_units))
    return Opinion(DECISION, len(locked.rows) + len(told) if locked.rows or told else 0, tuple(told))


def _of_registers(book: Master, locked: Lock) -> Iterator[Difference]:
    states = book.sheet_names.get(_STATES, _STATES)
    if locked.broken:
        decided = book.sheet_names.get(DECIDED.key, DECIDED.key)
        sheet = decided if locked.changed else states
        yield Difference(sheet, "", locked.broken, "对不上", "一致", DECISION)
    for row in locked.pending:
        what = f"登记了“{row.state}”({row.date}),结果没有锁定"
        yield Difference(states, row.location.cell, what, row.state, "《定稿登记》没有这一步", DECISION)


def _of_units(book: Master, locked: Lock, found: Assessment) -> Iterator[Difference]:
    sheet = book.sheet_names.get(DECIDED.key, DECIDED.key)
    places = {id(row): at for at, row in enumerate(book.decided, start=FIRST_ROW)}
    now = {row.unit.code: row for row in found.standings}
    contents = content_of(found)
    for code, was in locked.rows.items():
        at = places[id(was)]
        if code not in now:
            yield Difference(sheet, f"{_LETTERS['unit']}{at}", f"{was.name} 定稿", "有", "没有", DECISION)
            continue
        different = list(_of_unit(sheet, at, was, now[code]))
        yield from different
        if not different and was.content != contents[code]:
            what = f"{was.name} {_TITLES['content']}(单项得分、权重或加减分)"
            kept, fresh = f"{was.content[:_SHOWN_HASH]}…", f"{contents[code][:_SHOWN_HASH]}…"
            yield Difference(sheet, f"{_LETTERS['content']}{at}", what, kept, fresh, DECISION)
    for code in now.keys() - locked.rows.keys():
        yield Difference(sheet, "", f"{now[code].unit.name} 定稿", "没有", "有", DECISION)


def _of_unit(sheet: str, at: int, was: Decided, row: Standing) -> Iterator[Difference]:
    for field, kept, fresh in (
        ("total", was.total, row.total),
        ("rank", was.rank, row.rank),
        ("grade", was.grade, row.grade),
        ("name", was.name, row.unit.name),
    ):
        if not same_value(kept, fresh):
            what = f"{was.name} {_TITLES[field]}(定稿:{was.state})"
            yield Difference(sheet, f"{_LETTERS[field]}{at}", what, shown(kept), shown(fresh), DECISION)
