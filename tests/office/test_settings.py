"""Every setting that changes a formula of the master: kept values are what LibreOffice computes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from kaohe import terms
from kaohe.jobs.consolidate import Consolidation
from kaohe.settings import RANK_BY_RATE, RANK_BY_SCORE, TIES_COMPETITION, TIES_DENSE
from kaohe.sheets.form_rows import AFTER_CONSOLIDATION
from tests.office.cached import Kept, differences, formula_count, kept, sheet_names
from tests.office.desk import Desk
from tests.office.engine import Engine
from tests.office.forms import OpenForm, different
from tests.office.small_scheme import (
    INDICATORS,
    PARAMETERS,
    TARGETS,
    UNITS,
    VALUES,
    consolidated,
    make_master,
    settings,
    values,
)

pytestmark = [pytest.mark.soffice, pytest.mark.full]

GROUP_ROWS = ("I02", "I03", "I04")
"""Indicators whose method compares units."""


def ranks(done: Consolidation, group: str) -> list[int | None]:
    """Ranks inside a group, best first, provisional units last."""
    return [row.rank for row in done.assessment.standings if row.unit.group == group]


@pytest.mark.parametrize(
    ("places", "ties", "by", "expected"),
    [
        ((2, 2, 2), TIES_COMPETITION, RANK_BY_SCORE, [1, 2, 2, 4, None]),
        ((0, 1, 4), TIES_DENSE, RANK_BY_RATE, [1, 2, 2, 3, None]),
        pytest.param((4, 3, 0), TIES_DENSE, RANK_BY_SCORE, [1, 2, 2, 3, None], marks=pytest.mark.full),
        pytest.param((1, 0, 3), TIES_COMPETITION, RANK_BY_RATE, [1, 2, 2, 4, None], marks=pytest.mark.full),
        pytest.param((3, 4, 1), TIES_DENSE, RANK_BY_SCORE, [1, 2, 2, 3, None], marks=pytest.mark.full),
    ],
)
def test_places_ties_and_what_is_ranked_by(
    desk: Desk, tmp_path: Path, places: tuple[int, int, int], ties: str, by: str, expected: list[int | None]
) -> None:
    master = make_master(tmp_path / "县", settings(places, ties, by))
    done = consolidated(master, values())
    assert ranks(done, "一类") == expected
    assert ranks(done, "二类 A*")[-1] is None
    states = {row.unit.code: row.state for row in done.assessment.standings}
    assert {code for code, state in states.items() if state == terms.PROVISIONAL} == {"U5", "U8"}
    with desk.open(master) as book:
        assert formula_count(master) > 500
        assert book.errors() == []
        assert differences(master, book) == []


def test_a_form_with_methods_of_every_kind(desk: Desk, tmp_path: Path) -> None:
    """What compares units waits for consolidation; everything else shows what the engine says."""
    master = make_master(tmp_path / "县", settings((2, 2, 2), TIES_COMPETITION, RANK_BY_SCORE))
    done = consolidated(master, values())
    scores = done.assessment.scores
    at = next(number for number, unit in enumerate(scores.units) if unit.code == "U4")
    answers = {code: row.answers[at] for code, row in scores.results.items() if not row.indicator.composite}
    with desk.open(next((tmp_path / "县" / "下发").glob("丁乡*"))) as book:
        form = OpenForm.of(book)
        for code, text in values()["U4"].items():
            form.type(code, text)
        shows = form.shows()
        for code in GROUP_ROWS:
            assert shows.lines[code].state == shows.lines[code].score == AFTER_CONSOLIDATION
        codes = tuple(code for code in form.codes if code not in GROUP_ROWS)
        engine = Engine(scores.scheme, scores.period, "U4", codes)
        assert different(shows, engine.shows(answers)) == []
        assert book.ask("choice", sheet="自测表", address=form.cell("actual", "I06"))["words"] == ["是", "否"]
        assert book.errors() == []


RENAMED = {
    "U1": "113202110140347856",
    "U2": "113202110140347857",
    "U6": "007",
    "U7": "7",
    "I02": "1.1",
    "I03": "1.10",
}
"""Codes as offices have them: a 统一社会信用代码 of 18 digits, numbered units, numbered indicators."""


def renamed(table: str) -> str:
    """A table with those codes."""
    for old, new in RENAMED.items():
        table = re.sub(rf"\b{old}\b", new, table)
    return table


@pytest.fixture
def numbered(tmp_path: Path) -> Path:
    """A consolidated master whose codes look like numbers that are equal to a spreadsheet."""
    tables = {
        "指标": renamed(INDICATORS),
        "单位": renamed(UNITS),
        "目标": renamed(TARGETS),
        "参数": renamed(PARAMETERS),
    }
    text = settings((2, 2, 2), TIES_COMPETITION, RANK_BY_SCORE)
    master = make_master(tmp_path / "县", text, **tables)
    done = consolidated(master, values(renamed(VALUES)))
    assert {row.unit.code for row in done.assessment.standings} >= {"113202110140347856", "007", "7"}
    return master


def test_codes_that_look_like_numbers(desk: Desk, numbered: Path) -> None:
    with desk.open(numbered) as book:
        assert book.errors() == []
        assert differences(numbered, book) == []


def test_no_criterion_reads_as_a_number_in_excel(numbered: Path) -> None:
    """Excel and WPS take the text 1.10 as a criterion for the number 1.1, and see 15 digits of 18.

    LibreOffice does not, so it cannot show the fault: here the criteria themselves are looked at.
    """
    assert number_like_criteria(numbered) == []


def test_the_look_at_criteria_finds_them(numbered: Path) -> None:
    """The control of the test above: a formula with such a criterion is found, a harmless one is not."""
    cells = {(5, 2): Kept("1.10", "", True), (6, 2): Kept("A1", "", True)}
    assert criteria("ROUND(SUMIFS(得分明细!$R$5:$R$9,得分明细!$E$5:$E$9,$B5),2)", cells) == ["1.10"]
    assert criteria('COUNTIFS(得分明细!$E$5:$E$9,$B6,得分明细!$R$5:$R$9,">0")', cells) == ["A1", ">0"]
    assert [text for text in ("1.10", "A1", ">0", "007", "1e3") if LIKE_A_NUMBER.fullmatch(text)] == [
        "1.10",
        "007",
        "1e3",
    ]


LIKE_A_NUMBER = re.compile(r"\s*[-+]?\d[\d,]*(\.\d*)?(e[-+]?\d+)?%?\s*", re.IGNORECASE)
_CALL = re.compile(r"(SUMIFS|COUNTIFS)\(([^()]*)\)")
_CELL = re.compile(r"\$?([A-Z]+)\$?(\d+)")


def criteria(formula: str, cells: Mapping[tuple[int, int], Kept]) -> list[str]:
    """The criteria of SUMIFS and COUNTIFS in a formula, references resolved on the formula's own sheet."""
    found = []
    for name, inside in _CALL.findall(formula):
        arguments = inside.split(",")
        found += arguments[2::2] if name == "SUMIFS" else arguments[1::2]
    return [_text(argument, cells) for argument in found]


def _text(argument: str, cells: Mapping[tuple[int, int], Kept]) -> str:
    match = _CELL.fullmatch(argument)
    if match is None:
        return argument.strip('"')
    column = sum((ord(sign) - 64) * 26**power for power, sign in enumerate(reversed(match[1])))
    return str(cells[int(match[2]), column].value)


def number_like_criteria(path: Path) -> list[str]:
    """Every such criterion in a workbook, with its sheet and cell."""
    return [
        f"{name} {place}: {text}"
        for name in sheet_names(path)
        for cells in [kept(path, name)]
        for place, cell in cells.items()
        for text in criteria(cell.formula, cells)
        if LIKE_A_NUMBER.fullmatch(text)
    ]
