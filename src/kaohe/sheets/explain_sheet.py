"""得分说明: the way to a total or a score, step by step, as every face shows it and as a sheet to print."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kaohe.assess.assessment import Assessment
from kaohe.assess.explain import Explanation, Step
from kaohe.assess.explain_total import TotalExplanation
from kaohe.model import Location, Period, Unit
from kaohe.sheets.lists import Columns, table_sheet
from kaohe.workbooks.plan import Cell, CellLike, SheetPlan

KEY = "得分说明"
TOTAL, SCORE = "总分", "得分"
_COLUMNS: Columns = (
    ("步骤", "text_center", 12),
    ("说明", "text_wrap", 76),
    ("数", "number", 14),
    ("出处", "text_wrap", 46),
)


@dataclass(frozen=True, slots=True)
class Section:
    """One total or one score: ``headline`` says what it came to, ``score`` in points, if any."""

    label: str
    headline: str
    score: float | None
    steps: tuple[Step, ...]


def sections(
    period: Period, total: TotalExplanation | None, indicators: Sequence[Explanation]
) -> tuple[Section, ...]:
    """The total first, then the indicators."""
    found = [Section(SCORE, headline(each), each.score, each.steps) for each in indicators]
    if total is not None:
        points = total.standing.total
        title = f"{total.unit.name} {period.title} 总分 {points:g} 分"
        found.insert(0, Section(TOTAL, title, points, total.steps))
    return tuple(found)


def headline(found: Explanation) -> str:
    """One line about an indicator: what it came to."""
    score = "没有得分" if found.score is None else f"{found.score:.{found.places}f} 分"
    return f"{found.indicator.code}《{found.indicator.name}》 {score} / {found.weight:g} 分  {found.state}"


def place_of(place: Location) -> str:
    """``滨湖区.xlsx《自测表》G12``; '' when a step stands nowhere."""
    sheet = f"《{place.sheet}》" if place.sheet else ""
    return f"{place.workbook}{sheet}{place.cell}" if place.cell else ""


def explain_sheet(assessment: Assessment, unit: Unit, found: Sequence[Section]) -> SheetPlan:
    """The sheet for one unit; it is written only when somebody asks for it, and shows the last one asked."""
    return table_sheet(
        assessment,
        KEY,
        _COLUMNS,
        [row for section in found for row in _rows(section)],
        note=f"{unit.code} {unit.name};按总表现有的内容重算;再次说明时重写",
    )


def _rows(section: Section) -> Iterator[Sequence[CellLike]]:
    bold = "total_text"
    yield [
        Cell(section.label, bold),
        Cell(section.headline, bold),
        Cell(section.score, "total"),
        Cell(None, bold),
    ]
    for step in section.steps:
        yield [step.label, step.text, step.number, place_of(step.place) or None]
