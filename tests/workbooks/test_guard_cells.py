"""What the guard sees in a sheet: percent, errors, formulas without a value; both ways of looking agree."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaohe.workbooks.grid import address
from kaohe.workbooks.guard import DEFAULT_LIMITS, Limits, SheetFacts, inspect
from kaohe.workbooks.guard_cells import column_number, scan_sheet
from kaohe.workbooks.guard_odd_cells import walk_sheet
from kaohe.workbooks.guard_parts import is_percent_format
from kaohe.workbooks.guard_sst import string_lengths
from tests.workbooks.guard_files import package, sheet_xml, strings_xml, styles_xml

PERCENT = frozenset({3, 9})


def facts_of(rows: str, limits: Limits = DEFAULT_LIMITS) -> SheetFacts:
    return scan_sheet(sheet_xml(rows), "自测表", "sheet1.xml", PERCENT, limits)


def row(*cells: str) -> str:
    return f'<row r="1">{"".join(cells)}</row>'


@pytest.mark.parametrize(
    ("code", "percent"),
    [
        ("0%", True),
        ("0.00%", True),
        ("0.00%;[Red]-0.00%", True),
        ("#,##0.0 %", True),
        ("General", False),
        ('0.00"%"', False),
        ("0.00\\%", False),
        ("0_%", False),
        ("0.00", False),
        ('"完成"0.0%', True),
        ("[$-804]0%", True),
    ],
)
def test_percent_formats(code: str, percent: bool) -> None:
    assert is_percent_format(code) is percent


def test_percent_cells_come_from_builtin_and_own_formats() -> None:
    sheet = sheet_xml(row(*(f'<c r="{address(1, n + 1)}" s="{n}"><v>0.5</v></c>' for n in range(6))))
    styles = styles_xml(0, 9, 10, "0.0%", '0.0"%"', 14)
    seen = inspect(package({"自测表": sheet}, {"xl/styles.xml": styles}), "a.xlsx")
    assert seen.facts["自测表"].percent == {(1, 2), (1, 3), (1, 4)}


@pytest.mark.parametrize(
    ("cell", "percent"),
    [
        ('<c r="B7" s="3"><v>0.5</v></c>', True),
        ('<c r="B7" s="3" t="n"><v>0.5</v></c>', True),
        ('<c r="B7" s="9"><f>A1</f><v>0.5</v></c>', True),
        ('<c r="B7" s="3" t="s"><v>0</v></c>', False),
        ('<c r="B7" s="3" t="str"><f>A1</f><v>x</v></c>', False),
        ('<c r="B7" s="3"/>', False),
        ('<c r="B7" s="3" />', False),
        ('<c r="B7" s="3"></c>', False),
        ('<c r="B7" s="39"><v>0.5</v></c>', False),
        ('<c r="B7" s="1"><v>0.5</v></c>', False),
        ('<c r="B7"><v>0.5</v></c>', False),
    ],
)
def test_percent_marks_numbers_only(cell: str, percent: bool) -> None:
    far = '<row r="1000"><c r="A1000"><v>1</v></c></row>'  # too long for the scan of small sheets
    for rows in (row(cell), row(cell) + far, "<!-- odd -->" + row(cell)):
        assert facts_of(rows).percent == ({(7, 2)} if percent else set())


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ('<c r="C2" t="e"><v>#DIV/0!</v></c>', "#DIV/0!"),
        ('<c r="C2" s="4" t="e"><f>1/0</f><v>#DIV/0!</v></c>', "#DIV/0!"),
        ('<c r="C2" t="e"><f t="shared" si="0"/><v>#N/A</v></c>', "#N/A"),
        ('<c r="C2" t="e"><f t="array" ref="C2">x</f><v>#SPILL!</v></c>', "#SPILL!"),
        ('<c r="C2" t="str"><v>#N/A</v></c>', ""),
        ('<c r="C2" t="inlineStr"><is><t>t="e"</t></is></c>', ""),
    ],
)
def test_error_cells_keep_their_text(cell: str, text: str) -> None:
    for rows in (row(cell), "<!-- odd -->" + row(cell)):
        assert facts_of(rows).errors == ({(2, 3): text} if text else {})


@pytest.mark.parametrize(
    ("cell", "uncached"),
    [
        ('<c r="D4"><f>A1+1</f></c>', True),
        ('<c r="D4"><f>A1+1</f><v></v></c>', True),
        ('<c r="D4"><f>A1+1</f><v/></c>', True),
        ('<c r="D4"><f>A1+1</f><v /></c>', True),
        ('<c r="D4" s="2"><f t="shared" si="0"/></c>', True),
        ('<c r="D4" t="str"><f>A1</f></c>', True),
        ('<c r="D4" t="str"><f>""</f><v></v></c>', False),
        ('<c r="D4" t="str"><f>""</f><v/></c>', False),
        ('<c r="D4"><f>A1+1</f><v>0</v></c>', False),
        ('<c r="D4"><f>A1&lt;2</f>\n<v>1</v></c>', False),
        ('<c r="D4"><v>1</v></c>', False),
        ('<c r="D4"/>', False),
    ],
)
def test_formulas_without_a_value(cell: str, uncached: bool) -> None:
    for rows in (row(cell), "<!-- odd -->" + row(cell)):
        assert facts_of(rows).uncached == ({(4, 4)} if uncached else set())


def test_blank_cells_far_away_do_no_harm() -> None:
    """Whole columns are formatted down to the last row in many real workbooks."""
    rows = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576" s="1"/></row>'
    seen = facts_of(rows)
    assert (seen.last_row, seen.last_column) == (1, 1)


def test_a_commented_cell_is_no_cell() -> None:
    assert (
        facts_of('<!-- <c r="XFD1048576"><v>1</v></c> -->' + row('<c r="B1"><v>1</v></c>')).last_column == 2
    )


def test_cells_without_addresses_are_counted_as_the_reader_counts_them() -> None:
    error = '<c t="e"><v>#N/A</v></c>'
    rows = f'<row r="3"><c><v>1</v></c>{error}</row><row><c r="D9"><v>1</v></c>{error}</row>'
    assert set(facts_of(rows).errors) == {(3, 2), (4, 5)}


@pytest.mark.parametrize(
    ("letters", "number"), [(b"A", 1), (b"Z", 26), (b"AA", 27), (b"XFD", 16384), (b"xfd", 16384)]
)
def test_column_numbers(letters: bytes, number: int) -> None:
    assert column_number(letters) == number


def test_limits_below_the_usual_hold_too() -> None:
    seen = inspect(
        package({"表": sheet_xml('<row r="9"><c r="C9"><v>1</v></c></row>')}), "a.xlsx", Limits(last_row=8)
    )
    assert seen.refusal is not None
    assert "C9" in seen.refusal.reason


def test_one_long_text_among_many_short_ones_is_no_bomb() -> None:
    """The bounds are cheap first; the count of references decides."""
    cells = "".join(f'<row r="{r}"><c r="A{r}" t="s"><v>1</v></c></row>' for r in range(2, 9_000))
    sheet = sheet_xml('<row r="1"><c r="A1" t="s"><v>0</v></c></row>' + cells)
    data = package({"表": sheet}, {"xl/sharedStrings.xml": strings_xml("长" * 30_000, "短")})
    assert inspect(data, "a.xlsx").refusal is None


def test_lengths_of_strings_that_go_on_in_the_next_record() -> None:
    """The width of the characters is said anew at each continuation; formatting runs are stepped over."""
    first = bytes(8) + b"\x02\x00\x00ab" + b"\x05\x00\x01" + "汉字".encode("utf-16-le")
    second = b"\x00abc" + b"\x01\x00\x08\x01\x00x" + b"\0\0"
    third = b"\0\0" + b"\x03\x00\x04\x02\x00\x00\x00abc\0\0"
    head = (4).to_bytes(4, "little")
    assert string_lengths([first[:4] + head + first[8:], second, third]) == [2, 5, 1, 3]


# -- the two ways of looking -----------------------------------------------------------------------

_CELLS = st.lists(
    st.tuples(
        st.integers(1, 30),
        st.integers(1, 30),
        st.sampled_from(
            [
                '<c r="{at}" s="3"><v>0.5</v></c>',
                '<c r="{at}" s="1" t="n"><v>7</v></c>',
                '<c r="{at}" t="e"><v>#REF!</v></c>',
                '<c r="{at}" s="9"><f>1+1</f></c>',
                '<c r="{at}" s="9" t="str"><f>""</f><v></v></c>',
                '<c r="{at}" s="9"><f>1</f><v>2</v></c>',
                '<c r="{at}" s="3"/>',
                '<c r="{at}" t="s"><v>0</v></c>',
                '<c r="{at}" t="inlineStr"><is><t>&lt;c r="A1" t="e"&gt;</t></is></c>',
                '<c r="{at}" s="2" t="b"><v>1</v></c>',
            ]
        ),
    ),
    unique_by=lambda cell: cell[:2],
    max_size=40,
)


@given(_CELLS, st.sampled_from([0, 1200]))
def test_scan_and_walk_agree(cells: list[tuple[int, int, str]], shift: int) -> None:
    body = "".join(
        f'<row r="{r + shift}">{cell.format(at=address(r + shift, c))}</row>' for r, c, cell in sorted(cells)
    )
    xml = sheet_xml(body)
    scanned = scan_sheet(xml, "表", "sheet1.xml", PERCENT, DEFAULT_LIMITS)
    walked = walk_sheet(xml, "sheet1.xml", PERCENT)
    assert (scanned.percent, scanned.errors, scanned.uncached) == (
        walked.percent,
        walked.errors,
        walked.uncached,
    )
    assert scanned.last_row >= walked.last_row
    assert scanned.last_column >= walked.last_column
