"""目标对接: targets of province and city, which is adopted and why, what it weighs (XT1–XT3, XT6)."""

from __future__ import annotations

from kaohe import terms
from kaohe.assess.alignment import AlignmentRow, alignment, alignment_counts
from kaohe.assess.assessment import Assessment
from kaohe.model import Target
from kaohe.sheets.lists import FIRST_ROW, Columns, table_sheet
from kaohe.sheets.row_height import fitting_width
from kaohe.workbooks.plan import Cell, CellLike, SheetPlan

KEY = "目标对接"
_OWN_TARGET = "本级目标"
_COLUMNS: Columns = (
    ("部分", "text_center", 12),
    ("指标代码", "code", 9),
    ("指标", "text_wrap", 32),
    ("计量单位", "text_center", 9),
    ("指标性质", "text_center", 9),
    ("责任单位", "text_center", 12),
    ("省级目标", "number", 11),
    (_OWN_TARGET, "number", 11),
    ("采用目标", "number", 11),
    ("依据", "text_center", 14),
    ("权重(原)", "number", 9),
    ("倍数", "number", 7),
    ("权重(现)", "number", 9),
    ("档次", "text_center", 9),
    ("目标出处", "text_wrap", 34),
)
_ABOVE, _HERE = "G", "H"


def alignment_sheet(assessment: Assessment) -> SheetPlan | None:
    """One row per indicator with a provincial target and unit; None when the scheme has no such target."""
    scores = assessment.scores
    rows = alignment(scores.scheme, scores.lookup, assessment.ledger.verdicts, scores.period.code)
    if not rows:
        return None
    names = [row.unit.name for row in rows if row.unit]
    shown = {_OWN_TARGET: f"{_own_level(rows)}级目标"}
    columns = tuple(
        (shown.get(title, title), role, fitting_width(names, width, 30) if title == "责任单位" else width)
        for title, role, width in _COLUMNS
    )
    return table_sheet(
        assessment,
        KEY,
        columns,
        [_row(row, FIRST_ROW + offset) for offset, row in enumerate(rows)],
        note=_counts(rows),
        freeze="D",
    )


def _own_level(rows: tuple[AlignmentRow, ...]) -> str:
    """The level of the targets that are not the province's, 本 when there are several or none is named."""
    levels = {row.own.level for row in rows if row.own}
    return next(iter(levels)) if len(levels) == 1 and all(levels) else "本"


def _counts(rows: tuple[AlignmentRow, ...]) -> str:
    """省级目标 125 项,适用 79 项:与市级目标重合 47 项,新增 32 项(…): computed from the rows (XT1)."""
    counts = alignment_counts(rows)
    new = {aspect: number for aspect, number in counts.new.items() if number}
    by_aspect = "、".join(f"{aspect} {number}" for aspect, number in new.items())
    listed = f"({by_aspect})" if by_aspect else ""
    own = _own_level(rows)
    return (
        f"省级目标 {counts.listed} 项,适用 {counts.applied} 项:"
        f"与{own}级目标重合 {counts.shared} 项,新增 {sum(new.values())} 项{listed};从严采用"
    )


def _row(row: AlignmentRow, number: int) -> list[CellLike]:
    indicator = row.indicator
    value = row.adopted.value if row.adopted else None
    formula = _adopted_formula(indicator.direction, number) if row.unit else None
    return [
        row.aspect or None,
        indicator.code,
        indicator.name,
        indicator.unit_of_measure or None,
        indicator.direction,
        row.unit.name if row.unit else None,
        _value(row.province),
        _value(row.own),
        Cell("" if formula and value is None else value, formula=formula),
        row.why or None,
        row.base_weight,
        row.factor,
        Cell(row.weight, formula=f"ROUND(K{number}*L{number},10)"),
        row.verdict or None,
        ";".join(target.basis for target in (row.province, row.own) if target and target.basis) or None,
    ]


def _value(target: Target | None) -> float | None:
    return target.value if target else None


def _adopted_formula(direction: str, number: int) -> str:
    """The stricter of the two cells; 适度, where neither is stricter: the province's."""
    above, here = f"{_ABOVE}{number}", f"{_HERE}{number}"
    if direction == terms.TARGET_RANGE:
        chosen = f"IF(ISNUMBER({above}),{above},{here})"
    else:
        chosen = f"{'MAX' if direction == terms.HIGHER_BETTER else 'MIN'}({above}:{here})"
    return f'IF(COUNT({above}:{here})=0,"",{chosen})'
