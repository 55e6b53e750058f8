"""等次 and 定等次序 in the ranking recalculate to what the engine says: ties, quotas, vetoes, decisions."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import openpyxl
import pytest

from kaohe import terms
from kaohe.assess.grading import Gradings, gradings
from kaohe.model import Adjustment, Scheme, Unit, Veto
from kaohe.sheets.grade_formulas import GradeFormulas, grade_columns
from kaohe.workbooks.grid import column_letter
from kaohe.workbooks.plan import Cell
from tests.support.libreoffice import recalculate
from tests.support.schemes import small_scheme

GROUPS = 40
FIRST_ROW = 5


@dataclass(frozen=True)
class Result:
    """As much of a standing as grading looks at."""

    unit: Unit
    total: float
    rate: float
    rank: int | None
    measured_indicators: int = 1


def field(seed: int) -> tuple[list[Result], str, list[Veto], dict[str, Adjustment]]:
    """Forty groups, each with grades of its own, many ties, some vetoes, decisions and provisional units."""
    dice = random.Random(seed)
    rows: list[Result] = []
    grades: list[str] = []
    vetoes: list[Veto] = []
    decided: dict[str, Adjustment] = {}
    for number in range(GROUPS):
        group = f"组{number}" if number else ""
        totals = [
            None if dice.random() < 0.06 else dice.randint(55, 70) + 0.5 for _ in range(dice.randint(1, 14))
        ]
        valid = [total for total in totals if total is not None]
        for at, total in enumerate(totals):
            code = f"U{number}-{at}"
            rank = None if total is None else 1 + sum(other > total for other in valid)
            rows.append(Result(Unit(code, code, f"类{number % 3}", group), total or 0.0, total or 0.0, rank))
            if dice.random() < 0.15:
                vetoes.append(Veto("2016", code, dice.choice(["V1", "V2", "V3"])))
            if dice.random() < 0.05:
                decided[code] = Adjustment("2016", code, "", terms.ADJUST_GRADE, "末档", "纪要")
        if number != 1:
            grades += drawn_grades(dice, group or "*")
    return rows, "\n".join(["等次|对象|最低分|比例|名额", *grades]), vetoes, decided


def drawn_grades(dice: random.Random, scope: str) -> list[str]:
    leasts = sorted((dice.randint(50, 70) for _ in range(3)), reverse=True)
    found = []
    for at in range(dice.randint(0, 3)):
        least = leasts[at] if dice.random() < 0.6 else ""
        count = dice.randint(0, 4) if dice.random() < 0.5 else ""
        share = dice.choice([0.1, 0.15, 0.3]) if dice.random() < 0.5 else ""
        found.append(f"第{at + 1}档|{scope}|{least}|{share}|{count}")
    return [*found, f"末档|{scope}|||"]


def scheme_of(grades: str, all_in: bool) -> Scheme:
    edge = "\n名额边缘|全部进入" if all_in else ""
    return small_scheme(
        方案=f"项目|值\n方案代码|T\n考核年度|2016{edge}",
        等次=grades,
        否决事项="代码|事项|后果|降档\nV1|一|降等次并列末位|\nV2|二|降等次|2\nV3|三|取消评优|",
    )


def laid_out(rows: Sequence[Result], graded: Gradings, all_in: bool) -> tuple[list[str], list[list[Cell]]]:
    """Column keys and rows of a small ranking with the grade columns."""
    visible, hidden = grade_columns(graded)
    keys = ["group", "rank", "total", *(key for key, *_ in (*visible, *hidden))]
    letters = {key: column_letter(at) for at, key in enumerate(keys, start=1)}
    formulas = GradeFormulas(letters, FIRST_ROW, FIRST_ROW + len(rows) - 1, "total", all_in)
    table = []
    for number, row in enumerate(rows, start=FIRST_ROW):
        cells = formulas.cells(number, graded.by_unit[row.unit.code])
        front = {
            "group": Cell(row.unit.group or None),
            "rank": Cell(row.rank or ""),
            "total": Cell(row.total),
        }
        table.append([{**front, **cells}[key] for key in keys])
    return keys, table


def recalculated(table: Sequence[Sequence[Cell]], folder: Path) -> list[list[object]]:
    """The cells as LibreOffice computes them; formulas are written without cached values."""
    book = openpyxl.Workbook()
    sheet = book.active
    for number, cells in enumerate(table, start=FIRST_ROW):
        for at, cell in enumerate(cells, start=1):
            # openpyxl cannot write an empty text; a formula that gives one is what the ranking holds too.
            value = f"={cell.formula}" if cell.formula else '=""' if cell.value == "" else cell.value
            sheet.cell(number, at, value)
    book.save(folder / "in.xlsx")
    made = openpyxl.load_workbook(recalculate(folder / "in.xlsx", folder / "out"), data_only=True).active
    return [
        [made.cell(number, at).value for at in range(1, len(row) + 1)]
        for number, row in enumerate(table, FIRST_ROW)
    ]


def plain(value: object) -> object:
    """'' and nothing are the same to a reader; whole numbers too, however they are stored."""
    if value in ("", None):
        return None
    return float(value) if isinstance(value, int | float) else value


@pytest.mark.soffice
@pytest.mark.parametrize("all_in", [False, True], ids=["ties are decided", "ties go in"])
def test_grades_recalculate_to_their_cached_values(all_in: bool, tmp_path: Path) -> None:
    rows, grades, vetoes, decided = field(seed=20161 + all_in)
    graded = gradings(scheme_of(grades, all_in), rows, vetoes, decided)
    keys, table = laid_out(rows, graded, all_in)
    shown = {grading.grade for grading in graded.by_unit.values()}
    assert {"", "第1档", "末档"} <= shown
    assert (terms.PENDING_GRADE in shown) == (not all_in)
    found = recalculated(table, tmp_path)
    wrong = [
        (row.unit.code, key, cell.value, value)
        for row, cells, values in zip(rows, table, found, strict=True)
        for key, cell, value in zip(keys, cells, values, strict=True)
        if plain(cell.value) != plain(value)
    ]
    assert wrong == []


def test_only_functions_of_excel_2010_and_no_column_that_refers_to_itself() -> None:
    rows, grades, vetoes, decided = field(seed=7)
    keys, table = laid_out(rows, gradings(scheme_of(grades, False), rows, vetoes, decided), False)
    for cells in table:
        for at, cell in enumerate(cells, start=1):
            text = cell.formula or ""
            assert set(re.findall(r"([A-Z]+)\(", text)) <= {
                "IF",
                "AND",
                "COUNTIFS",
                "MAX",
                "MIN",
                "INT",
                "CHOOSE",
                "SUMPRODUCT",
                "ISNUMBER",
            }
            assert len(text) < 8_000
            assert f"${column_letter(at)}" not in text, keys[at - 1]


def test_without_grades_there_are_no_columns() -> None:
    assert grade_columns(gradings(small_scheme(), field(1)[0], [], {})) == ((), ())
