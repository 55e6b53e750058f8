"""得分明细: one row per unit and indicator, every score a live formula over its own row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kaohe import terms
from kaohe.assess.assessment import Assessment
from kaohe.assess.inputs import GROUP_NAMES, parameter_default, parameter_names
from kaohe.assess.scoring import IndicatorResult, Scores
from kaohe.model import Indicator, Record, Unit
from kaohe.sheets.detail_values import Shown, lookup_key
from kaohe.sheets.formulas import (
    RowCells,
    composite_formula,
    due_formula,
    number_literal,
    rate_formula,
    score_formula,
    state_formula,
    uses_group,
)
from kaohe.sheets.heading import head_heights, heading
from kaohe.sheets.names import SheetNames
from kaohe.sheets.row_height import fitting_width
from kaohe.workbooks.grid import column_letter
from kaohe.workbooks.plan import Cell, CellLike, Highlight, Layout, SheetPlan

KEY = "得分明细"
HEADER_ROW = 4
FIRST_ROW = HEADER_ROW + 1
LINKS_UP_TO = 65_000
"""Up to this row 来源 leads to its row of 填报数据; a longer sheet names file and cell only, because a sheet
holds 65,530 links at most."""

COLUMNS: tuple[tuple[str, str, str, float], ...] = (
    ("unit", "单位代码", "code", 9),
    ("unit_name", "单位", "text_center", 12),
    ("group", "考核组", "text_center", 9),
    ("part", "部分", "text_center", 11),
    ("code", "指标代码", "code", 9),
    ("name", "指标", "text", 36),
    ("unit_of_measure", "计量单位", "text_center", 10),
    ("method", "计分方法", "text_center", 16),
    ("counted", "计入", "text_center", 6),
    ("weight", "权重", "number", 8),
    ("target", "年度目标", "number", 11),
    ("prior", "上年值", "number", 11),
    ("share", "序时", "percent", 9),
    ("due", "序时目标", "number", 11),
    ("actual", "完成值", "number", 11),
    ("rate", "完成率", "percent", 10),
    ("score", "得分", "score", 9),
    ("lost", "扣分", "score", 9),
    ("state", "状态", "text_center", 11),
    ("status", "数据状态", "text_center", 9),
    ("mark", "标记", "text_center", 11),
    ("source", "来源", "link", 42),
    ("unit_key", "单位键", "text_grey", 0),
    ("part_key", "部分键", "text_grey", 0),
    ("indicator_key", "指标键", "text_grey", 0),
    ("order", "次序", "text_grey", 0),
)
"""(key, heading, role, width) from column A on; the last ones are hidden and serve other sheets' formulas."""
_ANY_ROW = "1000001"
"""Stands for the row in formulas made once for all units: a row number, so that it reads as a cell."""
_WIDTH_OF = {key: width for key, *_, width in COLUMNS}
_LETTERS = {key: column_letter(index + 1) for index, (key, *_) in enumerate(COLUMNS)}


def at(key: str, row: int) -> str:
    """Address of a column's cell in a row of 得分明细."""
    return f"{_LETTERS[key]}{row}"


@dataclass(frozen=True)
class DetailRows:
    """Where every (unit, indicator) stands; other sheets refer to these rows."""

    units: tuple[Unit, ...]
    order: tuple[Indicator, ...]
    sheet: str

    @classmethod
    def of(cls, assessment: Assessment, names: SheetNames) -> DetailRows:
        """Units in the order of their standing, indicators with components beneath their composite."""
        scheme = assessment.scores.scheme
        rows: list[Indicator] = []
        for row in scheme.indicators:
            if not scheme.is_component(row) and row.code in assessment.scores.results:
                rows += [row, *scheme.below(row)]
        return cls(tuple(standing.unit for standing in assessment.standings), tuple(rows), names[KEY])

    @property
    def last_row(self) -> int:
        """The last row of the table."""
        return HEADER_ROW + len(self.units) * len(self.order)

    def row(self, unit_index: int, indicator_index: int) -> int:
        """Sheet row of the n-th unit's m-th indicator."""
        return FIRST_ROW + unit_index * len(self.order) + indicator_index

    def column(self, key: str) -> str:
        """A whole column of the table as an absolute reference to this sheet."""
        letter = _LETTERS[key]
        return f"{self.sheet}!${letter}${FIRST_ROW}:${letter}${max(self.last_row, FIRST_ROW)}"

    @property
    def moved(self) -> str:
        """True when the rows no longer stand in the order they were written in, as a formula; '' if none.

        Composites add up the rows beneath them, so a sorted sheet would come to other totals.
        """
        if not self.units or not self.order:
            return ""
        order = self.column("order")
        return f"SUMPRODUCT(--({order}<>ROW({order})-{HEADER_ROW}))>0"

    def block(self, key: str, unit_index: int) -> str:
        """The rows of one unit as an absolute reference."""
        letter = _LETTERS[key]
        first, last = self.row(unit_index, 0), self.row(unit_index, len(self.order) - 1)
        return f"{self.sheet}!${letter}${first}:${letter}${last}"


def detail_sheet(
    assessment: Assessment,
    names: SheetNames,
    record_links: Mapping[tuple[str, str], str],
    group_cells: Mapping[tuple[str, str, str], str],
) -> SheetPlan:
    """``record_links``: (unit, indicator) → its row of 填报数据; ``group_cells``: see 组参数."""
    where = DetailRows.of(assessment, names)
    scores = assessment.scores
    index = {unit.code: number for number, unit in enumerate(scores.units)}
    emit = _Emitter(scores, where, group_cells)
    linked = where.last_row <= LINKS_UP_TO
    note = "只可筛选,请勿排序;每次汇总重写"
    rows: list[Sequence[CellLike]] = list(heading(scores, KEY, len(COLUMNS), note, where.moved))
    rows.append([Cell(title, "header") for _, title, _, _ in COLUMNS])
    for unit_index, unit in enumerate(where.units):
        live = assessment.intake.live.get(unit.code, {})
        for indicator_index, indicator in enumerate(where.order):
            record = live.get(indicator.code)
            source = _source(record, record_links.get((unit.code, indicator.code)), linked)
            row = where.row(unit_index, indicator_index)
            cells = emit.row(indicator.code, index[unit.code], row, record, source)
            cells.append(row - HEADER_ROW)
            rows.append(cells)
    if len(rows) < FIRST_ROW:
        rows.append([None, "还没有单位或指标", *[None] * (len(COLUMNS) - 2)])
    last = len(rows)
    widths = _widths(where.units)
    return SheetPlan(
        key=KEY,
        title=KEY,
        rows=rows,
        roles=tuple(role for _, _, role, _ in COLUMNS),
        widths=widths,
        heights=head_heights([(title, width) for (_, title, *_), width in zip(COLUMNS, widths, strict=True)]),
        header_row=HEADER_ROW,
        last_row=last,
        autofilter=True,
        layout=Layout(
            tab_color="5B9BD5",
            freeze=f"G{FIRST_ROW}",
            repeat_rows=f"{HEADER_ROW}:{HEADER_ROW}",
            merges=tuple(f"A{row}:{_LETTERS['source']}{row}" for row in (1, 2, 3)),
            highlights=state_highlights(f"{_LETTERS['state']}{FIRST_ROW}", f"{_LETTERS['state']}{last}"),
            footer="得分明细",
        ),
    )


def _widths(units: Sequence[Unit]) -> tuple[float, ...]:
    """The columns' widths; that of 单位 takes the longest name."""
    names = fitting_width((unit.name for unit in units), _WIDTH_OF["unit_name"], 30)
    return tuple(names if key == "unit_name" else width for key, *_, width in COLUMNS)


def state_highlights(first: str, last: str) -> tuple[Highlight, ...]:
    """Green, red, amber and grey on a column of states."""

    def words(style: str, *texts: str) -> Highlight:
        tests = ",".join(f'${first}="{text}"' for text in texts)
        return Highlight(f"{first}:{last}", "formula", f"OR({tests})", style)

    return (
        words("good", terms.ON_SCHEDULE, terms.COMPONENT_MET),
        words("bad", terms.BEHIND, terms.COMPONENT_BEHIND, terms.NOT_SCORABLE),
        words("warn", terms.NOT_READ, terms.BLANK, terms.WAITING),
        words("idle", terms.OUTSIDE_PERIOD),
    )


def _source(record: Record | None, link: str | None, linked: bool) -> Cell:
    if record is None or link is None:
        return Cell(None, "text")
    text = f"{record.cell} {record.workbook}"
    return Cell(text, "link", link=link) if linked else Cell(text, "text")


class _Emitter:
    """Builds the cells of one row; what is the same for all units of an indicator is made once."""

    def __init__(
        self, scores: Scores, where: DetailRows, group_cells: Mapping[tuple[str, str, str], str]
    ) -> None:
        self.scores = scores
        self.group_cells = group_cells
        self.offset = {row.code: number for number, row in enumerate(where.order)}
        self.shown = {row.code: Shown.of(scores.results[row.code], scores) for row in where.order}
        self.templates: dict[tuple[str, tuple[tuple[str, str], ...]], dict[str, str]] = {}
        self.alike = {
            code: self._templates(result, self._literals(result, scores.units[0]))
            for code, result in scores.results.items()
            if scores.units and _has_formulas(result) and not self._varies(result)
        }

    def row(self, code: str, unit: int, row: int, record: Record | None, source: Cell) -> list[CellLike]:
        """One row of the table, in the order of ``COLUMNS``."""
        shown, who = self.shown[code], self.scores.units[unit]
        formulas = self._formulas(shown.result, who, row)
        due = shown.due[unit]
        return [
            who.code,
            who.name,
            who.group or None,
            *shown.shared,
            shown.target[unit],
            shown.prior[unit],
            shown.share,
            Cell("" if due is None else due, formula=formulas["due"]) if "due" in formulas else due,
            _actual(shown, unit, record, formulas),
            Cell(shown.rate[unit], formula=formulas["rate"]) if "rate" in formulas else None,
            Cell(shown.score[unit], formula=formulas["score"]) if "score" in formulas else None,
            Cell(shown.lost[unit], formula=formulas["lost"]) if "lost" in formulas else None,
            Cell(shown.state[unit], formula=formulas.get("state")),
            (record.status or None) if record else None,
            (record.mark or None) if record else None,
            source,
            lookup_key(who.code),
            *shown.keys,
        ]

    def _formulas(self, result: IndicatorResult, unit: Unit, row: int) -> dict[str, str]:
        if not _has_formulas(result):
            return {}
        templates = self.alike.get(result.indicator.code) or self._own_templates(result, unit)
        number = str(row)
        found = {name: text.replace(_ANY_ROW, number) for name, text in templates.items()}
        return found | self._composed(result, row) if result.indicator.composite else found

    def _varies(self, result: IndicatorResult) -> bool:
        """Whether formulas differ between units by more than their row."""
        assert result.method is not None
        code, names = result.indicator.code, parameter_names(result.method)
        return uses_group(result.method) or any(self.scores.lookup.varies(code, name) for name in names)

    def _own_templates(self, result: IndicatorResult, unit: Unit) -> dict[str, str]:
        """The templates with this unit's parameters; units with the same ones share them."""
        literals = self._literals(result, unit)
        key = (result.indicator.code, tuple(sorted(literals.items())))
        if key not in self.templates:
            self.templates[key] = self._templates(result, literals)
        return self.templates[key]

    def _templates(self, result: IndicatorResult, literals: Mapping[str, str]) -> dict[str, str]:
        method, indicator = result.method, result.indicator
        assert method is not None
        cells = RowCells(
            **{
                key: f"{_LETTERS[key]}{_ANY_ROW}"
                for key in ("weight", "target", "prior", "share", "due", "actual", "score")
            }
        )
        found = {
            "due": due_formula(method, cells),
            "rate": rate_formula(method, cells, literals),
            "score": score_formula(method, cells, literals, self.scores.places),
            "state": state_formula(method, cells, literals, result.component, indicator.composite),
        }
        if result.counted:
            lost = f"ROUND(ROUND({cells.weight},{self.scores.places})-{cells.score},{self.scores.places})"
            found["lost"] = f'IF(ISNUMBER({cells.score}),{lost},"")'
        return found

    def _composed(self, result: IndicatorResult, row: int) -> dict[str, str]:
        base = row - self.offset[result.indicator.code]
        parts = self.scores.scheme.components.get(result.indicator.code, ())
        cells = [at("score", base + self.offset[part.code]) for part in parts]
        return {"actual": composite_formula(cells, self.scores.places)}

    def _literals(self, result: IndicatorResult, unit: Unit) -> dict[str, str]:
        method, code = result.method, result.indicator.code
        assert method is not None
        found = {}
        for name in parameter_names(method):
            value = self.scores.lookup.parameter(code, name, unit)
            value = parameter_default(method, name) if value is None else value
            found[name] = number_literal(value) if value is not None else '""'
        if uses_group(method):
            found |= {name: self.group_cells.get((code, unit.group, name), '""') for name in GROUP_NAMES}
            found["组名次"] = self.group_cells.get((code, unit.code, "组名次"), '""')
        return found


def _has_formulas(result: IndicatorResult) -> bool:
    return result.method is not None and result.measured


def _actual(shown: Shown, unit: int, record: Record | None, formulas: Mapping[str, str]) -> CellLike:
    """The value scored; a word stays a word, so that the formulas see what the engine saw."""
    number = shown.actual[unit]
    if "actual" in formulas:
        return Cell("" if number is None else number, formula=formulas["actual"])
    if number is not None:
        return number
    answer = shown.result.answers[unit]
    if answer in (terms.YES, terms.NO):
        return str(answer)
    return record.typed or None if record and answer is None else None
