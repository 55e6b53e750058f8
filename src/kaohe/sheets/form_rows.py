"""The table of the form: bands of parts, indicator rows with their live formulas, the total."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from kaohe import terms
from kaohe.model import Indicator, Part
from kaohe.settings import places
from kaohe.sheets.form_layout import (
    BODY_START,
    COLUMNS,
    TOTAL_WORD,
    WIDTHS,
    cell_at,
    letter,
)
from kaohe.sheets.form_model import Form
from kaohe.sheets.formulas import (
    RowCells,
    composite_formula,
    due_formula,
    rate_formula,
    score_formula,
    state_formula,
    total_formula,
    uses_group,
)
from kaohe.sheets.row_height import height
from kaohe.workbooks.plan import Cell, CellLike, Slot

LEAST_OF_BODY = 17.0
"""Points of a row of one line: a little tight, so that more of the form stands on one page."""
AFTER_CONSOLIDATION = "汇总后得出"


@dataclass(frozen=True)
class Body:
    """The rows of the table, and where in them things stand."""

    form: Form
    rows: tuple[Sequence[CellLike], ...]
    merges: tuple[str, ...]
    scores: tuple[str, ...]
    weights: tuple[str, ...]
    entered: tuple[str, ...]
    yes_no: tuple[str, ...]

    @classmethod
    def of(cls, form: Form) -> Body:
        place = {}
        lines: list[Part | Indicator] = list(_lines(form))
        for offset, line in enumerate(lines):
            place[line.code, isinstance(line, Part)] = BODY_START + offset
        where = {code: row for (code, is_part), row in place.items() if not is_part}
        numbers = _numbering(lines, form)
        rows = [
            _band(form, line)
            if isinstance(line, Part)
            else _indicator_row(form, line, where, numbers[line.code])
            for line in lines
        ]
        counted = [
            line
            for line in lines
            if isinstance(line, Indicator) and form.measured(line) and not form.scheme.is_component(line)
        ]
        entered = [line for line in lines if isinstance(line, Indicator) and not line.composite]
        last = letter("department")
        return cls(
            form=form,
            rows=tuple(rows),
            merges=tuple(f"A{row}:{last}{row}" for (_, is_part), row in place.items() if is_part),
            scores=tuple(cell_at("score", where[line.code]) for line in counted),
            weights=tuple(cell_at("weight", where[line.code]) for line in counted),
            entered=tuple(cell_at("actual", where[line.code]) for line in entered),
            yes_no=tuple(cell_at("actual", where[i.code]) for i in entered if _accepts_yes_no(form, i)),
        )

    @property
    def total(self) -> str:
        return total_formula(self.scores, places(self.form.scheme.settings, "总分")) if self.scores else "0"

    @property
    def weight_total(self) -> str:
        return total_formula(self.weights, 6) if self.weights else "0"

    @property
    def weight(self) -> float:
        rows = [row for row in self.form.indicators if self.form.measured(row)]
        return float(sum(row.weight for row in rows if not self.form.scheme.is_component(row)))

    def last(self, key: str) -> str:
        return f"${letter(key)}${BODY_START + len(self.rows) - 1}"

    def initial(self, word: str) -> int:
        """How many rows show the state word in the form as issued."""
        if word != terms.BLANK:
            return 0
        return sum(_blank_at_first(self.form, row) for row in self.form.indicators)

    def total_row(self) -> list[CellLike]:
        cells: list[CellLike] = [Cell(None, "total_text") for _ in COLUMNS]
        for index, (key, *_) in enumerate(COLUMNS):
            if key == "name":
                cells[index] = Cell(TOTAL_WORD, "total_text")
            if key == "weight":
                cells[index] = Cell(self.weight, "total", formula=self.weight_total)
            if key == "score":
                cells[index] = Cell(0.0, "total", formula=self.total)
        return cells


def _blank_at_first(form: Form, indicator: Indicator) -> bool:
    """Whether the row's state is 未填 in the form as issued."""
    method = form.methods.get(indicator.method)
    scored_here = method is not None and not uses_group(method)
    return form.measured(indicator) and not indicator.composite and scored_here


def _accepts_yes_no(form: Form, indicator: Indicator) -> bool:
    method = form.methods.get(indicator.method)
    return method is not None and method.method.accepts == "yes_no"


def _lines(form: Form) -> Iterable[Part | Indicator]:
    """Bands of parts, their indicators, and components right beneath their composite."""
    listed = {row.code for row in form.indicators}
    for part in form.scheme.parts:
        inside = [row for row in form.indicators if row.parent == part.code]
        if inside:
            yield part
        for row in inside:
            yield row
            yield from (child for child in form.scheme.below(row) if child.code in listed)


def _numbering(lines: Sequence[Part | Indicator], form: Form) -> dict[str, int | None]:
    numbers: dict[str, int | None] = {}
    count = 0
    for line in lines:
        if isinstance(line, Indicator):
            component = form.scheme.is_component(line)
            count += not component
            numbers[line.code] = None if component else count
    return numbers


def _band(form: Form, part: Part) -> list[CellLike]:
    inside = [row for row in form.indicators if row.parent == part.code and form.measured(row)]
    weight = sum(row.weight for row in inside)
    text = f"{part.name}(本期考核 {len(inside)} 项,{weight:g} 分)"
    return [Cell(text, "band"), *(Cell(None, "band") for _ in COLUMNS[1:])]


def _indicator_row(
    form: Form, indicator: Indicator, where: Mapping[str, int], number: int | None
) -> list[CellLike]:
    row = where[indicator.code]
    cells = _texts(form, indicator, number)
    cells |= {
        "weight": Cell(indicator.weight, "number"),
        "target": Cell(Slot(f"target.{indicator.code}"), "number"),
        "prior": Cell(Slot(f"prior.{indicator.code}"), "number"),
        "share": Cell(form.share(indicator), "percent"),
    }
    cells |= _live(form, indicator, row, where) if form.measured(indicator) else _outside()
    optional = not form.measured(indicator)
    choice = "input_optional" if optional else "input_choice"
    words = "input_optional" if optional else "input_text"
    cells |= {"status": Cell(None, choice), "mark": Cell(None, choice)}
    cells |= {"reason": Cell(None, words), "measure": Cell(None, words)}
    if indicator.composite:
        cells["status"] = Cell(None, "text_center")
    return [cells[key] for key, *_ in COLUMNS]


def _texts(form: Form, indicator: Indicator, number: int | None) -> dict[str, CellLike]:
    component = form.scheme.is_component(indicator)
    return {
        "ordinal": Cell(number, "text_center"),
        "code": Cell(indicator.code, "code"),
        "name": Cell(("  └ " if component else "") + indicator.name, "text_wrap"),
        "unit_of_measure": Cell(indicator.unit_of_measure or None, "text_center"),
        "definition": Cell(indicator.definition or None, "text_wrap"),
        "department": Cell(indicator.lead_department or None, "text_wrap"),
    }


def _outside() -> dict[str, CellLike]:
    """An indicator that is not scored in this period: an interim figure may still be given (BH2)."""
    return {
        "due": Cell(None, "locked_grey"),
        "actual": Cell(None, "input_optional"),
        "rate": Cell(None, "locked_grey"),
        "score": Cell(None, "locked_grey"),
        "state": Cell(terms.OUTSIDE_PERIOD, "locked_grey"),
    }


def _live(form: Form, indicator: Indicator, row: int, where: Mapping[str, int]) -> dict[str, CellLike]:
    method = form.methods.get(indicator.method)
    actual = _actual(form, indicator, where)
    if method is None:
        return _outside() | {"actual": actual, "state": Cell(terms.NOT_SCORABLE, "state_idle")}
    places_of = {
        key: cell_at(key, row) for key in ("weight", "target", "prior", "share", "due", "actual", "score")
    }
    cells = RowCells(**places_of)
    literals = form.literals(indicator, method)
    component = form.scheme.is_component(indicator)
    due = Cell(Slot(f"due.{indicator.code}"), "number", formula=due_formula(method, cells))
    if uses_group(method):
        waiting = Cell(AFTER_CONSOLIDATION, "locked_grey")
        return {"due": due, "actual": actual, "rate": waiting, "score": waiting, "state": waiting}
    score = score_formula(method, cells, literals, places(form.scheme.settings, "得分"))
    state = state_formula(method, cells, literals, component, indicator.composite)
    return {
        "due": due,
        "actual": actual,
        "rate": Cell("", "percent", formula=rate_formula(method, cells, literals)),
        "score": Cell("", "score_locked", formula=score),
        "state": Cell(terms.WAITING if indicator.composite else terms.BLANK, "text_center", formula=state),
    }


def _actual(form: Form, indicator: Indicator, where: Mapping[str, int]) -> Cell:
    if not indicator.composite:
        return Cell(None, "input")
    parts = [cell_at("score", where[row.code]) for row in form.scheme.components.get(indicator.code, ())]
    return Cell("", "number", formula=composite_formula(parts, places(form.scheme.settings, "得分")))


def body_heights(rows: Sequence[Sequence[CellLike]]) -> Iterable[tuple[int, float]]:
    for number, row in enumerate(rows, start=BODY_START):
        wrapped = (
            (cell.value, width)
            for cell, width in zip(row, WIDTHS, strict=True)
            if isinstance(cell, Cell) and cell.role == "text_wrap"
        )
        yield number, height(wrapped, LEAST_OF_BODY)
