"""Ranges that reached exactly to the end of a table follow it when the table grows or shrinks."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from kaohe.workbooks.package.refs import MAX_ROW, Area, parse_area
from kaohe.workbooks.package.shape import Table

_ROWS = re.compile(r"\$(\d+):\$(\d+)\Z")


@dataclass(frozen=True, slots=True)
class Stretch:
    """From what was written before, and where the table stood in it, to what is written now."""

    was: Area
    now: Area
    old: Table | None
    new: Table | None

    def in_place(self) -> Stretch:
        """The same for what has gone along with the columns already: only rows are left to follow."""
        if self.old is None or self.new is None:
            return self
        return replace(
            self, was=self.was._replace(right=self.now.right), old=replace(self.old, right=self.new.right)
        )

    @property
    def first_rows(self) -> bool:
        """Whether a table that had one row at most (an empty one says so in it) gets several now."""
        if self.old is None or self.new is None:
            return False
        return self.old.last <= self.old.header + 1 and self.new.last > self.new.header + 1

    def area(self, area: Area) -> Area:
        """The range as it has to be now; ranges that did not reach exactly to the end stay."""
        if area == self.was:
            return self.now
        if self.old is None or self.new is None or area.top < self.old.header:
            return self._whole(area)
        if area == self.old.area():
            return self.new.area()
        return self._table(area, self.old, self.new)

    def _whole(self, area: Area) -> Area:
        """A range from above the table, or on a sheet without one."""
        if area.top >= area.bottom or area.left > self.was.right:
            return area
        if area.bottom == self.was.bottom:
            return area._replace(bottom=max(self.now.bottom, area.top))
        if self.old and self.new and area.bottom in (self.old.end, self.old.last):
            return area._replace(bottom=max(self.new.end, area.top))
        return area

    def _table(self, area: Area, old: Table, new: Table) -> Area:
        """A range inside the table: it goes along when it ends on the last row and is more than that row."""
        tall = area.top < area.bottom or area.top == old.header + 1
        if area.bottom not in (old.end, old.last) or area.left > old.right or not tall:
            return area
        top = area.top + new.header - old.header
        return area._replace(top=top, bottom=min(max(new.end, top), MAX_ROW))

    def text(self, reference: str) -> str:
        """The same for a reference as text; what is no plain range stays as it is."""
        area = parse_area(reference)
        if area is None:
            return self._headings(reference)
        if self.area(area) == area:
            return reference
        return self.area(area).text(absolute="$" in reference)

    def _headings(self, reference: str) -> str:
        """Whole rows down to the heading (print titles) go with the heading: ``$1:$4`` → ``$1:$5``."""
        rows = _ROWS.match(reference)
        if rows is None or self.old is None or self.new is None or int(rows[2]) != self.old.header:
            return reference
        return f"${rows[1]}:${self.new.header}"

    def several(self, references: str) -> str:
        """The same for a list of ranges with spaces between (sqref)."""
        return " ".join(map(self.text, references.split()))
