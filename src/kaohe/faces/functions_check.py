"""What was understood of typed values, and the findings of rows of a sheet, as a consolidation has them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kaohe import settings, terms
from kaohe.assess.entries import Reading, as_record, missing, read_record, record_findings
from kaohe.faces.functions_cells import Block, Cell, Shape, error_of, text_of
from kaohe.faces.functions_score import Results, Rows, as_states, score_rows
from kaohe.findings import SEVERITY_TITLES, Finding, has_errors, ordered
from kaohe.model import Indicator, Record, Return, ReturnedRow
from kaohe.values.typed import Typed, read_typed

_NO_FILE = Return("", "", "")
_UNNAMED = "本项"
_STRICT: Mapping[str, str | float] = settings.DEFAULTS
_LENIENT: Mapping[str, str | float] = {**settings.DEFAULTS, "近似值计分": terms.YES}
_ANSWERS = {"yes": terms.YES, "no": terms.NO}
_RELATIONS = {"≥": "不少于", ">": "多于", "≤": "不超过", "<": "少于", "≈": "约"}


def typed_of(cell: Cell, unit: str) -> Typed:
    """One cell as a person reads it; an error value is refused as such."""
    return read_typed(error_of(cell) or cell, unit_of_measure=unit)


def record_of(cell: Cell, indicator: Indicator, **columns: str) -> Record:
    """The row of 填报数据 this cell would become; ``columns``: 数据状态, 标记, 原因, 措施 by their fields."""
    row = ReturnedRow(indicator.code, "", cell, error=error_of(cell), **columns)  # type: ignore[arg-type]
    return as_record(row, indicator, _NO_FILE)


def understood(cell: Cell, unit: str, approximate_ok: bool) -> float | str:
    """The number in the unit of measure, 是 or 否; '' for a blank; an error as it is; else # and why not."""
    if error := error_of(cell):
        return error
    indicator = Indicator("", _UNNAMED, "", unit_of_measure=unit)
    reading = read_record(
        record_of(cell, indicator), indicator, None, _LENIENT if approximate_ok else _STRICT
    )
    if not reading.filled:
        return ""
    if isinstance(reading.answer, float):
        return reading.answer
    typed = typed_of(cell, unit)
    if typed.kind in _ANSWERS:
        return _ANSWERS[typed.kind]
    return f"#{typed.reason or reading.findings[0].title}"


def note(cell: Cell, unit: str) -> str:
    """What is to be said about how a cell was understood; '' for a plain number and for a blank."""
    typed = typed_of(cell, unit)
    if typed.kind in ("blank", "hint"):
        return ""
    if typed.kind in _ANSWERS:
        answer = _ANSWERS[typed.kind]
        return "" if typed.text == answer else f"按“{answer}”理解"
    if typed.number is None:
        return typed.reason
    shown = f"{typed.number:.15g}{unit}"
    said = [
        typed.note,
        f"{_RELATIONS[typed.relation]}{shown}" if typed.relation in _RELATIONS else "",
        "近似数,默认不计分" if typed.approximate else "",
        f"{typed.status}数" if typed.status else "",
    ]
    return ";".join(filter(None, said))


_TITLES = {
    "unit": "计量单位",
    "indicator": "指标名称",
    "status": "数据状态",
    "mark": "标记",
    "reason": "原因",
    "measure": "措施",
}


@dataclass(frozen=True)
class Described:
    """What stands beside the values, one block a column; None: left out, for 原因 and 措施 not asked for."""

    unit: Block | None
    indicator: Block | None
    status: Block | None
    mark: Block | None
    reason: Block | None
    measure: Block | None

    @staticmethod
    def of(*arguments: object) -> Described:
        """From the arguments of the function, in the order of the fields."""
        return Described(*(None if argument is None else Block.of(argument) for argument in arguments))

    @property
    def blocks(self) -> dict[str, Block]:
        """What was given, by its Chinese name."""
        given = ((title, getattr(self, field)) for field, title in _TITLES.items())
        return {title: block for title, block in given if block is not None}

    def spread(self, shape: Shape) -> Described:
        """Every column repeated to the shape of the rows."""
        blocks = (getattr(self, field) for field in _TITLES)
        return Described(*(None if block is None else block.spread(shape) for block in blocks))

    def text(self, field: str, row: int) -> str:
        """One cell as text; '' when the column was left out."""
        block: Block | None = getattr(self, field)
        return "" if block is None else text_of(block.cells[row])

    def record(self, row: int, cell: Cell, weight: Cell) -> tuple[Indicator, Record]:
        """The indicator and the entry of a row."""
        indicator = Indicator(
            "",
            self.text("indicator", row) or _UNNAMED,
            "",
            unit_of_measure=self.text("unit", row),
            weight=weight if isinstance(weight, float) else 0.0,
        )
        columns = {field: self.text(field, row) for field in ("status", "mark", "reason", "measure")}
        return indicator, record_of(cell, indicator, **columns)


def check_rows(rows: Rows, described: Described, places: int) -> list[str]:
    """One text a row: every finding with severity, wording and remedy, worst first; '' for a clean row."""
    entries = [
        described.record(row, cell, rows.cell("weight", row)) for row, cell in enumerate(rows.actual.cells)
    ]
    names = rows.method.spread(rows.shape).texts()
    methods = [rows.book.methods.get(name) for name in names]
    readings = [
        read_record(record, indicator, method, _STRICT)
        for (indicator, record), method in zip(entries, methods, strict=True)
    ]
    scored = rows.with_actual([_answer(reading) for reading in readings])
    results = score_rows(scored, places)
    states = as_states(results, scored)
    return [
        _joined(_findings(rows, described, row, entries[row], readings[row], states[row], results))
        if names[row] or rows.actual.cells[row] is not None
        else ""
        for row in range(len(entries))
    ]


def _answer(reading: Reading) -> Cell:
    """What is scored: a number, 是/否, a blank, or a word that no method accepts."""
    if not reading.filled:
        return None
    return terms.NOT_READ if reading.answer is None else reading.answer


def _findings(
    rows: Rows,
    described: Described,
    row: int,
    entry: tuple[Indicator, Record],
    reading: Reading,
    state: str,
    results: Results,
) -> Iterable[Finding]:
    """All findings of a row, as those of one row of a returned form."""
    indicator, record = entry
    target = rows.cell("target", row)
    yield from reading.findings
    if not reading.filled:
        yield missing(record, indicator)
    number = target if isinstance(target, float) else None
    said = tuple(record_findings(record, indicator, number, True, record.version))
    yield from said
    if has_errors(said):
        return
    facts = {"name": indicator.name}
    if state == terms.NOT_SCORABLE:
        yield Finding("V18", record.location, {**facts, "reason": str(results.reasons[row])})
    if state == terms.BEHIND and described.reason is not None and not record.reason:
        yield Finding("V09", record.location, facts)
    if state == terms.BEHIND and described.measure is not None and not record.measure:
        yield Finding("V10", record.location, facts)


def _joined(findings: Iterable[Finding]) -> str:
    texts = (f"{SEVERITY_TITLES[f.severity]}:{f.what}{f.remedy}" for f in ordered(findings))
    return " ".join(texts)
