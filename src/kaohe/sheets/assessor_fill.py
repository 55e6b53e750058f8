"""Entries typed into an issued 考评打分表, and what its live cells come to with them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import numpy.typing as npt

from kaohe.sheets.assessor_layout import (
    ASSESSOR_TITLE,
    BLANK_CELL,
    EXPECTED_CELL,
    FILLED,
    FILLED_CELL,
    HIGHEST,
    LOWEST,
)
from kaohe.sheets.assessor_read import FoundBlock, blocks_of, find_table
from kaohe.tables import plain
from kaohe.values.rounding import round_half_away
from kaohe.workbooks.grid import Grid
from kaohe.workbooks.package import fill
from kaohe.workbooks.plan import Scalar
from kaohe.workbooks.read import read_book

Entries = Mapping[tuple[str, str], Mapping[str, str]]
"""(unit, indicator) → ``actual`` and ``reason`` as typed."""
Cells = dict[tuple[int, int], Scalar]


def fill_in_assessor(
    data: bytes, name: str, typed: Entries, signed: Mapping[str, str] | None = None
) -> bytes:
    """One 考评打分表 with the entries of its cells typed in: numbers as numbers, words as words.

    Reasons of one unit are joined in its 说明. ``signed``: label of a signature line (填表人, 审核人, 负责人,
    填表日期, 电话) → what is written there. The results of the live cells are kept in the file, as a
    spreadsheet program keeps them. Raises ValueError when ``data`` is no 考评打分表.
    """
    grid = find_table(read_book(data, name))
    if grid is None:
        raise ValueError(f"no table to fill in: {name}")
    cells: Cells = {}
    results: Cells = {}
    filled = 0
    for block in blocks_of(grid):
        values = _typed(block, typed)
        cells |= values
        cells |= _remarks(block, typed)
        summed, count = _summaries(block, grid, values)
        results |= summed
        filled += count
    expected = grid.at(*EXPECTED_CELL)
    results[FILLED_CELL] = filled
    if isinstance(expected, float | int):
        results[BLANK_CELL] = expected - filled
    cells |= dict(_signatures(grid, signed or {}))
    return fill(data, ASSESSOR_TITLE, cells, results)


def _typed(block: FoundBlock, typed: Entries) -> Cells:
    return {
        (number, at + 1): _as_typed(text)
        for number, (unit, _) in block.units.items()
        for at, code in block.columns.items()
        if (text := typed.get((unit, code), {}).get("actual", ""))
    }


def _as_typed(text: str) -> Scalar:
    try:
        return float(text)
    except ValueError:
        return text


def _remarks(block: FoundBlock, typed: Entries) -> Cells:
    """说明 of each unit: the reasons given for its indicators, each once."""
    found: Cells = {}
    for number, (unit, _) in block.units.items():
        reasons = (typed.get((unit, code), {}).get("reason", "") for code in block.columns.values())
        text = ";".join(dict.fromkeys(filter(None, reasons)))
        if text and block.remark >= 0:
            found[number, block.remark + 1] = text
    return found


def _summaries(block: FoundBlock, grid: Grid, values: Cells) -> tuple[Cells, int]:
    """Results of the block's live rows, and how many of its cells are filled."""
    results: Cells = {}
    filled = 0
    for at in block.columns:
        column = [value for (_, c), value in values.items() if c == at + 1]
        numbers = np.array([value for value in column if type(value) is float], dtype=np.float64)
        filled += len(column)
        for row, word in block.summaries.items():
            results[row, at + 1] = len(column) if word == FILLED else _result(word, numbers)
    return results, filled


def _result(word: str, numbers: npt.NDArray[np.float64]) -> Scalar:
    if not len(numbers):
        return ""
    if word == HIGHEST:
        return float(numbers.max())
    return float(numbers.min()) if word == LOWEST else float(round_half_away(numbers.mean(), 2))


def _signatures(grid: Grid, signed: Mapping[str, str]) -> Iterable[tuple[tuple[int, int], Scalar]]:
    """The line behind each label; the label in column A is merged over two columns."""
    for number, row in enumerate(grid.rows, start=1):
        for at, value in enumerate(row):
            word = plain(value) if isinstance(value, str) else ""
            if word in signed:
                yield (number, at + (3 if at == 0 else 2)), signed[word]
