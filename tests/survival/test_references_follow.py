"""What the office's own sheets show of our tables is the whole table again after every run."""

from __future__ import annotations

import pytest
from lxml import etree

from kaohe.workbooks.package import patch_bytes
from tests.package.books import allowed, defined_names, edited, master, opened, outside, parts
from tests.package.charted import SPACES
from tests.package.office import BOARD
from tests.package.plans import UNITS, just, ranking
from tests.survival.references import (
    BY_NAME,
    CACHE,
    CHART,
    CHARTEX,
    CONTROL,
    ELSEWHERE,
    reading_our_ranking,
    references,
)

FOLLOWING = {CHART, CHARTEX, CONTROL, CACHE, BY_NAME, BOARD}


@pytest.fixture(scope="module")
def before() -> bytes:
    """A master with nine units and an office's sheet that reads them."""
    return reading_our_ranking(master(9))


@pytest.mark.parametrize("counts", [(12,), (3,), (1,), (0,), (12, 4, 0, 1, 12)])
def test_every_range_over_the_whole_table(before: bytes, counts: tuple[int, ...]) -> None:
    after = before
    for count in counts:
        after = patch_bytes(after, just(ranking(count)))
    last = max(counts[-1], 1) + 4
    assert outside(before, after, allowed(before, "排名") | FOLLOWING) == {}

    def rows(column: str) -> str:
        return f"${column}$5:${column}${last}" if last > 5 else f"${column}$5"

    chart = references(after, CHART)
    assert chart[:3] == ["排名!$C$4", f"排名!{rows('B')}", f"排名!{rows('C')}"]
    assert chart[3] == f"排名!{rows('D')}"
    assert chart[4] == "排名!$C$5:$C$7"
    assert chart[6] == "领导看板!$A$1:$A$13"
    assert chart[7] == f"'排名'!$A$5:$B${last}"
    assert references(after, CHARTEX) == [f"排名!{rows('C')}"]
    assert references(after, CONTROL) == [f"排名!{rows('B')}"]
    assert references(after, CACHE) == [f"A4:E{last}"]
    assert defined_names(after)["全部单位", None] == f"排名!$A$4:$E${counts[-1] + 4}"


def test_rules_and_sparklines(before: bytes) -> None:
    after = patch_bytes(before, just(ranking(12)))
    assert references(after, BOARD) == [
        "排名!C5",
        "COUNT(排名!C5:C16)",
        "COUNTIF(排名!$B$5:$B$16,$A1)&gt;0",
        "排名!$B$5:$B$16",
        "排名!C5:C16",
    ]


def test_unions_follow_in_each_of_their_ranges(before: bytes) -> None:
    after = patch_bytes(before, just(ranking(12)))
    assert references(after, CHART)[5] == "(排名!$C$5:$C$6,排名!$C$8:$C$16)"


def test_cached_values_are_those_of_the_new_rows(before: bytes) -> None:
    tree = etree.fromstring(parts(patch_bytes(before, just(ranking(12, top=80.25))))[CHART])
    first, second, union, *_ = tree.iterfind(".//c:ser", SPACES)
    assert [point.text for point in first.iterfind("c:val//c:v", SPACES)] == [
        f"{80.25 - n:.15g}" for n in range(12)
    ]
    assert first.find("c:val//c:ptCount", SPACES).get("val") == "12"
    assert tree.findtext(".//c:numCache/c:formatCode", namespaces=SPACES) == "0.0"
    names = [*UNITS, *[f"{unit}1" for unit in UNITS[:3]]]
    assert [point.text for point in first.iterfind("c:cat//c:v", SPACES)] == names
    assert [point.text for point in second.iterfind("c:val//c:v", SPACES)] == ["1", "2", "3"]
    assert union.find("c:val//c:numCache", SPACES) is None
    assert tree.find(".//{*}multiLvlStrCache") is None
    assert tree.find(".//{*}dlblRangeCache") is None
    assert b"cx:lvl" not in parts(patch_bytes(before, just(ranking(12))))[CHARTEX]


def test_pivots_over_our_table_are_read_anew_on_opening(before: bytes) -> None:
    after = parts(patch_bytes(before, just(ranking(9))))
    fresh = [name for name in (CACHE, BY_NAME, ELSEWHERE) if b'refreshOnLoad="1"' in after[name]]
    assert fresh == [CACHE, BY_NAME]


def test_nothing_changes_twice(before: bytes) -> None:
    once = patch_bytes(before, just(ranking(12)))
    assert patch_bytes(once, just(ranking(12))) == once


def test_as_many_rows_as_before_leave_everything_but_the_pivots(before: bytes) -> None:
    after = patch_bytes(before, just(ranking(9, top=50.0)))
    assert outside(before, after, allowed(before, "排名") | {CACHE, BY_NAME}) == {}


def test_sheets_the_plan_does_not_write_are_not_followed(before: bytes) -> None:
    after = patch_bytes(before, just(ranking(12, key="别的", title="别的")))
    assert outside(before, after, allowed(before)) == {}


def test_cells_that_counted_the_whole_table_count_it_still(before: bytes) -> None:
    formulas = (
        "MAX(排名!$C$5:$C$13)-排名!C5",
        "SUM(排名!C5:C7)",
        'COUNTIF(\'排名\'!B5:B13,"*")&amp;"排名!C5:C13"',
    )
    cells = "".join(
        f'<c r="{column}1"><f>{text}</f></c>' for column, text in zip("CDE", formulas, strict=True)
    )
    data = edited(before, BOARD, ("</row></sheetData>", f"{cells}</row></sheetData>"))
    for counts in ((12,), (1, 12), (0, 12)):
        after = data
        for count in counts:
            after = patch_bytes(after, just(ranking(count)))
        assert [cell.value for cell in opened(after)["领导看板"][1]] == [
            "=排名!C5",
            "=COUNT(排名!C5:C16)",
            "=MAX(排名!$C$5:$C$16)-排名!C5",
            "=SUM(排名!C5:C7)",
            '=COUNTIF(\'排名\'!B5:B16,"*")&"排名!C5:C13"',
        ]


def test_one_row_is_still_a_range_and_one_cell_never_becomes_one(before: bytes) -> None:
    after = patch_bytes(before, just(ranking(1)))
    cells = opened(after)["领导看板"]
    assert (cells["A1"].value, cells["B1"].value) == ("=排名!C5", "=COUNT(排名!C5:C5)")
    assert cells.data_validations.dataValidation[0].formula1 == "排名!$B$5:$B$5"


def test_names_that_reckon_with_the_table(before: bytes) -> None:
    name = '<definedName name="均分">AVERAGE(排名!$C$5:$C$13)</definedName></definedNames>'
    data = edited(before, "xl/workbook.xml", ("</definedNames>", name))
    after = defined_names(patch_bytes(data, just(ranking(12))))
    assert after["均分", None] == "AVERAGE(排名!$C$5:$C$16)"


def test_names_written_in_characters_by_number(before: bytes) -> None:
    text = parts(before)[BOARD].decode().replace("排名!", "&#25490;&#21517;!")
    data = edited(before, BOARD, (parts(before)[BOARD].decode(), text))
    after = opened(patch_bytes(data, just(ranking(12))))["领导看板"]
    assert after.data_validations.dataValidation[0].formula1 == "排名!$B$5:$B$16"
