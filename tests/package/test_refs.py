"""Ranges as text, and ranges that follow a table."""

from __future__ import annotations

import pytest

from kaohe.sheets.names import SheetNames
from kaohe.workbooks.package.refs import Area, parse_area, parse_target, quote_sheet, target
from kaohe.workbooks.package.shape import Table
from kaohe.workbooks.package.stretch import Stretch


@pytest.mark.parametrize(
    ("text", "area"),
    [
        ("A1", Area(1, 1, 1, 1)),
        ("$B$2:$AA$30", Area(2, 2, 30, 27)),
        ("C9:A1", Area(1, 1, 9, 3)),
        ("XFD1048576", Area(1_048_576, 16_384, 1_048_576, 16_384)),
        ("XFE1", None),
        ("A1048577", None),
        ("A:A", None),
        ("A1 B2", None),
        ("A0", None),
        ("得分", None),
    ],
)
def test_parse_area(text: str, area: Area | None) -> None:
    assert parse_area(text) == area


@pytest.mark.parametrize(
    ("name", "quoted"),
    [
        ("排名", "排名"),
        ("表 1", "'表 1'"),
        ("it's", "'it''s'"),
        ("A1", "'A1'"),
        ("R1C1", "'R1C1'"),
        ("rc", "'rc'"),
        ("MX2007", "'MX2007'"),
        ("TRUE", "'TRUE'"),
        ("考核2007", "考核2007"),
        ("2007", "'2007'"),
        ("一(二)", "'一(二)'"),
    ],
)
def test_sheet_names_in_references(name: str, quoted: str) -> None:
    assert quote_sheet(name) == quoted
    assert SheetNames({"排名": name})["排名"] == quoted
    assert parse_target(target(name, Area(1, 1, 1, 1))) == (name, "$A$1")


@pytest.mark.parametrize("text", ["#REF!", "#REF!$A$1", '"x!y"', "SUM(A1)", "[1]表!$A$1", "12"])
def test_not_a_target(text: str) -> None:
    place = parse_target(text)
    assert place is None or parse_area(place[1]) is None or place[0].startswith("#")


GROWN = Stretch(Area(1, 1, 13, 5), Area(1, 1, 16, 5), Table(4, 13, 5), Table(4, 16, 5))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("A1:E13", "A1:E16"),
        ("$A$1:$E$13", "$A$1:$E$16"),
        ("A4:E13", "A4:E16"),
        ("C5:C13", "C5:C16"),
        ("C6:C13", "C6:C16"),
        ("A2:C13", "A2:C16"),
        ("C5:C12", "C5:C12"),
        ("C5:C14", "C5:C14"),
        ("C13", "C13"),
        ("G5:G13", "G5:G13"),
        ("A:A", "A:A"),
        ("A1:E1", "A1:E1"),
    ],
)
def test_ranges_that_end_on_the_last_row_follow(before: str, after: str) -> None:
    assert GROWN.text(before) == after


def test_an_empty_table_keeps_one_row_and_grows_again() -> None:
    full, empty = Table(4, 13, 5), Table(4, 4, 5)
    shrunk = Stretch(Area(1, 1, 13, 5), Area(1, 1, 4, 5), full, empty)
    assert (shrunk.text("C5:C13"), shrunk.text("A4:E13")) == ("C5", "A4:E4")
    grown = Stretch(Area(1, 1, 4, 5), Area(1, 1, 13, 5), empty, full)
    assert (grown.text("C5"), grown.text("A4:E4")) == ("C5:C13", "A4:E13")


def test_a_heading_that_moved_takes_ranges_along() -> None:
    moved = Stretch(Area(1, 1, 13, 5), Area(1, 1, 15, 5), Table(4, 13, 5), Table(5, 15, 5))
    assert (moved.text("C5:C13"), moved.text("A4:E13")) == ("C6:C15", "A5:E15")


def test_rows_under_the_table_move_the_whole_but_not_the_table() -> None:
    signed = Stretch(Area(1, 1, 15, 5), Area(1, 1, 18, 5), Table(4, 13, 5), Table(4, 16, 5))
    assert (signed.text("A1:E15"), signed.text("C5:C13"), signed.text("A2:B15")) == (
        "A1:E18",
        "C5:C16",
        "A2:B18",
    )


def test_several_ranges() -> None:
    assert GROWN.several("C5:C13 G1 D5:D13") == "C5:C16 G1 D5:D16"
