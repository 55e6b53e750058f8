"""Rows as XML: every kind of value in every place, as one cell at a time would be written."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaohe.workbooks.grid import address
from kaohe.workbooks.package.cells import Texts, tail
from kaohe.workbooks.package.errors import BadPlan
from kaohe.workbooks.package.rows import CHUNK, RowWriter
from kaohe.workbooks.plan import Cell, CellLike, Scalar, Slot

ROLES = ("text", "", "score")
STYLES = {"text": 3, "score": 5, "bad": 0, "header": 7}


def writer() -> RowWriter:
    return RowWriter(ROLES, STYLES.__getitem__)


def written(rows: Sequence[Sequence[CellLike]]) -> str:
    return b"".join(writer().chunks(rows, {}, {})).decode()


def plainly(rows: list[list[Scalar]]) -> str:
    """The same rows, cell by cell."""
    texts, lines = Texts(), []
    for n, row in enumerate(rows, 1):
        cells = ""
        for column, value in enumerate(row, 1):
            style = STYLES[ROLES[column - 1]] if column <= len(ROLES) and ROLES[column - 1] else 0
            if value is not None or style:
                shown = f' s="{style}"' if style else ""
                cells += f'<c r="{address(n, column)}"{shown}{tail(value, "", texts)}'
        lines.append(f'<row r="{n}">{cells}</row>' if cells else "")
    return "".join(lines).replace("<v>-0.0</v>", "<v>0.0</v>")


scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**14), 10**14),
    st.floats(allow_nan=False, allow_infinity=False).filter(lambda value: value != 0 or str(value) == "0.0"),
    st.text(max_size=8),
)


@given(st.lists(st.lists(scalars, max_size=5), max_size=6))
def test_fast_rows_are_the_plain_rows(rows: list[list[Scalar]]) -> None:
    assert written(rows) == plainly(rows)


def test_cells_with_role_formula_and_none() -> None:
    row: list[CellLike] = [Cell("甲", "header"), Cell(None, "bad"), Cell(2.5, formula="A1*2"), Cell("=x")]
    assert written([row]) == (
        '<row r="1"><c r="A1" s="7" t="inlineStr"><is><t>甲</t></is></c><c r="B1"/>'
        '<c r="C1" s="5"><f>A1*2</f><v>2.5</v></c><c r="D1" t="inlineStr"><is><t>=x</t></is></c></row>'
    )


def test_rows_run_on_over_chunks() -> None:
    text = written([[float(n)] for n in range(2 * CHUNK + 1)])
    assert text.count("<row ") == 2 * CHUNK + 1
    assert text.endswith(f'<row r="{2 * CHUNK + 1}"><c r="A{2 * CHUNK + 1}" s="3"><v>4000.0</v></c></row>')


def test_heights_and_kept_cells() -> None:
    kept = {1: b'<c r="Z1"><v>9</v></c>', 2: b'<c r="Z2"/>'}
    text = b"".join(writer().chunks([[1], []], {1: ' ht="30.0" customHeight="1"'}, kept)).decode()
    assert text == (
        '<row r="1" ht="30.0" customHeight="1"><c r="A1" s="3"><v>1</v></c><c r="Z1"><v>9</v></c></row>'
        '<row r="2"><c r="Z2"/></row>'
    )


class Word(StrEnum):
    NEXT = "下"


def test_numbers_and_words_of_other_types() -> None:
    row: list[CellLike] = [Word.NEXT, np.float64(0.1), np.int64(7)]  # type: ignore[list-item]
    assert written([row]) == plainly([["下", 0.1, 7]])


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf"), 10**15, b"x", [1], Slot("a")])
def test_values_no_cell_can_hold(value: object) -> None:
    rows: list[list[CellLike]] = [[1, None, "甲"]] * CHUNK
    with pytest.raises(BadPlan, match=f"^C{CHUNK + 1}: "):
        written([*rows, [1.5, "乙", value]])  # type: ignore[list-item]
    with pytest.raises(BadPlan, match=f"^C{CHUNK + 1}: "):
        written([*rows, [Cell(1), "乙", Cell(value)]])  # type: ignore[arg-type]


def test_texts_that_look_like_numbers_without_end() -> None:
    row: list[CellLike] = ["nan", "inf", Cell("nan", formula="A1"), Cell("inform", formula="A2"), 1.0]
    assert written([row]).count('t="str"><f>') == 2
