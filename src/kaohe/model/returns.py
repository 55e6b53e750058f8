"""What comes back: a returned form cell by cell, and the rows of the registers made from it."""

from __future__ import annotations

from typing import NamedTuple

from kaohe.model.place import Location


class ReturnedRow(NamedTuple):
    """One indicator row of a returned form, cell by cell and not yet understood.

    ``value`` is the cell's Python value; ``percent`` whether its format shows percent; ``error`` the text of
    an error value; ``uncached`` a formula saved without its result. ``shown_*`` are what the clerk's copy
    displays and never what is used.
    """

    indicator: str
    cell: str
    value: object
    percent: bool = False
    error: str = ""
    uncached: bool = False
    status: str = ""
    mark: str = ""
    reason: str = ""
    measure: str = ""
    shown_weight: object = None
    shown_target: object = None
    shown_score: object = None
    shown_state: str = ""
    name: str = ""
    unit_of_measure: str = ""
    evidence: str = ""
    unit: str = ""
    """The assessed unit, in a row of a 考评打分表; '' in a unit's own form."""
    columns: tuple[tuple[str, str], ...] = ()
    """(column of the form, its letter) for what stands in the same row."""
    other_name: str = ""
    """The name beside the code where it is another's (V44)."""
    other_measure: str = ""
    """The unit of measure beside the value where it is not the indicator's (V45)."""


class Identity(NamedTuple):
    """Who a form was issued to: the hidden identity of a workbook.

    ``department``: the part of the unit it goes to, or (``purpose`` 考评打分表, ``unit`` '') who assesses.
    """

    number: str = ""
    scheme: str = ""
    version: str = ""
    unit: str = ""
    department: str = ""
    period: str = ""
    purpose: str = ""


class Return(NamedTuple):
    """One file of the inbox. ``problem`` is the code and facts of a finding when it could not be read."""

    workbook: str
    sha256: str
    received: str
    sheet: str = ""
    identity: Identity = Identity()
    rows: tuple[ReturnedRow, ...] = ()
    shown_unit: str = ""
    """The unit as it stands on the face of the form, above the signatures."""
    problem: str = ""
    facts: tuple[tuple[str, str], ...] = ()


class IssueRecord(NamedTuple):
    """One row of 下发登记: an issue number and what went out under it.

    A 考评打分表 has no ``unit``; its ``department`` is the one that assesses.
    """

    number: str
    period: str
    unit: str
    department: str
    version: str
    workbook: str
    issued: str
    deadline: str = ""


class VersionRow(NamedTuple):
    """One scheme row of an issued version; ``content`` is JSON of the row's values."""

    version: str
    as_of: str
    table: str
    row: int
    content: str


class Record(NamedTuple):
    """One row of 填报数据: one indicator of one unit as handed in, and what it was understood as.

    ``typed`` is the text exactly as typed (BH10); ``value`` the number it was read as (None: not a number).
    ``superseded`` names the return that replaced it; '' while it counts.
    """

    period: str
    unit: str
    indicator: str
    department: str
    version: str
    number: str
    typed: str
    value: float | None
    status: str = ""
    mark: str = ""
    reason: str = ""
    measure: str = ""
    shown_weight: float | None = None
    shown_target: float | None = None
    shown_score: float | None = None
    workbook: str = ""
    sheet: str = ""
    cell: str = ""
    sha256: str = ""
    received: str = ""
    superseded: str = ""
    evidence: str = ""
    source: str = ""
    """'' a unit's own figure; 考评 a department's from its 考评打分表."""
    other_name: str = ""
    other_measure: str = ""
    """As in the row it came from: what stood beside it that contradicts it, told again in every run."""

    @property
    def location(self) -> Location:
        """The cell in the returned workbook."""
        return Location(self.workbook, self.sheet, self.cell, self.unit, self.indicator)


class Receipt(NamedTuple):
    """One row of 收件登记: a file that was received in a period, and what became of it at that time.

    A file whose verdict or number of findings changes gets another row; no row is ever changed.
    """

    time: str
    period: str
    workbook: str
    received: str
    unit: str
    department: str
    number: str
    state: str
    errors: int = 0
    queries: int = 0
    change: str = ""
    """How many findings the one before it from the same hands had: 错误 5→0,存疑 2→1."""
    reason: str = ""
    sha256: str = ""
