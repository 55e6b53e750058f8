"""What a job wants to see in a workbook, before any renderer touches a file.

A :class:`SheetPlan` is plain data. The package patch writes it into a file on disk, the xlwings
renderer (add-in) into an open book; neither decides anything. Rows and columns count from 1, as in
Excel. Styles are *roles* (``"score"``, ``"input"``); which cell format a role means is read from the
workbook's specimen sheet by the renderer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

Scalar = str | float | int | bool | None
A4, A3 = 9, 8
"""Paper sizes as a sheet states them."""
BARS, STACKED_BARS = "bar", "bar_stacked"
"""Kinds of charts: lying bars, the first category on top."""


class Slot(NamedTuple):
    """A value that differs from unit to unit; filled when a template is stamped out."""

    key: str


class Cell(NamedTuple):
    """One cell: a value, or a formula with its cached value.

    ``formula`` has no leading ``=``. ``role`` None means the role of the plan's column. ``link`` is either
    ``#Sheet!A1`` (inside the workbook) or a relative path, not encoded, optionally with ``#Sheet!A1`` behind.
    Text is always written as text: a value that begins with ``=`` never becomes a formula.
    """

    value: Scalar | Slot = None
    role: str | None = None
    formula: str | None = None
    link: str | None = None


CellLike = Cell | Scalar


@dataclass(frozen=True, slots=True)
class Choice:
    """A drop-down or an input message over a range.

    ``values`` are the texts of the list, or one range that holds them (``=单位!$A$4:$A$99``). ``between``:
    the lowest and the highest number that may be typed (not ``strict``: anything else is asked back).
    """

    area: str
    values: tuple[str, ...] = ()
    prompt_title: str = ""
    prompt: str = ""
    strict: bool = True
    between: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Highlight:
    """A conditional format: ``rule`` is a formula relative to the area's first cell, or a kind.

    kind: ``formula`` (with ``style``, a differential role), ``data_bar`` or ``color_scale`` (with
    ``colors``, RRGGBB: one for a bar, two or three for a scale from low to high). A bar starts at 0 and
    ends at the largest value, or at the number in ``rule``. ``from_lowest``: a bar starts at the smallest
    value instead, which is left a short bar; for values whose differences are small beside their size.
    """

    area: str
    kind: str = "formula"
    rule: str = ""
    style: str = ""
    colors: tuple[str, ...] = ()
    from_lowest: bool = False
    points: tuple[float, ...] = ()
    """Of a colour scale: the numbers its colours stand at; () for the lowest, middle and highest value."""


class Series(NamedTuple):
    """One row of bars: the cell with its name and the cells with its values, on the plan's own sheet.

    ``color`` RRGGBB; ``pattern`` hatches the bars with it, so that they differ in a grey print.
    """

    name: str
    values: str
    color: str
    pattern: str = ""


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart over cells of the plan's own sheet; its cached values are those of the plan.

    ``key`` (one word) finds it again: the object is called ``kaohe:<key>``. ``title`` is the cell that holds
    the title's text, ``categories`` the cells beside the bars, ``anchor`` the range the chart covers.
    ``axis``: title of the axis of values, with its unit of measure; '' shows no such axis. ``labels``: number
    format of the values written at the bars; '' writes none.
    """

    key: str
    kind: str
    title: str
    categories: str
    series: tuple[Series, ...]
    anchor: str
    axis: str = ""
    labels: str = ""


@dataclass(frozen=True, slots=True)
class Layout:
    """How a sheet looks when it is *created*; on an existing sheet the office's own settings stay.

    ``merges``, ``choices`` and ``highlights`` are ranges like ``A1:F1``; ranges that end on the plan's last
    table row are grown and shrunk by the renderer when the table changes its length.
    """

    tab_color: str = ""
    freeze: str = ""
    landscape: bool = True
    fit_width: bool = True
    repeat_rows: str = ""
    print_area: bool = True
    print_rows: int = 0
    """The last row to print; 0 for all rows of the plan."""
    print_columns: int = 0
    """The last column to print; 0 for all columns of the plan."""
    paper: int = A4
    breaks: tuple[int, ...] = ()
    """Rows behind which a new page begins."""
    merges: tuple[str, ...] = ()
    choices: tuple[Choice, ...] = ()
    highlights: tuple[Highlight, ...] = ()
    protect: bool = False
    hidden: str = ""
    """'' visible, 'hidden' or 'veryHidden'."""
    footer: str = ""
    zoom: int = 100


@dataclass(frozen=True, slots=True)
class SheetPlan:
    """One sheet: its rows from row 1 on, and where in them the table stands.

    ``key`` finds the sheet by the hidden defined name ``_kaohe.<key>`` (a renamed sheet is still
    found); ``title`` is the sheet's name when it has to be created. ``roles`` and ``widths`` belong
    to the columns from A on (width 0 hides one); ``heights`` (points) to single rows.
    ``header_row`` is the table's heading row (0: the sheet has no table); the table runs from there
    through ``last_row`` (defaults to the last of ``rows``), and its autofilter (when
    ``autofilter``) covers it. ``fitted`` heights suit the rows' texts now; a spreadsheet program fits
    these rows anew when a text changes, rows in ``heights`` it leaves alone. ``row_key`` is the column
    (from 1) whose value identifies a row of the table, so that what the office wrote beside it goes along
    when rows change places; 0 when nothing does.
    """

    key: str
    title: str
    rows: Sequence[Sequence[CellLike]]
    roles: tuple[str, ...]
    widths: tuple[float, ...] = ()
    heights: tuple[tuple[int, float], ...] = ()
    fitted: tuple[tuple[int, float], ...] = ()
    header_row: int = 0
    last_row: int = 0
    autofilter: bool = False
    layout: Layout = Layout()
    row_key: int = 0
    charts: tuple[Chart, ...] = ()


@dataclass(frozen=True, slots=True)
class BookPlan:
    """All sheets to be written in one pass, and hidden names with constant text (identity)."""

    sheets: tuple[SheetPlan, ...]
    names: tuple[tuple[str, str], ...] = ()
    """Hidden defined names: (name, refers-to text without ``=``)."""
    active: str = ""
    """Key of the sheet that opens in front; '' leaves the workbook's own choice."""
