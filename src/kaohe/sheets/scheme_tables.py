"""The yellow sheets: the scheme's tables as the office edits them, and back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from kaohe import settings
from kaohe.assess.methods import ACCEPTS_WORD, BUILT_IN
from kaohe.rules.methods import OWN_VALUE, Method, Parameter
from kaohe.sheets.heading import landscape
from kaohe.sheets.row_height import LEAST, height
from kaohe.tables import SPECS, Column, Row, Scalar, Table, TableSpec, read_table
from kaohe.values.rounding import round_half_away
from kaohe.workbooks.grid import Grid, Value, column_letter
from kaohe.workbooks.plan import Cell, CellLike, Choice, Layout, SheetPlan

HEADER_ROW = 3
FIRST_ROW = HEADER_ROW + 1
PRINTED_WIDTH = 215.0
"""Characters an A4 page across holds at 7 points; wider tables get narrower columns, whose texts wrap."""
_LEAST_WIDTH = 7.0
SPARE_ROWS = 15
"""Empty, formatted rows below a table, so that adding a row needs no formatting."""


def table_sheet(spec: TableSpec, table: Table | None) -> SheetPlan:
    """A yellow sheet with the rows of ``table``."""
    rows = _shown_rows(spec, table)
    columns = [
        *spec.columns,
        *(Column(title, title, "any", width=14) for title in (table.extra if table else ())),
    ]
    title: list[CellLike] = [Cell(spec.title, "title_left"), *([Cell(None, "plain")] * (len(columns) - 1))]
    about: list[CellLike] = [Cell(spec.about, "note_line"), *([Cell(None, "note_line")] * (len(columns) - 1))]
    head: list[CellLike] = [Cell(column.title, "header") for column in columns]
    body = [[row.values.get(column.key) for column in columns] for row in rows]
    spare: list[list[CellLike]] = [[None] * len(columns) for _ in range(SPARE_ROWS)]
    lines: list[Sequence[CellLike]] = [title, about, head, *body, *spare]
    last = len(lines)
    widths = _widths(columns)
    titles = height(((column.title, width) for column, width in zip(columns, widths, strict=True)), 28)
    return SheetPlan(
        key=spec.title,
        title=spec.title,
        rows=lines,
        roles=tuple(_role(column) for column in columns),
        widths=widths,
        heights=((1, 28), (2, 18), (HEADER_ROW, titles)),
        fitted=tuple(_heights(widths, body)),
        header_row=HEADER_ROW,
        last_row=last,
        layout=Layout(
            tab_color="FFD966",
            freeze=f"{_frozen(spec)}{FIRST_ROW}",
            landscape=landscape(widths, len(body)),
            repeat_rows=f"{HEADER_ROW}:{HEADER_ROW}",
            print_area=False,
            choices=_choices(columns, max(last, CHOICES_TO)),
            footer=spec.title,
        ),
    )


def _widths(columns: Sequence[Column]) -> tuple[float, ...]:
    """The columns' widths; those above the least give way alike where the table is wider than a page."""
    widths = [column.width for column in columns]
    spare = [max(width - _LEAST_WIDTH, 0.0) for width in widths]
    beyond = sum(widths) - PRINTED_WIDTH
    if beyond <= 0 or not sum(spare):
        return tuple(widths)
    kept = max(1 - beyond / sum(spare), 0.0)
    narrowed = zip(widths, spare, strict=True)
    return tuple(float(round_half_away(width - room * (1 - kept), 1)) for width, room in narrowed)


def _heights(widths: Sequence[float], rows: Sequence[Sequence[Scalar]]) -> Iterable[tuple[int, float]]:
    """Heights of rows whose texts wrap: all text columns of these sheets do."""
    for number, row in enumerate(rows, start=FIRST_ROW):
        points = height(zip(row, widths, strict=True))
        if points > LEAST:
            yield number, points


def _frozen(spec: TableSpec) -> str:
    return {"indicator": "D", "unit": "C", "target": "C", "method": "B"}.get(spec.key, "A")


def _role(column: Column) -> str:
    if column.kind == "number":
        return "setting"
    if column.kind == "date":
        return "setting_date"
    return "setting_text"


CHOICES_TO = 2_000
"""Drop-downs and hints go down to this row: an office fills in more rows than a new master has lines for."""
_LISTS = {"计分方法": ("=计分方法!$A$4:$A$199",)}
"""Columns whose words stand in another table; another word may be typed, too (it is a finding, S03)."""


def _choices(columns: Sequence[Column], last: int) -> tuple[Choice, ...]:
    found = []
    for index, column in enumerate(columns):
        if column.choices or column.hint:
            letter = column_letter(index + 1)
            area = f"{letter}{FIRST_ROW}:{letter}{last}"
            values = column.choices or _LISTS.get(column.title, ())
            found.append(Choice(area, values, column.title, column.hint, strict=bool(column.choices)))
    return tuple(found)


def _shown_rows(spec: TableSpec, table: Table | None) -> list[Row]:
    rows = list(table.rows) if table else []
    if spec.key == "scheme":
        return _setting_rows(rows)
    return [*built_in_rows(table), *rows] if table or spec.key != "method" else _all_built_in()


def built_in_rows(table: Table | None) -> list[Row]:
    """The built-in methods that stand above an office's own rows of 计分方法; none for the other tables."""
    if table is None or table.key != "method":
        return []
    own = {row.text("name") for row in table.rows}
    return [row for row in _all_built_in() if row.text("name") not in own]


def _all_built_in() -> list[Row]:
    return [method_row(method) for method in BUILT_IN.values()]


def _setting_rows(rows: Sequence[Row]) -> list[Row]:
    """Every declared setting is shown, with its default where the scheme says nothing."""
    given = {row.text("name") for row in rows}
    missing = [setting for setting in settings.SETTINGS if setting.name not in given]
    filled = []
    for row in rows:
        setting = settings.BY_NAME.get(row.text("name"))
        note = {"note": setting.meaning} if setting and not row.text("note") else {}
        filled.append(Row(row.number, {**row.values, **note}))
    defaults = ({"name": s.name, "value": shown_default(s), "note": s.meaning} for s in missing)
    return [*filled, *(Row(0, values) for values in defaults)]


def shown_default(setting: settings.Setting) -> Scalar:
    """A default as it stands in a new 方案; what only names the scheme is left for the office to fill in."""
    return setting.default if setting.rule or setting.default else None


def method_row(method: Method) -> Row:
    pairs = (_parameter_text(parameter) for parameter in method.parameters)
    return Row(
        0,
        {
            "name": method.name,
            "score": method.score,
            "rate": method.rate,
            "met": method.met,
            "parameters": ";".join(pairs) or None,
            "measure": None if method.measure == OWN_VALUE else method.measure,
            "accepts": ACCEPTS_WORD[method.accepts],
            "source": method.source,
            "note": method.note or None,
        },
    )


def _parameter_text(parameter: Parameter) -> str:
    """``封顶=超额封顶`` where the default follows a setting: it stays right when the setting is changed."""
    if parameter.setting:
        return f"{parameter.name}={parameter.setting}"
    return parameter.name if parameter.default is None else f"{parameter.name}={parameter.default:g}"


def read_tables(
    sheets: Mapping[str, Grid], sheet_names: Mapping[str, str], workbook: str
) -> dict[str, Table]:
    """The scheme's tables of a master; ``sheet_names`` is product key → present sheet name."""
    found = {}
    for spec in SPECS:
        grid = sheets.get(sheet_names.get(spec.title, spec.title))
        table = _read(spec, grid, workbook) if grid else None
        if table is not None:
            found[spec.key] = table
    return found


def _read(spec: TableSpec, grid: Grid, workbook: str) -> Table | None:
    width = max((len(row) for row in grid.rows), default=0)
    rows = [
        [
            _scalar(value, (r, c) in grid.percent, grid.errors.get((r, c)))
            for c, value in enumerate(row, start=1)
        ]
        for r, row in enumerate(grid.rows, start=1)
    ]
    letters = [column_letter(index + 1) for index in range(width)]
    return read_table(spec, rows, workbook=workbook, sheet=grid.sheet, letters=letters, laid_out=True)


def _scalar(value: Value, percent: bool, error: str | None) -> Scalar:
    """Dates as ISO text, error values as their text, percent cells as typed (95%)."""
    if error:
        return error
    if value is None or isinstance(value, (str, bool, int)):
        return value
    if isinstance(value, float):
        return f"{value * 100:.15g}%" if percent else value
    text = str(value)
    return text.removesuffix(" 00:00:00")
