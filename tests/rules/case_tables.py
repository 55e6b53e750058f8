"""The case tables of the methods: cases/<method>.csv, inputs and what must come out.

An empty cell under a standard name is a blank cell of the workbook, under a parameter its default. Empty
得分, 完成率 or 达标 means that the cell shows nothing. 完成率 is compared with as many decimals as are
written.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from kaohe.rules.column import Plain
from kaohe.rules.methods import METHODS, CompiledMethod, compile_method

FOLDER = Path(__file__).with_name("cases")
PLACES = 2
COMPILED: Mapping[str, CompiledMethod] = {method.name: compile_method(method) for method in METHODS}


@dataclass(frozen=True)
class Case:
    """One row: ``inputs`` for every name the method uses; expectations as written, "" for nothing."""

    method: str
    line: int
    inputs: Mapping[str, Plain]
    score: str
    rate: str
    met: str
    why: str

    @property
    def label(self) -> str:
        return f"{self.method}.csv:{self.line} {self.why}"


def plain(text: str) -> Plain:
    """A table cell as a workbook cell: number, word or blank."""
    if text == "":
        return None
    try:
        return float(text)
    except ValueError:
        return text


def read_cases(method: str) -> list[Case]:
    """All rows of one method's table."""
    compiled = COMPILED[method]
    defaults = {parameter.name: parameter.default for parameter in compiled.method.parameters}
    with (FOLDER / f"{method}.csv").open(encoding="utf-8-sig", newline="") as file:
        return [
            Case(
                method,
                line,
                {name: _input(row.get(name) or "", defaults.get(name)) for name in sorted(compiled.uses)},
                row["得分"],
                row["完成率"],
                row["达标"],
                row["说明"],
            )
            for line, row in enumerate(csv.DictReader(file), 2)
        ]


def _input(text: str, default: float | None) -> Plain:
    return default if text == "" else plain(text)


def expected_score(case: Case) -> float | str:
    return float(case.score) if case.score else ""


def expected_met(case: Case) -> bool | str:
    return case.met == "是" if case.met else ""


def rate_agrees(case: Case, shown: object) -> bool:
    """Compared with the decimals of the table; nothing shown agrees with nothing written."""
    if case.rate == "" or not isinstance(shown, float):
        return shown == case.rate
    decimals = len(case.rate.partition(".")[2])
    return abs(shown - float(case.rate)) <= 0.5000001 * 10.0**-decimals


ALL_CASES = [case for method in METHODS for case in read_cases(method.name)]
