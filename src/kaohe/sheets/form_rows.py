"""The table of the form: bands of parts, indicator rows with their live formulas, the total."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from kaohe import terms
from kaohe.model import Indicator
from kaohe.settings import places
from kaohe.sheets.form_bands import Band, band_row, lines
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
from kaohe.sheets.item_words import item_words
from kaohe.sheets.ranges import runs
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
    words: Mapping[tuple[str, ...], tuple[str, ...]]
    """Words to choose from → cells of 完成值 that take one of them."""

    @classmethod
    def of(cls, form: Form) -> Body:
        found = list(lines(form))
        where = {
            line.code: BODY_START + offset for offset, line in enumerate(found) if isinstance(line, Indicator)
        }
        bands = [BODY_START + offset for offset, line in enumerate(found) if isinstance(line, Band)]
        numbers = _numbering(found, form)
        rows = [
            band_row(form, line)
            if isinstance(line, Band)
            else _indicator_row(form, line, where, numbers[line.code])
            for line in found
        ]
        listed = [line for line in found if isinstance(line, Indicator)]
        counted = [line for line in listed if form.counted(line)]
        entered = [line for line in listed if line.entered]
        elsewhere = [where[line.code] for line in listed if _elsewhere(line)]
        last = letter("department")
        return cls(
            form=form,
            rows=tuple(rows),
            merges=(
                *(f"A{row}:{last}{row}" for row in bands),
                *(f"{cell_at('actual', row)}:{cell_at('score', row)}" for row in elsewhere),
            ),
            scores=tuple(cell_at("score", where[line.code]) for line in counted if not _elsewhere(line)),
            weights=tuple(cell_at("weight", where[line.code]) for line in counted),
            entered=tuple(cell_at("actual", where[line.code]) for line in entered),
            words={
                offered: tuple(cell_at("actual", where[i.code]) for i in entered if form.words(i) == offered)
                for offered in dict.fromkeys(form.words(i) for i in entered)
                if offered
            },
        )

    @property
    def total(self) -> str:
        return total_formula(self.scores, places(self.form.scheme.settings, "总分")) if self.scores else "0"

    @property
    def weight_total(self) -> str:
        return total_formula(self.weights, 6) if self.weights else "0"

    @property
    def weight(self) -> float:
        return float(sum(row.weight for row in self.form.indicators if self.form.counted(row)))

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
    return form.measured(indicator) and indicator.entered and form.self_scored(indicator)


def _elsewhere(indicator: Indicator) -> bool:
    """Whether neither the unit nor the form's own formula gives the value."""
    return not (indicator.entered or indicator.composite)


def _numbering(lines: Sequence[Band | Indicator], form: Form) -> dict[str, int | None]:
    numbers: dict[str, int | None] = {}
    count = 0
    for line in lines:
        if isinstance(line, Indicator):
            component = form.scheme.is_component(line)
            count += not component
            numbers[line.code] = None if component else count
    return numbers


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
    if _elsewhere(indicator):
        cells |= _given(form, indicator, row)
        return [cells[key] for key, *_ in COLUMNS]
    cells |= _live(form, indicator, row, where) if form.measured(indicator) else _outside()
    optional = not form.measured(indicator)
    choice = "input_optional" if optional else "input_choice"
    words = "input_optional" if optional else "input_text"
    cells |= {"status": Cell(None, choice), "mark": Cell(None, choice)}
    cells |= {key: Cell(None, words) for key in ("evidence", "reason", "measure")}
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
        "definition": Cell(_definition(indicator) or None, "text_wrap"),
        "department": Cell(indicator.lead_department or None, "text_wrap"),
    }


def _definition(indicator: Indicator) -> str:
    """口径, and what else the unit has to know of the item: by when how far, until when, how far data go."""
    cutoff = indicator.cutoff_month
    return item_words(indicator, f"数据截至{cutoff}月" if cutoff else "")


def _given(form: Form, indicator: Indicator, row: int) -> dict[str, CellLike]:
    """A row whose value somebody else gives: the unit may only say what it did (GN2)."""
    method = form.methods.get(indicator.method)
    measured = form.measured(indicator)
    due: CellLike = Cell(None, "locked_grey")
    if method is not None and measured:
        cells = RowCells(**{key: cell_at(key, row) for key in RowCells.__dataclass_fields__})
        due = Cell(Slot(f"due.{indicator.code}"), "number", formula=due_formula(method, cells))
    state = terms.NOT_ENTERED if measured else terms.OUTSIDE_PERIOD
    return {
        "due": due,
        "actual": Cell(_giver(indicator) if measured else None, "given"),
        **{key: Cell(None, "given") for key in ("status", "rate", "score")},
        "mark": Cell(None, "locked_grey"),
        "state": Cell(state, "given" if measured else "locked_grey"),
        "evidence": Cell(None, "input_text" if measured else "input_optional"),
        **{key: Cell(None, "input_optional") for key in ("reason", "measure")},
    }


def _giver(indicator: Indicator) -> str:
    """Who gives the value, in words."""
    if indicator.value_source == terms.SOURCE_ASSESSED:
        return f"由{indicator.assessor}考评" if indicator.assessor else "由考评部门考评"
    if indicator.value_source == terms.SOURCE_SURVEY:
        return "测评产生"
    if indicator.value_source == terms.SOURCE_BORROWED:
        return f"引自 {indicator.value_from}"
    return AFTER_CONSOLIDATION


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
    best = indicator.value_source == terms.SOURCE_BEST
    if uses_group(method) or (best and not form.self_scored(indicator)):
        waiting = Cell(AFTER_CONSOLIDATION, "locked_grey")
        actual = Cell(None, "locked_grey") if best else actual
        state = Cell(terms.WAITING, "locked_grey") if indicator.composite else waiting
        return {"due": due, "actual": actual, "rate": waiting, "score": waiting, "state": state}
    score = score_formula(method, cells, literals, places(form.scheme.settings, "得分"))
    found = state_formula(method, cells, literals, component, indicator.composite)
    return {
        "due": due,
        "actual": actual,
        "rate": Cell("", "percent", formula=rate_formula(method, cells, literals)),
        "score": Cell("", "score_locked", formula=score),
        "state": Cell(terms.WAITING if indicator.composite else terms.BLANK, "text_center", formula=found),
    }


def _actual(form: Form, indicator: Indicator, where: Mapping[str, int]) -> Cell:
    if not indicator.composite:
        return Cell(None, "input")
    components = form.scheme.components.get(indicator.code, ())
    parts = [cell_at("score", where[row.code]) for row in components if row.code in where]
    if indicator.value_source == terms.SOURCE_BEST:
        area = ",".join(runs(parts))
        return Cell("", "number", formula=f'IF(COUNT({area})>0,MAX({area}),"")')
    return Cell("", "number", formula=composite_formula(parts, places(form.scheme.settings, "得分")))


def body_heights(rows: Sequence[Sequence[CellLike]]) -> Iterable[tuple[int, float]]:
    for number, row in enumerate(rows, start=BODY_START):
        wrapped = (
            (cell.value, width)
            for cell, width in zip(row, WIDTHS, strict=True)
            if isinstance(cell, Cell) and cell.role == "text_wrap"
        )
        yield number, height(wrapped, LEAST_OF_BODY)
