"""Which column of a table as it stands is which column of the plan: known by their headings, in order.

A heading that reads otherwise now, between neighbours that are the same, may be the same column renamed. A
heading that changed its place among the others counts as gone and new.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from kaohe.workbooks.grid import column_letter
from kaohe.workbooks.package.refs import Area, column_number, parse_target

ALIKE = 0.5
_ENDS = re.compile(
    r"(?P<d1>\$?)(?P<c1>[A-Z]{1,3})(?P<r1>\$?\d{1,7})?(?::(?P<d2>\$?)(?P<c2>[A-Z]{1,3})(?P<r2>\$?\d{1,7})?)?\Z"
)


@dataclass(frozen=True, slots=True)
class ColumnMap:
    """Columns from 1: ``to`` leads from where one stands to where it will; ``renamed`` are new places."""

    old: Sequence[str]
    new: Sequence[str]
    to: Mapping[int, int]
    renamed: frozenset[int] = frozenset()

    @property
    def changed(self) -> bool:
        """Whether any column moves, comes or goes; one that is only renamed stays what it is."""
        return len(self.old) != len(self.new) or any(self.to.get(n) != n for n in range(1, len(self.old) + 1))

    @property
    def gone(self) -> tuple[int, ...]:
        """Old places of the columns the plan no longer has."""
        return tuple(n for n in range(1, len(self.old) + 1) if n not in self.to)

    @property
    def fresh(self) -> tuple[int, ...]:
        """New places of the columns that were not there."""
        taken = set(self.to.values())
        return tuple(n for n in range(1, len(self.new) + 1) if n not in taken)

    @property
    def came_from(self) -> Mapping[int, int]:
        """Old place by new place."""
        return {new: old for old, new in self.to.items()}

    def column(self, number: int) -> int | None:
        """Where a column is now; None when it is gone; those right of the table stay."""
        return number if number > len(self.old) else self.to.get(number)

    def span(self, left: int, right: int) -> tuple[int, int] | None:
        """Where a run of columns is now, with what came in between; None when all of it is gone."""
        width = len(self.old)
        if (left, right) == (1, width):
            return 1, len(self.new)
        found = [self.to[n] for n in range(left, min(right, width) + 1) if n in self.to]
        beyond = [max(left, width + 1), right] if right > width else []
        return (min([*found, *beyond]), max([*found, *beyond])) if found or beyond else None

    def area(self, area: Area) -> Area | None:
        """Where a range is now; None when all its columns are gone."""
        found = self.span(area.left, area.right)
        return area._replace(left=found[0], right=found[1]) if found else None

    def left_of(self, count: int) -> int:
        """How many columns stand now where ``count`` stood left of a pane's or a page's edge."""
        if count > len(self.old):
            return count
        return max((self.to[n] for n in range(1, count + 1) if n in self.to), default=0)

    def reference(self, text: str) -> str | None:
        """``$H5``, ``A1:C9``, ``B:D`` as they read now; other texts as they are; None when it is gone."""
        match = _ENDS.match(text)
        if match is None or not (match["r1"] or match["c2"]):
            return text
        first = column_number(match["c1"])
        last = column_number(match["c2"]) if match["c2"] else first
        found = self.span(min(first, last), max(first, last))
        if found is None:
            return None
        left, right = found if first <= last else found[::-1]
        end = f":{match['d2']}{column_letter(right)}{match['r2'] or ''}" if match["c2"] else ""
        return f"{match['d1']}{column_letter(left)}{match['r1'] or ''}{end}"

    def formula(self, text: str, sheet: str, here: bool = True) -> str | None:
        """A formula with its references to this sheet as they read now; None when one of them is gone.

        ``here``: whether a reference without a sheet's name means this one.
        """
        from openpyxl.formula import Tokenizer  # costs 0.3 s, so only where a column moved
        from openpyxl.formula.tokenizer import TokenizerError

        try:
            tokens = Tokenizer(f"={text}").items
        except TokenizerError:
            return text
        pieces = [
            self._operand(str(token.value), sheet, here) if token.subtype == "RANGE" else str(token.value)
            for token in tokens
        ]
        told = [piece for piece in pieces if piece is not None]
        return "".join(told) if len(told) == len(pieces) else None

    def _operand(self, value: str, sheet: str, here: bool) -> str | None:
        """A reference, with or without a sheet's name."""
        target = parse_target(value)
        if target is None:
            return self.reference(value) if here else value
        if target[0].lower() != sheet.lower():
            return value
        rest = self.reference(target[1])
        return None if rest is None else value[: len(value) - len(target[1])] + rest

    def titles(self, old: Sequence[int] = (), new: Sequence[int] = ()) -> str:
        """Headings as a person reads them: ``“加分”、“等次”``."""
        names = [self.old[n - 1] for n in old] + [self.new[n - 1] for n in new]
        return "、".join(f"“{name or '(无标题)'}”" for name in names)


def match(old: Sequence[str], new: Sequence[str], dressed: Collection[int] = ()) -> ColumnMap:
    """The columns of two rows of headings that are the same.

    A run of other headings in the place of as many is renamed; of the columns the plan dresses by themselves
    (``dressed``) only those half alike are.
    """
    to: dict[int, int] = {}
    renamed: set[int] = set()
    steps = difflib.SequenceMatcher(None, list(old), list(new), autojunk=False).get_opcodes()
    for step, first, last, start, end in steps:
        for at, place in zip(range(first, last), range(start, end), strict=False):
            if step == "equal":
                to[at + 1] = place + 1
            elif last - first == end - start and (place + 1 not in dressed or _alike(old[at], new[place])):
                to[at + 1] = place + 1
                renamed.add(place + 1)
    return ColumnMap(tuple(old), tuple(new), to, frozenset(renamed))


def unmoved(columns: Sequence[object]) -> ColumnMap:
    """As many columns, all where they were."""
    titles = tuple("" for _ in columns)
    return ColumnMap(titles, titles, {n: n for n in range(1, len(titles) + 1)})


def _alike(one: str, other: str) -> bool:
    """Whether half of two headings is the same."""
    return difflib.SequenceMatcher(None, one, other, autojunk=False).ratio() >= ALIKE
