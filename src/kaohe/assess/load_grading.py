"""Rows of grades, vetoes, outcomes, voter groups and cross-checks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypedDict

from kaohe import terms
from kaohe.assess.load_cells import choice, listed, number
from kaohe.assess.load_rows import build
from kaohe.model import CrossCheck, Grade, OutcomeRule, VetoEvent, VoterGroup
from kaohe.tables import Row, Table


class GradingRows(TypedDict):
    """The fields of a Scheme these tables fill."""

    grades: tuple[Grade, ...]
    veto_events: tuple[VetoEvent, ...]
    outcome_rules: tuple[OutcomeRule, ...]
    voters: tuple[VoterGroup, ...]
    crosschecks: tuple[CrossCheck, ...]


def grading_rows(tables: Mapping[str, Table]) -> GradingRows:
    """What follows the scores, as typed; cells that cannot be read keep their default."""
    return GradingRows(
        grades=build(tables, "grade", _grade),
        veto_events=build(tables, "veto_event", _veto_event),
        outcome_rules=build(tables, "outcome_rule", _outcome_rule),
        voters=build(tables, "voter", _voter),
        crosschecks=build(tables, "crosscheck", _crosscheck),
    )


def _grade(table: Table, row: Row) -> Grade:
    return Grade(
        name=row.text("name"),
        scope=row.text("scope") or terms.EVERYONE,
        least=number(row, "least"),
        share=number(row, "share"),
        count=number(row, "count"),
        note=row.text("note"),
        location=table.locate(row, "name"),
    )


def _veto_event(table: Table, row: Row) -> VetoEvent:
    return VetoEvent(
        code=row.text("code"),
        name=row.text("name"),
        consequence=choice("veto_event", row, "consequence", terms.VETO_BARS),
        depth=number(row, "depth"),
        clause=row.text("clause"),
        note=row.text("note"),
        location=table.locate(row, "code"),
    )


def _outcome_rule(table: Table, row: Row) -> OutcomeRule:
    return OutcomeRule(
        code=row.text("code"),
        outcome=row.text("outcome"),
        nature=row.text("nature"),
        scope=listed(row.text("scope")),
        together=row.text("together") == terms.YES,
        condition=row.text("condition"),
        indicators=listed(row.text("indicators")),
        count=_whole(row, "count"),
        years=_whole(row, "years"),
        grade=row.text("grade"),
        barred=row.text("barred") == terms.YES,
        clause=row.text("clause"),
        note=row.text("note"),
        location=table.locate(row, "code"),
    )


def _whole(row: Row, key: str) -> int:
    return int(number(row, key) or 1)


def _voter(table: Table, row: Row) -> VoterGroup:
    return VoterGroup(
        indicator=row.text("indicator"),
        kind=choice("voter", row, "kind", terms.VOTERS),
        name=row.text("name"),
        share=number(row, "share") or 0.0,
        trimmed=row.text("trimmed") == terms.YES,
        note=row.text("note"),
        location=table.locate(row, "name"),
    )


def _crosscheck(table: Table, row: Row) -> CrossCheck:
    return CrossCheck(
        code=row.text("code"),
        left=row.text("left"),
        relation=choice("crosscheck", row, "relation", "="),
        right=row.text("right"),
        tolerance=number(row, "tolerance") or 0.0,
        scope=listed(row.text("scope")),
        clause=row.text("clause"),
        note=row.text("note"),
        location=table.locate(row, "left"),
    )
