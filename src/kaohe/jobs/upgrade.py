"""`kaohe upgrade`: a master made by an earlier program gets the sheets, columns and settings it lacks.

Nothing that stands in it is changed: sheets are appended, columns and rows are put behind the last ones.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from kaohe import settings
from kaohe.assess.methods import BUILT_IN
from kaohe.jobs.common import Clock, JobError, now, read_bytes, stamp
from kaohe.jobs.master import MASTER_LIMITS, Master, open_master
from kaohe.jobs.new import year_period
from kaohe.jobs.plans import run_row
from kaohe.sheets.registers import RUNS, register_sheet
from kaohe.sheets.scheme_tables import method_row, shown_default, table_sheet
from kaohe.tables import SPECS, Column, Scalar, TableSpec, find_header, plain
from kaohe.workbooks.grid import Grid
from kaohe.workbooks.package import apply
from kaohe.workbooks.package.extend import Added, extend
from kaohe.workbooks.plan import BookPlan
from kaohe.workbooks.read import read_book

UPGRADED = "升级"
"""What 运行记录 calls the run."""
_METHODS = "计分方法"


@dataclass(frozen=True)
class Upgraded:
    """What was added, by title; ``backup`` is None when there was nothing to add (the file is untouched)."""

    master: Path
    sheets: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    """``指标:考评部门(T列)``"""
    settings: tuple[str, ...] = ()
    methods: tuple[str, ...] = ()
    backup: Path | None = None
    notes: tuple[str, ...] = ()


@dataclass
class _Additions:
    """Cells to add, by sheet, and what they are."""

    cells: dict[str, dict[tuple[int, int], tuple[Scalar, tuple[int, int]]]] = field(default_factory=dict)
    columns: list[str] = field(default_factory=list)
    settings: list[str] = field(default_factory=list)
    methods: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Laid:
    """A yellow sheet as it is laid out: where its headings stand, the last row and column with anything."""

    spec: TableSpec
    sheet: str
    head: int
    places: Mapping[str, int]
    """Column of each of the table's keys."""
    bottom: int
    right: int


def upgrade(master: Path, *, only: Sequence[str] = (), clock: Clock = now) -> Upgraded:
    """Add what the master lacks: yellow sheets, columns, settings, built-in methods.

    ``only``: titles of yellow sheets; these are added, also such as are needed rarely, and nothing else is.
    Raises JobError for a title that is none, NothingWritten when the master could not be written safely.
    """
    wanted = [_spec(title) for title in only]
    book = open_master(master)
    lacking = [spec for spec in SPECS if spec.title not in book.sheet_names and spec.key not in book.tables]
    sheets = [spec for spec in lacking if (spec in wanted if only else spec.always)]
    added = _Additions() if only else _additions(book)
    if not sheets and not added.cells:
        return Upgraded(master, notes=_other_formulas(book))
    moment = clock()
    period = year_period(book.scheme.settings["考核年度"], moment)
    run = run_row(stamp(moment), UPGRADED, None, book.scheme.at(period.end), "")
    plan = BookPlan((*(table_sheet(spec, None) for spec in sheets), register_sheet(RUNS, [*book.runs, run])))
    cells: list[tuple[str, Added]] = list(added.cells.items())
    saved = apply(
        master, plan, clock=moment, expect_sha256=book.sha256, first=lambda data: extend(data, cells)
    )
    return Upgraded(
        master,
        tuple(spec.title for spec in sheets),
        tuple(added.columns),
        tuple(added.settings),
        tuple(added.methods),
        saved.backup,
        (*saved.notes, *_notes(added), *_other_formulas(book)),
    )


def _spec(title: str) -> TableSpec:
    """The table of that title. Raises JobError with near ones."""
    found = next((spec for spec in SPECS if spec.title == title.strip()), None)
    if found is None:
        titles = [spec.title for spec in SPECS]
        near = difflib.get_close_matches(title, titles, n=3, cutoff=0.3) or titles
        raise JobError(f"没有名为“{title}”的表。可以增加的有:{'、'.join(near)}。")
    return found


def _notes(added: _Additions) -> tuple[str, ...]:
    if not added.columns:
        return ()
    return ("新列加在各表最右边,没有下拉列表,也不在原来的打印区域内;填法见《方案编写》和操作手册的列表。",)


def _other_formulas(book: Master) -> tuple[str, ...]:
    """Rows of built-in methods that are not what this program has: by an earlier one, or by the office."""
    names = [row.name for row in book.scheme.methods if row.name in BUILT_IN]
    if not names:
        return ()
    return (
        f"《{_METHODS}》中 {'、'.join(names)} 与本程序内置的公式不同(较早的程序写入,或考核办改写过),没有改动,"
        "仍按表中的公式计算。要用本程序的公式(如《方案》中的超额封顶、正向目标为0等设置要对它起作用),"
        "请删去这些行后再运行 kaohe upgrade。",
    )


def _additions(book: Master) -> _Additions:
    """Columns, settings and methods that the yellow sheets lack."""
    added = _Additions()
    for laid in _laid_out(book):
        missing = [column for column in laid.spec.columns if column.key not in laid.places]
        places = _columns(laid, missing, added)
        if laid.spec.key == "scheme":
            _settings(book, laid, places, added)
        elif laid.spec.title == _METHODS:
            _methods(book, laid, places, added)
    return added


def _laid_out(book: Master) -> Iterator[_Laid]:
    """The yellow sheets of the master with their headings."""
    data = read_bytes(book.path, "总表")
    names = {book.sheet_names.get(spec.title, spec.title): spec for spec in SPECS if spec.key in book.tables}
    found = read_book(data, book.path.name, sheets=lambda name: name in names, limits=MASTER_LIMITS)
    if found.refusal:
        raise JobError(f"总表“{book.path.name}”读不了:{found.refusal.reason}。{found.refusal.remedy}")
    for name, spec in names.items():
        grid = found.sheets.get(name)
        head = find_header(spec, grid.rows) if grid is not None else None
        if grid is not None and head is not None:
            yield _lay(spec, grid, head)


def _lay(spec: TableSpec, grid: Grid, head: int) -> _Laid:
    keys = {plain(column.title): column.key for column in spec.columns}
    titles = {plain(title): at for at, title in reversed(list(enumerate(grid.rows[head], start=1)))}
    places = {key: titles[title] for title, key in keys.items() if title in titles}
    filled = [
        (row, column)
        for row, line in enumerate(grid.rows, start=1)
        for column, value in enumerate(line, start=1)
        if value is not None
    ]
    bottom = max((row for row, column in filled if column in places.values()), default=head + 1)
    right = max((column for _, column in filled), default=len(places))
    return _Laid(spec, grid.sheet, head + 1, places, bottom, right)


def _columns(laid: _Laid, missing: Sequence[Column], added: _Additions) -> Mapping[str, int]:
    """Headings for the missing columns behind everything in the sheet; returns where each key now stands."""
    last = max(laid.places.values())
    places = dict(laid.places)
    cells = added.cells.setdefault(laid.sheet, {}) if missing else {}
    for at, column in enumerate(missing, start=laid.right + 1):
        places[column.key] = at
        cells[laid.head, at] = (column.title, (laid.head, last))
        for row in range(laid.head + 1, laid.bottom + 1):
            cells[row, at] = (None, (row, last))
        added.columns.append(f"{laid.spec.title}:{column.title}")
    return places


def _settings(book: Master, laid: _Laid, places: Mapping[str, int], added: _Additions) -> None:
    """Settings the sheet does not show, with their defaults: what is computed stays as it was."""
    given = {row.text("name") for row in book.tables["scheme"].rows}
    missing = [setting for setting in settings.SETTINGS if setting.name not in given]
    rows = [{"name": s.name, "value": shown_default(s), "note": s.meaning} for s in missing]
    _below(laid, places, rows, added)
    added.settings += [setting.name for setting in missing]


def _methods(book: Master, laid: _Laid, places: Mapping[str, int], added: _Additions) -> None:
    """Built-in methods the sheet does not show."""
    given = {row.text("name") for row in book.tables["method"].rows}
    missing = [method for name, method in BUILT_IN.items() if name not in given]
    _below(laid, places, [dict(method_row(method).values) for method in missing], added)
    added.methods += [method.name for method in missing]


def _below(
    laid: _Laid, places: Mapping[str, int], rows: Sequence[Mapping[str, Scalar]], added: _Additions
) -> None:
    """Rows under the last one, looking like it."""
    if not rows:
        return
    cells = added.cells.setdefault(laid.sheet, {})
    for number, values in enumerate(rows, start=laid.bottom + 1):
        for key, column in places.items():
            like = column if key in laid.places else max(laid.places.values())
            cells[number, column] = (values.get(key), (laid.bottom, like))
