"""内容校验 finds the one row that was changed, lost, slipped in; order and growth are told apart."""

from __future__ import annotations

import random
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaohe.audit import digest
from kaohe.audit.digest import Value, content_text, hashes_of, kept, read_content, verdict
from kaohe.tables import Row, Table

Rows = list[Sequence[Value]]
SIZES = (1, 2, 3, 8, 9, 255, 256, 257, 1000)


def rows(count: int) -> Rows:
    return [(f"U{number:03}", "A01", number / 7, None) for number in range(count)]


def told(before: Rows, now: Rows) -> tuple[str, int | None]:
    """Kind and row, after a trip through the text of the register."""
    text = content_text({"填报数据": hashes_of(before)})
    found = verdict(read_content(text)["填报数据"], hashes_of(now))
    assert (found.before, found.rows) == (len(before), len(now))
    return found.kind, found.row


@pytest.mark.parametrize("count", [0, *SIZES])
def test_the_same_rows_are_the_same(count: int) -> None:
    assert told(rows(count), rows(count)) == (digest.SAME, None)


@pytest.mark.parametrize("count", SIZES)
def test_a_changed_row_is_named(count: int) -> None:
    chance = random.Random(count)
    for at in {0, count - 1, *(chance.randrange(count) for _ in range(20))}:
        now = rows(count)
        now[at] = (*now[at][:2], 0.5, "改")
        assert told(rows(count), now) == (digest.CHANGED, at)


@pytest.mark.parametrize("count", SIZES)
def test_a_lost_row_is_named(count: int) -> None:
    chance = random.Random(count)
    for at in {0, count - 1, *(chance.randrange(count) for _ in range(20))}:
        before = rows(count)
        assert told(before, [*before[:at], *before[at + 1 :]]) == (digest.LOST, at)


@pytest.mark.parametrize("count", SIZES)
def test_a_row_slipped_in_is_named(count: int) -> None:
    chance = random.Random(count)
    for at in {0, *(chance.randrange(count) for _ in range(20))}:
        before = rows(count)
        assert told(before, [*before[:at], ("U", "B", 1.0, ""), *before[at:]]) == (digest.SLIPPED_IN, at)


def test_rows_behind_the_last_one_are_growth() -> None:
    assert told(rows(5), rows(8)) == (digest.GROWN, 5)
    assert told([], rows(2)) == (digest.GROWN, 0)


def test_a_changed_row_is_named_though_others_were_added() -> None:
    now = rows(12)
    now[4] = ("U", "B", 1.0, "")
    assert told(rows(10), now) == (digest.CHANGED, 4)
    assert told(rows(11), now) == (digest.CHANGED, 4)


def test_several_rows_gone_or_slipped_in_are_told_without_a_place() -> None:
    assert told(rows(10), rows(10)[2:]) == (digest.OTHER, None)
    assert told(rows(10), [("U", "B", 1.0, ""), *rows(10)[:4], ("V", "B", 1.0, ""), *rows(10)[4:]]) == (
        digest.OTHER,
        None,
    )


def test_another_order_is_told_as_that() -> None:
    turned = rows(40)
    turned[3], turned[30] = turned[30], turned[3]
    assert told(rows(40), turned) == (digest.MOVED, None)
    assert told(rows(40), rows(40)[::-1]) == (digest.MOVED, None)


@given(st.sets(st.integers(0, 99), min_size=2, max_size=30))
def test_several_changes_are_never_taken_for_one(places: set[int]) -> None:
    now = rows(100)
    for at in places:
        now[at] = (*now[at][:3], f"改{at}")
    assert told(rows(100), now) == (digest.OTHER, None)


def test_what_a_file_does_not_tell_apart_is_one() -> None:
    """Blank and '', 1 and 1.0, the sixteenth digit, line ends."""
    before = hashes_of([("", 1, 0.1 + 0.2, "a\r\nb\rc")])
    assert np.array_equal(before, hashes_of([(None, 1.0, 0.3, "a\nb\nc")]))
    assert not np.array_equal(before, hashes_of([(None, 1.0, 0.300000000000001, "a\nb\nc")]))


def test_neighbouring_cells_do_not_run_together() -> None:
    assert not np.array_equal(hashes_of([("ab", "c")]), hashes_of([("a", "bc")]))


def test_a_yellow_table_is_hashed_by_our_columns() -> None:
    """The office's own columns, and where in the sheet a row stands, are not content."""
    one = Table("unit", (Row(4, {"code": "U01", "name": "滨湖区", "备注": "甲"}),))
    two = Table("unit", (Row(9, {"name": "滨湖区", "code": "U01", "备注": "乙"}),))
    other = Table("unit", (Row(4, {"code": "U01", "name": "滨湖"}),))
    assert digest.table_rows(one) == digest.table_rows(two)
    assert digest.table_rows(one) != digest.table_rows(other)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "填报数据",
        "填报数据=",
        "填报数据=x.y.z",
        "填报数据=3.1f2e3d4c5b6a.AAAA",
        "填报数据=-1.1f2e3d4c5b6a.AAAA",
    ],
)
def test_what_cannot_be_read_is_nothing(text: str) -> None:
    assert read_content(text) == {}


def test_the_register_keeps_short_texts() -> None:
    """Ten thousand rows in some eighty characters."""
    one = kept(hashes_of(rows(10_000)))
    assert len(one.text) < 85
    assert read_content(f"填报数据={one.text}") == {"填报数据": one}


def test_a_register_with_more_columns_holds_the_same_rows() -> None:
    """A later program's columns are blank in rows of an earlier one."""
    rows: list[tuple[str | float | None, ...]] = [("2007-H1", "U1", 94.0), ("2007-H1", "", None)]
    wider = [(*row, "", None) for row in rows]
    assert verdict(kept(hashes_of(rows)), hashes_of(wider)).kind == digest.SAME
    assert verdict(kept(hashes_of(rows)), hashes_of([(*rows[0], "x"), rows[1]])).kind == digest.CHANGED
