"""The office's registers → Ledger. Cells that cannot be read are findings of loading the scheme."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

from kaohe import terms
from kaohe.assess.load_cells import choice, date, number
from kaohe.assess.load_rows import build
from kaohe.model import (
    Adjustment,
    Appeal,
    Bonus,
    Evidence,
    Feedback,
    Ledger,
    PastResult,
    StateRow,
    Succession,
    Supervision,
    SurveyRow,
    Verdict,
    Veto,
)
from kaohe.periods import PeriodError, parse_period
from kaohe.tables import Row, Table

Thing = TypeVar("Thing")
_LEVELS = ("level1", "level2", "level3", "level4")


def load_ledger(tables: Mapping[str, Table]) -> Ledger:
    """All registers that are there; a row whose first column is blank is passed over, but for the year's."""
    return Ledger(
        verdicts=build(tables, "verdict", _verdict),
        adjustments=build(tables, "adjustment", _adjustment),
        bonuses=build(tables, "bonus", _bonus),
        vetoes=build(tables, "veto", _veto),
        appeals=build(tables, "appeal", _appeal),
        surveys=build(tables, "survey", _survey),
        supervisions=build(tables, "supervision", _supervision),
        history=build(tables, "history", _past),
        successions=build(tables, "succession", _succession),
        feedback=_every(tables, "feedback", _feedback),
        evidence=_every(tables, "evidence", _evidence),
        states=_every(tables, "state", _state),
    )


def _every(tables: Mapping[str, Table], key: str, make: Callable[[Table, Row], Thing]) -> tuple[Thing, ...]:
    """What ``make`` makes of every row with anything in it: the register's own check says what it lacks."""
    table = tables.get(key)
    return tuple(make(table, row) for row in table.rows) if table else ()


def _day(row: Row, key: str) -> str:
    """A date as 2017-01-05; as typed when it is none."""
    found = date(row, key)
    return found.isoformat() if found else row.text(key)


def _period(row: Row) -> str:
    """The code of the period, however it was spelled (2017-Q4 is 2017); as typed when it is none (S09)."""
    text = row.text("period")
    try:
        return parse_period(text).code
    except PeriodError:
        return text


def _verdict(table: Table, row: Row) -> Verdict:
    return Verdict(
        period=_period(row),
        unit=row.text("unit"),
        indicator=row.text("indicator"),
        value=row.text("value"),
        level=row.text("level"),
        department=row.text("department"),
        person=row.text("person"),
        date=_day(row, "date"),
        basis=row.text("basis"),
        answer=row.text("answer"),
        location=table.locate(row, "value"),
    )


def _adjustment(table: Table, row: Row) -> Adjustment:
    return Adjustment(
        period=_period(row),
        unit=row.text("unit"),
        indicator=row.text("indicator"),
        item=row.text("item"),
        value=row.text("value"),
        basis=row.text("basis"),
        person=row.text("person"),
        date=_day(row, "date"),
        note=row.text("note"),
        location=table.locate(row, "value"),
    )


def _bonus(table: Table, row: Row) -> Bonus:
    return Bonus(
        period=_period(row),
        unit=row.text("unit"),
        item=row.text("item"),
        points=number(row, "points"),
        reason=row.text("reason"),
        basis=row.text("basis"),
        person=row.text("person"),
        date=_day(row, "date"),
        location=table.locate(row, "points"),
    )


def _veto(table: Table, row: Row) -> Veto:
    return Veto(
        period=_period(row),
        unit=row.text("unit"),
        event=row.text("event"),
        date=_day(row, "date"),
        basis=row.text("basis"),
        person=row.text("person"),
        note=row.text("note"),
        location=table.locate(row, "event"),
    )


def _appeal(table: Table, row: Row) -> Appeal:
    return Appeal(
        period=_period(row),
        unit=row.text("unit"),
        indicator=row.text("indicator"),
        claim=row.text("claim"),
        filed=_day(row, "filed"),
        state=choice("appeal", row, "state", terms.APPEAL_OPEN),
        item=row.text("item"),
        value=row.text("value"),
        answered=_day(row, "answered"),
        basis=row.text("basis"),
        person=row.text("person"),
        kind=choice("appeal", row, "kind", terms.APPEAL_OWN),
        by=row.text("by"),
        location=table.locate(row, "value"),
    )


def _survey(table: Table, row: Row) -> SurveyRow:
    return SurveyRow(
        period=_period(row),
        round=row.text("round"),
        unit=row.text("unit"),
        indicator=row.text("indicator"),
        voters=row.text("voters"),
        issued=number(row, "issued"),
        returned=number(row, "returned"),
        levels=tuple(number(row, key) for key in _LEVELS),
        invalid=number(row, "invalid"),
        mean=number(row, "mean"),
        marks=row.text("marks"),
        note=row.text("note"),
        location=table.locate(row, "voters"),
    )


def _supervision(table: Table, row: Row) -> Supervision:
    return Supervision(
        number=row.text("number"),
        unit=row.text("unit"),
        problem=row.text("problem"),
        owner=row.text("owner"),
        raised=_day(row, "raised"),
        deadline=_day(row, "deadline"),
        state=choice("supervision", row, "state", terms.SUPERVISION_OPEN),
        closed=_day(row, "closed"),
        basis=row.text("basis"),
        location=table.locate(row, "number"),
    )


def _past(table: Table, row: Row) -> PastResult:
    return PastResult(
        year=int(number(row, "year") or 0),
        unit=row.text("unit"),
        name=row.text("name"),
        unit_class=row.text("unit_class"),
        group=row.text("group"),
        indicator=row.text("indicator"),
        value=number(row, "value", percent_points=True),
        score=number(row, "score"),
        rank=number(row, "rank"),
        of=number(row, "of"),
        mean=number(row, "mean", percent_points=True),
        target=number(row, "target", percent_points=True),
        met=row.text("met"),
        location=table.locate(row, "year"),
    )


def _succession(table: Table, row: Row) -> Succession:
    return Succession(
        date=_day(row, "date"),
        old=row.text("old"),
        old_name=row.text("old_name"),
        new=row.text("new"),
        how=row.text("how"),
        note=row.text("note"),
        location=table.locate(row, "old"),
    )


def _feedback(table: Table, row: Row) -> Feedback:
    return Feedback(
        draft=row.text("draft"),
        date=_day(row, "date"),
        source=row.text("source"),
        contact=row.text("contact"),
        clause=row.text("clause"),
        opinion=row.text("opinion"),
        answer=row.text("answer"),
        reason=row.text("reason"),
        closed=_day(row, "closed"),
        location=table.locate(row, "answer"),
    )


def _evidence(table: Table, row: Row) -> Evidence:
    return Evidence(
        period=_period(row),
        unit=row.text("unit"),
        indicator=row.text("indicator"),
        number=row.text("number"),
        file=row.text("file"),
        note=row.text("note"),
        location=table.locate(row, "file"),
    )


def _state(table: Table, row: Row) -> StateRow:
    return StateRow(
        period=_period(row),
        state=row.text("state"),
        date=_day(row, "date"),
        basis=row.text("basis"),
        person=row.text("person"),
        number=row.text("number"),
        until=_day(row, "until"),
        note=row.text("note"),
        location=table.locate(row, "state"),
    )
