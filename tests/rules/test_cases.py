"""Every row of the case tables through our engine, through `formulas` and through LibreOffice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

import pytest

from kaohe.rules.column import Column, Plain
from kaohe.rules.methods import METHODS, emit_met, emit_rate, emit_score, score_points
from kaohe.rules.second_opinion import SecondOpinion, second_opinion
from kaohe.values.rounding import from_points
from tests.rules.case_tables import (
    ALL_CASES,
    COMPILED,
    FOLDER,
    PLACES,
    Case,
    expected_met,
    expected_score,
    rate_agrees,
    read_cases,
)
from tests.rules.sheets import Table, computed, references
from tests.support.libreoffice import require_soffice


def test_every_built_in_method_has_a_table_and_every_table_a_method() -> None:
    assert {path.stem for path in FOLDER.glob("*.csv")} == {method.name for method in METHODS}


@pytest.mark.parametrize("method", [method.name for method in METHODS])
def test_every_table_covers_a_blank_a_word_and_a_score(method: str) -> None:
    actuals = [(case.inputs["完成值"], case.score) for case in read_cases(method)]
    assert any(actual is None and score == "" for actual, score in actuals)
    assert any(isinstance(actual, str) and score == "" for actual, score in actuals)
    assert any(score not in ("", "0") for _, score in actuals)


@pytest.mark.parametrize("case", ALL_CASES, ids=lambda case: case.label)
def test_our_engine(case: Case) -> None:
    inputs = {name: Column.of([value]) for name, value in case.inputs.items()}
    outcome = score_points(COMPILED[case.method], inputs, PLACES)
    score = from_points(int(outcome.points[0]), PLACES) if outcome.scored[0] else ""
    rate = float(outcome.rate[0]) if outcome.rate[0] == outcome.rate[0] else ""
    met = bool(outcome.met[0]) if outcome.met_known[0] else ""
    check(case, score, rate, met)
    assert (outcome.errors[0] == "") == bool(outcome.scored[0])


@pytest.mark.parametrize("case", ALL_CASES, ids=lambda case: case.label)
def test_the_formulas_package(case: Case) -> None:
    check(case, *(opinion(case.inputs) for opinion in _opinions(case.method)))


def _parameters(case: Case) -> dict[str, Plain]:
    own = {parameter.name for parameter in COMPILED[case.method].method.parameters}
    return {name: value for name, value in case.inputs.items() if name in own}


WRITABLE = [c for c in ALL_CASES if not any(isinstance(value, str) for value in _parameters(c).values())]
"""Cases but those with a word as a parameter, which cannot come out of 参数."""


@pytest.mark.parametrize("case", WRITABLE, ids=lambda case: case.label)
def test_parameters_written_into_the_formula(case: Case) -> None:
    """As in a master: parameters are numbers of the text, and what they decide is not written at all."""
    literals = {name: _written(value) for name, value in _parameters(case).items()}
    names = tuple(name for name in case.inputs if name not in literals)
    cells = literals | {name: name for name in names}
    check(case, *(second_opinion(text, names)(case.inputs) for text in texts(case.method, cells)))


def _written(value: Plain) -> str:
    return f"{value:.15g}" if isinstance(value, float) else '""'


def texts(method: str, cells: Mapping[str, str]) -> tuple[str, str, str]:
    compiled = COMPILED[method]
    return emit_score(compiled, cells, PLACES), emit_rate(compiled, cells), emit_met(compiled, cells)


@pytest.mark.soffice
def test_libreoffice(tmp_path: Path) -> None:
    require_soffice()
    tables = [_table(method.name, read_cases(method.name)) for method in METHODS]
    shown = computed(tables, tmp_path)
    wrong = []
    for method in METHODS:
        for case, values in zip(read_cases(method.name), shown[method.name], strict=True):
            try:
                check(case, *values)
            except AssertionError as error:
                wrong.append(str(error))
    assert not wrong, "\n".join(wrong)


def check(case: Case, score: object, rate: object, met: object) -> None:
    """What is shown against the table."""
    assert (score, met) == (expected_score(case), expected_met(case)), f"{case.label}: {score!r} {met!r}"
    assert rate_agrees(case, rate), f"{case.label}: 完成率 {rate!r}"


@cache
def _opinions(method: str) -> tuple[SecondOpinion, ...]:
    compiled = COMPILED[method]
    names = tuple(sorted(compiled.uses))
    return tuple(second_opinion(text, names) for text in texts(method, {name: name for name in names}))


def _table(method: str, cases: Sequence[Case]) -> Table:
    compiled = COMPILED[method]
    names = sorted(compiled.uses)
    formulas = [texts(method, references(names, row)) for row in range(len(cases))]
    return Table(method, names, [case.inputs for case in cases], formulas)
