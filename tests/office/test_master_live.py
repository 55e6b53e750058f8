"""The office changes a value in the finished master in LibreOffice: score, total and rank follow at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from kaohe.assess.scoring import Scores, score
from kaohe.assess.standing import standings
from kaohe.sheets import detail_rows as detail
from kaohe.sheets import ranking
from kaohe.sheets.detail_rows import COLUMNS, at
from tests.office.conftest import Example
from tests.office.desk import Area, Desk, Workbook

pytestmark = pytest.mark.soffice

_AT = {key: index + 1 for index, (key, *_) in enumerate(COLUMNS)}


def rows_of(book: Workbook, indicator: str) -> dict[str, int]:
    """Unit code → row of 得分明细 of that indicator."""
    area = book.read(detail.KEY)
    numbers = range(detail.FIRST_ROW, len(area.rows) + 1)
    return {str(area.at(row, 1)): row for row in numbers if area.at(row, _AT["code"]) == indicator}


def answers(scores: Scores) -> dict[str, dict[str, float | str | None]]:
    """What was scored: indicator → unit → value."""
    entered = {code: row for code, row in scores.results.items() if not row.indicator.composite}
    units = [unit.code for unit in scores.units]
    return {code: dict(zip(units, row.answers, strict=True)) for code, row in entered.items()}


def standing(scores: Scores) -> dict[str, tuple[float, float, int | None, int, int]]:
    """Unit → total, points lost, rank, on schedule, behind."""
    return {
        row.unit.code: (row.total, row.lost, row.rank, row.on_schedule, row.behind)
        for row in standings(scores, ())
    }


def shown(book: Workbook) -> dict[str, tuple[object, ...]]:
    """The same as 排名 shows it now."""
    area: Area = book.read(ranking.KEY)
    titles = area.rows[ranking.HEADER_ROW - 1]
    columns = [titles.index(title) for title in ("总分", "扣分", "名次", "已达序时", "未达序时")]
    body = area.rows[ranking.FIRST_ROW - 1 :]
    return {str(row[1]): tuple(row[column] for column in columns) for row in body}


def scores_shown(book: Workbook, rows: Mapping[str, int]) -> dict[str, object]:
    """Unit → score of one indicator as 得分明细 shows it now."""
    return {unit: book.cell(detail.KEY, at("score", row)) for unit, row in rows.items()}


def points(scores: Scores, indicator: str) -> dict[str, float]:
    """Unit → score of one indicator."""
    row = scores.results[indicator]
    return {
        unit.code: int(value) / 10**scores.places
        for unit, value in zip(scores.units, row.points, strict=True)
    }


@pytest.mark.parametrize(("indicator", "value"), [("A01", 60.0), ("B02", 0.02), ("D011", 2.0)])
def test_a_value(desk: Desk, example: Example, indicator: str, value: float) -> None:
    """Typed over for two units, also for a component of a composite (D011, BH6)."""
    before = example.assessment.scores
    changed = answers(before)
    with desk.open(example.master) as book:
        rows = rows_of(book, indicator)
        assert shown(book) == standing(before)
        for unit in ("U02", "U08"):
            book.type(detail.KEY, {at("actual", rows[unit]): f"{value:g}"})
            changed[indicator][unit] = value
        after = score(before.scheme, before.period, changed)
        assert scores_shown(book, rows) == points(after, indicator)
        assert shown(book) == standing(after)
        assert standing(after) != standing(before)
        assert book.errors() == []


def test_a_value_cleared(desk: Desk, example: Example) -> None:
    before = example.assessment.scores
    changed = answers(before)
    del changed["A01"]["U01"]
    after = score(before.scheme, before.period, changed)
    with desk.open(example.master) as book:
        row = rows_of(book, "A01")["U01"]
        book.type(detail.KEY, {at("actual", row): ""})
        assert book.read(detail.KEY, f"{at('rate', row)}:{at('state', row)}").rows == [
            ["", "", "", "", "未填"]
        ]
        assert shown(book) == standing(after)


def test_a_weight(desk: Desk, example: Example) -> None:
    """Changed in all rows of the indicator: totals, shares and ranks as with that weight in the scheme."""
    before = example.assessment.scores
    weight = 40.0
    indicators = tuple(
        replace(row, weight=weight) if row.code == "A05" else row for row in before.scheme.indicators
    )
    after = score(replace(before.scheme, indicators=indicators), before.period, answers(before))
    with desk.open(example.master) as book:
        rows = rows_of(book, "A05")
        book.type(detail.KEY, {at("weight", row): f"{weight:g}" for row in rows.values()})
        assert scores_shown(book, rows) == points(after, "A05")
        assert shown(book) == standing(after)
        assert standing(after) != standing(before)
