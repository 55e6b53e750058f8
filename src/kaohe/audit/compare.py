"""A sheet as it should be against the sheet as it stands: every cell's formula and value, by address."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from kaohe.audit.cells import Place, SheetCells, Value
from kaohe.audit.formula_text import same_formula
from kaohe.audit.model import ANEW, Difference
from kaohe.audit.same import same_value, shown
from kaohe.audit.sorted_rows import moved_formula, rows_at
from kaohe.workbooks.grid import address
from kaohe.workbooks.plan import Cell, CellLike, SheetPlan, Slot

Alike = Callable[[str, Value], Value]
"""(heading, value) → the value as it is compared: for words that say the same."""
OF_FORMULA = "的公式"
SORTED = "《{name}》的行排了别的次序,逐行核对。"
NO_FORMULA, ARRAY = "没有公式,是数值 {value}", "数组公式"
_NAMED_BY = 4
_AMONG = 7
"""Columns from the left in which the words stand that name a row."""
_NOT_NAMES = ("考核组", "部分", "性质", "状态", "级别", "问题", "范围", "方法", "计量单位", "等次", "来源")
"""Headings of columns whose words do not tell one row from another."""


@dataclass(frozen=True, slots=True)
class Compared:
    """How many cells were looked at, and those that disagree."""

    cells: int
    differences: tuple[Difference, ...]
    note: str = ""
    """What is no disagreement, and a reader should know."""


def as_is(heading: str, value: Value) -> Value:
    """No words are alike."""
    return value


def compare(plan: SheetPlan, sheet: SheetCells | None, name: str, alike: Alike = as_is) -> Compared:
    """``plan`` is what the sheet should show, ``sheet`` what it shows; ``name`` its present name.

    Cells right of the plan's columns and below its rows are the office's and not looked at.
    """
    if sheet is None:
        gone = Difference(name, "", "整张工作表", "没有", f"{len(plan.rows)} 行", ANEW)
        return Compared(1, (gone,))
    columns, moved = _columns(plan, sheet)
    told = Teller(plan)
    found: list[Difference] = []
    if moved:
        found.append(_moved(name, plan))
    rows = rows_at(plan, sheet, columns[plan.row_key - 1] if plan.row_key else 0)
    note = SORTED.format(name=name) if any(row != at for row, at in rows.items()) else ""
    count = 0
    for row, cells in enumerate(plan.rows, start=1):
        for at, cell in enumerate(cells):
            count += 1
            place = (rows[row], columns[at])
            found += _of_cell(cell, row, place, sheet, name, told, at, alike, not moved)
    if found and not moved and _only_sorted(plan, sheet, alike, told):
        return Compared(count, (), SORTED.format(name=name))
    return Compared(count, tuple(found), note)


def _only_sorted(plan: SheetPlan, sheet: SheetCells, alike: Alike, told: Teller) -> bool:
    """Whether a list without formulas holds the same rows in another order, as after sorting by a column."""
    head = plan.header_row
    if not head or any(_expected(cell)[1] for row in plan.rows[head:] for cell in row):
        return False
    width = max(len(row) for row in plan.rows)
    last = len(plan.rows)
    if any(head < row <= last and column <= width for row, column in (*sheet.formulas, *sheet.unread)):
        return False

    def as_text(values: Iterable[Value]) -> tuple[str, ...]:
        return tuple(shown(alike(told.heading(at), value)) for at, value in enumerate(values))

    def should(row: int) -> tuple[str, ...]:
        cells = plan.rows[row - 1]
        return as_text(_expected(cells[at])[0] if at < len(cells) else None for at in range(width))

    def stands(row: int) -> tuple[str, ...]:
        return as_text(sheet.values.get((row, at)) for at in range(1, width + 1))

    rows = range(head + 1, last + 1)
    above = all(should(row) == stands(row) for row in range(1, head + 1))
    return above and sorted(map(should, rows)) == sorted(map(stands, rows))


def _of_cell(
    cell: CellLike,
    row: int,
    place: Place,
    sheet: SheetCells,
    name: str,
    told: Teller,
    at: int,
    alike: Alike,
    texts: bool,
) -> Iterator[Difference]:
    value, formula = _expected(cell)
    formula = moved_formula(formula, row, place[0])
    stands, live = sheet.values.get(place), sheet.formulas.get(place, "")
    if place in sheet.unread:
        live = ARRAY
    heading = told.heading(at)
    odd_formula = texts and live != formula and not same_formula(live, formula)
    odd_value = not same_value(alike(heading, value), alike(heading, stands))
    if odd_formula:
        was = f"={live}" if live else NO_FORMULA.format(value=shown(stands) or "空白")
        should = f"={formula}" if formula else NO_FORMULA.format(value=shown(value) or "空白")
        yield Difference(name, address(*place), f"{told.about(row, at)}{OF_FORMULA}", was, should, ANEW)
    if odd_value:
        about, follows = told.about(row, at), bool(formula) and not odd_formula
        yield Difference(name, address(*place), about, shown(stands), shown(value), ANEW, follows)


def _expected(cell: CellLike) -> tuple[Value, str]:
    if not isinstance(cell, Cell):
        return cell, ""
    return (None if isinstance(cell.value, Slot) else cell.value), cell.formula or ""


def _columns(plan: SheetPlan, sheet: SheetCells) -> tuple[list[int], bool]:
    """Where each of the plan's columns stands: where its heading stands, if somebody put others between."""
    width = max((len(row) for row in plan.rows), default=0)
    own = list(range(1, width + 1))
    if not plan.header_row:
        return own, False
    titles = [_expected(cell)[0] for cell in plan.rows[plan.header_row - 1]]
    there = {column: value for (row, column), value in sheet.values.items() if row == plan.header_row}
    if all(same_value(title, there.get(at)) for at, title in enumerate(titles, start=1)):
        return own, False
    places: list[int] = []
    for title in titles:
        after = places[-1] if places else 0
        place = next((c for c in sorted(there) if c > after and same_value(there[c], title)), None)
        if place is None:
            return own, False
        places.append(place)
    return places + own[len(places) :], True


def places_of(plan: SheetPlan, sheet: SheetCells) -> list[int]:
    """The column (from 1) in which each of the plan's columns stands."""
    return _columns(plan, sheet)[0]


def _moved(name: str, plan: SheetPlan) -> Difference:
    return Difference(
        name, f"A{plan.header_row}", "表头", "本系统的列之间插入了别的列", "各列相连;公式没有逐字比对", ANEW
    )


def without_results(plan: SheetPlan, sheet: SheetCells) -> tuple[int, int]:
    """(formulas that come to something, those of them that stand without any result)."""
    places = _columns(plan, sheet)[0]
    blank = [
        (row, places[at]) not in sheet.values
        for row, cells in enumerate(plan.rows, start=1)
        for at, cell in enumerate(cells)
        if isinstance(cell, Cell) and cell.formula and cell.value not in (None, "")
    ]
    return len(blank), sum(blank)


class Teller:
    """Says in words what stands in a cell: its row by the columns that name it, its column by the heading."""

    def __init__(self, plan: SheetPlan) -> None:
        head = plan.rows[plan.header_row - 1] if plan.header_row else ()
        self._titles = [str(_expected(cell)[0] or "") for cell in head]
        self._rows, self._first = plan.rows, plan.header_row + 1
        self._keys = [at for at in range(_AMONG) if not any(word in self.heading(at) for word in _NOT_NAMES)]

    def heading(self, at: int) -> str:
        """The title of the column, counted from 0; '' beyond."""
        return self._titles[at] if at < len(self._titles) else ""

    def about(self, row: int, at: int) -> str:
        """``滨湖区 A01 得分``."""
        if row < self._first:
            return "表头" if row == self._first - 1 else "标题"
        cells = self._rows[row - 1]
        named = [_expected(cells[key]) for key in self._keys if key < len(cells)]
        texts = [value for value, formula in named if isinstance(value, str) and value and not formula]
        words = [*dict.fromkeys(texts[:_NAMED_BY]), self.heading(at)]
        return " ".join(word for word in words if word) or f"第 {row} 行"


def about_cells(plans: Iterable[tuple[str, SheetPlan]]) -> Mapping[str, Callable[[Place], str]]:
    """Sheet name → what stands at a place of it, in words; ``plans`` with the sheets' present names."""

    def teller(plan: SheetPlan) -> Callable[[Place], str]:
        told = Teller(plan)
        return lambda place: told.about(place[0], place[1] - 1) if place[0] <= len(plan.rows) else ""

    return {name: teller(plan) for name, plan in plans}


def scope(plans: Iterable[tuple[str, SheetPlan]]) -> dict[str, Place]:
    """Sheet name → last row and column that are ours."""
    return {name: (len(plan.rows), max((len(row) for row in plan.rows), default=0)) for name, plan in plans}
