"""自测完成情况表: the unit workbook a clerk fills in, as a BookPlan with slots for what differs by unit."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from kaohe import terms
from kaohe.assess.inputs import parameter_default, parameter_names
from kaohe.assess.lookup import Lookup
from kaohe.assess.pace import elapsed_share
from kaohe.model import Identity, Indicator, Part, Period, Scheme, Unit
from kaohe.rules.methods import CompiledMethod
from kaohe.settings import places
from kaohe.sheets.form_help import help_sheet
from kaohe.sheets.form_layout import (
    BODY_START,
    COLUMNS,
    COUNT_CELLS,
    FORM_KEY,
    FORM_TITLE,
    HEADER_ROW,
    LAST,
    ROLES,
    TOTAL_CELL,
    TOTAL_WORD,
    WEIGHT_CELL,
    WIDTHS,
    cell_at,
    choices,
    highlights,
    letter,
)
from kaohe.sheets.formulas import (
    RowCells,
    composite_formula,
    due_formula,
    number_literal,
    rate_formula,
    score_formula,
    state_formula,
    total_formula,
    uses_group,
)
from kaohe.sheets.identity import identity_sheet
from kaohe.sheets.row_height import height
from kaohe.workbooks.plan import BookPlan, Cell, CellLike, Layout, Scalar, SheetPlan, Slot

AFTER_CONSOLIDATION = "汇总后得出"


@dataclass(frozen=True)
class Form:
    """What one template of the form holds: the indicators of a unit (or of one department of it)."""

    scheme: Scheme
    period: Period
    indicators: tuple[Indicator, ...]
    department: str
    deadline: dt.date
    methods: Mapping[str, CompiledMethod]
    lookup: Lookup
    parameters_of: Unit
    """The unit whose parameters stand in the formulas; units with other parameters get another template."""

    def measured(self, indicator: Indicator) -> bool:
        """Whether the indicator is scored in the form's period."""
        return self.scheme.measured(indicator, self.period)

    def share(self, indicator: Indicator) -> float | None:
        """Elapsed share of the indicator's target."""
        return elapsed_share(indicator, self.period, lambda name: self.lookup.parameter(indicator.code, name))

    def literals(self, indicator: Indicator, method: CompiledMethod) -> dict[str, str]:
        """Parameters as numbers in the formula."""
        found = {}
        for name in parameter_names(method):
            value = self.lookup.parameter(indicator.code, name, self.parameters_of)
            value = parameter_default(method, name) if value is None else value
            found[name] = number_literal(value) if value is not None else "0"
        return found


def form_values(form: Form, unit: Unit, identity: Identity, issued: str) -> dict[str, Scalar]:
    """What fills the slots of :func:`form_plan` for one unit."""
    values: dict[str, Scalar] = {
        "unit": unit.name,
        "unit_code": unit.code,
        "number": identity.number,
        "issued": issued,
    }
    for indicator in form.indicators:
        target = form.lookup.target(indicator.code, unit.code)
        value = target.value if target else None
        values[f"target.{indicator.code}"] = value
        values[f"prior.{indicator.code}"] = target.prior if target else None
        method = form.methods.get(indicator.method)
        share = form.share(indicator)
        if value is None or method is None or share is None:
            values[f"due.{indicator.code}"] = "" if value is None else value
        else:
            values[f"due.{indicator.code}"] = value * share if "序时" in method.uses else value
    return values


def form_plan(form: Form, identity: Identity) -> BookPlan:
    """The workbook: the form, how to fill it in, and the hidden identity."""
    return BookPlan(
        sheets=(
            _form_sheet(form),
            help_sheet(form.scheme, form.period),
            identity_sheet(form.scheme, identity),
        ),
        active=FORM_KEY,
    )


def _form_sheet(form: Form) -> SheetPlan:
    body = _Body.of(form)
    rows: list[Sequence[CellLike]] = [*_head(form, body), *body.rows, body.total_row()]
    last = len(rows)
    rows += _signatures()
    return SheetPlan(
        key=FORM_KEY,
        title=FORM_TITLE,
        rows=rows,
        roles=ROLES,
        widths=WIDTHS,
        heights=(*_HEAD_HEIGHTS, *_body_heights(rows[HEADER_ROW:last]), (last + 2, 30), (last + 3, 30)),
        header_row=HEADER_ROW,
        last_row=last,
        layout=Layout(
            tab_color="FFC000",
            freeze=f"D{BODY_START}",
            repeat_rows=f"{HEADER_ROW}:{HEADER_ROW}",
            merges=(*_head_merges(), *body.merges, *_signature_merges(last)),
            choices=choices(body.entered, body.yes_no, last),
            highlights=highlights(last),
            protect=True,
            footer=f"{form.scheme.settings['方案名称']} {form.period.title}",
            zoom=100,
        ),
    )


_HEAD_HEIGHTS = ((1, 32.0), (2, 20.0), (3, 22.0), (4, 40.0), (5, 24.0), (HEADER_ROW, 34.0))


def _body_heights(rows: Sequence[Sequence[CellLike]]) -> Iterable[tuple[int, float]]:
    for number, row in enumerate(rows, start=BODY_START):
        wrapped = (
            (cell.value, width)
            for cell, width in zip(row, WIDTHS, strict=True)
            if isinstance(cell, Cell) and cell.role == "text_wrap"
        )
        yield number, height(wrapped)


def _head(form: Form, body: _Body) -> list[Sequence[CellLike]]:
    notice = str(form.scheme.settings["数据声明"])
    subtitle = f"{form.period.title}(截至{form.period.end:%Y-%m-%d})" + (f"  {notice}" if notice else "")
    how = (
        "填写说明:只填黄色单元格。完成值只填数字,不带单位;以%为单位的填百分点数(如 92.16);没有数据的不要填 0。"
        "状态栏随填随变:未填、待识别(不是数字)、已达序时、未达序时。未达序时的请写明原因和措施。"
        "浅黄色为年度指标,本期不计分,可填预计数。请勿增删行列、改动其他单元格;填好后连同签字盖章件一并报送。"
    )

    def row(cells: Mapping[int, CellLike]) -> list[CellLike]:
        return [cells.get(index + 1, Cell(None, "plain")) for index in range(LAST)]

    def label(text: str) -> Cell:
        return Cell(text, "label")

    def count(word: str) -> Cell:
        area = f"${letter('state')}${BODY_START}:{body.last('state')}"
        return Cell(body.initial(word), "integer", formula=f'COUNTIF({area},"{word}")')

    title = f"{form.scheme.settings['方案名称']}自测完成情况表"
    return [
        _across(title, "title"),
        _across(subtitle, "subtitle"),
        row(
            {
                1: label("填报单位:"),
                3: Cell(Slot("unit"), "field"),
                5: label("责任部门:"),
                6: Cell(form.department or "各责任部门", "field"),
                10: label("报送截止:"),
                11: Cell(form.deadline.isoformat(), "field"),
                14: label("下发编号:"),
                16: Cell(Slot("number"), "field"),
            }
        ),
        _across(how, "note"),
        row(
            {
                1: label("未填:"),
                4: label("待识别:"),
                6: label("已达序时:"),
                10: label("未达序时:"),
                13: label("自评得分:"),
                15: label("本期满分:"),
                TOTAL_CELL[1]: Cell(0.0, "total", formula=body.total),
                WEIGHT_CELL[1]: Cell(body.weight, "total", formula=body.weight_total),
                **{column: count(word) for word, (_, column) in COUNT_CELLS.items()},
            }
        ),
        [Cell(title, "header") for _, title, _, _ in COLUMNS],
    ]


def _across(text: str, role: str) -> list[CellLike]:
    """A text merged over the whole width."""
    return [Cell(text, role), *(Cell(None, role) for _ in COLUMNS[1:])]


def _head_merges() -> tuple[str, ...]:
    last = letter("department")
    return (
        f"A1:{last}1",
        f"A2:{last}2",
        f"A4:{last}4",
        "A3:B3",
        "C3:D3",
        "F3:H3",
        "K3:L3",
        "N3:O3",
        "P3:Q3",
        "A5:B5",
        "F5:G5",
    )


@dataclass(frozen=True)
class _Body:
    """The rows of the table, and where in them things stand."""

    form: Form
    rows: tuple[Sequence[CellLike], ...]
    merges: tuple[str, ...]
    scores: tuple[str, ...]
    weights: tuple[str, ...]
    entered: tuple[str, ...]
    yes_no: tuple[str, ...]

    @classmethod
    def of(cls, form: Form) -> _Body:
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
        return sum(self.form.measured(row) and not row.composite for row in self.form.indicators)

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
            yield from (child for child in form.scheme.components.get(row.code, ()) if child.code in listed)


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


def _signatures() -> list[Sequence[CellLike]]:
    def row(cells: Mapping[int, tuple[str, str]]) -> list[CellLike]:
        line: list[CellLike] = [Cell(None, "plain") for _ in COLUMNS]
        for column, (text, role) in cells.items():
            line[column - 1] = Cell(text or None, role)
        return line

    sign = ("", "signature")
    return [
        row({}),
        row(
            {
                1: ("填报人:", "label"),
                3: sign,
                5: ("审核人:", "label"),
                6: sign,
                10: ("负责人:", "label"),
                11: sign,
                14: ("电话:", "label"),
                16: sign,
                18: ("单位(公章)", "label"),
            }
        ),
        row({1: ("填报日期:", "label"), 3: sign, 5: ("备注:", "label"), 6: sign}),
    ]


def _signature_merges(last: int) -> tuple[str, ...]:
    first, second = last + 2, last + 3
    return (
        f"A{first}:B{first}",
        f"C{first}:D{first}",
        f"F{first}:H{first}",
        f"K{first}:M{first}",
        f"N{first}:O{first}",
        f"P{first}:Q{first}",
        f"A{second}:B{second}",
        f"C{second}:D{second}",
        f"F{second}:Q{second}",
    )
